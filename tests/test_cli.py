"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests_server import Server, html

from tallystick import __version__, cli
from tallystick.case import Case

VERBS = (
    "run",
    "add",
    "fetch",
    "watch",
    "leads",
    "read",
    "lists",
    "places",
    "parties",
    "link",
    "findings",
    "dossier",
    "export",
    "totals",
    "patterns",
    "changes",
    "verify",
    "key",
    "checkpoint",
    "prove",
    "seal",
    "check",
    "expunge",
    "desk",
    "move",
    "people",
)
STRIKE = "At least {n} people were killed in an air strike on the town of Solem on Friday, the hospital said."


@dataclass(frozen=True)
class Said:
    """What one command left: its exit status and the two streams."""

    status: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it is."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        assert self.out.count("\n") == 1
        return value


Ask = Callable[..., Said]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["tallystick", *map(str, arguments)])
        capsys.readouterr()
        try:
            cli.main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        return Said(status, *capsys.readouterr())

    return run


def report(folder: Path, name: str, n: int = 12, **keys: Any) -> None:
    folder.mkdir(exist_ok=True)
    record = {"id": name, "source": f"Outlet {name}", "text": STRIKE.format(n=n)} | keys
    (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for name, n in (("a", 12), ("b", 40), ("c", 12)):
        report(tmp_path / "reports", name, n, published="2019-05-18")
    return tmp_path / "reports"


@pytest.fixture
def case(tmp_path: Path, reports: Path, ask: Ask) -> Path:
    assert ask("run", reports, "--case", tmp_path / "case").status == 0
    return tmp_path / "case"


# ------------------------------------------------------------------------------- the verbs


def test_run_goes_from_reports_to_a_dossier(tmp_path: Path, reports: Path, ask: Ask) -> None:
    said = ask("run", reports, "--case", tmp_path / "case")
    assert said.status == 0
    assert said.err == ""
    first, *_, last = said.out.splitlines()
    assert first == "3 files, 3 reports in the case (3 new), 0 refused"
    assert re.search(r"[1-9]\d* claims? in 3 accounts: ", said.out)
    assert last == f"dossier: {tmp_path / 'case' / 'dossier' / 'index.html'}"
    assert (tmp_path / "case" / "dossier" / "index.html").is_file()


def test_step_by_step_gives_what_run_gives(tmp_path: Path, case: Path, reports: Path, ask: Ask) -> None:
    steps = tmp_path / "steps"
    for command in (("add", reports, "--case", steps), ("read", steps), ("link", steps), ("dossier", steps)):
        assert ask(*command).status == 0
    for folder in (case, steps):
        assert ask("export", folder, tmp_path / f"{folder.name}-export").status == 0
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / f"{name}-export").iterdir()}
        for name in ("case", "steps")
    )
    assert one == two
    assert set(one) == {
        f"{name}.jsonl" for name in ("documents", "claims", "accounts", "incidents", "findings")
    }


# Verbs that ask for more than a case; tests/test_seals.py holds them to the same.
SIGNING = ("key", "checkpoint", "prove", "seal", "check")
# Verbs for people at the desk, which programs do not ask (tests/web), and one that needs a server (test_moves).
SERVING = ("desk", "people", "move")
# One that knows of no case (tests/exchange).
CASELESS = ("leads",)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in SIGNING + SERVING + CASELESS])
def test_json_is_one_object_and_nothing_else(
    tmp_path: Path, case: Path, reports: Path, ask: Ask, verb: str
) -> None:
    rest: dict[str, list[Any]] = {
        "run": [reports, "--case", case],
        "add": [reports, "--case", case],
        "export": [case, tmp_path / "export"],
        "expunge": [case, "--finish"],
        "watch": [case, reports, "--once", "--still", "0"],
    }
    with Server({"/": html("Shells fell.")}) as server:
        rest["fetch"] = [server.url(), "--case", case, "--allow-private", "--any-port", "--delay", "0"]
        said = ask(verb, *rest.get(verb, [case]), "--json")
    assert said.status == 0
    assert said.err == ""
    assert said.object["case"] == str(case)


