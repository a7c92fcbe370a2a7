"""REST of staff and of their uploads: personal data masked, uploads by the same services as the pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from schools.api import IdFilter, SchoolRef, ScopedViewSet, SinceFilter, StrictSerializer, YesNoFilter
from schools.codes import mask_email, mask_phone
from schools.models import School
from schools.platforms import CHANNEL_BY_NUMBER, PLATFORM_BY_NUMBER
from schools.problems import Conflict
from schools.rest import FormParser
from schools.scope import AnyUser, sight_of
from staff.imports import services
from staff.imports.services import ImportRefused
from staff.models import ImportMode, ImportStage, StaffAccount, StaffImport, StaffMember


class AccountSerializer(serializers.ModelSerializer[StaffAccount]):
    """An account on a platform."""

    platform = serializers.SerializerMethodField(label="площадка")
    channel = serializers.SerializerMethodField(label="канал")

    class Meta:
        model = StaffAccount
        fields = ["platform", "channel", "profile_on", "confirmed_on", "closed_on"]

    def get_platform(self, account: StaffAccount) -> str:
        """Key of the platform."""
        return PLATFORM_BY_NUMBER[account.platform].key

    def get_channel(self, account: StaffAccount) -> str | None:
        """Key of the channel."""
        return CHANNEL_BY_NUMBER[account.channel].key if account.channel else None


class StaffSerializer(serializers.ModelSerializer[StaffMember]):
    """A staff member; СНИЛС, telephone and e-mail masked for everyone (threats.md P07), the birthday not given."""

    school = SchoolRef(read_only=True, label="Школа")
    snils = serializers.CharField(source="masked_snils", read_only=True, label="СНИЛС (закрыт)")
    phone = serializers.SerializerMethodField(label="телефон (закрыт)")
    email = serializers.SerializerMethodField(label="почта (закрыта)")
    rate = serializers.DecimalField(3, 2, coerce_to_string=False, read_only=True, allow_null=True, label="ставка")
    accounts = AccountSerializer(many=True, read_only=True, label="учётные записи")

    class Meta:
        model = StaffMember
        fields = [
            "id",
            "school",
            "last_name",
            "first_name",
            "patronymic",
            "no_patronymic",
            "position",
            "is_teacher",
            "subjects",
            "role",
            "employment",
            "rate",
            "snils",
            "phone",
            "email",
            "hired_on",
            "left_on",
            "name_issue",
            "accounts",
            "version",
            "updated_at",
        ]
        read_only_fields = fields

    def get_phone(self, member: StaffMember) -> str:
        """The telephone's last digits."""
        return mask_phone(member.phone)

    def get_email(self, member: StaffMember) -> str:
        """The e-mail's first letter and host."""
        return mask_email(member.email)


class StaffFilter(filters.FilterSet):
    """Filters of staff; no field of personal data but the whole words of the name (threats.md A04)."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    is_teacher = YesNoFilter(label="Педагоги")
    working = YesNoFilter(method="by_working", label="true — работает сегодня, false — нет")
    search = filters.CharFilter(method="by_name", label="Слова из ФИО", max_length=100)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_working(self, found: QuerySet[StaffMember], name: str, value: bool) -> QuerySet[StaffMember]:
        """Those who work today, or those who do not."""
        working = found.working()  # type: ignore[attr-defined]
        return working if value else found.exclude(pk__in=working.values("pk"))

    def by_name(self, found: QuerySet[StaffMember], name: str, text: str) -> QuerySet[StaffMember]:
        """Those of a name."""
        return found.search(text)  # type: ignore[attr-defined,no-any-return]


class StaffViewSet(ScopedViewSet[StaffMember]):
    """Сотрудники школ. СНИЛС, телефон и почта закрыты звёздочками: целиком они видны только на странице школы."""

    model = StaffMember
    serializer_class = StaffSerializer
    filterset_class = StaffFilter
    related = ("school",)
    prefetched = ("accounts",)
    file_name = "staff"


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the job of an upload is."""

    done = serializers.IntegerField(source="done_count", label="сделано")
    total = serializers.IntegerField(source="total_count", label="всего")


class PlanCountsSerializer(serializers.Serializer[Any]):
    """What the plan would do."""

    rows = serializers.IntegerField(label="строк", default=0)
    new = serializers.IntegerField(label="новых", default=0)
    changed = serializers.IntegerField(label="изменённых", default=0)
    same = serializers.IntegerField(label="без изменений", default=0)
    waiting = serializers.IntegerField(label="ждут исправления", default=0)
    leaving = serializers.IntegerField(label="выбывших: полный список их не называет", default=0)
    ending = serializers.IntegerField(label="перестанут работать: выбывшие и уволенные файлом", default=0)
    working = serializers.IntegerField(label="работает сейчас", default=0)
    held = serializers.BooleanField(label="подтверждает только координатор", default=False)
    mistakes = serializers.IntegerField(label="ошибок", default=0)
    warnings = serializers.IntegerField(label="предупреждений", default=0)


