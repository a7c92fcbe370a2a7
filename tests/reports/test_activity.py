"""Taking in activity: resolved within the covered schools, replaced as a whole, refused as a whole."""

import datetime
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from chats.models import Chat
from reports.activity import MAX_COUNT, ActivityRefused, ActivityRow, ChatRow, record_activity
from reports.activity_file import read_activity
from reports.counting import count_week
from reports.models import ActivityCoverage, ActivityLoad, ChatActivity, StaffActivity
from reports.publishing import publish, verify
from reports.weeks import IsoWeek
from schools.models import School
from schools.platforms import MY_SCHOOL, SFERUM
from staff.models import StaffMember
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
SNILS = "11223344595"


def add_person(school: School, **facts: Any) -> StaffMember:
    """Save a teacher of a school."""
    return StaffMember.objects.create(
        school=school, last_name="Озёров", first_name="Глеб", patronymic="Ильич", is_teacher=True, **facts
    )


def deliver(covers: Iterable[School], *rows: ActivityRow, **facts: Any) -> ActivityLoad:
    """Take in rows for these schools."""
    schools = School.objects.filter(pk__in=[school.pk for school in covers])
    facts = {"week": WEEK, "platform": SFERUM, "source": "тест", "by": None, **facts}
    return record_activity(rows=rows, covers=schools, **facts)


def stored() -> list[tuple[int, int, int]]:
    """What is stored of WEEK on Сферум: (school, person, messages)."""
    rows = StaffActivity.objects.filter(week=WEEK.number, platform=SFERUM.number).order_by("school_id", "staff_id")
    return list(rows.values_list("school_id", "staff_id", "messages"))


def test_person_is_found_by_id_by_snils_and_by_personnel_number(cast: Cast) -> None:
    by_id, by_snils = add_person(cast.school), add_person(cast.school, snils=SNILS)
    by_number = add_person(cast.school, personnel_number="К-17")

    load = deliver(
        [cast.school],
        ActivityRow(2, "780001", by_id.pk, messages=1),
        ActivityRow(3, "780001", "112-233-445 95", messages=2),
        ActivityRow(4, " 780001 ", "К-17", messages=3),
        by=cast.nina,
    )

    assert stored() == [
        (cast.school.pk, by_id.pk, 1),
        (cast.school.pk, by_snils.pk, 2),
        (cast.school.pk, by_number.pk, 3),
    ]
    assert (load.rows, load.schools_covered, load.school, load.region) == (3, 1, cast.school, cast.region)
    assert load.loaded_by == cast.nina


def test_covered_schools_are_known_even_when_silent_and_the_idle_have_no_row(cast: Cast) -> None:
    idle = add_person(cast.school)

    load = deliver([cast.school, cast.foreign], ActivityRow(2, "780001", idle.pk))

    assert stored() == []
    assert set(ActivityCoverage.objects.values_list("school", flat=True)) == {cast.school.pk, cast.foreign.pk}
    assert (load.rows, load.school, load.region) == (0, None, None)


@pytest.mark.parametrize("order", [(0, 1, 1), (1, 0, 1), (0, 0, 1), (1, 1, 1)])
def test_second_delivery_replaces_the_first_and_never_adds(cast: Cast, order: tuple[int, ...]) -> None:
    first, second = add_person(cast.school), add_person(cast.school)
    deliveries = [
        [ActivityRow(2, "780001", first.pk, messages=5), ActivityRow(3, "780001", second.pk, messages=6)],
        [ActivityRow(2, "780001", second.pk, messages=9)],
    ]

    for number in order:
        deliver([cast.school], *deliveries[number])

    assert stored() == [(cast.school.pk, second.pk, 9)]
    assert ActivityCoverage.objects.count() == 1


def test_delivery_leaves_other_schools_platforms_and_weeks_alone(cast: Cast) -> None:
    mine, other = add_person(cast.school), add_person(cast.sibling)
    deliver([cast.sibling], ActivityRow(2, "780002", other.pk, messages=1))
    deliver([cast.school], ActivityRow(2, "780001", mine.pk, logins=1), platform=MY_SCHOOL)
    deliver([cast.school], ActivityRow(2, "780001", mine.pk, messages=1), week=WEEK.shift(-1))

    deliver([cast.school])

    assert StaffActivity.objects.count() == 3


def test_school_out_of_sight_is_refused_like_one_that_does_not_exist(cast: Cast) -> None:
    stranger = add_person(cast.foreign)
    refusals = []

    for code in ("470004", "999999"):
        with pytest.raises(ActivityRefused) as refused:
            deliver([cast.school], ActivityRow(7, code, stranger.pk, messages=1))
        refusals.append((str(refused.value), refused.value.mistakes))

    assert refusals[0] == refusals[1]
    assert refusals[0][1][0].row == 7


