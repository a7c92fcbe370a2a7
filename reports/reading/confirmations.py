"""The block «кто подтвердил»: the word of the place itself, of those below it, and the exceptions of the region."""

from dataclasses import dataclass
from typing import Any

from reports.confirming import Subject, hashes, may_say, newest, open_rating
from reports.models import WeekConfirmation, Word
from reports.reading.rows import zone_of
from reports.weeks import corrections_until
from schools.models import Municipality, School, User
from schools.scope import Level
from schools.texts import moment_text, out_of, week_title

MARKS = {Word.CONFIRMED: "confirmed", Word.RETURNED: "stalled", Word.LOCKED: "done", Word.EXCEPTION: "working"}
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Said:
    """A place and the word that holds of its week."""

    level: str
    place_id: int
    name: str
    said: WeekConfirmation | None
    changed: bool
    may_return: bool = False

    @property
    def mark(self) -> str:
        """State of figures.state_chip."""
        return "todo" if self.said is None else "stalled" if self.changed else MARKS[Word(self.said.word)]

    @property
    def text(self) -> str:
        """What the chip says."""
        if self.said is None:
            return "неделя открыта" if self.level == "region" else "не подтверждено"
        return "изменилось после подтверждения" if self.changed else self.said.get_word_display()


def block(subject: Subject, user: User) -> dict[str, Any]:
    """What the page of the preview says of confirmations; at most five queries, whatever the number of places."""
    zone = zone_of(subject.region)
    rating = open_rating(zone)
    if rating is None:
        return {"confirmation": None}
    week = rating.iso_week
    now = hashes(rating, subject.level, subject.within).get(subject.place.pk, "")
    own = _own(subject, rating, now)
    below = _below(subject, rating, user)
    confirmed = sum(row.said is not None and row.said.word == Word.CONFIRMED and not row.changed for row in below)
    below.sort(key=lambda row: row.mark == "confirmed")
    return {
        "confirmation": {
            "week": week_title(week.week, week.monday, week.sunday),
            "number": week.number,
            "sha256": now,
            "until": moment_text(corrections_until(week, zone), zone),
            "own": own,
            "below": below[:MOST_LISTED],
            "confirmed_text": out_of(confirmed, len(below)) if below else "",
            "words": [
                word for word in (Word.CONFIRMED, Word.LOCKED, Word.EXCEPTION) if _offered(subject, word, own, user)
            ],
            "exceptions": _exceptions(subject, rating.week),
        }
    }


def _offered(subject: Subject, word: Word, own: Said, user: User) -> bool:
    locked = own.said is not None and own.said.word == Word.LOCKED
    return may_say(subject, word, user) and locked == (word == Word.EXCEPTION)


def _own(subject: Subject, rating: Any, now: str) -> Said:
    rows = WeekConfirmation._default_manager.filter(**subject.within)
    said = newest(rows, rating.week, subject.level).get(subject.place.pk)
    return _said(subject.level, subject.place.pk, "", said, now)


def _below(subject: Subject, rating: Any, user: User) -> list[Said]:
    """Municipalities of a region, schools of a municipality."""
    if subject.level == Level.SCHOOL:
        return []
    level = Level(subject.level + 1)
    now = hashes(rating, level, subject.within)
    model: Any = Municipality if level == Level.MUNICIPALITY else School
    name = "name" if level == Level.MUNICIPALITY else "short_name"
    places = model._default_manager.filter(pk__in=[pk for pk in now if pk]).order_by("name_key")
    said = newest(WeekConfirmation._default_manager.filter(**subject.within), rating.week, level)
    mine = may_say(subject, Word.LOCKED, user) or may_say(subject, Word.CONFIRMED, user)
    return [_said(level, pk, title, said.get(pk), now[pk], mine=mine) for pk, title in places.values_list("pk", name)]


def _said(
    level: Level, place_id: int, name: str, said: WeekConfirmation | None, now: str, *, mine: bool = False
) -> Said:
    confirmed = said is not None and said.word in {Word.CONFIRMED, Word.LOCKED}
    changed = said is not None and confirmed and said.sha256 != now
    may_return = mine and said is not None and said.word == Word.CONFIRMED
    return Said(level.name.lower(), place_id, name, said, changed, may_return)


def _exceptions(subject: Subject, week: int) -> list[WeekConfirmation]:
    rows = WeekConfirmation._default_manager.filter(week=week, word=Word.EXCEPTION, region=subject.region)
    return list(rows.select_related("said_by").order_by("-id")[:10])
