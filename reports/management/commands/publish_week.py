"""Publish a counted week by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.change_alerts import find_changes
from reports.management.commands.count_week import published_text
from reports.models import Rating, RatingState
from reports.publishing import publish
from reports.weeks import IsoWeek


class Command(BaseCommand):
    """publish_week 2026-W47."""

    help = "Опубликовать подсчитанную неделю: её строки больше не изменятся."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the week."""
        parser.add_argument("week", help="неделя, например 2026-W47")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish the week's draft and say what stands."""
        try:
            week = IsoWeek.parse(options["week"])
            draft = Rating.objects.filter(week=week.number, state=RatingState.DRAFT).first()
            if draft is None:
                raise CommandError(f"Публиковать нечего: у недели {week} нет черновика. Сначала count_week {week}.")
            self.stdout.write(published_text(draft, publish(draft)))
            find_changes()
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
