"""REST of the data checks: what they are, what they found at a place, in which schools, and the rows in sight."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from reports.api.bases import bases_field
from reports.checks import listing, quality
from reports.checks.catalogue import CHECK_BY_KEY, CHECK_BY_NUMBER, CHECKS
from reports.checks.kinds import SEVERITIES, SUBJECTS, Check
from reports.models import CheckCount
from reports.reading.checks import Tally, tally_rows
from schools.api import DIALECT, FORMAT, MunicipalityRef, RegionRef, SchoolRef, StrictQuery, StrictSerializer
from schools.models import School
from schools.paging import MAX_PAGE_SIZE, PAGE_SIZE, next_link
from schools.rest_tables import TABLE_FORMATS, Download, check_xlsx_size, columns_of, download

LARGEST_ID = 2**63 - 1
SEVERITY_CHOICES = [(severity.key, severity.name) for severity in SEVERITIES]
SUBJECT_CHOICES = [(subject.key, subject.name) for subject in SUBJECTS]


class PlaceQuery(StrictSerializer):
    """A place the counts are narrowed to; without one they are of everything in sight."""

    region = serializers.RegexField(r"^\d{2}$", required=False, label="Код региона")
    municipality = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, label="Муниципалитет")
    school = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, label="Школа")


class CheckQuery(PlaceQuery):
    """Parameters of the list of checks."""

    severity = serializers.ChoiceField(SEVERITY_CHOICES, required=False, label="Важность")
    subject = serializers.ChoiceField(SUBJECT_CHOICES, required=False, label="О чём")


class PageQuery(PlaceQuery):
    """Parameters of the schools of a check."""

    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE, label="На странице")
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, default=0, label="После школы с этим номером")


class RowQuery(StrictSerializer):
    """Parameters of the rows of a check in a school."""

    school = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, label="Школа")
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE, label="На странице")
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, default=0, label="После строки с этим номером")


class CheckSerializer(serializers.Serializer[Any]):
    """A check and what it found at the place asked for."""

    key = serializers.CharField(label="ключ")
    number = serializers.IntegerField(label="номер")
    name = serializers.CharField(label="название")
    severity = serializers.ChoiceField(SEVERITY_CHOICES, label="важность")
    subject = serializers.ChoiceField(SUBJECT_CHOICES, label="о чём")
    why = serializers.CharField(label="почему это важно")
    advice = serializers.CharField(label="что сделать")
    weight = serializers.IntegerField(label="вес в оценке качества")
    minutes = serializers.IntegerField(label="минут на исправление")
    bases = bases_field()
    found = serializers.IntegerField(label="найдено")
    schools = serializers.IntegerField(label="школ с замечаниями")
    recent = serializers.IntegerField(label="из них новых за неделю")
    since = serializers.DateField(allow_null=True, label="самое давнее с")


class CheckListSerializer(serializers.Serializer[Any]):
    """All checks; they are few, so there are no pages. `quality` is a fraction from 0 to 1."""

    quality = serializers.FloatField(allow_null=True, label="качество данных")
    schools = serializers.IntegerField(label="школ проверено")
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = CheckSerializer(many=True)


class SchoolCountSerializer(serializers.ModelSerializer[CheckCount]):
    """What a check found in a school."""

    school = SchoolRef(read_only=True, label="Школа")
    region = RegionRef(read_only=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")

    class Meta:
        model = CheckCount
        fields = ["school", "region", "municipality", "found", "looked_at", "since_on"]


class CheckSchoolsSerializer(CheckSerializer):
    """A check and the schools in which it found something."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = SchoolCountSerializer(many=True)


class FactSerializer(serializers.Serializer[Any]):
    """A number beside a row."""

    name = serializers.CharField(label="что")
    value = serializers.IntegerField(allow_null=True, label="сколько")


class FindingSerializer(serializers.Serializer[Any]):
    """A row a check found; telephones, addresses and days are not given here."""

    kind = serializers.ChoiceField([(key, key) for key in listing.KINDS], label="что это")
    id = serializers.IntegerField(label="номер записи")
    name = serializers.CharField(label="название или ФИО")
    reasons = serializers.ListField(child=serializers.CharField(), label="что не так")
    facts = FactSerializer(many=True, label="числа")


