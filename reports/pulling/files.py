"""Files of published revisions, made once by whoever asks first and kept on this machine; gone, they are made again."""

import fcntl
import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.conf import settings

PACKED = ".gz"
_LEVEL = 5  # of compression: half the time of the best, a tenth more bytes


def kept(name: str, make: Callable[[IO[bytes]], None]) -> Path:
    """Return the file of that name; if there is none, `make` writes it, packed if the name ends in `.gz`.

    It appears whole or not at all; of many who ask at once one makes it.
    """
    path = _folder() / name
    if path.exists():
        return path
    with _alone(path):
        if not path.exists():
            _make(path, make)
            _forget_oldest(keep=path)
    return path


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "ratings"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file to be; it ends with the process, whatever ends that."""
    with (path.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(path: Path, make: Callable[[IO[bytes]], None]) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".made-")
    try:
        with os.fdopen(number, "wb") as file:
            if path.suffix == PACKED:
                with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0) as packed:
                    make(cast(IO[bytes], packed))
            else:
                make(file)
        Path(name).replace(path)
    except BaseException:  # whatever stops it, even an interrupt: no half-written file stays, and it goes on upwards
        Path(name).unlink(missing_ok=True)
        raise


def _forget_oldest(keep: Path) -> None:
    """Delete the oldest files once all of them hold more than RATING_FILES_MB."""
    left = settings.RATING_FILES_MB * 1024 * 1024
    files = [(path.stat(), path) for path in keep.parent.iterdir() if path != keep]
    for facts, path in sorted(files, key=lambda each: each[0].st_mtime, reverse=True):
        left -= facts.st_size
        if left < 0 and path.name != ".lock":
            path.unlink(missing_ok=True)
