"""A signed case: what is signed cannot be rewritten, cut off or left out unseen, and says against what it was held."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_tsa import Authority, serving

from tallystick import chain, rows, signing
from tallystick.case import Case
from tallystick.checks import verify
from tallystick.errors import AskedWrongly, NoStamp
from tallystick.evidence import keys, proofs, stamps
from tallystick.evidence.attested import Trust
from tallystick.evidence.keys import Given, Signer
from tallystick.model import Note, canonical

REPORTS = [f"Report {n}: at least {n + 3} people were killed in Solem on Friday." for n in range(5)]
Clock = Callable[[], str]


def ticking() -> Clock:
    """A clock of which each glance is a second later."""
    seconds = iter(range(3600))
    return lambda: f"2026-11-22T10:{(n := next(seconds)) // 60:02}:{n % 60:02}.000Z"


@pytest.fixture(scope="module")
def rack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rack")
    for name in ("harrow", "other"):
        keys.make(name, folder)
    return folder


@pytest.fixture
def signer(rack: Path) -> Signer:
    return keys.unlock("harrow", rack)


def added(folder: Path, texts: list[str], case: Path, clock: Clock) -> None:
    """Take in these reports."""
    folder.mkdir(exist_ok=True)
    for text in texts:
        (folder / f"{text.split(':')[0]}.txt").write_text(text, encoding="utf-8")
    with Case.make(case, clock=clock) as opened:
        opened.add([folder])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rack: Path) -> Path:
    """A folder with a case of three reports, signed; then of five, signed again."""
    folder, clock = tmp_path_factory.mktemp("made"), ticking()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLYSTICK_WHO", "A. Haddad")
        for texts in (REPORTS[:3], REPORTS[3:]):
            added(folder / "reports", texts, folder / "case", clock)
            with Case.open(folder / "case", write=True, clock=clock) as opened:
                opened.checkpoint(keys.unlock("harrow", rack))
    return folder


@pytest.fixture
def case(tmp_path: Path, made: Path) -> Path:
    """A copy of that case, with its reports beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "case"


def told(case: Path, trust: Trust | None = None) -> tuple[list[str], list[str]]:
    """What does not hold of the checkpoints of a case, and what does."""
    with Case.open(case) as opened:
        found = [
            *signing.held(case, opened._ledger, trust or Trust()),
            *signing.stamped(case, trust or Trust()),
        ]
    return [each for each in found if not isinstance(each, Note)], [
        each for each in found if isinstance(each, Note)
    ]


def files(case: Path) -> list[str]:
    return sorted(path.name for path in (case / "checkpoints").iterdir())


class Forger:
    """Somebody who owns the file: triggers do not hold them, and they chain anew what they changed."""

    def __init__(self, case: Path) -> None:
        self._file = case / "ledger.sqlite"

    def __enter__(self) -> sqlite3.Connection:
        self._base = sqlite3.connect(self._file)
        for name in rows.triggers():
            self._base.execute(f"DROP TRIGGER {name}")
        return self._base

    def __exit__(self, *_: object) -> None:
        value = chain.START
        for seq, body in self._base.execute("SELECT seq, body FROM custody ORDER BY seq").fetchall():
            value = chain.link(value, chain.sha256(body))
            self._base.execute("UPDATE custody SET chain = ? WHERE seq = ?", (value, seq))
        for trigger in rows.triggers().values():
            self._base.execute(trigger)
        self._base.commit()
        self._base.close()


@pytest.fixture
def outside(rack: Path) -> Iterator[Trust]:
    """Trust in the key that was handed over."""
    return Trust(keys.given(str(rack / "harrow.pub.pem")))


# ---------------------------------------------------------------------------------- what holds


def test_a_signature_held_against_a_key_in_the_case_says_that_this_proves_little(case: Path) -> None:
    fails, holds = told(case)
    assert fails == []
    assert len(holds) == 1
    assert "with 5 of 5 captures" in holds[0]
    assert "lies in the case itself" in holds[0]
    assert "proves that the folder agrees with itself, and not who made it" in holds[0]