def test_person_of_another_school_is_refused_like_one_that_does_not_exist(cast: Cast) -> None:
    stranger = add_person(cast.foreign, snils=SNILS)
    messages = set()

    for reference in (stranger.pk, SNILS, "К-1", 10**12):
        with pytest.raises(ActivityRefused) as refused:
            deliver([cast.school], ActivityRow(2, "780001", reference, messages=1))
        messages.add(str(refused.value))

    assert len(messages) == 1
    assert SNILS not in messages.pop()


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named(cast: Cast) -> None:
    known = add_person(cast.school)
    deliver([cast.school], ActivityRow(2, "780001", known.pk, messages=4))

    with pytest.raises(ActivityRefused) as refused:
        deliver(
            [cast.school],
            ActivityRow(2, "780001", known.pk, messages=9),
            ActivityRow(3, "780001", "нет такого", messages=1),
            ActivityRow(5, "780009", known.pk, messages=1),
        )

    assert [mistake.row for mistake in refused.value.mistakes] == [3, 5]
    assert "строка 3" in str(refused.value)
    assert stored() == [(cast.school.pk, known.pk, 4)]
    assert ActivityLoad.objects.count() == 1


def test_person_named_twice_is_refused(cast: Cast) -> None:
    person = add_person(cast.school, snils=SNILS)

    with pytest.raises(ActivityRefused, match="строка 3: Этот сотрудник уже назван"):
        deliver(
            [cast.school],
            ActivityRow(2, "780001", person.pk, messages=1),
            ActivityRow(3, "780001", SNILS, messages=1),
        )


def test_personnel_number_of_two_people_is_refused(cast: Cast) -> None:
    add_person(cast.school, personnel_number="17")
    add_person(cast.school, personnel_number="17")

    with pytest.raises(ActivityRefused, match="несколько сотрудников"):
        deliver([cast.school], ActivityRow(2, "780001", "17", messages=1))


def test_returned_person_is_meant_by_the_present_row(cast: Cast) -> None:
    add_person(cast.school, snils=SNILS, left_on=datetime.date(2025, 6, 1))
    present = add_person(cast.school, snils=SNILS)

    deliver([cast.school], ActivityRow(2, "780001", SNILS, messages=1))

    assert stored() == [(cast.school.pk, present.pk, 1)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ActivityRow(2, "780001", 1, messages=-1), "целые числа"),
        (ActivityRow(2, "780001", 1, calls=MAX_COUNT + 1), "целые числа"),
        (ActivityRow(2, "780001", 2**63), "Такого номера не бывает"),
        (ActivityRow(2, "780001", 0), "Такого номера не бывает"),
        (ActivityRow(2, "78\0", "К"), "недопустимый знак"),
        (ActivityRow(2, "780001", "\0"), "недопустимый знак"),
        (ActivityRow(2, "780001", "", messages=1), "нет такого сотрудника"),
    ],
)
def test_impossible_values_are_refused_in_a_sentence(cast: Cast, row: ActivityRow, sentence: str) -> None:
    with pytest.raises(ActivityRefused, match=sentence):
        deliver([cast.school], row)


def test_nobody_to_cover_is_refused(cast: Cast) -> None:
    for nothing in (School.objects.none(), School.objects.filter(code="нет")):
        with pytest.raises(ActivityRefused, match="Нет ни одной школы"):
            record_activity(week=WEEK, platform=SFERUM, rows=[], covers=nothing, source="тест", by=None)


def test_covered_schools_may_come_from_the_rule_of_sight(cast: Cast) -> None:
    load = record_activity(
        week=WEEK, platform=SFERUM, rows=[], covers=School.objects.editable_by(cast.nina), source="тест", by=cast.nina
    )

    assert (load.schools_covered, load.region) == (3, cast.region)


def test_future_week_is_refused(cast: Cast) -> None:
    with time_machine.travel(WEEK.monday), pytest.raises(ActivityRefused, match="ещё не началась"):
        deliver([cast.school], week=WEEK.shift(1))


def test_chats_are_replaced_only_when_given(cast: Cast) -> None:
    chats = [
        Chat.objects.create(school=cast.school, use_case=1, channel=1, title="Чат", opened_on=datetime.date(2026, 9, 1))
        for _ in range(2)
    ]
    deliver([cast.school], chats=[ChatRow(2, "780001", chats[0].pk, 5), ChatRow(3, "780001", chats[1].pk, 0)])

    deliver([cast.school])
    kept = list(ChatActivity.objects.values_list("chat", "messages"))
    deliver([cast.school], chats=[])

    assert kept == [(chats[0].pk, 5)]
    assert not ChatActivity.objects.exists()


