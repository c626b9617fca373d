"""What is written down of a case folder, who may write in it, and what verify says when it is not as it was."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick import case as cases
from tallystick import checks, ledgerfile, rows
from tallystick.case import Case
from tallystick.checks import CHECKS, Check, Outcome
from tallystick.errors import AskedWrongly, CaseDamaged, CaseReadOnly, NoSuchCase, TallystickError
from tallystick.evidence import manifest
from tallystick.ledger import FILE, Ledger

STRIKE = "At least {n} people were killed in an air strike on the town of Solem on {day}, the hospital said."


def report(folder: Path, name: str, n: int = 12) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(STRIKE.format(n=n, day="Friday"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of three reports, closed; not to be changed."""
    folder = tmp_path_factory.mktemp("finished")
    for n, name in enumerate(("a", "b", "c"), 2):
        report(folder / "reports", name, n)
    with Case.make(folder / "case") as case:
        case.run([folder / "reports"])
    return folder / "case"


@pytest.fixture
def case(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "case")


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below ``folder``, with the time it was written to."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def outcome(folder: Path, number: int) -> Outcome:
    (found,) = [each for each in cases.verify(folder).outcomes if each.check.number == number]
    return found


def failed(folder: Path) -> dict[int, tuple[str, ...]]:
    """What each check found, of those that found anything."""
    return {each.check.number: each.findings for each in cases.verify(folder).outcomes if each.findings}


def writable(path: Path) -> Path:
    path.chmod(0o644)
    return path


# ------------------------------------------------------------------------------- the manifest

names = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.dictionaries(names.filter(lambda name: name not in (".", "..")), st.binary(max_size=9), max_size=5))
@settings(max_examples=25)
def test_any_manifest_is_one_that_sha256sum_checks(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "dossier").mkdir()
        for name, content in files.items():
            (folder / "dossier" / name).write_bytes(content)
        manifest.write(folder)
        assert list(manifest.flaws(folder)) == []
        assert (folder / manifest.NAME).read_bytes().count(b"\n") == len(files)
        if files:  # of an empty list sha256sum says that it is none
            check = ["sha256sum", "--check", "--strict", "--quiet", manifest.NAME]
            done = subprocess.run(check, cwd=folder, capture_output=True, check=False)
            assert (done.returncode, done.stdout) == (0, b"")


def test_the_manifest_names_every_file_but_captures_in_order(case: Path) -> None:
    lines = (case / manifest.NAME).read_text().splitlines()
    told = [line[66:] for line in lines]
    there = {name for name in tree(case) if not name.startswith("captures/")} - {manifest.NAME}
    assert told == sorted(there, key=os.fsencode)
    assert {line[:64] for line in lines} == {
        hashlib.sha256((case / name).read_bytes()).hexdigest() for name in there
    }


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"  case.toml", b" *case.toml", "is no line of a manifest"),
        (b"  case.toml", b"  case.tomm", "case.tomm is missing"),
        (b"  case.toml", b"  case.tomm", "case.toml was added"),
        (b"\n", b"\n\n", "is no line of a manifest"),
        (b"\n", b"\r\n", "was added"),
    ],
)
def test_a_changed_manifest_is_named(case: Path, old: bytes, new: bytes, found: str) -> None:
    file = case / manifest.NAME
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    assert any(found in each for each in failed(case)[1])


@pytest.mark.parametrize("change", ["cut", "turned", "doubled", "capitals", "emptied", "no last line's end"])
def test_a_manifest_of_other_lines_is_named(case: Path, change: str) -> None:
    file = case / manifest.NAME
    lines = file.read_bytes().splitlines(keepends=True)
    made = {
        "cut": lines[:-1],
        "turned": lines[::-1],
        "doubled": [lines[0], *lines],
        "capitals": [lines[0][:64].upper() + lines[0][64:], *lines[1:]],
        "emptied": [],
        "no last line's end": [*lines[:-1], lines[-1].rstrip()],
    }
    file.write_bytes(b"".join(made[change]))
    assert 1 in failed(case)


