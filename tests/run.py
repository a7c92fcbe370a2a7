"""`make test`: the whole suite on SQLite and, where there is one, on PostgreSQL; says in one line what is left out.

REQUIRE_ALL=1 (continuous integration) makes a failure of whatever would be left out for want of a server or a browser.
DATABASE_URL and REDIS_URL say where the servers are; by default they are looked for here. Arguments go to pytest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def has_postgres() -> bool:
    """Whether a PostgreSQL answers and lets in."""
    try:
        psycopg2.connect(POSTGRES, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def has_redis() -> bool:
    """Whether a Redis answers, or there is a program to start one."""
    if shutil.which("redis-server"):
        return True
    try:
        return bool(Redis.from_url(REDIS, socket_connect_timeout=2).ping())
    except RedisError:
        return False


def has_browser() -> bool:
    """Whether there is a Chromium."""
    return any(shutil.which(name) for name in BROWSERS)


def has_poppler() -> bool:
    """Whether PDFs can be read."""
    return bool(shutil.which("pdftotext"))


def missing() -> dict[str, str]:
    """What this machine lacks → which tests are left out for it."""
    lacks = {
        "PostgreSQL": ("второй прогон на PostgreSQL", has_postgres()),
        "Redis": ("тесты очереди через Redis", has_redis()),
        "Chromium": ("тесты в браузере", has_browser()),
        "poppler-utils": ("тесты PDF приказов", has_poppler()),
        "../shared": ("тесты на чужих файлах", (ROOT.parent / "shared").is_dir()),
    }
    return {name: tests for name, (tests, present) in lacks.items() if not present}


def pytest(engine: str, environment: dict[str, str], arguments: list[str]) -> int:
    """Run the suite on an engine with a data folder of its own; return pytest's exit code."""
    print(f"\n=== Тесты на {engine} ===", flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as data:
        clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        # worksteal: each process takes neighbours, so that what a file makes once for its tests is made once
        shared = ["-p", "tests.strict", "-n", processes(), "--dist", "worksteal"]
        command = [sys.executable, "-m", "pytest", *shared, *arguments]
        return subprocess.run(command, cwd=ROOT, env={**clean, "DATA_DIR": data, **environment}, check=False).returncode


def processes() -> str:
    """How many processes share the tests: one per core, four at most."""
    return str(min(os.cpu_count() or 1, 4))


def own_database() -> str:
    """The address of a database that only this run uses; pytest-django makes test_<name> of it and drops it."""
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/portal_{os.getpid()}"))


def main(arguments: list[str]) -> int:
    """Run on both engines; return 0 only if all passed."""
    lacks = missing()
    left_out = "; ".join(f"нет {name} – {tests}" for name, tests in lacks.items())
    print(f"Пропущено: {left_out}." if lacks else "Проверяем всё: есть PostgreSQL, Redis, Chromium и ../shared.")
    if os.environ.get("REQUIRE_ALL") == "1" and set(lacks) - {"../shared"}:
        print("REQUIRE_ALL=1: без них проверка не полна.", file=sys.stderr)
        return 1
    code = pytest("SQLite", {}, arguments)
    if code == 0 and "PostgreSQL" not in lacks:
        code = pytest("PostgreSQL", {"DATABASE_URL": own_database()}, ["--create-db", *arguments])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
