"""Time stamps (RFC 3161): a server that somebody else runs says that it saw a digest at a moment.

The server is given a SHA-256 and nothing of what it is made of. Its raw reply is kept as it came, so
that ``openssl ts -verify`` can be asked too. Whom to believe about the time is not for this program
to say: a stamp holds only against root certificates that a person names, and none are trusted by
default.

This file is the one door to ``rfc3161-client`` (the extra ``stamps``).
"""

from __future__ import annotations

import hashlib
import importlib
import re
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

from tallystick.errors import AskedWrongly, NoStamp
from tallystick.evidence.media import shown

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

SECONDS = 30.0  # in which the whole reply is to be there
REPLY_LIMIT = 1_000_000  # bytes; a reply has less than ten thousand
_SHA256 = "2.16.840.1.101.3.4.2.1"
_CERTIFICATES = 0xA0  # the DER tag of the certificates within SignedData


@dataclass(frozen=True, slots=True)
class Stamp:
    """A reply that could be read: the moment it tells, and the digest that it tells it of.

    Both are only what the reply says; ``hold`` tells whether somebody known stands behind it.
    """

    at: datetime
    digest: bytes
    nonce: int | None


def request(content: bytes, server: str, *, seconds: float = SECONDS) -> bytes:
    """The raw reply of ``server`` (an http or https address) for the SHA-256 of ``content``.

    It is granted, for this digest, and repeats the request's random number, so it is no old reply.
    Raises ``AskedWrongly`` for an address that is none, ``NoStamp`` for a server that does not
    answer in time or gives anything else, saying what.
    """
    library = _library()
    builder = library.TimestampRequestBuilder().data(content)
    asked = builder.hash_algorithm(library.HashAlgorithm.SHA256).cert_request(cert_request=True).build()
    reply = _posted(asked.as_bytes(), server, seconds)
    try:
        stamp = read(reply)
    except ValueError as error:
        raise NoStamp(f"{server} gave no time stamp: {error}") from error
    if stamp.nonce != asked.nonce:
        raise NoStamp(f"{server} gave a time stamp with another nonce: an old reply, or that to another")
    if stamp.digest != digest(content):
        raise NoStamp(f"{server} gave a time stamp of another digest")
    return reply


def digest(content: bytes) -> bytes:
    """What a server is asked to stamp."""
    return hashlib.sha256(content).digest()


def read(reply: bytes) -> Stamp:
    """What a raw reply says; ``ValueError`` where it is none, or the server granted no stamp."""
    _, told = _opened(reply)
    return Stamp(told.gen_time.astimezone(UTC), told.message_imprint.message, told.nonce)


