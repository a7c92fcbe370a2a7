"""Publishing a week: frozen, hashed, superseded; nothing that happens later moves it."""

import datetime
import hashlib
from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

from reports.counting import count_week
from reports.indicators import INDICATORS
from reports.models import (
    ActivityCoverage,
    CaseWeek,
    Rating,
    RatingPlace,
    RatingRow,
    RatingState,
    SchoolWeek,
    StaffActivity,
)
from reports.publishing import PublishRefused, changes_between, fingerprint, publish, verify
from schools.models import Municipality, School
from schools.scope import Level
from staff.models import StaffMember
from tests.conftest import Cast
from tests.reports.world import WEEK, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_week")]
AFTER = datetime.datetime(2026, 11, 16, 5, tzinfo=datetime.UTC)


@pytest.fixture
def after_the_week() -> Iterator[None]:
    """Stand on the Monday after WEEK."""
    with time_machine.travel(AFTER):
        yield


def bytes_of(rating: Rating) -> list[tuple[object, ...]]:
    """All rows of a revision, as they stand."""
    rows = [
        tuple(row) for row in SchoolWeek.objects.filter(rating=rating).order_by("platform", "school_id").values_list()
    ]
    rows += [tuple(row) for row in CaseWeek.objects.filter(rating=rating).order_by("pk").values_list()]
    rows += [tuple(row) for row in RatingPlace.objects.filter(rating=rating).order_by("pk").values_list()]
    return rows + [tuple(row) for row in RatingRow.objects.filter(rating=rating).order_by("pk").values_list()]


def test_publication_freezes_the_draft_with_its_fingerprint(cast: Cast) -> None:
    draft = count_week(WEEK)

    published = publish(draft, by=cast.root)

    assert (published.pk, published.state, published.published_by) == (draft.pk, RatingState.PUBLISHED, cast.root)
    assert len(published.sha256) == 64
    assert verify(published)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_happens_later_changes_a_published_revision(seed: int) -> None:
    build_world(seed)
    published = publish(count_week(WEEK))
    before = bytes_of(published)

    first, second = School.objects.order_by("pk")[:2]
    School.objects.filter(pk=first.pk).update(region=second.region, municipality=None, declared_teachers=99)
    School.objects.filter(pk=second.pk).update(opened_on=None, closed_on=datetime.date(2026, 9, 1))
    StaffActivity.objects.filter(week=WEEK.number).update(messages=0)
    ActivityCoverage.objects.all().delete()
    StaffMember.objects.all().delete()
    second_revision = publish(count_week(WEEK, reason="поправили"))

    published.refresh_from_db()
    assert second_revision.revision == 2
    assert published.state == RatingState.SUPERSEDED
    assert bytes_of(published) == before
    assert verify(published)


def test_changed_row_is_found_by_verification(cast: Cast) -> None:
    published = publish(count_week(WEEK))

    RatingRow.objects.filter(rating=published, level=Level.REGION).update(rank=77)

    assert not verify(published)


def test_changed_case_of_chats_is_found_by_verification() -> None:
    build_world(1)
    published = publish(count_week(WEEK))

    CaseWeek.objects.filter(rating=published).update(present=0, expected=77)

    assert not verify(published)


def test_week_published_before_a_column_came_keeps_its_hash(cast: Cast) -> None:
    published = publish(count_week(WEEK))
    newer = {
        field.name: None for field in SchoolWeek._meta.concrete_fields if field.name.endswith(("_expected", "_present"))
    }
    SchoolWeek.objects.filter(rating=published).update(**newer)
    CaseWeek.objects.filter(rating=published).delete()
    first = (
        "platform,school_id,municipality_id,region_id,in_scope,declared_teachers,staff,teachers,names_in_order,profiles,"
        "confirmed,active,active_all,classes,classes_with_chat,chats,active_chats,administrators,registered,filled,uses"
    ).split(",")
    kinds = (("W", SchoolWeek, first), ("R", RatingRow, _columns(RatingRow)), ("P", RatingPlace, _columns(RatingPlace)))
    lines = [
        "|".join([kind, *("" if value is None else str(value) for value in row)])
        for kind, model, columns in kinds
        for row in model._default_manager.filter(rating=published).values_list(*columns)
    ]

    rule = published.rule
    shares = f"{rule.filled_share:.3f}|{rule.active_teachers}|{rule.active_share:.3f}|{rule.active_chats}"
    head = f"{published.iso_week}\n1|{shares}\n"

    as_it_was = hashlib.sha256((head + "\n".join(sorted(lines))).encode()).hexdigest()
    assert len(newer) == 9
    assert fingerprint(published) == as_it_was


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.name != "rating"]


def test_changed_wide_row_is_found_by_verification(cast: Cast) -> None:
    published = publish(count_week(WEEK))

    SchoolWeek.objects.filter(rating=published, school=cast.school).update(staff=77)

    assert not verify(published)


def test_changed_name_is_found_by_verification(cast: Cast) -> None:
    published = publish(count_week(WEEK))

    RatingPlace.objects.filter(rating=published, level=Level.SCHOOL, place_id=cast.school.pk).update(name="Чужая школа")

    assert not verify(published)


