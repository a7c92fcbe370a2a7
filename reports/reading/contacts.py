"""The contact book of a territory: a school's head, telephone, e-mail, and who administers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from reports.reading.tables import bounds, page_of
from schools.models import Appointment, School
from schools.scope import Level

HEADER = (
    "Школа", "Муниципалитет", "Руководитель", "Телефон", "Электронная почта", "Сайт", "Администратор",
    "Почта администратора",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """A school's line."""

    school: School
    place: str
    administrators: list[str]
    addresses: list[str]


def found(schools: "QuerySet[School]", params: QueryDict) -> "QuerySet[School]":
    """Open schools that hold every word of ?q=, with their places, the lines in alphabetical order."""
    rows: Any = schools.open().search(params.get("q", "").strip()[:100])  # type: ignore[attr-defined]
    town = params.get("municipality", "")
    if town.isascii() and town.isdecimal() and len(town) < 16:
        rows = rows.filter(municipality=int(town))
    held = Appointment._default_manager.filter(level=Level.SCHOOL).active().select_related("user")  # type: ignore[attr-defined]
    heads = Prefetch("appointments", queryset=held.order_by("id"), to_attr="heads")
    return rows.select_related("municipality", "region").prefetch_related(heads).order_by("name_key", "pk")  # type: ignore[no-any-return]


def contact(school: School) -> Contact:
    """A school as a line; needs `found`."""
    users = [held.user for held in school.heads]  # type: ignore[attr-defined]
    return Contact(
        school, school.place_name, [str(user) for user in users], [user.email for user in users if user.email]
    )


def page(schools: "QuerySet[School]", params: QueryDict) -> dict[str, Any]:
    """One page of the book."""
    total = schools.count()
    first, last = bounds(params, total)
    rows = [contact(school) for school in schools[first:last]]
    return {"table": page_of(rows, params, total), "words": params.get("q", "").strip()[:100]}


def export_rows(schools: "QuerySet[School]") -> Iterator[list[str]]:
    """The whole book for a spreadsheet."""
    for school in schools.iterator(chunk_size=500):
        one = contact(school)
        yield [
            school.short_name, one.place, school.director_name, school.phone, school.email, school.website,
            ", ".join(one.administrators), ", ".join(one.addresses),
        ]  # fmt: skip
