"""The words under finished steps: orders and days, of the place itself, and nobody's name."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from reports.reading.proofs import proofs_of
from reports.steps.counting import steps_of
from schools.models import Appointment, School
from schools.scope import Level
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def dated(cast: Cast) -> Iterator[Cast]:
    """The cast with orders, days, and a second administrator who came later."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        orders = {cast.nina: ("12", datetime.date(2026, 9, 1)), cast.marat: ("", None), cast.sveta: ("114-ОД", None)}
        for user, (number, day) in orders.items():
            Appointment.objects.filter(user=user).update(
                order_number=number, order_on=day, starts_on=datetime.date(2026, 9, 15)
            )
        later = {"order_number": "200", "starts_on": datetime.date(2026, 11, 1)}
        Appointment.objects.create(user=cast.stranger, level=Level.SCHOOL, school=cast.school, **later)
        Appointment.objects.create(user=cast.stranger, level=Level.SCHOOL, school=cast.sibling, **later)
        School.objects.filter(pk=cast.school.pk).update(reconciled_on=datetime.date(2026, 9, 18))
        cast.school.refresh_from_db()
        yield cast


def test_orders_and_days_of_the_place_itself(dated: Cast) -> None:
    assert proofs_of(dated.school) == {
        1: "Приказ № 12 от 1\u00a0сентября",
        2: "Сверена с реестром 18\u00a0сентября",
        3: "С 15\u00a0сентября",
        4: "Приказ № 114-ОД",
        6: "У каждого есть классный руководитель",
    }


def test_page_shows_them_under_finished_steps_only(dated: Cast, client_of: ClientOf) -> None:
    client = client_of(dated.sveta)
    page = client.get(f"/schools/{dated.school.pk}/").content.decode()
    states = {row.number: row.get_state_display() for row in steps_of(dated.school)}
    other = client_of(dated.marat).get(f"/schools/{dated.sibling.pk}/").content.decode()

    assert (states[2], states[4], states[6]) == ("выполнен", "выполнен", "не начат")
    assert "Сверена с реестром 18" in page
    assert "Приказ № 114-ОД" in page
    assert "У каждого есть классный руководитель" not in page
    assert "Приказ № 200" not in other  # appointed, but has not come in
