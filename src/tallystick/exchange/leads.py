"""Mentions that GDELT lists, as leads: addresses to be fetched, each with where it came from.

A mention says that a program saw an event of some sort told at an address. It is no evidence and nothing of
it goes into a case: what is fetched from there is read like any other report. A list is GDELT's table of
mentions (2.0), plain or as the zip in which it is published: a line a mention, sixteen columns parted by
tabs, of which the first six are used (https://www.gdeltproject.org, codebook of the event database 2.0).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tallystick.errors import AskedWrongly
from tallystick.values.places.gazetteer import Refused
from tallystick.values.plainly import plainly

MOST = 1 << 30  # bytes of one list, unpacked; a day of mentions has some 500 MB
LINE = 1 << 16  # bytes of one line
LONGEST = 2048  # letters of an address
SHOWN = 3  # mentions of one address that are told, the first
_WEB = "1"  # the type of mention whose identifier is an address
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)\d\d")


@dataclass(frozen=True, slots=True)
class Lead:
    """An address, and the mentions that name it, each in words."""

    url: str
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leads:
    """The leads in the order in which they are first named, rows refused, and how many name no address."""

    leads: tuple[Lead, ...]
    refused: tuple[Refused, ...]
    passed: int


def leads(paths: Iterable[Path]) -> Leads:
    """The leads of lists of mentions. Raises ``AskedWrongly`` where a file cannot be read as one."""
    found: dict[str, list[str]] = {}
    refused: list[Refused] = []
    passed = 0
    for path in paths:
        for each in _mentions(path):
            if isinstance(each, Refused):
                refused.append(each)
            elif each is None:
                passed += 1
            else:
                found.setdefault(each[0], []).append(each[1])
    return Leads(tuple(Lead(url, tuple(came)) for url, came in found.items()), tuple(refused), passed)


def lines(found: Leads) -> Iterator[str]:
    """What ``tallystick fetch --from`` reads: each address on a line, below where it came from."""
    for lead in found.leads:
        for came in lead.came[:SHOWN]:
            yield f"# {plainly(came)}"
        if len(lead.came) > SHOWN:
            yield f"# and {len(lead.came) - SHOWN:,} more mentions"
        yield lead.url


def _mentions(path: Path) -> Iterator[tuple[str, str] | Refused | None]:
    """The address and origin of each row; ``None`` for a mention of what is not on the web."""
    try:
        with _opened(path) as file:
            read = row = 0
            while line := file.readline(LINE + 1):
                row, read = row + 1, read + len(line)
                if read > MOST:
                    raise AskedWrongly(f"{path} holds more than {MOST >> 30} GB; split it and name the parts")
                if len(line) > LINE:
                    raise AskedWrongly(
                        f"{path}, row {row}: its line is longer than {LINE:,} bytes; no list of "
                        "mentions has that"
                    )
                if line.strip():
                    yield _mention(path.name, row, line)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise AskedWrongly(
            f"{path} cannot be read as a list of mentions ({error}); fetch it again"
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The list itself, out of its zip where it came in one."""
    with path.open("rb") as file:
        if not file.peek(4).startswith(b"PK\x03\x04"):
            yield file
            return
        with zipfile.ZipFile(file) as package:
            held = [each for each in package.infolist() if not each.is_dir()]
            if len(held) != 1:
                raise AskedWrongly(
                    f"{path} holds {len(held)} files; a zip of GDELT's holds one list of mentions"
                )
            with package.open(held[0]) as inside:
                yield inside


def _mention(name: str, row: int, line: bytes) -> tuple[str, str] | Refused | None:
    try:
        cells = line.decode().rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        return Refused(name, row, "", "it is not UTF-8")
    if len(cells) < 6 or not cells[0].isdigit() or not _MOMENT.fullmatch(cells[2]):
        return Refused(
            name, row, cells[0][:40], "it is no mention (event, two moments, type, source, address)"
        )
    event, _, moment, kind, source, url = cells[:6]
    if kind != _WEB:
        return None
    if flaw := _flaw(url):
        return Refused(name, row, url[:60], flaw)
    at = _MOMENT.fullmatch(moment)
    assert at is not None
    sure = f", confidence {cells[11]} of 100" if len(cells) > 11 and cells[11].isdigit() else ""
    when = f"{at[1]}-{at[2]}-{at[3]} {at[4]}:{at[5]} UTC"
    return url, f"{name}, row {row}: GDELT event {event}, mentioned {when} by {source[:200]}{sure}"


def _flaw(url: str) -> str | None:
    """What makes an address none that could be fetched, in words."""
    if len(url) > LONGEST:
        return f"its address is longer than {LONGEST:,} letters"
    if not url.isprintable() or any(sign.isspace() for sign in url):
        return "its address holds spaces or marks that cannot be seen"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        return f"its address cannot be read ({error})"
    if parts.scheme.lower() not in ("http", "https") or not host:
        return "its address is none of the web"
    return None
