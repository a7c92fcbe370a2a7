"""Load a week's activity of a region from the operator's CSV file."""

import hashlib
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from reports.activity import ActivityBusy, ActivityRefused, RowMistake, record_activity
from reports.activity_file import ActivityFile, read_activity
from reports.models import ActivityLoad
from reports.weeks import IsoWeek
from schools.models import Region, School
from schools.platforms import PLATFORM_BY_KEY
from schools.sheets.texts import Refusal
from schools.texts import number

SHOWN = 20
TRIES, PAUSE = 6, 10.0  # of a delivery that meets another one; seconds between two tries


class Command(BaseCommand):
    """load_activity FILE --week 2026-W47 --platform sferum --region 78 [--covers-all]."""

    help = "Загрузить недельную активность региона из CSV: школа, сотрудник или чат, сообщений, звонков, входов."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, the week, the platform and whom the file speaks for."""
        parser.add_argument("file", type=Path, help="файл CSV")
        parser.add_argument("--week", required=True, help="неделя, например 2026-W47")
        parser.add_argument("--platform", required=True, choices=sorted(PLATFORM_BY_KEY), help="площадка")
        parser.add_argument("--region", required=True, help="код региона, например 78")
        parser.add_argument(
            "--covers-all",
            action="store_true",
            help="файл полон: школы региона, которых в нём нет, не пользовались площадкой (иначе о них нет данных)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take in all rows or none, and say so."""
        try:
            week = IsoWeek.parse(options["week"])
            data = options["file"].read_bytes()
            found = read_activity(data)
            if found.mistakes:
                raise CommandError(_listed("Ничего не принято: файл не прочитан целиком.", found.mistakes))
            load = _taken_in(
                week=week,
                platform=PLATFORM_BY_KEY[options["platform"]],
                rows=found.rows,
                chats=found.chats,
                covers=_covered(options["region"], found, whole=options["covers_all"]),
                source=options["file"].name,
                by=None,
                sha256=hashlib.sha256(data).hexdigest(),
            )
        except OSError as error:
            raise CommandError(f"Файл {options['file']} не открывается: {error.strerror}.") from error
        except ActivityRefused as refusal:
            raise CommandError(_listed(str(refusal), refusal.mistakes)) from refusal
        except (Refusal, ValueError) as refusal:
            raise CommandError(getattr(refusal, "message", str(refusal))) from refusal
        self.stdout.write(
            f"Принято: {load}. Активных сотрудников {number(load.rows)}, школ охвачено {number(load.schools_covered)}, "
            f"{'чаты приняты' if found.chats is not None else 'о чатах в файле ничего нет'}."
        )


def _taken_in(**delivery: Any) -> ActivityLoad:
    """Take a delivery in, a minute later if another one for the same schools is just being taken in."""
    for _ in range(TRIES - 1):
        with suppress(ActivityBusy):
            return record_activity(**delivery)
        time.sleep(PAUSE)
    return record_activity(**delivery)


def _covered(code: str, found: ActivityFile, *, whole: bool) -> "QuerySet[School]":
    """Return the schools the file speaks for: those it names, or the whole region."""
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise CommandError(f"Региона с кодом {code} нет. Код — две цифры, например 78.")
    schools = School.objects.filter(region=region)
    return schools if whole else schools.filter(code__in=found.school_codes)


def _listed(head: str, mistakes: tuple[RowMistake, ...]) -> str:
    lines = [f"  {mistake}" for mistake in sorted(mistakes)[:SHOWN]]
    rest = len(mistakes) - len(lines)
    return "\n".join([head, *lines, *([f"  …и ещё {rest}"] if rest > 0 else [])])
