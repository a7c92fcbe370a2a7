"""REST of representatives with whose they are; and of rows of rosters that are gone."""

from collections.abc import Sequence
from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from schools.api import IdFilter, SchoolRef, ScopedViewSet, SinceFilter, StrictSerializer
from schools.codes import mask_email, mask_phone
from schools.models import Deletion, Guardian, Guardianship, Pupil, School
from staff.imports.plan import WAIT
from staff.rosters.adults import GivenAdult, GivenLink, save_adults
from staff.rosters.api.base import (
    Body,
    ItemBody,
    NameBody,
    RosterResultsSerializer,
    RosterViewSet,
    changed_since,
    name_texts,
)
from staff.rosters.changing import Result
from staff.rosters.columns.cleaners import KIND_TITLES


class GuardianshipSerializer(serializers.ModelSerializer[Guardianship]):
    """Whose representative it is, and what they answered."""

    class Meta:
        model = Guardianship
        fields = ["id", "pupil", "kind", "invited_on", "registered_on", "declined_on", "updated_at"]
        read_only_fields = fields


class GuardianSerializer(serializers.ModelSerializer[Guardian]):
    """A representative; СНИЛС, telephone and e-mail masked for everyone (threats.md P07)."""

    school = SchoolRef(read_only=True, label="Школа")
    snils = serializers.CharField(source="masked_snils", read_only=True, label="СНИЛС (закрыт)")
    phone = serializers.SerializerMethodField(label="телефон (закрыт)")
    email = serializers.SerializerMethodField(label="почта (закрыта)")
    guardianships = GuardianshipSerializer(many=True, read_only=True, label="чей представитель")

    class Meta:
        model = Guardian
        fields = [
            "id", "school", "last_name", "first_name", "patronymic", "no_patronymic", "snils", "phone", "email",
            "guardianships", "version", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_phone(self, guardian: Guardian) -> str:
        """The telephone's last digits."""
        return mask_phone(guardian.phone)

    def get_email(self, guardian: Guardian) -> str:
        """The e-mail's first letter and host."""
        return mask_email(guardian.email)


class GuardianshipBody(StrictSerializer):
    """Whose representative it is to be, or no longer is."""

    pupil = serializers.IntegerField(min_value=1, max_value=2**63 - 1, label="номер обучающегося")
    kind = serializers.ChoiceField(choices=Guardianship.Kind.choices, required=False, label="кем приходится")
    invited_on = serializers.DateField(required=False, allow_null=True, label="приглашён")
    registered_on = serializers.DateField(required=False, allow_null=True, label="зарегистрирован")
    declined_on = serializers.DateField(required=False, allow_null=True, label="отказался")
    removed = serializers.BooleanField(required=False, label="больше не представитель")


class GuardianBody(NameBody):
    """A representative to write."""

    email = serializers.CharField(max_length=254, required=False, allow_blank=True, label="электронная почта")
    guardianships = GuardianshipBody(many=True, max_length=20, label="чей представитель")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A new one represents somebody, and nobody twice."""
        links = attrs.get("guardianships", [])
        if not self.partial and not any(not link.get("removed") for link in links):
            raise ValidationError({"guardianships": ["Назовите хотя бы одного обучающегося, чей это представитель."]})
        if len({link["pupil"] for link in links}) < len(links):
            raise ValidationError({"guardianships": ["Один и тот же обучающийся назван дважды. Оставьте одну запись."]})
        return attrs


class GuardianItem(GuardianBody, ItemBody):
    """An item of a list."""


class GuardianFilter(filters.FilterSet):
    """Filters of representatives; none by name: addresses are written down on the way."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    pupil = IdFilter(field_name="guardianships__pupil_id", label="Номер обучающегося")
    updated_since = SinceFilter(method="by_moment", label="Изменены с этого момента, сами или их связи с детьми")

    def by_moment(self, found: Any, name: str, moment: Any) -> Any:
        """Changed themselves, or in what they answered."""
        return changed_since("guardianships")(found, name, moment)


EXAMPLE = {
    "school": "780001", "last_name": "Мороз", "first_name": "Зоя", "patronymic": "Талгатовна", "phone": "+79000000177",
    "guardianships": [{"pupil": 12, "kind": "mother", "registered_on": "2026-09-05"}],
}  # fmt: skip
NO_PUPIL = "Обучающегося с таким номером нет в вашей школе. Проверьте номер."


@extend_schema_view(
    create=extend_schema(
        summary="Внести представителя", request=GuardianBody,
        responses={201: GuardianSerializer, 200: GuardianSerializer},
        examples=[OpenApiExample("представитель", EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(
        summary="Изменить представителя и его связи", request=GuardianBody, responses={200: GuardianSerializer}
    ),
    bulk=extend_schema(request=GuardianItem(many=True, partial=True), responses={207: RosterResultsSerializer}),
)  # fmt: skip
class GuardianViewSet(RosterViewSet[Guardian]):
    """Законные представители и чьи они: видны и меняются только своей школой. Отказ — право представителя.

    Названные связи добавляются и изменяются, неназванные остаются; `removed: true` убирает связь. Один представитель
    нескольких детей — одна запись: узнаём его по СНИЛС, телефону и почте. Токену для записи нужно право загружать
    списки.
    """

    model = Guardian
    serializer_class = GuardianSerializer
    filterset_class = GuardianFilter
    body_class = GuardianBody
    related = ("school",)
    prefetched = ("guardianships",)
    file_name = "guardians"

    def save(self, school: School, year: int, bodies: Sequence[Body]) -> list[Result]:
        """Write representatives of one school; a pupil of another one is as one that is not there."""
        named = {link["pupil"] for body in bodies for link in body.get("guardianships", ())}
        mine = Pupil.objects.editable_by(self.request.user).filter(school=school, pk__in=named)
        there = set(mine.values_list("pk", flat=True))
        lost = {number for number, body in enumerate(bodies) if not _pupils(body) <= there}
        rows = [_row(body) for number, body in enumerate(bodies) if number not in lost]
        saved = iter(save_adults(school=school, year=year, rows=rows, by=self.request.user))  # type: ignore[arg-type]
        wrong = [("guardianships", NO_PUPIL, None)]
        return [Result(WAIT, None, list(wrong)) if number in lost else next(saved) for number in range(len(bodies))]


def _pupils(body: Body) -> set[int]:
    return {link["pupil"] for link in body.get("guardianships", ())}


def _row(body: Body) -> GivenAdult:
    texts = name_texts(body) | ({"email": body["email"]} if "email" in body else {})
    links = [
        GivenLink(link["pupil"], _link_texts(link), bool(link.get("removed"))) for link in body.get("guardianships", ())
    ]
    return GivenAdult(texts, links, body.get("id"), body.get("version"))


def _link_texts(link: Body) -> dict[str, str]:
    texts = {"kind": KIND_TITLES[link["kind"]]} if "kind" in link else {}
    dates = ("invited_on", "registered_on", "declined_on")
    return texts | {key: link[key].isoformat() if link[key] else "нет" for key in dates if key in link}


# Rows that are gone

DELETED_KINDS = (
    ("classes", "класс"), ("pupils", "обучающийся"), ("guardians", "представитель"), ("guardianships", "связь"),
    ("staff", "сотрудник"), ("chats", "чат"),
)  # fmt: skip


class DeletionSerializer(serializers.ModelSerializer[Deletion]):
    """A row that is gone."""

    school = SchoolRef(read_only=True, label="Школа")
    kind = serializers.ChoiceField(choices=DELETED_KINDS, read_only=True, label="что удалено")

    class Meta:
        model = Deletion
        fields = ["id", "school", "kind", "row_id", "deleted_at"]
        read_only_fields = fields


class DeletionFilter(filters.FilterSet):
    """Filters of deletions."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    kind = filters.ChoiceFilter(choices=DELETED_KINDS, label="Что удалено")
    deleted_since = SinceFilter(field_name="deleted_at", label="Удалены с этого момента")


class DeletionViewSet(ScopedViewSet[Deletion]):
    """Удалённые записи списков: тем, кто хранит их копию. `row_id` — номер, под которым запись была в своём списке."""

    model = Deletion
    serializer_class = DeletionSerializer
    filterset_class = DeletionFilter
    related = ("school",)
    file_name = "deletions"
    http_method_names = ["get", "head", "options"]
