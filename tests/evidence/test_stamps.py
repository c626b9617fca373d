"""Time stamps: asked for, refused, held against roots; by a real authority made with OpenSSL."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_tsa import Authority, serving

from tallystick.errors import AskedWrongly, NoStamp
from tallystick.evidence import stamps

MESSAGE = b"the checkpoint\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def reply(authority: Authority) -> bytes:
    with serving(authority.reply) as server:
        return stamps.request(MESSAGE, server)


def test_a_stamp_tells_the_moment_and_holds_against_the_root_that_was_named(
    authority: Authority, reply: bytes
) -> None:
    at = stamps.hold(reply, MESSAGE, stamps.roots_in(authority.roots))
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert stamps.read(reply).at == at


def test_the_raw_reply_is_what_openssl_verifies_too(
    authority: Authority, reply: bytes, tmp_path: Path
) -> None:
    (tmp_path / "reply.tsr").write_bytes(reply)
    (tmp_path / "data").write_bytes(MESSAGE)
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "reply.tsr", "-CAfile", authority.roots]
    assert (
        b"Verification: OK" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    )


def test_certificates_in_the_order_of_their_chain_are_read_and_kept_as_they_came(
    authority: Authority,
) -> None:
    sent: list[bytes] = []

    def answer(query: bytes) -> bytes:
        sent.append(authority.reply(query, "chain"))
        return sent[0]

    with serving(answer) as server:
        reply = stamps.request(MESSAGE, server)
    assert reply == sent[0]
    assert stamps.hold(reply, MESSAGE, stamps.roots_in(authority.roots))


def test_nobody_is_trusted_by_default(reply: bytes) -> None:
    with pytest.raises(ValueError, match="root"):
        stamps.hold(reply, MESSAGE, [])


def test_another_root_does_not_answer_for_the_stamp(reply: bytes, tmp_path: Path) -> None:
    other = Authority(tmp_path)
    with pytest.raises(ValueError, match="certificate"):
        stamps.hold(reply, MESSAGE, stamps.roots_in(other.roots))


def test_a_stamp_does_not_hold_for_other_bytes(authority: Authority, reply: bytes) -> None:
    with pytest.raises(ValueError, match="of other bytes"):
        stamps.hold(reply, MESSAGE + b" ", stamps.roots_in(authority.roots))


@given(at=st.integers(0, 5000), bit=st.integers(0, 7))
def test_a_changed_reply_never_tells_another_moment(
    authority: Authority, reply: bytes, at: int, bit: int
) -> None:
    """Whatever bit of it is turned, it does not hold, or the signed part is what it was."""
    changed = bytearray(reply)
    changed[at % len(reply)] ^= 1 << bit
    try:
        moment = stamps.hold(bytes(changed), MESSAGE, stamps.roots_in(authority.roots))
    except ValueError:
        return
    assert moment == stamps.read(reply).at


@given(st.binary(max_size=200))
def test_what_is_no_reply_is_refused_in_words(reply: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read as a reply"):
        stamps.read(reply)


# ------------------------------------------------------------------------------- strange servers


def test_a_reply_with_another_nonce_is_refused(authority: Authority, reply: bytes) -> None:
    with serving(lambda query: reply) as server, pytest.raises(NoStamp, match="another nonce"):
        stamps.request(MESSAGE, server)


def test_a_reply_for_another_digest_is_refused(authority: Authority) -> None:
    import hashlib

    def answer(query: bytes) -> bytes:
        ours, others = (hashlib.sha256(each).digest() for each in (MESSAGE, b"another"))
        assert ours in query
        return authority.reply(query.replace(ours, others))

    with serving(answer) as server, pytest.raises(NoStamp, match="another digest"):
        stamps.request(MESSAGE, server)


def test_a_refusal_by_the_server_is_told_in_its_words(authority: Authority) -> None:
    def answer(query: bytes) -> bytes:
        sha512 = query.replace(
            bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040202")
        )
        return authority.reply(sha512)

    with serving(answer) as server, pytest.raises(NoStamp, match=r"not granted \(status 2"):
        stamps.request(MESSAGE, server)


def test_a_page_is_no_stamp() -> None:
    page = b"<html>This domain is for sale"
    with serving(lambda query: page, kind="text/html") as server, pytest.raises(NoStamp, match="text/html"):
        stamps.request(MESSAGE, server)
    with serving(lambda query: page) as server, pytest.raises(NoStamp, match="cannot be read as a reply"):
        stamps.request(MESSAGE, server)


def test_an_error_of_the_server_is_told() -> None:
    with serving(lambda query: b"", status=503) as server, pytest.raises(NoStamp, match="status 503"):
        stamps.request(MESSAGE, server)


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    begun = time.monotonic()
    with (
        serving(lambda query: time.sleep(2) or b"") as server,
        pytest.raises(NoStamp, match=r"no whole answer within 0\.2 seconds"),
    ):
        stamps.request(MESSAGE, server, seconds=0.2)
    assert time.monotonic() - begun < 1.5


def test_a_server_that_gives_a_byte_now_and_then_is_not_waited_for() -> None:
    begun = time.monotonic()
    with (
        serving(lambda query: b"0" * 1000, slow=0.05) as server,
        pytest.raises(NoStamp, match=r"no whole answer within 0\.3 seconds"),
    ):
        stamps.request(MESSAGE, server, seconds=0.3)
    assert time.monotonic() - begun < 1.5


def test_a_gigabyte_is_not_read() -> None:
    import tracemalloc

    with serving(Gigabyte) as server:  # type: ignore[arg-type]
        tracemalloc.start()
        try:
            with pytest.raises(NoStamp, match="more than 1,000,000 bytes"):
                stamps.request(MESSAGE, server)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()


class Gigabyte:
    """A thousand million zeros, none of them in memory until they are sent."""

    def __init__(self, query: bytes) -> None:
        pass

    def __len__(self) -> int:
        return 1_000_000_000

    def __getitem__(self, part: slice) -> bytes:
        return bytes(part.stop - part.start)


def test_nobody_there_is_told() -> None:
    with serving(lambda query: b"") as server:
        pass
    with pytest.raises(NoStamp, match="cannot be asked"):
        stamps.request(MESSAGE, server)


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "ftp://example.org/", "file:///etc/passwd", "http://", "http://[", "http://a b/"],
)
def test_what_is_no_address_is_not_asked(address: str) -> None:
    with pytest.raises(AskedWrongly, match="no address"):
        stamps.request(MESSAGE, address)


def test_a_password_is_not_recorded() -> None:
    with pytest.raises(AskedWrongly, match="without a password"):
        stamps.request(MESSAGE, "https://me:secret@example.org/tsr")


def test_a_file_without_a_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="cannot be read"):
        stamps.roots_in(tmp_path / "none.pem")
    (tmp_path / "empty.pem").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(AskedWrongly, match="holds no certificate"):
        stamps.roots_in(tmp_path / "empty.pem")


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(AskedWrongly, match=r"pip install 'tallystick\[stamps\]'"):
        stamps.request(MESSAGE, "http://127.0.0.1:9/")
