"""`issue_token LOGIN`: print a bearer token of the REST API, shown this once."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.models import AccessToken, User


class Command(BaseCommand):
    """Issue a token."""

    help = "Выпустить токен REST для пользователя. Токен печатается один раз; в базе остаётся только его отпечаток."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, for what, for how long, and what it may load."""
        parser.add_argument("login", help="логин пользователя: токен видит то же, что он")
        parser.add_argument("--name", default="", help="для чего токен, например «витрина региона»")
        parser.add_argument("--days", type=int, default=365, help="сколько дней действует (по умолчанию 365)")
        parser.add_argument("--loads-activity", action="store_true", help="может отправлять недельную активность")
        parser.add_argument("--loads-staff", action="store_true", help="может загружать списки сотрудников")
        parser.add_argument("--marks-steps", action="store_true", help="может ставить отметки этапов")
        parser.add_argument("--reconciles", action="store_true", help="может загружать и вносить сверки реестра")
        parser.add_argument(
            "--writes-orders", action="store_true", help="может издавать приказы и отмечать ознакомление"
        )
        parser.add_argument("--appoints", action="store_true", help="может назначать администраторов и координаторов")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone on stdout, the notes on stderr."""
        if not 1 <= options["days"] <= 3650:
            raise CommandError("--days: от 1 до 3650.")
        user = User.objects.filter(username=options["login"], is_active=True).first()
        if user is None:
            raise CommandError(f"Действующего пользователя «{options['login']}» нет. Проверьте логин.")
        row, text = AccessToken.objects.create(
            user=user,
            expiry=datetime.timedelta(days=options["days"]),
            name=options["name"][:100],
            loads_activity=options["loads_activity"],
            loads_staff=options["loads_staff"],
            appoints=options["appoints"],
            marks_steps=options["marks_steps"],
            reconciles=options["reconciles"],
            writes_orders=options["writes_orders"],
        )
        self.stderr.write(f"Токен для «{user}», действует до {row.expiry:%d.%m.%Y}. Сохраните: больше он не покажется.")
        self.stdout.write(text)
