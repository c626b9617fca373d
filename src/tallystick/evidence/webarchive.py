"""Web archives (WARC, ISO 28500): each page that a server gave, as it gave it, under its address.

The one door to warcio, which reads the heads of records as loosely as they are written. What lies
below the heads is read by ``gunzip`` and ``payload``, for it must hold against archives that are made
to break their reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from tallystick.errors import EmptyReport, NotWhole, ReportRefused, UnknownFormat
from tallystick.evidence.allowance import Damaged, Readable
from tallystick.evidence.gunzip import Unzipped
from tallystick.evidence.media import ARCHIVES, ENDINGS, HTML, JSON, LINES, UNKNOWN, XML, media_type_of
from tallystick.evidence.members import Flow, Member, PassedOver
from tallystick.evidence.payload import ENCODINGS, Digest, meant
from tallystick.evidence.record import Metadata, Source
from tallystick.values.plainly import plainly

HEAD_LIMIT = 64 << 10  # bytes of one head
RECORD_COST = 32 << 10  # bytes of the allowance that each record takes, however small it is
_BLANK = 4  # lines between records; two are right
_NAMED = 8  # kinds of what was passed over that are named
_KINDS = ("response", "resource", "conversion")
_SILENT = ("warcinfo", "request", "metadata")  # they tell of other records
_PICTURES = {"image": "pictures", "audio": "sound", "video": "films", "font": "fonts"}
_ALSO = {"application/xhtml+xml": HTML}
# An answer in JSON is what a page's scripts asked for, bare XML a map of the site: no reports.
_TEXTS = frozenset(ENDINGS.values()) - ARCHIVES - {JSON, LINES, XML}
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([a-z0-9_:.-]{1,40})""", re.I)

_warc = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"])
_http = StatusAndHeadersParser([], verify=False)


def from_warc(source: Source) -> Iterator[Member | PassedOver | ReportRefused]:
    """The pages of a web archive, in the order of its records."""
    with source.stored.open("rb") as file:
        yield from records(file, source)


def records(
    file: Readable, source: Source, within: str = ""
) -> Iterator[Member | PassedOver | ReportRefused]:
    """The pages of the web archive ``file``, which is the member ``within`` the source if it names one.

    A page is what a server gave with status 200, or what somebody put in its place, in a format that is
    read. It is named as web archives name it, by moment and address: ``20161007090000/https://…``. The
    moment is that of its capture, and no date of publication. What else there is, is counted and told.

    A page that breaks off or whose digest does not hold is refused. After a break in an archive that is
    gzipped record by record the next record is looked for; in others what follows is not read.
    """
    origin = f"{source.origin}, {plainly(within)}" if within else source.origin
    stream, seen = Unzipped(file), _Seen()
    while True:
        begin = stream.place
        source.allowance.spend(RECORD_COST)
        try:
            record = _next(stream)
        except Damaged as error:
            yield NotWhole(f"{origin}: what begins at byte {begin:,} {error}; fetch it again")
            lost = seen.anything = True
        else:
            if record is None:
                break
            yield from _given(record, source, origin, within, seen)
            lost = record.lost
        if lost and not stream.resume():
            if stream.unread():
                yield NotWhole(
                    f"{origin}: what follows byte {begin:,} is not read, for it cannot be told where "
                    "the next record begins; fetch it again"
                )
            break
    yield from seen.told(origin)


def _given(
    record: _Record, source: Source, origin: str, within: str, seen: _Seen
) -> Iterator[Member | ReportRefused]:
    """The page of this record, if it is one; then the rest of the record is read past."""
    where = f"{origin}, {plainly(record.name)}"
    try:
        found = _page(record, where)
        seen.add(record, found)
        if isinstance(found, Member):
            name = seen.named(found.name)
            yield replace(found, name=f"{within}/{name}" if within else name)
    except (Damaged, ReportRefused) as error:
        seen.anything = True
        yield error if isinstance(error, ReportRefused) else NotWhole(f"{where} {error}; fetch it again")
    try:
        for _ in () if record.lost else source.allowance.chunks(record, where):
            pass
    except NotWhole as refused:
        seen.anything = True
        yield refused


