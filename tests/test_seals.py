"""The verbs that sign and check, as a person uses them; and docs/seals.md, whose commands are run as they stand."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests_tsa import Authority, serving

from tallystick import cli

PAGE = Path(__file__).parents[1] / "docs" / "seals.md"
Ask = Callable[..., tuple[int, str, str]]


def call(*arguments: str | Path) -> tuple[int, str, str]:
    """What one command leaves: its exit status and the two streams."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["tallystick", *map(str, arguments)])
        try:
            cli.main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TALLYSTICK_PASSPHRASE", raising=False)
    return call


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three reports, their case with a checkpoint, a proof, a sealed file and the public key."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.delenv("TALLYSTICK_PASSPHRASE", raising=False)
        for n in range(3):
            (folder / f"report{n}.txt").write_text(
                f"At least {n + 4} were killed in Solem.", encoding="utf-8"
            )
        reports = [folder / f"report{n}.txt" for n in range(3)]
        for command in (
            ("add", *reports, "--case", folder / "case"),
            ("key", "new", "harrow"),
            ("checkpoint", folder / "case", "--key", "harrow"),
            ("prove", folder / "case", folder / "report1.txt", "--out", folder / "proof.json"),
            ("seal", folder / "case", folder / "case.wacz", "--key", "harrow"),
        ):
            assert call(*command)[0] == 0
        (folder / "harrow.pub.pem").write_text(call("key", "show", "harrow")[1], encoding="utf-8")
    return folder


