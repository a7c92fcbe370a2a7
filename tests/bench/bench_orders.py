"""Orders: CPU seconds of one document of each text as DOCX and PDF, and the job that prepares them for 700 schools."""

import os
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from chats.models import OrderBatch, OrderTemplate
from chats.orders import batches, drafting
from chats.orders.docx import docx_of
from chats.orders.issuing import level_of, paper_of
from chats.orders.paper import Paper
from chats.orders.pdf import pdf_of
from schools import jobs
from schools.models import Municipality, Region, School, User
from tests.bench.country import Dataset, fill
from tests.bench.lines import at_most

SCHOOLS, ROUNDS = 700, 7
DOCX, PDF, MEGABYTES = 0.3, 2.0, 150  # CPU seconds of one document; by how much the job makes its process grow


def run() -> list[str]:
    """Draw every text, then prepare one for every school of a region; return the lines to print."""
    schools = 70 if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools, weeks=1, regions=1))
    root = User.objects.create_superuser("bench-root", "root@example.ru", "bench-pass-2026", pk=10**9)
    lines = [line for template in OrderTemplate.objects.current() for line in documents(template, root)]
    return lines + [job(root, schools)]


def documents(template: OrderTemplate, root: User) -> list[str]:
    """The two documents of a text for a school or a municipality with all its people."""
    places: list[School | Municipality] = [School.objects.earliest("pk"), Municipality.objects.earliest("pk")]
    place = next(place for place in places if level_of(place) == template.level)
    paper = paper_of(drafting.begin(place=place, template=template, by=root))
    name = f"order «{template.key}», {len(paper.sheet)} readers, CPU s"
    return [at_most(f"{name}, DOCX", cpu(docx_of, paper), DOCX), at_most(f"{name}, PDF", cpu(pdf_of, paper), PDF)]


def cpu(draw: Callable[[Paper], Any], paper: Paper) -> float:
    """CPU seconds of drawing a paper, the median of several."""
    seconds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        draw(paper)
        seconds.append(time.process_time() - begun)
    return median(seconds)


def job(root: User, count: int) -> str:
    """The job of one text for all schools."""
    template = OrderTemplate.objects.current().get(key="sferum-use")
    ids = frozenset(School.objects.values_list("pk", flat=True))
    region = Region.objects.get(pk=School.objects.earliest("pk").region_id)
    batch = batches.prepare(
        sender=region, template=template, values=drafting.common_values(template), school_ids=ids, by=root
    )
    before, begun = peak(), time.perf_counter()
    jobs.run(OrderBatch, batch.pk, batches.perform)
    took = time.perf_counter() - begun
    batch.refresh_from_db()
    if batch.archive is None or batch.orders.count() != count:  # type: ignore[attr-defined]
        raise SystemExit(f"{batch.state}: {batch.error}")
    size = batch.archive.size / 1024**2
    return at_most(
        f"orders of {count} schools in {took:.1f} s, archive of {size:.0f} MB, the process grows by MB",
        peak() - before,
        MEGABYTES,
    )


def peak() -> float:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
