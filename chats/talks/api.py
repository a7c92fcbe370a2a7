"""REST of use cases, of chats, and of the chats a school should have."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from chats.findings import FINDING_KINDS, Finding, covered
from chats.kit import may_be_handed_on
from chats.models import Chat
from chats.proposals import Proposal
from chats.roles import association_choices
from chats.talks.activity import keeper
from chats.talks.giving import GivenChat, save_given
from chats.talks.loading import Reading, read_school
from chats.talks.showing import finding_words, season_text
from chats.use_cases import USE_CASE_BY_NUMBER, USE_CASES, Group, UseCase
from chats.use_cases.members import rule_text
from schools.api import FORMAT, IdFilter, SchoolRef, SinceFilter, StrictQuery, YesNoFilter
from schools.models import School
from schools.platforms import CHAT_CHANNEL_BY_NUMBER, CHAT_CHANNELS
from schools.scope import sight_of
from staff.rosters.api.base import Body, ItemBody, RosterBody, RosterResultsSerializer, RosterViewSet
from staff.rosters.api.pupils import ClassRef
from staff.rosters.changing import Result

CHANNELS = {channel.key: channel.number for channel in CHAT_CHANNELS}
CHANNEL_CHOICES = [(channel.key, channel.name) for channel in CHAT_CHANNELS]
GROUPS = {group: group.name.lower() for group in Group}
CASE_CHOICES = [(case.number, case.name) for case in USE_CASES]


class UseCaseSerializer(serializers.Serializer[Any]):
    """A case of use."""

    number = serializers.IntegerField(label="номер")
    key = serializers.CharField(label="ключ")
    name = serializers.CharField(label="название")
    group = serializers.ChoiceField(choices=[(key, group.value) for group, key in GROUPS.items()], label="группа")
    purpose = serializers.CharField(label="зачем")
    members = serializers.CharField(label="кто в чате")
    title = serializers.CharField(label="как называть")
    unit = serializers.CharField(label="о чём один чат")
    lifetime = serializers.CharField(label="сколько живёт")
    season = serializers.CharField(allow_blank=True, label="срок в году")
    is_optional = serializers.BooleanField(label="нужен только по решению школы")
    why = serializers.CharField(label="кому нужен")


def case_record(case: UseCase) -> dict[str, Any]:
    """A case as a record."""
    return {
        "number": case.number,
        "key": case.key,
        "name": case.name,
        "group": GROUPS[case.group],
        "purpose": case.purpose,
        "members": rule_text(case.members),
        "title": case.title,
        "unit": case.unit.value,
        "lifetime": case.lifetime.value,
        "season": season_text(case).replace("\u00a0", " "),
        "is_optional": case.is_optional,
        "why": case.expected.why,
    }


class UseCaseViewSet(StrictQuery, ViewSet):
    """27 кейсов использования чатов: зачем, кто в чате, как назвать, сколько живёт и кому нужен."""

    lookup_field = "number"
    lookup_value_regex = r"\d{1,3}"

    @extend_schema(responses=UseCaseSerializer(many=True), parameters=[FORMAT], summary="Кейсы")
    def list(self, request: Request) -> Response:
        """All cases."""
        return Response([case_record(case) for case in USE_CASES])

    @extend_schema(
        responses=UseCaseSerializer,
        parameters=[FORMAT, OpenApiParameter("number", int, OpenApiParameter.PATH, description="Номер кейса")],
        summary="Кейс",
    )
    def retrieve(self, request: Request, number: str) -> Response:
        """One case."""
        case = USE_CASE_BY_NUMBER.get(int(number))
        if case is None:
            raise Http404
        return Response(case_record(case))


# Chats


class OwnerSerializer(serializers.Serializer[Any]):
    """Who keeps a chat."""

    id = serializers.IntegerField(source="pk", label="номер сотрудника")
    name = serializers.CharField(source="full_name", label="ФИО")


class MemberCountsSerializer(serializers.Serializer[Any]):
    """How many people are known to be in a chat; names are on the school's own page."""

    staff = serializers.IntegerField(source="staff_inside", label="сотрудников")
    pupils = serializers.IntegerField(source="pupils_inside", label="обучающихся")
    guardians = serializers.IntegerField(source="guardians_inside", label="представителей")