def test_renamed_place_is_a_change_of_the_next_revision_only(cast: Cast) -> None:
    first = publish(count_week(WEEK))
    School.objects.filter(pk=cast.foreign.pk).update(short_name="Школа имени героя")
    Municipality.objects.filter(pk=cast.municipality.pk).update(name="Новый район")

    second = publish(count_week(WEEK, reason="переименованы"))

    assert second.revision == 2
    assert changes_between(first, second) == {Level.MUNICIPALITY: 1, Level.SCHOOL: 1}
    assert verify(Rating.objects.get(pk=first.pk))


def test_fingerprint_is_the_same_on_both_engines(cast: Cast) -> None:
    rating = count_week(WEEK)
    SchoolWeek.objects.filter(rating=rating).delete()
    RatingRow.objects.filter(rating=rating).delete()
    RatingPlace.objects.filter(rating=rating).delete()
    for number in range(1, 5):
        listed = {"staff": number, "teachers": 0, "names_in_order": 0, "profiles": 0, "confirmed": 0}
        SchoolWeek.objects.create(rating=rating, platform=1, school_id=number, region_id=number, **listed)

    found = fingerprint(rating)

    assert found == EXPECTED, connection.vendor


EXPECTED = "306489fde83b630888d9b94c3714edec9b754baa80d0ad71bc830d3b0f620ba8"


def test_equal_recount_is_discarded(cast: Cast) -> None:
    published = publish(count_week(WEEK))
    draft = count_week(WEEK, reason="на всякий случай")

    standing = publish(draft)

    assert standing.pk == published.pk
    assert not Rating.objects.filter(pk=draft.pk).exists()
    assert not RatingRow.objects.exclude(rating=published).exists()


def test_published_revision_cannot_be_published_again(cast: Cast) -> None:
    published = publish(count_week(WEEK))

    with pytest.raises(PublishRefused, match="уже не черновик"):
        publish(published)


def test_week_that_is_not_over_is_not_published(cast: Cast) -> None:
    sunday = datetime.datetime(2026, 11, 15, 20, 59, tzinfo=datetime.UTC)  # 23:59 in Moscow

    with time_machine.travel(sunday, tick=False), pytest.raises(PublishRefused, match="ещё идёт"):
        publish(count_week(WEEK))


def test_draft_counted_before_the_week_ended_is_not_published(cast: Cast) -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 13, tzinfo=datetime.UTC)):
        draft = count_week(WEEK)

    with pytest.raises(PublishRefused, match="до конца недели"):
        publish(draft)


def test_week_is_published_from_the_first_minute_of_moscow_monday(cast: Cast) -> None:
    midnight = datetime.datetime(2026, 11, 15, 21, 0, tzinfo=datetime.UTC)

    with time_machine.travel(midnight, tick=False):
        published = publish(count_week(WEEK))

    assert published.state == RatingState.PUBLISHED


def test_changes_between_revisions_are_counted_by_level(cast: Cast) -> None:
    who = {"last_name": "Озёров", "first_name": "Глеб", "hired_on": WEEK.monday}
    StaffMember.objects.create(school=cast.foreign, is_teacher=True, **who)
    first = publish(count_week(WEEK))
    School.objects.filter(pk=cast.foreign.pk).update(declared_teachers=11)

    second = publish(count_week(WEEK, reason="новая ОО-1"))

    assert changes_between(first, second) == {Level.COUNTRY: 1, Level.REGION: 1, Level.MUNICIPALITY: 1, Level.SCHOOL: 1}
    assert changes_between(second, second) == {}


def call(*arguments: str) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_commands_count_publish_and_verify_a_week(cast: Cast) -> None:
    counted = call("count_week", "2026-W46")
    published = call("publish_week", "2026-W46")
    again = call("count_week", "2026-W46", "--reason", "проверка", "--publish")
    verified = call("verify_week", "2026-W46")

    assert "редакция 1: подсчитано за" in counted
    assert f"школа — {4 * len(INDICATORS)}" in counted
    assert "Опубликовано: 2026-W46, редакция 1. Отпечаток" in published
    assert "Ничего не изменилось" in again
    assert "совпадает" in verified


def test_verification_of_a_spoilt_week_fails(cast: Cast) -> None:
    call("count_week", "2026-W46", "--publish")
    RatingRow.objects.filter(level=Level.COUNTRY, indicator=5).update(part=1)

    with pytest.raises(CommandError, match="изменены в обход портала"):
        call("verify_week", "2026-W46")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["count_week", "2025-W53"], "В 2025 году нет 53-й недели"),
        (["count_week", "вчера"], "Неделя пишется так: 2026-W47"),
        (["count_week", "2026-W48"], "ещё не началась"),
        (["publish_week", "2026-W46"], "нет черновика"),
        (["verify_week", "2026-W46"], "не опубликована"),
    ],
)
def test_commands_refuse_in_a_sentence(cast: Cast, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call(*arguments)
