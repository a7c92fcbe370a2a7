"""Matching an official list with our register: false marriages, schools missed, and the time of a whole country.

Our register is Moscow's list (open data; made up where it is not at hand), with ИНН and КПП made up in a region «01»: they
begin with a zero. The official list is the same one, spoilt by a seed (tests/schools/damage.py) and sent as a file: columns in
another order, zeros at the head of codes lost. ОГРН begins with 1 or 5, so it has none to lose.

What is true of a row:

* of a misspelt one, and of one left as it was: the school it was made of;
* of a renumbered one with codes: the same school, renamed; by its name alone: no school. Nothing then tells № 514А from a
  neighbour of № 514, so marrying it to anybody counts as false, to its former self too: that is for a person to say;
* of a merged school there is no row; whoever marries another row to it is wrong by that row's own truth.

Only what the portal takes for one school, surely or likely, is a marriage; candidates offered for a choice are none.
"""

import csv
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.db import connection

from reports.demo.codes import make_inn, make_kpp
from schools.models import Region, School
from schools.reconciling.lines import Line
from schools.reconciling.plan import make_lines
from schools.register import apply_register
from schools.register.reading import Reading, read_register
from schools.sheets import LIMITS
from tests.bench.country_list import made_up
from tests.bench.lines import at_most, not_below
from tests.schools.damage import Listed, damaged, real_typos
from tests.schools.lists import csv_bytes, table_of

MOSCOW = Path(__file__).parents[3] / "shared/data/schools/moscow-2016.csv"
SEEDS = range(1, 11)
RECALL, SECONDS = 98.0, 60.0  # per cent of schools found; for forty thousand rows against forty thousand schools
MOST_ROWS, FIRST_ROW = LIMITS.max_rows - 1, 2  # of a file, under its header
CODES = ("inn", "kpp", "ogrn")


def run() -> list[str]:
    """Hold damaged lists against a city, then a country against a country; return the lines to print."""
    schools = moscow() if MOSCOW.exists() else list(made_up(626, 10))
    source = "Moscow's list" if MOSCOW.exists() else "made up, for ../shared is absent"
    region = Region.objects.get(code="77")
    ours = registered(region, schools)
    lines = [f"register: {len(ours)} of {len(schools)} schools, {source}; seeds {SEEDS[0]}–{SEEDS[-1]}"]
    lines += [line for codes in (True, False) for line in city(region, ours, schools, codes=codes)]
    count = 4_000 if os.environ.get("BENCH_SCALE") == "small" else 40_000
    schools, region = list(made_up(count, count * 23 // 400)), Region.objects.get(code="78")
    ours = registered(region, schools)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return lines + [line for codes in (True, False) for line in country(region, ours, schools, codes=codes)]


def moscow() -> list[Listed]:
    """Moscow's list: names, okrugs and ОГРН are its own."""
    with MOSCOW.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [
        Listed(
            number,
            row["EDU_NAME"],
            row["AdmArea"],
            {
                "inn": make_inn("01", 90_000 + number),
                "kpp": make_kpp("01"),
                "ogrn": row["OGRN"],
            },  # 90 000: beyond those of the country
        )
        for number, row in enumerate(rows, start=1)
    ]


# The two lists


def as_file(listed: Sequence[Listed], *, dice: random.Random | None = None, codes: bool = True) -> bytes:
    """A list as a CSV; with dice its columns are shuffled and its codes have lost their zeros."""
    keys = ["full_name", "municipality", *(CODES if codes else ())]
    if dice:
        dice.shuffle(keys)
    rows = [
        {"full_name": one.name, "municipality": one.territory}
        | {key: code.lstrip("0") if dice else code for key, code in one.codes.items()}
        for one in listed
    ]
    return csv_bytes(table_of(rows, keys))


def parts(listed: Sequence[Listed]) -> list[Sequence[Listed]]:
    """A list as files may hold it: a country takes several files."""
    return [listed[start : start + MOST_ROWS] for start in range(0, len(listed), MOST_ROWS)]


def registered(region: Region, schools: Sequence[Listed]) -> dict[int, int]:
    """Take schools into a region's register; return its key → which school it is."""
    for part in parts(schools):
        apply_register(region, as_file(part), shown_name="bench.csv", by=None)
    truths = {one.codes["ogrn"]: one.truth for one in schools}
    keys = School.objects.filter(region=region).values_list("pk", "ogrn")
    return {pk: truth for pk, ogrn in keys if (truth := truths[ogrn]) is not None}


# What came of it


def told(name: str, found: Counter[str]) -> list[str]:
    """The lines of a way of matching."""
    right, wanted = found["right"], found["wanted"]
    married = right + found["false"]
    missed = (
        ", ".join(f"{key} {count}" for key, count in sorted(found.items()) if key.startswith("missed")) or "none missed"
    )
    return [
        f"{name}: precision {right} / {married} = {100 * right / max(married, 1):.2f} %; {missed}",
        at_most(f"{name}, false marriages", found["false"], 0),
        not_below(f"{name}, recall {right} / {wanted}, %", 100 * right / wanted, RECALL),
    ]


def sent(schools: Sequence[Listed], seed: int, *, codes: bool) -> tuple[list[Listed], Reading]:
    """A list spoilt by a seed, each row with its truth, and what the portal reads in its file."""
    spoilt = damaged(schools, seed, typos=real_typos())
    listed = [one if codes or one.was != "renumbered" else replace(one, truth=None) for one in spoilt]
    readings = [read_register(as_file(part, dice=random.Random(seed), codes=codes)) for part in parts(listed)]
    whole = replace(readings[0], records=[record for reading in readings for record in reading.records])
    for row, record in enumerate(whole.records, start=FIRST_ROW):
        record.row = row
    return listed, whole


def judged(listed: Sequence[Listed], lines: Iterable[Line], ours: Mapping[int, int]) -> Counter[str]:
    """Rows married rightly, rows married falsely, rows that have a school, and those missed by what was done to them."""
    married = {line.row - FIRST_ROW: ours[line.school] for line in lines if line.row and line.school}
    known = set(ours.values())
    wanted = {place: one for place, one in enumerate(listed) if one.truth in known}
    right = {place for place, truth in married.items() if truth == listed[place].truth}
    missed = Counter(f"missed {one.was or 'untouched'}" for place, one in wanted.items() if place not in right)
    return missed + Counter({"right": len(right), "false": len(married) - len(right), "wanted": len(wanted)})


def city(region: Region, ours: Mapping[int, int], schools: Sequence[Listed], *, codes: bool) -> list[str]:
    """A city held against its lists spoilt by every seed."""
    found: Counter[str] = Counter()
    for seed in SEEDS:
        listed, reading = sent(schools, seed, codes=codes)
        found += judged(listed, make_lines(region, reading)[0], ours)
    return told("codes kept" if codes else "names alone", found)


def country(region: Region, ours: Mapping[int, int], schools: Sequence[Listed], *, codes: bool) -> list[str]:
    """A country held against its spoilt list: seconds from the rows read to the lines, and what came of it."""
    listed, reading = sent(schools, 1, codes=codes)
    begun = time.perf_counter()
    lines, _ = make_lines(region, reading)
    seconds = time.perf_counter() - begun
    name = f"made-up country, {'codes kept' if codes else 'names alone'}"
    size = f"{len(reading.records)} rows against {len(ours)} schools"
    return [at_most(f"{name}, {size}, s", seconds, SECONDS), *told(name, judged(listed, lines, ours))]