class ImportSerializer(serializers.ModelSerializer[StaffImport]):
    """An upload: where it is, what it would do or did."""

    school = SchoolRef(read_only=True, label="Школа")
    file_name = serializers.CharField(source="file.shown_name", read_only=True, label="файл")
    sha256 = serializers.CharField(source="file.sha256", read_only=True, label="отпечаток файла")
    progress = ProgressSerializer(source="*", read_only=True, label="Ход")
    summary = PlanCountsSerializer(read_only=True, label="План", allow_null=True)
    page = serializers.CharField(source="get_absolute_url", read_only=True, label="страница на портале")

    class Meta:
        model = StaffImport
        fields = [
            "id",
            "school",
            "file_name",
            "sha256",
            "mode",
            "stage",
            "state",
            "progress",
            "error",
            "summary",
            "created_at",
            "applied_at",
            "undone_at",
            "page",
        ]
        read_only_fields = fields

    def to_representation(self, instance: StaffImport) -> dict[str, Any]:
        """The plan's counts are null until there is a plan."""
        record: dict[str, Any] = super().to_representation(instance)
        return record if instance.summary else record | {"summary": None}


class NewImportSerializer(StrictSerializer):
    """A file to upload."""

    file = serializers.FileField(label="xlsx, xls, ods или csv", allow_empty_file=True)
    school = serializers.CharField(label="код школы", max_length=16)
    mode = serializers.ChoiceField(choices=ImportMode.choices, default=ImportMode.UPDATE, label="режим")


class NothingSerializer(StrictSerializer):
    """A body without fields."""


class ImportFilter(filters.FilterSet):
    """Filters of uploads."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    stage = filters.ChoiceFilter(choices=ImportStage.choices, label="Ход")


def schools_to_load(user: AnyUser) -> QuerySet[School]:
    """Schools whose staff a person may upload: those of her own appointments; a country observer uploads nothing."""
    sight = sight_of(user)
    visible: QuerySet[School] = School.objects.visible_to(user)
    if sight.everything:
        return visible
    own = sight.school_ids | sight.schools_from_above
    return visible.filter(Q(region__in=sight.region_ids) | Q(municipality__in=sight.municipality_ids) | Q(pk__in=own))


ACCEPTED = {202: ImportSerializer}


@extend_schema_view(
    apply=extend_schema(summary="Внести план", request=None, responses=ACCEPTED),
    undo=extend_schema(summary="Отменить внесённое", request=None, responses=ACCEPTED),
    abort=extend_schema(summary="Прервать или не вносить", request=None, responses=ACCEPTED),
)
class ImportViewSet(ScopedViewSet[StaffImport]):
    """Загрузки списков сотрудников.

    Файл читается в очереди: отправьте его, спрашивайте `GET /imports/{id}/`, пока `stage` не станет `planned`, и
    внесите план: `POST /imports/{id}/apply/`. Токену нужно право загружать списки.
    """

    model = StaffImport
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    related = ("school", "file")
    file_name = "imports"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "apply", "undo", "abort"), "loads_staff")

    def get_queryset(self) -> QuerySet[StaffImport]:
        """Uploads in sight, without their bytes."""
        return super().get_queryset().light()  # type: ignore[attr-defined,no-any-return]

    def get_parsers(self) -> list[Any]:
        """A file comes as multipart/form-data."""
        return [FormParser()]

    @extend_schema(
        summary="Отправить файл",
        request={"multipart/form-data": NewImportSerializer},
        responses={201: ImportSerializer},
        examples=[OpenApiExample("файл", {"school": "780001", "mode": "update"}, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Take a file in and queue its reading."""
        form = NewImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        school = schools_to_load(request.user).filter(code=form.validated_data["school"]).first()
        if school is None:
            raise serializers.ValidationError({"school": ["Школы с таким кодом нет среди ваших. Проверьте код."]})
        file = form.validated_data["file"]
        upload = _asked(
            services.start_import,
            school=school,
            data=file.read(services.LIMITS.max_bytes + 1),
            shown_name=file.name,
            mode=form.validated_data["mode"],
            by=request.user,
        )
        return self._answer(upload, 201)

    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Confirm the plan."""
        return self._answer(_asked(services.request_apply, self._editable(), by=request.user), 202)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back what was applied."""
        return self._answer(_asked(services.request_undo, self._editable(), by=request.user), 202)

    @action(detail=True, methods=["post"])
    def abort(self, request: Request, pk: str) -> Response:
        """Put the upload away."""
        return self._answer(_asked(services.discard, self._editable(), by=request.user), 202)

    def _editable(self) -> StaffImport:
        """The upload; 404 out of sight, 403 seen but not editable, 400 where something is in the body."""
        upload: StaffImport = self.get_object()
        if not StaffImport.objects.editable_by(self.request.user).filter(pk=upload.pk).exists():
            raise PermissionDenied
        NothingSerializer(data=self.request.data).is_valid(raise_exception=True)
        return upload

    def _answer(self, upload: StaffImport, status: int) -> Response:
        fresh = self.get_queryset().get(pk=upload.pk)
        address = self.reverse_action("detail", args=[upload.pk])
        return Response(ImportSerializer(fresh).data, status=status, headers={"Location": address})


def _asked(service: Callable[..., StaffImport], *args: Any, **kwargs: Any) -> StaffImport:
    """Call a service; its refusal is a 409 with its own sentence."""
    try:
        return service(*args, **kwargs)
    except ImportRefused as refusal:
        raise Conflict(str(refusal)) from refusal
