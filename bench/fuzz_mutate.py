"""How an input is spoilt: bytes, chunks, numbers and words of its kind, and what lies packed within it."""

from __future__ import annotations

import gzip
import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

MOST = 1 << 20  # bytes of one input, so that its slowness is the reader's and not its length's
WORDS = [
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xed\xa0\xbd", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\r", b"\n", b"\r\n\r\n", b"\x1b", b" "),
    *(b"{", b"}", b"[", b"]", b'"', b"\\u0000", b"\\ud83d", b"null", b"NaN", b"1e999", b'"text"', b'"published"', b'"id"'),
    *(b"<", b">", b"</", b"<!--", b"<![CDATA[", b"]]>", b"&#0;", b"&#x110000;", b"&a;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<p>", b"<table>", b"<svg>", b"<meta charset=utf-7>"),
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08", b"../", b"/", b"C:\\", b"BZh", b"Rar!"),
    *(b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"<<", b">>", b"/Kids", b"/Parent", b"/Prev", b"/Length", b"/Filter", b"/FlateDecode", b"/Encrypt", b"1 0 R", b"%%EOF"),
    *(b"WARC/1.1\r\n", b"Content-Length:", b"Content-Type:", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"HTTP/1.1 200 OK\r\n", b"WARC-Type: response\r\n"),
    *(b"MIME-Version: 1.0\r\n", b"multipart/mixed; boundary=cut", b"--cut\r\n", b"--cut--", b"base64", b"=?utf-8?B?", b"?=", b"message/rfc822", b"From "),
    *(b"0000-01-01", b"9999-12-31", b"99999", b"-1", b"4294967296", b"9223372036854775808", b"1" * 400),
]  # fmt: skip
_NUMBER = re.compile(rb"\d+")

Mutator = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of ``seeds``, spoilt in one to eight ways; for something packed often within the packing."""
    data = chance.choice(seeds)
    for packing in (_in_zip, _in_gzip):
        if chance.random() < 0.6 and (inner := packing(chance, data, seeds)) is not None:
            return inner[:MOST]
    return _spoilt(chance, data, seeds)[:MOST]


def _spoilt(chance: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    for _ in range(1 + int(chance.expovariate(0.7)) % 8):
        data = chance.choice(_MUTATORS)(chance, data, seeds)[:MOST]
    return data


def _in_zip(chance: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes | None:
    """The archive with one of its members spoilt, its sums right; None where it is no archive."""
    if not data.startswith(b"PK"):
        return None
    out = io.BytesIO()
    try:
        with (
            warnings.catch_warnings(),
            zipfile.ZipFile(io.BytesIO(data)) as old,
            zipfile.ZipFile(out, "w") as new,
        ):
            warnings.simplefilter("ignore")
            members = old.infolist()
            if not members or sum(member.file_size for member in members) > MOST:
                return None
            chosen = chance.choice(members)
            for member in members:
                content = old.read(member)
                new.writestr(member, _spoilt(chance, content, seeds) if member is chosen else content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return None
    return out.getvalue()


def _in_gzip(chance: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes | None:
    """The same of what gzip packed."""
    if not data.startswith(b"\x1f\x8b") or len(data) > MOST >> 4:
        return None
    try:
        return gzip.compress(_spoilt(chance, gzip.decompress(data), seeds), 1, mtime=0)
    except (zlib.error, OSError, EOFError):
        return None


def _place(chance: random.Random, data: bytes) -> tuple[int, int]:
    """Where a chunk begins and ends; most are short."""
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.expovariate(0.02)) + 1)


def _flip(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _byte(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at]
        + bytes([chance.choice((0, 1, 9, 10, 32, 34, 39, 60, 62, 92, 127, 128, 255, chance.randrange(256)))])
        + data[at + 1 :]
    )


def _drop(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _place(chance, data)
    return data[:start] + data[end:]


def _cut(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _word(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    over = chance.choice((0, 0, 4))
    return data[:at] + chance.choice(WORDS) + data[at + over :]


def _number(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data[: 1 << 16]))
    if not found:
        return data
    match = chance.choice(found)
    new = chance.choice(
        (
            b"0",
            b"-1",
            b"1",
            b"65536",
            b"2147483647",
            b"4294967295",
            b"99999999999999999999",
            b"0000",
            b"9999",
            match[0] * 3,
        )
    )
    return data[: match.start()] + new + data[match.end() :]


def _again(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A chunk many times over: depth, length, number."""
    start, end = _place(chance, data)
    times = 1 << chance.randrange(1, 17)
    return data[:start] + data[start:end] * min(times, MOST // (end - start + 1)) + data[end:]


def _exchange(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    one, other = sorted((_place(chance, data), _place(chance, data)))
    if one[1] > other[0]:
        return data
    return (
        data[: one[0]]
        + data[other[0] : other[1]]
        + data[one[1] : other[0]]
        + data[one[0] : one[1]]
        + data[other[1] :]
    )


def _join(chance: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


_MUTATORS: tuple[Mutator, ...] = (_flip, _byte, _drop, _cut, _word, _word, _number, _again, _exchange, _join)
