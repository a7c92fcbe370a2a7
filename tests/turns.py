"""Two who act at once: what the second finds while the first has not committed yet."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

HEAD_START = 0.5  # seconds the first keeps its transaction open once the second has begun


def in_turns(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the second thing in another connection while the first is not committed; return what it gave, or raised."""
    written, found = threading.Event(), []

    def follow() -> None:
        written.wait(10)
        try:
            found.append(second())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=follow)
    thread.start()
    with transaction.atomic():
        first()
        written.set()
        thread.join(HEAD_START)
    thread.join(10)
    return found[0]
