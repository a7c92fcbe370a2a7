"""What is done with one's own tokens: made, revoked, spoken of before they end; who makes one proves who she is."""

import datetime
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools.models import AccessToken, Municipality, Region, School, User
from schools.models.at_place import limited_to
from schools.models.tokens import NEW_PASSWORD, SOON, live
from schools.own_tokens.rights import TokenRight, flags_of, rights_to_give
from schools.scope import sight_of
from schools.second_factor import services as second_factor
from schools.texts import counted, date_text, plain

logger = logging.getLogger(__name__)
MOST_TOKENS = 20  # that work at the same time: each has a limit of requests of its own
MOST_DAYS = 365
KEPT = datetime.timedelta(days=90)  # an ended token stays in the list that long
HANDLE = re.compile(r"[0-9a-f]{24}")
Place = Region | Municipality | School


class TokenRefused(Exception):
    """A token that is not made; the text is a Russian sentence that says what to do, the field is the form's."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """The token a person asks for."""

    name: str
    purpose: str
    days: int
    rights: Sequence[TokenRight]
    place: Place | None
    networks: Sequence[str]


def confirm(request: HttpRequest, secret: str) -> None:
    """Check once more who sits here: a code where there is a second factor, else the password. Raises TokenRefused."""
    user = request.user
    if user.factor_on:  # type: ignore[union-attr]
        try:
            second_factor.check(user=user, code=secret)  # type: ignore[arg-type]
        except second_factor.CodeRefused as refusal:
            raise TokenRefused(str(refusal), "secret") from refusal
        return
    found = authenticate(request, username=user.get_username(), password=secret)
    if found is None or found.pk != user.pk:
        raise TokenRefused(_wrong_password(request), "secret")


def _wrong_password(request: HttpRequest) -> str:
    """Name the tries left, or the pause (schools/tries.py counts them together with those at the door)."""
    trial = request.__dict__.get("knock")
    if trial is None:
        return "Пароль не подошёл."
    pause = counted(-(-trial.wait // 60), "минуту", "минуты", "минут")
    if not trial.admitted or not trial.left:
        return f"Слишком много неверных паролей. Попробуйте через {pause}."
    return f"Пароль не подошёл. Осталось: {counted(trial.left, 'попытка', 'попытки', 'попыток')}."


@transaction.atomic
def make(*, user: User, wish: Wish) -> tuple[AccessToken, str]:
    """Make a token; return it and its text, which nobody can show again.

    Raises TokenRefused for rights the person has not, and for one token too many.
    """
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if fresh.password != user.password:  # changed since she proved who she is
        raise TokenRefused("Ваш пароль только что сменили. Войдите с новым и выпустите токен.")
    if sight_of(user).level is None:
        raise TokenRefused("У вас нет действующих назначений: токену нечего было бы открывать.")
    if not set(wish.rights) <= set(rights_to_give(user)) or not 1 <= wish.days <= MOST_DAYS:
        raise TokenRefused("Такой токен вам выпустить нельзя. Обновите страницу и выберите из предложенного.")
    if AccessToken.objects.filter(live(), user=user).count() >= MOST_TOKENS:
        many = counted(MOST_TOKENS, "токен", "токена", "токенов")
        raise TokenRefused(f"У вас уже {many}, больше нельзя. Отзовите те, которыми не пользуетесь.")
    made: tuple[AccessToken, str] = AccessToken.objects.create(
        user=user,
        expiry=datetime.timedelta(days=wish.days),
        name=wish.name,
        purpose=wish.purpose,
        networks=list(wish.networks),
        **limited_to(wish.place),
        **flags_of(wish.rights),
    )
    return made


def handle_of(token: AccessToken) -> str:
    """What a form calls a token by: the beginning of its digest, which opens nothing."""
    return str(token.digest[:24])


def revoke(*, user: User, handle: str) -> bool:
    """Delete one's own token: the next request with it is refused. False if there is none."""
    if not HANDLE.fullmatch(handle):
        return False
    own = AccessToken.objects.editable_by(user).filter(user=user, digest__startswith=handle)
    return bool(own.delete()[0])


def revoke_all(*, user: User) -> int:
    """Delete all of one's own tokens; return how many."""
    return int(AccessToken.objects.editable_by(user).filter(user=user).delete()[0])


def counts_of(user: User) -> dict[str, int]:
    """How many of one's own tokens work, how many of those end within a week, how many a new password ended lately."""
    now = timezone.now()
    lately = Q(ended_because=NEW_PASSWORD, expiry__gt=now - SOON, expiry__lte=now)
    return AccessToken.objects.filter(user=user).aggregate(
        working=Count("pk", filter=live()),
        ending=Count("pk", filter=Q(expiry__gt=now, expiry__lte=now + SOON)),
        ended=Count("pk", filter=lately),
    )


# The clock


def forget_ended(now: datetime.datetime) -> int:
    """Delete tokens that ended long ago."""
    return int(AccessToken.objects.filter(expiry__lt=now - KEPT).delete()[0])


def remind_of_ending(now: datetime.datetime) -> int:
    """Write to the owners of tokens that end within a week, once a token; return how many letters went."""
    ending = AccessToken.objects.filter(expiry__gt=now, expiry__lte=now + SOON, reminded_at=None)
    reachable = ending.filter(user__is_active=True).exclude(user__email="").select_related("user")
    sent = 0
    with get_connection() as connection:
        for token in reachable.order_by("expiry", "digest")[:1000]:
            sent += _remind(token, now, connection)
    return sent


def _remind(token: AccessToken, now: datetime.datetime, connection: BaseEmailBackend) -> int:
    """Claim a token's letter, then send it; one that fails is not tried for ever, the profile says it too."""
    if not AccessToken.objects.filter(pk=token.pk, reminded_at=None).update(reminded_at=now):
        return 0
    assert token.expiry is not None
    day = plain(date_text(timezone.localtime(token.expiry).date()))
    context = {"token": token, "day": day, "url": f"{settings.PORTAL_URL}{reverse('tokens')}"}
    body = render_to_string("tokens/reminder.txt", context)
    letter = EmailMessage(f"Токен REST действует до {day}", body, to=[token.user.email], connection=connection)
    try:
        letter.send()
    except Exception as error:  # a mail server fails in any way it likes: one letter must not stop the rest
        logger.warning("The reminder of a token of user %s failed: %s", token.user_id, type(error).__name__)
        return 0
    return 1