def hold(reply: bytes, content: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """The moment at which ``content`` was there, as one of ``roots`` answers for.

    The signature, the chain of certificates up to a root at that moment, and that the signer's
    certificate is for time stamps are checked by ``rfc3161-client``. ``ValueError`` says what does
    not hold.
    """
    library = _library()
    opened, told = _opened(reply)
    if told.message_imprint.message != digest(content):
        raise ValueError("it is of other bytes")
    builder = library.VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(opened, content)
    except library.VerificationError as error:
        raise ValueError(f"{error}") from error
    moment: datetime = told.gen_time
    return moment.astimezone(UTC)


def roots_in(path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file; ``AskedWrongly`` where there is none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise AskedWrongly(f"{shown(path)} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise AskedWrongly(
            f"{shown(path)} holds no certificate in PEM form; give the root that you trust to tell the time"
        ) from error


def _library() -> Any:
    try:
        return importlib.import_module("rfc3161_client")
    except ImportError as error:
        raise AskedWrongly("time stamps need the extra 'stamps': pip install 'tallystick[stamps]'") from error


# --------------------------------------------------------------------------------- reading a reply


def _opened(reply: bytes) -> tuple[TimeStampResponse, Any]:
    library = _library()
    if len(reply) > REPLY_LIMIT:
        raise ValueError(f"it has more than {REPLY_LIMIT:,} bytes")
    try:
        opened = library.decode_timestamp_response(_in_der_order(reply))
    except ValueError as error:
        raise ValueError(f"it cannot be read as a reply of RFC 3161 ({error})") from error
    if opened.status != library.PKIStatus.GRANTED:
        said = "; ".join(opened.status_string)
        raise ValueError(f"it was not granted (status {opened.status}{': ' + said if said else ''})")
    told = opened.tst_info
    if told.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise ValueError("its digest is no SHA-256")
    return opened, told


class _Part(NamedTuple):
    """One element of a DER encoding: its tag, where it begins, and where its content begins and ends."""

    tag: int
    at: int
    start: int
    end: int


def _in_der_order(reply: bytes) -> bytes:
    """``reply`` with its certificates in the order that DER asks for.

    Many servers, OpenSSL's among them, send them in the order of the chain, which strict readers
    refuse. The certificates are no part of what is signed. What is no reply is given back as it is.
    """
    try:
        (whole,) = _parts(reply, 0, len(reply))  # TimeStampResp: a status and a token
        token = _parts(reply, whole.start, whole.end)[1]  # ContentInfo: a type and, within [0], SignedData
        (signed,) = _parts(reply, *_parts(reply, token.start, token.end)[1][2:])
        inner = _parts(reply, signed.start, signed.end)
        held = next(part for part in inner if part.tag == _CERTIFICATES)
        certificates = [reply[each.at : each.end] for each in _parts(reply, held.start, held.end)]
    except (ValueError, IndexError, StopIteration):
        return reply
    return reply[: held.start] + b"".join(sorted(certificates)) + reply[held.end :]


def _parts(der: bytes, at: int, end: int) -> list[_Part]:
    """The elements from ``at`` to ``end``; ``ValueError`` or ``IndexError`` where they are not DER."""
    out = []
    while at < end:
        tag, length, start = der[at], der[at + 1], at + 2
        if length >= 0x80:
            start += length - 0x80
            length = int.from_bytes(der[at + 2 : start])
        if start + length > end:
            raise ValueError("an element that is longer than what it lies in")
        out.append(_Part(tag, at, start, start + length))
        at = start + length
    return out


# ------------------------------------------------------------------------------ talking to a server


def _posted(query: bytes, server: str, seconds: float) -> bytes:
    """What ``server`` answers to ``query`` within ``seconds``, from the look-up of its name on."""
    connection, path = _connection(server, seconds)
    late = threading.Event()
    opened: list[socket.socket] = []  # the connection forgets its socket when the answer has begun

    def cut() -> None:
        late.set()
        for channel in (connection.sock, *opened):
            if channel is not None:
                with suppress(OSError):
                    socket.socket.shutdown(channel, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        connection.connect()
        opened.append(connection.sock)
        connection.request("POST", path, query, headers)
        answer = connection.getresponse()
        body = answer.read(REPLY_LIMIT + 1)
    except (OSError, HTTPException) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise NoStamp(f"{server} gave no whole answer within {seconds:g} seconds") from error
        raise NoStamp(
            f"{server} cannot be asked for a time stamp: {str(error) or type(error).__name__}"
        ) from error
    finally:
        timer.cancel()
        connection.close()
    if late.is_set():
        raise NoStamp(f"{server} gave no whole answer within {seconds:g} seconds")
    if answer.status != HTTPStatus.OK:
        raise NoStamp(f"{server} answered with status {answer.status}, and gave no time stamp")
    kind = answer.headers.get_content_type()
    if kind != "application/timestamp-reply":
        raise NoStamp(f"{server} answered with {kind}, and gave no time stamp; is the address right?")
    return body


def _connection(server: str, seconds: float) -> tuple[HTTPConnection, str]:
    """A connection to ``server``, not yet open, and the path to ask there."""
    try:
        parts = urlsplit(server)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[!-~]+", server):
        raise AskedWrongly(
            f"{server!r} is no address of a time-stamp server, such as https://example.org/tsr"
        )
    if "@" in parts.netloc:
        raise AskedWrongly("the address of a time-stamp server is recorded: give it without a password")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(host, port, timeout=seconds), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
