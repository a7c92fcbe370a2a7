"""What the library and the list of resources begin with, copied from data files into rows that people then edit.

A copy adds what is not there by its key and touches nothing that is: so a later entry of the data files reaches a
running portal by one more migration that calls `add_missing`, and no edit is ever lost.
"""

from dataclasses import asdict
from typing import Any

from chats.legal_acts.catalogue import ACTS
from chats.models.library import act_search_key
from chats.models.resources import resource_search_key
from chats.useful_links import AUDIENCES, RESOURCES, FirstResource


def add_missing(act_model: Any, resource_model: Any) -> None:
    """Add the acts and resources that are not there yet; the models may be those of a migration."""
    _add_acts(act_model)
    _add_resources(resource_model)


def _add_acts(model: Any) -> None:
    rows = model._default_manager
    known = set(rows.values_list("key", flat=True))
    fresh = [act for act in ACTS if act.key not in known]
    for act in fresh:
        facts = asdict(act)
        del facts["superseded_by"], facts["amends"]
        texts = (act.body, act.body_genitive, act.title, act.passage)
        rows.create(search_key=act_search_key(act.kind, act.number, act.adopted_on, *texts), **facts)
    ids = dict(rows.values_list("key", "id"))
    for act in fresh:
        linked = {"superseded_by_id": ids.get(act.superseded_by), "amends_id": ids.get(act.amends)}
        rows.filter(key=act.key).update(**linked)


def _add_resources(model: Any) -> None:
    rows = model._default_manager
    known = set(rows.exclude(key=None).values_list("key", flat=True))
    taken = set(rows.filter(region=None).values_list("link", flat=True))  # somebody added the same link by hand
    for resource in RESOURCES:
        if resource.key not in known and resource.link not in taken:
            rows.create(**_facts(resource))


def _facts(resource: FirstResource) -> dict[str, Any]:
    facts = asdict(resource)
    meant = facts.pop("audiences")
    facts |= {audience.field: audience.key in meant for audience in AUDIENCES}
    return facts | {"search_key": resource_search_key(resource.title, resource.body, resource.note, resource.link)}
