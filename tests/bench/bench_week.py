"""Counting a week of the whole country on PostgreSQL: against hand-written SQL, against half the country, and its memory."""

import os
import resource

from tests.bench.country import SCHOOLS, Dataset, fill
from tests.bench.lines import line
from tests.bench.week import by_turns

SMALL = 4_000  # schools of --scale small
ROUNDS = 3


def run() -> list[str]:
    """Measure half the country, then the whole; return the lines to print."""
    schools = SMALL if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools // 2))
    half, _ = by_turns(ROUNDS)
    fill(Dataset(schools // 2 + 1, schools))
    whole, floor = by_turns(ROUNDS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        line(f"week of {schools} schools, PostgreSQL, s", whole, floor, 1.3),
        line(f"week of {schools} schools against {schools // 2}, s", whole, half, 2.2),
        line("week, memory of Python against 150 MB", memory, 150, 1.0),
    ]
