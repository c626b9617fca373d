"""Standard input, paged reports and foreign languages, from the command line to the dossier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests_files import PICTURE, make_pdf, prose
from typer.testing import CliRunner

from tallystick.case import Case
from tallystick.cli import app
from tallystick.evidence.media import HTML, JSON, LINES, PDF, TEXT, media_type_named, told_of_words

SAID = "Two people were killed by shells in Velin on 7 October 2016, the monitor said."
MORE = "Nine people were wounded by shells in Tarsin on 8 October 2016, the army said."
ARABIC = (
    "قتل شخصان وأصيب أحد عشر آخرون يوم الجمعة عندما سقطت قذائف على سوق المدينة وقال المرصد إن القصف استمر."
)


def run(given: str | bytes, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), input=given)
    return result.exit_code, result.output


def test_standard_input_is_a_report_like_others(tmp_path: Path) -> None:
    code, _ = run(f"<p>{SAID}</p>", "add", "-", "--type", "html", "--case", str(tmp_path / "case"))
    assert code == 0
    with Case.open(tmp_path / "case") as case:
        record = case.record()
    (capture,), (document,) = record.captures, record.documents
    assert (capture.origin, capture.media_type) == ("standard input", HTML)
    assert (document.name, document.text) == ("standard input", SAID)


@pytest.mark.parametrize(
    ("given", "media_type"),
    [
        (SAID.encode(), TEXT),
        (make_pdf([prose(SAID)]), PDF),
        (json.dumps({"text": SAID}).encode(), JSON),
        (f'{{"text": "{SAID}"}}\n{{"text": "{MORE}"}}\n'.encode(), LINES),
        (f'[\n{{"text": "{SAID}"}}]'.encode(), JSON),
        (b"\xef\xbb\xbf" + SAID.encode(), TEXT),
        (b"[unverified] Two people were killed.", TEXT),
        (b"{sic} Two people were killed.", TEXT),
    ],
)
def test_what_standard_input_is_is_told_from_its_bytes(tmp_path: Path, given: bytes, media_type: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(given)
    assert told_of_words(path) == media_type
    code, output = run(given, "add", "-", "--case", str(tmp_path / "case"))
    assert (code, "0 refused" in output) == (0, True)


def test_a_standard_input_that_is_no_report_is_refused_by_that_name(tmp_path: Path) -> None:
    code, output = run(b"\x89PNG\r\n\x1a\n\0\0", "add", "-", "--case", str(tmp_path / "case"))
    assert code == 1
    assert "standard input is a PNG picture" in output


def test_a_type_without_standard_input_or_of_no_kind_is_asked_wrongly(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    for words in (["-", "--type", "klingon"], [str(tmp_path / "a.txt"), "--type", "html"]):
        code, _ = run(SAID, "add", *words, "--case", str(tmp_path / "case"))
        assert code == 2
    assert not (tmp_path / "case").exists()
    assert [media_type_named(word) for word in ("pdf", ".PDF", "application/pdf")] == [PDF] * 3


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ways")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "paged.pdf").write_bytes(make_pdf([prose(SAID), PICTURE, prose(MORE)]))
    (reports / "arabic.txt").write_text(ARABIC, encoding="utf-8")
    code, output = run("", "run", str(reports), "--case", str(folder / "case"), "--jobs", "1")
    assert code == 0, output
    return folder / "case"


def test_the_words_of_a_paged_report_are_cited_with_their_page(case: Path, tmp_path: Path) -> None:
    assert run("", "export", str(case), str(tmp_path / "export"))[0] == 0
    lines = (tmp_path / "export" / "claims.jsonl").read_text("utf-8").splitlines()
    pages = {claim["quote"]: claim["pages"] for claim in map(json.loads, lines)}
    assert pages["Two people"] == [1, 1]
    assert pages["Nine people"] == [3, 3]
    every = {page.stem: page.read_text("utf-8") for page in (case / "dossier").rglob("*.html")}
    (report,) = (page for page in every.values() if 'data-page="3"' in page)
    assert '<span class="by">page 3</span>' in report
    assert 'data-page="2"' not in report, "a picture has no words to stand before"
    incidents = [page for name, page in every.items() if name.startswith("inc-")]
    assert any("published on an unknown day, page 3)" in page for page in incidents)


def test_nobody_takes_the_silence_of_a_language_that_is_not_read_for_an_answer(
    case: Path, tmp_path: Path
) -> None:
    with Case.open(case) as opened:
        record = opened.record()
    names = {document.id: document.name for document in record.documents}
    told = {names[remark.document]: remark for remark in record.remarks}
    assert {name: remark.about for name, remark in told.items()} == {"arabic": "reading", "paged": "reading"}
    assert told["arabic"].text.startswith("it is in Arabic, as its words tell, and only English is read")
    assert told["paged"].text == "page 2 of 3 is a picture without text, and not read"
    output = " ".join(run("", "findings", str(case))[1].split())
    assert "look at the reading of arabic: it is in Arabic" in output
    index = (case / "dossier" / "index.html").read_text("utf-8")
    assert "reports to read with care" in index
    assert "doubtful date" not in index.replace("0 doubtful dates", "").replace("doubtful dates", "")
    every = [page.read_text("utf-8") for page in (case / "dossier" / "reports").glob("*.html")]
    assert sum("only English is read" in page for page in every) == 1


def test_the_custody_record_says_in_what_language_a_report_is_and_what_of_it_was_not_read(case: Path) -> None:
    with Case.open(case) as opened:
        events = {e.facts["name"]: e.facts for e in opened._ledger.events() if e.what == "kept"}
    assert (events["arabic"]["language"], events["arabic"]["language_from"]) == ("ar", "text")
    assert "only English is read" in events["arabic"]["notes"][0]
    assert events["paged"]["notes"] == ["page 2 of 3 is a picture without text, and not read"]


def test_a_second_run_adds_nothing(case: Path) -> None:
    before = (case / "ledger.sqlite").read_bytes()
    code, output = run("", "add", str(case.parent / "reports"), "--case", str(case), "--json")
    assert code == 0
    assert json.loads(output)["new"] == {"captures": 0, "documents": 0}
    assert (case / "ledger.sqlite").read_bytes() == before
