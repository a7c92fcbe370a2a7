"""The rule of sight: who sees and who may change what. Every door starts from `visible_to` or `editable_by`."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone

AnyUser = AbstractBaseUser | AnonymousUser


class Level(models.IntegerChoices):
    """The four levels of the hierarchy, from the top down."""

    COUNTRY = 1, "страна"
    REGION = 2, "регион"
    MUNICIPALITY = 3, "муниципалитет"
    SCHOOL = 4, "школа"


ALL_LEVELS = frozenset(Level)
BELOW_COUNTRY = frozenset({Level.REGION, Level.MUNICIPALITY, Level.SCHOOL})
SCHOOL_ONLY = frozenset({Level.SCHOOL})
NOBODY: frozenset[Level] = frozenset()


@dataclass(frozen=True, slots=True)
class Paths:
    """How a model's rows reach their places, and which levels of appointment see and change them.

    A path is an ORM look-up that ends in a place's id; several paths are joined by «or»; none means that the model has
    no such place and that level sees nothing.
    """

    region: str | tuple[str, ...] = ()
    municipality: str | tuple[str, ...] = ()
    school: str | tuple[str, ...] = ()
    seen_from: frozenset[Level] = ALL_LEVELS
    changed_from: frozenset[Level] = NOBODY


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person's appointments of today open: ids of places by level."""

    everything: bool = False
    country: bool = False
    region_ids: frozenset[int] = field(default_factory=frozenset)
    municipality_ids: frozenset[int] = field(default_factory=frozenset)
    school_ids: frozenset[int] = field(default_factory=frozenset)
    covered: "Covered | None" = None

    @property
    def level(self) -> Level | None:
        """The highest level held, or None without any appointment."""
        if self.everything or self.country:
            return Level.COUNTRY
        return next((level for level in sorted(BELOW_COUNTRY) if self.ids_at(level)), None)

    def ids_at(self, level: Level) -> frozenset[int]:
        """Places of a level whose figures are open: those held, and the one a token is limited to."""
        held = {Level.REGION: self.region_ids, Level.MUNICIPALITY: self.municipality_ids, Level.SCHOOL: self.school_ids}
        covered = {self.covered.place_id} if self.covered and self.covered.level == level else frozenset()
        return held[level] | covered

    @property
    def sees_people(self) -> bool:
        """Whether anything below the country is held: its observer sees figures and no people."""
        held = self.everything or self.region_ids or self.municipality_ids or self.school_ids
        return bool(held or (self.covered and self.covered.held_at & BELOW_COUNTRY))

    def covers_from_above(self, school: Any) -> bool:
        """Whether an appointment above schools covers this school, whatever is held elsewhere."""
        in_region = school.region_id in self.region_ids or school.pk in self.schools_from_above
        return self.everything or in_region or school.municipality_id in self.municipality_ids

    @property
    def schools_from_above(self) -> frozenset[int]:
        """The school a token is limited to, where its owner holds it by the region or the municipality it is in."""
        covered = self.covered
        if covered is None or covered.level != Level.SCHOOL or not covered.held_at & BELOW_COUNTRY:
            return frozenset()
        return frozenset({covered.place_id})


@dataclass(frozen=True, slots=True)
class Covered:
    """The one place a token is limited to, held only by appointments above it: it opens what they open, no more.

    So a region's coordinator with a token for one school sees of it what a region sees, and not its families.
    """

    level: Level
    place_id: int
    held_at: frozenset[Level]


NOTHING = Sight()


def sight_of(user: AnyUser) -> Sight:
    """Return the sight of a user, read once per user object; superusers see everything, inactive people nothing."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    limit: Limit | None = user.__dict__.get("_limit")
    if limit is None and getattr(user, "is_superuser", False):
        return Sight(everything=True, country=True)
    cached: Sight | None = user.__dict__.get("_sight")
    if cached is None:
        cached = _sight_from(held_by(user)) if limit is None else _sight_within(limit, user)
        user.__dict__["_sight"] = cached
    return cached


@dataclass(frozen=True, slots=True)
class Limit:
    """A place and the places it is in: a region, a municipality with its region, a school with both."""

    level: Level
    region_id: int
    municipality_id: int | None = None
    school_id: int | None = None

    def id_at(self, level: int) -> int | None:
        """The place's own id, or that of the place around it."""
        return (self.region_id, self.municipality_id, self.school_id)[level - 2]


