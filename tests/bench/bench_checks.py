"""The data checks on PostgreSQL: the whole country against its half and against itself unchanged, and a region."""

import os
import resource
import time
from collections.abc import Callable
from statistics import median

from django.db import connection

from reports.checks.running import Place, run_checks
from reports.counting import count_week
from reports.models import CheckCount
from reports.publishing import publish
from schools.models import Pupil, Region
from tests.bench.country import SCHOOLS, Dataset, fill
from tests.bench.lines import line
from tests.bench.week import WEEK

SMALL = 4_000  # schools of --scale small
ROUNDS = 3
PUPILS = 20  # of a class, each with a representative: in the region that is measured by itself


def run() -> list[str]:
    """Measure half the country, then the whole, then a region; return the lines to print."""
    schools = SMALL if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools // 2, weeks=2))
    half = _median(lambda: run_checks(), ROUNDS)
    fill(Dataset(schools // 2 + 1, schools, weeks=2))
    for week in (WEEK.shift(-1), WEEK):
        publish(count_week(week))
    first = _median(lambda: run_checks(), 1, afresh=True)
    whole = _median(lambda: run_checks(), ROUNDS)
    region = Region.objects.get(code="78")
    _fill_classes(region)
    place = _median(lambda: run_checks(region), ROUNDS)
    pupils = Pupil.objects.count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = CheckCount.objects.count()
    return [
        f"checks of {schools} schools, PostgreSQL: first run {first:.1f} s, {found} counts written",
        line(f"checks of {schools} schools, unchanged, against the first run, s", whole, first, 1.0),
        line(f"checks of {schools} schools against {schools // 2}, s", whole, half, 2.6),
        f"checks of a region with {pupils} pupils, asked for by a person (a job): {place:.1f} s",
        line("checks, memory of Python against 150 MB", memory, 150, 1.0),
    ]


def _median(work: Callable[[], object], rounds: int, *, afresh: bool = False) -> float:
    """Seconds of a run; with `afresh` nothing has been found before."""
    times = []
    for _ in range(rounds):
        if afresh:
            CheckCount.objects.all().delete()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def _fill_classes(region: Place) -> None:
    """Put pupils with a representative into every class of a region; names in order, a few things amiss."""
    person = "'Зимин', 'Пётр', 'Ильич', CAST('0' AS boolean)"
    classes = f"schools_schoolclass k JOIN schools_school s ON s.id = k.school_id AND s.region_id = {region.pk}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO schools_pupil (id, school_id, school_class_id, last_name, first_name, patronymic, no_patronymic,
                  name_key, snils, born_on, enrolled_on, external_id, updated_at)
                SELECT k.id * 100 + n.n, k.school_id, k.id, {person}, 'зимин петр ильич ' || (k.id * 100 + n.n), '',
                  DATE '2014-05-05', DATE '2021-09-01', '', TIMESTAMP '2026-09-01 00:00:00'
                FROM {classes} JOIN n ON n.n <= {PUPILS}"""
        )
        cursor.execute(
            f"""INSERT INTO schools_guardian (id, school_id, last_name, first_name, patronymic, no_patronymic, name_key,
                  snils, phone, email, updated_at)
                SELECT id, school_id, {person}, name_key, '', '+79000000000', '', updated_at FROM schools_pupil"""
        )
        cursor.execute(
            """INSERT INTO schools_guardianship (pupil_id, guardian_id, kind, invited_on)
                SELECT id, id, 'mother', CASE WHEN id % 9 > 0 THEN DATE '2026-09-05' END FROM schools_pupil"""
        )
        cursor.execute("VACUUM ANALYZE")
