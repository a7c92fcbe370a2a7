"""The cast whose school has people."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from tests.chats.orders.office import furnish
from tests.conftest import Cast

NOW = datetime.datetime(2026, 9, 10, 9, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(clock: time_machine.Traveller, cast: Cast) -> Cast:
    """The cast on that morning, with people in Света's school."""
    furnish(cast.school)
    return cast
