"""How much memory a piece of work holds at once: its process and whatever it started, looked at every few milliseconds.

`getrusage` cannot tell: Linux counts the parent's own pages into the peak of a child that was forked from it.
"""

import threading
from collections.abc import Callable
from pathlib import Path

PAUSE = 0.004  # seconds between two looks


def footprint(work: Callable[[], object]) -> float:
    """Do the work; return the most memory, in MB, that this process and its children held together (Linux only)."""
    peak, over = [_held()], threading.Event()

    def look() -> None:
        while not over.wait(PAUSE):
            peak.append(max(peak.pop(), _held()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        work()
    finally:
        over.set()
        watcher.join()
    return peak[0] / 1024


def _held() -> int:
    """Resident memory of this process and of its children, in kB."""
    children = {pid for task in Path("/proc/self/task").glob("*/children") for pid in _read(task).split()}
    mine = _read(Path("/proc/self/cmdline"))  # a child that has not become its own program yet lives in our memory
    own = [pid for pid in children if _read(Path(f"/proc/{pid}/cmdline")) != mine]
    return sum(map(_resident, ("self", *own)))


def _resident(pid: str) -> int:
    lines = _read(Path(f"/proc/{pid}/status")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has just ended
        return ""
