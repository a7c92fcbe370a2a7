"""Confirming a week from below: a school its data, a municipality its schools', the region locks; nobody waits for it.

Confirmed is what places give themselves: lists, profiles, classes, chats, pupils. Activity and operators' figures come
from the platforms and grow until the week ends, so they are no part of it.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from reports.models import Rating, RatingState, SchoolWeek, WeekConfirmation, Word
from reports.weeks import corrections_until, last_finished
from schools.codes import tidy
from schools.models import Municipality, Region, School, User
from schools.scope import Level, sight_of

OWN_DATA = (
    "declared_teachers", "declared_pupils", "staff", "teachers", "names_in_order", "profiles", "confirmed", "classes",
    "classes_with_chat", "chats", "pupils", "pupils_represented", "administrators",
)  # fmt: skip


class ConfirmRefused(ValueError):
    """A word about a week is not taken; the text is a Russian sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A place whose week is spoken of."""

    level: Level
    place: Region | Municipality | School

    @property
    def region(self) -> Region:
        """Its region, whose clock the week closes by."""
        return self.place if isinstance(self.place, Region) else self.place.region

    @property
    def within(self) -> dict[str, int]:
        """The condition of rows of schools in the place."""
        return {self.level.name.lower(): self.place.pk}

    @property
    def above(self) -> tuple[tuple[Level, int | None], ...]:
        """The places it answers to, which may return what it confirmed."""
        region = (Level.REGION, self.region.pk)
        if isinstance(self.place, School):
            return ((Level.MUNICIPALITY, self.place.municipality_id), region)
        return (region,) if self.level == Level.MUNICIPALITY else ()


def holds_place(user: User, level: Level, place_id: int | None) -> bool:
    """Whether a person answers for this very place."""
    return place_id in sight_of(user).ids_at(level)


def open_rating(zone: ZoneInfo, now: datetime.datetime | None = None) -> Rating | None:
    """The week spoken of, as counted last: the one just over until its corrections end, then the running one."""
    now = now or timezone.now()
    last = last_finished(now)
    if now < corrections_until(last, zone):
        of_week = Rating._default_manager.filter(week=last.number).exclude(state=RatingState.SUPERSEDED)
        found = of_week.order_by("state").in_bulk()
        by_state = {rating.state: rating for rating in found.values()}
        for state in (RatingState.PUBLISHED, RatingState.DRAFT, RatingState.PREVIEW):
            if state in by_state:
                return by_state[state]
    return Rating._default_manager.filter(state=RatingState.PREVIEW, week__gt=last.number).order_by("-week").first()


def hashes(rating: Rating, level: Level, within: Mapping[str, int]) -> dict[int, str]:
    """SHA-256 of the own data of each place of a level inside a place; one query."""
    key = f"{level.name.lower()}_id"
    rows = SchoolWeek._default_manager.filter(rating=rating, **within).order_by("school_id", "platform")
    found: dict[int, Any] = {}
    for pk, *facts in rows.values_list(key, "school_id", "platform", *OWN_DATA):
        found.setdefault(pk, hashlib.sha256()).update(f"{facts}\n".encode())
    return {pk: digest.hexdigest() for pk, digest in found.items()}


def newest(rows: Any, week: int, level: Level) -> dict[int | None, WeekConfirmation]:
    """The word that holds of each place of a level, among rows of the rule of sight or of one place; one query."""
    said = rows.filter(week=week, level=level).select_related("said_by").order_by("id")
    return {row.place_id: row for row in said}


def is_locked(week: int, region_id: int) -> bool:
    """Whether the region has locked a week and has not opened it again."""
    words = WeekConfirmation._default_manager.filter(week=week, level=Level.REGION, region=region_id)
    return words.order_by("-id").values_list("word", flat=True).first() == Word.LOCKED


def open_recounted(old: Rating, new: Rating, *, by: User | None) -> list[int]:
    """Open the week of each region that had locked it and whose schools a new revision changes; return their ids.

    A recount of the country waits for no region, so a lock that it goes past is on record as an exception, with the
    reason of the revision.
    """
    said = WeekConfirmation._default_manager.filter(week=new.week, level=Level.REGION).order_by("id")
    words = dict(said.values_list("region", "word"))
    locked = [region for region, word in words.items() if word == Word.LOCKED]
    changed = sorted(_changed(old, new, locked)) if locked else []
    comment = f"Пересчёт, редакция {new.revision}: {new.reason}"[:300]
    fields = {"week": new.week, "level": Level.REGION, "word": Word.EXCEPTION, "comment": comment, "said_by": by}
    WeekConfirmation._default_manager.bulk_create(WeekConfirmation(region_id=region, **fields) for region in changed)
    return changed


def _changed(old: Rating, new: Rating, regions: list[int]) -> set[int]:
    """Those of the regions whose schools' counts are not the same in two revisions; two statements."""
    columns = [field.attname for field in SchoolWeek._meta.concrete_fields if field.name not in {"rating", "region"}]
    before, after = (
        SchoolWeek._default_manager.filter(rating=rating, region__in=regions).order_by()
        .values_list("region_id", *columns)
        for rating in (old, new)
    )  # fmt: skip
    differ = (before.difference(after), after.difference(before))
    return {region for rows in differ for region, *_ in rows.iterator()}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before her when she spoke: the number of the week, the fingerprint of the place's own data."""

    week: int
    sha256: str = ""


