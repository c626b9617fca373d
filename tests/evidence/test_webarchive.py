"""Web archives: each page under its address, and everything else counted and told."""

from __future__ import annotations

import gzip
import io
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_boxes import (
    HTML_TYPE,
    OK,
    answer,
    gzipped,
    page,
    raw_answer,
    raw_record,
    sha1,
    wacz_of,
    warc_of,
    zip_of,
)
from warcio.archiveiterator import ArchiveIterator

from tallystick.evidence import PassedOver, webarchive
from tallystick.model import Document

Taken = Callable[[str, bytes], list[Any]]
WORDS = "Two people were killed when shells struck the market of Velin, the town's monitor said."
OTHER = "Officials of the Ostrava ministry denied on Saturday that their guns had fired at the market."
URL = "https://ridge.example/17"


def kinds(items: list[Any]) -> list[str]:
    return ["read" if isinstance(item, Document) else type(item).__name__ for item in items]


def texts(items: list[Any]) -> list[str]:
    return [item.text for item in items if isinstance(item, Document)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("crawl.warc.gz", warc_of([answer(URL, page(WORDS))])),
        ("crawl.warc", warc_of([answer(URL, page(WORDS))], gzipped=False)),
        ("crawl.warc.gz", gzipped(warc_of([answer(URL, page(WORDS))], gzipped=False))),
    ],
    ids=["zipped record by record", "not zipped", "zipped as a whole"],
)
def test_a_page_is_read_under_its_address_and_named_by_moment_and_address(
    name: str, content: bytes, taken: Taken
) -> None:
    (document,) = taken(name, content)
    stem = name.removesuffix(".gz").removesuffix(".warc") + (".warc" if name.endswith(".gz") else "")
    assert document.name == f"{stem}/20161008090000/{URL}"
    assert (document.text, document.url) == (WORDS, URL)
    assert (document.published, document.published_from) == (None, None), "captured is not published"


def test_the_address_of_capture_stands_before_what_the_page_says_of_itself(taken: Taken) -> None:
    head = '<link rel="canonical" href="https://other.example/"><meta property="og:title" content="Shells">'
    (document,) = taken("a.warc", warc_of([answer(URL, page(WORDS, head))], gzipped=False))
    assert (document.url, document.title) == (URL, "Shells")


def test_pages_are_told_apart_by_moment_and_address_and_else_by_number(taken: Taken) -> None:
    records = [
        answer(URL, page(WORDS)),
        answer(URL, page(WORDS), date="2016-10-09T09:00:00.123Z"),
        answer("https://ridge.example/copy", page(WORDS)),
        answer(URL, page(OTHER)),
        answer(URL, page(WORDS)),
    ]
    items = taken("a.warc.gz", warc_of(records))
    assert [item.name.removeprefix("a.warc/") for item in items] == [
        f"20161008090000/{URL}",
        f"20161009090000/{URL}",
        "20161008090000/https://ridge.example/copy",
        f"20161008090000/{URL} (2)",
        f"20161008090000/{URL} (3)",
    ]
    assert len({item.id for item in items}) == 5


def test_what_is_no_page_is_counted_and_told(taken: Taken) -> None:
    image, script = ("Content-Type", "image/png"), ("Content-Type", "application/javascript")
    body = page(WORDS)
    records = [
        answer(URL, body),
        answer(URL, b"", "301 Moved", ("Location", "/")),
        answer(URL, body, "404 Not Found"),
        answer(URL, b"png", OK, image),
        answer(URL, b"png", OK, image),
        answer(URL, b"js", OK, script),
        answer("https://ridge.example/robots.txt", b"User-agent: *", OK, ("Content-Type", "text/plain")),
        answer("dns:ridge.example", b"1.2.3.4", OK, ("Content-Type", "text/dns"), kind="resource"),
    ]
    again, elsewhere = (
        raw_record({"WARC-Type": "revisit", "WARC-Target-URI": URL, "WARC-Payload-Digest": sha1(each)}, b"")
        for each in (body, b"other")
    )
    about = raw_record({"WARC-Type": "metadata"}, b"outlink: /") + raw_record(
        {"WARC-Type": "request"}, b"GET /"
    )
    document, passed = taken("a.warc", warc_of(records, gzipped=False) + again + elsewhere + about)
    assert isinstance(document, Document)
    assert isinstance(passed, PassedOver)
    assert passed.text.endswith(
        "a.warc: passed over what is no page: pictures (2), answers with status 404 (1), "
        "application/javascript (1), captured again unchanged, first in another file (1), "
        "captured again unchanged, first in this file (1), redirects (1), text/dns (1), text/plain (1)"
    )


