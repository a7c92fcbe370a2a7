"""The change of school years: what becomes of classes, that it happens once, that it comes back whole."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import Pupil, SchoolClass, User
from staff.imports.services import ImportRefused
from staff.models import ClassTeacher, YearRollover
from staff.rosters import rollover
from tests.conftest import Cast
from tests.staff.roster_books import child, form, state, versions
from tests.staff.uploads import person

pytestmark = pytest.mark.django_db
JUNE = datetime.datetime(2027, 6, 15, 9, 0, tzinfo=datetime.UTC)
ClientOf = Callable[[User], Client]


@pytest.fixture
def june() -> Any:
    """The end of the school year 2026/27."""
    with time_machine.travel(JUNE, tick=False):
        yield


@pytest.fixture
def populated(cast: Cast, june: None) -> Cast:
    """Classes 1А, 4А, 5А, 9А, 11А of 2026/27, each with a teacher and two pupils."""
    for number, name in enumerate(("1А", "4А", "5А", "9А", "11А")):
        school_class = form(cast.school, name, year=2026)
        teacher = person(cast.school, f"Каренин{'а' * (number + 1)}", "Ольга", "Семёновна")
        ClassTeacher.objects.create(staff=teacher, school_class=school_class)
        for first in ("Лев", "Пётр"):
            child(cast.school, f"Мороз{'а' * number} {first} Олегович", school_class)
    child(cast.school, "Рябов Иван Ильич", SchoolClass.objects.get(grade=5), left_on=datetime.date(2026, 10, 1))
    return cast


def plan(cast: Cast, **choices: str) -> rollover.Rollover:
    """The plan of moving into 2027/28."""
    return rollover.plan_rollover(cast.school, 2027, choices, timezone.localdate())


def done(cast: Cast, **choices: str) -> YearRollover:
    """The rollover, done."""
    made = plan(cast, **choices)
    return rollover.roll_over(school=cast.school, plan=made, by=cast.sveta, stamp=made.stamp, sure=False)


def placed(cast: Cast) -> dict[str, list[str]]:
    """Class and year → first names of those who learn there."""
    found: dict[str, list[str]] = {}
    for one in (
        Pupil.objects.filter(school=cast.school).learning().select_related("school_class").order_by("first_name")
    ):
        place = f"{one.school_class} {one.school_class.year}" if one.school_class else "без класса"
        found.setdefault(place, []).append(one.first_name)
    return found


def test_everybody_moves_up_and_the_last_forms_go_their_ways(populated: Cast) -> None:
    made = done(populated)

    both = ["Лев", "Пётр"]
    assert placed(populated) == {
        "2А 2027": both, "5А 2027": both, "6А 2027": both, "без класса": both, "11А 2026": both,
    }  # fmt: skip
    assert made.summary == {"classes": 4, "moved": 6, "left": 2, "held": 2, "first": ["1А"]}
    left = Pupil.objects.filter(school_class__grade=11).values_list("left_on", flat=True)
    assert set(left) == {datetime.date(2027, 6, 30)}
    assert Pupil.objects.filter(first_name="Иван", school_class__year=2026).exists()  # who left long ago stays


def test_teachers_go_with_their_classes_but_not_from_the_primary(populated: Cast) -> None:
    done(populated)

    led = ClassTeacher.objects.filter(school_class__year=2027).values_list("school_class__grade", flat=True)
    assert set(led) == {2, 6}


def test_primary_teachers_go_on_where_the_school_says_so(populated: Cast) -> None:
    done(populated, primary="1")

    assert ClassTeacher.objects.filter(school_class__year=2027, school_class__grade=5).exists()


@pytest.mark.parametrize(
    "action, target, place",
    [("move", "10А", "10А 2027"), ("leave", "", "9А 2026"), ("hold", "", "без класса"), ("move", "10 б", "10Б 2027")],
)
def test_ninth_form_does_as_the_school_chooses(populated: Cast, action: str, target: str, place: str) -> None:
    ninth = SchoolClass.objects.get(grade=9)

    done(populated, **{f"after-{ninth.pk}": action, f"target-{ninth.pk}": target})

    names = {
        one.school_class and f"{one.school_class} {one.school_class.year}"
        for one in Pupil.objects.filter(last_name="Морозааа")
    }
    assert names == {None if place == "без класса" else place}


def test_two_classes_may_become_one_and_a_class_that_is_there_is_used(populated: Cast) -> None:
    second = form(populated.school, "5Б", year=2026)
    child(populated.school, "Зимин Олег Ильич", second)
    ready = form(populated.school, "6А", year=2027)

    done(populated, **{f"target-{second.pk}": "6А"})

    assert set(Pupil.objects.filter(school_class=ready).values_list("first_name", flat=True)) == {"Лев", "Пётр", "Олег"}


@pytest.mark.parametrize(
    "choices, words",
    [
        ({"target": "все"}, "Впишите класс"),
        ({"target": "9А"}, "идёт 6-й класс"),
        ({"first": "2А"}, "первые классы"),
        ({"first": "первые"}, "первые классы"),
    ],
)
def test_what_cannot_be_is_told_and_not_done(populated: Cast, choices: dict[str, str], words: str) -> None:
    fifth = SchoolClass.objects.get(grade=5)
    given = {f"target-{fifth.pk}": choices["target"]} if "target" in choices else choices
    made = plan(populated, **given)

    said = " ".join([*made.problems, *(step.problem for step in made.steps)])

    assert words in said
    with pytest.raises(ImportRefused, match="Исправьте"):
        rollover.roll_over(school=populated.school, plan=made, by=populated.sveta, stamp=made.stamp, sure=True)
    assert not YearRollover.objects.exists()


def test_it_happens_once(populated: Cast) -> None:
    made = plan(populated)
    done(populated)
    before = versions(populated.school)

    with pytest.raises(ImportRefused, match="уже переведена на 2027/28"):
        rollover.roll_over(school=populated.school, plan=made, by=populated.sveta, stamp=made.stamp, sure=True)

    assert versions(populated.school) == before


def test_school_that_changed_meanwhile_is_shown_again(populated: Cast) -> None:
    made = plan(populated)
    child(populated.school, "Зимин Олег Ильич")

    with pytest.raises(ImportRefused, match="изменились"):
        rollover.roll_over(school=populated.school, plan=made, by=populated.sveta, stamp=made.stamp, sure=True)


def test_early_rollover_has_to_be_meant(populated: Cast) -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC)):
        made = plan(populated)
        with pytest.raises(ImportRefused, match="Учебный год ещё идёт"):
            rollover.roll_over(school=populated.school, plan=made, by=populated.sveta, stamp=made.stamp, sure=False)

        rollover.roll_over(school=populated.school, plan=made, by=populated.sveta, stamp=made.stamp, sure=True)

    assert YearRollover.objects.count() == 1


def test_undo_brings_everything_back(populated: Cast) -> None:
    before = state(populated.school)
    made = done(populated)

    undone = rollover.take_back(done=made, by=populated.sveta)

    assert undone.summary["undo"] == {"restored": 10, "removed": 4, "kept": {}}
    assert state(populated.school) == before
    done(populated)  # and it may be done again
    assert YearRollover.objects.filter(undone_at=None).count() == 1


def test_undo_keeps_what_was_changed_since(populated: Cast) -> None:
    made = done(populated)
    lev = Pupil.objects.get(school_class__grade=6, first_name="Лев")
    lev.phone = "+79000000101"
    lev.save()

    undone = rollover.take_back(done=made, by=populated.sveta)

    lev.refresh_from_db()
    assert Pupil.objects.filter(pk=lev.pk, school_class__grade=6, school_class__year=2027).exists()
    assert undone.summary["undo"]["kept"] == {
        "обучающиеся": {"изменены после загрузки": 1},
        "классы": {"на них уже ссылаются другие данные": 1},
    }


def test_undo_happens_once_and_has_a_term(populated: Cast) -> None:
    made = done(populated)
    with time_machine.travel(JUNE + datetime.timedelta(days=40)), pytest.raises(ImportRefused, match="срок вышел"):
        rollover.take_back(done=made, by=populated.sveta)
    rollover.take_back(done=made, by=populated.sveta)

    with pytest.raises(ImportRefused, match="уже отменён"):
        rollover.take_back(done=made, by=populated.sveta)


def test_number_of_queries_does_not_grow_with_the_school(populated: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            made = done(populated)
        rollover.take_back(done=made, by=populated.sveta)
        return len(queries)

    few = cost()
    for number, letter in enumerate("БВГДЕЖЗИКЛ"):
        school_class = form(populated.school, f"7{letter}", year=2026)
        child(populated.school, f"Седов{'а' * number} Лев Ильич", school_class)

    assert cost() <= few


# Pages


def test_page_shows_asks_and_does(populated: Cast, client_of: ClientOf) -> None:
    client = client_of(populated.sveta)
    address = f"/schools/{populated.school.pk}/rollover/"
    page = client.get(address).content.decode()
    made = plan(populated)

    assert "Перевод на 2027/28 учебный год" in page
    assert "6 переходят в следующий класс, 2 выпускаются, 2 останутся пока без класса" in page.replace("\xa0", " ")
    preview = client.post(
        address, {"preview": "1", "first": "1А, 1Б", f"after-{SchoolClass.objects.get(grade=9).pk}": "leave"}
    )
    assert "4 выпускаются" in preview.content.decode().replace("\xa0", " ")
    assert not YearRollover.objects.exists()

    answer = client.post(address, {"apply": "1", "stamp": made.stamp, "first": "1А, 1Б"})
    outcome = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 303
    assert "Школа переведена на 2027/28" in outcome
    assert client.get(address).status_code == 302  # leads to what was done
    again = client.post(answer["Location"])
    assert "Прежние классы вернулись" in client.get(again["Location"]).content.decode()


def test_page_refuses_with_a_sentence(populated: Cast, client_of: ClientOf) -> None:
    answer = client_of(populated.sveta).post(
        f"/schools/{populated.school.pk}/rollover/", {"apply": "1", "stamp": "old", "first": ""}
    )

    assert answer.status_code == 409
    assert "данные школы изменились" in answer.content.decode()


def test_school_without_classes_is_told_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/rollover/").content.decode()

    assert "Сначала внесите классы" in page


def test_only_the_school_itself_moves_itself(populated: Cast, client_of: ClientOf) -> None:
    made = done(populated)

    for name in ("nina", "marat", "observer", "stranger"):
        client = client_of(populated.people[name])
        assert client.post(f"/schools/{populated.school.pk}/rollover/", {"apply": "1"}).status_code == 404
        assert client.post(f"/rollovers/{made.pk}/").status_code == 404
    assert YearRollover.objects.get().undone_at is None
