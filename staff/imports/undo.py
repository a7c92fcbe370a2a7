"""Taking an applied upload back: whatever nobody has touched since returns to what it was, the rest is reported."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import ManyToOneRel
from django.utils import timezone

from schools.models import School, SchoolClass
from staff.imports.writing import ACCOUNT_COLUMNS, Writer, account_states, class_states
from staff.models import ClassTeacher, StaffAccount, StaffMember

_OWN = {StaffAccount, ClassTeacher}


def take_back(school: School, stored: dict[str, Any]) -> dict[str, Any]:
    """Undo what `writing.Written` recorded; the caller holds the transaction and the school's lock.

    Returns {"restored": n, "removed": n, "kept": [[staff id, why], …]}.
    """
    kept: list[list[Any]] = []
    touched = _touched(school, stored)
    removed = _remove(school, stored["created"], touched, kept)
    restored = _restore(school, stored, touched, kept)
    _remove_classes(school, stored["made_classes"])
    return {"restored": restored, "removed": removed, "kept": kept}


def _touched(school: School, stored: Mapping[str, Any]) -> dict[int, str]:
    """Staff id → what somebody has changed since: the person, an account or a leadership the upload had written."""
    versions = dict.fromkeys(stored["created"], 1) | {pk: version for pk, version, _ in stored["changed"]}
    present = StaffMember.objects.filter(school=school).values_list("pk", "version")
    touched = {pk: "изменён после загрузки" for pk, version in present if versions.get(pk, version) != version}
    for known, left, now, reason in (
        ("accounts", "left_accounts", account_states, "учётную запись изменили после загрузки"),
        ("classes", "left_classes", class_states, "классное руководство изменили после загрузки"),
    ):
        written = {*stored["created"], *map(int, stored[known])}
        differing = set(map(tuple, stored[left])) ^ set(map(tuple, now(school, written)))
        touched = {row[0]: reason for row in differing} | touched
    return touched


def _restore(school: School, stored: dict[str, Any], touched: Mapping[int, str], kept: list[list[Any]]) -> int:
    changed = [pk for pk, _, _ in stored["changed"]]
    present = set(StaffMember.objects.filter(school=school, pk__in=changed).values_list("pk", flat=True))
    mine = present - touched.keys()
    kept.extend([pk, touched[pk]] for pk in changed if pk in present and pk in touched)
    taken = _snils_taken(school, {pk: old for pk, _, old in stored["changed"] if pk in mine})
    kept.extend([pk, "СНИЛС теперь у другого сотрудника"] for pk in sorted(taken))
    mine -= taken
    Writer(school, timezone.localdate()).change({pk: old for pk, _, old in stored["changed"] if pk in mine})
    _restore_accounts(school, {int(pk): rows for pk, rows in stored["accounts"].items() if int(pk) in mine})
    _restore_classes({int(pk): ids for pk, ids in stored["classes"].items() if int(pk) in mine})
    return len(mine)


def _snils_taken(school: School, olds: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Those who cannot be given back their СНИЛС or their place: since then somebody else works under that number."""
    claiming = {pk for pk, old in olds.items() if {"snils", "left_on"} & old.keys()}
    if not claiming:
        return set()
    now = {pk: (snils, left) for pk, snils, left in _numbers(school)}
    taken: set[int] = set()
    while True:
        after = {
            pk: (old.get("snils", now[pk][0]), old.get("left_on", now[pk][1]))
            for pk, old in olds.items()
            if pk not in taken
        }
        held = Counter(snils for snils, left in (now | after).values() if snils and left is None)
        clashing = {pk for pk in claiming - taken if after[pk][1] is None and held[after[pk][0]] > 1}
        if not clashing:
            return taken
        taken |= clashing


def _numbers(school: School) -> Iterable[tuple[int, str, Any]]:
    return StaffMember.objects.filter(school=school).values_list("pk", "snils", "left_on")


def _restore_accounts(school: School, before: dict[int, list[list[Any]]]) -> None:
    """Give accounts back their dates in place: what the upload did not touch of them stays."""
    wanted = {(staff, account[0]): account for staff, accounts in before.items() for account in accounts}
    present = {(one.staff_id, one.platform): one for one in StaffAccount.objects.filter(staff__in=list(before))}
    extra = [one.pk for key, one in present.items() if key not in wanted]
    StaffAccount.objects.filter(pk__in=extra).delete()
    for key, account in wanted.items():
        one = present.setdefault(key, StaffAccount(staff_id=key[0], school=school))
        for column, value in zip(ACCOUNT_COLUMNS, account, strict=True):
            setattr(one, column, value)
    kept = [one for key, one in present.items() if key in wanted]
    StaffAccount.objects.bulk_create([one for one in kept if one.pk is None])
    StaffAccount.objects.bulk_update([one for one in kept if one.pk], list(ACCOUNT_COLUMNS), batch_size=500)


def _restore_classes(before: dict[int, list[int]]) -> None:
    ClassTeacher.objects.filter(staff__in=list(before)).delete()
    alive = set(
        SchoolClass.objects.filter(pk__in={pk for ids in before.values() for pk in ids}).values_list("pk", flat=True)
    )
    ClassTeacher.objects.bulk_create(
        ClassTeacher(staff_id=staff, school_class_id=pk) for staff, ids in before.items() for pk in ids if pk in alive
    )


def _remove(school: School, created: Sequence[int], touched: Mapping[int, str], kept: list[list[Any]]) -> int:
    present = set(StaffMember.objects.filter(school=school, pk__in=created).values_list("pk", flat=True))
    busy = dict.fromkeys(_mentioned(StaffMember, present, school), "уже есть активность или чаты") | dict(touched)
    free = present - busy.keys()
    kept.extend([pk, busy[pk]] for pk in created if pk in present and pk in busy)
    StaffMember.objects.filter(pk__in=free).delete()
    return len(free)


def _mentioned(model: type[StaffMember] | type[SchoolClass], ids: Collection[int], school: School) -> set[int]:
    """Which of the rows other tables speak of, those of the upload itself aside.

    A table too large to search for a person says by `of_school` how the rows of one school are found.
    """
    found: set[int] = set()
    for relation in _relations(model):
        name, related = relation.field.name, relation.related_model
        if hasattr(related, "of_school"):
            found |= set(related.of_school(school.pk).values_list(name, flat=True).distinct()) & set(ids)
        else:
            rows = related._base_manager.filter(**{f"{name}__in": list(ids)})
            found.update(rows.values_list(name, flat=True).distinct())
    return found


def _relations(model: type[StaffMember] | type[SchoolClass]) -> Iterable[ManyToOneRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model not in _OWN:
            yield relation


def _remove_classes(school: School, made: Sequence[int]) -> None:
    led = set(ClassTeacher.objects.filter(school_class__in=made).values_list("school_class", flat=True))
    busy = _mentioned(SchoolClass, made, school) | led
    SchoolClass.objects.filter(pk__in=[pk for pk in made if pk not in busy]).delete()
