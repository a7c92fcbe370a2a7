"""What the resources of a roster share: bodies become rows, rows go the way of an upload, each is answered for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from schools.api import ScopedViewSet, StrictSerializer
from schools.models import School
from schools.problems import Conflict
from schools.scope import AnyUser, sight_of
from schools.years import school_year_of
from staff.imports.plan import CHANGE, NEW, SAME
from staff.names import NO_PATRONYMIC
from staff.rosters.changing import STALE, Result

M = TypeVar("M", bound=Model)
MOST_AT_ONCE = 1000
ACTIONS = ((NEW, "внесена"), (CHANGE, "изменена"), (SAME, "без изменений"))
NO_SCHOOL = "Школы с таким кодом нет среди ваших. Проверьте код."
WHICH_SCHOOL = "Школ у вас несколько: назовите код школы."
NO_ROW = "Такой записи нет среди тех, что вам можно менять. Проверьте номер."
Body = Mapping[str, Any]


class RosterBody(StrictSerializer):
    """What every body may have: the school, the school year, the version the sender knows."""

    school = serializers.CharField(
        max_length=16, required=False, label="код школы", help_text="Не нужен, если школа у вас одна."
    )
    year = serializers.IntegerField(
        min_value=2000, max_value=2100, required=False, label="учебный год", help_text="Год, в котором он начался."
    )
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, label="версия", help_text="Если её уже сменили, ответим 409."
    )


class ItemBody(serializers.Serializer[Any]):
    """What an item of a list has besides: the number of a known row, of which only the fields named are changed."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, label="номер записи")


class NameBody(RosterBody):
    """A person's name and СНИЛС, as an upload takes them."""

    last_name = serializers.CharField(max_length=100, label="фамилия")
    first_name = serializers.CharField(max_length=100, label="имя")
    patronymic = serializers.CharField(max_length=100, required=False, allow_blank=True, label="отчество")
    no_patronymic = serializers.BooleanField(required=False, label="отчества нет по документам")
    snils = serializers.CharField(max_length=20, required=False, allow_blank=True, label="СНИЛС")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, label="мобильный телефон")


def name_texts(body: Body) -> dict[str, str]:
    """The cells of a name, those that are given."""
    texts = {key: body[key] for key in ("last_name", "first_name", "patronymic", "snils", "phone") if key in body}
    if body.get("no_patronymic") and not texts.get("patronymic"):
        texts["patronymic"] = NO_PATRONYMIC
    return texts


def text_of(value: Any) -> str:
    """A value as a cell has it; '' for null."""
    return "" if value is None else str(value)


class RosterItemErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField(allow_blank=True, label="поле")
    message = serializers.CharField(label="что не так и как исправить")
    suggestion = serializers.CharField(allow_null=True, label="подсказка")


class RosterItemResultSerializer(serializers.Serializer[Any]):
    """What became of one item of a list."""

    index = serializers.IntegerField(label="место в списке, с нуля")
    status = serializers.IntegerField(label="код: 201, 200, 400, 404 или 409")
    action = serializers.ChoiceField(choices=ACTIONS, allow_null=True, label="что сделали")
    id = serializers.IntegerField(allow_null=True, label="номер записи")
    errors = RosterItemErrorSerializer(many=True, label="ошибки")  # type: ignore[assignment]


class RosterResultsSerializer(serializers.Serializer[Any]):
    """The outcome of a list, item by item."""

    results = RosterItemResultSerializer(many=True)


def result_of(index: int, result: Result) -> dict[str, Any]:
    """An item's outcome as REST tells it."""
    done = {NEW: 201, CHANGE: 200, SAME: 200}.get(result.action)
    errors = [_error(field, message, hint) for field, message, hint in result.problems]
    status = done or (409 if result.is_stale else 400)
    return {
        "index": index,
        "status": status,
        "action": result.action if done else None,
        "id": result.id,
        "errors": errors,
    }


def _error(field: str, message: str, hint: str | None) -> dict[str, Any]:
    sentence = message if message.endswith((".", "?", "!")) else f"{message}."
    return {"field": _FIELDS.get(field, field), "message": sentence, "suggestion": None if hint == "-" else hint}


_FIELDS = {"school_class": "class_name", "teachers": "teachers", "row_key": "id", "pupil_key": "pupil", "full_name": ""}


