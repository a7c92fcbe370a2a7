"""Staff, their accounts, class leadership and uploads in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from schools import tabular
from schools.admin.exchange import ExportsList
from schools.admin.filters import by_municipality, by_region
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.people import BY_SCHOOL, NAME_FIELDS, PersonAdmin
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields, editable
from schools.scope import sight_of
from schools.tabular import ScopedMeta, ScopedResource
from staff.models import ClassTeacher, RosterImport, StaffAccount, StaffImport, StaffMember, YearRollover


class StaffResource(ScopedResource):
    """Staff, for reading; they come in by the upload page, which shows a plan and can be undone."""

    id = tabular.shown("id", "номер")
    school_code = tabular.shown("school__code", "код школы")
    school = tabular.shown("school__short_name", "школа")
    last_name = tabular.shown("last_name", "фамилия")
    first_name = tabular.shown("first_name", "имя")
    patronymic = tabular.shown("patronymic", "отчество")
    snils = tabular.shown("masked_snils", "СНИЛС")
    position = tabular.shown("position", "должность")
    is_teacher = tabular.shown("is_teacher", "педагог")
    role = tabular.shown("get_role_display", "роль на площадке")
    employment = tabular.shown("get_employment_display", "занятость")
    hired_on = tabular.shown("hired_on", "принят")
    left_on = tabular.shown("left_on", "выбыл")

    class Meta(ScopedMeta):
        """Columns."""

        model = StaffMember
        name = "Сотрудники"
        fields = (
            "id", "school_code", "school", "last_name", "first_name", "patronymic", "snils",
            "position", "is_teacher", "role", "employment", "hired_on", "left_on",
        )  # fmt: skip


class AccountInline(admin.TabularInline):
    """A person's accounts: looked at here, changed in their own list."""

    model = StaffAccount
    fields = ("platform", "channel", "profile_on", "confirmed_on", "closed_on")
    readonly_fields = ("platform", "channel", "profile_on", "confirmed_on", "closed_on")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Added in their own list."""
        return False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With the person, whom each account's title names."""
        return super().get_queryset(request).select_related("staff")


@admin.register(StaffMember)
class StaffMemberAdmin(ExportsList, PersonAdmin):
    """Staff; one who left gets a date, and is deleted only at the demand of the law, by a superuser."""

    list_display = ["person", "position", "is_teacher", "school", "hired_on", "left_on", "name_issue"]
    list_filter = ["is_teacher", "role", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["name_key__contains", "school__code__startswith"]
    readonly_fields = ["snils_mask", "name_issue", "updated_at"]
    fields = [
        "school", *NAME_FIELDS, "snils_mask", "name_issue", "born_on", "position", "is_teacher", "subjects", "role",
        "phone", "email", "employment", "rate", "personnel_number", "hired_on", "left_on", "note", "updated_at",
    ]  # fmt: skip
    autocomplete_fields = ["school"]
    inlines = [AccountInline]
    linked_lookups = ["school__id__exact"]
    resource_classes = [StaffResource]
    hint = "Списки сотрудников загружают на странице школы: «Сотрудники» → «Загрузить таблицу». Здесь правят по одному."

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers; everybody else writes the day the person left."""
        return super().has_delete_permission(request, obj) and sight_of(request.user).everything

    def save_model(self, request: HttpRequest, obj: StaffMember, form: Any, change: bool) -> None:
        """Keep the accounts in step: who is a teacher, and that nobody who left still has a profile."""
        super().save_model(request, obj, form, change)
        accounts = editable(StaffAccount, request).filter(staff=obj)
        if "is_teacher" in form.changed_data:
            accounts.update(is_teacher=obj.is_teacher)
        if "left_on" in form.changed_data:
            accounts.filter(Q(closed_on=None) | Q(closed_on=form.initial.get("left_on"))).update(closed_on=obj.left_on)


@admin.register(ClassTeacher)
class ClassTeacherAdmin(ScopedAdmin):
    """Who leads which class."""

    list_display = ["school_class", "staff", "school"]
    list_select_related = ["school_class", "staff__school"]
    list_filter = [by_region("staff__school__region_id"), by_municipality("staff__school__municipality_id")]
    search_fields = ["staff__name_key__contains", "staff__school__code__startswith"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["staff", "school_class"]

    @admin.display(description="школа")
    def school(self, row: ClassTeacher) -> str:
        """The school."""
        return str(row.staff.school)


@admin.register(StaffAccount)
class StaffAccountAdmin(ScopedAdmin):
    """Accounts on the platforms."""

    list_display = ["staff", "platform", "channel", "profile_on", "confirmed_on", "closed_on", "school"]
    list_select_related = ["staff", "school"]
    list_filter = ["platform", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["staff__name_key__contains", "school__code__startswith"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    fields = ["staff", "platform", "channel", "profile_on", "confirmed_on", "closed_on"]
    autocomplete_fields = ["staff"]
    fixed_fields = ["staff", "platform"]

    def save_model(self, request: HttpRequest, obj: StaffAccount, form: Any, change: bool) -> None:
        """The school, and whether this is a teacher, are those of the person."""
        obj.school, obj.is_teacher = obj.staff.school, obj.staff.is_teacher
        super().save_model(request, obj, form, change)


@admin.register(StaffImport)
class StaffImportAdmin(JobAdmin):
    """Uploads of staff spreadsheets; their plans are on their own pages («Смотреть на сайте»)."""

    list_display = ["created_at", "school", "mode", "stage", "state", "created_by", "error"]
    list_select_related = ["school", "created_by"]
    list_filter = ["state", "stage", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = BY_SCHOOL
    sortable_by: ClassVar[Any] = ()
    fields = ["school", "file", "mode", "stage", *JOB_FIELDS, "applied_by", "applied_at", "undone_at"]
    hint = "Новую загрузку начинают на странице школы: «Сотрудники» → «Загрузить таблицу»."

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the plans."""
        return super().get_queryset(request).light()  # type: ignore[attr-defined,no-any-return]


@admin.register(RosterImport)
class RosterImportAdmin(JobAdmin):
    """Uploads of classes, pupils and representatives; only their own school sees them."""

    list_display = ["created_at", "school", "mode", "stage", "state", "created_by", "error"]
    list_select_related = ["school", "created_by"]
    list_filter = ["state", "stage"]
    search_fields = BY_SCHOOL
    sortable_by: ClassVar[Any] = ()
    fields = ["school", "file", "mode", "stage", *JOB_FIELDS, "applied_by", "applied_at", "undone_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the plans."""
        return super().get_queryset(request).light()  # type: ignore[attr-defined,no-any-return]


@admin.register(YearRollover)
class YearRolloverAdmin(ReadOnly, ScopedAdmin):
    """Schools moved to a new school year."""

    list_display = ["school", "year", "done_by", "done_at", "undone_at"]
    list_select_related = ["school", "done_by"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    fields = all_fields(YearRollover, "id", "undo_data")
