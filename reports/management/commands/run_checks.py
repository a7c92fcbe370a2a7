"""Run the data checks by hand: over the whole country, or over a region."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.checks.running import ChecksRefused, run_checks
from schools.models import Region
from schools.texts import number


class Command(BaseCommand):
    """run_checks [--region 78] [--afresh]."""

    help = "Проверить данные школ: всей страны или одного региона. Записываются только изменившиеся итоги."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the region and whether to read everybody anew."""
        parser.add_argument("--region", default="", help="код региона, например 78; без него — вся страна")
        parser.add_argument("--afresh", action="store_true", help="заново прочитать всех людей, а не только изменённых")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say what came out."""
        region = None
        if options["region"]:
            region = Region.objects.filter(code=options["region"]).first()
            if region is None:
                raise CommandError(f"Региона с кодом {options['region']} нет: код — две цифры, например 78.")
        try:
            run = run_checks(region, afresh=options["afresh"])
        except ChecksRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Проверено за {number(run.seconds, 1)} с. Замечаний: {number(run.found)}.")