def limit_to(user: AbstractBaseUser, limit: Limit) -> None:
    """Let this user object see nothing outside a place: sight of a token is its owner's ∩ its own."""
    user.__dict__["_limit"] = limit
    user.__dict__.pop("_sight", None)


class Held(NamedTuple):
    """An appointment of today: its level, and the one place it is to with what that is called."""

    level: int
    region_id: int | None
    region_code: str | None
    region: str | None
    municipality_id: int | None
    municipality: str | None
    school_id: int | None
    school: str | None


_HELD = (
    "level",
    "region_id",
    "region__code",
    "region__name",
    "municipality_id",
    "municipality__name",
    "school_id",
    "school__short_name",
)


def held_by(user: AbstractBaseUser) -> tuple[Held, ...]:
    """What a person is appointed to today, the highest level first: one query, asked once per user object."""
    held: tuple[Held, ...] | None = user.__dict__.get("_held")
    if held is None:
        rows = user.appointments.active().order_by("level", "id").values_list(*_HELD)  # type: ignore[attr-defined]
        held = user.__dict__["_held"] = tuple(Held(*row) for row in rows)
    return held


class _JSONRows(models.Aggregate):
    """All values of a group as one JSON list."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        """The same in SQLite's word."""
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **kwargs)


def held_with(user_id: str, appointments: "DatedQuerySet[Any]") -> models.Subquery:
    """An annotation that brings what a person is appointed to today along with another row; `user_id` is its column.

    `remember_held` puts what came with it where `held_by` looks, which saves the query.
    """
    facts = JSONObject(id="id", **{name: name for name in _HELD})
    mine = appointments.active().filter(user=models.OuterRef(user_id)).order_by().values("user")
    return models.Subquery(mine.values(held=_JSONRows(facts)))


def remember_held(user: AbstractBaseUser, rows: Iterable[dict[str, Any]] | None) -> None:
    """Take what `held_with` brought for what `held_by` would have read."""
    ordered = sorted(rows or (), key=lambda row: (row["level"], row["id"]))
    user.__dict__["_held"] = tuple(Held(*(row[name] for name in _HELD)) for row in ordered)


def _sight_from(appointments: Iterable[Held]) -> Sight:
    places: dict[int, set[int]] = {level: set() for level in Level}
    country = False
    for held in appointments:
        country = country or held.level == Level.COUNTRY
        place = held.region_id or held.municipality_id or held.school_id
        if place:
            places[held.level].add(place)
    return Sight(
        country=country,
        region_ids=frozenset(places[Level.REGION]),
        municipality_ids=frozenset(places[Level.MUNICIPALITY]),
        school_ids=frozenset(places[Level.SCHOOL]),
    )


_CHAIN = ("level", "region_id", "municipality_id", "school_id")
_AROUND = ("municipality__region_id", "school__region_id", "school__municipality_id")


def _sight_within(limit: Limit, user: Any) -> Sight:
    """What a person's appointments of today open inside one place."""
    own = limit.id_at(limit.level)
    places: dict[int, set[int]] = {level: set() for level in Level}
    if user.is_superuser:
        places[limit.level].add(own)  # type: ignore[arg-type]
    above = set()
    for level, region, town, school, town_region, school_region, school_town in user.appointments.active().values_list(
        *_CHAIN, *_AROUND
    ):
        held = (region or town_region or school_region, town or school_town, school)
        if level > limit.level and held[limit.level - 2] == own:
            places[level].add(held[level - 2])
        elif level == Level.COUNTRY or (level <= limit.level and held[level - 2] == limit.id_at(level)):
            above.add(Level(level))
    return _covering(limit, above, places)


