"""The chats of a school in the database: read against its people, written, closed, carried, moved, with members."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chats.models import Chat, ChatMember, ChatMove, ChosenCase
from chats.roster import Person
from chats.talks import services
from chats.talks.card import member_rows
from chats.talks.loading import read_school
from chats.talks.services import ChatRefused
from schools.models import Deletion, Guardianship, SchoolClass
from tests.chats.school import FOREIGN, MAX, VK, Made, chat, make
from tests.conftest import Cast
from tests.staff.roster_books import adult, child, form

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 26)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def made(cast: Cast) -> Made:
    """Света's school with people and classes."""
    return make(cast.school)


def kinds(made: Made, **how: Any) -> list[tuple[str, int]]:
    """(kind, case) of every finding but the missing."""
    found = read_school(made.school, DAY, **how).standing.findings
    return [(each.kind.key, each.use_case.number) for each in found if each.kind.key != "missing"]


def test_school_is_read_with_what_it_should_have(made: Made) -> None:
    found = read_school(made.school, DAY)

    assert [each.title for each in found.standing.proposals] == [
        "Администрация",
        "Учителя-предметники",
        "МО: естественные науки",
        "Классные руководители",
        "Сайт и сообщество",
        "6Б. Класс",
        "1А. Родители",
        "6Б. Родители",
        "Совет родителей",
        "Старостат",
        "Олимпиады и конкурсы",
    ]
    assert {each.kind.key for each in found.standing.findings} == {"missing"}


def test_those_who_left_or_have_not_come_ask_for_nothing(made: Made) -> None:
    for person in made.staff[2:]:
        person.left_on = DAY
        person.save()
    made.sixth.year = 2025
    made.sixth.save()

    found = {each.use_case.number for each in read_school(made.school, DAY).standing.proposals}

    assert found == {1, 13, 15, 18}


def test_heads_are_those_who_own_the_chats_of_associations(made: Made) -> None:
    chat(made.school, 5, area=5, owner=made.staff[3])

    roster = read_school(made.school, DAY).roster

    assert roster.heads == {made.staff[3].pk}


def test_absent_representatives_are_told_and_those_who_declined_are_not_waited_for(made: Made) -> None:
    third = child(made.school, "Ян Ева", made.sixth)
    adult(made.school, "Ян Ида", third, declined_on=DAY)
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    ChatMember.objects.create(chat=talk, staff=made.staff[2])

    absent = next(each for each in read_school(made.school, DAY).standing.findings if each.kind.key == "absent")

    assert [seat.about for seat in absent.absent] == ["Мороз Лев Олегович", "Рябов Пётр Ильич"]
    assert absent.expected == 3


def test_names_of_families_are_not_read_for_those_above(made: Made) -> None:
    roster = read_school(made.school, DAY, names=False).roster

    assert [each.name for each in roster.pupils] + [each.name for each in roster.guardians] == [""] * 4
    assert len(roster.pupils) == 2


def test_those_above_count_as_many_seats_as_the_school_sees(made: Made) -> None:
    sibling = child(made.school, "Мороз Ева Олеговна", made.sixth)
    Guardianship.objects.create(pupil=sibling, guardian=made.adults[0], kind="mother")
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    ChatMember.objects.create(chat=talk, guardian=made.adults[1])

    counts = [
        (len(each.absent), each.expected)
        for names in (True, False)
        for each in read_school(made.school, DAY, names=names).standing.findings
        if each.kind.key == "absent"
    ]

    assert counts == [(3, 4), (3, 4)]


def test_people_who_left_are_told_while_they_are_in_a_chat(made: Made) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    for member in ({"staff": made.staff[1]}, {"guardian": made.adults[0]}, {"guardian": made.adults[1]}):
        ChatMember.objects.create(chat=talk, **member)
    made.staff[1].left_on = DAY
    made.staff[1].save()
    made.pupils[0].left_on = DAY
    made.pupils[0].save()

    found = next(each for each in read_school(made.school, DAY).standing.findings if each.kind.key == "left_inside")

    assert found.expected == 2


def test_reading_a_school_asks_as_many_queries_for_ten_times_the_people(made: Made) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read_school(made.school, DAY)
        return len(queries)

    chat(made.school, 1, owner=made.staff[0])
    before = asked()
    for number in range(20):
        one = form(made.school, f"7{chr(1040 + number)}")
        pupil = child(made.school, f"Мороз Лев{number}", one)
        guardian = adult(made.school, f"Мороз Зоя{number}", pupil)
        talk = chat(made.school, 15, school_class=one)
        ChatMember.objects.create(chat=talk, guardian=guardian)

    assert asked() == before <= 11


def test_for_those_above_a_card_has_staff_and_counts_but_no_family(made: Made) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    for member in ({"staff": made.staff[0]}, {"guardian": made.adults[0]}, {"pupil": made.pupils[0]}):
        ChatMember.objects.create(chat=talk, **member)
    read = read_school(made.school, DAY)

    above, own = (member_rows(talk, read, families=families) for families in (False, True))

    assert "Мороз" in f"{own}"
    assert not any(name in f"{above}" for name in ("Мороз", "Рябов", "pupil", "guardian"))
    assert "Директорова" in f"{above}"
    assert above["there_text"] == own["there_text"] == "1 из\u00a03"


