"""People to be appointed, and what a worker and a mailbox do, for the tests of appointing."""

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import Client

from schools import jobs
from schools.appointing import letters, services
from schools.appointing.people import Order, Person
from schools.models import Appointment, Invitation, InvitationBatch, User

PASSWORD = "берёза-над-рекой-7"
ANNA = Person("Ёлкина", "Анна", "Петровна", "elkina@school.example", "+79000003177")
NAMES = {"last_name": "Ёлкина", "first_name": "Анна", "patronymic": "Петровна"}


def person(number: int = 1, **facts: Any) -> Person:
    """A person like no other."""
    return Person(**{"last_name": "Новая", "first_name": "Ольга", "email": f"new{number}@school.example"} | facts)


def appointed(by: User, place: Any, who: Person = ANNA, **facts: Any) -> Appointment:
    """Somebody appointed by the service."""
    return services.appoint(by=by, place=place, person=who, order=Order("114-ОД"), **facts)


def send_all() -> None:
    """Do what a worker does with every batch that waits."""
    for batch in InvitationBatch.objects.filter(state="queued").order_by("pk"):
        jobs.run(InvitationBatch, batch.pk, letters.perform)


def link_in(body: str) -> str:
    """The path of the link in a letter or on a page."""
    found = re.search(r"/invitations/[\w-]{40,}/", body)
    assert found, body
    return found[0]


def mailed_link() -> str:
    """The path of the link in the latest letter, once it is sent."""
    send_all()
    return link_in(str(mail.outbox[-1].body))


def accepted(link: str, **fields: Any) -> tuple[Client, Any]:
    """Open a link in a fresh browser and make the account."""
    client = Client()
    client.get(link)
    answer = client.post("/invitations/", {**NAMES, "password": PASSWORD, "again": PASSWORD, **fields})
    return client, answer


def last(appointment: Appointment) -> Invitation:
    """The latest invitation to an appointment."""
    return appointment.invitations.order_by("-id")[0]


ClientOf = Callable[[User | None], Client]