def test_what_somebody_put_in_the_place_of_an_answer_is_read(taken: Taken) -> None:
    text = ("Content-Type", "text/plain")
    records = [
        answer(URL, page(WORDS), OK, HTML_TYPE, kind="resource"),
        answer(f"urn:text:{URL}", OTHER.encode(), OK, text, kind="conversion"),
    ]
    items = taken("a.warc", warc_of(records, gzipped=False))
    assert [(item.text, item.url) for item in items] == [(WORDS, URL), (OTHER, None)]


def test_an_archive_without_a_page_is_refused_as_empty(taken: Taken) -> None:
    for content in (b"", warc_of([]), warc_of([], gzipped=False)):
        assert kinds(taken("a.warc.gz", content)) == ["EmptyReport"]


# ------------------------------------------------------------------------------------ as it was sent

CHUNKED = "Transfer-Encoding: chunked"


def chunks(body: bytes, size: int = 7) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


BODY = page(WORDS)
SENT = {
    "in chunks": (chunks(BODY), CHUNKED),
    "in one chunk with an extension": (b"%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n" % (len(BODY), BODY), CHUNKED),
    "said to be in chunks": (BODY, CHUNKED),
    "gzip": (gzip.compress(BODY), "Content-Encoding: gzip"),
    "x-gzip": (gzip.compress(BODY), "Content-Encoding: x-gzip"),
    "gzip in chunks": (chunks(gzip.compress(BODY), 1), CHUNKED, "Content-Encoding: GZIP"),
    "said to be gzip": (BODY, "Content-Encoding: gzip"),
    "deflate": (zlib.compress(BODY), "Content-Encoding: deflate"),
    "deflate without a head": (bare_deflate(BODY), "Content-Encoding: deflate"),
    "as it is": (BODY, "Content-Encoding: identity"),
    "with digest of the bytes as sent": (chunks(BODY), CHUNKED, sha1(chunks(BODY))),
    "with digest of the joined chunks": (chunks(BODY), CHUNKED, sha1(BODY)),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_a_page_is_read_however_it_was_sent(sent: tuple[Any, ...], taken: Taken) -> None:
    body, *lines = sent
    digest = {"WARC_Payload_Digest": lines.pop()} if lines[-1].startswith("sha1") else {}
    (document,) = taken("a.warc", raw_answer(URL, body, "Content-Type: text/html", *lines, **digest))
    assert document.text == WORDS


ARABIC = "قتل شخصان وأصيب أحد عشر آخرون عندما سقطت قذائف على سوق المدينة يوم الجمعة، قال المرصد."


@pytest.mark.parametrize("told", ["windows-1256", '"windows-1256"', "WINDOWS-1256; q=1"])
def test_the_charset_that_the_server_named_stands_before_that_of_the_page(told: str, taken: Taken) -> None:
    body = page(ARABIC).replace(b"utf-8", b"latin-1").decode().encode("cp1256")
    for kind in ("text/html", "text/plain"):
        (document,) = taken("a.warc", raw_answer(URL, body, f"Content-Type: {kind}; charset={told}"))
        assert ARABIC in document.text


def test_a_charset_that_nobody_knows_is_as_none(taken: Taken) -> None:
    for told in ("klingon-8", "rot13", "punycode"):
        (document,) = taken(
            "a.warc", raw_answer(URL, page(ARABIC), f"Content-Type: text/html; charset={told}")
        )
        assert document.text == ARABIC


@pytest.mark.parametrize("code", ["br", "zstd", "gzip, gzip"])
def test_a_page_compressed_in_a_way_nobody_unpacks_is_refused_by_name(code: str, taken: Taken) -> None:
    content = raw_answer(URL, BODY, "Content-Type: text/html", f"Content-Encoding: {code}")
    items = taken("a.warc", content + raw_answer(URL, page(OTHER)))
    assert kinds(items) == ["UnknownFormat", "read"]
    assert f"20161008090000/{URL} is compressed by {code}" in str(items[0])


@pytest.mark.parametrize(
    "told",
    [
        {"WARC_Payload_Digest": sha1(b"other words")},
        {"WARC_Payload_Digest": "sha256:" + "0" * 64},
        {"WARC_Block_Digest": sha1(BODY)},
    ],
)
def test_a_page_whose_digest_does_not_hold_is_refused_by_name(told: dict[str, str], taken: Taken) -> None:
    items = taken("a.warc", raw_answer(URL, BODY, **told) + raw_answer(URL, page(OTHER)))
    assert kinds(items) == ["NotWhole", "read"]
    assert f"20161008090000/{URL} is not what was captured" in str(items[0])


def test_a_digest_that_nobody_can_check_stops_no_page(taken: Taken) -> None:
    for told in ("blake9:00", "sha1", "", "tree:x:y"):
        assert kinds(taken("a.warc", raw_answer(URL, BODY, WARC_Payload_Digest=told))) == ["read"]


def test_a_page_that_the_archive_itself_cut_off_is_refused(taken: Taken) -> None:
    (refused,) = taken("a.warc", raw_answer(URL, BODY, WARC_Truncated="length"))
    assert "was not captured whole (length)" in str(refused)


# ------------------------------------------------------------------------------------------ broken


def test_after_a_broken_record_the_next_is_found_in_a_gzipped_archive(taken: Taken) -> None:
    first, second, third = (warc_of([answer(URL, page(each))]) for each in (WORDS, OTHER, WORDS + OTHER))
    broken = bytearray(first)
    broken[-4] ^= 1  # the checksum of its last member
    items = taken("a.warc.gz", bytes(broken) + second + third)
    assert kinds(items) == ["NotWhole", "read", "read"]
    assert "is damaged: its gzip data do not hold" in str(items[0])
    torn = bytearray(first)
    torn[torn.rfind(b"\x1f\x8b\x08") + 10] |= 0b111  # a block of no known type: it unzips to nothing
    items = taken("a.warc.gz", bytes(torn) + second + third)
    assert kinds(items) == ["NotWhole", "read", "read"]


def test_a_record_that_lies_of_its_length_ends_an_archive_that_is_not_zipped(taken: Taken) -> None:
    """What looks like the next record may be the words of a page: it is not guessed."""
    forged = raw_answer("https://forged.example/", page(OTHER))
    items = taken("a.warc", raw_answer(URL, b"x" * 900 + forged, length=400) + forged)
    assert kinds(items) == ["NotWhole", "NotWhole"]
    assert "has another length than its head says" in str(items[0])
    assert "is not read, for it cannot be told where the next record begins" in str(items[1])


HEADS = {
    "no archive": b"PK\3\4" + b"x" * 99,
    "another version": b"WARC/9.9\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
    "no length": b"WARC/1.0\r\nWARC-Type: response\r\n\r\n",
    "a length of other digits": raw_record({"WARC-Type": "response"}, b"").replace(b": 0", b": +0"),
    "a length past all numbers": raw_record({"WARC-Type": "response"}, b"").replace(
        b": 0", b": " + b"9" * 5000
    ),
    "a line without an end": b"WARC/1.0\r\nX: " + b"x" * 100_000,
    "a head without an end": b"WARC/1.0\r\n" + b"X: y\r\n" * 30_000,
    "blank lines": b"\r\n" * 100_000,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("pack", [bytes, gzipped])
def test_what_is_no_web_archive_is_refused(head: bytes, pack: Callable[[bytes], bytes], taken: Taken) -> None:
    items = taken("a.warc.gz", pack(head))
    assert set(kinds(items)) == {"NotWhole"}


def test_an_answer_without_a_head_is_refused_alone(taken: Taken) -> None:
    head = {"WARC-Type": "response", "WARC-Target-URI": URL}
    bad = (
        raw_record(head, b"<html>no head</html>")
        + raw_record(head, b"")
        + raw_record(head, b"HTTP/1.1\r\n\r\n")
    )
    items = taken("a.warc", bad + raw_answer(URL, BODY))
    assert kinds(items) == ["NotWhole", "NotWhole", "read", "PassedOver"]
    assert f"undated/{URL}" in str(items[0])


@pytest.mark.parametrize("sent", [b"5\r\nabc", b"5\r\nabcdexx\r\n0\r\n\r\n", b"5\r\nabcde\r\n" + b"f" * 5000])
def test_chunks_that_do_not_hold_are_refused(sent: bytes, taken: Taken) -> None:
    items = taken(
        "a.warc", raw_answer(URL, sent, "Content-Type: text/plain", CHUNKED) + raw_answer(URL, BODY)
    )
    assert kinds(items) == ["NotWhole", "read"]


@pytest.mark.parametrize("code", ["gzip", "deflate"])
def test_compressed_pages_that_break_off_are_refused(code: str, taken: Taken) -> None:
    packed = (gzip.compress if code == "gzip" else zlib.compress)(BODY)
    for part in (packed[:-9], packed[:20] + b"\xff" * 9):
        content = raw_answer(URL, part, "Content-Type: text/html", f"Content-Encoding: {code}")
        assert kinds(taken("a.warc", content + raw_answer(URL, BODY))) == ["NotWhole", "read"]


BOMBS = {
    "zeros": b"\0" * (50 << 20),
    "records of nothing": raw_record({"WARC-Type": "request"}, b"") * 100_000,
    "a picture": raw_answer(URL, b"\0" * (50 << 20), "Content-Type: image/png"),
    "a page": raw_answer(URL, b"\0" * (70 << 20), "Content-Type: text/html"),
    "a zipped page": raw_answer(
        URL, gzip.compress(b"\0" * (70 << 20)), "Content-Type: text/html", "Content-Encoding: gzip"
    ),
    "small chunks": raw_answer(URL, b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n", "Content-Type: image/x", CHUNKED),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_web_archive_that_explodes_ends_soon(
    name: str, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webarchive, "RECORD_COST", 1 << 20)
    begun = time.process_time()
    items = taken("a.warc.gz", gzipped(BOMBS[name]))
    assert time.process_time() - begun < 5
    assert "read" not in kinds(items)


def test_gzip_members_without_anything_in_them_end_soon(taken: Taken) -> None:
    assert kinds(taken("a.warc.gz", gzipped(b"") * 50_000)) == ["NotWhole", "NotWhole"]
    assert kinds(taken("a.txt.gz", gzipped(b"") * 50_000)) == ["NotWhole"]


# -------------------------------------------------------------------------------------------- WACZ

CRAWL = warc_of(
    [answer(URL, page(WORDS)), answer("https://ridge.example/18", page(OTHER, "<title>Own</title>"))]
)
PAGES = [{"url": URL, "title": "Shells  strike"}, {"url": "https://ridge.example/18", "title": "Other"}]


def test_a_wacz_gives_its_pages_with_titles_where_they_have_none(taken: Taken) -> None:
    items = taken("a.wacz", wacz_of({"data.warc.gz": CRAWL}, PAGES))
    assert [(item.title, item.text) for item in items] == [("Shells strike", WORDS), ("Own", OTHER)]
    assert items[0].name == f"a/archive/data.warc.gz/20161008090000/{URL}"


def test_what_does_not_hold_in_a_wacz_is_refused_by_name_and_the_rest_read(taken: Taken) -> None:
    other = warc_of([answer(URL, page(OTHER))])
    two = {"data.warc.gz": CRAWL, "more.warc.gz": other}
    changed = taken("a.wacz", wacz_of(two, PAGES, {"archive/data.warc.gz": other}))
    assert kinds(changed) == ["NotWhole", "read"]
    assert "archive/data.warc.gz is not the file that was packed" in str(changed[0])
    untitled = taken(
        "b.wacz",
        wacz_of(two, PAGES, {"pages/pages.jsonl": b'{"url": "%s", "title": "Forged"}' % URL.encode()}),
    )
    assert kinds(untitled) == ["NotWhole", "read", "read", "read"]
    assert [item.title for item in untitled[1:]] == [None, "Own", None]
    added = taken("c.wacz", wacz_of({"data.warc.gz": CRAWL}, PAGES, {"archive/late.warc.gz": other}))
    assert kinds(added) == ["NotWhole", "read", "read"]
    assert "archive/late.warc.gz is not listed in datapackage.json" in str(added[0])


@pytest.mark.parametrize(
    ("package", "says"),
    [
        (b"{}", "is not the one whose digest stands in datapackage-digest.json"),
        (None, "has no datapackage.json"),
    ],
)
def test_a_wacz_without_a_sound_list_says_so_and_is_read_by_its_own_digests(
    package: bytes | None, says: str, taken: Taken
) -> None:
    if package is None:
        content = zip_of({"archive/data.warc.gz": CRAWL})
    else:
        content = wacz_of({"data.warc.gz": CRAWL}, changed={"datapackage.json": package})
    items = taken("a.wacz", content)
    assert kinds(items) == ["NotWhole", "read", "read"]
    assert says in str(items[0])


def test_a_wacz_whose_list_names_what_is_not_there_says_so(taken: Taken) -> None:
    package = b'{"resources": [{"path": "archive/gone.warc.gz", "hash": "sha256:00"}]}'
    (missing, empty) = taken("a.wacz", zip_of({"datapackage.json": package}))
    assert "archive/gone.warc.gz is listed in datapackage.json and is not there" in str(missing)
    assert type(empty).__name__ == "EmptyReport"


# -------------------------------------------------------------------------------------- properties

LAWS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
PAGES_OF_WORDS = st.lists(st.sampled_from([WORDS, OTHER, ARABIC, WORDS + " " + OTHER]), max_size=5)
WHOLE = warc_of(
    [
        answer(URL, page(WORDS)),
        answer(URL, b"\x89PNG" * 50, OK, ("Content-Type", "image/png")),
        answer(URL, page(OTHER)),
    ]
)
BOXES = {
    "a.warc.gz": WHOLE,
    "b.warc": gzip.decompress(WHOLE),
    "c.wacz": wacz_of({"data.warc.gz": WHOLE}, PAGES),
}


@LAWS
@given(words=PAGES_OF_WORDS, zipped=st.booleans())
def test_pages_packed_in_any_order_read_to_the_texts_of_loose_pages(
    words: list[str], zipped: bool, taken: Taken
) -> None:
    loose = [text for each in words for text in texts(taken("a.html", page(each)))]
    records = [answer(f"{URL}/{number}", page(each)) for number, each in enumerate(words)]
    assert texts(taken("a.warc.gz", warc_of(records, gzipped=zipped))) == loose


@LAWS
@given(words=PAGES_OF_WORDS, zipped=st.booleans())
def test_warcio_reads_the_same_pages(words: list[str], zipped: bool, taken: Taken) -> None:
    content = warc_of(
        [answer(f"{URL}/{number}", page(each)) for number, each in enumerate(words)], gzipped=zipped
    )
    others = [
        record.content_stream().read()
        for record in ArchiveIterator(io.BytesIO(content))
        if record.rec_type == "response"
    ]
    assert [page(text) for text in texts(taken("a.warc.gz", content))] == others


@LAWS
@given(name=st.sampled_from(sorted(BOXES)), share=st.floats(0, 1))
def test_a_web_archive_cut_off_anywhere_gives_documents_and_refusals(
    name: str, share: float, taken: Taken
) -> None:
    whole = BOXES[name]
    items = taken(name, whole[: int(share * (len(whole) - 1))])
    assert set(texts(items)) <= {WORDS, OTHER}
    assert items


@LAWS
@given(
    name=st.sampled_from(sorted(BOXES)),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=4),
)
def test_bytes_changed_anywhere_neither_crash_nor_pass_for_other_words(
    name: str, flips: list[tuple[float, int]], taken: Taken
) -> None:
    content = bytearray(BOXES[name])
    for share, change in flips:
        content[int(share * (len(content) - 1))] ^= change
    items = taken(name, bytes(content))
    assert items
    if name != "b.warc":  # there, a changed head may name another digest
        assert set(texts(items)) <= {WORDS, OTHER}