# Writing


def test_chat_is_written_with_its_link_cleaned_and_version_counted(cast: Cast, made: Made) -> None:
    talk = Chat(school=made.school, use_case=1, channel=MAX, title="Администрация", opened_on=DAY)
    talk.link = " https://max.ru/join/x "

    services.save_chat(chat=talk, by=cast.sveta)
    services.save_chat(chat=talk, by=cast.sveta, known_version=1)

    talk.refresh_from_db()
    assert (talk.link, talk.version) == ("https://max.ru/join/x", 2)
    with pytest.raises(ChatRefused, match="изменили"):
        services.save_chat(chat=talk, by=cast.sveta, known_version=1)


@pytest.mark.parametrize(
    "field, facts",
    (
        ("link", {"link": "javascript:alert(1)"}),
        ("link", {"channel": FOREIGN, "link": "https://max.ru/x"}),
        ("channel", {"channel": 77}),
        ("closed_on", {"closed_on": datetime.date(2026, 1, 1)}),
        ("ends_on", {"ends_on": datetime.date(2026, 1, 1)}),
        ("use_case", {"use_case": 99}),
        ("area", {"area": 99}),
    ),
)
def test_wrong_fields_are_mistakes_of_theirs(cast: Cast, made: Made, field: str, facts: dict[str, Any]) -> None:
    usual = {"school": made.school, "use_case": 1, "channel": MAX, "title": "Чат", "opened_on": DAY}

    with pytest.raises(ValidationError) as mistake:
        services.save_chat(chat=Chat(**(usual | facts)), by=cast.sveta)

    assert field in mistake.value.message_dict
    assert not Chat.objects.exists()


def test_class_and_owner_of_another_school_are_refused(cast: Cast, made: Made) -> None:
    foreign = make(cast.foreign)
    talk = Chat(school=made.school, use_case=15, channel=MAX, title="Чат", opened_on=DAY)
    talk.school_class, talk.owner = foreign.sixth, foreign.staff[0]

    with pytest.raises(ValidationError) as mistake:
        services.save_chat(chat=talk, by=cast.sveta)

    assert {"school_class", "owner"} <= mistake.value.message_dict.keys()


def test_chat_is_closed_and_opened_again(cast: Cast, made: Made) -> None:
    talk = chat(made.school, 1)

    for wrong in (datetime.date(2026, 8, 1), DAY + datetime.timedelta(days=1)):
        with pytest.raises(ChatRefused):
            services.close_chat(chat=talk, closed_on=wrong, by=cast.sveta)
    services.close_chat(chat=talk, closed_on=DAY, by=cast.sveta)

    assert not Chat.objects.open(DAY).exists()
    services.reopen_chat(chat=talk, by=cast.sveta)
    assert Chat.objects.open(DAY).get().version == 3


def test_closed_chat_is_not_opened_beside_the_one_that_took_its_place(cast: Cast, made: Made) -> None:
    old = chat(made.school, 15, school_class=made.sixth)
    services.close_chat(chat=old, closed_on=DAY, by=cast.sveta)
    chat(made.school, 15, school_class=made.sixth)

    with pytest.raises(ChatRefused, match="уже открыт"):
        services.reopen_chat(chat=old, by=cast.sveta)

    assert Chat.objects.open(DAY).count() == 1


def test_chat_of_last_year_goes_on_with_the_class_and_takes_its_name(cast: Cast, made: Made) -> None:
    fifth = SchoolClass.objects.create(school=made.school, year=2025, grade=5, letter="Б")
    talk = chat(made.school, 15, school_class=fifth, title="5Б. Родители", owner=made.staff[2])
    assert kinds(made) == [("carry", 15)]

    services.carry_chat(chat=talk, to=made.sixth, by=cast.sveta)

    talk.refresh_from_db()
    assert (talk.title, talk.school_class) == ("6Б. Родители", made.sixth)
    assert kinds(made) == []


def test_chat_is_not_carried_to_where_there_is_one(cast: Cast, made: Made) -> None:
    fifth = SchoolClass.objects.create(school=made.school, year=2025, grade=5, letter="Б")
    talk = chat(made.school, 15, school_class=fifth)
    chat(made.school, 15, school_class=made.sixth)

    with pytest.raises(ChatRefused, match="уже есть"):
        services.carry_chat(chat=talk, to=made.sixth, by=cast.sveta)
    with pytest.raises(ChatRefused, match="этой школы"):
        services.carry_chat(chat=talk, to=fifth, by=cast.sveta)


# Members