def test_a_manifest_that_cannot_be_read_is_named(case: Path) -> None:
    (case / manifest.NAME).unlink()
    (case / manifest.NAME).mkdir()
    assert "cannot be read" in failed(case)[1][0]


# ------------------------------------------------------------------------------- who may write


def test_the_manifest_is_there_only_while_nobody_writes(case: Path) -> None:
    before = (case / manifest.NAME).read_bytes()
    with Case.open(case) as reading:
        assert manifest.exists(case)
        assert reading.verify().problems == ()
    with Case.open(case, write=True) as writing:
        assert not manifest.exists(case)
        assert writing.verify().problems == ()
    assert (case / manifest.NAME).read_bytes() == before


def test_of_two_writers_the_last_writes_the_manifest(case: Path, tmp_path: Path) -> None:
    one, two = Case.open(case, write=True), Case.open(case, write=True)
    one.add([report(tmp_path, "d", 20)])
    one.close()
    assert not manifest.exists(case)
    two.add([report(tmp_path, "e", 30)])
    two.close()
    assert manifest.exists(case)
    assert failed(case) == {}
    assert cases.verify(case).captures == 5


def test_many_writers_at_once_leave_a_true_manifest(case: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tallystick.case import Case\n"
        "for path in sys.argv[2:]:\n"
        "    with Case.open(Path(sys.argv[1]), write=True) as case:\n"
        "        case.add([Path(path)])\n"
    )
    reports = [report(tmp_path / "more", f"m{n}", n + 20) for n in range(8)]
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(case), *map(str, reports[at::2])])
        for at in range(2)
    ]
    assert [each.wait() for each in started] == [0, 0]
    assert manifest.exists(case)
    found = cases.verify(case)
    assert found.problems == ()
    notes = [note for each in found.outcomes for note in each.notes]
    assert all(
        note.startswith("nothing is signed") for note in notes
    )  # nothing was taken for altered, either
    assert found.captures == 11


