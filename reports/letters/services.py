"""Writing a letter: whom it goes to, keeping it with its table, sending it as a job, one message a school."""

import datetime
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from reports.letters.document import LetterText, docx_of
from reports.letters.topics import Topic
from schools import jobs
from schools.jobs import JobState, Progress
from schools.models import Letter, LetterRecipient, Municipality, Region, User
from schools.senders import Sender, schools_of, speaks_for
from schools.texts import date_text

logger = logging.getLogger(__name__)
MOST_SCHOOLS = 2000


class LetterRefused(Exception):
    """The letter cannot be kept; the text is a Russian sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the person has decided about a letter."""

    topic: Topic
    subject: str
    text: str
    deadline_at: datetime.datetime | None
    reply_to: str
    by_mail: bool
    school_ids: frozenset[int]


def deadline_text(moment: datetime.datetime) -> str:
    """«до 15 часов 12 марта 2027 года»; minutes where there are any."""
    local = timezone.localtime(moment)
    minutes = f" {local.minute} минут" if local.minute else ""
    hours = f"{local.hour} {'часа' if local.hour % 10 == 1 and local.hour != 11 else 'часов'}"
    day = date_text(local.date(), local.date())
    return f"до {hours}{minutes} {day} {local.year} года"


def opening(topic: Topic, deadline_at: datetime.datetime | None) -> str:
    """The text a letter begins with; the person changes it as she likes."""
    until = f" Просим сделать это в срок {deadline_text(deadline_at)}." if deadline_at else ""
    return f"{topic.opening}.{until}\n\nПодробности и список недостающего — на портале, страница «Этапы» вашей школы."


@transaction.atomic
def write_letter(*, sender: Sender, draft: Draft, by: User) -> Letter:
    """Keep a letter with its recipients and their lines, and queue its sending.

    Raises LetterRefused without a right, a subject, a text or a school, and for an answer address that is none.
    """
    if not speaks_for(by, sender):
        raise LetterRefused("Письма школам пишет координатор этой территории.")
    _check(draft)
    schools = draft.topic.concerns(schools_of(sender, by)).filter(pk__in=draft.school_ids).order_by("name_key", "pk")
    chosen = list(schools.only("pk", "email", "short_name")[:MOST_SCHOOLS])
    if not chosen:
        raise LetterRefused("Выберите хотя бы одну школу. Если список пуст, писать уже некому: всё сделано.")
    rows = draft.topic.rows(schools)
    letter = Letter(
        region=sender if isinstance(sender, Region) else None,
        municipality=sender if isinstance(sender, Municipality) else None,
        subject=draft.subject, text=draft.text, deadline_at=draft.deadline_at, reply_to=draft.reply_to,
        topic=draft.topic.key, by_mail=draft.by_mail, created_by=by,
        table={"head": list(draft.topic.head), "rows": {str(school.pk): rows.get(school.pk, []) for school in chosen}},
    )  # fmt: skip
    if draft.by_mail:
        jobs.enqueue(letter)
    else:
        letter.state = JobState.DONE
        letter.save()
    LetterRecipient.objects.bulk_create(
        LetterRecipient(
            letter=letter, school=school, email=school.email,
            error="" if school.email or not draft.by_mail else "в карточке школы нет электронной почты",
        )
        for school in chosen
    )  # fmt: skip
    return letter


def _check(draft: Draft) -> None:
    if not draft.subject.strip() or len(draft.subject) > 200 or "\n" in draft.subject or "\r" in draft.subject:
        raise LetterRefused("Впишите тему одной строкой, не длиннее 200 знаков.")
    if len(draft.text.strip()) < 20 or len(draft.text) > 6000:
        raise LetterRefused("Впишите текст письма: от 20 до 6000 знаков.")
    if draft.deadline_at is not None and draft.deadline_at <= timezone.now():
        raise LetterRefused("Этот срок уже прошёл. Назначьте время в будущем.")
    if draft.reply_to:
        try:
            validate_email(draft.reply_to)
        except ValidationError as error:
            raise LetterRefused("Проверьте адрес для ответов: это не похоже на электронную почту.") from error


def perform(letter: Letter, progress: Progress[Letter]) -> None:
    """Send to every school not yet written to; what one address refuses does not stop the others."""
    waiting = list(LetterRecipient.objects.filter(letter=letter, sent_at=None, error="").select_related("school"))
    total = letter.recipients.count()  # type: ignore[attr-defined]
    done = total - len(waiting)
    progress.step(done, total)
    with get_connection() as connection:
        for recipient in waiting:
            _send(letter, recipient, connection)
            done += 1
            progress.step(done, total)
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())


def _send(letter: Letter, recipient: LetterRecipient, connection: BaseEmailBackend) -> None:
    message = EmailMessage(
        subject=letter.subject,
        body=body_for(letter, recipient),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient.email],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        connection=connection,
    )
    try:
        message.send()
    except Exception as error:  # a mail server fails in any way it likes: one school's letter must not stop the rest
        logger.warning("Letter %s to school %s failed: %s", letter.pk, recipient.school_id, type(error).__name__)
        LetterRecipient.objects.filter(pk=recipient.pk).update(error="почтовый сервер не принял письмо")
        return
    LetterRecipient.objects.filter(pk=recipient.pk).update(sent_at=timezone.now())


def body_for(letter: Letter, recipient: LetterRecipient) -> str:
    """The message to one school: the text, its own line of the table, the deadline, why it came."""
    cells = letter.table.get("rows", {}).get(str(recipient.school_id), [])
    line = "\n".join(f"{name}: {cell}" for name, cell in zip(letter.table.get("head", []), cells, strict=False))
    deadline = f"\n\nСрок: {deadline_text(letter.deadline_at)}." if letter.deadline_at else ""
    sender = letter.region or letter.municipality
    return (
        f"Уважаемый руководитель!\n\n{letter.text}\n\n{recipient.school}\n{line}{deadline}\n\n"
        f"{letter.created_by or ''}, {sender}\n\n"
        "Письмо пришло на адрес из карточки школы: его отправил координатор с портала внедрения."
    )


def document_of(letter: Letter) -> bytes:
    """The letter as a DOCX with the table of all its schools."""
    recipients = letter.recipients.select_related("school").order_by("school__name_key")  # type: ignore[attr-defined]
    rows = letter.table.get("rows", {})
    head = letter.table.get("head", [])
    table = [[one.school.short_name, *(rows.get(str(one.school_id)) or [""] * len(head))] for one in recipients]
    deadline = [f"Срок: {deadline_text(letter.deadline_at)}."] if letter.deadline_at else []
    paragraphs = [part for part in letter.text.splitlines() if part.strip()] + deadline
    sender = str(letter.region or letter.municipality)
    text = LetterText(
        sender, f"Координатор: {letter.created_by or ''}", letter.subject, paragraphs, head, table,
        timezone.localdate(letter.created_at),
    )  # fmt: skip
    return docx_of(text)
