"""The rows behind a count: what a check finds in one school now, within the reader's sight, with reasons and links."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import NoReverseMatch, reverse

from chats.models import Chat
from reports.checks.catalogue import source_of
from reports.checks.inspection import FIELDS, flag, person_of
from reports.checks.kinds import Check, Where
from reports.checks.statements import parameters, positional, rows_statement
from reports.models import SchoolWeek
from schools.codes import format_phone
from schools.models import Appointment, Guardian, Guardianship, Pupil, School, SchoolClass
from schools.platforms import PLATFORM_BY_NUMBER
from schools.scope import Level, editable_rows, seen_rows, sight_of
from schools.texts import date_text, number
from schools.years import school_year_title
from staff.models import RosterImport, StaffAccount, StaffImport, StaffMember


@dataclass(frozen=True, slots=True)
class RowKind:
    """How rows of a kind are shown: their model, order, title and note; `page` is a row's own page where it has one."""

    model: type[Model]
    order: tuple[str, ...]
    title: Callable[[Any], str]
    note: Callable[[Any], str]
    related: tuple[str, ...] = ()
    school: str = "school_id"
    key: str = "pk"
    hidden: str = ""  # what is said to those who may see the count but not the rows
    page: str = ""
    is_own: bool = False  # that page is open to the row's own school alone


_STAFF_HIDDEN = "Имена сотрудников открыты школе и её координаторам, здесь — только числа."
_PUPILS_HIDDEN = "Имена обучающихся и представителей видит только сама школа, здесь — только числа."


def _account_note(row: StaffAccount) -> str:
    parts = [PLATFORM_BY_NUMBER[row.platform].name]
    if row.profile_on:
        parts.append(f"профиль с {date_text(row.profile_on)}")
    if row.confirmed_on:
        parts.append(f"подтверждён {date_text(row.confirmed_on)}")
    return ", ".join(parts)


def _chat_note(row: Chat) -> str:
    parts = [f"создан {date_text(row.opened_on)}"]
    if row.school_class:
        parts.insert(0, f"{row.school_class.name}, {school_year_title(row.school_class.year)}")
    if row.owner:
        parts.append(f"владелец — {row.owner.full_name}")
    return "; ".join(parts)


def _upload_note(row: StaffImport | RosterImport) -> str:
    return "прочитана и ждёт, когда её внесут"


KINDS: Mapping[str, RowKind] = {
    "staff": RowKind(
        StaffMember, ("name_key", "id"), lambda row: row.full_name, lambda row: row.position, hidden=_STAFF_HIDDEN
    ),
    "account": RowKind(
        StaffAccount, ("staff__name_key", "id"), lambda row: row.staff.full_name, _account_note, ("staff",),
        hidden=_STAFF_HIDDEN,
    ),
    "class": RowKind(
        SchoolClass, ("grade", "letter", "id"), lambda row: row.name, lambda row: school_year_title(row.year),
        page="school_class", is_own=True,
    ),
    "pupil": RowKind(
        Pupil, ("name_key", "id"), lambda row: row.full_name,
        lambda row: row.school_class.name if row.school_class else "без класса", ("school_class",),
        hidden=_PUPILS_HIDDEN, page="pupil",
    ),
    "guardian": RowKind(
        Guardian, ("name_key", "id"), lambda row: row.full_name, lambda row: "", hidden=_PUPILS_HIDDEN,
        page="guardian",
    ),
    "guardianship": RowKind(
        Guardianship, ("guardian__name_key", "id"), lambda row: row.guardian.full_name,
        lambda row: f"{row.get_kind_display()}: {row.pupil.full_name}", ("guardian", "pupil"), "pupil__school_id",
        hidden=_PUPILS_HIDDEN, page="guardianship",
    ),
    "school": RowKind(School, ("id",), lambda row: row.short_name, lambda row: row.full_name, school="id"),
    "appointment": RowKind(
        Appointment, ("id",), lambda row: str(row.user),
        lambda row: f"назначен {date_text(row.starts_on)}", ("user",),
        page="appointment",
    ),
    "week": RowKind(
        SchoolWeek, ("platform",), lambda row: PLATFORM_BY_NUMBER[row.platform].name,
        lambda row: "последняя опубликованная неделя", key="platform",
    ),
    "upload": RowKind(
        StaffImport, ("id",), lambda row: f"Загрузка от {date_text(row.created_at.date())}", _upload_note,
        hidden=_STAFF_HIDDEN, page="import",
    ),
    "roster": RowKind(
        RosterImport, ("id",), lambda row: f"Загрузка от {date_text(row.created_at.date())}", _upload_note,
        hidden=_PUPILS_HIDDEN, page="roster_import",
    ),
    "chat": RowKind(
        Chat, ("use_case", "title", "id"), lambda row: row.title, _chat_note, ("school_class", "owner"),
        hidden="Чаты школы открыты ей и её координаторам, здесь — только числа.",
    ),
}  # fmt: skip