def refused(index: int, status: int, errors: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The outcome of an item nothing was tried with."""
    told = [{"field": field, "message": message, "suggestion": None} for field, message in errors]
    return {"index": index, "status": status, "action": None, "id": None, "errors": told}


def errors_of(detail: Any, path: str = "") -> list[tuple[str, str]]:
    """A serializer's errors as (field, message) pairs."""
    if isinstance(detail, Mapping):
        return [pair for key, each in detail.items() for pair in errors_of(each, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list | tuple) and any(isinstance(each, Mapping | list) for each in detail):
        return [pair for number, each in enumerate(detail) for pair in errors_of(each, f"{path}.{number}")]
    texts = detail if isinstance(detail, list | tuple) else [detail]
    return [("" if path == "non_field_errors" else path, str(text)) for text in texts]


class RosterViewSet(ScopedViewSet[M], Generic[M]):
    """A resource of a roster: read within sight, written one by one or in lists by the rules of an upload."""

    body_class: ClassVar[type[RosterBody]]
    http_method_names = ["get", "head", "options", "post", "patch"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "partial_update", "bulk"), "loads_staff")

    def schools(self, user: AnyUser) -> QuerySet[School]:
        """Schools whose rows a person may write: people are written by their own school alone."""
        visible: QuerySet[School] = School.objects.visible_to(user)
        sight = sight_of(user)
        return visible if sight.everything else visible.filter(pk__in=sight.school_ids)

    def save(self, school: School, year: int, bodies: Sequence[Body]) -> list[Result]:
        """Write bodies of one school and year."""
        raise NotImplementedError

    # Doors

    def create(self, request: Request) -> Response:
        """Write one new row, or the known one it turns out to be."""
        body = self._checked(request.data, partial=False)
        result = self._saved_one(body)
        record = self.get_serializer(self.get_queryset().get(pk=result.id)).data
        status = 201 if result.action == NEW else 200
        return Response(record, status=status, headers={"Location": self.reverse_action("detail", args=[result.id])})

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a known row: only the fields given."""
        row: Any = self.get_object()
        if not self.model.objects.editable_by(request.user).filter(pk=row.pk).exists():
            raise PermissionDenied
        body = self._checked(request.data, partial=True)
        body |= {"id": row.pk, "school": row.school.code, "year": body.get("year", getattr(row, "year", None))}
        self._saved_one(body)
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data)

    def _checked(self, data: Any, *, partial: bool) -> dict[str, Any]:
        form = self.body_class(data=data, partial=partial)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _saved_one(self, body: Body) -> Result:
        school = self._schools([body])[0]
        if isinstance(school, str):
            raise ValidationError({"school": [school]})
        result = self.save(school, self._year(body), [body])[0]
        if result.is_stale:
            raise Conflict(STALE)
        if result.problems:
            found: dict[str, list[str]] = defaultdict(list)
            for each in result_of(0, result)["errors"]:
                hint = f" Подойдёт «{each['suggestion']}»." if each["suggestion"] else ""
                found[each["field"] or "non_field_errors"].append(f"{each['message']}{hint}")
            raise ValidationError(dict(found))
        return result

    @extend_schema(
        summary="Внести и изменить списком",
        responses={207: RosterResultsSerializer},
        description="До 1000 записей; ответ говорит о каждой. С полем id запись изменяется: пустое поле стирается, "
        "неназванное остаётся. Без id узнаём её, как при загрузке файла, а если не узнали, вносим новую.",
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Write many rows, school by school; the right ones go in."""
        items = request.data
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_AT_ONCE:
            raise ValidationError(f"Пришлите список от 1 до {MOST_AT_ONCE} записей.")
        results: dict[int, dict[str, Any]] = {}
        bodies = self._bodies(items, results)
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        schools: dict[int, School] = {}
        for (index, body), school in zip(bodies.items(), self._schools(bodies.values()), strict=True):
            if isinstance(school, str):
                results[index] = refused(index, 400, [("school", school)])
                continue
            schools[school.pk] = school
            groups[school.pk, self._year(body)].append(index)
        for (pk, year), indexes in groups.items():
            saved = self.save(schools[pk], year, [bodies[index] for index in indexes])
            results |= {index: result_of(index, result) for index, result in zip(indexes, saved, strict=True)}
        return Response({"results": [results[index] for index in range(len(items))]}, status=207)

    def _bodies(self, items: Sequence[Any], results: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Items whose fields are right, by index; of the others the outcome is told at once."""
        bodies: dict[int, dict[str, Any]] = {}
        for index, item in enumerate(items):
            known = isinstance(item, Mapping) and "id" in item
            given = {key: value for key, value in item.items() if key != "id"} if known else item
            form = self.body_class(data=given, partial=known)
            if not form.is_valid():
                results[index] = refused(index, 400, errors_of(form.errors))
                continue
            bodies[index] = dict(form.validated_data) | ({"id": item["id"]} if known else {})
        self._find_known(bodies, results)
        return bodies

    def _find_known(self, bodies: dict[int, dict[str, Any]], results: dict[int, dict[str, Any]]) -> None:
        """Put the school of known rows into their bodies, in one query; rows out of reach are not there."""
        asked = {body["id"] for body in bodies.values() if _is_id(body.get("id"))}
        editable = self.model.objects.editable_by(self.request.user).filter(pk__in=asked)
        known = {row.pk: row for row in editable.select_related("school")}
        for index, body in list(bodies.items()):
            if "id" not in body:
                continue
            row = known.get(body["id"]) if _is_id(body["id"]) else None
            if row is None:
                del bodies[index]
                results[index] = refused(index, 404, [("id", NO_ROW)])
                continue
            body["school"] = row.school.code
            body.setdefault("year", getattr(row, "year", None))

    # Places

    def _schools(self, bodies: Iterable[Body]) -> list[School | str]:
        """The school of each body, or the sentence that says why there is none; two queries at most."""
        listed = list(bodies)
        allowed = self.schools(self.request.user)
        named = {body["school"] for body in listed if body.get("school")}
        known = {school.code: school for school in allowed.filter(code__in=named)} if named else {}
        own = list(allowed[:2]) if any(not body.get("school") for body in listed) else []
        only: School | str = own[0] if len(own) == 1 else WHICH_SCHOOL if own else NO_SCHOOL
        return [known.get(body["school"], NO_SCHOOL) if body.get("school") else only for body in listed]

    @staticmethod
    def _year(body: Body) -> int:
        return body.get("year") or school_year_of(timezone.localdate())


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def changed_since(path: str) -> Any:
    """A filter of rows changed since a moment, or with linked rows changed since."""

    def apply(found: QuerySet[Any], name: str, moment: Any) -> QuerySet[Any]:
        return found.filter(Q(updated_at__gte=moment) | Q(**{f"{path}__updated_at__gte": moment})).distinct()

    return apply
