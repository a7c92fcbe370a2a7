"""REST of texts of orders, to read."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers

from chats.models import OrderTemplate
from chats.models.orders import LEVELS
from chats.orders.fields import asked_of
from chats.orders.text import slots_of
from schools.api import ScopedViewSet, SinceFilter
from schools.scope import Level

LEVEL_KEYS = [(Level(number).name.lower(), name) for number, name in LEVELS]


class OrderTemplateSerializer(serializers.ModelSerializer[OrderTemplate]):
    """A text of orders in its present version, with the fields it asks for."""

    level = serializers.SerializerMethodField(label="кто издаёт")
    fields_asked = serializers.SerializerMethodField(label="поля")

    class Meta:
        model = OrderTemplate
        fields = [
            "id", "key", "version", "name", "purpose", "level", "subject", "text", "fields_asked", "to_all",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_level(self, text: OrderTemplate) -> str:
        """«municipality», «school»."""
        return Level(text.level).name.lower()

    def get_fields_asked(self, text: OrderTemplate) -> list[dict[str, str]]:
        """[{"key": "срок", "label": "Срок регистрации", "kind": "date"}]."""
        asked = asked_of(slots_of(text.text))
        return [{"key": field.key, "label": field.label, "kind": field.kind.value} for field in asked]


class OrderTemplateFilter(filters.FilterSet):
    """Filters of texts."""

    level = filters.ChoiceFilter(choices=LEVEL_KEYS, method="by_level", label="Кто издаёт")
    updated_since = SinceFilter(field_name="created_at", label="Изменены с этого момента")

    def by_level(self, found: QuerySet[OrderTemplate], name: str, key: str) -> QuerySet[OrderTemplate]:
        """Texts of a level."""
        return found.filter(level=Level[key.upper()])


class OrderTemplateViewSet(ScopedViewSet[OrderTemplate]):
    """Шаблоны приказов, действующие версии. Адрес — ключ: `/api/v1/order-templates/sferum-use/`.

    Слова в фигурных скобках — поля; какие из них спрашивают, сказано в `fields_asked`.
    """

    model = OrderTemplate
    serializer_class = OrderTemplateSerializer
    filterset_class = OrderTemplateFilter
    lookup_field = "key"
    lookup_value_regex = r"[\w-]{1,60}"
    file_name: ClassVar[str] = "order-templates"

    def get_queryset(self) -> QuerySet[OrderTemplate]:
        """The version in use of each."""
        return super().get_queryset().current()  # type: ignore[attr-defined,no-any-return]