class CheckRowsSerializer(serializers.Serializer[Any]):
    """The rows of a check in a school; `hidden` says why there are none for those who see the count alone."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    hidden = serializers.CharField(allow_blank=True, label="почему строк не видно")
    results = FindingSerializer(many=True)


ALL_CHECKS = forced_singular_serializer(CheckListSerializer)  # not a list of lists


KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="Ключ проверки")


class CheckViewSet(StrictQuery, ViewSet):
    """Проверки данных: что бывает не так, почему это важно, что сделать, и сколько нашлось при последней проверке.

    Сами строки (`/api/v1/checks/staff_no_phone/rows/?school=15`) видны тем, кому видны люди школы: имена обучающихся и
    представителей — только ей самой.
    """

    lookup_field = "key"
    lookup_value_regex = "[^/.]+"

    def allowed_params(self) -> set[str]:
        """Parameters of the present action are checked by its own query."""
        query: type[serializers.Serializer[Any]] = {"list": CheckQuery, "retrieve": PageQuery}.get(
            self.action, RowQuery
        )
        return super().allowed_params() | set(query().fields)

    @extend_schema(responses=ALL_CHECKS, parameters=[CheckQuery, FORMAT], summary="Проверки и что они нашли")
    def list(self, request: Request) -> Response:
        """All checks with their counts, in the order of their numbers."""
        asked = _asked(CheckQuery, request)
        counts = _within(CheckCount.objects.visible_to(request.user), asked)
        tallies = {row["check_number"]: Tally.of(row) for row in tally_rows(counts)}
        schools = _schools(request, asked).count()
        chosen = [
            check
            for check in CHECKS
            if asked.get("severity") in (None, check.severity.key) and asked.get("subject") in (None, check.subject)
        ]
        lost = sum(tally.lost for tally in tallies.values())
        results = [_record(check, tallies.get(check.number)) for check in chosen]
        answer = {
            "quality": quality.quality(lost, schools),
            "schools": schools,
            "count": len(results),
            "next": None,
            "results": results,
        }
        return Response(CheckListSerializer(answer).data)

    @extend_schema(
        responses=CheckSchoolsSerializer,
        parameters=[KEY, PageQuery, FORMAT, DIALECT],
        summary="Проверка и школы с замечаниями",
    )
    def retrieve(self, request: Request, key: str) -> Response | Download:
        """One check with its schools in the order of their ids; a file holds them all."""
        check, asked = _check(key), _asked(PageQuery, request)
        counts = _within(CheckCount.objects.visible_to(request.user), asked).filter(check_number=check.number)
        found = counts.select_related("school", "region", "municipality").order_by("school_id")
        if request.accepted_renderer.format in TABLE_FORMATS:
            check_xlsx_size(request, found.count())
            serializer = SchoolCountSerializer()
            return download(request, f"checks-{key}", columns_of(serializer), _rows_of(found, serializer))
        size = asked["page_size"]
        page = [*found.filter(school_id__gt=asked["after"])[: size + 1]]
        tally = next((Tally.of(row) for row in tally_rows(counts)), None)
        answer = _record(check, tally) | {
            "count": found.count(),
            "next": next_link(request, str(page[size - 1].school_id)) if len(page) > size else None,
            "results": page[:size],
        }
        return Response(CheckSchoolsSerializer(answer).data)

    @extend_schema(responses=CheckRowsSerializer, parameters=[KEY, RowQuery, FORMAT], summary="Строки проверки в школе")
    @action(detail=True, url_path="rows")
    def rows(self, request: Request, key: str) -> Response:
        """What a check finds in a school this minute, within sight, in the order of ids."""
        check, asked = _check(key), _asked(RowQuery, request)
        school = get_object_or_404(School.objects.visible_to(request.user), pk=asked["school"])
        kind = listing.kind_of(check)
        column = "id" if kind.key == "pk" else kind.key
        look, size = listing.Look(check, school, request.user), asked["page_size"]
        found = look.rows()
        page = [*found.filter(**{f"{column}__gt": asked["after"]}).order_by(column)[: size + 1]]
        findings = look.findings(page[:size])
        count = found.count()
        answer = {
            "count": count,
            "next": next_link(request, str(findings[-1].id)) if len(page) > size else None,
            "hidden": "" if count else _hidden(request, check, school),
            "results": [_finding(check, finding) for finding in findings],
        }
        return Response(CheckRowsSerializer(answer).data)


def _check(key: str) -> Check:
    if key not in CHECK_BY_KEY:
        raise Http404
    return CHECK_BY_KEY[key]


def _asked(query: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The parameters of an address; raises ValidationError with sentences."""
    given = {name: value for name, value in request.query_params.items() if name not in {"format", "dialect"}}
    asked = query(data=given)
    asked.is_valid(raise_exception=True)
    if any("\0" in value for value in given.values()):
        raise ValidationError({"region": ["Уберите невидимые знаки."]})
    return dict(asked.validated_data)


def _within(counts: "QuerySet[CheckCount]", asked: Mapping[str, Any]) -> "QuerySet[CheckCount]":
    look_ups = {"region": "region__code", "municipality": "municipality_id", "school": "school_id"}
    counts = counts.filter(check_number__in=CHECK_BY_NUMBER)
    return counts.filter(**{look_ups[name]: asked[name] for name in look_ups if name in asked})


def _schools(request: Request, asked: Mapping[str, Any]) -> "QuerySet[School]":
    look_ups = {"region": "region__code", "municipality": "municipality_id", "school": "pk"}
    schools = School.objects.visible_to(request.user).open()
    return schools.filter(**{look_ups[name]: asked[name] for name in look_ups if name in asked})


def _record(check: Check, tally: Tally | None) -> dict[str, Any]:
    return {
        "key": check.key,
        "number": check.number,
        "name": check.name,
        "severity": check.severity.key,
        "subject": check.subject,
        "why": check.why,
        "advice": check.advice,
        "weight": check.weight,
        "minutes": check.minutes,
        "bases": check.bases,
        "found": tally.found if tally else 0,
        "schools": tally.schools if tally else 0,
        "recent": tally.recent if tally else 0,
        "since": tally.since if tally else None,
    }


def _rows_of(found: "QuerySet[CheckCount]", serializer: SchoolCountSerializer) -> Iterator[Mapping[str, Any]]:
    for row in found.iterator(chunk_size=1000):
        yield serializer.to_representation(row)


def _hidden(request: Request, check: Check, school: School) -> str:
    """Why nothing is shown of what was counted."""
    counts = CheckCount.objects.visible_to(request.user).filter(check_number=check.number, school=school)
    return listing.kind_of(check).hidden if counts.exists() else ""


def _finding(check: Check, finding: listing.Finding) -> dict[str, Any]:
    facts = [{"name": name, "value": value} for name, value in finding.facts if value is None or isinstance(value, int)]
    kind = next(key for key, each in listing.KINDS.items() if each is listing.kind_of(check))
    return {"kind": kind, "id": finding.id, "name": finding.title, "reasons": finding.reasons, "facts": facts}
