"""Run the benches: python -m tests.bench [--scale small] [NAME …]; each in a process and a database of its own.

A bench is a module bench_*.py with `run() -> list[str]`; it meets Django set up over an empty migrated database: PostgreSQL
(BENCH_POSTGRES is the server, BENCH_DATABASE the name made and dropped), or SQLite if its name ends in _sqlite.
"""

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg2
from django.core.management import call_command

from tests.bench.lines import MISSED

SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
DATABASE = os.environ.get("BENCH_DATABASE", "rollout_bench")


def main() -> int:
    """Run the benches named, or all; return 1 if one fails or misses a goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], help="benches, all by default")
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    parser.add_argument("--here", action="store_true", help="in this process (used for the children)")
    options = parser.parse_args()
    os.environ["BENCH_SCALE"] = options.scale
    names = options.names or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    if options.here:
        return max(run(name) for name in names)
    command = [sys.executable, "-m", "tests.bench", "--scale", options.scale, "--here"]
    return max(int(subprocess.run([*command, name], check=False).returncode != 0) for name in names)


def run(name: str) -> int:
    """Run one bench in this process and print its lines."""
    missed = False
    with own_sqlite() if name.endswith("_sqlite") else own_postgres():
        for line in importlib.import_module(f"tests.bench.{name}").run():
            print(line, flush=True)
            missed = missed or line.endswith(MISSED)
    return int(missed)


@contextmanager
def own_postgres() -> Iterator[None]:
    """A fresh PostgreSQL database, dropped afterwards."""
    administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    administer(f'CREATE DATABASE "{DATABASE}"')
    os.environ["DATABASE_URL"] = f"{SERVER}/{DATABASE}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            start_django(folder)
            yield
    finally:
        administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


@contextmanager
def own_sqlite() -> Iterator[None]:
    """A fresh SQLite file, in a folder removed afterwards."""
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        start_django(folder)
        yield


def start_django(folder: str) -> None:
    """Set Django up over the database the environment names, and migrate it."""
    os.environ.update(DJANGO_SETTINGS_MODULE="rollout.settings", PORTAL_MODE="embedded", DATA_DIR=folder)
    django.setup()
    call_command("migrate", verbosity=0)


def administer(statement: str) -> None:
    """Run a statement in the server's own database, outside any transaction."""
    connection = psycopg2.connect(f"{SERVER}/postgres".replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


if __name__ == "__main__":
    raise SystemExit(main())