def test_a_signature_held_against_the_key_that_was_handed_over_says_so(case: Path, outside: Trust) -> None:
    fails, (said,) = told(case, outside)
    assert fails == []
    assert "is signed with the key that was given" in said
    assert "itself" not in said


def test_a_fingerprint_is_as_good_as_the_key(case: Path, signer: Signer) -> None:
    fails, (said,) = told(case, Trust(keys.given(signer.public.fingerprint)))
    assert fails == []
    assert "is signed with the key that was given" in said


def test_what_came_after_the_last_checkpoint_is_told_to_be_unsigned(
    case: Path, tmp_path: Path, outside: Trust
) -> None:
    added(tmp_path / "more", ["Later: one was wounded."], case, lambda: "2026-11-22T12:00:00.000Z")
    fails, (said,) = told(case, outside)
    assert fails == []
    assert "with 5 of 6 captures" in said


def test_an_unsigned_case_says_so(tmp_path: Path, outside: Trust) -> None:
    added(tmp_path / "reports", REPORTS[:1], tmp_path / "case", ticking())
    assert told(tmp_path / "case") == (
        [],
        ["nothing is signed; 'tallystick checkpoint' signs how far the custody record has come"],
    )
    fails, _ = told(tmp_path / "case", outside)
    assert "no checkpoint of this case is signed with the key that was given" in fails[0]


def test_signing_twice_is_signing_once(case: Path, signer: Signer, rack: Path) -> None:
    before = files(case)
    with Case.open(case, write=True) as opened:
        assert opened.checkpoint(signer)[1] is False
        assert files(case) == before
        assert opened.checkpoint(keys.unlock("other", rack))[1] is True
    assert len(files(case)) == len(before) + 2


def test_the_custody_record_tells_who_signed_and_what(case: Path, signer: Signer) -> None:
    with Case.open(case) as opened:
        events = opened._ledger.events("signed")
    assert [event.item for event in events] == [name[:-5] for name in files(case) if name.endswith(".json")]
    assert {event.facts["key"] for event in events} == {signer.public.fingerprint}
    written = json.loads((case / "checkpoints" / f"{events[-1].item}.json").read_bytes())
    assert written["by"] == events[-1].who == "A. Haddad"
    assert written["seq"] == int(events[-1].item)


def test_no_private_key_lies_in_the_case(case: Path) -> None:
    assert all(b"PRIVATE" not in path.read_bytes() for path in case.rglob("*") if path.is_file())


def test_openssl_alone_verifies_a_checkpoint(case: Path) -> None:
    for name in (each[:-5] for each in files(case) if each.endswith(".json")):
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "../keys/harrow.pem", "-rawin",
                   "-in", f"{name}.json", "-sigfile", f"{name}.sig"]  # fmt: skip
        done = subprocess.run(command, cwd=case / "checkpoints", capture_output=True, text=True, check=True)
        assert "Signature Verified Successfully" in done.stdout


# ------------------------------------------------------------------------- what does not hold


def test_a_rewritten_custody_record_is_named_though_its_chain_was_made_anew(case: Path) -> None:
    with Forger(case) as base:
        (seq, body), *_ = base.execute("SELECT seq, body FROM custody WHERE what = 'received'").fetchall()
        base.execute("UPDATE custody SET body = ? WHERE seq = ?", (body.replace("A. Haddad", "B. Orel"), seq))
    fails, _ = told(case)
    assert len(fails) == 2, "one for each checkpoint"
    assert all("the custody record was rewritten: its chain at event" in each for each in fails)