def test_a_second_run_finds_nothing_new(case: Path, reports: Path, ask: Ask) -> None:
    told = ask("run", reports, "--case", case, "--json").object
    assert told["new"] == {"captures": 0, "documents": 0, "claims": 0, "judgements": 0}
    assert told["documents"] == 3
    assert told["files"] == 3
    assert told["refused"] == []


def test_findings_are_a_table_of_incidents_with_their_verdicts(case: Path, ask: Ask) -> None:
    said = ask("findings", case)
    assert said.status == 0
    incidents = ask("findings", case, "--json").object["incidents"]
    assert incidents
    for incident in incidents:
        assert incident["id"] in said.out
        assert set(incident["verdicts"].values()) <= {
            "agree", "compatible", "update", "conflict", "single_origin", "unknown",
        }  # fmt: skip
        assert incident["tolls"]["killed"]["low"] <= incident["tolls"]["killed"]["high"]
    assert "Solem" in said.out


def test_a_dossier_can_be_written_elsewhere(tmp_path: Path, case: Path, ask: Ask) -> None:
    said = ask("dossier", case, "--folder", tmp_path / "pages")
    assert (said.status, said.out) == (0, f"dossier: {tmp_path / 'pages' / 'index.html'}\n")
    assert (tmp_path / "pages" / "index.html").is_file()


def test_a_date_for_undated_reports_is_taken_from_the_command(tmp_path: Path, ask: Ask) -> None:
    report(tmp_path / "undated", "u")
    for options, told in (([], "day unknown"), (["--published", "2019-05-18"], "2019-05-17")):
        assert ask("run", tmp_path / "undated", "--case", tmp_path / "case", *options).status == 0
        (incident,) = ask("findings", tmp_path / "case", "--json").object["incidents"]
        assert told in incident["dates"][0]


def test_run_says_which_reports_lack_a_date_or_a_claim(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "letter.txt").write_text("Six villagers were killed in Solem on Friday.", encoding="utf-8")
    (folder / "note.txt").write_text("A report.", encoding="utf-8")
    told = ask("run", folder, "--case", tmp_path / "case").out
    assert "without a date: 2 reports (letter, note)" in told
    assert "without a claim: 1 report (note)" in told
    (folder / "note.txt").unlink()
    told = ask("run", folder, "--case", tmp_path / "other", "--published", "2016-10-07").out
    assert "without a" not in told


def test_the_version_is_told(ask: Ask) -> None:
    assert ask("--version") == Said(0, f"tallystick {__version__}\n", "")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_teaches_with_an_example(ask: Ask, verb: str) -> None:
    said = ask(verb, "--help")
    assert said.status == 0
    assert f"Example:\n    tallystick {verb} " in said.out
    assert ("--json" in said.out) == (verb not in ("desk", "people"))  # those speak with people alone