Facts = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row a check found: whose, what is wrong with it, the numbers beside it, where it is mended."""

    id: int
    title: str
    note: str
    reasons: tuple[str, ...]
    facts: Facts
    url: str
    link: str

    @property
    def told(self) -> list[tuple[str, str]]:
        """The numbers, days and telephones beside the row, as a page shows them."""
        return [(words, fact_text(value)) for words, value in self.facts]


def kind_of(check: Check) -> RowKind:
    """How the rows of a check are shown."""
    return KINDS[source_of(check).kind]


@dataclass(frozen=True)
class Look:
    """A look at one school through one check, by one reader: what is wrong in it this minute."""

    check: Check
    school: School
    user: Any

    @cached_property
    def _values(self) -> dict[str, Any]:
        return parameters() | {"school": self.school.pk}

    @cached_property
    def _inspected(self) -> dict[int, str]:
        """Everybody of the school judged in Python: id of a row → what is wrong with it."""
        columns = [f"p.{name}" for name in FIELDS]
        found = {}
        for pk, *values in self._select(rows_statement(source_of(self.check), self.check.applies, columns)):
            reason = self.check.inspect(person_of(values)) if self.check.inspect else ""
            if reason:
                found[int(pk)] = reason
        return found

    def _select(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._values)
            return list(cursor.fetchall())

    def rows(self) -> "QuerySet[Any]":
        """Return what the check finds, as rows of their model within the reader's sight, in order."""
        kind = kind_of(self.check)
        rows = seen_rows(kind.model, self.user).filter(**{kind.school: self.school.pk})
        if self.check.inspect is not None:
            rows = rows.filter(pk__in=self._inspected) if rows.exists() else rows
        else:
            statement = rows_statement(source_of(self.check), self.check.condition)
            rows = rows.filter(**{f"{kind.key}__in": RawSQL(*positional(statement, self._values))})
        if kind.model is SchoolWeek:
            rows = rows.filter(rating=self._values["rating"])
        return rows.select_related(*kind.related).order_by(*kind.order)

    def findings(self, rows: Sequence[Any]) -> list[Finding]:
        """Return rows of one page (of `rows`) ready to show; two queries more for any number of them."""
        kind = kind_of(self.check)
        ids = [getattr(row, kind.key) for row in rows]
        reasons, facts = self._why(ids)
        editable = self._editable(kind, ids)
        shown = []
        for key, row in zip(ids, rows, strict=True):
            url, link = _page_of(kind, row, self.user) if key in editable else ("", "")
            shown.append(
                Finding(key, kind.title(row), kind.note(row), reasons.get(key, ()), facts.get(key, ()), url, link)
            )
        return shown

    def _editable(self, kind: RowKind, ids: Sequence[int]) -> set[int]:
        """Which of these rows the reader may change."""
        if kind.model is SchoolWeek:
            return set()
        return set(editable_rows(kind.model, self.user).filter(pk__in=ids).values_list("pk", flat=True))

    def _why(self, ids: Iterable[int]) -> tuple[dict[int, tuple[str, ...]], dict[int, Facts]]:
        """What is wrong with each of these rows, and the numbers shown beside them."""
        check, source = self.check, source_of(self.check)
        if check.inspect is not None:
            return {key: (self._inspected[key],) for key in ids}, {}
        columns = [flag(reason.when) for reason in check.reasons] + [expression for _, expression in check.facts]
        listed = ", ".join(str(int(key)) for key in ids)
        if not columns or not listed:
            return {}, {}
        reasons, facts = {}, {}
        split = len(check.reasons)
        for key, *values in self._select(rows_statement(source, f"{source.row} IN ({listed})", columns)):
            held = zip(check.reasons, values[:split], strict=True)
            reasons[key] = tuple(reason.words for reason, holds in held if holds)
            facts[key] = tuple((words, value) for (words, _), value in zip(check.facts, values[split:], strict=True))
        return reasons, facts


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def fact_text(value: Any) -> str:
    """A fact as a page shows it: a number, a telephone, a day; SQLite gives days as text."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        value = datetime.date.fromisoformat(value)
    if isinstance(value, datetime.date):
        return date_text(value)
    if isinstance(value, str):
        return format_phone(value) if value.startswith("+7") and len(value) == 12 else value
    return number(value)


def told_of_schools(check: Check, ids: Iterable[int]) -> dict[int, str]:
    """Return, for checks of cards and weeks, what is wrong with each of these schools in words and numbers.

    One query; such rows hold no people, so whoever sees the school's count may read them.
    """
    source, listed = source_of(check), ", ".join(str(int(key)) for key in ids)
    if source.kind not in {"school", "week"} or not listed or not (check.reasons or check.facts):
        return {}
    columns = ["s.id", *(flag(reason.when) for reason in check.reasons), *(value for _, value in check.facts)]
    statement = rows_statement(source, check.condition, columns, schools=f" AND id IN ({listed})")
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters())
        rows = list(cursor.fetchall())
    found: dict[int, list[str]] = {}
    for key, school, *values in sorted(rows, key=lambda row: row[:2]):
        words = [reason.words for reason, holds in zip(check.reasons, values, strict=False) if holds]
        facts = zip(check.facts, values[len(check.reasons) :], strict=True)
        words += [f"{title} {number(value)}" for (title, _), value in facts]
        prefix = f"{PLATFORM_BY_NUMBER[key].name}: " if source.kind == "week" else ""
        found.setdefault(school, []).append(prefix + ", ".join(words))
    return {school: "; ".join(texts) for school, texts in found.items()}


def _page_of(kind: RowKind, row: Any, user: Any) -> tuple[str, str]:
    """A row's own page, or its form in the admin for those who may change it there."""
    sight = sight_of(user)
    if kind.page and (not kind.is_own or sight.everything or row.school_id in sight.school_ids):
        return address(kind.page, row.pk), "Открыть"
    meta = kind.model._meta
    if not user.is_staff or not user.has_perm(f"{meta.app_label}.change_{meta.model_name}"):
        return "", ""
    return address(f"admin:{meta.app_label}_{meta.model_name}_change", row.pk), "Исправить"


def address(route: str, *args: Any) -> str:
    """The address of a route, '' where this installation has no such page."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def links(check: Check, school: School, levels: frozenset[Level]) -> list[tuple[str, str]]:
    """Return the pages on which those of these levels mend a check's findings of a school, as (title, address)."""
    found = [(where.title, _link(where, school)) for where in check.where if where.levels & levels]
    return [(title, url) for title, url in found if url]


def _link(where: Where, school: School) -> str:
    url = address(where.route, school.pk) or address(where.route)
    return url + where.query.format(school=school.pk) if url else ""