def test_a_killed_writer_leaves_no_manifest_and_no_finding(case: Path, tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from tallystick.case import Case

        case = Case.open(Path(sys.argv[1]), write=True)
        case.add([Path(sys.argv[2])])
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run([sys.executable, "-c", code, str(case), str(report(tmp_path, "d"))], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (case / f"{FILE}-wal").stat().st_size
    before = tree(case)
    assert failed(case) == {}
    assert cases.verify(case).captures == 4  # what is only in the log, too
    assert ["cut short" in note for note in outcome(case, 1).notes] == [True]
    assert tree(case) == before
    for _ in range(2):
        with Case.open(case, write=True) as opened:
            assert len(opened._ledger.events("unlisted")) == 1
    assert ["it had no manifest.sha256" in note for note in outcome(case, 1).notes] == [True]
    assert not (case / f"{FILE}-wal").exists()


def test_a_reader_that_stays_does_not_make_the_manifest_untrue(case: Path, tmp_path: Path) -> None:
    with Ledger.open(case) as reader:
        with Case.open(case, write=True) as writer:
            writer.add([report(tmp_path, "d")])
        assert manifest.exists(case)
        assert failed(case) == {}
        assert len(reader.captures()) == 4
    assert failed(case) == {}


def test_rows_that_a_reader_keeps_outside_the_file_leave_no_manifest(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgerfile, "BUSY_SECONDS", 0.1)
    with Ledger.open(case) as reader, reader._begin() as connection:
        connection.exec_driver_sql("SELECT COUNT(*) FROM claims").scalar_one()
        with Case.open(case, write=True) as writer:
            writer.add([report(tmp_path, "d")])
        assert not manifest.exists(case)
    with Case.open(case, write=True):
        pass
    assert failed(case) == {}


def test_a_full_disk_leaves_no_manifest(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write", full)
        Case.open(case, write=True).close()
    assert not manifest.exists(case)
    assert failed(case) == {}


def test_a_case_that_cannot_be_opened_keeps_its_manifest(case: Path) -> None:
    before = (case / manifest.NAME).read_bytes()
    for damage in ("DROP TRIGGER claims_only_grow_update", "PRAGMA user_version = 99"):
        connection = sqlite3.connect(case / FILE)
        connection.execute(damage)
        connection.close()
        with pytest.raises(CaseDamaged):
            Case.open(case, write=True)
        assert (case / manifest.NAME).read_bytes() == before


def test_what_was_altered_meanwhile_is_recorded_when_the_case_is_opened(case: Path) -> None:
    (case / "case.toml").write_text('name = "Solem, May 2019"\n', encoding="utf-8")
    assert list(failed(case)) == [1, 16]
    for _ in range(2):
        with Case.open(case, write=True) as opened:
            (event,) = opened._ledger.events("altered")
    assert event.facts["files"] == 1
    assert str(case / "case.toml") in event.facts["found"][0]
    assert failed(case) == {}
    assert [str(case / "case.toml") in note for note in outcome(case, 1).notes] == [True]


def test_what_was_altered_is_recorded_before_the_manifest_goes(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = case / "dossier" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    with monkeypatch.context() as patch:

        def full(*_: Any, **__: Any) -> None:
            raise CaseReadOnly("the disk is full")

        patch.setattr(Ledger, "append", full)
        with pytest.raises(CaseReadOnly):
            Case.open(case, write=True)
    assert str(page) in failed(case)[1][0]
    Case.open(case, write=True).close()
    assert [str(page) in note for note in outcome(case, 1).notes] == [True]


def test_a_manifest_that_somebody_took_away_stays_in_the_record(case: Path) -> None:
    (case / manifest.NAME).unlink()
    for _ in range(2):
        Case.open(case, write=True).close()
    assert ["it had no manifest.sha256" in note for note in outcome(case, 1).notes] == [True]


def test_a_dossier_that_was_changed_is_named_though_the_manifest_was_written_anew(case: Path) -> None:
    page = case / "dossier" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    manifest.write(case)
    assert list(failed(case)) == [15]
    with Case.open(case, write=True) as opened:
        opened.dossier()
    assert failed(case) == {}
    shutil.rmtree(case / "dossier")
    manifest.write(case)
    assert failed(case) == {}


def test_a_dossier_written_elsewhere_is_not_taken_for_that_of_the_case(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add([report(tmp_path, "d", 40)])
        opened.read()
        opened.dossier(tmp_path / "pages")
    assert failed(case) == {}
    shutil.rmtree(case / "dossier")
    shutil.copytree(tmp_path / "pages", case / "dossier")
    manifest.write(case)
    assert list(failed(case)) == [15]
    with Case.open(case, write=True) as opened:
        opened.dossier()
    assert failed(case) == {}


# ------------------------------------------------------------------------------- the settings


def settled(case: Path) -> list[dict[str, Any]]:
    with Case.open(case) as opened:
        return [event.facts for event in opened._ledger.events("settled")]


def test_settings_changed_by_hand_are_named_until_a_verb_that_writes_records_them(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = settled(case)
    assert first == {"name": "case", "countries": [], "second_check": False, "seniors": []}
    (case / "case.toml").write_text('name = "case"\nsecond_check = true\nseniors = ["A. Haddad"]\n')
    manifest.write(case)
    assert [each.partition(": ")[2].partition(";")[0] for each in failed(case)[16]] == [
        "second_check is True, and was settled as False",
        "seniors is ['A. Haddad'], and was settled as []",
    ]
    monkeypatch.setenv("TALLYSTICK_WHO", "M. Reed")
    Case.open(case, write=True).close()
    assert failed(case) == {}
    assert settled(case)[1:] == [first | {"second_check": True, "seniors": ["A. Haddad"]}]
    with Case.open(case) as opened:
        assert opened._ledger.events("settled")[-1].who == "M. Reed"


def test_naming_countries_takes_no_other_setting_back(case: Path) -> None:
    (case / "case.toml").write_text('name = "case"\nsecond_check = true\nseniors = ["A. Haddad"]\n')
    with Case.make(case, countries=["Syria"]) as opened:
        assert opened.countries == ("Syria",)
        assert opened._settings.second_check
    assert (case / "case.toml").read_text().splitlines()[1:] == [
        'countries = ["Syria"]',
        "second_check = true",
        'seniors = ["A. Haddad"]',
    ]
    assert settled(case)[-1]["countries"] == ["Syria"]
    assert settled(case)[-1]["second_check"] is True
    assert failed(case) == {}


# ------------------------------------------------------------------------------- pipes and links


@pytest.mark.parametrize(
    "path", ["manifest.sha256", "keys/x.pem", "checkpoints/000001.json", "case.toml", "dossier/x.html"]
)
@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_pipe_or_a_link_in_a_case_is_named_and_not_waited_for(case: Path, path: str, kind: str) -> None:
    (case / path).parent.mkdir(exist_ok=True)
    (case / path).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(case / path)
    else:
        (case / path).symlink_to("/dev/zero")
    verify = [sys.executable, "-m", "tallystick.cli", "verify", str(case)]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"{case / path} is a link or no plain file" in done.stderr
    assert "Traceback" not in done.stderr
    if shutil.which("sqlite3"):
        assert by_script(case).returncode == 1


# ------------------------------------------------------------------------------- what leaves the case


def exports(case: Case) -> list[tuple[str, str]]:
    return [(event.item, event.facts["sha256"]) for event in case._ledger.events("exported")]


def test_what_is_written_is_recorded_once_for_each_content(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        (first,) = exports(opened)
        for _ in range(2):
            opened.dossier()
            opened.dossier(tmp_path / "pages")
            opened.export(tmp_path / "export")
        assert [what for what, _ in exports(opened)] == ["dossier", "export"]
        opened.add([report(tmp_path, "d", 40)])
        opened.read()
        opened.dossier()
        assert [what for what, _ in exports(opened)] == ["dossier", "export", "dossier"]
        assert exports(opened)[0] == first != exports(opened)[2]
    files = sorted(tree(tmp_path / "export"))
    lines = [f"{hashlib.sha256((tmp_path / 'export' / f).read_bytes()).hexdigest()}  {f}\n" for f in files]
    with Case.open(case) as opened:
        assert exports(opened)[1][1] == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_case_that_is_only_read_is_exported_and_not_changed(case: Path, tmp_path: Path) -> None:
    before = tree(case)
    with Case.open(case) as opened:
        opened.export(tmp_path / "export")
        opened.dossier(tmp_path / "pages")
        with pytest.raises(CaseReadOnly, match="open to be read"):
            opened.dossier()
    assert (tmp_path / "export" / "claims.jsonl").is_file()
    assert tree(case) == before


def test_nothing_but_its_own_dossier_is_written_into_a_case(case: Path) -> None:
    with Case.open(case, write=True) as opened:
        for place in (case, case / "export", case / "dossier" / "more"):
            with pytest.raises(AskedWrongly, match="lies in the case"):
                opened.export(place)
            with pytest.raises(AskedWrongly, match="lies in the case"):
                opened.dossier(place)
    assert failed(case) == {}


# ------------------------------------------------------------------------------- verify


def test_verify_changes_nothing_in_a_copy_on_a_disk_that_cannot_be_written(case: Path) -> None:
    paths = [case, *case.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = tree(case)
    try:
        assert cases.verify(case).problems == ()
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert tree(case) == before


def test_checks_are_numbered_in_order_and_rest_on_earlier_ones() -> None:
    numbers = [check.number for check in CHECKS]
    assert numbers == sorted(set(numbers))
    assert all(set(check.after) <= set(numbers[: numbers.index(check.number)]) for check in CHECKS)
    assert all(check.sentence.endswith(".") for check in CHECKS)


@pytest.mark.parametrize(
    ("path", "number", "said"),
    [
        ("notes.txt", 2, "notes.txt is no part of a case"),
        ("captures/notes.txt", 2, "captures/notes.txt is no part of a case"),
        ("checkpoints/1.exe", 2, "1.exe is no part of a case"),
        ("case.toml.new", 2, "was left by a command that was cut short"),
        ("captures/.new-x1", 2, "was left by a command that was cut short"),
        ("captures/ab/ab" + 62 * "0", 2, "was changed: its SHA-256 is now"),
        ("dossier/notes.html", 1, "dossier/notes.html was added"),
        ("lists/" + 64 * "0" + "/x.csv", 2, "is no list of the case"),
    ],
)
def test_what_does_not_belong_there_is_named(case: Path, path: str, number: int, said: str) -> None:
    (case / path).parent.mkdir(parents=True, exist_ok=True)
    (case / path).write_text("x", encoding="utf-8")
    found = outcome(case, number)
    assert any(said in each for each in (*found.findings, *found.notes))
    passed_over = path.startswith("captures/.new-")  # what a killed program leaves there is in no manifest
    assert bool(cases.verify(case).problems) is not passed_over


def test_a_link_is_no_part_of_a_case(case: Path, tmp_path: Path) -> None:
    shutil.move(case / "dossier", tmp_path / "dossier")
    (case / "dossier").symlink_to(tmp_path / "dossier")
    (case / "case.toml").unlink()
    (case / "case.toml").symlink_to("/dev/null")
    assert len([each for each in failed(case)[2] if "is a link" in each]) == 2


def test_a_capture_that_no_row_tells_of_is_a_note_if_it_is_what_its_name_says(case: Path) -> None:
    name = hashlib.sha256(b"stray").hexdigest()
    (case / "captures" / name[:2]).mkdir(exist_ok=True)
    (case / "captures" / name[:2] / name).write_bytes(b"stray")
    assert failed(case) == {}
    assert ["its taking in was cut short" in note for note in outcome(case, 2).notes] == [True]


def test_a_log_beside_a_ledger_that_was_closed_is_named(case: Path) -> None:
    (case / f"{FILE}-wal").write_bytes(b"x" * 100)
    assert any("-wal holds rows that came after" in each for each in failed(case)[1])


def test_a_capture_and_a_byte_of_the_dossier_are_named_by_their_paths(case: Path) -> None:
    victim = writable(next(path for path in (case / "captures").rglob("*") if path.is_file()))
    victim.write_bytes(victim.read_bytes().replace(b"killed", b"KILLED"))
    page = case / "dossier" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    found = failed(case)
    assert list(found) == [1, 8, 15]
    assert str(page) in found[1][0]
    assert str(victim) in found[8][0]


@pytest.mark.parametrize("body", ["NULL", "7", "x'ff00'", "''", "'[]'", "CAST(x'ff' AS TEXT)"])
@pytest.mark.parametrize("table", sorted(rows.METADATA.tables))
def test_no_row_can_hold_what_verify_cannot_survive(case: Path, table: str, body: str) -> None:
    connection = sqlite3.connect(case / FILE)
    for name in rows.triggers():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'body TEXT NOT NULL', 'body TEXT')")
    connection.commit()
    connection.close()
    connection = sqlite3.connect(case / FILE)
    connection.execute(f"UPDATE {table} SET body = {body} WHERE seq = (SELECT MAX(seq) FROM {table})")  # noqa: S608
    for sql in rows.triggers().values():
        connection.execute(sql)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'body TEXT', 'body TEXT NOT NULL')")
    connection.commit()
    connection.close()
    manifest.write(case)
    empty = table == "reviews"
    assert bool(failed(case)) is not empty


def test_damage_that_the_database_cannot_spell_is_named(case: Path) -> None:
    """SQLite quotes the name of what is damaged in its message, here two bytes that are no UTF-8."""
    connection = sqlite3.connect(case / FILE)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = 'x', name = CAST(x'e6e6' AS TEXT) WHERE name = 'reviews_by_claim'"
    )
    connection.commit()
    connection.close()
    with pytest.raises(CaseDamaged, match="is no sound ledger"):
        Ledger.open(case)
    assert "is no sound ledger" in failed(case)[3][0]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "CREATE TRIGGER quiet BEFORE INSERT ON custody WHEN NEW.what = 'altered' "
            "BEGIN SELECT RAISE(IGNORE); END",
            "the trigger 'quiet', which is no part",
        ),
        ("CREATE TABLE hidden (x)", "the table 'hidden', which is no part"),
        ("CREATE VIEW shown AS SELECT 1", "the view 'shown', which is no part"),
        ("CREATE INDEX more ON claims (body)", "the index 'more', which is no part"),
        ("DROP INDEX claims_by_account", "lost the index 'claims_by_account'"),
        ("ALTER TABLE claims ADD COLUMN more", "another table 'claims'"),
    ],
)
def test_a_ledger_holds_nothing_that_tallystick_did_not_make(case: Path, statement: str, said: str) -> None:
    connection = sqlite3.connect(case / FILE)
    connection.execute(statement)
    connection.commit()
    connection.close()
    manifest.write(case)  # who can do the one can do the other
    assert any(said in each for each in failed(case)[3])
    with pytest.raises(CaseDamaged, match=said):
        Case.open(case, write=True)


def test_a_text_that_its_report_does_not_read_is_named(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.evidence, "read", lambda *_, **__: iter(()))
    found = outcome(case, 9)
    assert len(found.findings) == 3
    assert "its capture reads otherwise by" in found.findings[0]
    monkeypatch.setattr(checks, "__version__", "99.0")
    found = outcome(case, 9)
    assert found.holds
    assert ["by tallystick 99.0 than by tallystick 0" in note for note in found.notes] == [True] * 3


def test_a_text_is_read_again_as_each_of_its_origins_promised(tmp_path: Path) -> None:
    """The same bytes came once as a text and once as a page, which are read in two ways."""
    words = (
        "<html><body><article>"
        + 12 * "<p>Shells fell on Solem &amp; Orveth on Friday.</p>"
        + "</article></body></html>"
    )
    for name in ("a.txt", "b.html"):
        (tmp_path / name).write_text(words, encoding="utf-8")
    with Case.make(tmp_path / "case") as made:
        made.add([tmp_path / "a.txt", tmp_path / "b.html"])
        assert len(made.record().documents) == 2
        assert len(made.record().captures) == 1
    assert failed(tmp_path / "case") == {}
    assert outcome(tmp_path / "case", 9).notes == ()


def test_what_is_written_meanwhile_is_not_called_a_finding(case: Path) -> None:
    def write(held: checks.Held) -> Iterator[str]:
        os.utime(case / FILE, ns=(1, 1))
        yield "this may be half of what was written"

    with pytest.raises(TallystickError, match="was written to while it was verified"):
        checks.verify(case, [Check(1, "Another command writes.", write)])


def test_no_case_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(NoSuchCase):
        cases.verify(tmp_path / "none")
    with pytest.raises(NoSuchCase):
        cases.verify(tmp_path)


def test_a_case_of_the_former_form_verifies_with_a_note(tmp_path: Path) -> None:
    dump = Path(__file__).parent / "corpus" / "ledgers" / "form-1.sql"
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    for number in (6, 7):
        found = outcome(tmp_path, number)
        assert found.holds
        assert ["has no chain" in note for note in found.notes] == [True]


# ------------------------------------------------------------------------- without Tallystick

SCRIPT = Path(__file__).parents[1] / "docs" / "verify.sh"
needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "sqlite3", "openssl", "sha256sum"))),
    reason="no sqlite3 or openssl here",
)


