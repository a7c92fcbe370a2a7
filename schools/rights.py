"""What coordinators may do in the admin, as data, and the group of Django's rights that is made of it.

Rights open the pages; which rows stand there, and which of them may be changed, is the rule of sight's (scope.py).
Nobody deletes: what is no more gets a date.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

COORDINATORS = "Координаторы"
VIEW, CHANGE, ADD = "view", "change", "add"


@dataclass(frozen=True, slots=True)
class Right:
    """Verbs for a model; lists are exchanged as tables by those who may add and change."""

    app: str
    model: str
    verbs: tuple[str, ...]


_KEPT = (VIEW, CHANGE, ADD)
RIGHTS = (
    Right("schools", "region", (VIEW,)),
    Right("schools", "municipality", _KEPT),
    Right("schools", "school", _KEPT),
    Right("schools", "schoolregistration", _KEPT),
    Right("schools", "schoolclass", _KEPT),
    Right("schools", "succession", _KEPT),
    Right("schools", "registerimport", (VIEW,)),
    Right("schools", "appointment", (VIEW, CHANGE)),  # new ones: /appointments/
    Right("staff", "staffmember", _KEPT),
    Right("staff", "staffaccount", (VIEW, CHANGE)),
    Right("staff", "classteacher", _KEPT),
    Right("staff", "staffimport", (VIEW,)),
    Right("chats", "chat", _KEPT),
    Right("chats", "legalact", (VIEW,)),
    Right("chats", "resource", _KEPT),
    Right("reports", "activityload", (VIEW, ADD)),
    Right("reports", "holiday", _KEPT),
    Right("reports", "target", _KEPT),
)


def coordinators_group() -> Group:
    """Make the group, or bring it up to RIGHTS; `migrate` does so after every release."""
    group, _ = Group.objects.get_or_create(name=COORDINATORS)
    wanted = Q(pk__in=[])
    for right in RIGHTS:
        names = [f"{verb}_{right.model}" for verb in right.verbs]
        wanted |= Q(content_type__app_label=right.app, codename__in=names)
    group.permissions.set(Permission.objects.filter(wanted))
    return group
