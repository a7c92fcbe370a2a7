"""Load an operator's table of figures of a region's schools, its municipalities or itself for a week or a month."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import FigurePeriod, FigureSource
from reports.operator_tables import periods
from reports.operator_tables.columns import read_headings
from reports.operator_tables.given import About, Given, given_of
from reports.operator_tables.plan import Remark
from reports.operator_tables.reading import lines_of, read_file
from reports.operator_tables.services import FiguresRefused, Origin, record, source_name
from reports.weeks import IsoWeek
from schools.models import Region
from schools.models.files import fingerprint
from schools.platforms import PLATFORM_BY_KEY
from schools.sheets import SheetError
from schools.texts import number

SHOWN = 20


class Command(BaseCommand):
    """load_figures FILE --platform myschool (--week 2026-W47 | --month 2026-10) --region 78 [--source …] [--sure]."""

    help = (
        "Загрузить таблицу оператора с числами школ региона, его муниципалитетов или самого региона"
        " за неделю или за месяц: xlsx, xls, ods или csv."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, what it speaks of, and whose schools."""
        parser.add_argument("file", type=Path, help="файл xlsx, xls, ods или csv")
        parser.add_argument("--platform", required=True, choices=sorted(PLATFORM_BY_KEY), help="площадка")
        when = parser.add_mutually_exclusive_group(required=True)
        when.add_argument("--week", help="неделя, например 2026-W47")
        when.add_argument("--month", help="месяц, например 2026-10")
        parser.add_argument("--region", required=True, help="код региона, например 78")
        parser.add_argument("--source", default="", help="откуда таблица: столбцы читаются, как их назвали раньше")
        parser.add_argument("--sure", action="store_true", help="странные числа проверены")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take in all rows or none, and say so."""
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"Региона с кодом {options['region']} нет. Код — две цифры, например 78.")
        try:
            data = options["file"].read_bytes()
            source = options["source"] or options["file"].name
            about = _about(options)
            named = FigureSource.objects.filter(region=region, name=source_name(source))
            about, rows = _rows(data, about, named.filter(platform=about.platform.number).first())
            origin = Origin(region, source, None, fingerprint(data), options["file"].name)
            load, plan = record(rows=rows, about=about, origin=origin, sure=options["sure"])
        except OSError as error:
            raise CommandError(f"Файл {options['file']} не открывается: {error.strerror}.") from error
        except FiguresRefused as refusal:
            raise CommandError(_listed(str(refusal), refusal.remarks)) from refusal
        except (SheetError, ValueError) as error:
            raise CommandError(str(error)) from error
        said = (
            f"новых чисел {number(len(plan.fresh))}, изменённых {number(len(plan.changed))}, тех же {number(plan.same)}"
        )
        self.stdout.write(f"Принято: {load}. {said}." if load else f"Ничего нового: {said}.")


def _about(options: dict[str, Any]) -> About:
    platform = PLATFORM_BY_KEY[options["platform"]]
    if options["week"]:
        return About(platform, IsoWeek.parse(options["week"]), FigurePeriod.WEEK)
    return About(platform, periods.week_of_month(options["month"]), FigurePeriod.MONTH)


def _rows(data: bytes, about: About, source: FigureSource | None) -> tuple[About, list[Given]]:
    """Whose rows a file has, and the rows; columns nobody named are passed by. Raises ValueError: no places seen."""
    table = read_file(data, about.platform)
    mapping = source.mapping if source is not None and source.platform == about.platform.number else {}
    headed = read_headings(table.rows, about.platform, mapping)
    if headed.level is None:
        raise ValueError(
            "Не видно, в каком столбце школы. Назовите его «Код школы» или «Школа»;"
            " если строки — муниципалитетов или региона, «Муниципалитет», «ОКТМО» или «Регион»."
        )
    rows = [given_of(line.number, line.texts, headed.level) for line in lines_of(table, headed).rows]
    return replace(about, level=headed.level), rows


def _listed(head: str, remarks: tuple[Remark, ...]) -> str:
    lines = [f"  строка {remark.row}: {remark.text}" for remark in remarks[:SHOWN]]
    rest = len(remarks) - len(lines)
    return "\n".join([head, *lines, *([f"  …и ещё {rest}"] if rest > 0 else [])])
