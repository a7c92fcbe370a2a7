"""REST of classes: who leads them and how far they are; names of pupils are not here."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from schools.api import IdFilter, SchoolRef, SinceFilter
from schools.models import School, SchoolClass
from schools.scope import AnyUser, sight_of
from staff.api import schools_to_load
from staff.models import StaffMember
from staff.rosters.api.base import Body, ItemBody, RosterBody, RosterResultsSerializer, RosterViewSet, text_of
from staff.rosters.changing import Given, Result, save_rows
from staff.rosters.coverage import with_coverage
from staff.rosters.kinds import CLASSES
from staff.rosters.present import row_key


class TeacherSerializer(serializers.ModelSerializer[StaffMember]):
    """Who leads a class."""

    name = serializers.CharField(source="full_name", read_only=True, label="ФИО")

    class Meta:
        model = StaffMember
        fields = ["id", "name"]


class CoverageSerializer(serializers.Serializer[Any]):
    """How far a class is."""

    pupils = serializers.IntegerField(source="pupils_here", label="обучающихся")
    with_guardian = serializers.IntegerField(source="named", label="с представителем")
    registered = serializers.IntegerField(label="с зарегистрированным представителем")
    declined = serializers.IntegerField(label="все представители отказались")


class ClassSerializer(serializers.ModelSerializer[SchoolClass]):
    """A class."""

    school = SchoolRef(read_only=True, label="Школа")
    name = serializers.CharField(read_only=True, label="название")
    teachers = serializers.SerializerMethodField(label="классные руководители")
    coverage = CoverageSerializer(source="*", read_only=True, label="Охват")

    class Meta:
        model = SchoolClass
        fields = [
            "id", "school", "year", "grade", "letter", "name", "declared_pupils", "teachers", "coverage", "version",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(TeacherSerializer(many=True))
    def get_teachers(self, row: Any) -> list[dict[str, Any]]:
        """Those who lead it and work now."""
        led = sorted((one.staff for one in row.class_leaderships.all()), key=lambda one: one.pk)
        return [{"id": one.pk, "name": one.full_name} for one in led if one.left_on is None]


class ClassBody(RosterBody):
    """A class to write."""

    name = serializers.CharField(max_length=20, label="название", help_text="Параллель и литера: 5А.")
    declared_pupils = serializers.IntegerField(
        min_value=0, max_value=60, required=False, allow_null=True, label="обучающихся в классе"
    )
    teachers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=4,
        required=False,
        label="номера сотрудников, классных руководителей",
    )


class ClassItem(ClassBody, ItemBody):
    """An item of a list."""


class ClassFilter(filters.FilterSet):
    """Filters of classes."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    year = filters.NumberFilter(
        field_name="year", min_value=2000, max_value=2100, label="Учебный год: 2026 — это 2026/27"
    )
    grade = filters.NumberFilter(field_name="grade", min_value=1, max_value=12, label="Параллель")
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")


EXAMPLE = {"school": "780001", "name": "5А", "declared_pupils": 27, "teachers": [12]}


@extend_schema_view(
    create=extend_schema(
        summary="Завести класс", request=ClassBody, responses={201: ClassSerializer, 200: ClassSerializer},
        examples=[OpenApiExample("класс", EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(summary="Изменить класс", request=ClassBody, responses={200: ClassSerializer}),
    bulk=extend_schema(request=ClassItem(many=True, partial=True), responses={207: RosterResultsSerializer}),
)  # fmt: skip
class ClassViewSet(RosterViewSet[SchoolClass]):
    """Классы: классные руководители и охват числами. Координаторы видят классы своих школ, имён детей здесь нет.

    Токену для записи нужно право загружать списки.
    """

    model = SchoolClass
    serializer_class = ClassSerializer
    filterset_class = ClassFilter
    body_class = ClassBody
    related = ("school",)
    prefetched = ("class_leaderships__staff",)
    file_name = "classes"

    def get_queryset(self) -> QuerySet[SchoolClass]:
        """Classes in sight with their counts; the country's observer sees no single classes."""
        found = super().get_queryset() if sight_of(self.request.user).sees_people else SchoolClass.objects.none()
        return with_coverage(found)

    def schools(self, user: AnyUser) -> QuerySet[School]:
        """Coordinators set up classes too: there are no children in them yet."""
        return schools_to_load(user)

    def save(self, school: School, year: int, bodies: Sequence[Body]) -> list[Result]:
        """Write classes of one school and year."""
        rows = [Given(_texts(body), body.get("id"), body.get("version")) for body in bodies]
        return save_rows(school=school, year=year, kind=CLASSES, rows=rows, by=self.request.user)  # type: ignore[arg-type]


def _texts(body: Body) -> dict[str, str]:
    texts = {}
    if "name" in body:
        texts["class_name"] = body["name"]
    if "declared_pupils" in body:
        texts["declared_pupils"] = text_of(body["declared_pupils"])
    if "teachers" in body:
        texts["teachers"] = "; ".join(row_key("staff", pk) for pk in body["teachers"])
    return texts
