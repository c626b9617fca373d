"""Laws of the PDF: every sentence with its words, no tofu, nothing of a report is ever run, the same bytes twice."""

from __future__ import annotations

import builtins
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typst", reason="typst is not here; pip install 'tallystick[pdf]'")
pypdfium2 = pytest.importorskip("pypdfium2")

from tallystick.dossier import sheets, write  # noqa: E402
from tallystick.dossier.drawings import drawings  # noqa: E402
from tallystick.errors import AskedWrongly  # noqa: E402
from tallystick.model import Covers, Decided, Made, Record, Rejected, Removed  # noqa: E402

HOSTILE = '#panic("x") $x$ *bold* _it_ @ref <lab> = Head \\ `raw` #import "a" /* c */ // d \u202eevil ]}"'


def as_made(record: Record, **more: Any) -> Record:
    covers = more.pop("covers", Covers("The whole case"))
    return replace(record, made=Made("t 1", "r 1", (), (), (3, "c" * 64), "2020-01-01", covers, **more))


def printed(record: Record, folder: Path) -> bytes:
    write(record, folder / "out", pdf=True)
    return (folder / "out" / "dossier.pdf").read_bytes()


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def flat(data: bytes) -> str:
    return " ".join(" ".join(pages(data)).split())


def test_every_sentence_stands_there_with_its_words(market: Record, tmp_path: Path) -> None:
    text = flat(printed(as_made(market), tmp_path))
    assert "Contents" in text
    assert "At least 11 killed — “at least 11 people”, according to the Harrow Observatory" in text
    for claim in market.claims:
        if claim.span.quote == "at least 17":
            assert claim.id in text
    assert text.count("not a confidence interval") >= 1
    assert market.documents[0].capture in text.replace(" ", "")


def test_each_sheet_says_case_record_and_its_number(market: Record, tmp_path: Path) -> None:
    told = pages(printed(as_made(market), tmp_path))
    for n, text in enumerate(told[1:], 2):
        assert "Harrow Valley, May 2019" in text
        assert re.search(r"record of 2020-01-01, SHA-256 [0-9a-f]{16}", text)
        assert f"page {n} of {len(told)}" in text


def test_the_same_record_gives_the_same_bytes_and_no_clock(market: Record, tmp_path: Path) -> None:
    first = printed(as_made(market), tmp_path)
    assert printed(as_made(market), tmp_path) == first
    with pypdfium2.PdfDocument(first) as document:
        told = document.get_metadata_dict()
        assert (told["Title"], told["CreationDate"], told["ModDate"]) == ("Harrow Valley, May 2019", "", "")
        assert document.is_tagged()
    assert b"pdfuaid" in first


def test_what_a_report_says_is_never_run(builder: Any, tmp_path: Path) -> None:
    case = builder(HOSTILE)
    case.report("r", f"{HOSTILE} three dead in Solem.", HOSTILE, "2019-05-16", HOSTILE)
    telling = case.account(
        "r", f"{HOSTILE} three dead", "shelling", case.day("2019-05-16"), HOSTILE, voices=(HOSTILE,),
        tolls=[("killed", f"{HOSTILE} three dead", 3, 3, (HOSTILE,))],
    )  # fmt: skip
    case.weigh([telling], [(HOSTILE, [telling])], {"killed": ("single_origin", HOSTILE, (3, 3, 3, False))})
    text = flat(printed(as_made(case.record()), tmp_path))
    assert '#panic("x") $x$ *bold* _it_ @ref <lab> = Head \\ `raw` #import "a"' in text
    assert "‹RLO›evil" in text


def test_arabic_and_ukrainian_are_set_in_letters(builder: Any, tmp_path: Path) -> None:
    case = builder("Київ і حلب")
    case.report("r", "قتلت غارة جوية 11 مدنيا في سوق حلب.", "وكالة", "2019-05-16", "غارة جوية على سوق حلب")
    case.report("u", "Повітряний удар по ринку, загинули 11 людей.", "Ґанок", "2019-05-16", "Удар у Києві")
    a = case.account("r", "غارة جوية", "air_strike", case.day("2019-05-16"), "حلب")
    b = case.account("u", "Повітряний удар", "air_strike", case.day("2019-05-16"), "Київ")
    case.weigh([a, b], [("وكالة", [a]), ("Ґанок", [b])], {})
    data = printed(as_made(case.record()), tmp_path)
    text = flat(data)
    assert "غارة جوية على سوق حلب" in text
    assert "Удар у Києві" in text
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            shown = page.get_textpage()
            for n in range(shown.count_chars()):
                # A sign that no font has is drawn as the first of a font, and read as nothing.
                assert shown.get_text_range(n, 1) != "\ufffd"


def test_a_part_says_first_what_it_covers_and_what_was_taken_out(market: Record, tmp_path: Path) -> None:
    covers = Covers("One strike", ("It covers 1 incident.",), ("The case holds 2 incidents.",), whole=False)
    claim = market.claims[0]
    made = as_made(
        market,
        covers=covers,
        decisions=(Decided("2020-01-02", "rejected a claim", claim.id, "a coder"),),
        rejected=(Rejected(claim, "rejected", "a coder"),),
        removed=(Removed("[person 1]", "person", 4, "a name"),),
    )
    told = pages(printed(made, tmp_path))
    assert "It covers 1 incident." in told[0]
    assert "The case holds 2 incidents." in told[0]
    text = " ".join(" ".join(told).split())
    assert "[person 1] a name 4" in text
    assert "2 January 2020" in text
    assert "rejected, by a coder" in text


def test_a_missing_typst_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(AskedWrongly, match=r"pip install 'tallystick\[pdf\]'"):
        sheets.pdf({})


def test_a_drawing_carries_its_style_and_says_what_it_shows() -> None:
    page = '<svg class="map" width="9" height="9" viewBox="0 0 9 9"><a href="x"><title>A &amp; B</title><path class="dot differ" d="M0 0"/></a></svg>'
    [(sort, svg, alt)] = drawings(page, "map")
    assert (sort, alt) == ("map", "A & B")
    assert "<a" not in svg
    assert "var(" not in svg
    assert ".differ" in svg


def test_fifty_sheets_take_a_few_seconds(builder: Any, tmp_path: Path) -> None:
    case = builder("Many")
    for n in range(140):
        case.report(
            f"r{n}", f"Shells fell beside the school in Solem. {n + 1} died. A nurse counted them.", "Wire"
        )
        telling = case.account(f"r{n}", "Shells fell beside the school in Solem", "shelling", None, "Solem",
                               tolls=[("killed", f"{n + 1} died", n + 1, n + 1, ("nurse",))])  # fmt: skip
        case.weigh(
            [telling],
            [("nurse", [telling])],
            {"killed": ("single_origin", "n", (n + 1, n + 1, n + 1, False))},
        )
    start = time.perf_counter()
    data = printed(as_made(case.record()), tmp_path)
    assert time.perf_counter() - start < 15
    assert len(pages(data)) >= 50
