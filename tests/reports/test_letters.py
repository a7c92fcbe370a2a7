"""Letters to schools: whom they concern, what they say, how they are sent, and the contact book beside them."""

import datetime
import io
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.letters.services import Draft as LetterDraft
from reports.letters.services import LetterRefused, deadline_text, perform, write_letter
from reports.letters.topics import TOPIC_BY_KEY, TOPICS
from reports.models import SchoolStep, StepState
from reports.steps.counting import count_steps
from reports.weeks import MOSCOW
from schools import jobs
from schools.jobs import JobState
from schools.models import Appointment, Letter, LetterRecipient, School
from schools.scope import Level
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
TEXT = "Просим завершить этап и сообщить о результате на адрес, указанный ниже."


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u2009", " ")


@pytest.fixture
def stuck(cast: Cast) -> Cast:
    """Two schools of Марат's municipality that stand still, one of another."""
    count_steps()
    long_ago = timezone.localdate() - datetime.timedelta(days=20)
    for school in (cast.school, cast.sibling, cast.cousin):
        School.objects.filter(pk=school.pk).update(email=f"school{school.pk}@example.ru")
        SchoolStep.objects.filter(school=school, number=5).update(state=StepState.STALLED, moved_on=long_ago, part=7)
    return cast


def draft(cast: Cast, **facts: Any) -> LetterDraft:
    """A letter to every school that stands still."""
    usual: dict[str, Any] = {
        "topic": TOPIC_BY_KEY["stalled"],
        "subject": "О ходе внедрения",
        "text": TEXT,
        "deadline_at": timezone.now() + datetime.timedelta(days=5),
        "reply_to": "marat@example.ru",
        "by_mail": True,
        "school_ids": frozenset(School.objects.values_list("pk", flat=True)),
    }
    return LetterDraft(**{**usual, **facts})


def sent(letter: Letter) -> Letter:
    """The letter after its job."""
    jobs.run(Letter, letter.pk, perform)
    return Letter.objects.get(pk=letter.pk)


def test_each_school_gets_its_own_line_only(stuck: Cast) -> None:
    letter = sent(write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.marat))

    assert letter.state == JobState.DONE
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        f"school{school.pk}@example.ru" for school in (stuck.school, stuck.sibling)
    )
    body = plain(next(str(one.body) for one in mail.outbox if one.to == [f"school{stuck.school.pk}@example.ru"]))
    for words in ("5. Педагоги внесены", "7 из 40", "без движения 20 дней"):
        assert words in body
    assert "Гимназия № 2" not in body
    assert mail.outbox[0].reply_to == ["marat@example.ru"]


def test_sending_twice_writes_to_nobody_twice(stuck: Cast) -> None:
    letter = sent(write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.marat))
    Letter.objects.filter(pk=letter.pk).update(state=JobState.QUEUED)

    sent(letter)

    assert len(mail.outbox) == 2


def test_address_that_is_refused_does_not_stop_the_others(stuck: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = EmailBackend.send_messages

    def fussy(backend: EmailBackend, messages: Any) -> int:
        if any(f"school{stuck.school.pk}@" in message.to[0] for message in messages):
            raise OSError("550 no such mailbox")
        return usual(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fussy)
    letter = sent(write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.marat))

    assert len(mail.outbox) == 1
    failed = LetterRecipient.objects.get(letter=letter, school=stuck.school)
    assert (failed.sent_at, failed.error) == (None, "почтовый сервер не принял письмо")


def test_school_without_mail_is_named_not_lost(stuck: Cast) -> None:
    School.objects.filter(pk=stuck.school.pk).update(email="")

    letter = sent(write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.marat))

    assert "нет электронной почты" in LetterRecipient.objects.get(letter=letter, school=stuck.school).error


def test_only_schools_of_the_territory_and_of_the_topic_are_written_to(stuck: Cast) -> None:
    SchoolStep.objects.filter(school=stuck.sibling).update(state=StepState.DONE)

    letter = write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.marat)

    assert set(letter.recipients.values_list("school", flat=True)) == {stuck.school.pk}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["sveta", "observer", "stranger"])
def test_nobody_else_writes(stuck: Cast, name: str) -> None:
    with pytest.raises(LetterRefused, match="координатор"):
        write_letter(sender=stuck.municipality, draft=draft(stuck), by=stuck.people[name])


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"subject": ""}, "тему"),
        ({"subject": "a\nBcc: all@example.ru"}, "одной строкой"),
        ({"text": "коротко"}, "текст"),
        ({"reply_to": "не почта"}, "адрес"),
        ({"deadline_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "прошёл"),
        ({"school_ids": frozenset()}, "хотя бы одну"),
    ],
)
def test_wrong_letter_is_refused_in_words(stuck: Cast, facts: dict[str, Any], words: str) -> None:
    with pytest.raises(LetterRefused, match=words):
        write_letter(sender=stuck.municipality, draft=draft(stuck, **facts), by=stuck.marat)
    assert not Letter.objects.exists()