def test_chat_of_another_school_or_platform_is_refused(cast: Cast) -> None:
    day = datetime.date(2026, 9, 1)
    foreign = Chat.objects.create(school=cast.foreign, use_case=1, channel=1, title="Чат", opened_on=day)
    web = Chat.objects.create(school=cast.school, use_case=1, channel=3, title="Чат", opened_on=day)

    for chat in (foreign, web):
        with pytest.raises(ActivityRefused, match="нет такого чата"):
            deliver([cast.school], chats=[ChatRow(2, "780001", chat.pk, 1)])


@time_machine.travel(datetime.datetime(2026, 11, 16, 5, tzinfo=datetime.UTC))
def test_late_data_reaches_only_the_next_revision(cast: Cast) -> None:
    person = add_person(cast.school)
    published = publish(count_week(WEEK))

    deliver([cast.school], ActivityRow(2, "780001", person.pk, messages=1))
    second = publish(count_week(WEEK, reason="поступило после публикации"))

    assert verify(published)
    assert second.revision == 2
    assert second.rows.get(indicator=1, level=4, place_id=cast.school.pk).part == 1
    assert published.rows.get(indicator=1, level=4, place_id=cast.school.pk).part is None


CSV = "Код школы;СНИЛС;Количество сообщений;Звонки\n780001;112-233-445 95;7;\n\n780002;К-5;0;2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_file_is_read_under_usual_headings_and_encodings(encoding: str) -> None:
    found = read_activity(CSV.encode(encoding))

    assert found.mistakes == ()
    assert found.rows == (
        ActivityRow(2, "780001", "112-233-445 95", messages=7),
        ActivityRow(4, "780002", "К-5", calls=2),
    )


def test_file_with_commas_a_note_above_and_our_ids_is_read() -> None:
    text = "Выгрузка оператора,,\nШкола,Номер сотрудника,Входов\n780001,15,3\n"

    found = read_activity(text.encode())

    assert found.rows == (ActivityRow(3, "780001", 15, logins=3),)


@pytest.mark.parametrize(
    ("text", "row", "sentence"),
    [
        ("сотрудник;сообщений\n1;2\n", 1, "«школа»"),
        ("школа;сообщений\n1;2\n", 1, "«сотрудник»"),
        ("школа;сотрудник\n1;2\n", 1, "с числами"),
        ("школа;сотрудник;сообщений\n1;К-1;много\n", 2, "впишите целое число"),
        ("школа;сотрудник;сообщений\n1;;5\n", 2, "Заполните школу и сотрудника"),
        ("", 1, "«школа»"),
    ],
)
def test_mistakes_of_a_file_are_named_by_row(text: str, row: int, sentence: str) -> None:
    found = read_activity(text.encode())

    assert [mistake.row for mistake in found.mistakes] == [row]
    assert sentence in found.mistakes[0].message


def load_file(path: Path, *options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command(
        "load_activity", str(path), "--week", "2026-W46", "--platform", "sferum", "--region", "78", *options, stdout=out
    )
    return out.getvalue()


def test_command_covers_the_schools_of_the_file_or_the_whole_region(cast: Cast, tmp_path: Path) -> None:
    person = add_person(cast.school, personnel_number="К-5")
    path = tmp_path / "activity.csv"
    path.write_text("школа;сотрудник;сообщений\n780001;К-5;3\n")

    some = load_file(path)
    everything = load_file(path, "--covers-all")

    assert stored() == [(cast.school.pk, person.pk, 3)]
    assert "школ охвачено 1" in some
    assert "школ охвачено 3" in everything


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("школа;сотрудник;сообщений\n470004;К-5;3\n", "Нет ни одной школы"),
        ("школа;сотрудник;сообщений\n780001;К-5;3\n", "строка 2: В этой школе нет такого сотрудника"),
        ("школа;сотрудник;сообщений\n780001;К-5;три\n", "строка 2: Столбец «сообщений»"),
        ('школа;сотрудник;сообщений\n780001;"К-5;3\n', "открыта кавычка"),
    ],
)
def test_command_refuses_in_a_sentence(cast: Cast, tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "activity.csv"
    path.write_text(content)

    with pytest.raises(CommandError, match=sentence):
        load_file(path)


def test_command_without_a_file_or_region_says_so(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="не открывается"):
        load_file(tmp_path / "нет.csv")
    path = tmp_path / "activity.csv"
    path.write_text("школа;сотрудник;сообщений\n")
    with pytest.raises(CommandError, match="Региона с кодом 00 нет"):
        load_file(path, "--region", "00")
