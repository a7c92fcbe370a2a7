"""The other side of a webhook: a real HTTPS server of one test, with a certificate of its own authority."""

import datetime
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """A server that answers as it is told and keeps what it got."""

    folder: Path
    status: int = 200
    answer: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0  # between two bytes of the answer
    received: list[Received] = field(default_factory=list)
    on_request: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self.authority = self.folder / "authority.pem"
        chain = self.folder / "server.pem"
        _certificate(self.authority, chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.server.server_port}/hook?from=portal"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name.lower(): text for name, text in self.headers.items()}
                receiver.received.append(Received(self.path, sent, body))
                receiver.on_request()
                self.send_response(receiver.status)
                for name, text in receiver.headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(receiver.answer)))
                self.end_headers()
                for byte in receiver.answer if receiver.pause else b"":
                    time.sleep(receiver.pause)
                    self.wfile.write(bytes([byte]))
                if not receiver.pause:
                    self.wfile.write(receiver.answer)

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler


def _certificate(authority: Path, chain: Path) -> None:
    """Write an authority's certificate, and a server's key with the certificate it signed for «localhost»."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Test authority", "localhost")]
    now = datetime.datetime.now(datetime.UTC)
    made = []
    for number in (0, 1):
        builder = x509.CertificateBuilder(names[0], names[number], keys[number].public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=400))
        builder = builder.not_valid_after(now + datetime.timedelta(days=400))
        builder = builder.add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
        if number:
            alternatives = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        made.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    authority.write_bytes(made[0])
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + made[1])
