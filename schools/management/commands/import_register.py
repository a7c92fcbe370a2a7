"""Take a register of schools into a region: shows what it would do, does it with --apply."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.models import Region
from schools.register import CHANGE, NEW, SAME, WAIT, RegisterPlan, RegisterRefused, apply_register, plan_register
from schools.registers import COLUMN_BY_KEY
from schools.texts import counted

SHOWN = 20


class Command(BaseCommand):
    """import_register FILE --region 77 [--map «Заголовок=ключ»] [--apply]."""

    help = "Вносит реестр школ (xlsx, xls, ods, csv) в регион. Без --apply только показывает, что изменится."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --region, --map, --apply."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="код региона, например 77")
        parser.add_argument("--apply", action="store_true", help="внести; без этого только показать")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="ЗАГОЛОВОК=КЛЮЧ",
            help=f"сказать, что в столбце («Заголовок=» — не брать его); ключи: {', '.join(COLUMN_BY_KEY)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan or apply, and say what happened."""
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"Региона с кодом {options['region']} нет.")
        mapping = self._mapping(options["map"])
        try:
            data = options["file"].read_bytes()
            if options["apply"]:
                plan = apply_register(region, data, shown_name=options["file"].name, by=None, mapping=mapping)
            else:
                plan = plan_register(region, data, mapping=mapping)
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}.") from error
        except RegisterRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._print(plan, applied=options["apply"])

    @staticmethod
    def _mapping(pairs: list[str]) -> dict[str, str]:
        mapping = {}
        for pair in pairs:
            heading, _, key = pair.rpartition("=")
            if (key and key not in COLUMN_BY_KEY) or not heading:
                keys = ", ".join(COLUMN_BY_KEY)
                raise CommandError(f"--map {pair}: пишите «Заголовок=ключ» или «Заголовок=», ключи: {keys}.")
            mapping[heading] = key
        return mapping

    def _print(self, plan: RegisterPlan, *, applied: bool) -> None:
        counts = plan.counts
        self.stdout.write(
            f"{'Внесено' if applied else 'План (ничего не внесено)'}: новых школ {counts[NEW]}, "
            f"изменятся {counts[CHANGE]}, без изменений {counts[SAME]}, с ошибками {counts[WAIT]}; "
            f"всего {counted(len(plan.rows), 'строка', 'строки', 'строк')}."
        )
        if plan.new_municipalities:
            self.stdout.write(f"Новые территории: {', '.join(plan.new_municipalities)}.")
        for sentence in plan.said:
            self.stdout.write(f"  {sentence}")
        for address, problem in [pair for row in plan.rows for pair in row.problems][:SHOWN]:
            hint = f" → {problem.suggestion}" if problem.suggestion else ""
            self.stdout.write(f"  {address}: {problem.message}{hint}")
        for row in [row for row in plan.rows if row.changes][:SHOWN]:
            changes = "; ".join(
                f"{COLUMN_BY_KEY[key].header}: {old or 'пусто'} → {new}" for key, (old, new) in row.changes.items()
            )
            self.stdout.write(f"  строка {row.row}, {row.title}: {changes}")
