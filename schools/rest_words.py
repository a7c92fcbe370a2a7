"""What REST says of a wrong value: plain sentences in place of the stock ones, naming the values there are."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

OBJECT = 'Нужен объект JSON: {{"поле": значение}}.'  # DRF formats it
ROWS = "Нужен список: […]."
# Kind of field → what it says by the code of the mistake; a later, narrower kind wins.
WORDS: tuple[tuple[type[Any], dict[str, str]], ...] = (
    (serializers.Field, {"required": "Заполните это поле.", "null": "Нужно значение: null сюда не подходит."}),
    (serializers.CharField, {"invalid": "Нужен текст.", "blank": "Нужно значение: пустой текст сюда не подходит."}),
    (serializers.IntegerField, {"invalid": "Нужно целое число.", "max_string_length": "Число слишком длинное."}),
    (serializers.BooleanField, {"invalid": "Нужно true или false."}),
    (serializers.DateField, {"invalid": "Дата пишется так: 2026-11-22.", "datetime": "Нужна дата без времени."}),
    (serializers.DateTimeField, {"invalid": "Момент пишется так: 2026-11-22T06:00:00+03:00."}),
    (serializers.FileField, {"invalid": "Нужен файл: приложите его к полю формы, а не впишите текстом."}),
    (serializers.ListField, {"not_a_list": ROWS, "empty": "Список не может быть пустым."}),
    (serializers.BaseSerializer, {"invalid": OBJECT, "not_a_list": ROWS, "empty": "Список не может быть пустым."}),
)
LIMITS = {
    "max_value": "Нужно число не больше {}.",
    "min_value": "Нужно число не меньше {}.",
    "max_length": "Слишком длинно: самое большее — {}.",
    "min_length": "Слишком коротко: самое меньшее — {}.",
}
NULL = "Уберите нулевой байт: в тексте ему не место."
FORM_WORDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.IntegerField, "Нужно целое число."),
    (forms.DateField, "Дата пишется так: 2026-11-22."),
    (forms.DateTimeField, "Момент пишется так: 2026-11-22T06:00:00+03:00."),
)
PATTERN = "Значение записано не так. Как его пишут, сказано в описании: /api/v1/docs/."


def there_are(keys: Iterable[Any]) -> str:
    """«Такого значения нет. Есть: json, csv, xlsx.»."""
    return f"Такого значения нет. Есть: {', '.join(str(key) for key in keys if key not in ('', None))}."


def reword(field: Any) -> None:
    """Put our sentences into a field of a serializer wherever it has none of its own."""
    stock: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        stock |= getattr(kind, "default_error_messages", {})
    ours: dict[str, str] = {}
    for kind, words in WORDS:
        ours |= words if isinstance(field, kind) else {}
    if isinstance(field, serializers.ChoiceField):
        ours["invalid_choice"] = there_are(field.choices)
    field.error_messages |= {
        code: text for code, text in ours.items() if field.error_messages.get(code) is stock.get(code)
    }
    _reword_validators(field, stock)
    if isinstance(field, serializers.ListField):
        reword(field.child)


def _reword_validators(field: Any, stock: dict[str, Any]) -> None:
    for validator in field.validators:
        code = getattr(validator, "code", "")
        if code in LIMITS and field.error_messages.get(code) is stock.get(code):
            validator.message = LIMITS[code].format(validator.limit_value)
        elif isinstance(validator, ProhibitNullCharactersValidator):
            validator.message = NULL
        elif isinstance(validator, RegexValidator) and validator.message is stock.get("invalid"):
            validator.message = PATTERN


def reword_filter(field: forms.Field) -> None:
    """Put our sentences into a field of a filter wherever it has none of its own."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        field.error_messages["invalid_choice"] = there_are(key for key, _ in choices)
    is_stock = field.error_messages.get("invalid") is field.default_error_messages.get("invalid")
    for kind, text in FORM_WORDS:
        if is_stock and isinstance(field, kind):
            field.error_messages["invalid"] = text
    for validator in field.validators:
        code, own = getattr(validator, "code", ""), "message" in vars(validator)
        if isinstance(validator, ProhibitNullCharactersValidator):
            field.error_messages.setdefault(code, NULL)
        elif code in LIMITS and not own:
            field.error_messages.setdefault(code, LIMITS[code].format(getattr(validator, "limit_value", "")))


class WordedSerializer(serializers.Serializer[Any]):
    """A body or a query whose mistakes are told in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)

    def get_fields(self) -> dict[str, Any]:
        """The fields, with our sentences."""
        fields = super().get_fields()
        for field in fields.values():
            reword(field)
        return fields


class WordedFilters(DjangoFilterBackend):
    """Filters of the address whose mistakes name the values there are."""

    def get_filterset(self, request: Request, queryset: "QuerySet[Any]", view: APIView) -> FilterSet | None:
        """The filters of a view, with our sentences."""
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values() if filterset else ():
            reword_filter(field)
        return filterset  # type: ignore[no-any-return]