def test_who_rewrites_record_and_checkpoints_alike_still_cannot_sign(case: Path, outside: Trust) -> None:
    """The forger changes an event, chains anew, and makes files and events of the checkpoints fit."""
    with Forger(case) as base:
        base.execute("UPDATE custody SET body = replace(body, 'A. Haddad', 'B. Orel') WHERE seq = 1")
        value = chain.START
        for seq, what, item, body in base.execute(
            "SELECT seq, what, item, body FROM custody ORDER BY seq"
        ).fetchall():
            if what == "signed":
                place = case / "checkpoints" / f"{item}.json"
                content = json.loads(place.read_bytes()) | {"chain": value}
                place.write_text(canonical(content) + "\n", encoding="utf-8")
                facts = json.loads(body)
                facts["facts"]["sha256"] = hashlib.sha256(place.read_bytes()).hexdigest()
                body = canonical(facts)
                base.execute("UPDATE custody SET body = ? WHERE seq = ?", (body, seq))
            value = chain.link(value, chain.sha256(body))
    for trust in (Trust(), outside):
        fails, _ = told(case, trust)
        assert sum("its signature is not that of harrow" in each for each in fails) == 2
        assert not any("rewritten" in each or "is not the one" in each for each in fails), "all else fits"


def test_a_custody_record_that_was_cut_off_is_named(case: Path) -> None:
    with Forger(case) as base:
        (last,) = base.execute("SELECT MAX(seq) FROM custody WHERE what = 'signed'").fetchone()
        base.execute("DELETE FROM custody WHERE seq >= ?", (last - 1,))
    fails, _ = told(case)
    assert any(f"the record was cut off after event {last - 2}" in each for each in fails)


def test_a_record_cut_off_to_before_its_first_checkpoint_is_named(case: Path) -> None:
    with Forger(case) as base:
        base.execute("DELETE FROM custody WHERE seq > 1")
    fails, _ = told(case)
    assert sum("the record was cut off after event 1" in each for each in fails) == 2


def test_a_capture_that_was_left_out_is_named(case: Path) -> None:
    with Forger(case) as base:
        base.execute("DELETE FROM captures WHERE seq = 5")
    fails, _ = told(case)
    assert any("it tells of 5 rows of captures, of which 4 are left" in each for each in fails)


def test_a_capture_that_was_put_in_the_place_of_another_is_named(case: Path) -> None:
    with Forger(case) as base:
        base.execute("UPDATE captures SET id = ? WHERE seq = 4", ("f" * 64,))
    fails, _ = told(case)
    assert len(fails) == 1, "the first checkpoint tells of the first three alone"
    assert "the first 5 captures are not those whose Merkle root was signed" in fails[0]


@pytest.mark.parametrize("ending", [".json", ".sig"])
def test_a_file_of_a_checkpoint_that_went_is_missed(case: Path, ending: str) -> None:
    gone = next(name for name in files(case) if name.endswith(ending))
    (case / "checkpoints" / gone).unlink()
    fails, _ = told(case)
    assert any(gone in each for each in fails)


@pytest.mark.parametrize("ending", [".json", ".sig"])
def test_any_changed_byte_of_a_checkpoint_is_named(case: Path, ending: str) -> None:
    place = case / "checkpoints" / next(name for name in files(case) if name.endswith(ending))
    whole = place.read_bytes()
    for at in range(0, len(whole), 7):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        fails, _ = told(case)
        assert any(place.stem in each for each in fails), at
    for other in (whole[:-1], whole + b"\n", b""):
        place.write_bytes(other)
        assert told(case)[0]


def test_a_changed_key_is_named(case: Path) -> None:
    place = case / "keys" / "harrow.pem"
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b"MCow", b"MCox"))
    fails, _ = told(case)
    assert any("keys/harrow.pem" in each for each in fails)


def test_verify_names_the_checkpoint_among_its_numbered_checks(case: Path, outside: Trust) -> None:
    found = {outcome.check.number: outcome for outcome in verify(case, trust=outside).outcomes}
    assert all(outcome.holds for outcome in found.values())
    assert "is signed with the key that was given" in found[12].notes[0]
    with Forger(case) as base:
        base.execute("DELETE FROM captures WHERE seq = 5")
    found = {outcome.check.number: outcome for outcome in verify(case).outcomes}
    assert any("of which 4 are left" in each for each in found[12].findings)
    assert found[13].holds


