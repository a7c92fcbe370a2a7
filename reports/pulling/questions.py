"""What of a rating is asked for: filters, order, and where a page begins; rows within the rule of sight."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Collate

from reports.indicators import Indicator
from reports.models import Rating, RatingPlace, RatingRow
from reports.weeks import IsoWeek
from schools import codes
from schools.scope import Level

UNRANKED = 2**31 - 1  # sorts places without a number behind those with one
MILLION = 1_000_000
ORDERS = ("rank", "share", "numerator", "denominator", "schools", "missing", "name")
_COLUMNS = {"rank": "rank", "numerator": "part", "denominator": "whole", "schools": "schools", "missing": "missing"}


class StaleCursor(ValueError):
    """The draft a page came from has been counted anew."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, and in which revision."""

    revision: int
    stamp: str
    values: tuple[Any, ...]

    def text(self) -> str:
        """The cursor as an address carries it."""
        packed = orjson.dumps([self.revision, self.stamp, *self.values])
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read a cursor; raises ValueError for a text that is none."""
        try:
            packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
            revision, stamp, *values = orjson.loads(packed)
        except (binascii.Error, ValueError, TypeError) as error:
            raise ValueError(text) from error
        whole = isinstance(revision, int) and 0 < revision < 2**15 and isinstance(stamp, str)
        if not whole or not all(_is_key(value) for value in values):
            raise ValueError(text)
        return cls(revision, stamp, tuple(values))


def _is_key(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    return isinstance(value, int) and not isinstance(value, bool) and -(2**62) < value < 2**62


@dataclass(frozen=True, slots=True)
class Question:
    """A rating asked for, with its defaults filled in."""

    rating: Rating
    level: Level
    indicators: tuple[Indicator, ...]
    region: str | None = None
    municipality: int | None = None
    state: str | None = None
    words: str = ""
    rank_from: int | None = None
    rank_to: int | None = None
    ordering: str = ""
    fields: str = ""
    pinned: bool = False  # the address names the revision

    @property
    def week(self) -> IsoWeek:
        """The week."""
        return self.rating.iso_week

    @property
    def stamp(self) -> str:
        """What tells one count of a revision from another."""
        facts = (self.rating.pk, self.rating.counted_at.timestamp(), self.rating.sha256)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]

    @property
    def narrowed(self) -> bool:
        """Whether less is asked for than all rows of a level, in the country or a region, as they are listed."""
        narrow = (self.municipality, self.state, self.rank_from, self.rank_to)
        return bool(self.words or self.ordering or self.fields) or any(value is not None for value in narrow)

    def rows(self, user: Any) -> "QuerySet[RatingRow]":
        """The rows asked for that the person may see, with the keys of their order."""
        visible: QuerySet[RatingRow] = RatingRow.objects.visible_to(user)
        found = visible.filter(self._picked(), level=self.level)
        if self.region is not None:
            found = found.filter(region__code=self.region)
        if self.municipality is not None:
            found = found.filter(municipality=self.municipality)
        if self.state is not None:
            found = found.filter(in_state(self.state, self.indicators))
        if self.rank_from is not None:
            found = found.filter(rank__gte=self.rank_from)
        if self.rank_to is not None:
            found = found.filter(rank__lte=self.rank_to)
        if self.words:
            found = found.filter(place_id__in=_called(self.rating, self.level, self.words))
        return self._keyed(found)

    def _picked(self) -> Q:
        numbers = [each.number for each in self.indicators]
        alone = Q(indicator=numbers[0]) if len(numbers) == 1 else Q(indicator__in=numbers)
        return Q(rating=self.rating.pk) & alone

    def totals(self, user: Any) -> "QuerySet[RatingRow]":
        """The rows of the place the rating is built within: the municipality, the region or the country."""
        visible: QuerySet[RatingRow] = RatingRow.objects.visible_to(user)
        found = visible.filter(self._picked()).order_by("indicator")
        if self.municipality is not None and self.level > Level.MUNICIPALITY:
            return found.filter(level=Level.MUNICIPALITY, place_id=self.municipality)
        if self.region is not None and self.level > Level.REGION:
            return found.filter(level=Level.REGION, region__code=self.region)
        return found.filter(level=Level.COUNTRY) if self.level > Level.COUNTRY else found.none()

    # Order

    @property
    def keys(self) -> list[tuple[str, bool]]:
        """Columns the rows go by, and whether each goes down; rows without a number are last either way."""
        keys = [] if len(self.indicators) == 1 else [("indicator", False)]
        if self.ordering:
            keys.append(("order_key", self.ordering.startswith("-")))
        else:
            keys += [("region_id", False)] if self.level > Level.REGION else []
            keys.append(("order_key", False))
        return [*keys, ("place_id", False)]

    def _keyed(self, found: "QuerySet[RatingRow]") -> "QuerySet[RatingRow]":
        name = self.ordering.removeprefix("-") or "rank"
        return found.annotate(order_key=self._order_key(name)).order_by(
            *(f"-{key}" if down else key for key, down in self.keys)
        )

    def _order_key(self, name: str) -> Expression:
        if name == "name":
            names = RatingPlace.objects.filter(rating=self.rating.pk, level=self.level, place_id=OuterRef("place_id"))
            plain = "C" if connection.vendor == "postgresql" else "BINARY"  # the same order on both engines
            return Collate(Coalesce(Subquery(names.values("name")[:1]), Value(""), output_field=TextField()), plain)
        last = Value(-1 if self.ordering.startswith("-") else UNRANKED)
        value = share_in_millionths(self.indicators) if name == "share" else F(_COLUMNS[name])
        return Coalesce(value, last, output_field=BigIntegerField())

    def after(self, found: "QuerySet[RatingRow]", cursor: Cursor) -> "QuerySet[RatingRow]":
        """Rows behind the cursor; raises ValueError for a cursor of another order, StaleCursor for another count."""
        if len(cursor.values) != len(self.keys) or cursor.revision != self.rating.revision:
            raise ValueError(cursor)
        if cursor.stamp != self.stamp:
            raise StaleCursor
        return found.filter(_behind(self.keys, cursor.values, self.ordering.removeprefix("-") == "name"))


def _behind(keys: Sequence[tuple[str, bool]], values: Sequence[Any], by_name: bool) -> Q:
    rule, same = Q(), Q()
    for (name, down), value in zip(keys, values, strict=True):
        if isinstance(value, str) != (by_name and name == "order_key"):
            raise ValueError(value)
        rule |= same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        same &= Q(**{name: value})
    first, down = keys[0]
    return Q(**{f"{first}__{'lte' if down else 'gte'}": values[0]}) & rule  # a bound an index can use


def small_rows(indicators: Sequence[Indicator]) -> Q:
    """Rows of so few people that they have neither share nor place."""
    of_people = [each.number for each in indicators if each.counts_people]
    return Q(indicator__in=of_people, whole__gt=0, whole__lt=settings.SMALL_NUMBER)


def in_state(state: str, indicators: Sequence[Indicator]) -> Q:
    """Rows in a state, as `rating_list.state_of` names it."""
    small, measured = small_rows(indicators), Q(part__isnull=False, whole__gt=0)
    return {
        "no_data": Q(part=None) | Q(whole=None),
        "not_applicable": Q(part__isnull=False, whole=0),
        "small": measured & small,
        "over_100": measured & ~small & Q(part__gt=F("whole")),
        "ok": measured & ~small & Q(part__lte=F("whole")),
    }[state]


def share_in_millionths(indicators: Sequence[Indicator]) -> Expression:
    """The share as `rating_list.millionths` counts it; NULL where it is not shown."""
    part, whole = Cast("part", BigIntegerField()), Cast("whole", BigIntegerField())
    rounded = (part * Value(2 * MILLION) + whole) / (whole * Value(2))
    shown = Q(part__isnull=False, whole__gt=0) & ~small_rows(indicators)
    return Case(When(shown, then=rounded), default=None, output_field=BigIntegerField())


def _called(rating: Rating, level: Level, text: str) -> "QuerySet[RatingPlace, int]":
    """Places whose name in this revision holds every word, or whose code begins with it; ё and е alike, in any case."""
    found = RatingPlace.objects.filter(rating=rating.pk, level=level)
    for word in codes.search_words(text):
        found = found.filter(Q(name__regex=_pattern(word)) | Q(code__istartswith=word))
    return found.values_list("place_id", flat=True)


def _pattern(word: str) -> str:
    """A regular expression that needs no locale: «её» is [еЕёЁ][еЕёЁ]."""
    return "".join(map(_sign, word))


def _sign(sign: str) -> str:
    if sign in "её":
        return "[еЕёЁ]"
    return f"[{sign}{sign.upper()}]" if sign.isalpha() else sign if sign.isdigit() else f"\\{sign}"