def _page(record: _Record, where: str) -> Member | str:
    """The page of this record, else what it is instead, in words.

    Raises ``Damaged`` where its head cannot be read, ``NotWhole`` where it says itself that it was
    cut off, ``UnknownFormat`` where it is packed in a way that nobody unpacks here.
    """
    if record.kind not in _KINDS:
        return record.kind
    head, chunked, encoding = record.head, False, ""
    if record.kind == "response":
        if not record.url.startswith(("http://", "https://")):
            return "answers of other services than the web"
        head = _head(_http, _Lines(record.readline))
        if not head.protocol.upper().startswith("HTTP/"):
            raise Damaged("has no answer of a server that could be read")
        if status := _status(head):
            return status
        encoding = (head.get_header("Content-Encoding") or "").strip().lower().replace("identity", "")
        chunked = (head.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    media_type, charset = _type(head, record.url)
    if media_type not in _TEXTS or record.path == "/robots.txt":
        return _PICTURES.get(media_type.partition("/")[0], media_type)
    if cut := record.head.get_header("WARC-Truncated") or record.head.get_header("WARC-Segment-Number"):
        raise NotWhole(f"{where} was not captured whole ({plainly(cut[:40])}); capture the page again")
    if encoding and encoding not in ENCODINGS:
        raise UnknownFormat(
            f"{where} is compressed by {plainly(encoding[:40])}, and only gzip and deflate are read; "
            "its bytes are kept: save the page from a browser and add that"
        )
    content = Flow(meant(record, digest=record.digest, chunked=chunked, encoding=encoding))
    known = Metadata(url=record.url if record.url.lower().startswith(("http://", "https://")) else None)
    return Member(record.name, media_type, content, known, charset=charset)


def _status(head: StatusAndHeaders) -> str | None:
    """What a server gave in place of a page, in words; None for a page."""
    status = head.get_statuscode()
    if status == "200":
        return None
    if not re.fullmatch("[1-5][0-9][0-9]", status):
        return "answers without a status"
    return "redirects" if status[0] == "3" and status != "304" else f"answers with status {status}"


def _type(head: StatusAndHeaders, url: str) -> tuple[str, str | None]:
    """The media type and the charset that stand in the head; where it tells no type, that of the address."""
    told = (head.get_header("Content-Type") or "").strip()
    media_type = told.partition(";")[0].strip().lower()
    charset = _CHARSET.search(told)
    if media_type in ("", UNKNOWN):
        media_type = media_type_of(PurePosixPath(_path(url)))
    elif not _TYPE.fullmatch(media_type):
        media_type = "files of no known kind"
    return _ALSO.get(media_type, media_type), charset[1] if charset else None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # brackets that make no address
        return ""


class _Record:
    """One record: its head, and its block, which is read once.

    Raises ``Damaged`` where the block is not what the head says. ``lost`` is then true where it cannot
    be told where the record ends.
    """

    def __init__(self, head: StatusAndHeaders, stream: Unzipped) -> None:
        self.head, self._stream = head, stream
        length = head.get_header("Content-Length") or ""
        if not re.fullmatch("[0-9]{1,15}", length):
            raise Damaged("does not say how long it is")
        self._left = int(length)
        self._block = Digest(head.get_header("WARC-Block-Digest"))
        self.lost = False
        self.kind = (head.get_header("WARC-Type") or "").lower()
        self.url = (head.get_header("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")
        self.path = _path(self.url)
        self.digest = head.get_header("WARC-Payload-Digest")
        moment = re.sub("[^0-9]", "", head.get_header("WARC-Date") or "")[:14]
        self.name = f"{moment or 'undated'}/{self.url}"

    def read(self, size: int, /) -> bytes:
        return self._taken(self._stream.read, size)

    def readline(self) -> bytes:
        return self._taken(self._stream.readline, HEAD_LIMIT + 1)

    def _taken(self, take: Callable[[int], bytes], size: int) -> bytes:
        if not self._left:
            return b""
        try:
            piece = take(min(size, self._left))
            if not piece:
                raise Damaged("breaks off")
            self._left -= len(piece)
            # To look at what comes next holds the checksum that gzip has of this record.
            if not self._left and self._stream.peek()[:1] not in (b"", b"\r", b"\n"):
                raise Damaged("has another length than its head says")
        except Damaged:
            self.lost = True
            raise
        self._block.update(piece)
        if not self._left and not self._block.holds():
            raise Damaged("is not what was captured: its WARC-Block-Digest does not hold")
        return piece


class _Lines:
    """The lines of one head, and no more of them than ``HEAD_LIMIT``."""

    def __init__(self, readline: Callable[[], bytes]) -> None:
        self._readline, self._left = readline, HEAD_LIMIT

    def readline(self) -> bytes:
        line = self._readline()
        self._left -= len(line)
        if self._left < 0:
            raise Damaged(f"has a head of more than {HEAD_LIMIT >> 10} KB")
        return line


def _next(stream: Unzipped) -> _Record | None:
    """The next record; None at the end. Raises ``Damaged`` where none begins."""
    lines = _Lines(partial(stream.readline, HEAD_LIMIT + 1))
    first = lines.readline()
    for _ in range(_BLANK):
        if first in (b"\r\n", b"\n"):
            first = lines.readline()
    if not first:
        return None
    return _Record(_head(_warc, lines, first), stream)


def _head(parser: StatusAndHeadersParser, lines: _Lines, first: bytes | None = None) -> StatusAndHeaders:
    try:
        return parser.parse(lines, first)
    except (StatusAndHeadersParserException, EOFError) as error:
        raise Damaged("has no head that can be read") from error


class _Seen:
    """What an archive held so far: names of pages, and how many of which kind of other things."""

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()
        self._passed: Counter[str] = Counter()
        self._digests: set[str] = set()
        self.anything = False  # a page, or why there is none

    def add(self, record: _Record, found: Member | str) -> None:
        """``record`` was found to be this."""
        if record.kind == "revisit":
            here = record.digest in self._digests
            found = f"captured again unchanged, {'first in this file' if here else 'first in another file'}"
        elif record.digest:
            self._digests.add(record.digest)
        if isinstance(found, Member):
            self.anything = True
        elif found not in _SILENT:
            self._passed[found] += 1

    def named(self, name: str) -> str:
        """``name``, or with a number where a page had it before."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name} ({self._names[name]})"

    def told(self, origin: str) -> Iterator[PassedOver | ReportRefused]:
        """What the archive held that is no page, the most frequent first."""
        if self._passed:
            kinds = sorted(self._passed.items(), key=lambda kind: (-kind[1], kind[0]))
            named = [f"{what} ({number:,})" for what, number in kinds[:_NAMED]]
            if rest := sum(number for _, number in kinds[_NAMED:]):
                named.append(f"other things ({rest:,})")
            yield PassedOver(f"{origin}: passed over what is no page: {', '.join(named)}")
        if not self.anything:
            yield EmptyReport(f"{origin} holds no page that is read; check that it was saved whole")
