"""What holds for any roster and any file: the plan is the effect, undo brings all back, a template changes nothing."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, note, settings

from schools.codes import fold
from schools.models import School
from staff.imports.plan import CHANGE, NEW, WAIT, Plan
from staff.imports.roster import FIELDS, load_roster, plain, row_key
from staff.imports.template import school_template
from staff.models import StaffImport, StaffMember
from tests.conftest import Cast
from tests.staff import rosters
from tests.staff.rosters import forgotten
from tests.staff.uploads import applied, counts, csv_of, plan_of, planned, state, undone, versions

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
many = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an upload takes 0.2 s: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def written(file: tuple[list[str], list[list[str]]], known: list[StaffMember]) -> bytes:
    """The bytes of a generated file; places of people become their row keys."""
    headers, rows = file
    if headers[0] != "Код строки":
        return csv_of(*rows, headers=headers)
    keys = {str(place): row_key(one.pk) for place, one in enumerate(known)}
    return csv_of(*([keys.get(row[0], ""), *row[1:]] for row in rows), headers=headers)


def facts(school: School) -> dict[int, dict[str, Any]]:
    """Every field an upload may change, by person."""
    people = load_roster(school).people
    return {one.id: {key: plain(one.values[key]) for key in FIELDS} for one in people}


def expected(before: dict[int, dict[str, Any]], plan: Plan) -> dict[int, dict[str, Any]]:
    """The known people as the plan says they will be."""
    after = {pk: dict(values) for pk, values in before.items()}
    for row in plan.rows:
        if row.action == CHANGE:
            after[row.staff_id or 0].update({key: new for key, (_, new) in row.changes.items()})
    for pk, _ in plan.leaving:
        after[pk]["left_on"] = max(timezone.localdate().isoformat(), after[pk]["hired_on"] or "")
    return after


def alike(values: dict[str, Any]) -> dict[str, Any]:
    """Values for comparing: the order of classes means nothing, profiles of those who have left are not told."""
    values = values | {"leads_classes": sorted(filter(None, values["leads_classes"].split(", ")))}
    return values if not values["left_on"] else values | {"has_profile": None, "is_confirmed": None}


@many
@given(roster=rosters.rosters, file=rosters.files(), mode=rosters.modes)
def test_plan_is_the_effect_and_the_file_again_changes_nothing(
    cast: Cast, roster: list[dict[str, Any]], file: tuple[list[str], list[list[str]]], mode: str
) -> None:
    with forgotten():
        known = rosters.save(cast.school, roster)
        data = written(file, known)
        before, old_versions = facts(cast.school), dict(versions(cast.school))

        upload = planned(cast.school, cast.nina, data, mode)
        if upload.stage != "planned" or not sum(counts(upload)[:2]) + counts(upload)[4]:
            return
        plan = plan_of(upload)
        upload = applied(cast.school, cast.nina, data, mode)
        after, new_versions = facts(cast.school), dict(versions(cast.school))

        assert upload.stage == "applied"
        assert {pk: alike(after[pk]) for pk in before} == {pk: alike(one) for pk, one in expected(before, plan).items()}
        assert len(after) - len(before) == counts(upload)[0] == sum(row.action == NEW for row in plan.rows)
        touched = {pk for pk, version in old_versions.items() if new_versions[pk] != version}
        assert len(touched) == counts(upload)[1] + counts(upload)[4]
        again = plan_of(planned(cast.school, cast.nina, data, mode))
        done = {row.row: row for row in plan.rows if row.action != WAIT}  # one that waited may have its way now
        assert [(done[row.row], row) for row in again.rows if row.row in done and row.action in {NEW, CHANGE}] == []


@many
@given(roster=rosters.rosters, file=rosters.files(), mode=rosters.modes)
def test_undo_returns_everything(
    cast: Cast, roster: list[dict[str, Any]], file: tuple[list[str], list[list[str]]], mode: str
) -> None:
    with forgotten():
        known = rosters.save(cast.school, roster)
        data = written(file, known)
        before = state(cast.school)
        upload = planned(cast.school, cast.nina, data, mode)
        if upload.stage != "planned" or not sum(counts(upload)[:2]) + counts(upload)[4]:
            return
        upload = applied(cast.school, cast.nina, data, mode)

        upload = undone(upload, cast.nina)

        assert (upload.stage, upload.summary["undo"]["kept"]) == ("undone", [])
        assert repr(state(cast.school)) == repr(before)


@many
@given(roster=rosters.rosters, mode=rosters.modes)
def test_template_uploaded_as_it_came_changes_nothing(cast: Cast, roster: list[dict[str, Any]], mode: str) -> None:
    with forgotten():
        rosters.save(cast.school, roster)
        data = school_template(cast.school, timezone.localdate())

        upload = planned(cast.school, cast.sveta, data, mode)

        if upload.stage == "refused":
            assert not any(one.works for one in load_roster(cast.school).people)
            return
        note(repr(plan_of(upload)))
        new, changed, same, waiting, leaving = counts(upload)
        assert (new, changed, leaving) == (0, 0, 0)
        assert same + waiting == sum(one.works for one in load_roster(cast.school).people)


@many
@given(roster=rosters.rosters, file=rosters.files(), mode=rosters.modes)
def test_indexes_of_a_written_row_are_those_of_a_saved_one(
    cast: Cast, roster: list[dict[str, Any]], file: tuple[list[str], list[list[str]]], mode: str
) -> None:
    with forgotten():
        known = rosters.save(cast.school, roster)
        upload = planned(cast.school, cast.nina, written(file, known), mode)
        if upload.stage != "planned" or not sum(counts(upload)[:2]):
            return
        applied(cast.school, cast.nina, written(file, known), mode)

        for one in StaffMember.objects.filter(school=cast.school):
            key, issue = one.name_key, one.name_issue
            one.save()
            assert (key, issue) == (fold(one.full_name), one.name_issue)
        assert StaffImport.objects.count() == 1
