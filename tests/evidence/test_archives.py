"""ZIP, tar and gzip: what lies within is read as from a folder, and one bad file takes no other with it."""

from __future__ import annotations

import bz2
import io
import stat
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_boxes import gzipped, page, raw_zip, tar_of, warc_of, zip_of

from tallystick.evidence import allowance, sweep
from tallystick.model import Document

Written = Callable[..., list[Any]]
WORDS = "Two people were killed when shells struck the market of Velin, the town's monitor said."
PACKED = {"reports.zip": zip_of, "reports.tar": tar_of, "reports.tgz": lambda files: gzipped(tar_of(files))}


def names(items: list[Any]) -> list[str]:
    return [item.name for item in items if isinstance(item, Document)]


def kinds(items: list[Any]) -> list[str]:
    return ["read" if isinstance(item, Document) else type(item).__name__ for item in items]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_reads_like_the_folder_that_was_packed(
    name: str, tmp_path: Path, take: Written, taken: Written
) -> None:
    files = {
        "b/2.html": page(WORDS),
        "b.txt": b"Two died.",
        "a/deep/1.jsonl": b'{"id": "x", "text": "Three fell."}\n{"text": "Four fell."}',
        "a/deep/1.jsonl.meta.json": b'{"source": "Kite Wire", "published": "2016-10-07"}',
        "b/2.html.meta.json": b'{"id": "page-2", "title": "As filed"}',
        "lonely.txt.meta.json": b'{"text": "A report like others."}',
        ".hidden/c.txt": b"no",
        "a/.c.txt": b"no",
        "bad.txt": b"\0\1",
    }
    folder = tmp_path / "folder"
    for each, content in files.items():
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_bytes(content)
    from tallystick.evidence import discover

    loose = [item for path in discover([folder]) for item in take(path)]  # type: ignore[arg-type]
    packed = taken(name, PACKED[name](dict(reversed(files.items()))))
    facts = [(d.text, d.title, d.publisher, d.published) for d in packed if isinstance(d, Document)]
    assert facts == [(d.text, d.title, d.publisher, d.published) for d in loose if isinstance(d, Document)]
    assert kinds(packed) == kinds(loose)
    assert "page-2" in names(packed), "a sidecar may give a report its name"


def test_a_report_is_named_by_its_way_through_archives_within_archives(taken: Written) -> None:
    inner = zip_of({"mail/a.txt": b"Two died."})
    (document,) = taken("outer.zip", zip_of({"photos/inner.zip": inner}))
    assert document.name == "outer/photos/inner.zip/mail/a.txt"
    (document,) = taken("report.txt.gz", gzipped(b"Two died."))
    assert (document.name, document.text) == ("report.txt/report.txt", "Two died.")


def test_what_lay_beside_the_archive_is_said_of_each_report_but_its_title_and_address(
    tmp_path: Path, written: Written
) -> None:
    beside = (
        '{"title": "A box", "url": "https://x.example/box", "source": "Kite Wire", "published": "2016-10-07"}'
    )
    (document,) = written("box.zip", zip_of({"a.txt": b"Two died."}), beside=beside)
    assert (document.title, document.url) == (None, None)
    assert (document.publisher, document.published) == ("Kite Wire", date(2016, 10, 7))


def test_a_sidecar_that_cannot_be_read_refuses_its_report_alone(taken: Written) -> None:
    items = taken("a.zip", zip_of({"a.txt": b"Two died.", "a.txt.meta.json": b"[", "b.txt": b"Three died."}))
    assert kinds(items) == ["BadRecord", "read"]
    assert "a.zip, a.txt.meta.json is no JSON" in str(items[0])


NAMES = {
    "UTF-8, as said": ({"name": "حلب.txt".encode(), "flags": 0x800}, "حلب"),
    "UTF-8, unsaid": ({"name": "حلب.txt".encode()}, "حلب"),
    "of an unknown encoding": ({"name": "Zerstört.txt".encode("cp1252")}, "Zerst\\xf6rt"),
    "with signs that turn the line": ({"name": "a\u202etxt.b.txt".encode()}, "a\\u202etxt.b"),
    "with a line feed": ({"name": b"a\nb.txt"}, "a\\nb"),
}


@pytest.mark.parametrize(("entry", "name"), NAMES.values(), ids=NAMES)
def test_a_name_is_shown_as_text_or_by_its_bytes(entry: dict[str, Any], name: str, taken: Written) -> None:
    (document,) = taken("a.zip", raw_zip([{**entry, "content": b"Two died."}]))
    assert document.name == f"a/{name}.txt"


