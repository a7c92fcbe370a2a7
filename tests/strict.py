"""A pytest plugin: under REQUIRE_ALL=1 a test that is left out for want of a server or a browser fails instead.

`make test` runs every test on both engines: what SQLite leaves out for PostgreSQL is asked of the second run alone.
"""

import os
from collections.abc import Generator

import pytest
from django.db import connection

NEEDED = {"browser", "redis", "poppler", "postgres"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped report of a marked test into a failure."""
    report = yield
    needs = NEEDED.intersection(mark.name for mark in item.iter_markers())
    if connection.vendor != "postgresql":
        needs.discard("postgres")
    if report.skipped and needs and os.environ.get("REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, но тест пропущен ({', '.join(sorted(needs))}): {report.longrepr}"
    return report
