"""Taking in activity: resolved within the covered schools, replaced as a whole, refused as a whole."""

import datetime
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from chats.models import Chat
from reports.activity import MAX_COUNT, ActivityBusy, ActivityRefused, ActivityRow, ChatRow, record_activity
from reports.activity_file import SheetRows, read_activity, read_tables
from reports.counting import count_week
from reports.indicators import INDICATOR_BY_KEY
from reports.management.commands import load_activity
from reports.models import ActivityCoverage, ActivityLoad, ChatActivity, StaffActivity
from reports.publishing import publish, verify
from reports.weeks import IsoWeek
from schools.models import Appointment, School, SchoolRegistration
from schools.platforms import MY_SCHOOL, SFERUM
from staff.models import StaffMember
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
SNILS = "11223344595"
R210 = INDICATOR_BY_KEY["r210_10"]


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


def add_chat(school: School, **facts: Any) -> Chat:
    """Save a chat of a school, in VK Мессенджер if nothing else is said."""
    facts = {"use_case": 1, "channel": 1, "title": "Чат", "opened_on": datetime.date(2026, 9, 1), **facts}
    return Chat.objects.create(school=school, **facts)


def covered_with_chats() -> set[str]:
    """Codes of the schools whose chats of WEEK were delivered."""
    return set(ActivityCoverage.objects.filter(has_chats=True).values_list("school__code", flat=True))


def test_chat_is_found_by_id_and_by_its_number_on_the_platform(cast: Cast) -> None:
    mine, named = add_chat(cast.school), add_chat(cast.school, external_id="2000000017")
    add_chat(cast.sibling, external_id="2000000017")

    deliver(
        [cast.school, cast.sibling],
        chats=[ChatRow(2, "780001", mine.pk, 5), ChatRow(3, "780001", " 2000000017 ", 7)],
    )

    assert dict(ChatActivity.objects.values_list("chat", "messages")) == {mine.pk: 5, named.pk: 7}
    assert covered_with_chats() == {"780001", "780002"}


def test_chats_are_replaced_only_when_given(cast: Cast) -> None:
    chats = [add_chat(cast.school) for _ in range(2)]
    deliver([cast.school], chats=[ChatRow(2, "780001", chats[0].pk, 5), ChatRow(3, "780001", chats[1].pk, 0)])

    deliver([cast.school, cast.sibling])
    kept, covered = list(ChatActivity.objects.values_list("chat", "messages")), covered_with_chats()
    deliver([cast.school], chats=[])

    assert kept == [(chats[0].pk, 5)]
    assert covered == covered_with_chats() == {"780001"}
    assert not ChatActivity.objects.exists()


def test_chat_of_another_school_or_platform_is_refused(cast: Cast) -> None:
    foreign, web = add_chat(cast.foreign, external_id="17"), add_chat(cast.school, channel=3, external_id="18")

    for chat in (foreign.pk, web.pk, "17", "18", "нет такого"):
        with pytest.raises(ActivityRefused, match="чаты, строка 2: В этой школе нет такого чата"):
            deliver([cast.school], chats=[ChatRow(2, "780001", chat, 1)])


def test_chat_named_twice_or_by_a_number_of_two_is_refused(cast: Cast) -> None:
    chat, other = add_chat(cast.school, external_id="17"), add_chat(cast.school, channel=2, external_id="18")
    add_chat(cast.school, external_id="18")

    with pytest.raises(ActivityRefused, match="чаты, строка 3: Этот чат уже назван"):
        deliver([cast.school], chats=[ChatRow(2, "780001", chat.pk, 1), ChatRow(3, "780001", "17", 1)])
    with pytest.raises(ActivityRefused, match="несколько чатов с таким номером"):
        deliver([cast.school], chats=[ChatRow(2, "780001", "18", 1)])
    deliver([cast.school], chats=[ChatRow(2, "780001", other.pk, 1)])


def test_platform_without_chats_takes_none(cast: Cast) -> None:
    with pytest.raises(ActivityRefused, match="чаты не считают"):
        deliver([cast.school], chats=[], platform=MY_SCHOOL)


@pytest.mark.parametrize("sign", ["\r", "\n", "\t", "\x1f", "\x85"])
def test_control_character_is_refused_in_words_on_both_engines(cast: Cast, sign: str) -> None:
    for row in (ActivityRow(2, f"78{sign}0001", "К-1"), ActivityRow(2, "780001", f"К{sign}1")):
        with pytest.raises(ActivityRefused, match="строка 2: В коде школы или в номере стоит недопустимый знак"):
            deliver([cast.school], row)
    with pytest.raises(ActivityRefused, match="чаты, строка 5: В коде школы или в номере"):
        deliver([cast.school], chats=[ChatRow(5, "780001", f"17{sign}", 1)])


def test_texts_with_signs_of_sql_and_csv_are_staged_as_they_are(cast: Cast) -> None:
    odd = [add_person(cast.school, personnel_number=text) for text in ('К"1', "К\\N", "К;,'", "\\.")]

    deliver([cast.school], *(ActivityRow(n, "780001", one.personnel_number, 1) for n, one in enumerate(odd, start=2)))

    assert stored() == [(cast.school.pk, one.pk, 1) for one in odd]


