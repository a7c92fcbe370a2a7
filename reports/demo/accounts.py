"""The five demo accounts, their password, and the coordinators of all other places."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from reports.demo import names
from reports.demo.calendar import Calendar
from reports.demo.places import PETERSBURG
from reports.demo.schools import NO_LOGIN, MadeRegion
from reports.demo.stories import KRASNOSELSKY
from reports.demo.tables import Tables
from schools.models import Appointment, User
from schools.rights import coordinators_group
from schools.scope import Level


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: login, who it is, and what it is for."""

    login: str
    name: tuple[str, str, str]
    title: str
    level: Level | None = None


ACCOUNTS = (
    Account("country", ("Вяземская", "Ирина", "Олеговна"), "наблюдатель, вся страна", Level.COUNTRY),
    Account("region", ("Орлова", "Нина", "Сергеевна"), "координатор, Санкт-Петербург", Level.REGION),
    Account("municipality", ("Валиев", "Марат", "Рашитович"), "координатор, Красносельский район", Level.MUNICIPALITY),
    Account("school", ("Зимина", "Светлана", "Игоревна"), "администратор, ГБОУ СОШ № 375", Level.SCHOOL),
    Account("root", ("Админов", "Пётр", "Ильич"), "администратор портала: всё и /admin/"),
)


def demo_password() -> str:
    """Return DEMO_PASSWORD, else the password kept by the first run, else a new random one, kept for `make run`."""
    given = os.environ.get("DEMO_PASSWORD", "")
    if given:
        return given
    path = password_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def password_file() -> Path:
    """Where a random demo password is kept."""
    return Path(settings.DATA_DIR) / "demo-password"


def known_password() -> str:
    """Return the password the demo accounts have now, '' if nobody wrote it down or it has been changed."""
    user = User.objects.filter(username=ACCOUNTS[0].login).first()
    path = password_file()
    kept = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    candidates = (os.environ.get("DEMO_PASSWORD", ""), kept)
    return next((text for text in candidates if text and user is not None and user.check_password(text)), "")


_ORDERS = {Level.COUNTRY: "", Level.REGION: "312-ОД", Level.MUNICIPALITY: "86", Level.SCHOOL: "114-ОД"}


def make_accounts(password: str, calendar: Calendar, region: MadeRegion) -> None:
    """Save the five accounts, those with a level appointed to their places."""
    hashed = make_password(password)
    first = calendar.years[0]
    places: dict[Level | None, dict[str, Any]] = {
        Level.COUNTRY: {},
        Level.REGION: {"region": region.row},
        Level.MUNICIPALITY: {"municipality_id": region.territories[KRASNOSELSKY]},
        Level.SCHOOL: {"school_id": region.own},
    }
    for account in ACCOUNTS:
        last, name, patronymic = account.name
        is_root = account.level is None
        user = User.objects.create(
            username=account.login,
            password=hashed,
            last_name=last,
            first_name=name,
            patronymic=patronymic,
            email=f"{account.login}@example.ru",
            is_superuser=is_root,
            is_staff=is_root or account.level == Level.REGION,
        )
        if account.level == Level.REGION:
            user.groups.add(coordinators_group())
        if account.level is not None:
            day = calendar.at(calendar.declared_on, 0).date().replace(year=first, month=9, day=4)
            Appointment.objects.create(
                user=user, level=account.level, starts_on=day, order_number=_ORDERS[account.level], order_on=day,
                **places[account.level],
            )  # fmt: skip


def appoint_coordinators(tables: Tables, calendar: Calendar, region: MadeRegion, rng: Any) -> None:
    """Give a region and most of its municipalities coordinators who never sign in; demo accounts stand in for two."""
    places: list[tuple[str, int, int | None, int | None]] = []
    if region.row.code != PETERSBURG:
        places.append((f"r{region.row.code}", Level.REGION.value, region.row.pk, None))
    for number, municipality in enumerate(region.territories):
        is_ours = region.row.code == PETERSBURG
        if (is_ours and number == KRASNOSELSKY) or (not is_ours and rng.random() < 0.06):
            continue
        places.append((f"m{region.row.code}{number + 1:02d}", Level.MUNICIPALITY.value, None, municipality))
    day = calendar.declared_on.replace(year=calendar.years[0] - 1, day=15)
    for login, level, region_id, municipality_id in places:
        name = names.draw(rng, "f" if rng.random() < 0.7 else "m", names.CULTURES[0])
        user_id = tables.new_id(User)
        tables.add(
            User, user_id, NO_LOGIN, False, login, name.last, name.first, name.patronymic, f"{login}@example.ru",
            False, True, calendar.at(day, 9),
        )  # fmt: skip
        tables.add(
            Appointment, tables.new_id(Appointment), user_id, level, region_id, municipality_id, None, day, None,
            f"{rng.randint(100, 999)}-р", day,
        )  # fmt: skip
