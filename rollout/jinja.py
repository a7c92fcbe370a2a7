"""The Jinja2 environment of every page: strict names, what templates may call, and the defaults of the base page.

Context contract (templates/base.html): what a page does not give falls back to DEFAULTS, so an error page, a mail or a
test renders without a request. The context processor gives the same names from the request.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from schools import texts
from schools.codes import format_phone


class NavItem(NamedTuple):
    """A link of the bar, the footer or the crumbs; `current` where the reader is."""

    title: str
    url: str
    current: bool = False


class PortalUser(NamedTuple):
    """Who is logged in, as the bar shows it: role «Координатор региона», name for the menu, initials for the chip."""

    role: str
    name: str
    initials: str


FOOTER_LINKS = (
    NavItem("Показатели и методика", "/indicators/"),
    NavItem("Нормативная база", "/library/"),
    NavItem("Полезные ресурсы", "/resources/"),
    NavItem("Как забрать рейтинг", "/connect/"),
    NavItem("REST API", "/api/v1/docs/"),
    NavItem("Доступность", "/accessibility/"),
)
FOR_ANYBODY = frozenset({"/indicators/", "/api/v1/docs/", "/accessibility/"})  # the rest asks who you are

DEFAULTS: dict[str, Any] = {
    "home_url": "/",
    "nav": (),
    "portal_user": None,
    "search_url": "",
    "profile_url": "",
    "login_url": "/login/",
    "password_reset_url": "",
    "logout_url": "/logout/",
    "theme_url": "",
    "theme": "",
    "page_url": "",
    "notice": "",
    "towers": None,
    "next": "",
    "footer_links": FOOTER_LINKS,
    "csrf_input": "",
    "csrf_token": "",
}


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named route: url("school", pk=5)."""
    return reverse(name, args=args, kwargs=kwargs)


def query(params: Mapping[str, object], **changes: object) -> str:
    """«?week=2026-W47&page=2»: the parameters of the address with some changed; None or "" drops one.

    `params` is request.GET or a dict; a parameter given several times keeps all its values.
    """
    lists = params.lists() if hasattr(params, "lists") else ((key, [value]) for key, value in params.items())
    kept = [(key, value) for key, values in lists if key not in changes for value in values]
    pairs = kept + [(key, value) for key, value in changes.items() if value not in (None, "")]
    return f"?{urlencode(pairs)}" if pairs else "?"


def num(value: texts.Amount | None, digits: int = 0) -> Markup:
    """A number for a page: thousands by U+2009, kept on one line by the class."""
    return Markup('<span class="num">{}</span>').format(texts.number(value, digits))


def strong_match(text: str, part: str) -> Markup:
    """The text with the first place where it matches what was typed in bold: «<b>Крас</b>носельский»."""
    at = text.casefold().find(part.casefold()) if part else -1
    if at < 0:
        return escape(text)
    end = at + len(part)
    return Markup("{}<b>{}</b>{}").format(text[:at], text[at:end], text[end:])


def shown_phone(text: str) -> str:
    """«+7 900 000-14-02» for a bare number, any other text as it stands: a school's phone is free text."""
    return format_phone(text) if text.startswith("+7") and text[1:].isdecimal() and len(text) == 12 else text


FILTERS = {
    "number": texts.number,
    "num": num,
    "signed": texts.signed,
    "percent": texts.percent,
    "points": texts.points,
    "plural": texts.plural,
    "counted": texts.counted,
    "ordinal": texts.ordinal,
    "date_text": texts.date_text,
    "moment_text": texts.moment_text,
    "file_size": texts.file_size,
    "unbroken": texts.unbroken,
    "plain": texts.plain,
    "initials": texts.initials,
    "phone": shown_phone,
    "strong_match": strong_match,
}


def environment(**options: Any) -> Environment:
    """The environment for Django's Jinja2 backend: StrictUndefined, autoescape, no blank lines left by tags.

    `options` are the backend's (loader, auto_reload, …); strictness and escaping are ours and cannot be turned off.
    """
    options |= {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(**options)
    env.globals.update(DEFAULTS)
    env.globals.update(
        static=static,
        url=url,
        query=query,
        htmx_script=htmx_script,
        out_of=texts.out_of,
        percent_of=texts.percent_of,
        week_title=texts.week_title,
        dates_text=texts.dates_text,
    )
    env.filters.update(FILTERS)
    return env
