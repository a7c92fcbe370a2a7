"""The first texts of orders become rows; rows that are there, changed or not, are left alone."""

from typing import Any

from chats.orders.first_templates import FIRST_TEMPLATES


def add_missing_templates(model: Any) -> None:
    """Add the texts whose key no row has; the model may be that of a migration."""
    rows = model._default_manager
    known = set(rows.values_list("key", flat=True))
    for place, template in enumerate(FIRST_TEMPLATES, start=1):
        if template.key not in known:
            rows.create(
                key=template.key,
                name=template.name,
                purpose=template.purpose,
                level=template.level.value,
                place_in_list=place * 10,
                subject=template.subject,
                text=template.text,
                plans=template.plans,
                acts=list(template.acts),
                to_all=template.to_all,
            )
