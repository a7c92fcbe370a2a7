"""`reset_second_factor LOGIN --reason …`: take a lost second factor away where nobody stands above."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.models import User
from schools.second_factor import services
from schools.second_factor.services import CodeRefused


class Command(BaseCommand):
    """Reset a second factor."""

    help = "Сбросить второй фактор пользователя, потерявшего телефон и коды восстановления. Остаётся запись в журнале."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and why."""
        parser.add_argument("login", help="логин пользователя")
        parser.add_argument("--reason", required=True, help="почему: останется в журнале и будет показано человеку")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset, or say what prevents it."""
        user = User.objects.filter(username=options["login"]).first()
        if user is None:
            raise CommandError(f"Пользователя «{options['login']}» нет. Проверьте логин.")
        try:
            services.reset(user=user, by=None, reason=options["reason"])
        except CodeRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Второй фактор «{user}» сброшен: при следующем входе его попросят настроить новый.")