def test_what_a_killed_command_left_among_the_checkpoints_is_no_finding(case: Path) -> None:
    (case / "checkpoints" / ".new-x").write_text("half", encoding="utf-8")
    found = {outcome.check.number: outcome for outcome in verify(case).outcomes}
    assert found[2].findings == ()
    assert found[12].findings == ()


def test_who_signs_anew_with_a_key_of_their_own_passes_only_where_no_key_was_handed_over(
    case: Path, rack: Path, outside: Trust, tmp_path: Path
) -> None:
    """The forger changes a report, throws the checkpoints away, and signs the whole again."""
    forged = tmp_path / "forged"
    added(tmp_path / "forgeries", ["Report 0: nobody was killed."], forged, ticking())
    with Case.open(forged, write=True) as opened:
        opened.checkpoint(keys.unlock("other", rack))
    fails, (said,) = told(forged)
    assert fails == []
    assert "not who made it" in said
    fails, _ = told(forged, outside)
    assert len(fails) == 1
    assert "no checkpoint of this case is signed with the key that was given" in fails[0]


def test_a_key_of_the_same_name_is_not_the_same_key(case: Path, tmp_path: Path, signer: Signer) -> None:
    keys.make("harrow", tmp_path / "theirs")
    added(tmp_path / "more", ["Later: one was wounded."], case, lambda: "2026-11-22T12:00:00.000Z")
    before = files(case)
    with (
        Case.open(case, write=True) as opened,
        pytest.raises(AskedWrongly, match="another key of that name"),
    ):
        opened.checkpoint(keys.unlock("harrow", tmp_path / "theirs"))
    assert files(case) == before