@pytest.mark.parametrize("has_chats", [True, False])
def test_delivery_decides_whether_indicator_ten_is_known(cast: Cast, has_chats: bool) -> None:
    person, chat = add_person(cast.school), add_chat(cast.school, external_id="17")
    SchoolRegistration.objects.create(school=cast.school, platform=1, registered_on=datetime.date(2026, 9, 1))
    Appointment.objects.filter(user=cast.sveta).update(starts_on=datetime.date(2026, 9, 1))
    chats = [ChatRow(2, "780001", chat.external_id, 3)] if has_chats else None

    deliver([cast.school], ActivityRow(2, "780001", person.pk, messages=1), chats=chats)

    row = count_week(WEEK).rows.get(indicator=R210.number, level=4, place_id=cast.school.pk)
    assert (row.part, row.missing) == ((1, 0) if has_chats else (None, 1))


@pytest.mark.postgres("SQLite has one writer at a time")
def test_region_waits_for_its_own_delivery_only(cast: Cast) -> None:
    other = connection.copy()
    with other.cursor() as cursor, connection.cursor() as own:
        own.execute("SET LOCAL lock_timeout = '50ms'")
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(1_000_000 + WEEK.number) * 1_000_000 + cast.region.pk])

        with pytest.raises(ActivityBusy, match="Повторите через минуту"):
            deliver([cast.school])
        deliver([cast.foreign])
        deliver([cast.school], platform=MY_SCHOOL)
        deliver([cast.school], week=WEEK.shift(-1))

        cursor.execute("ROLLBACK")
    other.close()
    assert deliver([cast.school]).schools_covered == 1


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


def test_chats_come_in_the_same_rows_or_on_a_sheet_of_their_own() -> None:
    together = read_activity("школа;сотрудник;чат;сообщений\n780001;К-5;;3\n780001;;17;9\n".encode())
    staff = [["Школа", "Сотрудник", "Сообщений"], ["780001", "К-5", "3"]]
    chats = [["Выгрузка", ""], ["Школа", "Номер чата", "Сообщений"], ["780002", "17", "9"]]
    apart = read_tables([SheetRows(staff, 3), SheetRows([["примечание"]]), SheetRows(chats)])

    assert together.rows == (ActivityRow(2, "780001", "К-5", messages=3),)
    assert together.chats == (ChatRow(3, "780001", "17", 9),)
    assert apart.rows == (ActivityRow(4, "780001", "К-5", messages=3),)
    assert apart.chats == (ChatRow(3, "780002", 17, 9),)
    assert apart.school_codes == {"780001", "780002"}


def test_file_without_a_word_on_chats_says_nothing_of_them() -> None:
    assert read_activity(CSV.encode()).chats is None
    assert read_activity("школа;сотрудник;чат;сообщений\n780001;К-5;;3\n".encode()).chats == ()


def test_mistakes_of_chats_are_named_as_theirs() -> None:
    staff, chats = [["Школа", "Сотрудник", "Звонков"]], [["Школа", "Чат", "Сообщений"], ["780001", "", "9"]]
    both = "школа;сотрудник;чат;сообщений\n780001;К-5;17;3\n"

    apart = read_tables([SheetRows(staff), SheetRows(chats, 5)]).mistakes
    twice = read_tables([SheetRows(staff), SheetRows(chats), SheetRows(chats, 7)]).mistakes
    uncounted = read_tables([SheetRows(staff), SheetRows([["Школа", "Чат"]])]).mistakes

    assert [str(mistake) for mistake in apart] == [
        "чаты, строка 6: Заполните школу и сотрудника или чат: без них непонятно, чья это строка."
    ]
    assert str(twice[0]).startswith("чаты, строка 7: Такая таблица в файле уже есть")
    assert "«сообщений»: для чатов он нужен" in str(uncounted[0])
    assert "и сотрудник, и чат" in str(read_activity(both.encode()).mistakes[0])


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


def test_command_takes_chats_and_says_so(cast: Cast, tmp_path: Path) -> None:
    add_person(cast.school, personnel_number="К-5")
    add_chat(cast.school, external_id="17")
    path = tmp_path / "activity.csv"
    path.write_text("школа;сотрудник;чат;сообщений\n780001;К-5;;3\n780001;;17;9\n")

    said = load_file(path)

    assert "чаты приняты" in said
    assert ChatActivity.objects.get().messages == 9
    assert covered_with_chats() == {"780001"}


def test_command_tries_again_while_another_delivery_is_taken_in(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def busy_twice(**delivery: Any) -> ActivityLoad:
        tries.append(1)
        if len(tries) < 3:
            raise ActivityBusy("занято")
        return record_activity(**delivery)

    monkeypatch.setattr(load_activity, "record_activity", busy_twice)
    monkeypatch.setattr(load_activity, "PAUSE", 0)
    path = tmp_path / "activity.csv"
    path.write_text("школа;сотрудник;сообщений\n")

    assert "Принято" in load_file(path, "--covers-all")
    assert len(tries) == 3


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
