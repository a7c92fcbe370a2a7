"""Pages of the chats of a school: who reads and who writes, what each says, and that hostile words stay words."""

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.models import Chat, ChatMember, ChatMove, ChosenCase
from schools.models import SchoolClass, User
from tests.chats.school import FOREIGN, VK, Made, chat, make
from tests.conftest import Cast
from tests.staff.roster_books import adult, child, form
from tests.staff.uploads import person

ClientOf = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 26)
HOSTILE = "=cmd|<script>alert(1)</script>\"'&{{ 7*7 }}"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def made(cast: Cast) -> Made:
    """Света's school with people and classes."""
    return make(cast.school)


@pytest.fixture
def sveta(cast: Cast, client_of: ClientOf) -> Client:
    """The browser of the school's administrator."""
    return client_of(cast.sveta)


def text(client: Client, url: str, status: int = 200) -> str:
    """A page as text."""
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def list_url(made: Made) -> str:
    """Address of the school's chats."""
    return f"/schools/{made.school.pk}/chats/"


def test_page_begins_with_the_one_missing_chat_and_leads_to_its_form(made: Made, sveta: Client) -> None:
    for number in (1, 3, 7, 13, 18, 19, 20):
        chat(made.school, number, owner=made.staff[0])
    chat(made.school, 5, area=5, owner=made.staff[3])
    chat(made.school, 14, school_class=made.sixth, owner=made.staff[2])
    chat(made.school, 15, school_class=made.first, owner=made.staff[4])

    page = text(sveta, list_url(made))

    assert "Нет чата «6Б. Родители»" in page
    assert f"?case=15&amp;class={made.sixth.pk}" in page
    assert "1 из\u00a02" in page


def test_all_in_place_is_said_so(made: Made, sveta: Client) -> None:
    made.sixth.delete()
    made.first.delete()
    for person_ in made.staff[1:]:
        person_.delete()
    chat(made.school, 13, owner=made.staff[0])

    page = text(sveta, list_url(made))

    assert "27\u00a0кейсов: всё на месте." in page
    assert "Сейчас школе нужен 1\u00a0кейс — это 1\u00a0чат, и все они есть." in page
    assert "Остальные 26 не требуются: 7 — заводят по желанию школы, " in page
    assert "Нет чата" not in page
    assert "требуют внимания" not in page


def test_one_thing_left_is_not_calm(made: Made, sveta: Client) -> None:
    made.sixth.delete()
    made.first.delete()
    for person_ in made.staff[1:]:
        person_.delete()
    chat(made.school, 13)

    page = text(sveta, list_url(made))

    assert "всё на месте" not in page
    assert "владелец не назван" in page
    assert "требуют внимания" in page


def test_coordinators_read_and_do_not_write(cast: Cast, made: Made, client_of: ClientOf) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    for member in ({"staff": made.staff[2]}, {"guardian": made.adults[0]}, {"pupil": made.pupils[0]}):
        ChatMember.objects.create(chat=talk, **member)
    marat = client_of(cast.marat)

    pages = text(marat, list_url(made)) + text(marat, f"/chats/{talk.pk}/")

    assert "не хватает 1 из\u00a03" in pages
    assert "Физикова" in pages
    for name in ("Мороз", "Рябов", "Зоя", "Яна"):
        assert name not in pages
    for url in (f"/schools/{made.school.pk}/chats/new/", f"/chats/{talk.pk}/edit/"):
        assert marat.get(url).status_code == 403
    for url in (f"/chats/{talk.pk}/act/", f"/chats/{talk.pk}/members/", f"/schools/{made.school.pk}/chats/choose/"):
        assert (
            marat.post(url, {"close": "1", "closed_on": "2026-11-26", "case": "27", "wanted": "1"}).status_code == 403
        )
    assert Chat.objects.get().closed_on is None