SOUND = {"name": b"z.txt", "content": b"Three died."}
LIES: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "encrypted": ([{"name": b"a.txt", "content": b"x", "flags": 1}], "Unreadable", "is encrypted"),
    "bzip2": (
        [{"name": b"a.txt", "content": b"x", "method": 12, "packed": bz2.compress(b"x")}],
        "UnknownFormat",
        "compressed by bzip2",
    ),
    "an unknown method": ([{"name": b"a.txt", "content": b"x", "method": 77}], "UnknownFormat", "by method 77"),
    "a link": (
        [{"name": b"a.txt", "content": b"/etc/passwd", "mode": stat.S_IFLNK | 0o777}],
        "Unreadable",
        "is a link",
    ),
    "a pipe": ([{"name": b"a.txt", "content": b"", "mode": stat.S_IFIFO | 0o644}], "Unreadable", "or a device"),
    "no name": ([{"name": b"", "content": b"x"}], "Unreadable", "leads out of the archive"),
    "an absolute name": ([{"name": b"/etc/a.txt", "content": b"x"}], "Unreadable", "leads out of the archive"),
    "a name of another drive": ([{"name": b"C:\\a.txt", "content": b"x"}], "Unreadable", "leads out"),
    "a name that climbs": ([{"name": b"a/../../b.txt", "content": b"x"}], "Unreadable", "leads out"),
    "a name that climbs on Windows": ([{"name": b"..\\b.txt", "content": b"x"}], "Unreadable", "leads out"),
    "a name twice": (
        [{"name": b"a.txt", "content": b"One died."}, {"name": b"a.txt", "content": b"Two died."}],
        "Unreadable",
        "stands there 2 times",
    ),
    "a size too small": (
        [{"name": b"a.txt", "content": b"Two died." * 99, "size": 9}],
        "NotWhole",
        "is damaged or cut off",
    ),
    "a size too large": (
        [{"name": b"a.txt", "content": b"Two died.", "size": 99}],
        "NotWhole",
        "has 9 bytes, but its directory says 99",
    ),
    "a wrong checksum": ([{"name": b"a.txt", "content": b"Two died.", "crc": 1}], "NotWhole", "is damaged"),
    "broken bytes": ([{"name": b"a.txt", "content": b"Two", "packed": b"\xff\xff\xff"}], "NotWhole", "is damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("entries", "kind", "says"), LIES.values(), ids=LIES)
def test_a_file_that_cannot_be_had_is_refused_alone(
    entries: list[dict[str, Any]], kind: str, says: str, taken: Written
) -> None:
    items = taken("a.zip", raw_zip([*entries, SOUND]))
    assert kinds(items) == [kind, "read"]
    assert "a.zip, " in str(items[0])
    assert says in str(items[0])
    assert items[1].text == "Three died."


def test_files_that_share_their_bytes_are_refused_and_the_others_read(taken: Written) -> None:
    kernel = {"name": b"a.txt", "content": b"0" * 100_000}
    again = [{**kernel, "name": b"%d.txt" % number, "at": 0} for number in range(50)]
    items = taken("a.zip", raw_zip([kernel, *again, SOUND]))
    assert kinds(items) == ["NotWhole"] * 51 + ["read"]
    assert "shares its bytes" in str(items[0])


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4", b"no archive at all", b"\x1f\x8b\x08\0\0", b"ustar" * 200]
)
def test_what_is_no_archive_is_refused_as_a_whole(name: str, content: bytes, taken: Written) -> None:
    (refused,) = taken(name, content)
    assert type(refused).__name__ == "NotWhole"
    assert name in str(refused)


def test_an_archive_without_a_file_is_refused_as_empty(taken: Written) -> None:
    for name, content in (
        ("a.zip", zip_of({})),
        ("a.tar", tar_of({})),
        ("b.zip", zip_of({"__MACOSX/a.txt": b"x"})),
    ):
        assert kinds(taken(name, content)) == ["EmptyReport"]


def test_a_tar_holds_no_links_devices_or_holes(taken: Written) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../up.txt", "/abs.txt", "z.txt"):
            info = tarfile.TarInfo(name)
            info.size = 9
            archive.addfile(info, io.BytesIO(b"Two died."))
    items = taken("a.tar", out.getvalue())
    assert sorted(kinds(items)) == ["Unreadable"] * 6 + ["read"]


def test_a_tar_with_a_broken_head_is_read_up_to_there_and_said_to_be_broken(taken: Written) -> None:
    content = bytearray(tar_of({"a.txt": b"One died.", "b.txt": b"Two died.", "c.txt": b"Three died."}))
    content[2 * 512 + 148] ^= 0xFF  # in the checksum of the second head
    items = taken("a.tar", bytes(content))
    assert kinds(items) == ["read", "NotWhole"]


def test_a_tar_whose_member_has_less_than_no_size_does_not_go_round_for_ever(taken: Written) -> None:
    head = bytearray(tar_of({"a.txt": b""})[:512])
    head[124:136] = b"\xff" * 10 + b"\xfe\x00"  # -512 in base 256
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    assert kinds(taken("a.tar", bytes(head) + bytes(1024))) == ["EmptyReport", "NotWhole"]


