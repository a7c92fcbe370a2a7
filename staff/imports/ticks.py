"""Telling how far a long walk over rows is (pure)."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Tick = Callable[[int, int], None]  # (done, of how many)
EVERY = 256  # rows between two ticks
T = TypeVar("T")


def unheard(done: int, total: int) -> None:
    """The tick of a walk nobody watches."""


def ticking(rows: Sequence[T], tick: Tick) -> Iterator[T]:
    """Walk over rows, telling `tick` before every 256th how many are done."""
    total = len(rows)
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            tick(number, total)
        yield row
