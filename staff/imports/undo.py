"""Taking an applied upload back: whatever nobody has touched since returns to what it was, the rest is reported."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import ManyToOneRel
from django.utils import timezone

from schools.bulk import insert_rows, new_ids
from schools.models import School, SchoolClass
from staff.imports.writing import ACCOUNT_COLUMNS, Writer
from staff.models import ClassTeacher, StaffAccount, StaffMember

_OWN = {StaffAccount, ClassTeacher}


def take_back(school: School, stored: dict[str, Any]) -> dict[str, Any]:
    """Undo what `writing.Written` recorded; the caller holds the transaction and the school's lock.

    Returns {"restored": n, "removed": n, "kept": [[staff id, why], …]}.
    """
    kept: list[list[Any]] = []
    restored = _restore(school, stored, kept)
    removed = _remove(school, stored["created"], kept)
    _remove_classes(stored["made_classes"])
    return {"restored": restored, "removed": removed, "kept": kept}


def _restore(school: School, stored: dict[str, Any], kept: list[list[Any]]) -> int:
    after = {staff_id: version for staff_id, version, _ in stored["changed"]}
    present = dict(StaffMember.objects.filter(school=school, pk__in=list(after)).values_list("pk", "version"))
    mine = {pk for pk, version in after.items() if present.get(pk) == version}
    kept.extend([pk, "изменён после загрузки"] for pk in after if pk in present and pk not in mine)
    Writer(school, timezone.localdate()).change({pk: old for pk, _, old in stored["changed"] if pk in mine})
    _restore_accounts(school, {int(pk): rows for pk, rows in stored["accounts"].items() if int(pk) in mine})
    _restore_classes({int(pk): ids for pk, ids in stored["classes"].items() if int(pk) in mine})
    return len(mine)


def _restore_accounts(school: School, before: dict[int, list[list[Any]]]) -> None:
    StaffAccount.objects.filter(staff__in=list(before)).delete()
    rows = [(staff, *account) for staff, accounts in before.items() for account in accounts]
    ids = new_ids(StaffAccount, len(rows)) if rows else []
    insert_rows(
        StaffAccount,
        ["id", "school_id", "staff_id", *ACCOUNT_COLUMNS],
        [(pk, school.pk, *row) for pk, row in zip(ids, rows, strict=True)],
    )


def _restore_classes(before: dict[int, list[int]]) -> None:
    ClassTeacher.objects.filter(staff__in=list(before)).delete()
    alive = set(
        SchoolClass.objects.filter(pk__in={pk for ids in before.values() for pk in ids}).values_list("pk", flat=True)
    )
    ClassTeacher.objects.bulk_create(
        ClassTeacher(staff_id=staff, school_class_id=pk) for staff, ids in before.items() for pk in ids if pk in alive
    )


def _remove(school: School, created: Sequence[int], kept: list[list[Any]]) -> int:
    present = dict(StaffMember.objects.filter(school=school, pk__in=created).values_list("pk", "version"))
    busy = _mentioned(StaffMember, present)
    free = [pk for pk, version in present.items() if version == 1 and pk not in busy]
    for pk, version in present.items():
        if version != 1 or pk in busy:
            kept.append([pk, "изменён после загрузки" if version != 1 else "уже есть активность или чаты"])
    StaffMember.objects.filter(pk__in=free).delete()
    return len(free)


def _mentioned(model: type[StaffMember] | type[SchoolClass], ids: Collection[int]) -> set[int]:
    """Which of the rows other tables speak of, those of the upload itself aside."""
    found: set[int] = set()
    for relation in _relations(model):
        name = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": list(ids)})
        found.update(rows.values_list(name, flat=True).distinct())
    return found


def _relations(model: type[StaffMember] | type[SchoolClass]) -> Iterable[ManyToOneRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model not in _OWN:
            yield relation


def _remove_classes(made: Sequence[int]) -> None:
    led = set(ClassTeacher.objects.filter(school_class__in=made).values_list("school_class", flat=True))
    busy = _mentioned(SchoolClass, made) | led
    SchoolClass.objects.filter(pk__in=[pk for pk in made if pk not in busy]).delete()
