"""Check that the published revisions of a week are what was published."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import Rating, RatingState
from reports.publishing import verify
from reports.weeks import IsoWeek


class Command(BaseCommand):
    """verify_week 2026-W47."""

    help = "Сверить опубликованную неделю с её отпечатком."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the week."""
        parser.add_argument("week", help="неделя, например 2026-W47")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recompute every published revision's fingerprint; exit with 1 if one does not agree."""
        try:
            week = IsoWeek.parse(options["week"])
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        ratings = list(Rating.objects.filter(week=week.number).exclude(state=RatingState.DRAFT).order_by("revision"))
        if not ratings:
            raise CommandError(f"Неделя {week} не опубликована: сверять нечего.")
        spoilt = [rating for rating in ratings if not verify(rating)]
        for rating in ratings:
            verdict = "НЕ СОВПАДАЕТ: строки изменены после публикации" if rating in spoilt else "совпадает"
            self.stdout.write(f"{rating}: отпечаток {rating.sha256} {verdict}.")
        if spoilt:
            raise CommandError("Опубликованные строки изменены в обход портала. Восстановите базу из резервной копии.")
