"""`manage.py serve` for real: it starts, greets, survives the death of a child, and leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT, Portal, free_port, wait_for


@pytest.fixture(scope="module")
def installed() -> Iterator[Portal]:
    with Portal() as installation:
        installation.manage("migrate", "--verbosity", "0")
        yield installation


@pytest.fixture
def portal(installed: Portal) -> Iterator[Portal]:
    yield installed
    installed.kill_all()


class Served:
    """A portal being served; what it says goes to a file, as through a pipe."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.port = free_port()
        self.said = folder / "said.txt"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=portal.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        portal.processes.append(self.process)
        wait_for(lambda: "Ctrl-C" in self.said.read_text(), 60, "the greeting")

    def status(self) -> int:
        """What /healthz answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
            return int(answer.status)

    def children(self) -> set[int]:
        """Its descendants, in whatever process group."""
        found: set[int] = set()
        todo = [self.process.pid]
        while todo:
            parent = todo.pop()
            listed = Path(f"/proc/{parent}/task/{parent}/children")
            below = [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
            found.update(below)
            todo.extend(below)
        return found

    def child(self, word: str) -> int:
        """The first direct child whose command line holds a word; 0 if there is none."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in listed}
        return next((pid for pid, line in lines.items() if word in line), 0)


def alive(pids: set[int]) -> set[int]:
    """Those of them that still run; the dead whom nobody buried yet do not."""
    return {pid for pid in pids if Path(f"/proc/{pid}").exists() and _state(pid) != "Z"}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


only_linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through /proc")


@only_linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_everything(portal: Portal, tmp_path: Path, number: signal.Signals) -> None:
    served = Served(portal, tmp_path)
    status, children = served.status(), served.children()
    wait_for(lambda: any(portal.data.glob("schedule*")), 30, "the worker, which obeys signals by then")

    served.process.send_signal(number)
    code = served.process.wait(30)

    assert status == 200
    assert len(children) >= 3  # the web server, its process, the worker
    assert code == 0
    assert alive(children) == set()
    assert served.said.read_text().endswith("Ctrl-C.\nПортал остановлен.\n")


@only_linux
def test_child_that_dies_is_started_again(portal: Portal, tmp_path: Path) -> None:
    served = Served(portal, tmp_path)
    first = served.child("celery")
    letters_lead_to = Path(f"/proc/{first}/environ").read_text().split("\0")

    os.kill(first, signal.SIGKILL)

    wait_for(lambda: served.child("celery") not in {0, first}, 20, "another worker")
    assert f"PORT={served.port}" in letters_lead_to
    assert "Остановился исполнитель заданий" in served.said.read_text()
    assert served.status() == 200


@only_linux
def test_children_do_not_outlive_a_killed_parent(portal: Portal, tmp_path: Path) -> None:
    served = Served(portal, tmp_path)
    children = served.children()

    served.process.kill()
    served.process.wait()

    wait_for(lambda: not alive(children), 30, "the children's end")


def test_port_taken_is_said_in_words(portal: Portal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=portal.environment | {"PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert f"127.0.0.1:{port} занят" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_child_that_cannot_start_stops_everything_with_a_message(portal: Portal) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=portal.environment | {"WEB_THREADS": "none"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert done.returncode == 1
    assert "Не запускается веб-сервер" in done.stderr


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_port_that_is_no_port_is_said_in_words(portal: Portal, port: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=portal.environment | {"PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert f"PORT={port}" in done.stderr


def test_long_search_is_answered_by_the_portal_and_not_refused_by_the_web_server(portal: Portal) -> None:
    port = free_port()
    portal.spawn(sys.executable, "-m", "gunicorn", "-c", "python:rollout.gunicorn", HOST="127.0.0.1", PORT=str(port))
    wait_for(lambda: asked(port, "/healthz")[0] == 200, 30, "the web server")

    status, body = asked(port, f"/login/?next=/search/{'9' * 8000}")

    assert status == 200
    assert "Пароль" in body


def asked(port: int, path: str) -> tuple[int, str]:
    """Status and text of an answer; (0, "") where nobody answers yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""