def test_help_names_every_verb_and_opens_no_room() -> None:
    code = (
        "import sys\nfrom tallystick import cli\nsys.argv = ['tallystick', '--help']\n"
        "try:\n    cli.main()\nfinally:\n    print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for verb in VERBS:
        assert re.search(rf"^  {verb} ", done.stdout, re.M)
    modules = {
        name for name in done.stderr.splitlines() if name.startswith(("tallystick", "sqlalchemy", "jinja2"))
    }
    verbs = {name for name in modules if name.startswith("tallystick.cli.")}
    assert modules - verbs - {"tallystick.values", "tallystick.values.plainly"} == {
        "tallystick",
        "tallystick.cli",
        "tallystick.errors",
        "tallystick.terminal",
    }


def test_the_module_can_be_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"tallystick {__version__}\n"


# ------------------------------------------------------------------------------- 1: a problem


def test_one_broken_report_of_a_hundred_is_named_and_the_others_are_done(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "hundred"
    folder.mkdir()
    for n in range(99):
        (folder / f"{n:02}.txt").write_text(
            f"Report {n}: nothing was heard from the valley.", encoding="utf-8"
        )
    (folder / "broken.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)))
    said = ask("add", folder, "--case", tmp_path / "case")
    assert said.status == 1
    assert said.out == "100 files: 100 new captures, 99 new or changed reports, 1 refused\n"
    (line,) = said.err.splitlines()
    assert line.startswith("tallystick: refused: ")
    assert str(folder / "broken.txt") in line
    said = ask("verify", tmp_path / "case")
    assert said.out.splitlines()[-1] == "100 captures, 99 reports, 0 claims: all hold"


def test_a_refused_report_is_told_by_run_each_time(tmp_path: Path, reports: Path, ask: Ask) -> None:
    (reports / "broken.json").write_text("[", encoding="utf-8")
    for _ in range(2):
        said = ask("run", reports, "--case", tmp_path / "case")
        assert said.status == 1
        assert "3 reports in the case" in said.out
        assert str(reports / "broken.json") in said.err
        told = ask("run", reports, "--case", tmp_path / "case", "--json")
        assert told.status == 1
        assert [each["item"] for each in told.object["refused"]] == [str(reports / "broken.json")]
        assert told.err == ""


def test_verify_names_the_file_that_was_changed(case: Path, ask: Ask) -> None:
    victim = min(path for path in (case / "captures").rglob("*") if path.is_file())
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1] + b" ")
    said = ask("verify", case)
    assert said.status == 1
    assert said.out.endswith("1 problem found\n")
    assert str(victim) in said.err
    told = ask("verify", case, "--json")
    assert told.status == 1
    assert len(told.object["problems"]) == 1


def test_verify_says_of_each_check_whether_it_holds(case: Path, ask: Ask) -> None:
    said = ask("verify", case)
    assert (said.status, said.err) == (0, "")
    *checks, last = (line for line in said.out.splitlines() if "note: " not in line)
    numbers = [int(line[:2]) for line in checks]
    assert numbers == list(range(1, len(checks) + 1))
    assert all(line[4:].startswith("holds") for line in checks)
    assert last.endswith("all hold")
    told = ask("verify", case, "--json").object
    assert [check["number"] for check in told["checks"]] == numbers
    assert all(check["holds"] and not check["findings"] and check["sentence"] for check in told["checks"])
    assert told["problems"] == []


def test_verify_goes_on_where_there_is_no_ledger_to_look_into(case: Path, ask: Ask) -> None:
    (case / "ledger.sqlite").write_bytes(b"")
    said = ask("verify", case)
    assert said.status == 1
    assert f"tallystick: 1: {case / 'ledger.sqlite'} was changed" in said.err
    assert f"tallystick: 3: {case / 'ledger.sqlite'} is empty" in said.err
    assert " 8  left out       Every report is there" in said.out
    told = ask("verify", case, "--json").object
    assert [check["number"] for check in told["checks"] if check["left out"]] == [*range(4, 13), 14, 15, 16]


@pytest.mark.parametrize("verb", ["read", "link", "findings", "dossier"])
def test_a_damaged_case_is_a_problem_found(case: Path, ask: Ask, verb: str) -> None:
    (case / "ledger.sqlite").write_bytes(b"")
    said = ask(verb, case)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"tallystick: {case / 'ledger.sqlite'} is empty")
    told = ask(verb, case, "--json")
    assert told.status == 1
    assert told.object["error"] == "CaseDamaged"


