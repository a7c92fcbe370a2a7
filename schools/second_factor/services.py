"""What is done with a second factor: set up, asked for, renewed, taken away; wrong codes are counted."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from schools.models import Appointment, FactorEvent, SecondFactor, User
from schools.scope import AnyUser, Level, sight_of
from schools.second_factor import codes
from schools.texts import counted

MOST_FAILURES = 5
PAUSE = datetime.timedelta(minutes=15)
SESSION_KEY = "factor_on"


class CodeRefused(Exception):
    """A code or a wish that is not granted; the text is a Russian sentence that says what to do."""


# Whom it is asked of


def demands(user: AnyUser) -> bool:
    """Whether this person may not work without a second factor: coordinators and above, where the portal demands it."""
    if settings.SECOND_FACTOR != "required":
        return False
    sight = sight_of(user)
    return sight.level is not None and sight.level < Level.SCHOOL


def is_passed(request: HttpRequest) -> bool:
    """Whether nothing stands between the request and the portal: no factor is needed, or its code has been given."""
    user: Any = request.user
    if not user.is_authenticated:
        return True
    if user.factor_on is None:
        return not demands(user)
    return bool(request.session.get(SESSION_KEY) == user.factor_on.isoformat())


def let_in(request: HttpRequest, user: User) -> None:
    """Remember in the session that the code was right; another reset or set-up of the factor makes it forgotten."""
    assert user.factor_on is not None
    request.session.cycle_key()
    request.session[SESSION_KEY] = user.factor_on.isoformat()


# Setting up


@transaction.atomic
def begin(*, user: User) -> SecondFactor:
    """Return the secret a person is about to scan, the same until it is confirmed.

    Raises CodeRefused when a factor is set up already.
    """
    if User.objects.select_for_update().get(pk=user.pk).factor_on is not None:
        raise CodeRefused("Второй фактор уже настроен. Чтобы заменить телефон, сначала отключите прежний.")
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": codes.new_secret()})
    return factor


def confirm(*, user: User, code: str) -> list[str]:
    """Turn the factor on by its first code; return the recovery codes, which nobody can show again.

    Raises CodeRefused for a wrong code.
    """
    with transaction.atomic():
        factor = _locked(user)
        if factor is None or User.objects.get(pk=user.pk).factor_on is not None:
            raise CodeRefused("Второй фактор уже настроен. Обновите страницу.")
        refusal = _judge(factor, code, with_recovery=False)
        if not refusal:
            user.factor_on = timezone.now()
            user.save(update_fields=["factor_on"])
            fresh = _renew(factor)
            _write_down(user, FactorEvent.Kind.SET, by=user)
    if refusal:
        raise CodeRefused(refusal)
    return fresh


def _renew(factor: SecondFactor) -> list[str]:
    fresh = codes.new_recovery_codes()
    factor.recovery = [codes.digest_of(code) for code in fresh]
    factor.save(update_fields=["recovery"])
    return fresh


def _write_down(user: User, kind: FactorEvent.Kind, *, by: User | None, reason: str = "") -> None:
    FactorEvent.objects.create(user=user, kind=kind, done_by=by, reason=reason)


# Asking


def check(*, user: User, code: str) -> None:
    """Take a code of the app or a recovery code. Raises CodeRefused with the tries left, or with the pause."""
    with transaction.atomic():  # the refusal is raised outside, or the count of failures would be taken back
        factor = _locked(user)
        refusal = _judge(factor, code) if factor is not None else "Второй фактор сброшен. Войдите заново."
    if refusal:
        raise CodeRefused(refusal)


def _locked(user: User) -> SecondFactor | None:
    return SecondFactor.objects.select_for_update().filter(user=user).first()


def _judge(factor: SecondFactor, code: str, *, with_recovery: bool = True) -> str:
    """Why a code is not taken, '' for a right one; every answer is written down before it is given."""
    now = timezone.now()
    if factor.paused_until is not None and factor.paused_until > now:
        left = -int((now - factor.paused_until).total_seconds() // 60)
        return f"Слишком много неверных кодов. Попробуйте через {counted(left, 'минуту', 'минуты', 'минут')}."
    if _is_right(factor, codes.tidy_code(code), now, with_recovery):
        factor.failures, factor.paused_until = 0, None
        factor.save()
        return ""
    return _failed(factor, now)


def _is_right(factor: SecondFactor, code: str, now: datetime.datetime, with_recovery: bool) -> bool:
    if code.isascii() and code.isdecimal() and len(code) == codes.DIGITS:
        step = codes.matching_step(factor.secret, code, now.timestamp(), factor.last_counter)
        if step is not None:
            factor.last_counter = step
        return step is not None
    digest = codes.digest_of(code)
    if not with_recovery or digest not in factor.recovery:
        return False
    factor.recovery = [kept for kept in factor.recovery if kept != digest]
    _write_down(factor.user, FactorEvent.Kind.RECOVERED, by=factor.user)
    return True


def _failed(factor: SecondFactor, now: datetime.datetime) -> str:
    factor.failures += 1
    left = MOST_FAILURES - factor.failures
    pause = counted(int(PAUSE.total_seconds() // 60), "минута", "минуты", "минут")
    if left <= 0:
        factor.failures, factor.paused_until = 0, now + PAUSE
        _write_down(factor.user, FactorEvent.Kind.PAUSED, by=None)
    factor.save(update_fields=["failures", "paused_until"])
    if left <= 0:
        return f"Код не подошёл пять раз подряд. Теперь пауза: {pause}."
    tries = counted(left, "попытка", "попытки", "попыток")
    return f"Код не подошёл. Проверьте часы телефона и введите новый. Осталось: {tries}, потом пауза {pause}."


# Keeping


def renew(*, user: User, code: str) -> list[str]:
    """Give new recovery codes in place of the old ones. Raises CodeRefused."""
    check(user=user, code=code)
    with transaction.atomic():
        factor = _locked(user)
        if factor is None:
            raise CodeRefused("Второй фактор сброшен. Настройте его заново.")
        _write_down(user, FactorEvent.Kind.RENEWED, by=user)
        return _renew(factor)


def remove(*, user: User, code: str) -> None:
    """Take one's own factor away, to do without or to set up another phone. Raises CodeRefused."""
    check(user=user, code=code)
    _forget(user, FactorEvent.Kind.REMOVED, by=user)


