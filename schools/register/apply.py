"""Writing a register of schools into a region, all of it or nothing."""

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from schools.codes import fold
from schools.jobs import tell_changed
from schools.models import Municipality, Region, RegisterImport, School, SchoolChange, User
from schools.models.files import fingerprint, printable_name
from schools.models.places import MunicipalityKind, name_key
from schools.register.history import changes_of
from schools.register.plan import CHANGE, NEW, PLAIN_FIELDS, WAIT, RegisterPlan, RegisterRow, head_codes, plan_register

_CODES = frozenset({"inn", "kpp", "ogrn", "closed_on"})
DECLARED = frozenset({"declared_teachers", "declared_classes", "declared_pupils"})


def municipality_kind(name: str) -> str:
    """Guess the type of a territory from its name."""
    folded = fold(name)
    for words, kind in (
        ("административный округ", MunicipalityKind.CITY_OKRUG),
        ("муниципальный район", MunicipalityKind.DISTRICT),
        ("муниципальный округ", MunicipalityKind.OKRUG),
        ("городской округ", MunicipalityKind.CITY),
        ("район", MunicipalityKind.DISTRICT),
        ("округ", MunicipalityKind.OKRUG),
    ):
        if words in folded:
            return kind
    return MunicipalityKind.OTHER


@transaction.atomic
def apply_register(
    region: Region, data: bytes, *, shown_name: str, by: User | None, mapping: Mapping[str, str] | None = None
) -> RegisterPlan:
    """Write a register into a region and log it; the plan is made anew under the region's lock.

    Raises RegisterRefused; then nothing is written.
    """
    region = Region.objects.select_for_update().get(pk=region.pk)
    plan = plan_register(region, data, mapping=mapping)
    _write(region, plan)
    _remember(plan, printable_name(shown_name), by)
    counts = plan.counts
    if counts[NEW] or counts[CHANGE]:
        RegisterImport.objects.create(
            region=region,
            shown_name=printable_name(shown_name),
            sha256=fingerprint(data),
            rows_read=len(plan.rows),
            schools_added=counts[NEW],
            schools_changed=counts[CHANGE],
            rows_refused=counts[WAIT],
            created_by=by,
        )
        tell_changed(region_id=region.pk)
    return plan


def _write(region: Region, plan: RegisterPlan) -> None:
    places = {one.name_key: one for one in Municipality.objects.filter(region=region, closed_on=None)}
    for name in plan.new_municipalities:
        made = Municipality(region=region, name=name, kind=municipality_kind(name))
        made.save()
        places[made.name_key] = made
    fresh = [row for row in plan.rows if row.action == NEW]
    codes = dict(zip([row.row for row in fresh], new_codes(region, len(fresh)), strict=True))
    for rows in ([row for row in fresh if not row.is_branch], [row for row in fresh if row.is_branch]):
        heads = heads_of(region, rows)
        School.objects.bulk_create(
            (new_school(region, row, places, codes[row.row], heads) for row in rows), batch_size=1000
        )
    changed = [row for row in plan.rows if row.action == CHANGE]
    known = School.objects.in_bulk([row.school_id for row in changed])
    changed_keys = {row.school_id: row.changes.keys() for row in changed}
    for row in changed:
        _update(known[row.school_id or 0], row, places)
    School.objects.filter(pk__in=[pk for pk in known if _CODES & changed_keys[pk]]).update(inn="", ogrn="")
    School.objects.bulk_update(
        known.values(), [*PLAIN_FIELDS, "municipality", "name_key", "declared_on", "updated_at"], batch_size=500
    )


def _remember(plan: RegisterPlan, shown_name: str, by: User | None) -> None:
    """Write down what became of each field of each known school."""
    SchoolChange.objects.bulk_create(
        (
            change
            for row in plan.rows
            if row.action == CHANGE
            for change in changes_of(row.school_id or 0, row.changes, by=by, reason=f"Реестр «{shown_name}»")
        ),
        batch_size=1000,
    )


def new_school(
    region: Region, row: RegisterRow, places: Mapping[str, Municipality], code: str, heads: Mapping[str, int]
) -> School:
    values = row.values
    given = {key: values[key] for key in PLAIN_FIELDS if values.get(key) not in (None, "")}
    school = School(region=region, code=code, municipality=places.get(fold(values.get("municipality") or "")), **given)
    if row.is_branch:
        school.parent_id = next((heads[key] for key in head_codes(values) if key in heads), None)
    school.name_key = name_key(school.short_name, school.full_name)
    if DECLARED & set(given):
        school.declared_on = last_declaration(timezone.localdate())
    return school


def heads_of(region: Region, branches: Sequence[RegisterRow]) -> dict[str, int]:
    """Schools that are no branches by ИНН and by ОГРН, as far as the branches ask; those of the region win."""
    wanted = {code for row in branches if row.is_branch for code in head_codes(row.values)}
    found = School.objects.filter(Q(inn__in=wanted) | Q(ogrn__in=wanted), parent=None).order_by("-pk")
    heads: dict[str, int] = {}
    for school in sorted(found, key=lambda one: one.region_id == region.pk):
        heads |= {code: school.pk for code in (school.inn, school.ogrn) if code}
    return heads


def last_declaration(today: datetime.date) -> datetime.date:
    """Return the day of the latest ОО-1: 20 September of the school year (domain.md 1.3)."""
    return datetime.date(today.year if (today.month, today.day) >= (9, 20) else today.year - 1, 9, 20)


def _update(school: School, row: RegisterRow, places: Mapping[str, Municipality]) -> None:
    for key, (_, value) in row.changes.items():
        if key == "municipality":
            school.municipality = places[fold(value)]
        else:
            setattr(school, key, value)
    if DECLARED & set(row.changes):
        school.declared_on = last_declaration(timezone.localdate())
    school.name_key = name_key(school.short_name, school.full_name)
    school.updated_at = timezone.now()


def new_codes(region: Region, count: int) -> list[str]:
    """Return codes «78-00001» that no school of the region has; the region's row must be locked."""
    last = 0
    for code in School.objects.filter(region=region, code__startswith=f"{region.code}-").values_list("code", flat=True):
        tail = code.partition("-")[2]
        last = max(last, int(tail)) if tail.isdecimal() else last
    return [f"{region.code}-{number:05d}" for number in range(last + 1, last + 1 + count)]
