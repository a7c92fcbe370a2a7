"""Letters with invitations: their text, and the job that sends them one after another."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from schools.appointing.invitations import digest_of, link_of, secret_of
from schools.jobs import JobRefused, Progress
from schools.models import Appointment, Invitation, InvitationBatch, User
from schools.scope import Level, sight_of
from schools.texts import date_text, plain

SILENT = "Почтовый сервер не ответил. Отправьте ещё раз позже или передайте ссылку лично."
LATER = "Почтовый сервер просит повторить позже. Отправьте ещё раз через час."
NO_ADDRESS = "Почтовый сервер не принял адрес. Проверьте, нет ли в нём опечатки."
NO_RIGHT = "У пригласившего больше нет права назначать сюда. Пусть пригласит тот, у кого оно есть."
WHAT_FOR = {
    Level.COUNTRY: "На портале вы увидите показатели внедрения по всей стране.",
    Level.REGION: "На портале вы увидите, как школы региона осваивают платформы, и назначите координаторов.",
    Level.MUNICIPALITY: "На портале вы увидите, кто из школ застрял и почему, и назначите администраторов школ.",
    Level.SCHOOL: "На портале вы внесёте списки школы и увидите, как она осваивает «Сферум» и «Мою школу».",
}


class ServerLost(Exception):
    """The mail server does not answer: no use trying the other letters."""


def letter(invitation: Invitation) -> EmailMessage:
    """An invitation as a letter: plain text, who appoints to what, the link, and how to refuse."""
    appointment = invitation.appointment
    by = invitation.invited_by
    title = f"{appointment.title[:1].lower()}{appointment.title[1:]}"
    context = {
        "user": appointment.user,
        "title": title,
        "place": place_text(appointment),
        "order": order_text(appointment),
        "by": by,
        "role": role_of(by) if by else "",
        "what_for": WHAT_FOR[Level(appointment.level)],
        "link": link_of(invitation),
        "until": plain(date_text(timezone.localtime(invitation.expires_at).date())),
    }
    return EmailMessage(
        subject=" ".join(f"Вас назначили: {title}, {place_text(appointment)}".split())[:150],
        body=render_to_string("appointing/letter.txt", context),
        to=[invitation.email],
        reply_to=[by.email] if by and by.email else None,
    )


def place_text(appointment: Appointment) -> str:
    """«ГБОУ СОШ № 375 (Красносельский район)», «Красносельский район (Санкт-Петербург)», «Россия»."""
    place = appointment.school or appointment.municipality or appointment.region
    if appointment.school:
        return f"{place} ({appointment.school.place_name})"
    if appointment.municipality:
        return f"{place} ({appointment.municipality.region})"
    return str(place or "Россия")


def order_text(appointment: Appointment) -> str:
    """«№ 114-ОД от 4 сентября», as far as it is known."""
    number = f"№ {appointment.order_number}" if appointment.order_number else ""
    day = f"от {plain(date_text(appointment.order_on))}" if appointment.order_on else ""
    return f"{number} {day}".strip()


def role_of(user: User) -> str:
    """«координатор региона»: what the inviter is called in the letter."""
    if sight_of(user).everything:
        return "администратор портала"
    held = Appointment.objects.active().filter(user=user).order_by("level").first()
    return f"{held.title[:1].lower()}{held.title[1:]}" if held else ""


# Sending


def perform(batch: InvitationBatch, progress: Progress[InvitationBatch]) -> None:
    """Send the letters of a batch that have not gone out yet; safe to run again after being killed at any point."""
    allowed = _still_allowed(batch)
    total = batch.invitations.count()
    waiting = list(_waiting(batch))
    connection = get_connection()
    for done, invitation in enumerate(waiting, start=total - len(waiting)):
        progress.step(done, total)
        try:
            _send(invitation, connection, allowed)
        except ServerLost:
            _waiting(batch).update(delivery_error=SILENT)
            break
    connection.close()
    progress.step(total, total)


def _waiting(batch: InvitationBatch) -> "QuerySet[Invitation]":
    """Letters that are neither out nor void; what failed once is tried again only when a person asks."""
    found = Invitation.objects.filter(batch=batch, delivered_at=None, delivery_error="", withdrawn_at=None)
    found = found.filter(accepted_at=None, declined_at=None).order_by("pk")
    return found.select_related(
        "appointment__user",
        "appointment__region",
        "appointment__municipality__region",
        "appointment__school__municipality",
        "appointment__school__region",
        "invited_by",
    )


def _still_allowed(batch: InvitationBatch) -> set[int]:
    """Appointments the inviter may still invite to: her own appointment may have ended since (threats.md A21)."""
    by = batch.created_by
    if by is None or not by.is_active:
        raise JobRefused(NO_RIGHT)
    mine = Appointment.objects.editable_by(by).filter(invitations__batch=batch)
    return set(mine.values_list("pk", flat=True))


def _send(invitation: Invitation, connection: BaseEmailBackend, allowed: set[int]) -> None:
    """Send one letter and write down what came of it. Raises ServerLost."""
    if invitation.appointment_id not in allowed:
        _mark(invitation, delivery_error=NO_RIGHT)
        return
    _mark(invitation, digest=digest_of(secret_of(invitation)))  # SECRET_KEY may have changed since it was issued
    message = letter(invitation)
    message.connection = connection
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, UnicodeError) as error:
        _mark(invitation, delivery_error=LATER if _is_passing(error) else NO_ADDRESS)
    except (smtplib.SMTPException, OSError) as error:
        raise ServerLost from error
    else:
        _mark(invitation, delivered_at=timezone.now())


def _is_passing(error: Exception) -> bool:
    """Whether the server asks to come again: replies 4xx, as of greylisting (RFC 5321)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 400 <= error.smtp_code < 500


def _mark(invitation: Invitation, **values: Any) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(**values)
