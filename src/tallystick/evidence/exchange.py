"""One question to one machine, over a connection that is ours from its first to its last byte.

The name is resolved once, every address that comes of it is judged (``addresses``), and the connection goes
to one of those, so that no second answer of the DNS can lead it elsewhere. No proxy that the environment
names is asked. What comes back is received by ``answers``.
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tallystick.errors import NotFetched
from tallystick.evidence.addresses import Target, refusal
from tallystick.evidence.answers import Answer, Limits, Tls, receive

Resolve = Callable[[str, int], list[str]]
_TRIED = 4  # addresses of one host to which a connection is tried


def resolved(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver gives for ``host``, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@contextmanager
def exchange(
    target: Target,
    agent: str,
    *,
    limits: Limits,
    allow_private: bool = False,
    bad_tls: bool = False,
    resolve: Resolve = resolved,
    more: tuple[tuple[str, str], ...] = (),
) -> Iterator[Answer]:
    """Ask ``target`` by GET and receive the answer, which lasts as long as the ``with`` block.

    ``more`` are headers beside those that are always sent, of printable ASCII.

    Raises ``NotFetched`` where no address of the host may be asked, nobody answers in time, the certificate
    does not hold (unless ``bad_tls``), or what comes is no HTTP/1 answer. An answer that breaks off after its
    head is given as far as it came.
    """
    answers = _answers(target, resolve, limits, allow_private)
    address, sock, tls = _connected(target, answers, limits, bad_tls)
    with sock, tempfile.SpooledTemporaryFile(max_size=1 << 20) as raw:
        answer = Answer(target, _request(target, agent, more), address, tuple(answers), tls, raw)
        try:
            sock.settimeout(limits.read)
            sock.sendall(answer.request)
        except OSError as error:
            raise NotFetched(
                f"{target.url}: the question could not be sent ({error}); try again later"
            ) from error
        receive(answer, sock, limits)
        yield answer


def _request(target: Target, agent: str, more: tuple[tuple[str, str], ...]) -> bytes:
    """Plain bytes are asked for, so that what is kept reads without us; of the asker nothing else is told."""
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {agent}",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding: identity",
        *(f"{name}: {value}" for name, value in more),
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


# ----------------------------------------------------------------------------- connecting


def _answers(target: Target, resolve: Resolve, limits: Limits, allow_private: bool) -> list[str]:
    """All addresses of the host, none of which may be refused.

    The resolver of the system waits as long as it likes, so it is asked in a thread that is left behind.
    """
    found: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.extend(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(limits.connect)
    if asking.is_alive():
        raise NotFetched(
            f"{target.host}: no name server answered within {limits.connect:g} s; try again later"
        )
    if failed or not found:
        why = failed[0] if failed else "no address"
        raise NotFetched(
            f"{target.host} was not found ({why}); check the spelling, or try again later"
        ) from (failed[0] if failed else None)
    for address in found:
        if what := refusal(address, allow_private=allow_private):
            hint = " (for an archive of your own: --allow-private)"
            opened = not allow_private and refusal(address, allow_private=True) is None
            raise NotFetched(
                f"{target.url} is not asked: {target.host} leads to {address}, {what}{hint if opened else ''}"
            )
    return found


def _connected(
    target: Target, answers: list[str], limits: Limits, bad_tls: bool
) -> tuple[str, socket.socket, Tls | None]:
    """The first of ``answers`` that takes a connection, and that, secured where the scheme says so."""
    failed: OSError | None = None
    for address in answers[:_TRIED]:
        try:
            if target.scheme == "http":
                return address, _dialled(address, target.port, limits), None
            try:
                return address, *_secured(_dialled(address, target.port, limits), target.host, "")
            except ssl.SSLError as error:
                flaw = str(getattr(error, "verify_message", "") or error.reason or error)
                if not bad_tls:
                    raise NotFetched(
                        f"{target.url}: the connection cannot be trusted ({flaw}), so that anybody may have "
                        "answered; to keep the answer all the same, marked as such, use --bad-tls"
                    ) from error
            return address, *_secured(_dialled(address, target.port, limits), target.host, flaw)
        except OSError as error:
            failed = error
    raise NotFetched(
        f"{target.url}: no connection to {', '.join(answers[:_TRIED])} ({failed}); try again later"
    ) from failed


def _dialled(address: str, port: int, limits: Limits) -> socket.socket:
    """A connection to this very address; no proxy of the environment is asked."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(limits.connect)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _secured(plain: socket.socket, host: str, flaw: str) -> tuple[socket.socket, Tls]:
    """``plain`` with TLS, verified unless there is a ``flaw`` that is known already."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if flaw:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        # An end without TLS's own farewell may be somebody's who cut the line: it must not pass in silence.
        sock = context.wrap_socket(plain, server_hostname=host, suppress_ragged_eofs=False)
    except BaseException:
        plain.close()
        raise
    cipher = sock.cipher()
    return sock, Tls(sock.version() or "", cipher[0] if cipher else "", _chain(sock), flaw)


def _chain(sock: ssl.SSLSocket) -> tuple[bytes, ...]:
    """The certificates as the other side sent them (DER). Python tells them from 3.13 on by a public name."""
    if hasattr(sock, "get_unverified_chain"):
        return tuple(sock.get_unverified_chain() or ())
    inner: Any = getattr(sock, "_sslobj", None)
    if hasattr(inner, "get_unverified_chain"):
        pem = (each.public_bytes() for each in inner.get_unverified_chain() or ())
        return tuple(ssl.PEM_cert_to_DER_cert(each) for each in pem)
    own = sock.getpeercert(binary_form=True)
    return (own,) if own else ()