def test_link_into_a_chat_of_families_is_its_school_s_alone(
    cast: Cast, made: Made, client_of: ClientOf, sveta: Client
) -> None:
    link = "https://max.ru/join/secret"
    families = chat(made.school, 15, school_class=made.sixth, link=link)
    staff = chat(made.school, 1, link=link)
    marat = client_of(cast.marat)

    assert link in text(sveta, f"/chats/{families.pk}/")
    assert link not in text(marat, f"/chats/{families.pk}/")
    assert marat.get(f"/chats/{families.pk}/poster/").status_code == 404
    assert link in text(marat, f"/chats/{staff.pk}/poster/")
    for person_, seen in ((cast.sveta, link), (cast.marat, ""), (cast.root, link)):
        assert client_of(person_).get(f"/api/v1/chats/{families.pk}/").json()["link"] == seen


def test_nothing_is_handed_out_for_a_chat_in_a_foreign_messenger(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 1, channel=FOREIGN)

    assert "Приглашаем вас" not in text(sveta, f"/chats/{talk.pk}/")


def test_school_sees_who_is_absent_by_name(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    ChatMember.objects.create(chat=talk, guardian=made.adults[0])

    page = text(sveta, f"/chats/{talk.pk}/")

    assert "Не хватает 2 из\u00a03." in page
    assert "Рябова Яна Олеговна" in page


def test_new_chat_is_filled_in_by_the_case_and_written(made: Made, sveta: Client) -> None:
    url = f"/schools/{made.school.pk}/chats/new/?case=15&class={made.sixth.pk}"
    page = text(sveta, url)
    assert 'value="6Б. Родители"' in page
    assert f'<option value="{made.staff[2].pk}" selected>' in page
    assert "DatabaseDefault" not in page

    answer = sveta.post(
        url,
        {
            "use_case": "15",
            "school_class": f"{made.sixth.pk}",
            "channel": "2",
            "title": "",
            "link": "https://max.ru/join/x",
            "owner": f"{made.staff[2].pk}",
            "opened_on": "2026-11-20",
        },
    )

    talk = Chat.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/chats/{talk.pk}/")
    assert (talk.title, talk.school_class, talk.owner) == ("6Б. Родители", made.sixth, made.staff[2])


@pytest.mark.parametrize(
    "given, sentence",
    (
        ({"use_case": "15"}, "Выберите класс"),
        ({"use_case": "5"}, "Выберите объединение"),
        ({"use_case": "99"}, "Выберите из списка"),
        ({"channel": "3"}, "Выберите из списка"),
        ({"link": "javascript:alert(1)"}, "начинаться с https"),
        ({"channel": "9", "link": "https://max.ru/x"}, "не хранит"),
        ({"owner": "zzz"}, "Выберите из списка"),
        ({"school_class": "99999999999999999999", "use_case": "15"}, "Выберите из списка"),
        ({"opened_on": "2030-01-01"}, "Проверьте дату"),
        ({"opened_on": "завтра"}, "Впишите дату"),
        ({"ends_on": "2026-01-01"}, "раньше дня создания"),
        ({"title": "ы" * 200}, "Слишком длинно"),
        ({"version": "-5"}, ""),
    ),
)
def test_mistakes_of_the_form_are_told_and_nothing_is_written(
    made: Made, sveta: Client, given: dict[str, str], sentence: str
) -> None:
    usual = {"use_case": "1", "channel": "2", "title": "Чат", "opened_on": "2026-11-20"}

    answer = sveta.post(f"/schools/{made.school.pk}/chats/new/", usual | given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Chat.objects.exists()


def test_class_of_another_school_is_not_offered_nor_taken(cast: Cast, made: Made, sveta: Client) -> None:
    foreign = make(cast.foreign)
    given = {"use_case": "15", "channel": "2", "title": "Чат", "opened_on": "2026-11-20"}

    answer = sveta.post(f"/schools/{made.school.pk}/chats/new/", given | {"school_class": f"{foreign.sixth.pk}"})

    assert answer.status_code == 422
    assert not Chat.objects.exists()


def test_second_chat_of_a_class_in_one_channel_is_refused(made: Made, sveta: Client) -> None:
    chat(made.school, 15, school_class=made.sixth)
    given = {"use_case": "15", "channel": "2", "title": "Чат", "opened_on": "2026-11-20"}

    answer = sveta.post(f"/schools/{made.school.pk}/chats/new/", given | {"school_class": f"{made.sixth.pk}"})

    assert answer.status_code == 422
    assert "уже есть" in answer.content.decode()


def test_edit_of_a_chat_changed_meanwhile_is_told(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 1)
    given = {"use_case": "1", "channel": "2", "title": "Новое", "opened_on": "2026-11-20", "version": "1"}

    first = sveta.post(f"/chats/{talk.pk}/edit/", given)
    second = sveta.post(f"/chats/{talk.pk}/edit/", given | {"title": "Ещё"})

    talk.refresh_from_db()
    assert (first.status_code, second.status_code, talk.title) == (303, 422, "Новое")
    assert "изменили" in second.content.decode()


def test_hostile_title_stays_a_text_on_every_page(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 1, title=HOSTILE, link="https://max.ru/join/x")

    pages = [text(sveta, url) for url in (list_url(made), f"/chats/{talk.pk}/", f"/chats/{talk.pk}/poster/")]

    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "49" not in page.split("cmd|")[1][:60]


def test_members_are_ticked_and_strangers_are_not_let_in(cast: Cast, made: Made, sveta: Client) -> None:
    foreign = make(cast.foreign)
    talk = chat(made.school, 15, school_class=made.sixth)
    zoya, yana = (f"guardian-{each.pk}" for each in made.adults)

    answer = sveta.post(
        f"/chats/{talk.pk}/members/",
        {"shown": f"{zoya} {yana} nonsense staff-", "in": [zoya, f"guardian-{foreign.adults[0].pk}", "pupil-x", "a-1"]},
    )

    assert answer.status_code == 303
    assert [member.guardian for member in ChatMember.objects.all()] == [made.adults[0]]


def test_delegate_of_a_class_is_chosen_from_a_list(made: Made, sveta: Client) -> None:
    for number in range(8):
        child(made.school, f"Зимин Олег{number}", made.sixth)
    talk = chat(made.school, 19)
    pupil = f"pupil-{made.pupils[0].pk}"
    assert '<option value="">никого</option>' in text(sveta, f"/chats/{talk.pk}/")

    sveta.post(f"/chats/{talk.pk}/members/", {"shown": "", "in": ["", pupil]})
    page = text(sveta, f"/chats/{talk.pk}/")
    sveta.post(f"/chats/{talk.pk}/members/", {"shown": pupil, "in": [""]})

    assert f'<option value="{pupil}" selected>' in page
    assert not ChatMember.objects.inside().exists()


def test_chat_is_closed_reopened_and_carried_from_its_page(made: Made, sveta: Client) -> None:
    fifth = SchoolClass.objects.create(school=made.school, year=2025, grade=5, letter="Б")
    talk = chat(made.school, 15, school_class=fifth, title="5Б. Родители")
    act = f"/chats/{talk.pk}/act/"
    assert "станет чатом 6Б" in text(sveta, f"/chats/{talk.pk}/")

    assert sveta.post(act, {"carry": f"{made.sixth.pk}"}).status_code == 303
    assert sveta.post(act, {"close": "1", "closed_on": "2026-02-31"}).status_code == 422
    assert sveta.post(act, {"close": "1", "closed_on": "2026-11-26"}).status_code == 303
    assert "Закрыт 26\u00a0ноября" in text(sveta, f"/chats/{talk.pk}/")
    assert sveta.post(act, {"reopen": "1"}).status_code == 303
    assert sveta.post(act, {"nonsense": "1"}).status_code == 302
    assert sveta.post(act, {"carry": "x"}).status_code == 404

    talk.refresh_from_db()
    assert (talk.title, talk.closed_on) == ("6Б. Родители", None)


def test_foreign_chat_shows_its_ground_and_moves_by_the_list(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 1, channel=FOREIGN, owner=made.staff[0])
    act = f"/chats/{talk.pk}/act/"
    page = text(sveta, f"/chats/{talk.pk}/")
    assert "149-ФЗ, статья 10, часть 8" in page
    assert "/library/law-149/" in page

    assert sveta.post(act, {"tick": "1"}).status_code == 422
    sveta.post(act, {"start": "1"})
    assert sveta.post(act, {"open": "1", "title": "Администрация", "link": "https://evil.example/"}).status_code == 422
    sveta.post(act, {"open": "1", "title": "Администрация", "link": "https://max.ru/join/x"})
    assert sveta.post(act, {"finish": "1", "step": ["told"]}).status_code == 422
    sveta.post(act, {"finish": "1", "step": ["told", "invited", "saved", "silenced"]})

    talk.refresh_from_db()
    new = Chat.objects.exclude(pk=talk.pk).get()
    assert (talk.closed_on, new.channel, ChatMove.objects.get().finished_on) == (DAY, 2, DAY)


def test_optional_case_is_turned_on_from_the_list(made: Made, sveta: Client) -> None:
    url = f"/schools/{made.school.pk}/chats/choose/"

    sveta.post(url, {"case": "27", "wanted": "1"})
    assert "Больше не нужен" in text(sveta, list_url(made))
    sveta.post(url, {"case": "15", "wanted": "1"})
    sveta.post(url, {"case": "x", "wanted": "1"})

    assert [each.use_case for each in ChosenCase.objects.all()] == [27]


@pytest.mark.parametrize("show", ["missing", "todo", "done", "nonsense", "' or 1=1"])
def test_filters_narrow_the_list(made: Made, sveta: Client, show: str) -> None:
    chat(made.school, 1, title="Порядковый", owner=made.staff[0])
    chat(made.school, 3, title="Старый", owner=made.staff[0], channel=VK)

    page = sveta.get(list_url(made), {"show": show, "class": ""}).content.decode()
    of_class = sveta.get(list_url(made), {"class": f"{made.sixth.pk}"}).content.decode()

    lists = page.partition('class="talk-cases"')[2]
    assert ("Порядковый" in lists) == (show not in ("missing", "todo"))
    assert ("Старый" in lists) == (show not in ("missing", "done"))
    assert ">6Б</a>" in of_class
    assert ">1А</a>" not in of_class


def test_poster_has_the_link_as_a_picture_and_is_there_only_with_one(made: Made, sveta: Client) -> None:
    with_link, without = chat(made.school, 1, link="https://max.ru/join/x"), chat(made.school, 3)

    page = text(sveta, f"/chats/{with_link.pk}/poster/")

    assert "<svg" in page
    assert "https://max.ru/join/x" in page
    assert sveta.get(f"/chats/{without.pk}/poster/").status_code == 404


def test_pages_ask_as_many_queries_for_ten_times_the_rows(made: Made, sveta: Client) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2], link="https://max.ru/x")
    ChatMember.objects.create(chat=talk, guardian=made.adults[0])
    urls = [list_url(made), f"/chats/{talk.pk}/", f"/chats/{talk.pk}/edit/", f"/schools/{made.school.pk}/chats/new/"]

    def asked() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert sveta.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for number in range(15):
        one = form(made.school, f"7{chr(1040 + number)}")
        person(made.school, f"Учителева{number}", "Анна", position="учитель физики")
        pupil = child(made.school, f"Мороз Лев{number}", made.sixth)
        guardian = adult(made.school, f"Мороз Зоя{number}", pupil)
        ChatMember.objects.create(chat=chat(made.school, 15, school_class=one), guardian=guardian)
        ChatMember.objects.create(chat=talk, guardian=guardian)

    assert asked() == before
