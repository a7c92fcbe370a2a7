"""Processes that run beside each other: started together, restarted when they die, stopped together without orphans."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

from django.conf import settings
from django.core.management.base import CommandError

LET_GO = 15  # seconds a child has to finish what it does
SHORT_LIFE = 10  # seconds; a child that dies younger was not able to start
SHORT_LIVES = 3  # so many in a row, and the portal stops
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """A signal asked to stop; not an Exception, so that nothing on the way swallows it."""


@dataclass(frozen=True, slots=True)
class Child:
    """What to run: a name for people, a command line, and what to add to the environment.

    A `mute` one says only what goes wrong: its plain output is dropped, its errors are shown.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    mute: bool = False


@dataclass(slots=True)
class _Running:
    child: Child
    process: "subprocess.Popen[bytes]"
    since: float
    short_lives: int = 0


class Children:
    """A context that starts children, keeps them alive, and leaves none behind, whatever ends it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._running: list[_Running] = []
        self._former: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, _stop) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self._end()
        for former, handler in self._former.items():
            signal.signal(former, handler)  # type: ignore[arg-type]
        return kind is not None and issubclass(kind, Stopped)

    def start(self, child: Child) -> None:
        """Start a child in a process group of its own, so that Ctrl-C reaches it only through us."""
        self._running.append(_Running(child, _spawn(child), time.monotonic()))

    def look_after(self) -> None:
        """Start again whoever died; raise CommandError for one that cannot start at all."""
        for each in self._running:
            code = each.process.poll()
            if code is None:
                continue
            _signal_group(each.process, signal.SIGKILL)
            each.short_lives = each.short_lives + 1 if time.monotonic() - each.since < SHORT_LIFE else 0
            if each.short_lives >= SHORT_LIVES:
                raise CommandError(f"Не запускается {each.child.name} (код {code}). Причина – в строках выше.")
            self._say(f"Остановился {each.child.name} (код {code}), запускаем снова.")
            each.process, each.since = _spawn(each.child), time.monotonic()

    def watch(self) -> None:
        """Look after the children until a signal comes."""
        asleep = threading.Event()
        while True:
            self.look_after()
            asleep.wait(0.5)

    def _end(self) -> None:
        for each in self._running:
            _signal_group(each.process, signal.SIGTERM)
        until = time.monotonic() + LET_GO
        for each in self._running:
            try:
                each.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"Не дождались, завершаем принудительно: {each.child.name}. Задание продолжится при запуске.")
            _signal_group(each.process, signal.SIGKILL)  # the group: whatever a child started must not outlive it
            each.process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _spawn(child: Child) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        child.command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if child.mute else None,
        env={**os.environ, **child.environment},
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )


def _die_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed without a chance to say so."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return
