"""REST of pupils: only their own school reads and writes them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers

from schools.api import IdFilter, SchoolRef, SinceFilter, YesNoFilter
from schools.codes import mask_phone
from schools.models import Pupil, School, SchoolClass
from staff.rosters.api.base import Body, ItemBody, NameBody, RosterResultsSerializer, RosterViewSet, name_texts, text_of
from staff.rosters.changing import Given, Result, save_rows
from staff.rosters.kinds import PUPILS


class ClassRef(serializers.ModelSerializer[SchoolClass]):
    """A class as other records name it."""

    name = serializers.CharField(read_only=True, label="название")

    class Meta:
        model = SchoolClass
        fields = ["id", "year", "name"]


class PupilSerializer(serializers.ModelSerializer[Pupil]):
    """A pupil; СНИЛС and telephone masked for everyone (threats.md P07), the birthday not given."""

    school = SchoolRef(read_only=True, label="Школа")
    school_class = ClassRef(read_only=True, allow_null=True, label="Класс")
    snils = serializers.CharField(source="masked_snils", read_only=True, label="СНИЛС (закрыт)")
    phone = serializers.SerializerMethodField(label="телефон (закрыт)")

    class Meta:
        model = Pupil
        fields = [
            "id", "school", "school_class", "last_name", "first_name", "patronymic", "no_patronymic", "snils", "phone",
            "external_id", "enrolled_on", "left_on", "version", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_phone(self, pupil: Pupil) -> str:
        """The telephone's last digits."""
        return mask_phone(pupil.phone)


class PupilBody(NameBody):
    """A pupil to write."""

    class_name = serializers.CharField(
        max_length=20, required=False, allow_null=True, label="класс",
        help_text="5А; класса, которого ещё нет, заведём. null — без класса.",
    )  # fmt: skip
    born_on = serializers.DateField(required=False, allow_null=True, label="дата рождения")
    external_id = serializers.CharField(max_length=64, required=False, allow_blank=True, label="номер в другой системе")
    enrolled_on = serializers.DateField(required=False, allow_null=True, label="зачислен")
    left_on = serializers.DateField(required=False, allow_null=True, label="выбыл")


class PupilItem(PupilBody, ItemBody):
    """An item of a list."""


class PupilFilter(filters.FilterSet):
    """Filters of pupils; none by name or number of a person: addresses are written down on the way."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    school_class = IdFilter(field_name="school_class_id", label="Номер класса")
    learning = YesNoFilter(method="by_learning", label="true — учится сегодня, false — нет")
    has_guardian = YesNoFilter(method="by_guardian", label="true — есть представитель, false — нет")
    external_id = filters.CharFilter(label="Номер в другой системе", max_length=64)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_learning(self, found: Any, name: str, value: bool) -> QuerySet[Pupil]:
        """Those who learn today, or those who do not."""
        here: QuerySet[Pupil] = found.learning()
        return here if value else found.exclude(pk__in=here.values("pk"))

    def by_guardian(self, found: QuerySet[Pupil], name: str, value: bool) -> QuerySet[Pupil]:
        """Those with a representative, or without."""
        return found.filter(guardianships__isnull=not value).distinct()


EXAMPLE = {
    "school": "780001", "last_name": "Мороз", "first_name": "Лев", "patronymic": "Олегович", "class_name": "5А",
    "born_on": "2015-09-05", "external_id": "К-127",
}  # fmt: skip


@extend_schema_view(
    create=extend_schema(
        summary="Внести обучающегося", request=PupilBody, responses={201: PupilSerializer, 200: PupilSerializer},
        examples=[OpenApiExample("обучающийся", EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(summary="Изменить обучающегося", request=PupilBody, responses={200: PupilSerializer}),
    bulk=extend_schema(request=PupilItem(many=True, partial=True), responses={207: RosterResultsSerializer}),
)  # fmt: skip
class PupilViewSet(RosterViewSet[Pupil]):
    """Обучающиеся: видны и меняются только своей школой. СНИЛС и телефон закрыты звёздочками, дату рождения не отдаём.

    Удалить нельзя: впишите `left_on`. Токену для записи нужно право загружать списки.
    """

    model = Pupil
    serializer_class = PupilSerializer
    filterset_class = PupilFilter
    body_class = PupilBody
    related = ("school", "school_class")
    file_name = "pupils"

    def save(self, school: School, year: int, bodies: Sequence[Body]) -> list[Result]:
        """Write pupils of one school."""
        rows = [Given(_texts(body), body.get("id"), body.get("version")) for body in bodies]
        return save_rows(school=school, year=year, kind=PUPILS, rows=rows, by=self.request.user)  # type: ignore[arg-type]


def _texts(body: Body) -> dict[str, str]:
    texts = name_texts(body)
    if "class_name" in body:
        texts["school_class"] = text_of(body["class_name"])
    return texts | {
        key: text_of(body[key]) for key in ("born_on", "external_id", "enrolled_on", "left_on") if key in body
    }
