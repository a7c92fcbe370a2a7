"""REST of the weeks: which are counted, in which revision, with which fingerprint."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from reports.models import Rating, RatingState
from reports.weeks import IsoWeek
from schools.api import FORMAT, StrictQuery

NO_RATING = "За эту неделю рейтинга пока нет. Какие недели есть: /api/v1/weeks/."
NO_REVISION = "За эту неделю такой редакции рейтинга нет. Какие недели и редакции есть: /api/v1/weeks/."
WEEK = OpenApiParameter("week", location="path", description="Неделя ISO: 2026-W47 или 2026W47")


class RevisionSerializer(serializers.ModelSerializer[Rating]):
    """A revision of a week."""

    class Meta:
        model = Rating
        fields = ["revision", "state", "reason", "sha256", "counted_at", "published_at"]


class WeekSerializer(serializers.Serializer[Any]):
    """A week: the revision that stands, and all there were."""

    week = serializers.CharField(label="неделя")
    starts_on = serializers.DateField(label="понедельник")
    ends_on = serializers.DateField(label="воскресенье")
    state = serializers.ChoiceField(choices=RatingState.choices, label="состояние")
    revision = serializers.IntegerField(label="редакция")
    counted_at = serializers.DateTimeField(label="подсчитана")
    published_at = serializers.DateTimeField(allow_null=True, label="опубликована")
    sha256 = serializers.CharField(label="отпечаток", allow_blank=True)
    rating = serializers.CharField(label="рейтинг")
    revisions = RevisionSerializer(many=True, label="редакции")


def parse_week(text: str) -> IsoWeek:
    """The week of an address; a week that does not exist is 404 with the sentence that says why."""
    try:
        return IsoWeek.parse(text)
    except ValueError as error:
        raise NotFound(str(error)) from error


def standing(revisions: Iterable[Rating]) -> Rating:
    """Of a week's revisions the one that stands: published, else the draft, else the newest."""
    weight = {RatingState.PUBLISHED: 2, RatingState.DRAFT: 1}
    return max(revisions, key=lambda each: (weight.get(RatingState(each.state), 0), each.revision))


def week_record(week: IsoWeek, revisions: list[Rating]) -> dict[str, Any]:
    """A week as a record."""
    current = standing(revisions)
    return {
        "week": str(week),
        "starts_on": week.monday,
        "ends_on": week.sunday,
        "state": current.state,
        "revision": current.revision,
        "counted_at": current.counted_at,
        "published_at": current.published_at,
        "sha256": current.sha256,
        "rating": f"/api/v1/ratings/{week}/",
        "revisions": revisions,
    }


class WeekListSerializer(serializers.Serializer[Any]):
    """All weeks; they are few, so there are no pages."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = WeekSerializer(many=True)


ALL_WEEKS = forced_singular_serializer(WeekListSerializer)  # not a list of lists
SINCE = OpenApiParameter("since", description="С этой недели: 2026-W36")
UNTIL = OpenApiParameter("until", description="По эту неделю: 2026-W47")


class WeekViewSet(StrictQuery, ViewSet):
    """Недели, за которые посчитаны показатели, от последней к первой."""

    lookup_field = "week"
    lookup_value_regex = "[^/.]+"

    def allowed_params(self) -> set[str]:
        """The list can be cut by weeks."""
        return super().allowed_params() | (set() if self.detail else {"since", "until"})

    @extend_schema(responses=ALL_WEEKS, parameters=[SINCE, UNTIL, FORMAT], summary="Недели")
    def list(self, request: Request) -> Response:
        """Weeks with all their revisions, in one query."""
        found = self._ratings()
        for name, look_up in (("since", "week__gte"), ("until", "week__lte")):
            if name in request.query_params:
                found = found.filter(**{look_up: _week_param(request, name).number})
        weeks = [
            week_record(IsoWeek.from_number(number), list(group))
            for number, group in groupby(found, key=lambda rating: rating.week)
        ]
        return Response(WeekListSerializer({"count": len(weeks), "next": None, "results": weeks}).data)

    @extend_schema(responses=WeekSerializer, parameters=[WEEK, FORMAT], summary="Неделя и её редакции")
    def retrieve(self, request: Request, week: str) -> Response:
        """One week."""
        parsed = parse_week(week)
        revisions = list(self._ratings().filter(week=parsed.number))
        if not revisions:
            raise NotFound(NO_RATING)
        return Response(WeekSerializer(week_record(parsed, revisions)).data)

    def _ratings(self) -> "QuerySet[Rating]":
        return Rating.objects.visible_to(self.request.user).order_by("-week", "-revision")


def _week_param(request: Request, name: str) -> IsoWeek:
    try:
        return IsoWeek.parse(request.query_params[name])
    except ValueError as error:
        raise ValidationError({name: [str(error)]}) from error
