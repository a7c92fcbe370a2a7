"""A Thursday in the school year, and Света's school with people and classes."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from tests.chats.school import Made, make
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """26 November 2026."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def made(cast: Cast) -> Made:
    """The school: 1А (Биологова), 6Б (Физикова)."""
    return make(cast.school)