def _covering(limit: Limit, above: set[Level], places: dict[int, set[int]]) -> Sight:
    """A place held from above is as good as held, but a region is no school, and a country is no region."""
    as_held = {limit.level} if limit.level == Level.SCHOOL else {Level.REGION, Level.MUNICIPALITY}
    own: Any = limit.id_at(limit.level)
    if above & as_held:
        places[limit.level].add(own)
    rest = frozenset(above - as_held)
    return Sight(
        region_ids=frozenset(places[Level.REGION]),
        municipality_ids=frozenset(places[Level.MUNICIPALITY]),
        school_ids=frozenset(places[Level.SCHOOL]),
        covered=Covered(limit.level, own, rest) if rest else None,
    )


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that knows the rule of sight; its model declares `sight = Paths(...)`."""

    def visible_to(self, user: AnyUser) -> Self:
        """Rows this person may see; nothing by default."""
        paths: Paths = self.model.sight  # type: ignore[attr-defined]
        return self._within(sight_of(user), paths, paths.seen_from)

    def editable_by(self, user: AnyUser) -> Self:
        """Rows this person may change; country observers change nothing."""
        paths: Paths = self.model.sight  # type: ignore[attr-defined]
        return self._within(sight_of(user), paths, paths.changed_from - {Level.COUNTRY})

    def _within(self, sight: Sight, paths: Paths, levels: frozenset[Level]) -> Self:
        if sight.everything or (sight.country and Level.COUNTRY in levels):
            return self.all()
        rule = places_of(sight, paths, levels)
        return self.filter(rule) if rule else self.none()


def places_of(sight: Sight, paths: Paths, levels: frozenset[Level]) -> models.Q:
    """The condition that a row lies in a place held at one of the levels below the country; empty if none is held."""
    places = (
        (Level.REGION, paths.region, sight.region_ids),
        (Level.MUNICIPALITY, paths.municipality, sight.municipality_ids),
        (Level.SCHOOL, paths.school, sight.school_ids),
    )
    rule = models.Q()
    covered = sight.covered
    for level, paths_to_place, held in places:
        ids = held if level in levels else frozenset()
        if covered is not None and covered.level == level and covered.held_at & levels:
            ids |= {covered.place_id}
        if ids:
            for path in (paths_to_place,) if isinstance(paths_to_place, str) else paths_to_place:
                rule |= models.Q(**{f"{path}__in": ids})
    return rule


def seen_rows(model: type[models.Model], user: AnyUser) -> "models.QuerySet[Any]":
    """Rows of any model a person may see; those of a model without a rule of sight are for superusers."""
    return _sighted(model, user, "visible_to")


def editable_rows(model: type[models.Model], user: AnyUser) -> "models.QuerySet[Any]":
    """Rows of any model a person may change; those of a model without a rule of sight are for superusers."""
    return _sighted(model, user, "editable_by")


def _sighted(model: type[models.Model], user: AnyUser, rule: str) -> "models.QuerySet[Any]":
    rows: Any = model._default_manager.all()
    if hasattr(rows, rule):
        return getattr(rows, rule)(user)
    return rows if sight_of(user).everything else rows.none()


class Dated(models.Model):
    """A fact that holds from a day to a day (both included; an empty end means it still holds)."""

    starts_on = models.DateField("начало", default=timezone.localdate)
    ends_on = models.DateField("окончание", null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: datetime.date) -> bool:
        """Tell whether the fact holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DatedQuerySet(ScopedQuerySet[M]):
    """A scoped queryset of dated facts."""

    def active(self, on: datetime.date | None = None) -> Self:
        """Facts that hold on a day, today by default."""
        day = on or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day))


class Scoped(models.Model):
    """Base of every model with a rule of sight."""

    sight: ClassVar[Paths]
    objects: Any

    class Meta:
        abstract = True
