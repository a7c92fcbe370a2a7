"""What every page needs besides its own content: the bar for the reader's role, who is logged in, search and theme."""

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from reports.reading.homes import COUNTRY, Home, homes_of
from rollout.jinja import FOOTER_LINKS, FOR_ANYBODY, NavItem, PortalUser
from schools.models import User
from schools.scope import Level
from schools.texts import initials

THEMES = ("light", "dark")
BY_LEVEL = {
    Level.COUNTRY: (
        ("Рейтинг", "ratings"),
        ("Школы", "search"),
        ("Проверки", "checks"),
        ("Показатели", "indicators"),
        ("Подсчёты", "jobs"),
    ),
    Level.REGION: (
        ("Рейтинг", "ratings"),
        ("Школы", "search"),
        ("Реестр", "register"),
        ("Назначения", "appointments"),
        ("Проверки", "checks"),
        ("Загрузки", "imports"),
    ),
    Level.MUNICIPALITY: (
        ("Рейтинг", "ratings"),
        ("Школы", "search"),
        ("Назначения", "appointments"),
        ("Проверки", "checks"),
        ("Загрузки", "imports"),
    ),
    Level.SCHOOL: (
        ("Загрузки", "imports"),
        ("Проверки", "checks"),
        ("Рейтинг", "ratings"),
    ),
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the context shared by all pages (rollout/jinja.py DEFAULTS); an error page may have no user yet."""
    theme = request.COOKIES.get("theme", "")
    shared: dict[str, Any] = {
        "theme": theme if theme in THEMES else "",
        "theme_url": reverse("theme"),
        "page_url": request.get_full_path(),
        "login_url": reverse("login"),
        "logout_url": reverse("logout"),
        "password_reset_url": reverse("password_reset"),
    }
    user = getattr(request, "user", None)
    if user is not None and not user.is_authenticated:
        return shared | {
            "home_url": "",
            "footer_links": tuple(link for link in FOOTER_LINKS if link.url in FOR_ANYBODY),
        }
    if user is None or _is_plain(request):
        return shared
    homes = homes_of(user)
    return {
        **shared,
        "profile_url": reverse("profile"),
        "search_url": reverse("search") if homes else "",
        "nav": nav(homes, request.path),
        "portal_user": _portal_user(user, homes),
    }


def _is_plain(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, which has no bar."""
    return bool(getattr(request, "htmx", False))


ROSTERS = re.compile(
    r"/(classes|pupils|guardians|guardianships|rosters|rollovers)/|/schools/\d+/(pupils|rosters|rollover)/"
)

# Addresses of single things, by the chapter of the bar they belong to.
CHAPTERS = (
    (ROSTERS, "Классы"),
    (re.compile(r"/chats/"), "Чаты"),
    (re.compile(r"/figures/"), "Загрузки"),
    (re.compile(r"/alerts/"), "Рейтинг"),
)


def nav(homes: list[Home], path: str) -> tuple[NavItem, ...]:
    """The bar's links for the highest appointment held; the one whose address the reader is under is current."""
    if not homes:
        return ()
    home = homes[0]
    first = [("Обзор" if home.level < Level.SCHOOL else "Моя школа", home.url if len(homes) == 1 else reverse("home"))]
    if home.level == Level.SCHOOL and len(homes) == 1:
        first.append(("Сотрудники", reverse("staff", args=[home.place_id])))
        first.append(("Классы", reverse("classes", args=[home.place_id])))
        first.append(("Чаты", reverse("chats", args=[home.place_id])))
        first.append(("Приказы", reverse("school_orders", args=[home.place_id])))
    first.append(("Этапы", f"{home.url}steps/" if len(homes) == 1 and home.level > Level.COUNTRY else reverse("steps")))
    links = first + [(title, reverse(name)) for title, name in BY_LEVEL[home.level]]
    if home is COUNTRY:  # the portal's administrator appoints the regions' coordinators; the observer appoints nobody
        links.append(("Назначения", reverse("appointments")))
    here = max((url for _, url in links if _under(path, url)), key=len, default="")
    for of_chapter, chapter in CHAPTERS:
        if of_chapter.match(path):
            here = next((url for title, url in links if title == chapter), here)
    if not here and path.startswith(("/regions/", "/municipalities/", "/schools/", "/places/")):
        here = links[0][1]
    return tuple(NavItem(title, url, url == here) for title, url in links)


def _under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _portal_user(user: User, homes: list[Home]) -> PortalUser:
    role = homes[0].role if homes else "Без назначения"
    return PortalUser(role, str(user), initials(role))
