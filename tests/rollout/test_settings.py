"""Settings: production refuses to start without what it needs, in words; the embedded default is safe as it is."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "FIELD_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgres://portal:word@database:5432/portal",
    "REDIS_URL": "redis://queue:6379/0",
    "CACHE_URL": "redis://cache:6379/0",
    "EMAIL_URL": "smtp+tls://portal:word@mail.example.ru:587",
    "ALLOWED_HOSTS": "portal.example.ru",
    "PROXY_COUNT": "1",
}
ASKED = ("MODE", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "CELERY_BROKER_URL")

BAD = (
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"FIELD_KEY": ""}, "FIELD_KEY"),
    ({"FIELD_KEY": GOOD["SECRET_KEY"]}, "разными"),
    ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "PostgreSQL"),
    ({"REDIS_URL": ""}, "REDIS_URL"),
    ({"CACHE_URL": ""}, "CACHE_URL"),
    ({"CACHE_URL": "redis://queue:6379/0"}, "разные Redis"),
    ({"EMAIL_URL": ""}, "EMAIL_URL"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ({"DEBUG": "1"}, "DEBUG"),
    ({"PROXY_COUNT": ""}, "PROXY_COUNT"),
    ({"OPENPYXL_DEFUSEDXML": "False"}, "defusedxml"),
    ({"PORTAL_MODE": "prodution"}, "PORTAL_MODE"),
)


def start(changes: dict[str, str], data: Path, code: str = "") -> "subprocess.CompletedProcess[str]":
    """Read the settings in a process of its own, in an environment that holds nothing else."""
    environment = {**GOOD, **changes, "DATA_DIR": str(data), "PATH": os.environ["PATH"]}
    environment = {key: value for key, value in environment.items() if value}
    code = code or "from django.conf import settings; settings.DEBUG"
    environment["DJANGO_SETTINGS_MODULE"] = "rollout.settings"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("changes, word", BAD, ids=[f"{key}-{word}" for each, word in BAD for key in each])
def test_production_refuses_an_unsafe_start_in_words(changes: dict[str, str], word: str, tmp_path: Path) -> None:
    done = start(changes, tmp_path)

    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert "ImproperlyConfigured" in last
    assert word in last


def test_refusal_never_repeats_a_secret(tmp_path: Path) -> None:
    done = start({"SECRET_KEY": "secret-that-is-short", "FIELD_KEY": "field-key-that-is-short"}, tmp_path)

    assert done.returncode != 0
    assert "that-is-short" not in done.stderr


def test_production_starts_with_what_it_needs(tmp_path: Path) -> None:
    code = f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {ASKED}]))"

    done = start({}, tmp_path, code)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["production", False, True, True, True, "redis://queue:6379/0"]


def test_job_limits_stand_in_order(tmp_path: Path) -> None:
    """A soft limit before the hard one, both before Redis brings the message again."""
    code = (
        "from rollout.celery import app; c = app.conf; o = c.broker_transport_options;"
        "print(c.task_soft_time_limit < c.task_time_limit < o['visibility_timeout'] == c.visibility_timeout"
        " == c.result_backend_transport_options['visibility_timeout'], 0 < o['socket_timeout'] <= 5,"
        " 0 < o['socket_connect_timeout'] <= 5, c.task_acks_late, c.worker_prefetch_multiplier, c.accept_content)"
    )

    done = start({}, tmp_path, code)

    assert done.stdout.strip() == "True True True True 1 ['json']", done.stderr


@pytest.mark.parametrize(
    "entry, limit, told",
    [
        ("rollout.wsgi", "15000", {}),
        ("rollout.wsgi", "15000", {"STATEMENT_TIMEOUT_MS": "900000"}),
        ("rollout.wsgi", "20000", {"STATEMENT_TIMEOUT_MS": "900000", "WEB_STATEMENT_TIMEOUT_MS": "20000"}),
        ("rollout.celery", "300000", {}),
        ("rollout.celery", "900000", {"STATEMENT_TIMEOUT_MS": "900000", "WEB_STATEMENT_TIMEOUT_MS": "20000"}),
    ],
)
def test_pages_cut_queries_sooner_than_workers(entry: str, limit: str, told: dict[str, str], tmp_path: Path) -> None:
    code = (
        f"import {entry}; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    )

    done = start(told, tmp_path, code)

    assert f"statement_timeout={limit} " in done.stdout, done.stderr
    assert "lock_timeout=5000" in done.stdout
    assert "idle_in_transaction_session_timeout=" in done.stdout


def test_deployment_check_is_silent_in_production(tmp_path: Path) -> None:
    code = (
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
    )

    done = start({}, tmp_path, code)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_embedded_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY, settings.FIELD_KEY)"
    nothing = dict.fromkeys(GOOD, "")

    first, second = start(nothing, tmp_path, code), start(nothing, tmp_path, code)

    keys = first.stdout.split()
    assert first.stdout == second.stdout
    assert len(set(keys)) == 2
    assert all(len(key) >= 50 for key in keys)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}


def test_embedded_database_takes_the_write_lock_at_once(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.db import connection, transaction; c = connection.cursor();"
        "ask = lambda name: c.execute(f'PRAGMA {name}').fetchone()[0];"
        "print(ask('journal_mode'), ask('synchronous'), ask('busy_timeout'), ask('foreign_keys'));"
        "print(connection.transaction_mode)"
    )

    done = start(dict.fromkeys(GOOD, ""), tmp_path, code)

    assert done.stdout.split() == ["wal", "1", "20000", "1", "IMMEDIATE"], done.stderr


@pytest.mark.django_db
@pytest.mark.postgres("limits of PostgreSQL sessions")
def test_postgres_sessions_have_limits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        limits = cursor.fetchone()

    assert limits == ("5min", "5s")


def test_tests_keep_away_from_the_developers_data() -> None:
    assert Path(settings.DATA_DIR) != ROOT / "var"
