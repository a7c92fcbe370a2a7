"""Taking a roster's upload back: what nobody has touched since returns to what it was, the rest is reported."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import ManyToOneRel, Model

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from staff.imports.undo import take_back
from staff.models import ClassTeacher, StaffMember
from staff.rosters.writing import RosterWriter

CHANGED, MENTIONED = "изменены после загрузки", "на них уже ссылаются другие данные"
Kept = dict[str, dict[str, int]]  # what → why → how many


class RosterUndo:
    """Undoes what `written.Written` recorded; the caller holds the transaction and the school's lock."""

    def __init__(self, school: School, year: int, stored: Mapping[str, Any]) -> None:
        self.school = school
        self.stored = stored
        self.writer = RosterWriter(school, year)
        self.kept: Kept = {}
        self.restored = self.removed = 0

    def run(self) -> dict[str, Any]:
        """Return {"restored": n, "removed": n, "kept": {what: {why: n}}}."""
        mine = self._unchanged(Pupil, self.stored["pupils"], "обучающиеся")
        edited = self._edited(Pupil, self.stored["made_pupils"])
        self._links(edited)
        self._guardians()
        self._remove(Pupil, self.stored["made_pupils"], "обучающиеся", edited)
        self._restore_pupils(mine)
        self._classes()
        staff = take_back(self.school, self.stored["staff"]) if self.stored["staff"] else {"kept": []}
        for _, reason in staff["kept"]:
            self._keep("сотрудники", reason, 1)
        self.restored += staff.get("restored", 0)
        self.removed += staff.get("removed", 0)
        return {"restored": self.restored, "removed": self.removed, "kept": self.kept}

    def _keep(self, what: str, why: str, count: int) -> None:
        if count:
            reasons = self.kept.setdefault(what, {})
            reasons[why] = reasons.get(why, 0) + count

    def _unchanged(self, model: type[Model], changed: Sequence[Any], what: str) -> dict[int, dict[str, Any]]:
        """Old values of the rows that still stand as the upload left them."""
        after = {pk: version for pk, version, _ in changed}
        present = dict(model._default_manager.filter(pk__in=list(after)).values_list("pk", "version"))
        self._keep(what, CHANGED, sum(pk in present and present[pk] != version for pk, version in after.items()))
        return {pk: old for pk, version, old in changed if present.get(pk) == version}

    def _edited(self, model: type[Model], made: Sequence[int]) -> set[int]:
        rows = model._default_manager.filter(pk__in=made).exclude(version=1)
        return set(rows.values_list("pk", flat=True))

    # Links and representatives

    def _links(self, edited: Collection[int]) -> None:
        """A link stays if somebody changed it, or the pupil it came with."""
        made_at = datetime.datetime.fromisoformat(self.stored["made_at"])
        made = Guardianship.objects.filter(pk__in=self.stored["made_links"])
        self._keep("связи с представителями", CHANGED, made.exclude(updated_at=made_at).count())
        free = made.filter(updated_at=made_at).exclude(pupil__in=list(edited))
        self.removed += free.count()
        free.delete()
        after: dict[int, dict[str, Any]] = dict(self.stored["links"])
        mine = set(Guardianship.objects.filter(pk__in=list(after), updated_at=made_at).values_list("pk", flat=True))
        there = Guardianship.objects.filter(pk__in=list(after)).count()
        self._keep("связи с представителями", CHANGED, there - len(mine))
        self.writer.change_links({pk: after[pk] for pk in mine})
        self.restored += len(mine)

    def _guardians(self) -> None:
        mine = self._unchanged(Guardian, self.stored["guardians"], "представители")
        self.writer.change_guardians(mine)
        self.restored += len(mine)
        edited = self._edited(Guardian, self.stored["made_guardians"])
        self._remove(Guardian, self.stored["made_guardians"], "представители", edited)

    # Pupils

    def _restore_pupils(self, mine: dict[int, dict[str, Any]]) -> None:
        classes = {old["school_class"] for old in mine.values() if old.get("school_class")}
        alive = set(SchoolClass.objects.filter(pk__in=classes).values_list("pk", flat=True))
        taken = self._snils_taken(mine)
        self._keep("обучающиеся", "их СНИЛС теперь у других", len(taken))
        olds = {pk: dict(old) for pk, old in mine.items() if pk not in taken}
        for old in olds.values():
            if "school_class" in old and old["school_class"] not in alive:
                old["school_class"] = None
        self.writer.change_pupils(olds)
        self.restored += len(olds)

    def _snils_taken(self, mine: Mapping[int, Mapping[str, Any]]) -> set[int]:
        """Pupils who cannot be given their number back: since then another one has it."""
        claiming = {pk for pk, old in mine.items() if old.get("snils")}
        if not claiming:
            return set()
        now = dict(Pupil.objects.filter(school=self.school).values_list("pk", "snils"))
        taken: set[int] = set()
        while True:
            after = now | {pk: old["snils"] for pk, old in mine.items() if pk not in taken and "snils" in old}
            held = Counter(filter(None, after.values()))
            clashing = {pk for pk in claiming - taken if held[mine[pk]["snils"]] > 1}
            if not clashing:
                return taken
            taken |= clashing

    def _remove(
        self, model: type[Pupil | Guardian | SchoolClass], made: Sequence[int], what: str, edited: Collection[int]
    ) -> None:
        """Remove what the upload made, unless it was changed or something else speaks of it."""
        there = set(model.objects.filter(pk__in=made).values_list("pk", flat=True))
        busy = mentioned(model, there) - set(edited)
        free = there - busy - set(edited)
        self._keep(what, CHANGED, len(edited))
        self._keep(what, MENTIONED, len(busy))
        model.objects.filter(pk__in=free).delete()
        self.removed += len(free)

    # Classes

    def _classes(self) -> None:
        mine = self._unchanged(SchoolClass, self.stored["classes"], "классы")
        made = self.stored["made_classes"]
        edited = self._edited(SchoolClass, made)
        led = {int(pk): staff for pk, staff in self.stored["teachers"].items()}
        self._restore_teachers(
            {pk: staff for pk, staff in led.items() if pk in mine or (pk in made and pk not in edited)}
        )
        self._remove(SchoolClass, made, "классы", edited)  # before a class gets back the name that one of them has
        self._restore_classes(mine)

    def _restore_teachers(self, led: Mapping[int, Sequence[int]]) -> None:
        ClassTeacher.objects.filter(school_class__in=list(led)).delete()
        staff = {pk for people in led.values() for pk in people}
        alive = set(StaffMember.objects.filter(pk__in=staff).values_list("pk", flat=True))
        ClassTeacher.objects.bulk_create(
            ClassTeacher(school_class_id=pk, staff_id=one)
            for pk, people in led.items()
            for one in people
            if one in alive
        )

    def _restore_classes(self, mine: Mapping[int, Mapping[str, Any]]) -> None:
        names = {(old["grade"], old["letter"]): pk for pk, old in mine.items() if "grade" in old}
        rows = SchoolClass.objects.filter(school=self.school, year=self.writer.year).exclude(pk__in=list(mine))
        taken = {names[place] for place in rows.values_list("grade", "letter") if place in names}
        self._keep("классы", "их прежние названия теперь у других", len(taken))
        for row in SchoolClass.objects.filter(pk__in=[pk for pk in mine if pk not in taken]):
            for key, value in mine[row.pk].items():
                setattr(row, key, value)
            row.save()
        self.restored += len(mine) - len(taken)


def mentioned(model: type[Model], ids: Collection[int]) -> set[int]:
    """Which of the rows other tables still speak of."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": list(ids)})
            found.update(rows.values_list(name, flat=True).distinct())
    return found


def undo(school: School, year: int, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Take back what an upload or a rollover wrote; see `RosterUndo.run`."""
    return RosterUndo(school, year, stored).run()
