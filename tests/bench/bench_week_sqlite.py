"""Counting a week of one region on SQLite, 700 schools and 60 000 staff, against hand-written SQL there."""

from tests.bench.country import Dataset, fill
from tests.bench.lines import line
from tests.bench.week import by_turns

ROUNDS = 7


def run() -> list[str]:
    """Measure and return the line to print."""
    fill(Dataset(1, 700, regions=1, people=85))
    product, floor = by_turns(ROUNDS)
    return [line("week of a region of 700 schools, SQLite, s", product, floor, 2.0)]
