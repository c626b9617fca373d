"""A web server on this machine that says exactly what a test wants, byte by byte, and remembers what it was asked."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Says = bytes | Callable[[socket.socket], object]


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An answer with this body and its true length."""
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*rows, "", ""]).encode() + body


def html(words: str) -> bytes:
    body = f"<html><head><title>{words}</title></head><body><p>{words}</p></body></html>".encode()
    return page(body, "Content-Type: text/html; charset=utf-8")


def moved(location: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {location}", status=status)


class Server:
    """Answers each connection with what ``says`` holds for its path, else with 404; a function gets the socket."""

    def __init__(self, says: dict[str, Says | list[Says]], tls: ssl.SSLContext | None = None) -> None:
        self.says, self._tls = says, tls
        self.asked: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http{'s' if self._tls else ''}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.split(b" ")[1].decode() for asked in self.asked]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._answer, args=(line,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            line.settimeout(3)
            sock = self._tls.wrap_socket(line, server_side=True) if self._tls else line
            with sock:
                asked = b""
                while (
                    b"\r\n\r\n" not in asked and b"GET ".startswith(asked[:4]) and (part := sock.recv(65536))
                ):
                    asked += part
                if not asked.startswith(b"GET "):
                    return
                self.asked.append(asked)
                says = self.says.get(asked.split(b" ")[1].decode(), page(b"", status="404 Not Found"))
                if isinstance(says, list):
                    says = says.pop(0) if len(says) > 1 else says[0]
                if callable(says):
                    says(sock)
                else:
                    sock.sendall(says)
                if self._tls:
                    sock.unwrap()


def certified(folder: Path, *names: str, authority: bool = True) -> tuple[ssl.SSLContext, Path]:
    """A TLS context for a server with these names, and the file of the authority that vouches for it (PEM)."""
    folder.mkdir(exist_ok=True)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("Test authority", root_key, "Test authority", root_key, (), ca=True)
    own = _certificate(names[0], key, "Test authority", root_key, names, ca=False)
    pem = own.public_bytes(serialization.Encoding.PEM)
    if authority:
        pem += root.public_bytes(serialization.Encoding.PEM)
    (folder / "chain.pem").write_bytes(pem)
    kind = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *kind))
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return context, folder / "root.pem"


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    *,
    ca: bool,
) -> x509.Certificate:
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2120))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    return builder.sign(signer, hashes.SHA256())