def by_script(*asked: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["bash", str(SCRIPT), *map(str, asked)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    return done


def found_by_script(folder: Path) -> list[int]:
    done = by_script(folder)
    found = [int(line[:2]) for line in done.stdout.splitlines() if line[4:].startswith("DOES NOT HOLD")]
    assert done.returncode == (1 if found else 0)
    return found


@needs_tools
def test_the_script_of_standard_tools_finds_a_whole_case_whole_and_changes_nothing(
    case: Path, tmp_path: Path
) -> None:
    (tmp_path / "our places.csv").write_text("name,latitude,longitude\nOmrun,31.4,-41.2\n", encoding="utf-8")
    with Case.open(case, write=True) as opened:
        opened.add_list(tmp_path / "our places.csv")
        opened.name_means("party", "Daesh", "Islamic State", by="A. Haddad", note='"as told"\n')
    before = tree(case)
    done = by_script(case)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("holds  ") == 13
    assert tree(case) == before


def by_hand(*statements: str) -> Any:
    """Changes rows as somebody would who takes the triggers away and puts them back."""

    def change(case: Path) -> None:
        connection = sqlite3.connect(case / FILE)
        for name in rows.triggers():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for sql in rows.triggers().values():
            connection.execute(sql)
        connection.commit()
        connection.close()
        manifest.write(case)  # who can do the one can do the other

    return change


def flip(case: Path) -> None:
    victim = writable(next(path for path in (case / "captures").rglob("*") if path.is_file()))
    victim.write_bytes(victim.read_bytes()[:-1] + b"X")


@needs_tools
@pytest.mark.parametrize(
    ("tamper", "by"),
    [
        pytest.param(flip, [8], id="a byte of a capture"),
        pytest.param(lambda case: (case / "n.txt").write_text("x"), [1, 2], id="a file added"),
        pytest.param(lambda case: (case / "case.toml").write_text("x"), [1], id="the settings"),
        pytest.param(
            by_hand("UPDATE captures SET body = replace(body, 'a.txt', 'z.txt') WHERE seq = 1"),
            [7],
            id="a row changed",
        ),
        pytest.param(
            by_hand("UPDATE claims SET body = replace(body, 'killed', 'fell')"), [5, 7], id="words changed"
        ),
        pytest.param(
            by_hand("DELETE FROM claims WHERE seq = (SELECT MAX(seq) FROM claims)"), [7], id="a row off the end"
        ),
        pytest.param(by_hand("DELETE FROM custody WHERE seq = (SELECT MIN(seq) FROM custody WHERE body LIKE '%\"rows\":%' AND seq > 1)"),
            [4, 6, 7], id="an event taken out"),
        pytest.param(
            by_hand("UPDATE custody SET body = replace(body, 'T', 't') WHERE seq = 2"), [5, 6], id="an event changed"
        ),
        pytest.param(
            lambda case: sqlite3.connect(case / FILE).execute("DROP TRIGGER claims_only_grow_update").connection.close(),
            [1, 3],
            id="a trigger gone",
        ),
    ],
)  # fmt: skip
def test_the_script_and_verify_find_the_same_tampering(case: Path, tamper: Any, by: list[int]) -> None:
    tamper(case)
    found = found_by_script(case)
    assert set(by) <= set(found)
    assert set(by) <= failed(case).keys()


@needs_tools
def test_the_script_reads_what_a_killed_writer_left(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add([report(tmp_path, "d")])
        left = shutil.copytree(case, tmp_path / "left")
    before = tree(left)
    done = by_script(left)
    assert done.returncode == 0
    assert " 1  note           There is no manifest.sha256" in done.stdout
    assert tree(left) == before


@pytest.fixture
def signed(case: Path, tmp_path: Path) -> Path:
    """A case with a checkpoint of its head, signed by hand; the keys lie beside it as a.key and b.pem."""
    for name in ("a", "b"):
        key, public = str(tmp_path / f"{name}.key"), str(tmp_path / f"{name}.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
        subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    with Case.open(case) as opened:
        seq, value = opened._ledger.head()
    (case / "keys").mkdir()
    shutil.copy(tmp_path / "a.pem", case / "keys")
    (case / "checkpoints").mkdir()
    file = case / "checkpoints" / f"{seq:06}.json"
    file.write_text(json.dumps({"seq": seq, "chain": value}), encoding="utf-8")
    sign = ["openssl", "pkeyutl", "-sign", "-inkey", str(tmp_path / "a.key"), "-rawin", "-in", str(file)]
    subprocess.run([*sign, "-out", str(file.with_suffix(".sig"))], check=True)
    manifest.write(case)
    return case


@needs_tools
def test_the_script_holds_the_record_against_what_was_signed(signed: Path, tmp_path: Path) -> None:
    assert "12  holds" in by_script(signed).stdout
    assert by_script(signed, tmp_path / "a.pem").returncode == 0
    assert "is not signed with" in by_script(signed, tmp_path / "b.pem").stdout
    by_hand("DELETE FROM custody WHERE seq = (SELECT MAX(seq) FROM custody)")(signed)
    assert "signed another record" in by_script(signed).stdout
    assert 12 in found_by_script(signed)


HOSTILE = (
    "a\nb.txt",
    "'; .shell touch owned;'",
    "-rf",
    "--files0-from=x",
    "$(touch owned)",
    "a\x1b[2Jb",
    '"',
)


@needs_tools
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", [".", "keys", "checkpoints", "dossier", "captures", "lists"])
def test_a_name_in_the_folder_is_nothing_but_a_name_to_the_script(
    signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    ending = {"keys": ".pem", "checkpoints": ".json"}.get(place, "")
    (signed / place).mkdir(exist_ok=True)
    (signed / place / f"{name}{ending}").write_text('{"seq": 1, "chain": "x"}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    done = by_script(signed)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert tree(tmp_path) == before


@needs_tools
@pytest.mark.parametrize(
    "seq",
    [
        "0/**/UNION/**/SELECT/**/writefile('{owned}','x')",
        "1; .shell touch {owned}",
        "1\n.shell touch {owned}\n",
        "x[$(touch {owned})]",
        "-1",
        "000001",
        7,
        None,
    ],
)
def test_the_number_in_a_checkpoint_is_nothing_but_a_number_to_the_script(
    signed: Path, tmp_path: Path, seq: str | int | None
) -> None:
    told = seq.format(owned=tmp_path / "owned") if isinstance(seq, str) else seq
    file = signed / "checkpoints" / "000001.json"
    file.write_text(json.dumps({"seq": told, "chain": 64 * "0"}), encoding="utf-8")
    done = by_script(signed)
    assert "checkpoints/000001.json is" in done.stdout
    assert not (tmp_path / "owned").exists()


@needs_tools
def test_the_script_looks_into_no_ledger_of_another_form(case: Path, tmp_path: Path) -> None:
    (case / FILE).unlink()
    connection = sqlite3.connect(case / FILE)
    for table in rows.METADATA.tables:
        connection.execute(f"CREATE TABLE {table} (seq, id, about, turn, reading, what, item, chain, body)")
    owned = f"x/../../../../../../../../../..{tmp_path}/owned"
    connection.execute("INSERT INTO captures (seq, body) VALUES (?, 'owned by a row')", (owned,))
    connection.commit()
    connection.close()
    done = by_script(case)
    assert done.returncode == 1
    assert "not exactly those of a ledger" in done.stdout
    assert "nothing more is looked at" in done.stdout
    assert not (tmp_path / "owned").exists()


@needs_tools
def test_what_a_row_says_writes_no_line_of_the_script_s_own(case: Path) -> None:
    forged = "x\n 7  holds          All is well.\x1b[2J"
    by_hand(f"UPDATE captures SET id = '{forged}' WHERE seq = 1")(case)  # noqa: S608
    done = by_script(case)
    assert done.returncode == 1
    assert "\n 7  holds          All is well" not in done.stdout
    assert "\x1b" not in done.stdout


@needs_tools
def test_the_script_holds_the_dossier_against_the_record(case: Path) -> None:
    page = case / "dossier" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    manifest.write(case)
    assert found_by_script(case) == [15]
    (case / manifest.NAME).unlink()
    assert found_by_script(case) == []
    assert "15  note" in by_script(case).stdout


@needs_tools
def test_the_script_says_when_it_is_asked_wrongly(tmp_path: Path) -> None:
    done = subprocess.run(["bash", str(SCRIPT), str(tmp_path / "none")], capture_output=True, check=False)
    assert done.returncode == 2
    done = subprocess.run(["bash", str(SCRIPT)], capture_output=True, check=False)
    assert done.returncode == 2


def test_an_answer_in_json_names_each_check(case: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick.cli", "verify", str(case), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert [each["number"] for each in told["checks"]] == [check.number for check in CHECKS]
