"""Counting a week: a draft revision, its wide rows and its rating rows, by set statements in one transaction."""

import datetime
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from reports.counting import engine
from reports.counting.cases import drop_cases, insert_case_weeks, read_cases
from reports.counting.held import hold_values
from reports.counting.rows import Shape, columns_of, insert_place_names, insert_place_rows, insert_school_rows
from reports.counting.scores import insert_scores
from reports.counting.wide import insert_school_weeks
from reports.indicators import INDICATORS
from reports.models import (
    CaseWeek,
    CompositeRule,
    Feed,
    Hold,
    HoldRule,
    IndicatorFeed,
    Rating,
    RatingPlace,
    RatingRow,
    RatingState,
    SchoolWeek,
    UsageRule,
)
from reports.weeks import IsoWeek
from schools.codes import tidy
from schools.models import User

MONTH_HOLDS = 5  # weeks a monthly figure is taken for; by then the next one should have come


class CountRefused(ValueError):
    """A week cannot be counted; the text is a Russian sentence that says what to do."""


class CountBusy(CountRefused):
    """Somebody counts the week at this moment."""


class ReasonNeeded(CountRefused):
    """A published week is counted again only for a reason, which stays in its history."""


@transaction.atomic
def count_week(week: IsoWeek, *, by: User | None = None, reason: str = "") -> Rating:
    """Count a week into its draft revision, made now or counted afresh, and return it.

    A published revision never changes: after publication the count makes the next revision and needs a reason.
    Everything living is read by one statement, so by one snapshot, even while others write (READ COMMITTED is enough);
    what the 27 cases expect is read by the one before it.
    Raises CountRefused if the week has not begun, has no school, lacks a reason, or is being counted by another.
    """
    if week.monday > timezone.localdate():
        raise CountRefused(f"Неделя {week} ещё не началась: считать пока нечего.")
    if not engine.hold_week(week.number):
        raise CountBusy(f"Неделю {week} прямо сейчас считает кто-то ещё. Подождите минуту и посмотрите результат.")
    rule = _rule_of(week)
    rating = _draft(week, rule, by, tidy(reason)[:300])
    _fill(rating, week, rule)
    return rating


def _rule_of(week: IsoWeek) -> UsageRule:
    try:
        return UsageRule.for_week(week)
    except IndexError:
        raise CountRefused(
            f"На неделю {week} нет правила «использует». Задайте его в разделе «Правила „использует“»."
        ) from None


@transaction.atomic
def preview_week(week: IsoWeek) -> Rating:
    """Count a running week beside everything official and return it: revision 0, which nothing is published from.

    Raises CountRefused as count_week does.
    """
    if not engine.hold_week(week.number):
        raise CountBusy(f"Неделю {week} прямо сейчас считает кто-то ещё. Подождите минуту и посмотрите результат.")
    rule = _rule_of(week)
    Rating.objects.filter(state=RatingState.PREVIEW, week__lt=week.shift(-1).number).delete()
    old = Rating.objects.filter(state=RatingState.PREVIEW, week=week.number).first()
    rating = _emptied(old or Rating(week=week.number, revision=0, state=RatingState.PREVIEW), rule)
    _fill(rating, week, rule)
    return rating


def _draft(week: IsoWeek, rule: UsageRule, by: User | None, reason: str) -> Rating:
    """Return an empty draft: the week's present one emptied, or the next revision."""
    last = Rating.objects.filter(week=week.number, revision__gt=0).order_by("-revision").first()
    if last is not None and last.state != RatingState.DRAFT:
        if not reason:
            raise ReasonNeeded(
                f"Неделя {week} уже опубликована (редакция {last.revision}). "
                "Чтобы подсчитать её заново, укажите причину: она останется в истории."
            )
        last = Rating(week=week.number, revision=last.revision + 1)
    rating = last or Rating(week=week.number, revision=1)
    rating.counted_by, rating.reason = by, reason or rating.reason
    return _emptied(rating, rule)