@pytest.fixture
def signed(tmp_path: Path, made: Path, ask: Ask) -> Path:
    """A copy of that folder; the case in it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "case"


def test_a_key_is_made_once_shown_and_listed(tmp_path: Path, ask: Ask) -> None:
    assert (
        ask("key", "show")[1]
        == f"no key in {tmp_path}/config/tallystick/keys; 'tallystick key new NAME' makes one\n"
    )
    status, out, err = ask("key", "new", "harrow")
    assert (status, err) == (0, "")
    assert "without a passphrase: whoever reads it can sign as you" in out
    (fingerprint,) = re.findall(r"^fingerprint: ([0-9a-f]{64})$", out, re.M)
    assert ask("key", "show")[1] == f"{fingerprint} harrow\n"
    shown = ask("key", "show", "harrow")[1]
    assert shown.startswith(f"harrow: {fingerprint}\n-----BEGIN PUBLIC KEY-----\n")
    assert "PRIVATE" not in shown
    told = json.loads(ask("key", "show", "harrow", "--json")[1])
    assert [each["fingerprint"] for each in told["keys"]] == [fingerprint]
    assert ask("key", "new", "harrow")[0] == 2
    assert ask("key", "new")[0] == 2
    assert ask("key", "show", "nobody")[0] == 2


def test_a_passphrase_comes_from_the_environment_and_is_asked_of_nobody_who_cannot_answer(
    tmp_path: Path, ask: Ask, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "open sesame")
    assert "with a passphrase" in ask("key", "new", "locked")[1]
    monkeypatch.delenv("TALLYSTICK_PASSPHRASE")
    status, _, err = ask("checkpoint", signed, "--key", "locked")
    assert status == 2
    assert "give it in the variable TALLYSTICK_PASSPHRASE" in err
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "open sesame")
    assert ask("checkpoint", signed, "--key", "locked")[0] == 0
    assert "open sesame" not in "".join(
        path.read_text("latin-1") for path in signed.rglob("*") if path.is_file()
    )


def test_a_stranger_checks_a_proof_and_a_sealed_file_without_the_case(
    tmp_path: Path, ask: Ask, signed: Path
) -> None:
    shutil.rmtree(signed)
    pub, report = tmp_path / "harrow.pub.pem", tmp_path / "report1.txt"
    status, out, err = ask("check", tmp_path / "proof.json", report, "--key", pub)
    assert (status, err) == (0, "")
    assert out.startswith("this report is number 2 of the 3 captures of checkpoint ")
    status, out, err = ask("check", tmp_path / "case.wacz", "--key", pub)
    assert (status, err) == (0, "")
    assert "3 captures" in out
    status, out, err = ask("check", tmp_path / "proof.json", tmp_path / "report0.txt", "--key", pub)
    assert (status, out) == (1, "1 problem found\n")
    assert err.startswith("tallystick: the report is not the one that the proof is of")


@pytest.mark.parametrize(
    "command",
    [
        "check proof.json --key harrow.pub.pem",
        "check case.wacz report1.txt --key harrow.pub.pem",
        "check proof.json report1.txt",
        "check proof.json nowhere.txt --key harrow.pub.pem",
        "check nowhere.json report1.txt --key harrow.pub.pem",
        "check report0.txt report1.txt --key harrow.pub.pem",
        "check proof.json report1.txt --key report0.txt",
        "check proof.json report1.txt --key harrow.pub.pem --roots harrow.pub.pem",
        "checkpoint case --key nobody",
        "checkpoint case --key harrow --stamp ftp://example.org",
        "prove case report1.txt --out nowhere/proof.json",
        "prove case harrow.pub.pem --out more.json",
        "seal case case.wacz --key harrow",
        "verify case --key report0.txt",
    ],
)
def test_what_was_asked_wrongly_is_one_line(
    tmp_path: Path, ask: Ask, signed: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = ask(*command.split())
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert err.startswith("tallystick: ") or "Usage" in err


def test_json_is_one_object_for_each_of_these_verbs(tmp_path: Path, ask: Ask, signed: Path) -> None:
    pub = tmp_path / "harrow.pub.pem"
    for command, keys in (
        (("checkpoint", signed, "--key", "harrow"), {"case", "checkpoint", "new", "seq", "chain", "root", "key", "stamped"}),
        (("prove", signed, tmp_path / "report0.txt", "--out", tmp_path / "p.json"), {"case", "proof"}),
        (("seal", signed, tmp_path / "two.wacz", "--key", "harrow"), {"case", "sealed", "sha256", "captures", "expunged", "key"}),
        (("check", tmp_path / "case.wacz", "--key", pub), {"file", "holds", "problems"}),
    ):  # fmt: skip
        status, out, err = ask(*command, "--json")
        assert (status, err) == (0, "")
        assert set(json.loads(out)) == keys
    assert ask("verify", signed, "--key", pub)[0] == 0
    status, out, _ = ask("check", tmp_path / "proof.json", tmp_path / "report0.txt", "--key", pub, "--json")
    assert status == 1
    assert json.loads(out)["problems"]


def test_a_sealed_case_is_whole_afterwards(ask: Ask, signed: Path) -> None:
    status, out, _ = ask("verify", signed)
    assert status == 0, out
    assert (signed / "manifest.sha256").exists()


# ------------------------------------------------------------------------------------ the page


def blocks(kind: str) -> list[str]:
    """The fenced blocks of docs/seals.md that are marked so."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def test_the_page_for_recipients_says_what_can_be_run(
    tmp_path: Path, ask: Ask, signed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every command of the page, in its order, in a folder with the files that a recipient is given."""
    authority = Authority(tmp_path_factory.mktemp("tsa"))
    with serving(authority.reply) as server:
        assert ask("checkpoint", signed, "--key", "harrow", "--stamp", server)[0] == 0
    assert ask("prove", signed, tmp_path / "report1.txt", "--out", tmp_path / "proof.json")[0] == 0
    given = tmp_path_factory.mktemp("given")
    for name in ("proof.json", "case.wacz", "harrow.pub.pem"):
        shutil.copy(tmp_path / name, given)
    shutil.copy(tmp_path / "report1.txt", given / "report.txt")
    shutil.copy(authority.roots, given / "tsa-root.pem")
    shutil.copytree(signed, given / "case")
    number = max(path.stem for path in (given / "case" / "checkpoints").glob("*.tsr"))
    script = "set -euo pipefail\n" + "\n".join(blocks("bash")).replace("000012", number)
    done = run(script, given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Signature Verified Successfully") == 3
    assert done.stdout.count("Verification: OK") == 2
    assert "the report belongs to it" in done.stdout
    assert ": FAILED" not in done.stdout


@pytest.mark.parametrize("change", ["report", "signature", "path", "case"])
def test_the_commands_of_the_page_fail_where_something_was_changed(
    tmp_path: Path, signed: Path, tmp_path_factory: pytest.TempPathFactory, change: str
) -> None:
    given = tmp_path_factory.mktemp("given")
    for name in ("proof.json", "case.wacz", "harrow.pub.pem"):
        shutil.copy(tmp_path / name, given)
    shutil.copy(tmp_path / "report1.txt", given / "report.txt")
    if change == "report":
        (given / "report.txt").write_text("At least 50 were killed in Solem.", encoding="utf-8")
    elif change == "case":
        with (
            zipfile.ZipFile(tmp_path / "case.wacz") as package,
            zipfile.ZipFile(given / "case.wacz", "w") as out,
        ):
            for name in package.namelist():
                out.writestr(name, package.read(name) + (b"\n" if name.endswith("claims.jsonl") else b""))
    else:
        told = json.loads((given / "proof.json").read_bytes())
        told |= {"signature": "A" * 86 + "=="} if change == "signature" else {"path": told["path"][1:]}
        (given / "proof.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    proof, sealed = (block for block in blocks("bash") if "proof.json" in block or "case.wacz" in block)
    done = run("set -euo pipefail\n" + (sealed if change == "case" else proof), given)
    assert done.returncode != 0, done.stdout


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, env=clean
    )


def test_the_page_shows_a_checkpoint_with_the_keys_that_it_has(signed: Path) -> None:
    (shown,) = (json.loads(block) for block in blocks("json"))
    place = next((signed / "checkpoints").glob("*.json"))
    real = json.loads(place.read_bytes())
    assert shown.keys() == real.keys()
    assert shown["counts"].keys() == real["counts"].keys()
