"""A school's roster of one year as a OneRoster archive: who learns, who teaches, who represents whom."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.platforms import SFERUM
from schools.years import school_year_title
from staff.imports.roster import row_key as staff_key
from staff.models import ClassTeacher, StaffAccount, StaffMember
from staff.rosters.oneroster.files import COLUMNS, COMMON, MANIFEST_FILES
from staff.rosters.present import class_key, row_key

Row = Mapping[str, Any]
_NAMES = ("last_name", "first_name", "patronymic", "no_patronymic")
_LINKED = ("kind", "invited_on", "registered_on", "declined_on")


def make_archive(school: School, year: int) -> bytes:
    """Return the zip: those who learn and work now; СНИЛС stay in the portal. Queries do not grow with the school."""
    tables = _Tables(school, year).fill()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", _manifest({name for name, rows in tables.items() if rows}))
        for name, rows in tables.items():
            if rows:  # «files that contain no data rows are not permitted»
                archive.writestr(f"{name}.csv", _csv(COLUMNS[name], rows))
    return stream.getvalue()


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    return " ".join(str(value).split()) if value not in (None, "") else ""


def _manifest(present: set[str]) -> str:
    lines = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
    lines += [(f"file.{name}", "bulk" if name in present else "absent") for name in MANIFEST_FILES]
    lines += [("source.systemName", "Портал внедрения"), ("source.systemCode", "rollout-portal")]
    return _csv(("propertyName", "value"), ({"propertyName": name, "value": value} for name, value in lines))


class _Tables:
    """The rows of every file."""

    def __init__(self, school: School, year: int) -> None:
        self.school = school
        self.year = year
        self.today = timezone.localdate()
        self.org = f"school-{school.code}"
        self.session = f"year-{year}"
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}

    def fill(self) -> dict[str, list[Row]]:
        """Read the school and return file → rows."""
        self._add("orgs", self.org, name=self.school.short_name, type="school", identifier=self.school.code)
        self._add(
            "academicSessions", self.session, title=school_year_title(self.year), type="schoolYear",
            startDate=f"{self.year}-09-01", endDate=f"{self.year + 1}-09-01", schoolYear=self.year + 1,
        )  # fmt: skip
        classes = self._classes()
        links = self._links()
        self._pupils(classes, links)
        self._guardians(links)
        self._staff(classes)
        return self.rows

    def _add(self, file: str, sourced_id: str, /, **cells: Any) -> None:
        self.rows[file].append({COMMON[0]: sourced_id, **cells})

    def _classes(self) -> dict[int, tuple[str, int]]:
        """Class id → (sourcedId, grade)."""
        found: dict[int, tuple[str, int]] = {}
        rows = SchoolClass.objects.filter(school=self.school, year=self.year).order_by("grade", "letter")
        for pk, grade, letter, declared in rows.values_list("pk", "grade", "letter", "declared_pupils"):
            course, sourced = f"course-{grade}", f"class-{row_key('class', pk)}"
            if not any(grade == known for _, known in found.values()):
                self._add(
                    "courses", course, schoolYearSourcedId=self.session, title=f"{grade} класс", courseCode=str(grade),
                    grades=str(grade), orgSourcedId=self.org,
                )  # fmt: skip
            found[pk] = sourced, grade
            name = class_key(grade, letter)
            self._add(
                "classes", sourced, title=name, grades=str(grade), courseSourcedId=course, classCode=name,
                classType="homeroom", schoolSourcedId=self.org, termSourcedIds=self.session,
                **{"metadata.ru.declaredPupils": declared},
            )  # fmt: skip
        return found

    def _links(self) -> list[tuple[int, int, str, tuple[Any, ...]]]:
        """(pupil id, representative id, kind, dates) of those who learn here."""
        rows = Guardianship.objects.filter(pupil__in=self._here(Pupil.objects.filter(school=self.school)))
        return [
            (pupil, guardian, kind, tuple(dates))
            for pupil, guardian, kind, *dates in rows.order_by("pk").values_list("pupil_id", "guardian_id", *_LINKED)
        ]

    def _here(self, pupils: Any) -> Any:
        return pupils.exclude(left_on__lte=self.today)

    def _pupils(self, classes: Mapping[int, tuple[str, int]], links: Iterable[tuple[Any, ...]]) -> None:
        adults: dict[int, list[str]] = defaultdict(list)
        for pupil, guardian, *_ in links:
            adults[pupil].append(_id("guardian", guardian))
        columns = ("pk", "school_class_id", *_NAMES, "phone", "external_id", "enrolled_on", "born_on")
        for row in self._here(Pupil.objects.filter(school=self.school)).order_by("pk").values(*columns):
            sourced = _id("pupil", row["pk"])
            place = classes.get(row["school_class_id"])
            self._user(
                sourced, row, "student", sms=row["phone"], identifier=row["external_id"],
                agentSourcedIds=",".join(adults[row["pk"]]), grades=place[1] if place else "",
                **{"metadata.ru.enrolledOn": row["enrolled_on"]},
            )  # fmt: skip
            if row["born_on"]:
                self._add("demographics", sourced, birthDate=row["born_on"])
            if place:
                self._enroll(place[0], sourced, "student")

    def _user(self, sourced: str, person: Mapping[str, Any], role: str, **cells: Any) -> None:
        self._add(
            "users", sourced, enabledUser="true", username=sourced, givenName=person["first_name"],
            familyName=person["last_name"], middleName=person["patronymic"], primaryOrgSourcedId=self.org,
            **cells, **({"metadata.ru.noPatronymic": "true"} if person["no_patronymic"] else {}),
        )  # fmt: skip
        self._add(
            "roles", f"role-{sourced}", userSourcedId=sourced, roleType="primary", role=role, orgSourcedId=self.org
        )

    def _enroll(self, school_class: str, user: str, role: str, primary: str = "") -> None:
        self._add(
            "enrollments", f"{role}-{user}-{school_class}", classSourcedId=school_class, schoolSourcedId=self.org,
            userSourcedId=user, role=role, primary=primary,
        )  # fmt: skip

    def _guardians(self, links: Iterable[tuple[int, int, str, tuple[Any, ...]]]) -> None:
        children: dict[int, list[tuple[str, str, tuple[Any, ...]]]] = defaultdict(list)
        for pupil, guardian, kind, dates in links:
            children[guardian].append((_id("pupil", pupil), kind, dates))
        rows = Guardian.objects.filter(school=self.school, pk__in=children).order_by("pk")
        for row in rows.values("pk", *_NAMES, "phone", "email"):
            sourced, mine = _id("guardian", row["pk"]), children[row["pk"]]
            parent = all(kind in ("mother", "father") for _, kind, _ in mine)
            told = ";".join("|".join([child, kind, *(str(day or "") for day in dates)]) for child, kind, dates in mine)
            self._user(
                sourced, row, "parent" if parent else "guardian", sms=row["phone"], email=row["email"],
                agentSourcedIds=",".join(child for child, _, _ in mine), **{"metadata.ru.guardianships": told},
            )  # fmt: skip
            if any(dates[1] for _, _, dates in mine):
                self._profile(sourced)

    def _profile(self, sourced: str) -> None:
        self._add(
            "userProfiles", f"profile-{sourced}", userSourcedId=sourced, profileType="learning", vendorId="ru.sferum",
            applicationId=SFERUM.key, description="Учебный профиль",
        )  # fmt: skip

    def _staff(self, classes: Mapping[int, tuple[str, int]]) -> None:
        profiles = set(
            StaffAccount.objects.filter(
                school=self.school, platform=SFERUM.number, profile_on__isnull=False, closed_on=None
            ).values_list("staff_id", flat=True)
        )
        columns = ("pk", *_NAMES, "phone", "email", "personnel_number", "position", "is_teacher")
        known = set()
        for row in StaffMember.objects.filter(school=self.school).working(self.today).order_by("pk").values(*columns):
            sourced = f"staff-{staff_key(row['pk'])}"
            known.add(row["pk"])
            self._user(
                sourced, row, "teacher" if row["is_teacher"] else "aide", sms=row["phone"], email=row["email"],
                identifier=row["personnel_number"], **{"metadata.ru.position": row["position"]},
            )  # fmt: skip
            if row["pk"] in profiles:
                self._profile(sourced)
        led = ClassTeacher.objects.filter(school_class__in=list(classes)).order_by("pk")
        for school_class, staff in led.values_list("school_class_id", "staff_id"):
            if staff in known:
                self._enroll(classes[school_class][0], f"staff-{staff_key(staff)}", "teacher", "true")


def _id(kind: str, pk: int) -> str:
    return f"{kind}-{row_key(kind, pk)}"
