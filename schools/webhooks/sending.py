"""One request to an address that somebody typed: only https, only to public addresses, no redirects, little patience.

The name is resolved once and the connection goes to the very address that was checked, so that a name that answers
differently a moment later (DNS rebinding) gains nothing. The certificate is checked against the name all the same.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

PATIENCE = 10.0  # seconds for a connection, and for an answer to begin
DEADLINE = 20.0  # seconds for everything: a server that answers byte by byte holds no worker
MOST_BYTES = 4096  # of an answer that are read at all
SHOWN = 200
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

INSIDE = "Имя ведёт на внутренний адрес: туда портал не отправляет."


class AddressRefused(Exception):
    """An address the portal does not send to; the text is a Russian sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the beginning of the text, or a Russian sentence about what stood in the way."""

    status: int | None
    text: str
    error: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Whether the other side took the message."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a body and wait for the answer; raises nothing: every failure is an Answer with an error."""
    began = time.monotonic()
    status, text, error = None, "", ""
    try:
        parts = check_url(url)
        status, text = _exchange(parts, resolve(parts), headers, body)
    except AddressRefused as refusal:
        error = str(refusal)
    except ssl.SSLCertVerificationError:
        error = "Сертификат сервера не прошёл проверку."
    except TimeoutError:
        error = f"Сервер не ответил за {PATIENCE:.0f} секунд."
    except ConnectionRefusedError:
        error = "Сервер не принял соединение."
    except (OSError, http.client.HTTPException, ValueError):
        late = time.monotonic() - began >= DEADLINE
        error = f"Ответ не уложился в {DEADLINE:.0f} секунд." if late else "Связь с сервером оборвалась."
    if status is not None and 300 <= status < 400:
        error = "Сервер перенаправил на другой адрес: туда портал не идёт. Впишите конечный адрес."
    return Answer(status, text, error, round((time.monotonic() - began) * 1000))


def check_url(text: str) -> SplitResult:
    """Take an address apart. Raises AddressRefused for what is not a plain https address."""
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("Это не адрес. Он начинается с https:// и имени сервера.") from error
    if parts.scheme != "https":
        raise AddressRefused("Нужен адрес, который начинается с https://.")
    if not host or parts.username is not None or re.search(r"[\s\\]", text) or not text.isprintable():
        raise AddressRefused("Это не адрес. Он начинается с https:// и имени сервера, без логина и пробелов.")
    if parts.fragment or port == 0:
        raise AddressRefused("Уберите из адреса всё после знака «#» и проверьте порт.")
    if _literal(host) is not None and not is_open(_literal(host)):
        raise AddressRefused("Это внутренний адрес: туда портал не отправляет.")
    return parts


def _literal(host: str) -> IpAddress | None:
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    return None


def is_open(address: IpAddress | None) -> bool:
    """Whether the portal sends to an address: a public one, or one of the networks the installation names."""
    if address is None:
        return False
    if any(address in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    inside = isinstance(address, ipaddress.IPv6Address) and (address.sixtofour or address.teredo)
    if inside:  # an address of IPv4, which may be any; those of NAT64 and mapped ones are reserved as they are
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve(parts: SplitResult) -> str:
    """The address to connect to. Raises AddressRefused where the name has none, or any that is not open."""
    host, port = (parts.hostname or "").encode("idna").decode(), parts.port or 443
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressRefused("Имя сервера не найдено. Проверьте адрес.") from error
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(is_open(_literal(address.partition("%")[0])) for address in addresses):
        raise AddressRefused(INSIDE)
    return addresses[0]


class _Pinned(http.client.HTTPSConnection):
    """A connection by name to one address that has been checked."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        context = ssl.create_default_context()
        if settings.WEBHOOK_CA_FILE:
            context.load_verify_locations(cafile=settings.WEBHOOK_CA_FILE)
        host = (parts.hostname or "").encode("idna").decode()
        super().__init__(host, parts.port or 443, timeout=PATIENCE, context=context)
        self._address = address
        self._tls = context

    def connect(self) -> None:
        """Connect to the address, and shake hands with the name."""
        plain = socket.create_connection((self._address, self.port), PATIENCE)
        self.sock: ssl.SSLSocket = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        with suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _exchange(parts: SplitResult, address: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    connection = _Pinned(parts, address)
    watch = threading.Timer(DEADLINE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        response = connection.getresponse()
        with suppress(OSError, http.client.HTTPException, ValueError):
            return response.status, safe_text(response.read1(MOST_BYTES))
        return response.status, ""
    finally:
        watch.cancel()
        connection.close()


def safe_text(answer: bytes) -> str:
    """The beginning of an answer as one line of printable text."""
    text = answer.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:SHOWN].strip()
