"""REST of appointments: who answers for which place, appointing and ending; one by one and by the list."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from schools import jobs
from schools.api import (
    IdFilter,
    MunicipalityRef,
    RegionRef,
    SchoolRef,
    ScopedViewSet,
    SinceFilter,
    StrictSerializer,
    YesNoFilter,
)
from schools.appointing import services
from schools.appointing.listing import search, with_address
from schools.appointing.people import NAME_CLEANERS, Order, Person, clean_order_day
from schools.appointing.refusals import AppointRefused
from schools.appointing.services import Place
from schools.appointing.states import state_choices, with_state
from schools.codes import Cleaned, clean_email, clean_phone, mask_email, mask_phone
from schools.models import Appointment, InvitationBatch, Municipality, Region, School, User
from schools.problems import Conflict
from schools.scope import Level

MOST_AT_ONCE = 200
LEVELS = {level.name.lower(): level for level in Level}
LEVEL_CHOICES = [(key, level.label) for key, level in LEVELS.items()]


class PersonSerializer(serializers.Serializer[User]):
    """Who is appointed: the name as typed, till the person accepts and writes it herself; contacts masked."""

    last_name = serializers.CharField(label="фамилия")
    first_name = serializers.CharField(label="имя")
    patronymic = serializers.CharField(label="отчество")
    phone = serializers.SerializerMethodField(label="телефон (закрыт)")

    def get_phone(self, user: User) -> str:
        """The telephone's last digits."""
        return mask_phone(user.phone)


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    """An appointment and how far its person is: invited, come in, active."""

    level = serializers.SerializerMethodField(label="уровень")
    region = RegionRef(read_only=True, allow_null=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    school = SchoolRef(read_only=True, allow_null=True, label="Школа")
    person = PersonSerializer(source="user", read_only=True, label="Кто")
    email = serializers.SerializerMethodField(label="почта (закрыта)")
    state = serializers.ChoiceField(choices=state_choices(), read_only=True, label="состояние")
    seen_on = serializers.DateField(source="user.seen_on", read_only=True, allow_null=True, label="был на портале")

    class Meta:
        model = Appointment
        fields = [
            "id", "level", "region", "municipality", "school", "person", "email", "state", "seen_on", "starts_on",
            "ends_on", "order_number", "order_on", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_level(self, row: Appointment) -> str:
        """«region», «municipality», «school»."""
        return Level(row.level).name.lower()

    def get_email(self, row: Any) -> str:
        """The first letter and the host."""
        return mask_email(row.user.email or row.sent_to or "")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """A visit is told of those who have come in through this appointment, and of nobody else."""
        record: dict[str, Any] = super().to_representation(instance)
        return record if instance.state in {"came", "active", "away", "ended"} else record | {"seen_on": None}


def cleaned_by(cleaned: Cleaned[Any]) -> Any:
    """The value of a cleaned text; raises ValidationError with the mistake's sentence."""
    problem = cleaned.problem
    if problem is not None and problem.severity == "mistake":
        raise serializers.ValidationError(problem.message)
    return cleaned.value


class NewAppointmentSerializer(StrictSerializer):
    """Whom to appoint where: exactly one place."""

    school = serializers.CharField(max_length=16, required=False, label="код школы")
    municipality = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, label="муниципалитет")
    region = serializers.CharField(max_length=2, required=False, label="код региона")
    last_name = serializers.CharField(max_length=100, label="фамилия")
    first_name = serializers.CharField(max_length=100, label="имя")
    patronymic = serializers.CharField(max_length=100, required=False, allow_blank=True, default="", label="отчество")
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="", label="почта")
    phone = serializers.CharField(max_length=60, required=False, allow_blank=True, default="", label="телефон")
    starts_on = serializers.DateField(required=False, label="с какого дня")
    order_number = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", label="номер приказа"
    )
    order_on = serializers.DateField(required=False, allow_null=True, default=None, label="дата приказа")

    def validate_last_name(self, text: str) -> str:
        """Russian letters."""
        return str(cleaned_by(NAME_CLEANERS["last_name"](text)))

    def validate_first_name(self, text: str) -> str:
        """Russian letters."""
        return str(cleaned_by(NAME_CLEANERS["first_name"](text)))

    def validate_patronymic(self, text: str) -> str:
        """Russian letters, or none."""
        return str(cleaned_by(NAME_CLEANERS["patronymic"](text)))

    def validate_order_on(self, day: date | None) -> date | None:
        """A day an order of today may have."""
        found: date | None = cleaned_by(clean_order_day(day))
        return found

    def validate_email(self, text: str) -> str:
        """An address."""
        return str(cleaned_by(clean_email(text)))

    def validate_phone(self, text: str) -> str:
        """A Russian number."""
        return str(cleaned_by(clean_phone(text)))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One place, and no more."""
        if len({"region", "municipality", "school"} & set(attrs)) != 1:
            raise serializers.ValidationError(
                "Назовите одно место: school (код), municipality (номер) или region (код)."
            )
        return attrs


class EndSerializer(StrictSerializer):
    """The last day of an appointment; today where it is not named."""

    ends_on = serializers.DateField(required=False, label="последний день")


class AppointmentResultSerializer(serializers.Serializer[Any]):
    """What became of one item of a list."""

    index = serializers.IntegerField(label="место в списке, с нуля")
    id = serializers.IntegerField(allow_null=True, label="номер назначения")
    error = serializers.CharField(allow_null=True, label="почему не назначен")


class BulkAppointmentsSerializer(serializers.Serializer[Any]):
    """The outcome of a list."""

    results = AppointmentResultSerializer(many=True)


class AppointmentFilter(filters.FilterSet):
    """Filters of appointments."""

    region = filters.CharFilter(method="by_region", label="Код региона", max_length=2)
    municipality = IdFilter(method="by_municipality", label="Номер муниципалитета")
    school = IdFilter(field_name="school_id", label="Номер школы")
    level = filters.ChoiceFilter(choices=LEVEL_CHOICES, method="by_level", label="Уровень")
    state = filters.ChoiceFilter(choices=state_choices(), field_name="state", label="Состояние")
    active = YesNoFilter(method="by_active", label="true — действует сегодня, false — нет")
    search = filters.CharFilter(method="by_words", label="Слова из ФИО, места, приказа", max_length=100)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_region(self, found: QuerySet[Appointment], name: str, code: str) -> QuerySet[Appointment]:
        """Of a region and of all within it."""
        return (
            found.filter(region__code=code)
            | found.filter(municipality__region__code=code)
            | found.filter(school__region__code=code)
        )

    def by_municipality(self, found: QuerySet[Appointment], name: str, pk: int) -> QuerySet[Appointment]:
        """Of a municipality and of its schools."""
        return found.filter(municipality=pk) | found.filter(school__municipality=pk)

    def by_level(self, found: QuerySet[Appointment], name: str, key: str) -> QuerySet[Appointment]:
        """Of a level."""
        return found.filter(level=LEVELS[key])

    def by_active(self, found: Any, name: str, value: bool) -> Any:
        """Those that hold today, or those that do not."""
        holding = found.active()
        return holding if value else found.exclude(pk__in=holding.values("pk"))

    def by_words(self, found: QuerySet[Appointment], name: str, text: str) -> QuerySet[Appointment]:
        """Those that hold every word."""
        return search(found, text)  # type: ignore[no-any-return]


EXAMPLE = {
    "school": "780001",
    "last_name": "Зимина",
    "first_name": "Светлана",
    "patronymic": "Игоревна",
    "email": "zimina@school.example",
    "order_number": "114-ОД",
    "order_on": "2026-09-04",
}


@extend_schema_view(
    end=extend_schema(summary="Завершить", request=EndSerializer, responses={200: AppointmentSerializer}),
    bulk=extend_schema(
        summary="Назначить многих",
        request=NewAppointmentSerializer(many=True),
        responses={200: BulkAppointmentsSerializer},
        description="До 200 назначений; каждое само по себе, ответ говорит о каждом. Письма уходят одной отправкой.",
    ),
)
class AppointmentViewSet(ScopedViewSet[Appointment]):
    """Назначения координаторов и администраторов школ: кто, где, с какого дня, вошёл ли.

    Назначать можно ниже своего уровня и в пределах своего места; человеку уходит письмо со ссылкой. Ответ один и тот
    же, знакома ли почта порталу. `updated_since` отбирает по изменениям самого назначения, не по визитам человека.
    Токену нужно право назначать.
    """

    model = Appointment
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter
    related = ("user", "region", "municipality", "school")
    file_name = "appointments"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "bulk", "end"), "appoints")

    def get_queryset(self) -> QuerySet[Appointment]:
        """Appointments in sight with their states."""
        return with_address(with_state(super().get_queryset()))

    @extend_schema(
        summary="Назначить",
        request=NewAppointmentSerializer,
        responses={201: AppointmentSerializer},
        examples=[OpenApiExample("администратор школы", EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Appoint one person."""
        made = self._appoint(request.data)
        address = self.reverse_action("detail", args=[made.pk])
        record = AppointmentSerializer(self.get_queryset().get(pk=made.pk)).data
        return Response(record, status=201, headers={"Location": address})

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Appoint many, each by itself."""
        if not isinstance(request.data, list) or not 1 <= len(request.data) <= MOST_AT_ONCE:
            raise serializers.ValidationError(f"Пришлите список от 1 до {MOST_AT_ONCE} назначений.")
        batch = services.begin_batch(request.user)  # type: ignore[arg-type]
        results: list[dict[str, Any]] = []
        for index, item in enumerate(request.data):
            try:
                results.append({"index": index, "id": self._appoint(item, batch).pk, "error": None})
            except (serializers.ValidationError, Conflict, PermissionDenied) as error:
                results.append({"index": index, "id": None, "error": _sentence(error)})
        jobs.enqueue(batch)  # not before the letters are there to be sent
        self._tell(results)
        return Response({"results": results})

    def _tell(self, results: list[dict[str, Any]]) -> None:
        """Have the steps of the regions counted afresh, once each."""
        made = Appointment.objects.visible_to(self.request.user).filter(pk__in=[each["id"] for each in results])
        places = made.values_list("region", "municipality__region", "school__region")
        for region_id in {pk for row in places for pk in row if pk}:
            jobs.tell_changed(region_id=region_id)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End an appointment."""
        appointment: Appointment = self.get_object()
        if not Appointment.objects.editable_by(request.user).filter(pk=appointment.pk).exists():
            raise PermissionDenied
        form = EndSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        day = form.validated_data.get("ends_on") or timezone.localdate()
        try:
            services.end(appointment, on=day, by=request.user)  # type: ignore[arg-type]
        except AppointRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(AppointmentSerializer(self.get_queryset().get(pk=appointment.pk)).data)

    def _appoint(self, data: Any, batch: InvitationBatch | None = None) -> Appointment:
        form = NewAppointmentSerializer(data=data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        place = self._place(wanted)
        if not services.may_appoint_at(place, self.request.user):
            raise PermissionDenied(services.NOT_YOURS)
        person = Person(**{key: wanted[key] for key in ("last_name", "first_name", "patronymic", "email", "phone")})
        order = Order(wanted["order_number"], wanted["order_on"])
        facts = {"place": place, "person": person, "starts_on": wanted.get("starts_on"), "order": order}
        try:
            return services.appoint(by=self.request.user, batch=batch, **facts)  # type: ignore[arg-type]
        except AppointRefused as refusal:
            raise Conflict(str(refusal)) from refusal

    def _place(self, wanted: dict[str, Any]) -> Place:
        """The place a body names; one out of sight is as one that is not there."""
        user = self.request.user
        found: Place
        if "school" in wanted:
            found = School.objects.visible_to(user).filter(code=wanted["school"]).first()
        elif "municipality" in wanted:
            found = Municipality.objects.visible_to(user).filter(pk=wanted["municipality"]).first()
        else:
            found = Region.objects.visible_to(user).filter(code=wanted["region"]).first()
        if found is None:
            raise serializers.ValidationError("Такого места нет среди видимых вам. Проверьте код или номер.")
        return found


def _sentence(error: Exception) -> str:
    """One sentence out of a refusal of one item."""
    detail = getattr(error, "detail", None) or str(error)
    if isinstance(detail, dict):
        return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in detail.items())
    return " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
