"""Answers of the network as WARC records (ISO 28500:2017, version 1.1), each byte as it was.

For each answer there are up to four records: the response, the request, a ``metadata`` record of what else
was seen (what the name resolved to, how the connection was secured, what robots.txt said), and the
certificates that the server sent. The standard leaves DNS and TLS open (6.3.2, 6.5.2); the fields are ours,
but for the proposals WARC-Protocol and WARC-Cipher-Suite, which other crawlers write too.

``warcio`` writes the records. Those with HTTP in them are handed to it whole, with their digests: given a
head to parse, it would write its own spelling of it.
"""

from __future__ import annotations

import hashlib
import io
import ssl
import uuid
import zlib
from collections.abc import Iterable
from typing import IO

from warcio.bufferedreaders import BufferedReader, ChunkedDataException, ChunkedDataReader
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tallystick import __version__
from tallystick.evidence.answers import Answer

_VERSION = "WARC/1.1"
_FIELDS = "application/warc-fields"
_CHAIN = "application/pem-certificate-chain"
_CHUNK = 1 << 20
Pairs = Iterable[tuple[str, str]]


class Recording:
    """One WARC file that is being written to ``out``, begun at the moment ``at`` (UTC, ISO 8601)."""

    def __init__(self, out: IO[bytes], at: str, info: Pairs) -> None:
        self._writer = WARCWriter(out, gzip=False, warc_version=_VERSION)
        software = [
            ("software", f"tallystick/{__version__}"),
            ("format", "WARC file version 1.1"),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ]
        self._write("warcinfo", _fields([*software, *info]), _FIELDS, [], at)

    def keep(self, answer: Answer, at: str, facts: Pairs) -> None:
        """The records of one exchange that began at ``at``; ``facts`` join what the connection told."""
        uri = ("WARC-Target-URI", answer.target.url)
        told = [uri, ("WARC-IP-Address", answer.address), *_secured(answer)]
        cut = [("WARC-Truncated", answer.truncated)] if answer.truncated else []
        kind = "application/http; msgtype="
        name = self._write("response", answer.raw, f"{kind}response", [*told, *cut], at, answer.body)
        beside = [uri, ("WARC-Concurrent-To", name)]
        request = io.BytesIO(answer.request)
        self._write("request", request, f"{kind}request", [*told, beside[1]], at, len(answer.request))
        self._write("metadata", _fields([*_seen(answer), *facts]), _FIELDS, beside, at)
        if answer.tls and answer.tls.chain:
            pem = "".join(map(ssl.DER_cert_to_PEM_cert, answer.tls.chain))
            self._write("metadata", io.BytesIO(pem.encode()), _CHAIN, beside, at)

    def _write(
        self, kind: str, content: IO[bytes], media_type: str, headers: Pairs, at: str, payload: int = 0
    ) -> str:
        """Write one record, whose payload begins at byte ``payload`` of ``content``; its id."""
        name = f"<urn:uuid:{uuid.uuid4()}>"
        block, inner, length = _digests(content, payload)
        told = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", name),
            ("WARC-Date", at),
            *headers,
            ("WARC-Block-Digest", block),
            ("WARC-Payload-Digest", inner),
        ]
        written = StatusAndHeaders("", told, protocol=_VERSION)
        self._writer.write_record(ArcWarcRecord("warc", kind, written, content, None, media_type, length))
        return name


def content(answer: Answer, limit: int) -> bytes | None:
    """The first ``limit`` bytes that ``answer`` carries, without chunks and compression; None if that fails.

    It inflates a block at a time, so that a small answer cannot fill the memory.
    """
    coding = (answer.header("content-encoding") or "").lower()
    if coding not in ("", "identity", *BufferedReader.get_supported_decompressors()):
        return None
    answer.raw.seek(answer.body)
    packed = None if coding in ("", "identity") else coding
    chunked = (answer.header("transfer-encoding") or "").lower() == "chunked"
    reader = (ChunkedDataReader if chunked else BufferedReader)(answer.raw, decomp_type=packed)
    try:
        return bytes(reader.read(limit))
    except (OSError, ValueError, zlib.error, ChunkedDataException):
        return None


def _fields(pairs: Pairs) -> IO[bytes]:
    """Lines of name and value; a value that holds a line end cannot begin a line of its own."""
    rows = (f"{name}: {' '.join(str(value).split())}\r\n" for name, value in pairs if value)
    return io.BytesIO("".join(rows).encode("utf-8", "backslashreplace"))


def _digests(content: IO[bytes], payload: int) -> tuple[str, str, int]:
    """The SHA-256 of all of ``content`` and of what begins at byte ``payload``, and its length."""
    block, inner, length = hashlib.sha256(), hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        block.update(chunk)
        inner.update(chunk[max(payload - length, 0) :])
        length += len(chunk)
    content.seek(0)
    return f"sha256:{block.hexdigest()}", f"sha256:{inner.hexdigest()}", length


def _secured(answer: Answer) -> Pairs:
    """The protocols that carried the answer; a cipher only by the name that the registry gives it."""
    yield "WARC-Protocol", "http/1.1"
    if answer.tls:
        yield "WARC-Protocol", answer.tls.protocol.lower().replace("tlsv", "tls/")
        if answer.tls.cipher.startswith("TLS_"):
            yield "WARC-Cipher-Suite", answer.tls.cipher


def _seen(answer: Answer) -> Pairs:
    """What the connection told, beside the bytes of the answer."""
    yield "dns-answers", ", ".join(answer.answers)
    yield "connected-to", f"{answer.address} port {answer.target.port}"
    if answer.tls:
        yield "tls-protocol", answer.tls.protocol
        yield "tls-cipher", answer.tls.cipher
        yield "tls-verified", f"no: {answer.tls.flaw}" if answer.tls.flaw else "yes"
        for certificate in answer.tls.chain:
            yield "tls-certificate-sha256", hashlib.sha256(certificate).hexdigest()
    if answer.truncated:
        yield "truncated", answer.flaw
    for remark in answer.remarks:
        yield "remark", remark
