"""REST of weekly activity: what an operator of a platform delivers, and the journal of deliveries."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports.activity import ActivityBusy, ActivityRefused, ActivityRow, ChatRow, record_activity
from reports.models import ActivityLoad
from reports.weeks import IsoWeek
from schools.api import RegionRef, SchoolRef, ScopedViewSet, StrictSerializer
from schools.models import AccessToken, School, User
from schools.platforms import PLATFORM_BY_KEY, PLATFORM_BY_NUMBER
from schools.problems import Conflict
from schools.renderers import to_json
from schools.rest import JSONParser
from schools.scope import sight_of

MOST_ROWS = 200_000
MOST_ERRORS = 100
LONGEST_REFERENCE = 100
BUSY_SECONDS = 10  # until the same delivery may be sent again


class WeekField(serializers.CharField):
    """A week written as 2026-W47."""

    def to_internal_value(self, data: Any) -> Any:
        """Text → IsoWeek."""
        try:
            return IsoWeek.parse(super().to_internal_value(data))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CoverSerializer(StrictSerializer):
    """For which schools the delivery speaks: those it is silent about had no activity."""

    schools = serializers.ListField(child=serializers.CharField(max_length=16), required=False, max_length=50_000)
    region = serializers.CharField(max_length=2, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if len(attrs) != 1:
            raise ValidationError("Напишите одно из двух: schools (список кодов школ) или region (код региона).")
        return attrs


@dataclass(frozen=True, slots=True)
class RowKind:
    """Rows of a delivery: what they become, whom each names and how, which counts it may give."""

    record: Callable[..., Any]
    whom: str
    reference: str
    lacking: str
    counts: tuple[str, ...]

    @property
    def schema(self) -> dict[str, Any]:
        """The list of such rows as OpenAPI describes it."""
        return {
            "type": "array",
            "maxItems": MOST_ROWS,
            "items": {
                "type": "object",
                "required": ["school", self.whom],
                "additionalProperties": False,
                "properties": {
                    "school": {"type": "string", "description": "Код школы"},
                    self.whom: {"type": ["integer", "string"], "description": self.reference},
                    **{name: {"type": "integer", "minimum": 0, "default": 0} for name in self.counts},
                },
            },
        }

    def problem(self, row: Any) -> str:
        """What is wrong with the shape of a row, '' if nothing."""
        if not isinstance(row, Mapping):
            return "Строка — это объект со школой и тем, о ком она."
        if alien := sorted(set(row) - {"school", self.whom, *self.counts}):
            return f"Поля «{alien[0][:40]}» здесь нет, уберите его."
        if not isinstance(row.get("school"), str):
            return "Впишите код школы текстом."
        whom = row.get(self.whom)
        if not _is_count(whom) and not (isinstance(whom, str) and len(whom) <= LONGEST_REFERENCE):
            return self.lacking
        if not all(_is_count(row.get(name, 0)) for name in self.counts):
            return "Сообщения, звонки и входы — целые числа от нуля."
        return ""


STAFF = RowKind(
    ActivityRow,
    "staff",
    "Номер сотрудника (число), иначе СНИЛС или табельный номер",
    "Впишите номер сотрудника числом, иначе СНИЛС или табельный номер текстом.",
    ("messages", "calls", "logins"),
)
CHATS = RowKind(
    ChatRow,
    "chat",
    "Номер чата на портале (число), иначе его номер на площадке",
    "Впишите номер чата на портале числом, иначе его номер на площадке текстом.",
    ("messages",),
)


class RowsField(serializers.Field[list[Any], Any, Any, Any]):
    """Rows of a kind, checked by hand: a serializer a row would take a minute for a region."""

    kind: ClassVar[RowKind]

    def to_internal_value(self, data: Any) -> list[Any]:
        """List of objects → list of records; all mistakes at once, up to 100."""
        if not isinstance(data, list) or len(data) > MOST_ROWS:
            raise ValidationError(f"Здесь нужен список не длиннее {MOST_ROWS} строк.")
        mistakes = {}
        for index, row in enumerate(data):
            if problem := self.kind.problem(row):
                mistakes[str(index)] = [problem]
                if len(mistakes) == MOST_ERRORS:
                    break
        if mistakes:
            raise ValidationError(mistakes)
        return [self.kind.record(row=index, **row) for index, row in enumerate(data, start=1)]

    def to_representation(self, value: Any) -> Any:
        """Never shown."""
        return None


@extend_schema_field(STAFF.schema)
class StaffRowsField(RowsField):
    """What staff did."""

    kind = STAFF


@extend_schema_field(CHATS.schema)
class ChatRowsField(RowsField):
    """What was written in chats."""

    kind = CHATS


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class DeliverySerializer(StrictSerializer):
    """A week of activity on a platform."""

    week = WeekField(help_text="Неделя: 2026-W47")
    platform = serializers.ChoiceField(choices=sorted(PLATFORM_BY_KEY))
    covers = CoverSerializer()
    rows = StaffRowsField(help_text="Кто что делал; кого нет, тот ничего не делал")
    chats = ChatRowsField(
        required=False,
        help_text="Сколько писали в чатах; в чате, которого нет, не писали. Без этого поля о чатах данных нет, "
        "и показатель 10 не считается",
    )


class LoadSerializer(serializers.ModelSerializer[ActivityLoad]):
    """A delivery in the journal."""

    week = serializers.SerializerMethodField(label="неделя")
    platform = serializers.SerializerMethodField(label="площадка")
    region = RegionRef(read_only=True, allow_null=True, label="Регион")
    school = SchoolRef(read_only=True, allow_null=True, label="Школа")

    class Meta:
        model = ActivityLoad
        fields = ["id", "week", "platform", "region", "school", "source", "rows", "schools_covered", "loaded_at"]

    def get_week(self, load: ActivityLoad) -> str:
        """«2026-W47»."""
        return str(IsoWeek.from_number(load.week))

    def get_platform(self, load: ActivityLoad) -> str:
        """Key of the platform."""
        return PLATFORM_BY_NUMBER[load.platform].key


EXAMPLE = OpenApiExample(
    "неделя школы",
    {
        "week": "2026-W47",
        "platform": "sferum",
        "covers": {"schools": ["780001"]},
        "rows": [{"school": "780001", "staff": 1, "messages": 12, "calls": 1}],
        "chats": [{"school": "780001", "chat": "2000000017", "messages": 31}],
    },
    request_only=True,
)


class ActivityViewSet(ScopedViewSet[ActivityLoad]):
    """Недельная активность сотрудников и чатов.

    Поступление за ту же неделю, площадку и школы заменяет прежнее; без чатов переданное о них раньше остаётся.
    Принимаются либо все строки, либо ни одной. Нужен токен с правом присылать активность или вход координатора региона.
    """

    model = ActivityLoad
    serializer_class = LoadSerializer
    related = ("region", "school")
    file_name = "activity"
    parser_classes = [JSONParser]
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = {"create": "loads_activity"}

    @extend_schema(
        summary="Прислать неделю", request=DeliverySerializer, responses={201: LoadSerializer}, examples=[EXAMPLE]
    )
    def create(self, request: Request) -> Response:
        """Take a delivery in, whole or not at all."""
        schools = self._schools(request)
        form = DeliverySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        try:
            load = record_activity(
                week=asked["week"],
                platform=PLATFORM_BY_KEY[asked["platform"]],
                rows=asked["rows"],
                chats=asked.get("chats"),
                covers=_covered(schools, asked["covers"]),
                source=_source(request),
                by=cast(User, request.user),
                sha256=hashlib.sha256(to_json(request.data)).hexdigest(),
            )
        except ActivityBusy as busy:
            raise Conflict(str(busy), retry_after=BUSY_SECONDS) from busy
        except ActivityRefused as refusal:
            raise ValidationError(_mistakes(refusal)) from refusal
        return Response(LoadSerializer(load).data, status=201)

    def _schools(self, request: Request) -> "QuerySet[School]":
        """Schools one may deliver for: a trusted token's owner's sight, or a coordinator's own region."""
        visible: QuerySet[School] = School.objects.visible_to(request.user)
        sight = sight_of(request.user)
        if sight.everything or isinstance(request.auth, AccessToken):
            return visible
        if not sight.region_ids:
            raise PermissionDenied
        return visible.filter(region__in=sight.region_ids)


def _covered(schools: "QuerySet[School]", covers: Mapping[str, Any]) -> "QuerySet[School]":
    if "region" in covers:
        return schools.filter(region__code=covers["region"])
    asked = list(dict.fromkeys(covers["schools"]))
    known = set(schools.filter(code__in=asked).values_list("code", flat=True))
    wrong = [code for code in asked if code not in known][:MOST_ERRORS]
    if wrong:
        places = {str(asked.index(code)): ["Школы с таким кодом нет среди ваших."] for code in wrong}
        raise ValidationError({"covers": {"schools": places}})
    return schools.filter(code__in=asked)


def _mistakes(refusal: ActivityRefused) -> dict[str, Any]:
    places: dict[str, dict[str, list[str]]] = {}
    for mistake in refusal.mistakes:
        places.setdefault("chats" if mistake.of_chats else "rows", {})[str(mistake.row - 1)] = [mistake.message]
    return places or {"non_field_errors": [str(refusal)]}


def _source(request: Request) -> str:
    """Where it came from, for the journal."""
    name = request.auth.name if isinstance(request.auth, AccessToken) else ""
    return f"REST, токен «{name}»" if name else "REST"
