"""REST of what is asked about a place in a week: how an address names them, and the place's row as ratings give it."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError

from reports.api.weeks import NO_RATING, NO_REVISION
from reports.indicators import MAIN_INDICATOR, Indicator
from reports.models import Rating, RatingRow
from reports.pulling.revisions import LATEST, first_of, wanted
from reports.rating_list import Row, records
from reports.reading.breakdowns import Subject
from reports.reading.rows import COUNTRY_ID
from reports.reading.weeks import Chosen
from reports.views.places import subject_of
from schools.models import Region
from schools.rest_words import WordedSerializer
from schools.scope import AnyUser, Level, sight_of

PLACE = r"country|region\.[0-9]{2}|municipality\.[0-9]{1,18}|school\.[0-9]{1,18}"
WRONG_WEEK = "Неделя пишется так: 2026-W47, или latest."
WRONG_PLACE = "Место пишется так: country, region.78 (код региона), municipality.12 или school.15 (номер)."


def week_field(**options: Any) -> serializers.RegexField:
    """An ISO week, or `latest`."""
    return serializers.RegexField(r"^(latest|[0-9]{4}-?W[0-9]{2})$", error_messages={"invalid": WRONG_WEEK}, **options)


class WeekOfPlaceQuery(WordedSerializer):
    """Of which week a place is asked about."""

    week = week_field(default=LATEST, help_text="Неделя ISO: 2026-W47. По умолчанию — последняя опубликованная")
    revision = serializers.IntegerField(
        min_value=1, max_value=32767, required=False, help_text="По умолчанию действующая"
    )


def place_field(**options: Any) -> serializers.RegexField:
    """A place as REST names it: «region.78», «school.15»."""
    return serializers.RegexField(rf"^({PLACE})$", error_messages={"invalid": WRONG_PLACE}, **options)


def subject_named(user: AnyUser, text: str) -> Subject:
    """The place «school.15» names; out of sight is 404."""
    level, _, name = text.partition(".")
    if level == "country":
        return subject_of(user, level, COUNTRY_ID)[0]
    if level != "region":
        return subject_of(user, level, int(name))[0]
    pk = Region.objects.visible_to(user).filter(code=name).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return subject_of(user, level, pk)[0]


def chosen_of(user: AnyUser, week: str, revision: int | None, field: str = "week") -> Chosen:
    """The week asked about; raises ValidationError for one there cannot be, NotFound for one that is not counted."""
    try:
        rating = first_of(wanted(week, revision))
    except ValueError as error:
        raise ValidationError({field: [str(error)]}) from error
    if rating is None or sight_of(user).level is None:
        raise NotFound(NO_RATING if revision is None else NO_REVISION)
    return Chosen(rating.iso_week, rating, (rating,))


def row_of(user: AnyUser, rating: Rating, subject: Subject, indicator: Indicator) -> dict[str, Any]:
    """The row of a place as a rating gives it; where the week has none, one without data."""
    found = rows_of(user, rating, indicator, subject.level, [subject.place_id])
    if found:
        return found[subject.place_id]
    return next(records([empty_row(subject, indicator)], rating))


def place_record(rating: Rating, subject: Subject) -> dict[str, Any]:
    """A place as ratings give it, called as it was when the revision was counted."""
    record: dict[str, Any] = next(records([empty_row(subject, MAIN_INDICATOR)], rating))["place"]
    return record


def empty_row(subject: Subject, indicator: Indicator) -> Row:
    """A row of a place that was not counted."""
    town = subject.school.municipality_id if subject.school else None
    blank = dict.fromkeys(Row._fields) | {"schools": 0, "missing": 0}
    where = {
        "indicator": indicator.number,
        "level": subject.level,
        "place_id": subject.place_id,
        "region_id": subject.region.pk if subject.region else None,
        "municipality_id": subject.place_id if subject.level == Level.MUNICIPALITY else town,
    }
    return Row(**{**blank, **where})  # type: ignore[arg-type]


def rows_of(
    user: AnyUser, rating: Rating, indicator: Indicator, level: Level, ids: Iterable[int]
) -> dict[int, dict[str, Any]]:
    """Rows of places by their ids, within the rule of sight; three queries however many."""
    seen = RatingRow.objects.visible_to(user)
    found = seen.filter(rating=rating.pk, indicator=indicator.number, level=level, place_id__in=list(ids))
    rows = [Row(*values) for values in found.order_by().values_list(*Row._fields)]
    return {record["place"]["id"]: record for record in records(rows, rating)}
