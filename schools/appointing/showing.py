"""The card of an appointment and the forms around it, ready to print."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from schools.appointing.forms import EndForm, OrderForm
from schools.appointing.invitations import needs_new_password, standing
from schools.appointing.listing import MOST_WORDS, full_name, note_of, order_text, with_address, within
from schools.appointing.services import Place, fields_of
from schools.appointing.states import STATE_BY_KEY, with_state
from schools.codes import fold, format_phone
from schools.models import Appointment, Invitation, Municipality, School
from schools.scope import AnyUser, Level, sight_of
from schools.second_factor.services import may_help
from schools.texts import date_text, moment_text

__all__ = ["address_of", "card_context", "choice_row", "form_context", "full_name", "words_of"]
MOST_SHOWN = 20
TITLES = {
    Level.COUNTRY: "Наблюдатель федерального уровня",
    Level.REGION: "Координатор региона",
    Level.MUNICIPALITY: "Координатор муниципалитета",
    Level.SCHOOL: "Администратор школы",
}


def words_of(text: str) -> list[str]:
    """The folded words of a search."""
    return fold(text).split()[:MOST_WORDS]


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of appointing."""
    return [("Назначения", reverse("appointments")), *more]


def choice_row(place: School | Municipality) -> dict[str, str]:
    """A place to appoint to."""
    name = "school" if isinstance(place, School) else "municipality"
    return {
        "name": place.short_name if isinstance(place, School) else place.name,
        "within": place.place_name if isinstance(place, School) else place.region.name,
        "code": place.code if isinstance(place, School) else "",
        "url": f"{reverse('appointment_new')}?{name}={place.pk}",
    }


def form_context(user: AnyUser, place: Place) -> dict[str, Any]:
    """What stands around the form: where, as whom, who is there already."""
    level = Level(fields_of(place)["level"])
    held = Appointment.objects.visible_to(user).active().filter(**fields_of(place)).select_related("user")
    return {
        "crumbs": crumbs((title_of(place), "")),
        "place": title_of(place),
        "place_url": place.get_absolute_url() if place else "",
        "title": TITLES[level],
        "present": [{"name": full_name(row.user), "url": row.get_absolute_url()} for row in held[:MOST_SHOWN]],
    }


def title_of(place: Place) -> str:
    """A place's name as pages have it."""
    if place is None:
        return "Россия"
    return place.short_name if isinstance(place, School) else place.name


def address_of(appointment: Appointment) -> str:
    """The person's address: of her account, or where the latest invitation went."""
    if appointment.user.email:
        return str(appointment.user.email)
    sent = Invitation.objects.filter(appointment=appointment).exclude(email="").order_by("-id")
    return sent.values_list("email", flat=True).first() or ""


def card_context(appointment: Appointment, viewer: AnyUser, *, may: bool) -> dict[str, Any]:
    """Everything the card shows."""
    rows = with_address(with_state(Appointment.objects.filter(pk=appointment.pk))).select_related("user")
    stated: Any = rows.get()
    state = STATE_BY_KEY[stated.state]
    email = address_of(appointment)
    is_over = stated.state == "ended"
    return {
        "appointment": appointment,
        "crumbs": crumbs((full_name(appointment.user), "")),
        "person": full_name(appointment.user),
        "place": title_of(appointment.place),
        "place_url": appointment.place.get_absolute_url() if appointment.place else "",
        "within": within(appointment),
        "chip": state.chip,
        "state": state.name,
        "note": note_of(stated),
        "facts": _facts(appointment, email, viewer),
        "invitations": [_invitation(row) for row in _latest_invitations(appointment)],
        "others": [_other(row) for row in _others(appointment, viewer)],
        "email": email,
        "may": may and not is_over,
        "can_invite": may and not is_over and not state.is_in,
        "can_renew": may and not is_over and needs_new_password(appointment, viewer),
        "can_withdraw": may and stated.state in {"invited", "undelivered"},
        "can_reset": may and appointment.user.factor_on is not None and may_help(viewer, appointment.user),
        "end_form": EndForm(),
        "order_form": OrderForm(
            initial={"order_number": appointment.order_number, "order_on": appointment.order_on}, auto_id="order_%s"
        ),
    }


def _facts(appointment: Appointment, email: str, viewer: AnyUser) -> list[tuple[str, str]]:
    user = appointment.user
    until = f" по {date_text(appointment.ends_on)}" if appointment.ends_on else ", бессрочно"
    facts = [
        ("Срок", f"с {date_text(appointment.starts_on)}{until}"),
        ("Приказ", order_text(appointment) or "не указан"),
        ("Назначил", full_name(appointment.appointed_by) if appointment.appointed_by else "—"),
        ("Почта", _address(appointment, email)),
        ("Телефон", format_phone(user.phone) if user.phone.startswith("+7") else user.phone or "нет"),
        ("Логин", user.username if has_entered(appointment) else "появится, когда примет приглашение"),
        ("Впервые вошёл", date_text(user.first_seen_on) if user.first_seen_on else "ещё не входил"),
        ("Был на портале", date_text(user.seen_on) if user.seen_on else "—"),
    ]
    if sight_of(viewer).level != Level.SCHOOL:
        facts.append(("Второй фактор", f"настроен {moment_text(user.factor_on)}" if user.factor_on else "не настроен"))
    return facts


def has_entered(appointment: Appointment) -> bool:
    """Whether the account is one that somebody enters."""
    return appointment.user.has_usable_password() or appointment.user.seen_on is not None


def _address(appointment: Appointment, email: str) -> str:
    """The address, and whether it is the account's own: a link handed over proves none."""
    if not email or appointment.user.email or not has_entered(appointment):
        return email or "нет"
    return f"{email}, не подтверждена: вошёл по переданной ссылке"


def _latest_invitations(appointment: Appointment) -> Any:
    return Invitation.objects.filter(appointment=appointment).select_related("invited_by", "appointment")[:MOST_SHOWN]


def _invitation(row: Invitation) -> dict[str, str]:
    return {
        "when": moment_text(row.sent_at),
        "to": "ссылка передана лично" if row.by_hand else row.email,
        "by": full_name(row.invited_by) if row.invited_by else "—",
        "result": result_of(row),
    }


def result_of(row: Invitation) -> str:
    """What became of an invitation, in words."""
    for moment, words in ((row.accepted_at, "принято"), (row.declined_at, "отказ"), (row.withdrawn_at, "отозвано")):
        if moment:
            return f"{words} {moment_text(moment)}"
    if row.delivery_error:
        return row.delivery_error
    if not standing(row).is_open:
        return "срок истёк"
    until = f"действует до {date_text(timezone.localtime(row.expires_at).date())}"
    return until if row.by_hand or row.delivered_at else f"отправляется, {until}"


def _others(appointment: Appointment, viewer: AnyUser) -> Any:
    """Who held the place before, beside and after."""
    place = fields_of(appointment.place)
    rows = Appointment.objects.visible_to(viewer).filter(**place).exclude(pk=appointment.pk)
    return rows.select_related("user", "region", "municipality", "school").order_by("-starts_on", "-pk")[:MOST_SHOWN]


def _other(row: Appointment) -> dict[str, str]:
    today = timezone.localdate()
    until = f" по {date_text(row.ends_on)}" if row.ends_on else ""
    return {
        "name": full_name(row.user),
        "url": row.get_absolute_url(),
        "term": f"с {date_text(row.starts_on)}{until}",
        "is_over": "yes" if row.ends_on and row.ends_on < today else "",
    }