class ChatSerializer(serializers.ModelSerializer[Chat]):
    """A chat."""

    school = SchoolRef(read_only=True, label="Школа")
    school_class = ClassRef(read_only=True, allow_null=True, label="Класс")
    channel = serializers.SerializerMethodField(label="канал")
    link = serializers.SerializerMethodField(label="ссылка-приглашение; в чаты семей — только своей школе")
    owner = OwnerSerializer(read_only=True, allow_null=True, label="Владелец")
    members = MemberCountsSerializer(source="*", read_only=True, label="Участники")
    messages_week = serializers.CharField(
        read_only=True, allow_null=True, label="Последняя посчитанная неделя", help_text="2026-W47"
    )
    messages = serializers.IntegerField(
        read_only=True, allow_null=True, label="Сообщений за неё", help_text="null — данных о чатах школы нет."
    )

    class Meta:
        model = Chat
        fields = [
            "id", "school", "use_case", "school_class", "area", "channel", "title", "link", "external_id", "owner",
            "opened_on", "ends_on", "closed_on", "members", "messages_week", "messages", "version", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=CHANNEL_CHOICES))
    def get_channel(self, chat: Chat) -> str:
        """Key of the channel."""
        return CHAT_CHANNEL_BY_NUMBER[chat.channel].key

    def get_link(self, chat: Chat) -> str:
        """The invitation, for those who may hand it on."""
        sight = sight_of(self.context["request"].user)
        own = sight.everything or chat.school_id in sight.school_ids
        return chat.link if may_be_handed_on(chat.case, own=own) else ""


class IdsField(serializers.ListField):
    """Numbers of people."""

    child = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    def __init__(self, label: str) -> None:
        super().__init__(max_length=2000, required=False, label=label)


class MembersBody(serializers.Serializer[Any]):
    """Who is in a chat: a kind that is named is replaced as a whole."""

    staff = IdsField("номера сотрудников")
    pupils = IdsField("номера обучающихся")
    guardians = IdsField("номера представителей")


def _text(label: str, longest: int, hint: str = "") -> Any:
    return serializers.CharField(max_length=longest, required=False, allow_blank=True, label=label, help_text=hint)


class ChatBody(RosterBody):
    """A chat to write."""

    use_case = serializers.ChoiceField(choices=CASE_CHOICES, label="номер кейса")
    class_name = _text("класс", 20, "Для чатов класса: 6Б.")
    area = serializers.ChoiceField(
        choices=association_choices(), required=False, allow_null=True, label="методическое объединение"
    )
    channel = serializers.ChoiceField(choices=CHANNEL_CHOICES, label="канал")
    title = _text("название", 150, "Пусто — назовём по правилу кейса.")
    link = _text("ссылка-приглашение", 500)
    external_id = _text("номер на площадке", 100, "По нему узнаём чат, если нет id.")
    owner = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, label="владелец: номер сотрудника"
    )
    opened_on = serializers.DateField(label="создан")
    ends_on = serializers.DateField(required=False, allow_null=True, label="нужен до")
    closed_on = serializers.DateField(required=False, allow_null=True, label="закрыт")
    members = MembersBody(required=False, label="участники")


class ChatItem(ChatBody, ItemBody):
    """An item of a list."""


class ChatFilter(filters.FilterSet):
    """Filters of chats."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    region = filters.CharFilter(field_name="school__region__code", label="Код региона", max_length=2)
    municipality = IdFilter(field_name="school__municipality_id", label="Номер муниципалитета")
    use_case = filters.ChoiceFilter(choices=CASE_CHOICES, label="Номер кейса")
    channel = filters.ChoiceFilter(choices=CHANNEL_CHOICES, method="by_channel", label="Канал")
    external_id = filters.CharFilter(label="Номер на площадке", max_length=100)
    open = YesNoFilter(method="by_open", label="true — действует сегодня, false — нет")
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_channel(self, found: QuerySet[Chat], name: str, key: str) -> QuerySet[Chat]:
        """Chats of a channel."""
        return found.filter(channel=CHANNELS[key])

    def by_open(self, found: QuerySet[Chat], name: str, value: bool) -> QuerySet[Chat]:
        """Chats that run today, or those that do not."""
        running = found.open()  # type: ignore[attr-defined]
        return running if value else found.exclude(pk__in=running.values("pk"))


EXAMPLE = {
    "school": "780001", "use_case": 15, "class_name": "6Б", "channel": "max", "link": "https://max.ru/join/abc",
    "opened_on": "2026-09-01", "members": {"staff": [12], "guardians": [31, 32]},
}  # fmt: skip


@extend_schema_view(
    create=extend_schema(
        summary="Записать чат", request=ChatBody, responses={201: ChatSerializer, 200: ChatSerializer},
        examples=[OpenApiExample("чат", EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(summary="Изменить чат", request=ChatBody, responses={200: ChatSerializer}),
    bulk=extend_schema(request=ChatItem(many=True, partial=True), responses={207: RosterResultsSerializer}),
)  # fmt: skip
class ChatViewSet(RosterViewSet[Chat]):
    """Чаты школ. Участники — числами: имена видит только сама школа на своей странице.

    Пишет школа о своих чатах. Токену для записи нужно право загружать списки. Чат не удаляют, ему ставят `closed_on`;
    удалённые администратором видны в `/api/v1/deletions/`.
    """

    model = Chat
    serializer_class = ChatSerializer
    filterset_class = ChatFilter
    body_class = ChatBody
    related = ("school", "school_class", "owner")
    file_name = "chats"

    def get_queryset(self) -> QuerySet[Chat]:
        """Chats in sight with the counts of their members and of the last week's messages."""
        inside = Q(members__left_on=None)
        found = (
            super()
            .get_queryset()
            .annotate(
                staff_inside=Count("members__staff", filter=inside),
                pupils_inside=Count("members__pupil", filter=inside),
                guardians_inside=Count("members__guardian", filter=inside),
            )
        )
        is_described = getattr(self, "swagger_fake_view", False)  # the schema is drawn without a database
        return found if is_described else keeper().with_messages(found)

    def save(self, school: School, year: int, bodies: Sequence[Body]) -> list[Result]:
        """Write chats of one school and year."""
        rows = [GivenChat(_facts(body), body.get("id"), body.get("version")) for body in bodies]
        return save_given(school=school, year=year, rows=rows, by=self.request.user)  # type: ignore[arg-type]


