"""A sealed file: other programs read it, the same case gives the same bytes, and no change passes."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_others import program
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tallystick import signing
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence import cdxj, keys, path_of
from tallystick.evidence.attested import Outcome, Trust
from tallystick.expunge import ToExpunge

NOW = "2026-11-22T10:00:00.250Z"
PAGE = "<html><head><title>Solem</title></head><body><p>At least 12 people were killed in Solem.</p></body></html>"
URL = "https://www.example.org/News/2026?b=2&a=1"


def fetched(gzipped: bool = True, url: str = URL) -> bytes:
    """A page as it was fetched: a WARC file with its request, response and headers."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Server", "old")], "HTTP/1.1"
    )
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "www.example.org")], is_http_request=True)
    response = writer.create_warc_record(
        url, "response", io.BytesIO(PAGE.encode()), len(PAGE), http_headers=headers
    )
    writer.write_request_response_pair(
        writer.create_warc_record(url, "request", http_headers=asked), response
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def rack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rack")
    for name in ("harrow", "other"):
        keys.make(name, folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of plain reports, pages, web archives, and files that only begin like one."""
    folder = tmp_path_factory.mktemp("made")
    reports = folder / "reports"
    reports.mkdir()
    contents: dict[str, bytes] = {
        "plain.txt": b"At least 12 people were killed in Solem on Friday.",
        "page.html": PAGE.encode(),
        "two.jsonl": b'{"id":"a","text":"One was killed."}\n{"id":"b","text":"Two were wounded."}\n',
        "fetched.warc.gz": fetched(),
        "plain.warc": fetched(gzipped=False, url="http://Other.example.org:8080/"),
        "cut.warc": fetched(gzipped=False, url="http://cut.example.org/")[:-20],
        "broken.warc.gz": fetched()[:-40],
        "broken.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999\r\n\r\nshort",
        "one-stream.warc.gz": gzip.compress(fetched(gzipped=False), mtime=0),
        "only.json.gz": gzip.compress(b'{"text":"x"}', mtime=0),
        "empty.txt": b"",
        "lines\nand \u202ebidi.bin": b"\x00\xff\r\n\r\nWARC/1.0\r\n",
    }
    for name, content in contents.items():
        (reports / name).write_bytes(content)
    with Case.make(folder / "case", clock=lambda: NOW) as opened:
        opened.add([reports])
    return folder / "case"


@pytest.fixture(scope="module")
def seal(rack: Path) -> Callable[[Path, Path], Path]:
    def run(case: Path, out: Path) -> Path:
        with (
            pytest.MonkeyPatch.context() as patch,
            Case.open(case, write=True, clock=lambda: NOW) as opened,
        ):
            patch.setenv("TALLYSTICK_WHO", "A. Haddad")
            sealed = opened.seal(out, keys.unlock("harrow", rack))
        assert sealed.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
        return out

    return run


@pytest.fixture(scope="module")
def done(made: Path, seal: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case, and the file that it was sealed into."""
    folder = tmp_path_factory.mktemp("done")
    seal(Path(shutil.copytree(made, folder / "case")), folder / "out.wacz")
    return folder


@pytest.fixture
def case(tmp_path: Path, done: Path) -> Path:
    return Path(shutil.copytree(done / "case", tmp_path / "case"))


@pytest.fixture
def sealed(tmp_path: Path, done: Path) -> Path:
    return Path(shutil.copy(done / "out.wacz", tmp_path))


@pytest.fixture
def check(rack: Path) -> Callable[..., Outcome]:
    def run(path: Path, who: str = "harrow") -> Outcome:
        return signing.check(path, None, Trust(keys.given(str(rack / f"{who}.pub.pem"))))

    return run


def records(sealed: Path) -> Iterator[tuple[str, str, bytes, str | None]]:
    """Each record: in which file, its address, what it holds, and the server it came from."""
    with zipfile.ZipFile(sealed) as package:
        for name in package.namelist():
            if name.startswith("archive/"):
                for each in ArchiveIterator(io.BytesIO(package.read(name)), check_digests="raise"):
                    server = each.http_headers and each.http_headers.get_header("Server")
                    yield (
                        name,
                        each.rec_headers.get_header("WARC-Target-URI") or "",
                        each.raw_stream.read(),
                        server,
                    )


# ---------------------------------------------------------------------------- what others read


@pytest.fixture(scope="module")
def others() -> str:
    """A Python that has Webrecorder's own programs."""
    return program("wacz")


def test_another_program_finds_the_file_valid(sealed: Path, others: str) -> None:
    command = [others, "-W", "ignore", "-m", "wacz", "validate", "-f", sealed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation succeeded" in done.stdout


def test_every_capture_is_read_back_byte_for_byte(sealed: Path, case: Path) -> None:
    held = {hashlib.sha256(content).hexdigest() for _, _, content, _ in records(sealed)}
    with zipfile.ZipFile(sealed) as package:
        held |= {hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
    with Case.open(case) as opened:
        captures = opened._ledger.captures()
    assert len(captures) == 12
    assert {each.id for each in captures} <= held


def test_what_was_fetched_keeps_its_headers_and_what_only_looks_so_is_kept_as_a_file(sealed: Path) -> None:
    found = list(records(sealed))
    assert {(name.count("data.warc.gz"), url, server) for name, url, _, server in found if server} == {
        (0, URL, "old"),
        (0, "http://Other.example.org:8080/", "old"),
    }
    plain = [url for name, url, _, _ in found if name == "archive/data.warc.gz"]
    assert len(plain) == 1 + 10, "a record about the file, and the captures that are no whole web archive"
    assert all(url.startswith("urn:sha256:") for url in plain[1:])


def test_the_index_leads_to_each_record_and_is_sorted(sealed: Path) -> None:
    with zipfile.ZipFile(sealed) as package:
        index = package.read("indexes/index.cdx").decode().splitlines()
        assert index == sorted(index)
        assert len(index) == 12
        for line in index:
            key, moment, told = line.split(" ", 2)
            entry = json.loads(told)
            whole = package.read(f"archive/{entry['filename']}")
            at = int(entry["offset"])
            part = whole[at : at + int(entry["length"])]
            (record,) = ArchiveIterator(io.BytesIO(part))
            assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
            assert key == cdxj.surt(entry["url"])
            assert (
                record.rec_headers.get_header("WARC-Date").translate({45: "", 84: "", 58: ""})[:14] == moment
            )


def test_another_indexer_finds_the_same_records_in_the_same_places(
    sealed: Path, tmp_path: Path, others: str
) -> None:
    with zipfile.ZipFile(sealed) as package:
        package.extractall(tmp_path / "unpacked")
        ours = package.read("indexes/index.cdx").decode().splitlines()
    archives = sorted((tmp_path / "unpacked" / "archive").iterdir())
    command = [others, "-W", "ignore", "-m", "cdxj_indexer.main", *archives]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    def places(lines: list[str]) -> set[tuple[str, ...]]:
        out = set()
        for key, moment, told in (line.split(" ", 2) for line in lines):
            entry = json.loads(told)
            out.add(
                (key, moment, *(str(entry[name]) for name in ("url", "mime", "offset", "length", "filename")))
            )
        return out

    assert places(ours) == places(done.stdout.splitlines())


def test_the_pages_have_addresses_that_the_index_knows(sealed: Path) -> None:
    with zipfile.ZipFile(sealed) as package:
        header, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
        index = [
            json.loads(line.split(" ", 2)[2])["url"]
            for line in package.read("indexes/index.cdx").decode().splitlines()
        ]
    assert header["format"] == "json-pages-1.0"
    assert len({page["id"] for page in pages}) == len(pages) >= 9
    assert {page["url"] for page in pages} <= set(index)
    assert "Solem" in {page["title"] for page in pages}


def test_our_own_records_lie_beside_the_captures(sealed: Path, tmp_path: Path, case: Path) -> None:
    with zipfile.ZipFile(sealed) as package:
        names = {
            name.removeprefix("tallystick/") for name in package.namelist() if name.startswith("tallystick/")
        }
        lines = [json.loads(line) for line in package.read("tallystick/captures.jsonl").splitlines()]
        (tmp_path / "copy").mkdir()
        (tmp_path / "copy" / "ledger.sqlite").write_bytes(package.read("tallystick/ledger.sqlite"))
    assert names >= {f"{name}.jsonl" for name in ("documents", "claims", "accounts", "incidents", "findings")}
    assert "harrow.pem" in names
    assert sum(name.endswith((".json", ".sig")) for name in names) == 2
    with Case.open(case) as opened:
        assert [each["sha256"] for each in lines] == list(opened._ledger.extent().captures)
    with Case.open(tmp_path / "copy") as copied:
        assert copied._ledger.problems() == []
        assert len(copied._ledger.captures()) == 12


def test_the_custody_record_tells_what_was_sealed_and_given_which_digest(sealed: Path, case: Path) -> None:
    with Case.open(case) as opened:
        (event,) = opened._ledger.events("sealed")
    assert event.item == hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert event.facts["file"] == "out.wacz"
    assert event.facts["size"] == sealed.stat().st_size


def test_the_same_case_at_the_same_moment_gives_the_same_bytes(
    made: Path, tmp_path: Path, seal: Callable[..., Path]
) -> None:
    one, two = (
        seal(Path(shutil.copytree(made, tmp_path / name)), tmp_path / f"{name}.wacz") for name in "ab"
    )
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "no clock is asked"


# ------------------------------------------------------------------------------------ checking


def test_a_stranger_checks_it_with_the_public_key_alone(
    sealed: Path, case: Path, check: Callable[..., Outcome]
) -> None:
    shutil.rmtree(case)
    outcome = check(sealed)
    assert outcome.fails == ()
    assert "are what was signed with the key that was given" in outcome.holds[0]
    assert "12 captures" in outcome.holds[0]


def test_another_key_is_not_believed(sealed: Path, check: Callable[..., Outcome]) -> None:
    outcome = check(sealed, "other")
    assert outcome.holds == ()
    assert "signed with another key" in outcome.fails[0]


def rewritten(sealed: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The sealed file with its parts changed, as a zip that is sound."""
    with zipfile.ZipFile(sealed) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    out = sealed.with_name("changed.wacz")
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out


def names_of(sealed: Path) -> list[str]:
    with zipfile.ZipFile(sealed) as package:
        return package.namelist()


def test_a_changed_part_is_named_whichever_it_is(sealed: Path, check: Callable[..., Outcome]) -> None:
    for name in names_of(sealed):
        for at in (0, -1):

            def flip(parts: dict[str, bytes], name: str = name, at: int = at) -> None:
                content = bytearray(parts[name] or b"\x00")
                content[at] ^= 1
                parts[name] = bytes(content)

            outcome = check(rewritten(sealed, flip))
            assert outcome.holds == ()
            if name == "datapackage-digest.json" and at == -1:
                assert outcome.fails, "its last byte is a line's end"
            else:
                assert any(name in each or "signature" in each for each in outcome.fails), (name, at)


def test_a_missing_and_an_added_part_are_named(sealed: Path, check: Callable[..., Outcome]) -> None:
    for name in names_of(sealed):
        outcome = check(rewritten(sealed, lambda parts, name=name: parts.pop(name)))
        assert any(name in each for each in outcome.fails), name
    outcome = check(rewritten(sealed, lambda parts: parts.update({"archive/more.warc": b""})))
    assert outcome.fails == ("'archive/more.warc' was added: the signed list does not tell of it",)


def test_a_part_that_is_there_twice_is_named(sealed: Path, check: Callable[..., Outcome]) -> None:
    with zipfile.ZipFile(sealed, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr("tallystick/claims.jsonl", b"")
    assert any("is in it more than once" in each for each in check(sealed).fails)


def test_a_file_that_was_sealed_anew_by_another_is_not_believed(
    sealed: Path, rack: Path, check: Callable[..., Outcome]
) -> None:
    """The forger changes a claim, makes the list anew and signs it, under the first one's key even."""
    harrow, other = keys.shown_key("harrow", rack), keys.unlock("other", rack)

    def forge(parts: dict[str, bytes], der: bytes) -> None:
        parts["tallystick/claims.jsonl"] += b"{}\n"
        listed = json.loads(parts["datapackage.json"])
        for each in listed["resources"]:
            content = parts[each["path"]]
            each |= {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
        parts["datapackage.json"] = json.dumps(listed).encode()
        digest = f"sha256:{hashlib.sha256(parts['datapackage.json']).hexdigest()}"
        signature = base64.b64encode(other.sign(digest.encode())).decode()
        told = {"hash": digest, "created": listed["created"], "signature": signature}
        told["publicKey"] = base64.b64encode(der).decode()
        parts["datapackage-digest.json"] = json.dumps({"hash": digest, "signedData": told}).encode()

    for der, reason in ((other.public.der, "another key"), (harrow.der, "its signature is not that of")):
        changed = rewritten(sealed, lambda parts, der=der: forge(parts, der))
        outcome = check(changed)
        assert outcome.holds == ()
        assert reason in outcome.fails[0]
        changed.unlink()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"no zip"])
def test_what_is_no_sealed_file_is_refused_in_words(
    tmp_path: Path, content: bytes, check: Callable[..., Outcome]
) -> None:
    (tmp_path / "x.wacz").write_bytes(content)
    try:
        outcome = check(tmp_path / "x.wacz")
    except AskedWrongly:
        return
    assert outcome.fails
    assert outcome.holds == ()


def test_a_bomb_is_not_unpacked_before_its_signature_holds(
    tmp_path: Path, check: Callable[..., Outcome]
) -> None:
    with zipfile.ZipFile(tmp_path / "x.wacz", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("datapackage-digest.json", b" " * 50_000_000)
    assert "packed in a way" in check(tmp_path / "x.wacz").fails[0]


# ----------------------------------------------------------------------------- what is not sealed


def test_a_damaged_capture_is_not_sealed(case: Path, tmp_path: Path, seal: Callable[..., Path]) -> None:
    with Case.open(case) as opened:
        captures = {Path(each.origin).name: each for each in opened._ledger.captures()}
    for name in ("plain.txt", "fetched.warc.gz"):
        place = path_of(case / "captures", captures[name].id)
        whole = place.read_bytes()
        place.chmod(0o644)
        place.write_bytes(whole[:-1] + b"?")
        with pytest.raises(CaseDamaged, match="was changed"):
            seal(case, tmp_path / "out.wacz")
        place.unlink()
        with pytest.raises(CaseDamaged, match="is missing"):
            seal(case, tmp_path / "out.wacz")
        place.write_bytes(whole)
    assert [path.name for path in tmp_path.iterdir()] == ["case"], "nothing half is left behind"


def test_an_expunged_capture_is_listed_without_its_bytes(
    case: Path, tmp_path: Path, seal: Callable[..., Path], check: Callable[..., Outcome]
) -> None:
    with Case.open(case, write=True, clock=lambda: NOW) as opened:
        gone = next(each for each in opened._ledger.captures() if each.origin.endswith("plain.txt"))
        opened.expunge(ToExpunge((gone.id,), None, "A. Haddad", "T. Okoro", "safety"))
    sealed = seal(case, tmp_path / "out.wacz")
    with zipfile.ZipFile(sealed) as package:
        lines = {
            each["sha256"]: each
            for each in map(json.loads, package.read("tallystick/captures.jsonl").splitlines())
        }
    assert lines[gone.id]["expunged"] is True
    assert lines[gone.id]["file"] is None
    assert sum(each["expunged"] for each in lines.values()) == 1
    assert gone.id not in {hashlib.sha256(content).hexdigest() for _, _, content, _ in records(sealed)}
    outcome = check(sealed)
    assert outcome.fails == ()
    assert "of which 1 were expunged and are not in it" in outcome.holds[0]


def test_a_file_is_never_written_over_nor_into_the_case(
    sealed: Path, case: Path, tmp_path: Path, seal: Callable[..., Path]
) -> None:
    with pytest.raises(AskedWrongly, match="is there already"):
        seal(case, sealed)
    with pytest.raises(AskedWrongly, match="is within the case"):
        seal(case, case / "out.wacz")
    with pytest.raises(AskedWrongly, match="there is no folder"):
        seal(case, tmp_path / "none" / "out.wacz")


# -------------------------------------------------------------------------------------- the index


@given(
    st.one_of(
        st.text(max_size=40),
        st.builds(
            "http://{}/{}".format,
            st.from_regex(r"[a-zA-Z0-9.:-]{1,20}", fullmatch=True),
            st.text(max_size=20),
        ),
    )
)
def test_a_sort_key_is_one_word_whatever_the_address(url: str) -> None:
    key = cdxj.surt(url)
    assert " " not in key
    assert key.isascii()
    assert key.isprintable()


def test_usual_addresses_have_the_sort_key_that_others_give_them(others: str) -> None:
    urls = [
        "http://www.Example.org:80/A/b?b=2&a=1#f",
        "https://example.org",
        "urn:sha256:ABC",
        "https://WWW2.ex.org/a%20b?q",
        "http://xn--e1afmkfd.xn--p1ai/",
        "https://ex.org:8443/x?z&a",
    ]
    code = "import json, surt, sys; print(json.dumps([surt.surt(url) for url in json.load(sys.stdin)]))"
    command = [others, "-W", "ignore", "-c", code]
    told = subprocess.run(command, input=json.dumps(urls), capture_output=True, text=True, check=True)
    assert [cdxj.surt(url) for url in urls] == json.loads(told.stdout)


@pytest.mark.parametrize("told", ["\ud800", "sha256:" + "A" * 64, "sha256:", 7])
def test_a_digest_that_is_none_is_no_signature_and_no_crash(
    tmp_path: Path, done: Path, check: Callable[..., Outcome], told: object
) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(done / "out.wacz") as package, zipfile.ZipFile(path, "w") as other:
        over = json.loads(package.read("datapackage-digest.json"))
        over["hash"] = over["signedData"]["hash"] = told
        other.writestr("datapackage-digest.json", json.dumps(over))
    assert "no SHA-256" in check(path).fails[0]


@pytest.mark.parametrize("place", ["before", "behind"])
def test_bytes_that_nobody_signed_are_found(
    tmp_path: Path, done: Path, check: Callable[..., Outcome], place: str
) -> None:
    path, more = tmp_path / "x.wacz", b"PK\3\4 forged"
    path.write_bytes(
        more + (done / "out.wacz").read_bytes()
        if place == "before"
        else (done / "out.wacz").read_bytes() + more
    )
    assert "nobody signed" in check(path).fails[0]