def test_a_command_killed_before_it_was_recorded_leaves_nothing_wrong_and_is_taken_up(
    case: Path, tmp_path: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(tmp_path / "more", ["Later: one was wounded."], case, lambda: "2026-11-22T12:00:00.000Z")
    with Case.open(case, write=True) as opened:
        monkeypatch.setattr(opened._ledger, "append", Killed.now)
        with pytest.raises(Killed):
            opened.checkpoint(signer)
    fails, holds = told(case)
    assert fails == []
    assert any("is not told of in the custody record: a command was cut short" in each for each in holds)
    with Case.open(case, write=True) as opened:
        assert opened.checkpoint(signer)[1] is True
    fails, holds = told(case)
    assert fails == []
    assert len(holds) == 1


class Killed(Exception):
    @classmethod
    def now(cls, **_: object) -> None:
        raise cls


def test_a_copy_that_cannot_be_written_to_is_held_all_the_same(
    case: Path, tmp_path: Path, outside: Trust
) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "copy"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert told(copy, outside)[0] == []


# ------------------------------------------------------------------------------------ stamps


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def stamped(case: Path, signer: Signer, authority: Authority) -> Path:
    """The case, its last checkpoint stamped."""
    with serving(authority.reply) as server, Case.open(case, write=True) as opened:
        signed, new = opened.checkpoint(signer, signing.Stamper(server, stamps.roots_in(authority.roots)))
        assert new, "the last one is signed, but not stamped"
        assert signed.stamp is not None
        assert opened.checkpoint(signer, signing.Stamper(server))[1] is False
    return case


def test_a_stamp_is_told_with_its_moment_and_holds_against_roots_alone(
    stamped: Path, authority: Authority, tmp_path: Path
) -> None:
    fails, holds = told(stamped)
    assert fails == []
    assert "it was held against no root, and so may be anybody's" in holds[-1]
    fails, holds = told(stamped, Trust(roots=stamps.roots_in(authority.roots)))
    assert fails == []
    assert holds[-1].endswith("as a root that was given answers for")
    fails, _ = told(stamped, Trust(roots=stamps.roots_in(Authority(tmp_path).roots)))
    assert len(fails) == 1
    assert ".tsr: the time stamp does not hold" in fails[0]


def test_a_changed_stamp_is_named(stamped: Path) -> None:
    place = next((stamped / "checkpoints").glob("*.tsr"))
    whole = place.read_bytes()
    for at in range(0, len(whole), 97):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert any(place.name in each for each in told(stamped)[0]), at
    place.unlink()
    assert any(f"{place.name} is missing" in each for each in told(stamped)[0])


def test_a_server_that_gives_no_stamp_leaves_the_case_as_it_was(
    case: Path, tmp_path: Path, signer: Signer
) -> None:
    added(tmp_path / "more", ["Later: one was wounded."], case, lambda: "2026-11-22T12:00:00.000Z")
    before = files(case)
    with Case.open(case, write=True) as opened:
        head = opened._ledger.head()
        with serving(lambda query: b"no") as server, pytest.raises(NoStamp):
            opened.checkpoint(signer, signing.Stamper(server))
        assert opened._ledger.head() == head
    assert files(case) == before


def test_a_stamp_that_does_not_hold_against_the_roots_given_is_not_taken(
    case: Path, tmp_path: Path, signer: Signer, authority: Authority
) -> None:
    before = files(case)
    roots = stamps.roots_in(Authority(tmp_path).roots)
    with (
        serving(authority.reply) as server,
        Case.open(case, write=True) as opened,
        pytest.raises(NoStamp, match="does not hold"),
    ):
        opened.checkpoint(signer, signing.Stamper(server, roots))
    assert files(case) == before


# ------------------------------------------------------------------------------------- proofs


def proof_of(case: Path, report: Path | str) -> bytes:
    with Case.open(case) as opened:
        return opened.prove(str(report))


@pytest.mark.parametrize("n", range(5))
def test_every_report_is_proved_to_a_stranger(case: Path, tmp_path: Path, outside: Trust, n: int) -> None:
    report, proof = tmp_path / "reports" / f"Report {n}.txt", tmp_path / "proof.json"
    proof.write_bytes(proof_of(case, report))
    shutil.rmtree(case)
    outcome = signing.check(proof, report, outside)
    assert outcome.fails == ()
    assert "of the 5 captures" in outcome.holds[0]


def test_a_proof_shows_nothing_of_the_other_reports(case: Path, tmp_path: Path) -> None:
    proof = proof_of(case, tmp_path / "reports" / "Report 2.txt").decode()
    with Case.open(case) as opened:
        others = [each for each in opened._ledger.captures() if "Report 2" not in each.origin]
    assert len(others) == 4
    for each in others:
        assert each.id not in proof
        assert each.origin not in proof
    assert "Report" not in proof.replace('"report"', "")


def test_a_report_is_named_by_its_digest_too(case: Path, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "Report 2.txt"
    digest = signing.sha256_of(report)
    assert proof_of(case, digest) == proof_of(case, digest.upper()) == proof_of(case, report)


def test_another_report_is_not_proved(case: Path, tmp_path: Path, outside: Trust) -> None:
    (tmp_path / "proof.json").write_bytes(proof_of(case, tmp_path / "reports" / "Report 2.txt"))
    outcome = signing.check(tmp_path / "proof.json", tmp_path / "reports" / "Report 1.txt", outside)
    assert outcome.holds == ()
    assert "the report is not the one that the proof is of" in outcome.fails[0]


def test_no_changed_value_of_a_proof_passes(case: Path, tmp_path: Path, outside: Trust) -> None:
    report, place = tmp_path / "reports" / "Report 2.txt", tmp_path / "proof.json"
    whole = json.loads(proof_of(case, report))
    flipped = {"left": "right", "right": "left"}
    (side, value), *_ = whole["path"][0].items()
    for changed in (
        {"index": 1},
        {"index": 4},
        {"index": -1},
        {"path": whole["path"][1:]},
        {"path": whole["path"] * 2},
        {"path": [{flipped[side]: value}, *whole["path"][1:]]},
        {"report": "0" * 64},
        {"signature": "A" * 86 + "=="},
    ):
        place.write_text(json.dumps(whole | changed), encoding="utf-8")
        outcome = signing.check(place, report, outside)
        assert outcome.fails, changed
        assert outcome.holds == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"key": ""},
        {"checkpoint": ""},
        {"checkpoint": "e30K"},
        {"signature": "%"},
        {"stamp": 1},
        {"more": 1},
        {"form": "tallystick proof 2"},
        {"index": True},
        {"report": "x"},
        {"path": 7},
        {"path": [{"left": "x"}]},
        {"path": [{"up": "0" * 64}]},
    ],
    ids=str,
)
def test_what_is_no_proof_is_refused_in_words(
    case: Path, tmp_path: Path, outside: Trust, changed: dict[str, object]
) -> None:
    report, place = tmp_path / "reports" / "Report 2.txt", tmp_path / "proof.json"
    place.write_text(json.dumps(json.loads(proof_of(case, report)) | changed), encoding="utf-8")
    with pytest.raises(AskedWrongly, match="no proof that can be read"):
        signing.check(place, report, outside)