def _emptied(rating: Rating, rule: UsageRule) -> Rating:
    """Save a rating without rows, under the rules of its week."""
    if rating.pk:
        for model in (SchoolWeek, RatingRow, RatingPlace, CaseWeek, Hold):
            model._default_manager.filter(rating=rating).delete()
    rating.rule, rating.counted_at = rule, timezone.now()
    rating.feeds, rating.weights = _feeds_of(rating.iso_week), CompositeRule.for_week(rating.iso_week)
    rating.save()
    return rating


def _feeds_of(week: IsoWeek) -> dict[str, str]:
    """The indicators that take the operator's figures in a week, as the revision keeps them."""
    chosen = IndicatorFeed.for_week(week)
    return {
        str(each.number): Feed.OPERATOR.value
        for each in INDICATORS
        if each.operator_part and chosen.get(each.number) == Feed.OPERATOR
    }


def _fill(rating: Rating, week: IsoWeek, rule: UsageRule) -> None:
    """Run the statements; only a draft is ever written to."""
    before = _published_before(week)
    parameters: dict[str, int | datetime.date | None] = {
        "rating": rating.pk,
        "week": week.number,
        "sunday": week.sunday,
        "school_year": week.school_year,
        "administrator_required": int(rule.administrator_required),
        "filled_share": thousandths(rule.filled_share),
        "active_share": thousandths(rule.active_share),
        "active_teachers": rule.active_teachers,
        "active_chats": rule.active_chats,
        "before": before,
        "month_ago": week.shift(-MONTH_HOLDS).number,
    }
    engine.tune()
    read_cases(week.sunday, {"sunday": week.sunday.isoformat(), "school_year": week.school_year})
    with connection.cursor() as cursor:
        cursor.execute(insert_school_weeks(), parameters)
        if cursor.rowcount < 1:
            raise CountRefused(
                "Нет ни одной действующей общеобразовательной школы: сначала загрузите реестр школ (import_register)."
            )
        indicators = [each for each in INDICATORS if not each.waits or each.number in _measured(rating)]
        shape = Shape(tuple(indicators), rating.feeds, settings.SMALL_NUMBER)
        if HoldRule.is_on_in(week):
            shape = replace(shape, held=hold_values(rating, week, shape, before))
        cursor.execute(insert_school_rows(shape), parameters)
        cursor.execute(insert_place_rows(shape), parameters | {"quarter": quarter_of(week)})
        for statement in insert_scores(rating.weights, shape):
            cursor.execute(statement, parameters)
        cursor.execute(insert_place_names(), parameters)
        cursor.execute(insert_case_weeks(week.sunday), parameters)
    drop_cases()


def _measured(rating: Rating) -> set[int]:
    """Numbers of the waiting indicators that at least one school has; one query over the wide rows."""
    waiting = [each for each in INDICATORS if each.waits]
    rows = SchoolWeek.objects.filter(rating=rating)
    known = rows.aggregate(
        **{
            str(each.number): Count(
                "school",
                filter=Q(platform=each.platform.number)
                & Q(**{f"{column}__isnull": False for column in columns_of(each, rating.feeds)}),
            )
            for each in waiting
        }
    )
    return {int(number) for number, count in known.items() if count}


def quarter_of(week: IsoWeek) -> int:
    """The quarter a week's Sunday lies in, as a number that sorts: 20264."""
    return week.sunday.year * 10 + (week.sunday.month + 2) // 3


def _published_before(week: IsoWeek) -> int | None:
    """Return the id of the rating published for the week before, the one movement is measured against."""
    before = Rating.objects.filter(week=week.shift(-1).number, state=RatingState.PUBLISHED)
    return before.values_list("pk", flat=True).first()


def thousandths(share: Decimal) -> int:
    """Return a share of three decimal places as a whole number, so that the database compares integers."""
    return int(Decimal(share) * 1000)
