"""Servers that a test owns: a Redis on a free port, a portal database with a Celery worker; never the machine's own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Ask again and again until it holds; raises AssertionError after so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.05)


class OwnRedis:
    """A Redis of one test; the test is skipped where there is no redis-server."""

    def __init__(self) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("no redis-server on this machine")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, empty."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.answers, 10, "Redis")

    def client(self) -> "Redis":
        """A connection that does not wait long."""
        return Redis(port=self.port, socket_timeout=2, socket_connect_timeout=2)

    def answers(self) -> bool:
        """Whether it answers."""
        with self.client() as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def freeze(self) -> None:
        """Leave its port open but let it answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        """Kill it without a chance to save anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Portal:
    """An installation of one test: data and processes of its own."""

    def __init__(self, **environment: str) -> None:
        self.stack = ExitStack()
        data = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-own-"))
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.data = Path(data)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stack.callback(self.kill_all)
        self.environment = {**kept, "DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "rollout.settings"}
        self.environment |= {"DATABASE_URL": self._own_database()} if "DATABASE_URL" in os.environ else {}
        self.environment |= environment

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stack.close()

    def _own_database(self) -> str:
        """Make an empty database beside the one the tests run on; it is dropped when the test ends."""
        address, name = os.environ["DATABASE_URL"], f"portal_own_{uuid.uuid4().hex[:12]}"
        self.stack.callback(_tell_server, address, f"DROP DATABASE {name} WITH (FORCE)")
        _tell_server(address, f"CREATE DATABASE {name}")
        return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))

    def run(self, code: str, **environment: str) -> str:
        """Run Python with Django set up; return what it printed. Raises AssertionError if it failed."""
        return self.python("-c", f"import django; django.setup()\n{code}", **environment)

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a management command; return what it printed."""
        return self.python("manage.py", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> str:
        """Run the interpreter with arguments; return what it printed. Raises AssertionError if it failed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def spawn(self, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a process in a group of its own; it is killed with its group when the installation ends."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def kill_all(self) -> None:
        """Kill whatever was started and still runs."""
        while self.processes:
            kill(self.processes.pop())

    def worker(self, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a worker of both queues without a schedule."""
        celery = (sys.executable, "-m", "celery", "-q", "-A", "rollout", "worker", "-Q", "imports,weeks")
        calm = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR")
        return self.spawn(*celery, *calm, "--pool", "threads", "-c", "2", **environment)


def _tell_server(address: str, statement: str) -> None:
    connection = psycopg2.connect(urlunsplit(urlsplit(address)._replace(path="/postgres")))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process with its whole group, as a power failure would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