# ------------------------------------------------------------------------------- 2: asked wrongly


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("", "Usage: tallystick"),
        ("nonsense", "No such command"),
        ("run", "Missing argument"),
        ("run R", "Missing option '--case'"),
        ("run R --case C --jobs 0", "--jobs"),
        ("verify", "Missing argument"),
        ("run none --case C", "none does not exist"),
        ("run empty --case C", "no report in empty"),
        ("run R --case C --published Friday", "'Friday' is no ISO date"),
        ("run R --case C --published 2019-02-30", "is no ISO date"),
        ("run R --case R", "is no case, and holds other things"),
        ("verify none", "no case at none: there is no such folder"),
        ("findings empty", "no case at empty: it holds no ledger.sqlite"),
        ("read none", "no case at none"),
        ("link none", "no case at none"),
        ("dossier none", "no case at none"),
        ("export none E", "no case at none"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_status_2(
    tmp_path: Path, reports: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, command: str, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    reports.rename(tmp_path / "R")
    said = ask(*command.split())
    assert said.status == 2
    assert complaint in (said.err or said.out)
    assert "Traceback" not in said.err
    assert not (tmp_path / "C").exists()


def test_an_error_is_one_line_that_says_what_where_and_what_next(tmp_path: Path, ask: Ask) -> None:
    said = ask("verify", tmp_path / "none")
    assert len(said.err.splitlines()) == 1
    assert "tallystick run REPORTS --case" in said.err


def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path, reports: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"tallystick.cli", b"run", os.fsencode(reports), b"--case", folder],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"},
    )
    assert done.returncode == 0, done.stderr
    assert rb"caf\xe9" in done.stdout


