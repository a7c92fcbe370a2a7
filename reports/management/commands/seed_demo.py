"""Make the demo: St Petersburg and a light rest of the country by default, the whole of Russia with --scale country."""

import datetime
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.demo.accounts import ACCOUNTS, demo_password, known_password
from reports.demo.findings import check_demo
from reports.demo.official import leave_reconciliation
from reports.demo.paperwork import write_orders
from reports.demo.seeding import Request, SeedRefused, is_seeded, seed
from reports.demo.specs import COUNTRY, DEMO, SCALES
from reports.demo.upload import leave_upload
from schools.bulk import on_postgres
from schools.texts import number


class Command(BaseCommand):
    """Generated people only; an existing demo stays as it is, real data is never touched."""

    help = "Наполняет пустую базу демонстрацией: места, люди, недели и рейтинги. Все люди выдуманы."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--scale, --seed, --today, --regions, --schools, --force."""
        parser.add_argument("--scale", choices=list(SCALES), default=DEMO.key, help="demo (по умолчанию) или country")
        parser.add_argument("--seed", type=int, default=375, help="одно и то же число даёт одних и тех же людей")
        parser.add_argument("--today", type=datetime.date.fromisoformat, help="ГГГГ-ММ-ДД; по умолчанию сегодня")
        parser.add_argument("--regions", type=int, help="сколько регионов, первый — Санкт-Петербург")
        parser.add_argument("--schools", type=int, help="сколько школ: в Санкт-Петербурге, а при country — в стране")
        parser.add_argument("--force", action="store_true", help="страна целиком даже на SQLite")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, or say that the demo is there; prints the accounts."""
        try:
            if is_seeded():
                self.stdout.write("Демонстрация уже здесь, ничего не изменено. Начать заново — в другой базе.")
                self._print_accounts(known_password())
                return
            request = self._request(options)
            started = time.monotonic()
            counts = seed(request, say=self.stdout.write)
            leave_upload(request.today)
            leave_reconciliation(request.today)
            write_orders(request.today)
            if request.scale is not COUNTRY:  # a country is checked by the first night
                check_demo(request.today)
        except SeedRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for title, count in counts.items():
            self.stdout.write(f"  {title}: {number(count)}")
        self.stdout.write(f"Готово за {time.monotonic() - started:.0f} с. Все люди выдуманы.")
        self._print_accounts(request.password)

    def _request(self, options: dict[str, Any]) -> Request:
        scale = SCALES[options["scale"]]
        today = options["today"] or timezone.localdate()
        if today > timezone.localdate():
            raise SeedRefused("--today не может быть в будущем: недели, которых ещё не было, не считают.")
        if scale is COUNTRY and not on_postgres() and not options["force"]:
            raise SeedRefused(
                "Страна целиком — 1,3 млн сотрудников и 6 млн строк активности: на SQLite это десятки минут и очередь "
                "на каждую запись. Укажите PostgreSQL в DATABASE_URL или добавьте --force."
            )
        if settings.PRODUCTION and not os.environ.get("DEMO_PASSWORD"):
            raise SeedRefused("В режиме production пароль демонстрации задают сами: укажите DEMO_PASSWORD.")
        regions = scale.regions if options["regions"] is None else options["regions"]
        schools = scale.schools if options["schools"] is None else options["schools"]
        least = regions if scale is COUNTRY else 1
        if not 1 <= regions <= scale.regions or not least <= schools <= COUNTRY.schools:
            raise SeedRefused(f"--regions — от 1 до {scale.regions}, --schools — от {least} до {COUNTRY.schools}.")
        return Request(scale, options["seed"], today, regions, schools, demo_password())

    def _print_accounts(self, password: str) -> None:
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.login:<13} {account.title}")
        if password:
            self.stdout.write(f"Пароль у всех один: {password}")
        else:
            self.stdout.write(
                "Пароль задан при первом запуске и здесь не записан. Сменить: manage.py changepassword ЛОГИН"
            )