def test_document_holds_every_school_and_survives_odd_signs(stuck: Cast, client_of: ClientOf) -> None:
    School.objects.filter(pk=stuck.school.pk).update(short_name="Школа <№ 1> & \x0b\ufffe другие")
    letter = write_letter(sender=stuck.region, draft=draft(stuck, by_mail=False), by=stuck.nina)

    answer = client_of(stuck.nina).get(f"/letters/{letter.pk}/letter.docx")
    document = docx.Document(io.BytesIO(answer.content))

    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["№", "Школа", "Этап", "Сделано", "Состояние"]
    assert len(document.tables[0].rows) == 4
    assert any("Школа <№ 1> &" in row.cells[1].text for row in document.tables[0].rows)
    assert not mail.outbox


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_every_topic_gives_each_of_its_schools_a_line(stuck: Cast, topic: Any) -> None:
    SchoolStep.objects.filter(school=stuck.school).update(planned_on="2026-01-01")
    Appointment.objects.filter(level=Level.SCHOOL).delete()
    schools = topic.concerns(School.objects.all())

    rows = topic.rows(schools)

    assert schools.exists()
    assert set(rows) == set(schools.values_list("pk", flat=True))
    assert all(len(row) == len(topic.head) and all(row) for row in rows.values())


@pytest.mark.parametrize(
    "hour, minute, words",
    [(15, 0, "до 15 часов 5 декабря 2026 года"), (21, 30, "до 21 часа 30 минут 5 декабря 2026 года")],
)
def test_deadline_is_said_in_words(hour: int, minute: int, words: str) -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC)):
        moment = datetime.datetime(2026, 12, 5, hour, minute, tzinfo=MOSCOW)
        assert plain(deadline_text(moment)) == words


# Pages


def test_letter_is_written_from_the_page(stuck: Cast, client_of: ClientOf) -> None:
    client = client_of(stuck.marat)
    address = f"/letters/new/?municipality={stuck.municipality.pk}&topic=stalled"
    page = plain(client.get(address).content.decode())
    assert "2 школы в списке" in page

    facts = {"subject": "Тема", "text": TEXT, "how": "mail", "school": [str(stuck.school.pk)], "day": "", "time": ""}
    answer = client.post(address, facts)

    letter = Letter.objects.get()
    assert answer["Location"] == f"/letters/{letter.pk}/"
    assert "Школа № 1" in plain(client.get(answer["Location"]).content.decode())
    assert "Тема" in client.get("/letters/").content.decode()


def test_refused_letter_keeps_what_was_typed(stuck: Cast, client_of: ClientOf) -> None:
    address = f"/letters/new/?municipality={stuck.municipality.pk}&topic=stalled"

    answer = client_of(stuck.marat).post(address, {"subject": "Моя тема", "text": "мало", "day": "2099-13-45"})

    assert answer.status_code == 422
    assert "Моя тема" in answer.content.decode()
    assert "Такого дня или часа нет" in answer.content.decode()


def test_letters_of_others_are_out_of_sight(stuck: Cast, client_of: ClientOf) -> None:
    letter = write_letter(sender=stuck.region, draft=draft(stuck, by_mail=False), by=stuck.nina)

    assert client_of(stuck.nina).get(f"/letters/{letter.pk}/").status_code == 200
    for name in ("marat", "sveta", "observer"):
        assert client_of(stuck.people[name]).get(f"/letters/{letter.pk}/").status_code == 404, name


def test_contact_book_is_searched_and_exported(stuck: Cast, client_of: ClientOf) -> None:
    client = client_of(stuck.nina)
    School.objects.filter(pk=stuck.school.pk).update(director_name="=Директорова Анна")

    page = plain(client.get("/contacts/?q=школа 1").content.decode())
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/contacts/?format=xlsx").streaming_content)))  # type: ignore[attr-defined]

    assert "Школа № 1" in page
    assert "Гимназия" not in page
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert book.worksheets[0].max_row == 4
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_contact_book_asks_the_same_queries_for_more_schools(stuck: Cast, client_of: ClientOf) -> None:
    client = client_of(stuck.nina)
    client.get("/contacts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/contacts/")
    for number in range(12):
        School.objects.create(code=f"7890{number}", region=stuck.region, short_name=f"Школа {number}", full_name="Ш")

    with CaptureQueriesContext(connection) as many:
        client.get("/contacts/")

    assert len(many) == len(few)