def test_a_fault_of_the_program_is_not_hidden(case: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from tallystick import case as cases

    def fail(folder: Path, **_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cases, "verify", fail)
    with pytest.raises(ZeroDivisionError):
        ask("verify", case)


def test_bars_are_shown_on_a_terminal_only(
    tmp_path: Path, reports: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("run", reports, "--case", tmp_path / "one").err == ""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = ask("run", reports, "--case", tmp_path / "two")
    assert said.status == 0
    assert "adding" in said.err
    assert "reading" in said.err
    assert "adding" not in said.out


def test_a_name_is_decided_from_the_command_line_and_shown_with_its_reason(
    tmp_path: Path, case: Path, ask: Ask
) -> None:
    rows = tmp_path / "own.csv"
    rows.write_text(
        "name,code,latitude,longitude\nSolem,s1,31.4,-41.2\nSolem,s2,28.0,-44.0\nBad,b,131,0\n",
        encoding="utf-8",
    )
    said = ask("lists", case, rows)
    assert said.status == 1, "a row was refused"
    assert "own.csv: 2 rows taken, 1 refused" in said.out
    assert "(Bad): latitude 131 is beyond 90" in said.err
    shown = json.loads(ask("places", case, "--name", "solem", "--json").out)["places"]
    assert {each["id"] for row in shown for each in row["candidates"]} >= {"own.csv:s1", "own.csv:s2"}
    assert all(len(row["reports"]) == len(set(row["reports"])) > 0 for row in shown)
    lines = ask("places", case, "--name", "solem").out
    assert re.search(rf"^Solem \(\d+ accounts? in {shown[0]['reports'][0]}", lines, re.M)
    said = ask("name", case, "place", "Solem", "own.csv:s2", "--by", "A. Haddad", "--note", "the mill")
    assert said.status == 0
    assert re.fullmatch(
        r"Solem means own\.csv:s2 from now on, in \d+ accounts?; run 'tallystick link .*'\n", said.out
    )
    (row,) = json.loads(ask("places", case, "--name", "solem", "--json").out)["places"]
    assert (row["id"], row["latitude"], row["reasons"]) == ("own.csv:s2", 28.0, row["reasons"])
    assert re.fullmatch(r"A\. Haddad said so on \d{4}-\d\d-\d\d \(the mill\)", *row["reasons"])
    assert ask("name", case, "place", "Solem", "--undo", "--by", "A. Haddad").status == 0
    said = ask("name", case, "place", "Sollem", "own.csv:s2", "--by", "A. Haddad")
    assert "no account tells that name yet" in said.out
    said = ask("name", case, "place", "Elsewhere", "Nowhere", "--by", "A. Haddad")
    assert (said.status, "no list has a place 'Nowhere'" in said.err) == (2, True)
    assert ask("name", case, "town", "Solem", "own.csv:s2", "--by", "A. Haddad").status == 2
    assert ask("name", case, "place", "Solem", "--by", "A. Haddad").status == 2
    assert ask("lists", case, "--drop", "own.csv").out == "no list but the one that comes with Tallystick\n"


def test_a_party_is_decided_from_the_command_line(case: Path, ask: Ask) -> None:
    told = json.loads(ask("parties", case, "--json").out)["parties"]
    name = told[0]["name"]
    assert ask("name", case, "party", name, "Kessir Hospital", "--by", "B. Orel").status == 0
    (row,) = json.loads(ask("parties", case, "--name", name, "--json").out)["parties"]
    assert row["means"] == "Kessir Hospital"
    assert row["reasons"][0].startswith("B. Orel said so on 2")


def test_history_tells_how_far_two_people_agree(case: Path, ask: Ask) -> None:
    with Case.open(case) as opened:
        one, two = [claim.id for claim in opened.record().claims][:2]
    assert ask("review", case, one, "upheld", "--by", "Anna").status == 0
    assert "looked at by two" not in ask("history", case).out
    ask("review", case, one, "upheld", "--by", "Ben")
    ask("review", case, two, "upheld", "--by", "Anna")
    ask("review", case, two, "rejected", "--by", "Ben")
    assert "2 claims were looked at by two people or more; they agree on 1" in ask("history", case).out
    told = json.loads(ask("history", case, "--json").out)
    assert (told["looked_at_twice"], told["agreed"], len(told["decisions"])) == (2, 1, 4)


def test_totals_tell_what_is_counted_and_what_is_left_out(case: Path, ask: Ask) -> None:
    said = ask("totals", case)
    assert said.status == 0
    assert said.out.startswith("killed: ")
    assert "civilians" in said.out
    told = ask("totals", case, "--place", "Solem", "--json").object
    assert "killed" in {total["toll"] for total in told["totals"]}
    for total in told["totals"]:
        assert total["people"]["low"] <= total["people"]["best"] <= total["people"]["high"]
        assert all(part["claims"] for part in total["parts"])
    assert (
        ask("totals", case, "--from", "1999-01-01", "--to", "1999-01-02").out
        == "nothing is told within that\n"
    )


def test_a_place_or_party_that_no_report_tells_of_is_no_zero(case: Path, ask: Ask) -> None:
    for option, name, meant in (
        ("--place", "Sollum", "Solem"),
        ("--place", "Atlantis", None),
        ("--by", "Nobody at all", None),
    ):
        said = ask("totals", case, option, name)
        assert said.status == 2
        assert name in said.err
        assert meant is None or f"did you mean '{meant}'" in said.err


def test_totals_are_asked_for_in_dates_and_kinds_that_there_are(case: Path, ask: Ask) -> None:
    assert ask("totals", case, "--kind", "eclipse").status == 2
    assert ask("totals", case, "--from", "2016-10-08", "--to", "2016-10-07").status == 2


def test_patterns_are_counts_with_the_list_behind_each(tmp_path: Path, ask: Ask) -> None:
    for n, day in enumerate(("3", "9", "15")):
        text = (
            f"At least {n + 2} people were killed when air strikes hit a hospital in Solem on {day} May 2019."
        )
        report(tmp_path / "reports", f"r{n}", text=text, published=f"2019-05-{int(day) + 1:02}")
    assert ask("run", tmp_path / "reports", "--case", tmp_path / "case").status == 0
    told = ask("patterns", tmp_path / "case", "--json").object
    medical = [p for p in told["patterns"] if (p["object"], p["dimension"]) == ("medical", "month")]
    assert [len(p["here"]["hit"]) for p in medical] == [3]
    assert set(medical[0]["here"]["hit"]) <= set(told["incidents"])
    assert medical[0]["elsewhere"] is None
    assert {tag["article"] for tag in told["alleged"]} == {"8(2)(e)(iv)"}
    said = ask("patterns", tmp_path / "case")
    assert said.status == 0
    assert "medical    month: 2019-05: 3 of 3 (44% to 100%); no others to compare" in said.out
    assert (tmp_path / "case" / "dossier" / "patterns.html").is_file()


def test_a_case_without_a_pattern_says_so(case: Path, ask: Ask) -> None:
    said = ask("patterns", case)
    assert said.status == 0
    assert said.out.startswith(
        "no protected object is said to have been hit in 3 incidents that share something\n"
    )
