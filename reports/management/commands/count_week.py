"""Count a week by hand, and publish it if asked."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.change_alerts import find_changes
from reports.counting import CountRefused, ReasonNeeded, count_week
from reports.models import Rating, RatingState
from reports.publishing import PublishRefused, changes_between, publish, summary
from reports.schedule import backfill
from reports.weeks import IsoWeek, parse_range
from schools.scope import Level
from schools.texts import number


class Command(BaseCommand):
    """count_week 2026-W47 [--reason TEXT] [--publish]; a range 2026-W30..2026-W40 is queued, one run a week."""

    help = "Подсчитать неделю: строки школ, муниципалитетов, регионов и страны."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the week, the reason of a recount and whether to publish."""
        parser.add_argument("week", help="неделя, например 2026-W47, или промежуток 2026-W30..2026-W40")
        parser.add_argument("--reason", default="", help="почему опубликованная неделя считается заново")
        parser.add_argument("--publish", action="store_true", help="сразу опубликовать")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, publish if asked, and say what came out."""
        if ".." in options["week"]:
            self._backfill(options["week"], options["reason"], publish=options["publish"])
            return
        started = time.monotonic()
        try:
            rating = count_week(IsoWeek.parse(options["week"]), reason=options["reason"])
            self.stdout.write(f"{rating}: подсчитано за {time.monotonic() - started:.1f} с. {summary(rating)}")
            if options["publish"]:
                self.stdout.write(published_text(rating, publish(rating)))
                find_changes()
        except ReasonNeeded as refusal:
            raise CommandError(f'{refusal} Для этого добавьте --reason "почему".') from refusal
        except (CountRefused, PublishRefused, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _backfill(self, weeks: str, reason: str, *, publish: bool) -> None:
        """Queue the weeks of a range; workers count them in order."""
        try:
            queued, waiting = backfill(parse_range(weeks), reason=reason, publish=publish)
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        already = f" Уже в очереди: {number(waiting)}." if waiting else ""
        self.stdout.write(f"Поставлено в очередь недель: {number(queued)}.{already}")


def published_text(asked: Rating, standing: Rating) -> str:
    """Say what stands after a publication: the revision, its fingerprint, and what it changed."""
    if asked.pk != standing.pk:
        return f"Ничего не изменилось: {standing} остаётся, черновик убран."
    text = f"Опубликовано: {standing}. Отпечаток {standing.sha256}."
    before = Rating.objects.filter(week=standing.week, state=RatingState.SUPERSEDED).order_by("-revision").first()
    if before is None:
        return text
    changes = changes_between(before, standing)
    rows = ", ".join(f"{level.label} — {number(changes.get(level, 0))}" for level in Level)
    return f"{text} Изменилось строк: {rows}."
