"""How a chat lived in the last weeks: what operators delivered, whom to ask for it, and the words and bars of a page.

Activity is counted to the right of this app, so the reader of it is named in the settings (CHAT_ACTIVITY).
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from schools.models import School
from schools.scope import AnyUser
from schools.texts import EM_DASH, NO_DATA, counted, dates_text, number, ordinal

WEEKS = 8  # weeks shown
MESSAGES = ("сообщение", "сообщения", "сообщений")
QUIET = 2  # weeks without a word after which it is said of the chat


@dataclass(frozen=True, slots=True)
class Week:
    """A finished week: its ISO number in its year, its Monday and Sunday."""

    number: int
    monday: datetime.date
    sunday: datetime.date


@dataclass(frozen=True, slots=True)
class Delivery:
    """What operators delivered of the chats of a school: weeks, the oldest first, and which of them chats came in.

    `messages` is by (id of a chat, Monday) and sparse: in a delivered week a chat without a row was silent.
    """

    weeks: tuple[Week, ...] = ()
    delivered: frozenset[datetime.date] = frozenset()
    messages: Mapping[tuple[int, datetime.date], int] = field(default_factory=dict)


class ActivityKeeper(Protocol):
    """Whoever keeps activity."""

    def last_weeks(self, school: School, user: AnyUser, *, weeks: int, chat: int | None = None) -> Delivery:
        """The last finished weeks of a school's chats, or of the one named, in as many queries for any number."""
        ...

    def with_messages(self, chats: QuerySet[Any]) -> QuerySet[Any]:
        """Chats with `messages_week`, the last counted week («2026-W47»), and `messages`, None where not delivered."""
        ...


def keeper() -> ActivityKeeper:
    """The one that the settings name."""
    return cast(ActivityKeeper, import_string(settings.CHAT_ACTIVITY)())


def read(school: School, user: AnyUser, *, chat: int | None = None) -> Delivery:
    """What was delivered of a school's chats in the last WEEKS finished weeks."""
    return keeper().last_weeks(school, user, weeks=WEEKS, chat=chat)


@dataclass(frozen=True, slots=True)
class Life:
    """One chat's weeks: pairs of a week and its messages, None where nothing was delivered; weeks it ran in alone."""

    weeks: tuple[tuple[Week, int | None], ...]

    @property
    def last(self) -> tuple[Week, int] | None:
        """The newest week that is known."""
        return next(((week, count) for week, count in reversed(self.weeks) if count is not None), None)

    @property
    def silent(self) -> int:
        """Weeks known to have passed since somebody wrote; those without data do not count."""
        count = 0
        for _, messages in reversed(self.weeks):
            if messages:
                break
            count += messages == 0
        return count

    @property
    def is_longer(self) -> bool:
        """Whether it may have been silent before the weeks shown as well."""
        return len(self.weeks) == WEEKS and not any(messages for _, messages in self.weeks)


def life_of(delivery: Delivery, chat: int, opened_on: datetime.date, closed_on: datetime.date | None = None) -> Life:
    """The weeks of a chat between its opening and its closing."""
    ran = [
        week for week in delivery.weeks if week.sunday >= opened_on and (closed_on is None or week.monday < closed_on)
    ]
    return Life(
        tuple(
            (week, delivery.messages.get((chat, week.monday), 0) if week.monday in delivery.delivered else None)
            for week in ran
        )
    )


def words_of(life: Life) -> tuple[str, str]:
    """(tone, words) for a line of a list: «12 сообщений за неделю», «молчит 3 недели»; '' where nothing is known."""
    if life.last is None:
        return "", ""
    if life.silent >= QUIET:
        return "warn", silence_text(life)
    week, count = life.last
    if week is life.weeks[-1][0]:
        when = "за неделю"
    else:
        when = f"за {ordinal(week.number, 'ю')}\u00a0неделю"
    return "", f"{counted(count, *MESSAGES)} {when}" if count else f"{when} никто не писал"


def silence_text(life: Life) -> str:
    """«молчит 3 недели», «молчит 8 недель или дольше»."""
    longer = " или дольше" if life.is_longer else ""
    return f"молчит {counted(life.silent, 'неделю', 'недели', 'недель')}{longer}"


def title_of(life: Life) -> str:
    """The finding above the bars."""
    if life.last is None:
        return "Сообщения по неделям: нет данных"
    if life.silent >= QUIET:
        text = silence_text(life)
        return text[:1].upper() + text[1:]
    week, count = life.last
    return f"{ordinal(week.number)} неделя: {counted(count, *MESSAGES)}"


# Bars

_STEP, _BAR, _TALL, _TOP = 44, 28, 64, 20  # SVG units: from bar to bar, width, the tallest, where it begins


def bars(life: Life) -> dict[str, Any]:
    """The weeks as bars with their numbers, and one sentence that says them all; ready to print."""
    most = max((count or 0 for _, count in life.weeks), default=0)
    columns = []
    for place, (week, count) in enumerate(life.weeks):
        tall = round(_TALL * count / most, 1) if count and most else 0
        columns.append(
            {
                "x": place * _STEP + (_STEP - _BAR) // 2,
                "middle": place * _STEP + _STEP // 2,
                "y": _TOP + _TALL - tall,
                "tall": tall,
                "text": EM_DASH if count is None else number(count),
                "text_y": _TOP + _TALL - tall - 6,
                "label": ordinal(week.number),
                "dates": dates_text(week.monday, week.sunday),
                "is_known": count is not None,
            }
        )
    return {
        "columns": columns,
        "width": WEEKS * _STEP,
        "height": _TOP + _TALL + 22,
        "floor": _TOP + _TALL,
        "bar": _BAR,
        "sentence": sentence(life),
        "has_gaps": any(count is None for _, count in life.weeks),
    }


def sentence(life: Life) -> str:
    """«Сообщений по неделям: 40-я — 12, 41-я — нет данных, …»."""
    parts = [f"{ordinal(week.number)} — {NO_DATA if count is None else number(count)}" for week, count in life.weeks]
    return f"Сообщений по неделям: {', '.join(parts)}."
