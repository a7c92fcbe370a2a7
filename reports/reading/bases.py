"""Which acts a page rests on, and what of the portal rests on an act: both from the bases that data files name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chats.legal_acts.kinds import ActState
from chats.models import LegalAct
from chats.use_cases import USE_CASES
from reports.checks.catalogue import CHECKS
from reports.indicators import INDICATORS
from schools.bases import Basis
from schools.platforms import CHANNELS, PLATFORMS
from schools.scope import AnyUser
from schools.steps import STEPS


@dataclass(frozen=True, slots=True)
class BasisLine:
    """An act something rests on, as its page shows it: «Распоряжение … № Р-210», «показатель 10», the state."""

    heading: str
    title: str
    point: str
    url: str
    state: ActState


def acts_of(user: AnyUser, bases: Iterable[Basis]) -> dict[str, LegalAct]:
    """The acts that bases name, by key, among those the person sees; one query for any number of bases."""
    keys = {basis.act for basis in bases}
    return {act.key: act for act in LegalAct.objects.visible_to(user).filter(key__in=keys)}


def lines_of(bases: Iterable[Basis], acts: dict[str, LegalAct]) -> list[BasisLine]:
    """Bases as lines of a page; one whose act the reader does not see is left out."""
    return [
        BasisLine(act.heading, act.title, basis.point, act.get_absolute_url(), act.state_facts)
        for basis in bases
        if (act := acts.get(basis.act)) is not None
    ]


# What rests on an act


@dataclass(frozen=True, slots=True)
class Resting:
    """A thing of the portal that rests on an act, and its page if it has one."""

    name: str
    point: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RestingGroup:
    """Things of one kind."""

    title: str
    lines: list[Resting]


def _platforms() -> list[tuple[Any, str]]:
    return [(each, "") for each in (*PLATFORMS, *CHANNELS)]


def _groups() -> list[tuple[str, list[tuple[Any, str]]]]:
    """Everything that names bases: heading, and (thing, its address)."""
    return [
        ("Показатели", [(each, reverse("indicator", args=[each.key])) for each in INDICATORS]),
        ("Этапы", [(each, reverse("steps")) for each in STEPS]),
        ("Проверки данных", [(each, reverse("check", args=[each.key])) for each in CHECKS]),
        ("Кейсы чатов", [(each, "") for each in USE_CASES]),
        ("Площадки и каналы", _platforms()),
    ]


def all_bases() -> list[Basis]:
    """Every basis any data file of the portal names."""
    return [basis for _, things in _groups() for thing, _ in things for basis in thing.bases]


def resting_on(key: str, *, opens: bool) -> list[RestingGroup]:
    """What rests on an act, by kind; `opens` is whether the reader has pages of places to be led to."""
    found = []
    for title, things in _groups():
        lines = [
            Resting(getattr(thing, "short_name", thing.name), basis.point, url if opens else "")
            for thing, url in things
            for basis in thing.bases
            if basis.act == key
        ]
        if lines:
            found.append(RestingGroup(title, lines))
    return found