# ------------------------------------------------------------------------------------------ bombs


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_in_little_memory(
    tmp_path: Path, taken: Written
) -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(300)) + squeeze.flush()
    bomb = raw_zip([{"name": b"a.txt", "packed": packed, "size": 300 << 20}])
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    (refused,) = taken("a.zip", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "a.zip, a.txt unpacks to more than 64 MB" in str(refused)
    assert peak < 16 << 20


def test_archives_within_archives_end_after_a_thousand(
    taken: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "ARCHIVE_MEMBERS", 40)
    box = zip_of({"a.txt": b"One died."})
    for _ in range(3):
        box = zip_of({f"{number}.zip": box for number in range(8)})
    items = taken("42.zip", box)
    assert kinds(items)[-1] == "TooLarge"
    assert kinds(items)[:-1] == ["read"] * (len(items) - 1)
    assert "42.zip holds more than 40 archives" in str(items[-1])


def test_an_archive_that_names_a_million_files_is_refused_before_they_are_counted_out(taken: Written) -> None:
    entry = raw_zip([{"name": b"a.txt", "packed": b"", "method": 0}])
    end = entry.index(b"PK\5\6")
    begin = entry.index(b"PK\1\2")
    many = entry[begin:end] * 400_000
    tail = entry[end : end + 12] + len(many).to_bytes(4, "little") + entry[end + 16 :]
    (refused,) = taken("a.zip", entry[:begin] + many + tail)
    assert "a.zip has a directory of more than 16,384 KB" in str(refused)


def test_an_archive_with_more_files_than_its_size_makes_likely_is_refused(
    taken: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "MEMBERS", 3)
    monkeypatch.setattr(allowance, "MEMBER_SIZE", 1 << 20)
    files = {f"{number}.txt": b"Two died." for number in range(5)}
    for name, pack in PACKED.items():
        (refused,) = taken(name, pack(files))
        assert "more than 3 members" in str(refused)


def test_what_nobody_reads_is_named_and_not_unpacked(taken: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "BYTES", -20_000)
    items = taken("a.zip", zip_of({"a.exe": b"x" * 5000, "b.txt": b"Two died."}, zipfile.ZIP_STORED))
    assert kinds(items)[0] == "UnknownFormat"
    assert "a.zip, a.exe ends in .exe" in str(items[0])


def test_what_a_killed_process_unpacked_is_swept_away(tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "ab").mkdir(parents=True)
    (store / "ab" / ".new-x").write_bytes(b"words")
    assert sweep(store, older_than=-1) == 1
    assert list(store.rglob(".new*")) == []


# ------------------------------------------------------------------------------------- properties

LAWS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
TEXTS = st.dictionaries(
    st.from_regex(r"[a-zé]{1,3}(/[a-z]{1,2})?\.txt", fullmatch=True),
    st.text("abc ü.\n", min_size=1),
    max_size=6,
)


@LAWS
@given(files=TEXTS, name=st.sampled_from(sorted(PACKED)), order=st.randoms(use_true_random=False))
def test_any_files_packed_in_any_order_read_to_the_texts_of_loose_files(
    files: dict[str, str], name: str, order: Any, tmp_path: Path, take: Written, taken: Written
) -> None:
    loose: list[str] = []
    for text in files.values():
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        loose += (item.text for item in take(tmp_path / "a.txt") if isinstance(item, Document))
    packed = [(each, text.encode()) for each, text in files.items()]
    order.shuffle(packed)
    items = taken(name, PACKED[name](packed))
    assert sorted(item.text for item in items if isinstance(item, Document)) == sorted(loose)
    again = taken(name, PACKED[name](sorted(packed)))
    assert names(again) == names(items), "the order of packing changes nothing"


WHOLE = {
    name: pack({"a.txt": b"One died.", "b/c.html": page(WORDS), "d.zip": zip_of({"e.txt": b"Two died."})})
    for name, pack in PACKED.items()
}
TEXT_OF_WHOLE = {"One died.", WORDS, "Two died."}


@LAWS
@given(name=st.sampled_from(sorted(WHOLE)), share=st.floats(0, 1))
def test_an_archive_cut_off_anywhere_gives_documents_and_refusals(
    name: str, share: float, taken: Written
) -> None:
    whole = WHOLE[name]
    items = taken(name, whole[: int(share * (len(whole) - 1))])
    assert {item.text for item in items if isinstance(item, Document)} <= TEXT_OF_WHOLE
    if name == "reports.zip":
        assert kinds(items) == ["NotWhole"]


@LAWS
@given(
    name=st.sampled_from(sorted(WHOLE)),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=4),
)
def test_bytes_changed_anywhere_neither_crash_nor_pass_for_other_words(
    name: str, flips: list[tuple[float, int]], taken: Written
) -> None:
    content = bytearray(WHOLE[name])
    for share, change in flips:
        content[int(share * (len(content) - 1))] ^= change
    items = taken(name, bytes(content))
    assert items
    if name != "reports.tar":  # which has no checksum over what lies in it
        assert {item.text for item in items if isinstance(item, Document)} <= TEXT_OF_WHOLE


def test_a_web_archive_in_an_archive_is_opened_too(taken: Written) -> None:
    assert kinds(taken("a.zip", zip_of({"b.warc.gz": warc_of([])}))) == ["EmptyReport"]
