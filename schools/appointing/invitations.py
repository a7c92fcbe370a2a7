"""The way in: a link is issued, sent or handed over, withdrawn, accepted, declined."""

import base64
import datetime
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from schools import jobs
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, Invitation, InvitationBatch, User
from schools.scope import AnyUser
from schools.second_factor.services import may_help

MOST_A_DAY = 5  # invitations to one appointment: a mistyped address must not become a flood


# Links


def secret_of(invitation: Invitation) -> str:
    """The secret of a link: made anew from SECRET_KEY when it is needed, so that a letter sent twice says the same."""
    made = salted_hmac("schools.invitation", f"{invitation.pk}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The whole address of an invitation, on the host that the settings name and no request can."""
    return f"{settings.PORTAL_URL}{reverse('invitation', args=[secret_of(invitation)])}"


def find(digest: str) -> Invitation | None:
    """The invitation behind a digest, with its place and people."""
    places = ("appointment__region", "appointment__municipality__region", "appointment__school__region")
    found = Invitation.objects.select_related("appointment__user", "appointment__school__municipality", *places)
    return found.select_related("invited_by").filter(digest=digest).first()


# Issuing


@transaction.atomic
def invite(
    appointment: Appointment,
    *,
    by: User,
    email: str = "",
    by_hand: bool = False,
    batch: InvitationBatch | None = None,
) -> Invitation:
    """Issue a link in place of the earlier ones: sent to an address, or `by_hand` for the inviter to pass on.

    Without a `batch` of its own the letter goes out at once, by a job. Raises AppointRefused.
    """
    fresh = Appointment.objects.select_for_update(of=("self",)).select_related("user").get(pk=appointment.pk)
    _check(fresh, by=by, email=email, by_hand=by_hand)
    open_invitations(fresh).update(withdrawn_at=timezone.now())
    if batch is None and not by_hand:
        batch = InvitationBatch(created_by=by)
        jobs.enqueue(batch)
    invitation = Invitation.objects.create(
        appointment=fresh,
        email=email,
        by_hand=by_hand,
        digest=secrets.token_hex(32),  # of nothing yet: the secret needs the number
        batch=batch,
        expires_at=timezone.now() + datetime.timedelta(days=settings.INVITATION_DAYS),
        invited_by=by,
    )
    invitation.digest = digest_of(secret_of(invitation))
    invitation.save(update_fields=["digest"])
    return invitation


def open_invitations(appointment: Appointment) -> "QuerySet[Invitation]":
    """Links of an appointment that nobody has taken, refused or withdrawn."""
    return Invitation.objects.filter(appointment=appointment, accepted_at=None, declined_at=None, withdrawn_at=None)


def _check(appointment: Appointment, *, by: User, email: str, by_hand: bool) -> None:
    if not Appointment.objects.editable_by(by).filter(pk=appointment.pk).exists():
        raise AppointRefused("Приглашать можно только ниже своего уровня и в пределах своего места.")
    if appointment.ends_on and appointment.ends_on < timezone.localdate():
        raise AppointRefused("Назначение окончено. Чтобы пригласить человека, назначьте его заново.")
    if not (email or by_hand):
        raise AppointRefused("Впишите почту, на которую отправить приглашение, или передайте ссылку лично.", "email")
    if email and email.casefold() == by.email.casefold():
        raise AppointRefused("Это ваша почта. Назначить себя нельзя: это делает тот, кто стоит выше.", "email")
    if _has_come_in(appointment) and not (by_hand and needs_new_password(appointment, by)):
        raise AppointRefused("Человек уже вошёл по приглашению. Пароль он меняет сам: «Забыли пароль?» при входе.")
    since = timezone.now() - datetime.timedelta(days=1)
    if Invitation.objects.filter(appointment=appointment, sent_at__gte=since).count() >= MOST_A_DAY:
        raise AppointRefused("За сутки приглашали уже пять раз. Проверьте почту человека и попробуйте завтра.")


def _has_come_in(appointment: Appointment) -> bool:
    return Invitation.objects.filter(appointment=appointment, accepted_at__isnull=False).exists()


def needs_new_password(appointment: Appointment, by: AnyUser) -> bool:
    """Whether a person without an address forgot the password, and whoever stands above may hand over a new link."""
    user = appointment.user
    return user.has_usable_password() and not user.email and may_help(by, user)


@transaction.atomic
def withdraw(appointment: Appointment, *, by: User) -> int:
    """Make the open links of an appointment void; return how many there were. Raises AppointRefused."""
    if not Appointment.objects.editable_by(by).filter(pk=appointment.pk).exists():
        raise AppointRefused("Отозвать приглашение может тот, кто стоит выше.")
    count = open_invitations(appointment).update(withdrawn_at=timezone.now())
    if not count:
        raise AppointRefused("Отзывать нечего: действующих ссылок нет.")
    return count


# Taking


@dataclass(frozen=True, slots=True)
class Standing:
    """How a link stands: whether it may be taken, and what the page says if not."""

    is_open: bool
    title: str = ""
    text: str = ""


OPEN = Standing(True)
UNKNOWN = Standing(
    False,
    "Ссылка не подошла",
    "Проверьте, что адрес скопирован целиком: он кончается там, где кончается строка в письме. Если приглашений было "
    "несколько, действует только последнее.",
)
_ASK = "Попросите того, кто вас назначил, отправить приглашение ещё раз."


def standing(invitation: Invitation | None) -> Standing:
    """Whether a link may be taken now, or in kind words why not."""
    if invitation is None:
        return UNKNOWN
    if invitation.accepted_at:
        return Standing(False, "Приглашение уже принято", "Войдите по почте или логину и своему паролю.")
    if invitation.declined_at:
        return Standing(False, "Вы отказались от этого назначения", f"Передумали? {_ASK}")
    if invitation.withdrawn_at:
        return Standing(False, "Приглашение отозвано", f"Возможно, отправили новое: загляните в почту. {_ASK}")
    ended = invitation.appointment.ends_on and invitation.appointment.ends_on < timezone.localdate()
    if invitation.expires_at <= timezone.now() or ended:
        return Standing(False, "Срок приглашения истёк", _ASK)
    return OPEN


def known_person(invitation: Invitation) -> User | None:
    """The account with the address a letter went to; a link handed over proves no address and tells nothing."""
    if invitation.by_hand or not invitation.email:
        return None
    known = User.objects.filter(email__iexact=invitation.email, is_active=True)
    found = known.exclude(pk=invitation.appointment.user_id).first()
    return found if found is not None and found.has_usable_password() else None


@transaction.atomic
def accept(invitation: Invitation, *, name: tuple[str, str, str], password: str) -> User:
    """Make the newcomer's account: name and password; return it. Raises AppointRefused where the link is void."""
    fresh = _taken(invitation)
    user = User.objects.select_for_update().get(pk=fresh.appointment.user_id)
    if user.has_usable_password() and user.email:
        raise AppointRefused("У этого человека уже есть вход. Войдите с прежним паролем.")
    user.last_name, user.first_name, user.patronymic = name
    user.set_password(password)
    user.save(update_fields=["last_name", "first_name", "patronymic", "password"])
    if not fresh.by_hand:
        _give_address(user, fresh.email)
    tell(fresh.appointment)
    return user


def _give_address(user: User, email: str) -> None:
    """Let the newcomer sign in by the address the letter reached; one that is taken stays with its owner."""
    if User.objects.filter(email__iexact=email).exists():
        return
    try:
        with transaction.atomic():
            user.email = email
            user.save(update_fields=["email"])
    except IntegrityError:  # taken between the two lines
        user.email = ""


@transaction.atomic
def accept_as(invitation: Invitation, *, user: User) -> Appointment:
    """Give the appointment to an account that is signed in. Raises AppointRefused, for one's own appointees too."""
    fresh = _taken(invitation)
    appointment = fresh.appointment
    above = Appointment.objects.editable_by(user).filter(pk=appointment.pk).exists()
    if above or fresh.invited_by_id == user.pk:
        raise AppointRefused("Назначить себя нельзя. Выйдите, и пусть ссылку откроет тот, кого вы пригласили.")
    newcomer = appointment.user
    if newcomer.has_usable_password() and newcomer.pk != user.pk:
        raise AppointRefused("Ссылка для другого человека. Выйдите и войдите под его логином.")
    appointment.user = user
    appointment.save(update_fields=["user", "updated_at"])
    if newcomer.pk != user.pk:
        forget_newcomer(newcomer)
    tell(appointment)
    return appointment


def forget_newcomer(newcomer: User) -> None:
    """Remove an account made for an invitation that nobody has come in by, once it holds no appointment."""
    held = Appointment.objects.filter(user=newcomer)
    if newcomer.last_login is None and not newcomer.has_usable_password() and not held.exists():
        newcomer.delete()


def _taken(invitation: Invitation) -> Invitation:
    """Lock a link and mark it taken; of two who press at once, one."""
    fresh = Invitation.objects.select_for_update(of=("self",)).select_related("appointment__user").get(pk=invitation.pk)
    stands = standing(fresh)
    if not stands.is_open:
        raise AppointRefused(f"{stands.title}. {stands.text}")
    fresh.accepted_at = timezone.now()
    fresh.save(update_fields=["accepted_at"])
    return fresh


@transaction.atomic
def decline(invitation: Invitation) -> None:
    """Refuse the appointment; whoever appointed sees it in the list. Raises AppointRefused where the link is void."""
    fresh = Invitation.objects.select_for_update(of=("self",)).select_related("appointment").get(pk=invitation.pk)
    stands = standing(fresh)
    if not stands.is_open:
        raise AppointRefused(f"{stands.title}. {stands.text}")
    fresh.declined_at = timezone.now()
    fresh.save(update_fields=["declined_at"])


def tell(appointment: Any) -> None:
    """Have the steps of the appointment's place counted afresh."""
    municipality = appointment.municipality
    region_id = appointment.region_id or (municipality.region_id if municipality else None)
    jobs.tell_changed(school_id=appointment.school_id, region_id=region_id)
