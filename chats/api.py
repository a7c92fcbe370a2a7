"""REST of the library of legal acts and of useful resources, to read."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers

from chats.legal_acts.kinds import kind_choices, state_choices
from chats.models import LegalAct, Resource
from chats.useful_links import AUDIENCE_BY_KEY, AUDIENCES
from chats.useful_links import kind_choices as resource_kind_choices
from schools.api import RegionRef, ScopedViewSet, SinceFilter, YesNoFilter


class LegalActSerializer(serializers.ModelSerializer[LegalAct]):
    """An act: requisites, how it is cited, its fate; what is not known is null or empty."""

    heading = serializers.CharField(read_only=True, label="реквизиты")
    cited = serializers.CharField(read_only=True, label="как сослаться")
    superseded_by = serializers.CharField(
        source="superseded_by.key", read_only=True, allow_null=True, label="чем заменён: ключ акта"
    )
    amends = serializers.CharField(
        source="amends.key", read_only=True, allow_null=True, label="что изменяет: ключ акта"
    )

    class Meta:
        model = LegalAct
        fields = [
            "id",
            "key",
            "kind",
            "body",
            "adopted_on",
            "number",
            "title",
            "heading",
            "cited",
            "state",
            "state_note",
            "in_force_on",
            "lost_force_on",
            "superseded_by",
            "amends",
            "passage",
            "gives",
            "link",
            "source",
            "checked_on",
            "updated_at",
        ]


class LegalActFilter(filters.FilterSet):
    """Filters of acts."""

    kind = filters.ChoiceFilter(choices=kind_choices, label="Вид")
    state = filters.ChoiceFilter(choices=state_choices, label="Состояние")
    search = filters.CharFilter(
        method="by_text", label="Слова из номера, названия, органа или содержания", max_length=100
    )
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_text(self, found: QuerySet[LegalAct], name: str, text: str) -> QuerySet[LegalAct]:
        """Acts by words."""
        return found.search(text)  # type: ignore[attr-defined,no-any-return]


class LegalActViewSet(ScopedViewSet[LegalAct]):
    """Нормативная база. Адрес — ключ акта: `/api/v1/legal-acts/r-210/`; по ключу на акт ссылаются показатели.

    Пустое поле значит «не проверено»: чего нет в источнике, портал не додумывает.
    """

    model = LegalAct
    serializer_class = LegalActSerializer
    filterset_class = LegalActFilter
    lookup_field = "key"
    lookup_value_regex = r"[\w-]{1,60}"
    related = ("superseded_by", "amends")
    file_name = "legal-acts"


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    """A useful link."""

    region = RegionRef(read_only=True, allow_null=True, label="Регион")
    audiences = serializers.SerializerMethodField(label="кому")

    class Meta:
        model = Resource
        fields = [
            "id",
            "region",
            "title",
            "kind",
            "link",
            "audiences",
            "body",
            "note",
            "checked_on",
            "withdrawn_on",
            "updated_at",
        ]

    def get_audiences(self, resource: Resource) -> list[str]:
        """Keys of those it is for."""
        return [audience.key for audience in AUDIENCES if getattr(resource, audience.field)]


class ResourceFilter(filters.FilterSet):
    """Filters of resources."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    kind = filters.ChoiceFilter(choices=resource_kind_choices, label="Вид")
    audience = filters.ChoiceFilter(
        choices=[(audience.key, audience.name) for audience in AUDIENCES], method="by_audience", label="Кому"
    )
    withdrawn = YesNoFilter(
        field_name="withdrawn_on", lookup_expr="isnull", exclude=True, label="true — убранные из списка"
    )
    search = filters.CharFilter(method="by_text", label="Слова из названия, примечания или адреса", max_length=100)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_audience(self, found: QuerySet[Resource], name: str, key: str) -> QuerySet[Resource]:
        """Resources for a kind of people."""
        chosen: dict[str, Any] = {AUDIENCE_BY_KEY[key].field: True}
        return found.filter(**chosen)

    def by_text(self, found: QuerySet[Resource], name: str, text: str) -> QuerySet[Resource]:
        """Resources by words."""
        return found.search(text)  # type: ignore[attr-defined,no-any-return]


class ResourceViewSet(ScopedViewSet[Resource]):
    """Полезные ресурсы: общие и своего региона."""

    model = Resource
    serializer_class = ResourceSerializer
    filterset_class = ResourceFilter
    related = ("region",)
    file_name = "resources"
