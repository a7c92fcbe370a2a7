"""Ratings and runs of the count in the admin: looked at by all, counted and published by superusers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import F, QuerySet
from django.http import HttpRequest

from reports.admin.weeks import WeekColumns, week_days, week_text
from reports.models import Rating, RatingRow, RatingState, SchoolWeek, WeekRun
from schools import jobs
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields, seen, short
from schools.admin.tables import Choice, Table, TableOf, WithTables
from schools.models import School
from schools.platforms import PLATFORM_BY_NUMBER, PLATFORMS
from schools.scope import Level, sight_of
from schools.texts import counted, percent


def _row_cells(request: HttpRequest, rows: list[RatingRow]) -> list[Sequence[Any]]:
    """Cells of rating rows; the schools of a page are named by one query."""
    ids = [row.place_id for row in rows if row.level == Level.SCHOOL]
    names = dict(seen(School, request).filter(pk__in=ids).order_by().values_list("pk", "short_name"))
    return [
        (
            row.passport.short_name,
            _place_name(row, names),
            row.part,
            row.whole,
            percent(row.share) if row.share is not None else None,
            f"{row.rank} из {row.ranked}" if row.rank else None,
            row.rank_before,
            row.missing,
        )
        for row in rows
    ]


def _place_name(row: RatingRow, schools: dict[int, str]) -> str:
    """Name of a row's place."""
    if row.level == Level.SCHOOL:
        return schools.get(row.place_id, f"Школа № {row.place_id}")
    if row.level == Level.COUNTRY:
        return "Россия"
    return str(row.region if row.level == Level.REGION else row.municipality)


ROWS = TableOf(
    key="level",
    title="Строки рейтинга",
    header=["Показатель", "Место", "Числитель", "Знаменатель", "Доля", "Место", "Было", "Школ без данных"],
    cells=_row_cells,
    choices=[Choice(str(level.value), level.label.capitalize(), {"level": level}) for level in Level],
)
COUNTS = ("staff", "teachers", "names_in_order", "profiles", "confirmed", "active", "chats", "active_chats", "uses")


def _title(name: str) -> str:
    field: Any = SchoolWeek._meta.get_field(name)
    return str(field.verbose_name).capitalize()


def _week_cells(request: HttpRequest, weeks: list[SchoolWeek]) -> list[Sequence[Any]]:
    """Cells of the schools' counts."""
    return [
        (str(week.school), PLATFORM_BY_NUMBER[week.platform].name, *(getattr(week, name) for name in COUNTS))
        for week in weeks
    ]


WEEKS = TableOf(
    key="platform",
    title="Счёт школ",
    header=["Школа", "Площадка", *(_title(name) for name in COUNTS)],
    cells=_week_cells,
    choices=[Choice(str(each.number), each.name, {"platform": each.number}) for each in PLATFORMS],
)


class ReasonForm(ActionForm):
    """The bar of actions, with a reason: a published week is not counted again without one."""

    reason = forms.CharField(label="Причина", required=False, max_length=300)


@admin.register(Rating)
class RatingAdmin(WithTables, ReadOnly, ScopedAdmin):
    """Revisions of weeks: read-only for everyone; a superuser has a week counted, or published."""

    list_display = ["week_name", "days", "revision", "state", "counted_at", "published_at", "hash", "reason"]
    list_filter = ["state"]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", "days", *all_fields(Rating, "id", "week")]
    readonly_fields = ["week_name", "days"]
    actions = ["count_again", "count_and_publish"]
    action_form = ReasonForm
    hint = "Опубликованное не меняется: новый подсчёт делает новую редакцию и просит причину."

    @admin.display(description="неделя")
    def week_name(self, row: Rating) -> str:
        """2026-W47."""
        return week_text(row.week)

    @admin.display(description="дни")
    def days(self, row: Rating) -> str:
        """From Monday to Sunday."""
        return week_days(row.week)

    @admin.display(description="отпечаток")
    def hash(self, row: Rating) -> str:
        """Its beginning."""
        return short(row.sha256)

    def tables(self, request: HttpRequest, row: Rating) -> list[Table]:
        """The rating's rows by level, and the counts of the schools."""
        rows = seen(RatingRow, request).filter(rating=row).select_related("region", "municipality")
        weeks = seen(SchoolWeek, request).filter(rating=row).select_related("school")
        return [
            ROWS.page(request, rows.order_by("indicator", F("rank").asc(nulls_last=True), "place_id")),
            WEEKS.page(request, weeks.order_by("school_id", "platform")),
        ]

    def has_count_permission(self, request: HttpRequest) -> bool:
        """Superusers start a count by hand."""
        return sight_of(request.user).everything

    @admin.action(description="Подсчитать неделю", permissions=["count"])
    def count_again(self, request: HttpRequest, queryset: "QuerySet[Rating]") -> None:
        """Queue a count of each chosen week."""
        self._queue(request, queryset, publish=False)

    @admin.action(description="Подсчитать и опубликовать", permissions=["count"])
    def count_and_publish(self, request: HttpRequest, queryset: "QuerySet[Rating]") -> None:
        """Queue a count of each chosen week and its publication."""
        self._queue(request, queryset, publish=True)

    def _queue(self, request: HttpRequest, chosen: "QuerySet[Rating]", *, publish: bool) -> None:
        reason = " ".join(request.POST.get("reason", "").split())[:300]
        weeks = sorted(set(chosen.order_by().values_list("week", flat=True)))
        fixed = self.get_queryset(request).filter(week__in=weeks).exclude(state=RatingState.DRAFT)
        drafts = self.get_queryset(request).filter(week__in=weeks, state=RatingState.DRAFT)
        if not reason and fixed.exclude(week__in=drafts.values("week")).exists():
            messages.error(request, "Среди выбранных есть опубликованная неделя. Впишите причину пересчёта.")
            return
        for week in weeks:
            jobs.enqueue(WeekRun(week=week, reason=reason, publish=publish, created_by=request.user))  # type: ignore[misc]
        messages.success(request, f"{counted(len(weeks), 'неделя', 'недели', 'недель')}: подсчёт поставлен в очередь.")


@admin.register(WeekRun)
class WeekRunAdmin(WeekColumns, JobAdmin):
    """Runs of the count; a superuser may ask for one."""

    list_display = ["week_name", "state", "publish", "reason", "created_by", "created_at", "finished_at", "error"]
    list_select_related = ["created_by"]
    list_filter = ["state", "publish"]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", "reason", "publish", "rating", *JOB_FIELDS]
    readonly_fields = ["week_name"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new run asks for the week, the reason and whether to publish."""
        return super().get_fields(request, obj) if obj is not None else ["week", "reason", "publish"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return sight_of(request.user).everything

    def save_model(self, request: HttpRequest, obj: WeekRun, form: Any, change: bool) -> None:
        """Queue it."""
        obj.created_by = request.user  # type: ignore[assignment]
        jobs.enqueue(obj)

    @admin.display(description="неделя")
    def week_name(self, row: WeekRun) -> str:
        """2026-W47."""
        return week_text(row.week)
