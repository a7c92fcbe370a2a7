"""Classes, pupils and representatives as pages show them: ready to print, no queries from templates."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from schools.codes import fold, format_phone
from schools.models import Guardianship, Pupil, School, SchoolClass
from schools.texts import counted, date_text, number, out_of, percent
from schools.years import school_year_of, school_year_title
from staff.models import ClassTeacher
from staff.rosters.coverage import ClassLine, Counts

__all__ = ["PAGE", "date_text", "fold"]
PAGE = 50
CLASS_FILTERS = (
    ("все", ""),
    ("без руководителя", "no-teacher"),
    ("без обучающихся", "empty"),
    ("не все с представителем", "lacks"),
)
PUPIL_FILTERS = (
    ("учатся", ""),
    ("без класса", "no-class"),
    ("без представителя", "no-guardian"),
    ("не зарегистрированы", "waiting"),
    ("отказались", "declined"),
    ("выбыли", "left"),
)


def years_of(present: Iterable[int], today: datetime.date) -> list[tuple[str, str]]:
    """(«2026/27», «2026») of every year there is to look at, the latest first."""
    years = sorted({*present, school_year_of(today)}, reverse=True)
    return [(school_year_title(year), str(year)) for year in years]


# Classes


def filtered(lines: Sequence[ClassLine], show: str) -> list[ClassLine]:
    """The classes a filter leaves."""
    keep = {
        "no-teacher": lambda line: not line.teachers,
        "empty": lambda line: not line.counts.pupils,
        "lacks": lambda line: line.counts.named < line.counts.pupils,
    }.get(show, lambda line: True)
    return [line for line in lines if keep(line)]


def class_row(line: ClassLine, *, with_names: bool) -> dict[str, Any]:
    """A class in the table; without names a teacher is only there or not."""
    counts = line.counts
    declared = f" из {number(line.declared)}" if line.declared and line.declared != counts.pupils else ""
    teacher = "; ".join(line.teachers) if with_names else ("назначен" if line.teachers else "")
    return {
        "id": line.id,
        "name": line.name,
        "teacher": teacher,
        "url": reverse("school_class", args=[line.id]) if with_names else "",
        "pupils": f"{number(counts.pupils)}{declared}",
        "named": number(counts.named),
        "lacks": counts.named < counts.pupils,
        "registered": number(counts.registered),
        "share": counts.share_text,
        "declined": number(counts.declined) if counts.declined else "",
    }


def totals(counts: Counts) -> list[str | tuple[str, str]]:
    """The cells of the table's last row; those of columns a telephone hides say so."""
    named, declined = ((number(count) if count else "—", "wide-only") for count in (counts.named, counts.declined))
    return [("", "wide-only"), number(counts.pupils), named, number(counts.registered), counts.share_text, declined]


def lead_text(counts: Counts) -> tuple[str, str]:
    """(«312 из 480 обучающихся», what else is to say) of the opening sentence."""
    registered = out_of(counts.registered, counts.pupils, "обучающегося", "обучающихся")
    notes = []
    if counts.pupils:
        notes.append(percent(counts.share))
    if counts.declined:
        share = percent(counts.share_without_refusals)
        notes.append(f"без {counted(counts.declined, 'отказавшегося', 'отказавшихся', 'отказавшихся')} — {share}")
    return registered, "; ".join(notes)


# Pupils and those who represent them


def link_state(link: Guardianship) -> tuple[str, str]:
    """(state, words) of what a representative answered."""
    if link.registered_on:
        return "done", f"зарегистрирован {date_text(link.registered_on)}"
    if link.declined_on:
        return "none", f"отказ {date_text(link.declined_on)}"
    if link.invited_on:
        return "working", f"приглашён {date_text(link.invited_on)}"
    return "todo", "не приглашён"


def pupil_rows(pupils: Sequence[Pupil], today: datetime.date) -> list[dict[str, Any]]:
    """Pupils of one page with those who represent them, in one more query."""
    links: dict[int, list[Guardianship]] = defaultdict(list)
    found = Guardianship.objects.filter(pupil__in=[one.pk for one in pupils]).select_related("guardian")
    for link in found.order_by("guardian__name_key", "pk"):
        links[link.pupil_id].append(link)
    return [_pupil_row(one, links[one.pk], today) for one in pupils]


def _pupil_row(pupil: Pupil, links: Sequence[Guardianship], today: datetime.date) -> dict[str, Any]:
    return {
        "name": pupil.full_name,
        "url": reverse("pupil", args=[pupil.pk]),
        "class_name": pupil.school_class.name if pupil.school_class else "",
        "born": f"{pupil.born_on:%d.%m.%Y}" if pupil.born_on else "",
        "left": date_text(pupil.left_on, today) if pupil.left_on else "",
        "adults": [link_row(link) for link in links],
        "add_url": reverse("guardian_new", args=[pupil.pk]),
    }


def link_row(link: Guardianship) -> dict[str, Any]:
    """A representative of a pupil."""
    adult = link.guardian
    return {
        "name": adult.full_name,
        "kind": link.get_kind_display(),
        "phone": shown_phone(adult.phone),
        "email": adult.email,
        "state": link_state(link),
        "url": reverse("guardianship", args=[link.pk]),
        "person_url": reverse("guardian", args=[adult.pk]),
    }


def shown_phone(phone: str) -> str:
    """«+7 900 000-31-77» for a whole number, anything else as it stands."""
    return format_phone(phone) if len(phone) == 12 else phone


def child_row(link: Guardianship) -> dict[str, Any]:
    """A pupil of a representative."""
    pupil = link.pupil
    return {
        "name": pupil.full_name,
        "class_name": pupil.school_class.name if pupil.school_class else "",
        "kind": link.get_kind_display(),
        "state": link_state(link),
        "url": reverse("pupil", args=[pupil.pk]),
        "link_url": reverse("guardianship", args=[link.pk]),
    }


def teachers_of(school_class: SchoolClass) -> str:
    """«Каренина Ольга Семёновна; Рябов Пётр Ильич»."""
    led = ClassTeacher.objects.filter(school_class=school_class, staff__left_on=None).select_related("staff")
    return "; ".join(one.staff.full_name for one in led.order_by("staff__name_key"))


def class_counts(counts: Counts) -> list[dict[str, str]]:
    """The numbers over a list of pupils."""
    return [
        {"number_text": number(counts.pupils), "glyph": "person", "label": "учатся"},
        {"number_text": number(counts.named), "glyph": "equal", "label": "с представителем"},
        {"number_text": number(counts.registered), "glyph": "done", "label": "представитель зарегистрирован"},
        {"number_text": number(counts.declined), "glyph": "dash", "label": "отказались — их право"},
    ]


def school_crumb(school: School) -> tuple[str, str]:
    """The way back to the classes of a school."""
    return "Классы", reverse("classes", args=[school.pk])