def test_ticks_of_those_shown_are_written_and_others_stay(cast: Cast, made: Made) -> None:
    talk = chat(made.school, 15, school_class=made.sixth)
    zoya, yana, teacher = (
        Person("guardian", made.adults[0].pk),
        Person("guardian", made.adults[1].pk),
        Person("staff", made.staff[2].pk),
    )
    services.set_members(chat=talk, shown=[teacher], present=[teacher], by=cast.sveta)

    came = services.set_members(chat=talk, shown=[zoya, yana], present=[zoya, Person("pupil", 1)], by=cast.sveta)
    left = services.set_members(chat=talk, shown=[zoya, yana], present=[yana], by=cast.sveta)
    back = services.set_members(chat=talk, shown=[zoya, yana], present=[zoya, yana], by=cast.sveta)

    assert (came, left, back) == ((1, 0), (1, 1), (1, 0))
    assert {member.person for member in ChatMember.objects.inside()} == {zoya, yana, teacher}
    assert ChatMember.objects.count() == 3
    talk.refresh_from_db()
    assert talk.version == 5


def test_member_is_exactly_one_person(made: Made) -> None:
    talk = chat(made.school, 15)

    for wrong in ({}, {"staff": made.staff[0], "pupil": made.pupils[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChatMember.objects.create(chat=talk, **wrong)


def test_families_in_chats_are_seen_by_their_school_alone(cast: Cast, made: Made) -> None:
    talk = chat(made.school, 15, school_class=made.sixth)
    for member in ({"staff": made.staff[2]}, {"guardian": made.adults[0]}, {"pupil": made.pupils[0]}):
        ChatMember.objects.create(chat=talk, **member)

    seen = {name: ChatMember.objects.visible_to(user).count() for name, user in cast.people.items()}

    assert seen == {"root": 3, "observer": 0, "nina": 1, "marat": 1, "sveta": 3, "stranger": 0}


# Moving


def test_chat_moves_by_its_check_list_and_the_old_one_closes(cast: Cast, made: Made) -> None:
    old = chat(made.school, 15, school_class=made.sixth, channel=VK, owner=made.staff[2], title="6Б. Родители")
    move = services.start_move(chat=old, by=cast.sveta)
    services.tick_steps(move=move, keys=["opened", "told", "nonsense"], by=cast.sveta)
    assert list(ChatMove.objects.get().done) == ["told"]  # the first step is a chat, not a tick
    with pytest.raises(ChatRefused, match="Новый чат создан"):
        services.finish_move(move=move, by=cast.sveta)

    new = services.open_new_chat(move=move, title="", link="https://max.ru/join/x", by=cast.sveta)
    services.tick_steps(move=move, keys=["told", "invited", "saved"], by=cast.sveta)
    with pytest.raises(ChatRefused, match="только для чтения"):
        services.finish_move(move=move, by=cast.sveta)
    services.tick_steps(move=move, keys=["told", "invited", "saved", "silenced"], by=cast.sveta)
    services.finish_move(move=move, by=cast.sveta)

    old.refresh_from_db()
    assert (new.channel, new.title, new.school_class, new.owner) == (MAX, "6Б. Родители", made.sixth, made.staff[2])
    assert (old.closed_on, kinds(made)) == (DAY, [])
    with pytest.raises(ChatRefused, match="закончен"):
        services.cancel_move(move=move, by=cast.sveta)


def test_chat_in_the_present_channel_or_closed_does_not_move(cast: Cast, made: Made) -> None:
    here, closed = chat(made.school, 1), chat(made.school, 3, channel=VK, closed_on=DAY)

    for talk in (here, closed):
        with pytest.raises(ChatRefused):
            services.start_move(chat=talk, by=cast.sveta)

    assert not ChatMove.objects.exists()


def test_foreign_chat_moves_too_and_a_wrong_link_writes_nothing(cast: Cast, made: Made) -> None:
    move = services.start_move(chat=chat(made.school, 1, channel=FOREIGN), by=cast.sveta)

    with pytest.raises(ChatRefused, match="MAX"):
        services.open_new_chat(move=move, title="Новый", link="https://vk.me/x", by=cast.sveta)

    assert Chat.objects.count() == 1
    assert services.start_move(chat=move.chat, by=cast.sveta) == move


# Optional cases


def test_optional_case_is_expected_once_chosen(cast: Cast, made: Made) -> None:
    services.choose_case(school=made.school, number=27, wanted=True, by=cast.sveta)
    services.choose_case(school=made.school, number=27, wanted=True, by=cast.sveta)

    assert 27 in {each.use_case.number for each in read_school(made.school, DAY).standing.proposals}
    services.choose_case(school=made.school, number=27, wanted=False, by=cast.sveta)
    assert not ChosenCase.objects.exists()
    with pytest.raises(ChatRefused):
        services.choose_case(school=made.school, number=15, wanted=True, by=cast.sveta)


def test_deleted_chat_leaves_word_for_those_who_saw_it(cast: Cast, made: Made) -> None:
    chat(made.school, 1).delete()

    seen = {name: Deletion.objects.visible_to(user).count() for name, user in cast.people.items()}

    assert seen == {"root": 1, "observer": 0, "nina": 1, "marat": 1, "sveta": 1, "stranger": 0}
