"""A PDF gives its text in whole sentences, and every word keeps its page."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_files import PICTURE, make_pdf, prose

from tallystick.errors import EmptyReport, NotText
from tallystick.evidence import sandbox
from tallystick.evidence.media import PDF
from tallystick.evidence.sheets import Answer, Cover, Line, Sheet, spelt, told
from tallystick.model import Document

FIRST = (
    "Two people were killed and eleven were wounded on Friday when shells struck the market of Velin, the town's "
    "monitor said, and rescuers searched the ruins until late in the evening."
)
SECOND = (
    "The ministry denied responsibility. Its spokesman called the reports a fabrication and said on Saturday that an "
    "investigation of the incident had begun, the third since the truce of November was signed in the capital."
)

Written = Callable[..., list[Any]]


def read_one(written: Written, data: bytes, name: str = "report.pdf") -> Document:
    (document,) = written(name, data)
    assert isinstance(document, Document), document
    return document


def test_lines_become_paragraphs_again(written: Written) -> None:
    document = read_one(written, make_pdf([prose(f"{FIRST}\n{SECOND}", measure=60)]))
    assert document.text == f"{FIRST}\n\n{SECOND}"
    assert document.pages == (0,)


def test_a_sentence_that_runs_over_a_page_is_whole_and_known_to_stand_on_both(written: Written) -> None:
    lines = prose(SECOND, measure=60)
    document = read_one(written, make_pdf([[*prose(FIRST), *lines[:1]], lines[1:], prose(FIRST)]))
    assert document.text == f"{FIRST}\n\n{SECOND}\n\n{FIRST}"
    at = document.text.index("Its spokesman")
    sentence = document.span(at, document.text.index("capital.") + 8)
    assert document.sheets(sentence) == (1, 2)
    assert document.text[document.pages[1] :].startswith(lines[1][3])
    assert document.sheets(document.span(document.pages[2], document.pages[2] + 10)) == (3, 3)


def test_two_columns_are_read_one_after_the_other(written: Written) -> None:
    words = " ".join([FIRST, SECOND] * 3)
    lines = prose(words, measure=40)
    half = len(lines) // 2
    right = [(320.0, 740.0 - 14 * at, size, text) for at, (_, _, size, text) in enumerate(lines[half:])]
    assert read_one(written, make_pdf([[*lines[:half], *right]])).text == words


def test_running_heads_stand_once_and_page_numbers_nowhere(written: Written) -> None:
    words = [f"{FIRST} This is told of day {name}." for name in ("one", "two", "three", "four")]
    pages = [
        [
            (200.0, 800.0, 9.0, "Velin Monitor, Monthly Report"),
            *prose(text),
            (290.0, 40.0, 9.0, f"Page {at} of 4"),
        ]
        for at, text in enumerate(words, 1)
    ]
    document = read_one(written, make_pdf(pages))
    assert document.text.startswith("Velin Monitor, Monthly Report\n\nTwo people")
    assert document.text.count("Monthly Report") == 1
    assert "Page" not in document.text
    for at, text in enumerate(words):
        assert (
            document.text[document.pages[at] :]
            .removeprefix("Velin Monitor, Monthly Report\n\n")
            .startswith(text)
        )


def test_a_figure_at_the_head_of_every_page_is_not_taken_for_furniture(written: Written) -> None:
    pages = [[(72.0, 800.0, 11.0, f"Killed: {n}"), *prose(f"{FIRST} Day {n} it was.")] for n in (7, 8, 9)]
    text = read_one(written, make_pdf(pages)).text
    assert [f"Killed: {n}" in text for n in (7, 8, 9)] == [True] * 3


def test_a_bare_number_that_does_not_count_with_the_pages_is_no_page_number(written: Written) -> None:
    pages = [[(290.0, 30.0, 9.0, str(n)), *prose(f"{FIRST} Told on page {n}.")] for n in (12, 31, 7)]
    document = read_one(written, make_pdf(pages))
    assert [f"\n\n{n}" in document.text for n in (12, 31, 7)] == [True] * 3


def test_the_same_figure_on_every_page_stays_on_every_page(written: Written) -> None:
    pages = [[(72.0, 800.0, 11.0, "Killed: 0"), *prose(f"{FIRST} Day {n} it was.")] for n in ("a", "b", "c")]
    assert read_one(written, make_pdf(pages)).text.count("Killed: 0") == 3


def test_a_note_at_the_foot_does_not_part_the_sentence_that_runs_over_the_page(written: Written) -> None:
    lines = prose(SECOND, measure=60)
    note = (72.0, 60.0, 7.0, "1 Interview with a resident, 8 October 2016.")
    document = read_one(written, make_pdf([[*lines[:2], note], [*lines[2:], *prose(FIRST, top=600)]]))
    assert SECOND in document.text
    assert document.text.index("1 Interview") < document.pages[1]


def test_a_raised_number_is_a_note_and_no_digit_of_the_figure(written: Written) -> None:
    page = [
        (72.0, 700.0, 11.0, "The monitor counted 12"),
        (184.5, 705.0, 6.0, "1"),
        (189.0, 700.0, 11.0, " people killed in the market of the town that day."),
    ]
    text = read_one(written, make_pdf([page])).text
    assert "121" not in text
    assert "12[1] people" in text


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("the investi-", "gation", "the investigation"),
        ("of anti-", "aircraft", "of anti-aircraft"),
        ("a rebel-", "held", "a rebel-held"),
        ("the Al-", "Shabab", "the Al-Shabab"),
        ("the 15-", "year-old", "the 15-year-old"),
    ],
)
def test_a_word_parted_at_the_end_of_a_line_is_one_word(
    written: Written, first: str, second: str, whole: str
) -> None:
    lead = "Shells struck the market of Velin on Friday and the town's monitor told"
    page = [
        (72.0, 700.0, 11.0, f"{lead} {first}"),
        (
            72.0,
            686.0,
            11.0,
            f"{second} of the dead and of the many that were wounded in the ruins of the market hall",
        ),
        (72.0, 672.0, 11.0, "until late in the evening."),
    ]
    assert whole in read_one(written, make_pdf([page])).text


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_in_the_same_paragraphs(written: Written, rotate: int) -> None:
    # The writing is turned against the page, so that it stands upright where the page is shown.
    matrix = {90: "0 1 -1 0 595 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 0 842"}[rotate]
    lines = [
        f"BT /F1 {size} Tf {left} {base - 300} Td ({words}) Tj ET"
        for left, base, size, words in prose(f"{FIRST}\n{SECOND}", measure=60)
    ]
    page = f"q {matrix} cm {' '.join(lines)} Q"
    assert read_one(written, make_pdf([page], rotate=rotate)).text == f"{FIRST}\n\n{SECOND}"


def test_when_a_pdf_was_made_is_not_when_it_was_published(written: Written) -> None:
    document = read_one(written, make_pdf([prose(FIRST)], title="The market of Velin"))
    assert (document.published, document.published_from) == (None, None)
    assert document.title == "The market of Velin"


@pytest.mark.parametrize(
    "title", ["Microsoft Word - report_final.doc", "Document1", "report.indd", "untitled"]
)
def test_what_a_program_wrote_for_want_of_a_title_is_none(written: Written, title: str) -> None:
    assert read_one(written, make_pdf([prose(FIRST)], title=title)).title is None


def test_a_scanned_pdf_says_that_its_pages_are_pictures(written: Written) -> None:
    (refused,) = written("report.pdf", make_pdf([PICTURE, PICTURE]))
    assert type(refused) is EmptyReport
    assert "its pages are pictures" in str(refused)
    assert "OCR" in str(refused)


def test_pages_that_are_pictures_among_others_are_named(written: Written) -> None:
    document = read_one(written, make_pdf([prose(FIRST), PICTURE, PICTURE, prose(SECOND), PICTURE]))
    assert document.notes == ("pages 2 to 3, 5 of 5 are each a picture without text, and not read",)
    end = len(document.text)
    assert document.pages == (0, len(FIRST) + 2, len(FIRST) + 2, len(FIRST) + 2, end)
    assert document.sheets(document.span(len(FIRST) + 2, end)) == (4, 4)


def test_a_blank_pdf_holds_no_text(written: Written) -> None:
    (refused,) = written("report.pdf", make_pdf([[], []]))
    assert type(refused) is EmptyReport
    assert "holds no text" in str(refused)


def test_a_locked_pdf_is_refused_by_that_name(written: Written) -> None:
    keys = f"/O ({'o' * 32}) /U ({'u' * 32})"
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 {keys} >> /ID [(a) (a)]"
    (refused,) = written("report.pdf", make_pdf([prose(FIRST)], trailer=lock))
    assert type(refused) is NotText
    assert "locked with a password" in str(refused)


def test_scripts_and_attachments_of_a_pdf_are_left_alone(written: Written) -> None:
    catalogue = (
        "/OpenAction << /S /JavaScript /JS (this.print\\(\\); app.alert\\(1\\)) >> "
        "/Names << /EmbeddedFiles << /Names [(a.txt) << /Type /Filespec /F (a.txt) >>] >> >>"
    )
    document = read_one(written, make_pdf([prose(FIRST)], catalogue=catalogue))
    assert document.text == FIRST
    assert document.notes == ("1 file is attached to it, and not read: save what is attached and add it",)


@pytest.mark.parametrize("cut", [1, 9, 300, 700])
def test_a_pdf_cut_short_is_read_or_refused_and_never_breaks_anything(written: Written, cut: int) -> None:
    (result,) = written("report.pdf", make_pdf([prose(FIRST)])[:-cut])
    assert isinstance(result, Document | NotText | EmptyReport)


def test_bytes_that_are_no_pdf_are_refused(written: Written) -> None:
    (refused,) = written("report.pdf", b"Two people were killed.")
    assert type(refused) is NotText
    assert "no PDF at all" in str(refused)


def test_a_pdf_without_an_ending_is_told_by_its_bytes(
    tmp_path: Path, kept: Callable[[Path], Any], take: Callable[..., list[Any]]
) -> None:
    path = tmp_path / "report"
    path.write_bytes(make_pdf([prose(FIRST)]))
    assert kept(path).media_type == PDF
    (document,) = take(path)
    assert document.text == FIRST


def test_a_reader_that_is_killed_refuses_one_file_and_the_next_is_read(
    tmp_path: Path, written: Written
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([[*prose(FIRST)]] * 400))
    pages = sandbox.opened(path)
    next(pages)
    child = sandbox._Child.running()
    assert child._process.pid
    os.kill(child._process.pid, signal.SIGKILL)
    with pytest.raises(sandbox.Broken, match="made the library that reads it stop"):
        list(pages)
    assert read_one(written, make_pdf([prose(FIRST)])).text == FIRST
    os.kill(sandbox._Child.running()._process.pid or 0, signal.SIGKILL)
    sandbox._Child.running()._process.join(5)
    assert read_one(written, make_pdf([prose(SECOND)])).text == SECOND


numbers = st.floats(allow_nan=False)
lines = st.builds(Line, st.text(), numbers, numbers, numbers, numbers, st.booleans())
said = st.one_of(
    st.builds(Cover, st.integers(), st.text(), st.integers()),
    st.builds(Sheet, st.lists(lines, max_size=4).map(tuple), st.booleans()),
    st.none(),
)


@given(said, st.floats(0, 1e6))
def test_what_the_child_says_arrives_as_it_was_said(answer: Answer, seconds: float) -> None:
    assert told(spelt(answer, seconds)) == (answer, seconds)


def test_a_half_letter_in_a_page_arrives_too() -> None:
    sheet = Sheet((Line("\ud800", 0.0, 1.0, 2.0, 3.0),), False)
    assert told(spelt(sheet, 0.0)) == (sheet, 0.0)


@given(
    st.one_of(
        st.binary(),
        st.recursive(st.none() | st.text() | numbers, st.lists).map(lambda v: json.dumps(v).encode()),
    )
)
def test_a_child_that_was_taken_over_can_say_nothing_but_pages(data: bytes) -> None:
    with suppress(ValueError):
        answer, _ = told(data)
        assert isinstance(answer, Cover | Sheet | sandbox.Locked | sandbox.Broken | None)


@pytest.mark.parametrize(
    "data",
    [pickle.dumps(Cover(1, "", 0)), b'["sheet", 0.0, [[1, 0, 0, 0, 0, false]], false]', b'["sheet", 0.0, [[]], false]',
     b'["cover", 0.0, "1", "", 0]', b"[" * 100_000, b'["end"]'],
)  # fmt: skip
def test_other_bytes_of_the_child_are_no_page(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"page|Expecting|decode"):
        told(data)


def test_a_page_that_takes_too_long_is_given_up(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_pdf([prose(FIRST)] * 40)
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.0)
    # On a busy machine the answer may be there by the time that one looks.
    poll = Connection.poll
    monkeypatch.setattr(Connection, "poll", lambda self, seconds=0.0: seconds > 0 and poll(self, seconds))
    (refused,) = written("slow.pdf", data)
    assert type(refused) is NotText
    assert "takes longer" in str(refused)
    monkeypatch.undo()


def test_reading_twice_gives_the_same_document(written: Written) -> None:
    data = make_pdf([prose(f"{FIRST}\n{SECOND}", measure=60), prose(FIRST)])
    assert read_one(written, data, "a.pdf") == read_one(written, data, "a.pdf")
