"""How a line of the log is written: the secrets of links that open something are left out (threats.md W14)."""

import logging
import re

_LINKS = re.compile(r"(/invitations/|/password/[^/\s]{1,64}/)[^/\s?\"']{8,}")


class LineFormatter(logging.Formatter):
    """Django's and our lines, with «…» in place of the secret in an address."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return _LINKS.sub(r"\1…", super().format(record))