@transaction.atomic
def say(subject: Subject, *, word: int, comment: str, by: User, seen: Seen | None = None) -> WeekConfirmation:
    """Keep a word about the open week of a place, with the fingerprint of its data now; said twice, it is kept once.

    Raises ConfirmRefused for what cannot be said now, or was said of something else than what stands now (`seen`);
    PermissionError for a person who may not say it.
    """
    comment = tidy(comment)[:300]
    if not may_say(subject, word, by):
        raise PermissionError
    take_turn(subject.region.pk)
    rating = open_rating(ZoneInfo(subject.region.timezone))
    if rating is None:
        raise ConfirmRefused("Неделя ещё не подсчитана: подождите час и попробуйте снова.")
    now = Seen(rating.week, hashes(rating, subject.level, subject.within).get(subject.place.pk, ""))
    held = _held(subject, rating.week)
    if seen is not None:
        _check_seen(word, seen, now)
    _check(word, comment, held, locked=is_locked(now.week, subject.region.pk))
    if held is not None and _says_the_same(held, word, now, by):
        return held
    return _keep(subject, now, word=word, comment=comment, said_by=by)


def take_turn(region_id: int) -> None:
    """Wait for whoever speaks of a week in the region, so that a word and the lock of the region never cross."""
    Region._default_manager.select_for_update(no_key=True).filter(pk=region_id).first()


def _held(subject: Subject, week: int) -> WeekConfirmation | None:
    """The word that holds of a place."""
    return newest(WeekConfirmation._default_manager.filter(**subject.within), week, subject.level).get(subject.place.pk)


def _says_the_same(held: WeekConfirmation, word: int, now: Seen, by: User) -> bool:
    return word == Word.CONFIRMED == held.word and (held.sha256, held.said_by_id) == (now.sha256, by.pk)


def _keep(subject: Subject, now: Seen, **said: Any) -> WeekConfirmation:
    place: Any = subject.place
    return WeekConfirmation._default_manager.create(
        week=now.week,
        level=subject.level,
        region=subject.region,
        municipality_id=getattr(place, "municipality_id", place.pk if subject.level == Level.MUNICIPALITY else None),
        school=place if subject.level == Level.SCHOOL else None,
        sha256=now.sha256,
        **said,
    )


def may_say(subject: Subject, word: int, user: User) -> bool:
    """A place confirms its own, the region locks and opens its own, those above return."""
    if word == Word.RETURNED:
        return any(holds_place(user, level, pk) for level, pk in subject.above)
    if word == Word.CONFIRMED:
        return subject.level != Level.REGION and holds_place(user, subject.level, subject.place.pk)
    return subject.level == Level.REGION and holds_place(user, Level.REGION, subject.place.pk)


def _check_seen(word: int, seen: Seen, now: Seen) -> None:
    if seen.week != now.week:
        raise ConfirmRefused("Пока страница была открыта, срок той недели прошёл. Проверьте эту и ответьте снова.")
    if word in {Word.CONFIRMED, Word.LOCKED} and seen.sha256 != now.sha256:
        raise ConfirmRefused("Пока страница была открыта, данные изменились. Проверьте их и ответьте снова.")


def _check(word: int, comment: str, held: WeekConfirmation | None, *, locked: bool) -> None:
    if word == Word.EXCEPTION and not locked:
        raise ConfirmRefused("Неделя и так открыта: исключение не нужно.")
    if word == Word.LOCKED and locked:
        raise ConfirmRefused("Неделя уже закрыта.")
    if word != Word.EXCEPTION and locked:
        raise ConfirmRefused("Регион закрыл неделю. Если без исправления нельзя, попросите регион открыть исключение.")
    if word in {Word.RETURNED, Word.EXCEPTION} and not comment:
        raise ConfirmRefused("Напишите, почему: без пояснения вернуть или открыть неделю нельзя.")
    if word == Word.RETURNED and (held is None or held.word != Word.CONFIRMED):
        raise ConfirmRefused("Вернуть можно только то, что подтверждено.")