@transaction.atomic
def _forget(user: User, kind: FactorEvent.Kind, *, by: User | None, reason: str = "") -> None:
    SecondFactor.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(factor_on=None)
    user.factor_on = None
    _write_down(user, kind, by=by, reason=reason)


# Helping others


def may_help(by: AnyUser, user: User) -> bool:
    """Whether one may take another's factor away: superusers, and who stands above all the person's appointments."""
    if by.pk == user.pk or sight_of(by).everything:
        return by.pk != user.pk
    if user.is_superuser:
        return False
    held = set(user.appointments.active().values_list("pk", flat=True))  # type: ignore[attr-defined,arg-type]
    below = Appointment.objects.editable_by(by).filter(pk__in=held).values_list("pk", flat=True)
    return bool(held) and held == set(below)


def reset(*, user: User, by: User | None, reason: str) -> None:
    """Take a factor away from somebody who lost the phone; `by` is None at the command line.

    Raises CodeRefused where there is none, without a reason, and for those one does not stand above.
    """
    if by is not None and not may_help(by, user):
        raise CodeRefused("Сбросить второй фактор может тот, кто стоит выше всех назначений человека.")
    if not reason.strip():
        raise CodeRefused("Напишите, почему: например, «потерян телефон, личность проверена по видеосвязи».")
    if not SecondFactor.objects.filter(user=user).exists():
        raise CodeRefused("У этого человека второй фактор не настроен: сбрасывать нечего.")
    _forget(user, FactorEvent.Kind.RESET, by=by, reason=reason.strip()[:200])
