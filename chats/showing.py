"""What the pages of the library and of resources show: counts by state, kinds there are, links by their kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count

from chats import useful_links
from chats.legal_acts.kinds import KIND_BY_KEY, KINDS, STATES
from chats.models import Resource
from chats.models.library import LegalActQuerySet
from chats.useful_links import KIND_BY_KEY as RESOURCE_KIND_BY_KEY
from schools.texts import number

Choices = list[tuple[str, str]]
ACT_STATES: Choices = [("любое", ""), *((state.name, state.key) for state in STATES)]
RESOURCE_KINDS: Choices = [("все", ""), *((kind.name, kind.key) for kind in useful_links.KINDS)]
AUDIENCES: Choices = [("кому угодно", ""), *((each.name, each.key) for each in useful_links.AUDIENCES)]


def state_counts(found: LegalActQuerySet, params: Mapping[str, str]) -> list[dict[str, str]]:
    """How many acts are in each state there is, with the address that shows them; one query."""
    counted = dict(found.order_by().values_list("state").annotate(Count("pk")))
    kept = {name: params[name] for name in ("q", "kind") if params.get(name)}
    return [
        {
            "number_text": number(counted[state.key]),
            "glyph": state.glyph,
            "label": state.name,
            "tone": "bad" if state.is_over else "",
            "url": f"?{urlencode({**kept, 'state': state.key})}",
        }
        for state in STATES
        if state.key in counted
    ]


def kinds_of(acts: LegalActQuerySet) -> Choices:
    """Kinds of which there are any acts, for the filter."""
    there = set(acts.order_by().values_list("kind", flat=True).distinct())
    return [("все", ""), *((KIND_BY_KEY[kind.key].title, kind.key) for kind in KINDS if kind.key in there)]


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A link of the list with what stands under it, and whether the reader may change it."""

    resource: Resource
    facts: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """Links of one kind."""

    title: str
    lines: list[ResourceLine]


def resource_groups(resources: list[Resource], editable: set[int]) -> list[ResourceGroup]:
    """Links of one page under the headings of their kinds; they come ordered by kind."""
    return [
        ResourceGroup(
            RESOURCE_KIND_BY_KEY[kind].many,
            [ResourceLine(resource, facts_of(resource), resource.pk in editable) for resource in group],
        )
        for kind, group in groupby(resources, key=lambda resource: resource.kind)
    ]


def facts_of(resource: Resource) -> str:
    """«Сферум · педагогам, администраторам школ · ссылку открывали 05.09.2026»."""
    checked = resource.checked_on
    told = f"ссылку открывали {checked:%d.%m.%Y}" if checked else "ссылку ещё не проверяли"
    parts = (resource.body, ", ".join(resource.audiences), told)
    return " · ".join(part for part in parts if part)
