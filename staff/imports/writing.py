"""The set writes of a plan: staff, accounts and class leadership, with what is needed to undo them."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from schools import codes
from schools.bulk import insert_rows, new_ids, update_rows
from schools.models import School, SchoolClass
from schools.platforms import SFERUM
from schools.sealed import seal
from schools.values import split_class_name
from schools.years import school_year_of
from staff.columns import is_teaching_position
from staff.imports.roster import STAFF_FIELDS, plain
from staff.models import ClassTeacher, StaffAccount, StaffMember
from staff.names import name_issue

_DEFAULTS: dict[str, Any] = {
    "patronymic": "", "no_patronymic": False, "snils": "", "born_on": None, "position": "", "subjects": "",
    "role": "teacher", "phone": "", "email": "", "employment": "main", "rate": None, "personnel_number": "",
    "hired_on": None, "left_on": None, "note": "",
}  # fmt: skip
_DERIVED = ("name_key", "is_teacher", "name_issue", "version", "updated_at")
_COLUMNS = (*STAFF_FIELDS, *_DERIVED)
_SNILS = STAFF_FIELDS.index("snils")
ACCOUNT_COLUMNS = ("platform", "profile_on", "confirmed_on", "closed_on", "is_teacher")
_ACCOUNT_STATE = ("staff", *ACCOUNT_COLUMNS, "channel")


def _name_key(values: Mapping[str, Any]) -> str:
    names = values["last_name"], values["first_name"], values.get("patronymic", "")
    return codes.fold(" ".join([name for name in names if name]))


@dataclass
class Written:
    """What was written, enough to take it back: JSON-plain."""

    created: list[int] = field(default_factory=list)
    changed: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)  # (id, version after, old values)
    accounts: dict[int, list[list[Any]]] = field(default_factory=dict)  # staff id → its account rows before
    classes: dict[int, list[int]] = field(default_factory=dict)  # staff id → class ids before
    made_classes: list[int] = field(default_factory=list)
    # How the upload left the accounts and leaderships of `created`, `accounts` and `classes`: what differs was changed
    # by somebody since. (staff id, platform, …) and (staff id, class id).
    left_accounts: list[list[Any]] = field(default_factory=list)
    left_classes: list[list[int]] = field(default_factory=list)


class Writer:
    """Writes into one school inside the caller's transaction; the school's row must be locked."""

    def __init__(self, school: School, today: datetime.date) -> None:
        self.school = school
        self.today = today
        self.now = timezone.now()
        self.written = Written()

    def create(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Insert new staff with their accounts and classes; each mapping is `plan.new_values`."""
        listed = list(people)
        ids = new_ids(StaffMember, len(listed))
        told = set().union(*listed)
        given = [(key, _DEFAULTS.get(key)) for key in STAFF_FIELDS if key in told]  # names have no default
        rows, accounts, classes = [], [], {}
        for staff_id, values in zip(ids, listed, strict=True):
            is_teacher = is_teaching_position(values.get("position", ""))
            stored = {key: values.get(key, default) for key, default in given}
            if "snils" in stored:
                stored["snils"] = seal(stored["snils"])
            issue = values.get("name_issue", "")
            rows.append((staff_id, *stored.values(), _name_key(values), is_teacher, issue))
            if values.get("has_profile"):
                accounts.append((staff_id, *self._new_account(values, is_teacher)))
            if values.get("leads_classes"):
                classes[staff_id] = values["leads_classes"]
        same = {key: default for key, default in _DEFAULTS.items() if key not in told}
        same |= {"school_id": self.school.pk, "version": 1, "updated_at": self.now, "known_on": self.today}
        columns = ["id", *(key for key, _ in given), "name_key", "is_teacher", "name_issue"]
        insert_rows(StaffMember, columns, rows, same)
        self._insert_accounts(accounts)
        self._lead(classes)
        self.written.created.extend(ids)
        self._remember_outcome({account[0] for account in accounts}, classes)

    def change(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Update known staff: staff id → field → new plain value."""
        if not changes:
            return
        self._remember(changes)
        rows, teaching = [], {}
        fields = ("id", "version", "is_teacher", *STAFF_FIELDS)
        for staff_id, version, is_teacher, *old in StaffMember.objects.filter(pk__in=list(changes)).values_list(
            *fields
        ):
            new = changes[staff_id]
            whole = {key: plain(value) for key, value in zip(STAFF_FIELDS, old, strict=True)} | dict(new)
            before = {key: plain(value) for key, value in zip(STAFF_FIELDS, old, strict=True) if key in new}
            if "position" in new:  # an undo brings the mark itself back: a person may have set it by hand
                before["is_teacher"] = is_teacher
                is_teacher = new.get("is_teacher", is_teaching_position(whole["position"]))
                teaching[staff_id] = is_teacher
            names = whole["last_name"], whole["first_name"], whole["patronymic"], whole["no_patronymic"]
            rows.append((staff_id, *self._columns(whole, is_teacher, name_issue(*names)), version + 1, self.now))
            self.written.changed.append((staff_id, version + 1, before))
        self._free_snils(changes)
        update_rows(StaffMember, _COLUMNS, rows)
        self._change_accounts(changes, teaching)
        self._lead({staff_id: new["leads_classes"] for staff_id, new in changes.items() if "leads_classes" in new})
        self._remember_outcome(self.written.accounts, self.written.classes)

    def _remember_outcome(self, with_accounts: Collection[int], with_classes: Collection[int]) -> None:
        self.written.left_accounts += account_states(self.school, with_accounts)
        self.written.left_classes += class_states(self.school, with_classes)

    @staticmethod
    def _free_snils(changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Let go of the numbers that move, so that two people may swap theirs under the unique index."""
        moving = [pk for pk, new in changes.items() if "snils" in new or "left_on" in new]
        StaffMember.objects.filter(pk__in=moving).exclude(snils="").update(snils="")

    @staticmethod
    def _columns(whole: Mapping[str, Any], is_teacher: bool, issue: str) -> tuple[Any, ...]:
        stored = [whole[key] for key in STAFF_FIELDS]
        stored[_SNILS] = seal(stored[_SNILS])
        return *stored, _name_key(whole), is_teacher, issue

    # Accounts

    def _new_account(self, values: Mapping[str, Any], is_teacher: bool) -> tuple[Any, ...]:
        confirmed_on = self.today if values.get("is_confirmed") else None
        return SFERUM.number, self.today, confirmed_on, values.get("left_on"), is_teacher

    def _insert_accounts(self, accounts: list[tuple[Any, ...]]) -> None:
        ids = new_ids(StaffAccount, len(accounts)) if accounts else []
        rows = [(pk, self.school.pk, *account) for pk, account in zip(ids, accounts, strict=True)]
        insert_rows(StaffAccount, ["id", "school_id", "staff_id", *ACCOUNT_COLUMNS], rows)

    def _remember(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        touched = [
            pk for pk, new in changes.items() if {"has_profile", "is_confirmed", "left_on", "position"} & set(new)
        ]
        self.written.accounts.update({pk: [] for pk in touched})
        for account in StaffAccount.objects.filter(staff__in=touched).values("staff", *ACCOUNT_COLUMNS):
            self.written.accounts[account["staff"]].append([plain(account[key]) for key in ACCOUNT_COLUMNS])
        led = [pk for pk, new in changes.items() if "leads_classes" in new]
        self.written.classes.update({pk: [] for pk in led})
        for staff, school_class in ClassTeacher.objects.filter(staff__in=led).values_list("staff", "school_class"):
            self.written.classes[staff].append(school_class)

    def _change_accounts(self, changes: Mapping[int, Mapping[str, Any]], teaching: Mapping[int, bool]) -> None:
        for answer in (True, False):
            ids = [pk for pk, value in teaching.items() if value is answer]
            StaffAccount.objects.filter(staff__in=ids).update(is_teacher=answer)
        for left_on, ids in _grouped(changes, "left_on").items():
            if left_on:
                StaffAccount.objects.filter(staff__in=ids, closed_on=None).update(closed_on=left_on)
        self._profiles(changes)
        confirmed = _grouped(changes, "is_confirmed")
        mine = StaffAccount.objects.filter(platform=SFERUM.number)
        mine.filter(staff__in=confirmed.get(True, [])).update(confirmed_on=self.today)
        mine.filter(staff__in=confirmed.get(False, [])).update(confirmed_on=None)

    def _profiles(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        answers = _grouped(changes, "has_profile")
        mine = StaffAccount.objects.filter(platform=SFERUM.number)
        mine.filter(staff__in=answers.get(False, [])).exclude(closed_on__lte=self.today).update(closed_on=self.today)
        wanted = set(answers.get(True, [])) | set(_grouped(changes, "is_confirmed").get(True, []))
        mine.filter(staff__in=wanted, profile_on=None).update(profile_on=self.today)
        mine.filter(staff__in=wanted).exclude(closed_on=None).update(closed_on=None, confirmed_on=None)
        known = set(mine.filter(staff__in=wanted).values_list("staff", flat=True))
        lacking = StaffMember.objects.filter(pk__in=wanted - known).values_list("pk", "is_teacher", "left_on")
        self._insert_accounts([(pk, SFERUM.number, self.today, None, left, teaches) for pk, teaches, left in lacking])

    # Classes

    def _lead(self, wanted: Mapping[int, str]) -> None:
        """Set whom each person leads in the present school year; a class nobody has entered yet is added."""
        if not wanted:
            return
        year = school_year_of(self.today)
        named = {staff: [split_class_name(name) for name in text.split(", ") if name] for staff, text in wanted.items()}
        classes = self._classes(year, {name for names in named.values() for name in names})
        ClassTeacher.objects.filter(staff__in=list(wanted), school_class__year=year).delete()
        ClassTeacher.objects.bulk_create(
            ClassTeacher(staff_id=staff, school_class_id=classes[name])
            for staff, names in named.items()
            for name in names
        )

    def _classes(self, year: int, names: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
        known = SchoolClass.objects.filter(school=self.school, year=year).values_list("grade", "letter", "pk")
        found = {(grade, letter): pk for grade, letter, pk in known}
        fresh = [
            SchoolClass(school=self.school, year=year, grade=grade, letter=letter)
            for grade, letter in sorted(names - set(found))
        ]
        for made in SchoolClass.objects.bulk_create(fresh):
            found[made.grade, made.letter] = made.pk
            self.written.made_classes.append(made.pk)
        return found


def account_states(school: School, staff: Collection[int]) -> list[list[Any]]:
    """The accounts of some staff as they stand, JSON-plain, the staff id first."""
    rows = StaffAccount.objects.filter(school=school).values_list(*_ACCOUNT_STATE) if staff else ()
    return [[plain(value) for value in row] for row in rows if row[0] in staff]


def class_states(school: School, staff: Collection[int]) -> list[list[int]]:
    """Which classes some staff lead: (staff id, class id)."""
    rows = ClassTeacher.objects.filter(staff__school=school).values_list("staff", "school_class") if staff else ()
    return [list(row) for row in rows if row[0] in staff]


def _grouped(changes: Mapping[int, Mapping[str, Any]], key: str) -> dict[Any, list[int]]:
    """Staff ids by the new value of one field."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for staff_id, new in changes.items():
        if key in new:
            groups[new[key]].append(staff_id)
    return groups
