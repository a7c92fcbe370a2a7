"""What continuous integration may leave out: on SQLite the tests of PostgreSQL, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
CONFTEST = """
from tests.conftest import pytest_runtest_setup
"""
TESTS = """
import pytest

@pytest.mark.{mark}
def test_of_it():
    {act}
"""


def outcome(folder: Path, mark: str, act: str) -> str:
    """Run one marked test as continuous integration does, on the engine these tests run on; pytest's last line."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_one.py").write_text(TESTS.format(mark=mark, act=act))
    command = [sys.executable, "-m", "pytest", "-p", "tests.strict", "-c", "pyproject.toml"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(folder)],
        cwd=ROOT,
        env={**os.environ, "REQUIRE_ALL": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout.strip().splitlines()[-1].partition(" in ")[0]


@pytest.mark.parametrize("mark", ["browser", "redis", "poppler"])
def test_without_its_server_a_test_fails(tmp_path: Path, mark: str) -> None:
    assert outcome(tmp_path, mark, "pytest.skip('none here')") == "1 failed"


def test_tests_of_postgresql_are_left_out_on_sqlite_only(tmp_path: Path) -> None:
    expected = "1 passed" if connection.vendor == "postgresql" else "1 skipped"

    assert outcome(tmp_path, "postgres('why')", "pass") == expected


def test_on_postgresql_its_tests_may_not_be_left_out(tmp_path: Path) -> None:
    expected = "1 failed" if connection.vendor == "postgresql" else "1 skipped"

    assert outcome(tmp_path, "postgres('why')", "pytest.skip('none here')") == expected