@given(st.binary(max_size=100))
def test_nothing_else_passes_for_a_proof(content: bytes) -> None:
    with pytest.raises(AskedWrongly, match="no proof that can be read"):
        proofs.read(content)


def test_a_proof_signed_by_another_is_refused(case: Path, tmp_path: Path, rack: Path) -> None:
    report = tmp_path / "reports" / "Report 2.txt"
    (tmp_path / "proof.json").write_bytes(proof_of(case, report))
    outcome = signing.check(tmp_path / "proof.json", report, Trust(keys.given(str(rack / "other.pub.pem"))))
    assert outcome.holds == ()
    assert "signed with another key" in outcome.fails[0]


def test_a_stamp_travels_with_the_proof(
    stamped: Path, tmp_path: Path, authority: Authority, outside: Trust
) -> None:
    report = tmp_path / "reports" / "Report 2.txt"
    (tmp_path / "proof.json").write_bytes(proof_of(stamped, report))
    trust = Trust(outside.key, stamps.roots_in(authority.roots))
    assert "was there at" in signing.check(tmp_path / "proof.json", report, trust).holds[1]
    wrong = Trust(outside.key, stamps.roots_in(Authority(tmp_path).roots))
    assert signing.check(tmp_path / "proof.json", report, wrong).fails


def test_what_no_checkpoint_tells_of_is_not_proved(case: Path, tmp_path: Path) -> None:
    added(tmp_path / "more", ["Later: one was wounded."], case, lambda: "2026-11-22T12:00:00.000Z")
    with pytest.raises(AskedWrongly, match=r"no checkpoint of .* tells of the capture"):
        proof_of(case, tmp_path / "more" / "Later.txt")
    (tmp_path / "strange.txt").write_text("never added", encoding="utf-8")
    with pytest.raises(AskedWrongly, match="has no capture"):
        proof_of(case, tmp_path / "strange.txt")
    with pytest.raises(AskedWrongly, match="no SHA-256 of a report and no file"):
        proof_of(case, "nowhere.txt")


def test_whom_to_believe_is_never_taken_from_the_proof(case: Path, tmp_path: Path, rack: Path) -> None:
    """A forger's proof carries the forger's key; against the fingerprint of another it does not hold."""
    report = tmp_path / "reports" / "Report 2.txt"
    (tmp_path / "proof.json").write_bytes(proof_of(case, report))
    stranger = Given(keys.shown_key("other", rack).fingerprint, None)
    assert signing.check(tmp_path / "proof.json", report, Trust(stranger)).fails
