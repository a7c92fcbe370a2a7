"""`manage.py serve`: the whole portal in one terminal – the web server, the Celery worker and the weekly schedule."""

import http.client
import os
import socket
import sys
import time
from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reports.demo.accounts import ACCOUNTS, known_password
from rollout.children import Child, Children
from schools.models import School, User

PATIENCE = 60  # seconds the web server may take to answer for the first time


class Command(BaseCommand):
    """Prepare the database, start the children, watch over them until Ctrl-C."""

    help = "Запускает портал целиком: веб-сервер, исполнителя заданий и недельное расписание."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which options there are."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="адрес, по умолчанию 127.0.0.1")
        parser.add_argument("--port", type=int, default=_port_from_environment(), help="порт, по умолчанию 8000")
        parser.add_argument("--demo", action="store_true", help="в пустую базу положить показательные данные")

    def handle(self, *args: Any, host: str, port: int, demo: bool, **options: Any) -> None:
        """Run until a signal comes or a child cannot be kept alive; raises CommandError with a Russian sentence."""
        _check_port(host, port)
        with Children(self._say) as children:  # signals are obeyed from here on, in the middle of seeding too
            self._prepare(demo)
            children.start(_web(host, port))
            children.start(_worker(port))
            self._wait_until_it_answers(children, host, port)
            self._greet(host, port, demo)
            children.watch()
        self._say("Портал остановлен.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _prepare(self, demo: bool) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Готовим базу…")
            call_command("migrate", verbosity=0, interactive=False)
        if demo and not School.objects.exists():
            self._say("Наполняем показательными данными (около минуты)…")
            call_command("seed_demo", stdout=StringIO())
        connection.close()

    def _wait_until_it_answers(self, children: Children, host: str, port: int) -> None:
        until = time.monotonic() + PATIENCE
        while not _answers(host, port):
            children.look_after()
            if time.monotonic() > until:
                raise CommandError("Веб-сервер не отвечает. Причина – в строках выше.")
            time.sleep(0.1)

    def _greet(self, host: str, port: int, demo: bool) -> None:
        self._say(f"\nПортал работает: http://{_address(host)}:{port}/")
        if demo:
            self._greet_the_demo()
        self._say("\nОстановить: Ctrl-C.")

    def _greet_the_demo(self) -> None:
        present = set(
            User.objects.filter(username__in=[each.login for each in ACCOUNTS]).values_list("username", flat=True)
        )
        if not present:
            return
        self._say("\nВойти можно так:")
        password = known_password() or "(пароль меняли)"
        for account in ACCOUNTS:
            if account.login in present:
                self._say(f"  {account.login:<13} {password:<16} {account.title}")


def _port_from_environment() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT={text}: порт – это число от 1 до 65535.")
    return int(text)


def _check_port(host: str, port: int) -> None:
    """Raise CommandError where another program listens already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Адрес {host}:{port} занят другой программой или недоступен. "
                f"Закройте её или выберите другой порт: PORT={port + 1} make run"
            ) from error


def _web(host: str, port: int) -> Child:
    command = (sys.executable, "-m", "gunicorn", "-c", "python:rollout.gunicorn")
    return Child("веб-сервер", command, {"HOST": host, "PORT": str(port)})


def _worker(port: int) -> Child:
    """One worker for both queues, with the schedule inside; its warning about root is for servers, not for a demo.

    The port stands in the links of the letters it sends.
    """
    celery = (sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "-q", "-A", "rollout", "worker")
    calm = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    work = ("--pool", "threads", "-c", "2", "-Q", "imports,weeks", "-n", f"serve-{os.getpid()}@%h")
    schedule = ("-B", "--schedule", str(settings.DATA_DIR / "schedule"))
    command = (*celery, *calm, *work, *schedule)
    return Child(
        "исполнитель заданий", command, {"PORT": str(port)}, mute=True
    )  # it says goodbye in English; errors go to stderr


def _address(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host


def _answers(host: str, port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
