"""Keys: private ones stay with their holder, public ones are known by their fingerprint."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import AskedWrongly
from tallystick.evidence import keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_a_key_opens_again_and_signs_what_its_public_half_verifies(folder: Path) -> None:
    made = keys.make("harrow", folder)
    signer = keys.unlock("harrow", folder)
    assert signer.public.fingerprint == made.fingerprint == keys.shown_key("harrow", folder).fingerprint
    assert made.signed(signer.sign(b"words"), b"words")
    assert not made.signed(signer.sign(b"words"), b"word")
    assert not made.signed(b"", b"words")


def test_the_fingerprint_is_what_standard_tools_say(folder: Path) -> None:
    made = keys.make("harrow", folder)
    line = "openssl pkey -pubin -in harrow.pub.pem -outform DER | sha256sum | cut -c1-64"
    said = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == made.fingerprint


def test_nobody_but_its_owner_can_read_a_private_key(folder: Path) -> None:
    old = os.umask(0)
    try:
        keys.make("harrow", folder)
    finally:
        os.umask(old)
    assert (folder / "harrow.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "harrow.pem").chmod(0o640)
    with pytest.raises(AskedWrongly, match=r"read by others; .*chmod 600"):
        keys.unlock("harrow", folder)


def test_a_passphrase_is_needed_and_can_come_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keys.PASSPHRASE, raising=False)
    made = keys.make("harrow", folder, "open sesame")
    assert b"ENCRYPTED" in (folder / "harrow.pem").read_bytes()
    with pytest.raises(AskedWrongly, match=keys.PASSPHRASE):
        keys.unlock("harrow", folder)
    with pytest.raises(AskedWrongly, match="passphrase is not the right one"):
        keys.unlock("harrow", folder, lambda name: "open barley")
    assert keys.unlock("harrow", folder, lambda name: "open sesame").public.pem == made.pem
    monkeypatch.setenv(keys.PASSPHRASE, "open sesame")
    assert keys.unlock("harrow", folder).public.pem == made.pem
    assert keys.shown_key("harrow", folder).pem == made.pem, "what is public needs no passphrase"


def test_a_key_is_never_written_over(folder: Path) -> None:
    made = keys.make("harrow", folder)
    with pytest.raises(AskedWrongly, match="already"):
        keys.make("harrow", folder)
    assert keys.unlock("harrow", folder).public.fingerprint == made.fingerprint
    assert sorted(path.name for path in folder.iterdir()) == ["harrow.pem", "harrow.pub.pem"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a.b", "-x", "a b", "a" * 65, "x\n", "é"])
def test_a_name_that_could_be_a_path_is_refused(folder: Path, name: str) -> None:
    for act in (keys.make, keys.unlock, keys.shown_key):
        with pytest.raises(AskedWrongly, match="a key's name"):
            act(name, folder)
    assert not folder.exists()


def test_a_private_key_never_lies_in_a_case(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "ledger.sqlite").touch()
    for folder in (tmp_path / "case", tmp_path / "case" / "keys", tmp_path / "case" / "a" / "b"):
        with pytest.raises(AskedWrongly, match="never lies in a case"):
            keys.make("harrow", folder)


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AskedWrongly, match="cannot be written to"):
        keys.make("harrow", tmp_path / "file" / "keys")


def test_other_kinds_of_key_are_refused(folder: Path) -> None:
    folder.mkdir()
    command = ["openssl", "genpkey", "-algorithm", "X25519", "-out", "other.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (folder / "other.pem").chmod(0o600)
    with pytest.raises(AskedWrongly, match="no Ed25519 key"):
        keys.unlock("other", folder)
    command = ["openssl", "pkey", "-in", "other.pem", "-pubout", "-out", "other.pub.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with pytest.raises(AskedWrongly, match="none of Ed25519"):
        keys.shown_key("other", folder)


def test_a_key_made_by_openssl_is_as_good(folder: Path) -> None:
    folder.mkdir()
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "mine.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (folder / "mine.pem").chmod(0o600)
    assert keys.unlock("mine", folder).public.signed(keys.unlock("mine", folder).sign(b"x"), b"x")


@given(st.binary(max_size=300))
def test_what_is_no_key_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(AskedWrongly, match="no public key"):
        keys.public(content, "x", "x.pem")


def test_a_case_takes_a_public_key_once_and_no_other_of_that_name(tmp_path: Path) -> None:
    one, two = keys.make("harrow", tmp_path / "one"), keys.make("harrow", tmp_path / "two")
    (tmp_path / "case").mkdir()
    place = keys.put(one, tmp_path / "case")
    assert keys.put(one, tmp_path / "case") == place
    with pytest.raises(AskedWrongly, match="another key of that name"):
        keys.put(two, tmp_path / "case")
    assert place.read_bytes() == one.pem
    assert {path.name for path in place.parent.iterdir()} == {"harrow.pem"}
    assert list(keys.known(tmp_path / "case")) == [one.fingerprint]
    assert b"PRIVATE" not in place.read_bytes()


def test_whom_to_believe_is_named_by_a_file_or_a_fingerprint(tmp_path: Path) -> None:
    made = keys.make("harrow", tmp_path)
    by_file = keys.given(str(tmp_path / "harrow.pub.pem"))
    by_print = keys.given(made.fingerprint.upper())
    assert by_file.fingerprint == by_print.fingerprint == made.fingerprint
    assert by_file.key is not None
    assert by_print.key is None
    with pytest.raises(AskedWrongly, match="no key at"):
        keys.given("harrow.pub.pem")
    with pytest.raises(AskedWrongly, match="no public key"):
        keys.given(str(tmp_path / "harrow.pem"))