_OWN = {"school", "year", "version", "id"}


def _facts(body: Body) -> dict[str, Any]:
    facts = {name: value for name, value in body.items() if name not in _OWN}
    for name in ("use_case", "area"):
        if facts.get(name) is not None:
            facts[name] = int(facts[name])
    if "channel" in facts:
        facts["channel"] = CHANNELS[facts["channel"]]
    return facts


# What a school should have


class ExpectedChatSerializer(serializers.Serializer[Any]):
    """A chat a school should have, and the one it has."""

    use_case = serializers.IntegerField(label="номер кейса")
    class_name = serializers.CharField(allow_blank=True, label="класс")
    area = serializers.IntegerField(allow_null=True, label="методическое объединение")
    title = serializers.CharField(label="название по правилу")
    chat = serializers.IntegerField(allow_null=True, label="номер чата, который есть")


class ChatFindingSerializer(serializers.Serializer[Any]):
    """What there is to do."""

    kind = serializers.ChoiceField(choices=[(kind.key, kind.title) for kind in FINDING_KINDS], label="что не так")
    use_case = serializers.IntegerField(label="номер кейса")
    chat = serializers.IntegerField(allow_null=True, label="номер чата")
    title = serializers.CharField(label="о каком чате")
    words = serializers.CharField(label="словами")
    todo = serializers.CharField(label="что сделать")
    absent = serializers.IntegerField(label="скольких нет в чате")
    expected = serializers.IntegerField(label="сколько должно быть")


class ExpectedChatsSerializer(serializers.Serializer[Any]):
    """A school's chats against what it should have."""

    school = SchoolRef(label="Школа")
    day = serializers.DateField(label="на день")
    expected = serializers.IntegerField(label="должно быть чатов")
    present = serializers.IntegerField(label="есть чатов")
    chats = ExpectedChatSerializer(many=True, label="какие должны быть")
    findings = ChatFindingSerializer(many=True, label="что сделать")


class ExpectedChatsViewSet(StrictQuery, ViewSet):
    """Какие чаты нужны школе по её людям и классам, какие есть и что с ними сделать. Имён здесь нет.

    Адрес — номер школы: `/api/v1/expected-chats/15/`.
    """

    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        responses=ExpectedChatsSerializer,
        parameters=[FORMAT, OpenApiParameter("id", int, OpenApiParameter.PATH, description="Номер школы")],
        summary="Нужные школе чаты",
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """One school, read as its page reads it."""
        if not sight_of(request.user).sees_people:
            raise Http404
        school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
        return Response(ExpectedChatsSerializer(_record(read_school(school, timezone.localdate(), names=False))).data)


def _record(read: Reading) -> Mapping[str, Any]:
    present, expected = covered(read.standing, USE_CASES)
    return {
        "school": read.school,
        "day": read.day,
        "expected": expected,
        "present": present,
        "chats": [_expected(each, read) for each in read.standing.proposals],
        "findings": [_finding(each) for each in read.standing.findings],
    }


def _expected(proposal: Proposal, read: Reading) -> dict[str, Any]:
    found = read.standing.chat_of.get(proposal.key)
    return {
        "use_case": proposal.use_case.number,
        "class_name": proposal.place.school_class.name if proposal.place.school_class else "",
        "area": proposal.place.area,
        "title": proposal.title,
        "chat": found.id if found else None,
    }


def _finding(found: Finding) -> dict[str, Any]:
    title = found.chat.title if found.chat else found.proposal.title if found.proposal else ""
    return {
        "kind": found.kind.key,
        "use_case": found.use_case.number,
        "chat": found.chat.id if found.chat else None,
        "title": title,
        "words": finding_words(found).replace("\u00a0", " "),
        "todo": found.kind.todo,
        "absent": len(found.absent),
        "expected": found.expected,
    }
