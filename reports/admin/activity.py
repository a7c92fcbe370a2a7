"""Activity in the admin: what was delivered, and the door for a delivery by file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from reports.activity import ActivityRefused, RowMistake, record_activity
from reports.activity_file import ActivityFile, SheetRows, read_tables
from reports.admin.weeks import WeekColumns, WeekField, week_text
from reports.models import ActivityCoverage, ActivityLoad, ChatActivity, StaffActivity
from reports.weeks import IsoWeek
from schools.admin.filters import by_region
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields, changes_something, editable, seen
from schools.admin.tables import Table, TableOf, WithTables
from schools.models import Region, School
from schools.models.files import fingerprint, printable_name
from schools.platforms import PLATFORM_BY_NUMBER, platform_choices
from schools.sheets import LIMITS, SheetError, read_workbook
from schools.texts import number

SHOWN_MISTAKES = 20
FILE_LIMITS = replace(LIMITS, max_rows=200_000, max_cells=2_000_000)  # a region's teachers; more: load_activity


class ActivityForm(forms.Form):
    """A delivery: which week of which platform, whose, and the operator's file."""

    file = forms.FileField(
        label="Файл",
        help_text="xlsx, ods или csv со столбцами: школа, сотрудник, сообщений, звонков, входов. Чаты — на втором "
        "листе (школа, чат, сообщений) или на том же: в строке чат вместо сотрудника. Без чатов показатель 10 — "
        "«нет данных».",
    )
    week = WeekField(label="Неделя")
    platform = forms.TypedChoiceField(label="Площадка", choices=platform_choices, coerce=int)
    region: Any = forms.ModelChoiceField(label="Регион", queryset=None)
    whole = forms.BooleanField(
        label="Файл полон",
        required=False,
        help_text="Отметьте, если школы региона, которых в файле нет, площадкой не пользовались: это будет ноль. "
        "Без отметки о них не будет данных.",
    )

    def __init__(self, *args: Any, regions: "QuerySet[Region]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]

    def clean_file(self) -> ActivityFile:
        """Return what the file says. Raises ValidationError with the rows to put right."""
        upload = self.cleaned_data["file"]
        self.source, data = printable_name(upload.name), upload.read()
        self.sha256 = fingerprint(data)
        try:
            found = read_table(data)
        except SheetError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        if found.mistakes:
            raise forms.ValidationError(said(found.mistakes))
        return found


def read_table(data: bytes) -> ActivityFile:
    """Read an untrusted workbook in a child process and give its sheets to the operator's reader, numbered as in Excel.

    Raises SheetError, whose `message` is a sentence.
    """
    sheets = read_workbook(data, limits=FILE_LIMITS).sheets
    return read_tables(SheetRows(sheet.rows, sheet.first_row) for sheet in sheets if any(map(any, sheet.rows)))


def said(mistakes: Sequence[RowMistake]) -> list[str]:
    """Return the first mistakes as sentences."""
    lines = [f"{str(mistake)[0].upper()}{str(mistake)[1:]}" for mistake in sorted(mistakes)[:SHOWN_MISTAKES]]
    rest = len(mistakes) - len(lines)
    return [*lines, f"…и ещё {number(rest)}."] if rest > 0 else lines


def _coverage_cells(request: HttpRequest, rows: list[ActivityCoverage]) -> list[Sequence[Any]]:
    return [(row.school.code, row.school.short_name, row.has_chats and "да") for row in rows]


def _staff_cells(request: HttpRequest, rows: list[StaffActivity]) -> list[Sequence[Any]]:
    return [
        (str(row.school), row.staff_id, row.is_teacher and "да", row.messages, row.calls, row.logins) for row in rows
    ]


def _chat_cells(request: HttpRequest, rows: list[ChatActivity]) -> list[Sequence[Any]]:
    return [(str(row.school), row.chat_id, row.messages) for row in rows]


COVERAGE = TableOf("coverage", "Охваченные школы", ["Код", "Школа", "Чаты переданы"], _coverage_cells)
STAFF = TableOf(
    "staff", "Кто был активен", ["Школа", "Номер сотрудника", "Педагог", "Сообщений", "Звонков", "Входов"], _staff_cells
)
CHATS = TableOf("chats", "Активные чаты", ["Школа", "Номер чата", "Сообщений"], _chat_cells)


@admin.register(ActivityLoad)
class ActivityLoadAdmin(WithTables, WeekColumns, ReadOnly, ScopedAdmin):
    """Deliveries: taken in whole by the service, never edited."""

    list_display = ["week_name", "platform", "region", "school", "source", "rows", "schools_covered", "loaded_at"]
    list_select_related = ["region", "school"]
    list_filter = ["platform", by_region("region_id")]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", *all_fields(ActivityLoad, "id", "week")]
    readonly_fields = ["week_name"]
    hint = "Новое поступление за ту же неделю, площадку и школы заменяет прежнее. Опубликованное не меняется."

    @admin.display(description="неделя")
    def week_name(self, row: ActivityLoad) -> str:
        """2026-W47."""
        return week_text(row.week)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever holds Django's right and answers for a region."""
        return ScopedAdmin.has_add_permission(self, request) and changes_something(ActivityLoad, request)

    def tables(self, request: HttpRequest, row: ActivityLoad) -> list[Table]:
        """The schools covered, and what stands delivered for them."""
        covered = seen(ActivityCoverage, request).filter(load=row)
        of_week = {"week": row.week, "school__in": covered.values("school")}
        staff = seen(StaffActivity, request).filter(platform=row.platform, **of_week)
        chats = seen(ChatActivity, request).filter(**of_week)
        return [
            COVERAGE.page(request, covered.select_related("school").order_by("school_id")),
            STAFF.page(request, staff.select_related("school").order_by("school_id", "staff_id")),
            CHATS.page(request, chats.select_related("school").order_by("school_id", "chat_id")),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take in a delivery by file: all rows or none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ActivityForm(request.POST or None, request.FILES or None, regions=seen(Region, request))
        load = self._take_in(request, form) if request.method == "POST" and form.is_valid() else None
        if load is not None:
            self.log_addition(request, load, [{"added": {}}])
            messages.success(request, f"Принято: {load}. Активных сотрудников {number(load.rows)}.")
            return HttpResponseRedirect(reverse("admin:reports_activityload_change", args=[load.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Загрузить активность недели",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/activity_form.html", context)

    def _take_in(self, request: HttpRequest, form: ActivityForm) -> ActivityLoad | None:
        """Give the rows to the service; what it refuses goes back to the form."""
        found, facts = form.cleaned_data["file"], form.cleaned_data
        schools = editable(School, request).filter(region=facts["region"])
        try:
            return record_activity(
                week=IsoWeek.from_number(facts["week"]),
                platform=PLATFORM_BY_NUMBER[facts["platform"]],
                rows=found.rows,
                chats=found.chats,
                covers=schools if facts["whole"] else schools.filter(code__in=found.school_codes),
                source=form.source,
                by=request.user,  # type: ignore[arg-type]
                sha256=form.sha256,
            )
        except ActivityRefused as refusal:
            form.add_error("file", forms.ValidationError(said(refusal.mistakes) or [str(refusal)]))
            return None
