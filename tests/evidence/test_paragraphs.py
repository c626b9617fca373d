"""Lines and pages made into one text: nothing is lost, nothing moves to another page."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import ReportRefused
from tallystick.evidence.paragraphs import text_of
from tallystick.evidence.plain import fit_paged
from tallystick.evidence.sheets import Line, Sheet

words = st.text("abcdeéABC 12.,:;”", min_size=1, max_size=30).map(str.strip).filter(lambda w: len(w) > 1)
lines = st.builds(
    Line,
    words,
    left=st.sampled_from([72.0, 90.0, 320.0]),
    right=st.sampled_from([200.0, 280.0, 520.0]),
    base=st.integers(3, 60).map(lambda row: row * 13.0),
    size=st.sampled_from([7.0, 11.0, 11.2, 16.0]),
    hyphen=st.booleans(),
)
sheets = st.lists(
    st.builds(Sheet, st.lists(lines, max_size=12).map(tuple), st.booleans()), min_size=1, max_size=6
)


def letters(text: str) -> list[str]:
    return sorted(c for c in text if c.isalnum())


@given(sheets)
@settings(deadline=None)
def test_no_letter_is_lost_but_those_of_running_lines_and_page_numbers(pages: list[Sheet]) -> None:
    text, _ = text_of(pages)
    told = [line.text for page in pages for line in page.lines]
    apart = {each for each in told if told.count(each) > 2}
    numbers = {each for each in told if not any(c.isalpha() for c in each)}
    for each in set(told) - apart - numbers:
        assert each in text


@given(sheets)
@settings(deadline=None)
def test_pages_begin_one_after_another_and_each_at_its_own_words(pages: list[Sheet]) -> None:
    text, begins = text_of(pages)
    assert len(begins) == len(pages)
    assert list(begins) == sorted(begins)
    ends = [*begins[1:], len(text)]
    for page, begin, end in zip(pages, begins, ends, strict=True):
        here = letters("".join(line.text for line in page.lines))
        for letter in letters(text[begin:end]):
            here.remove(letter)  # what is told on the page stands on it; its running lines may be gone


@given(sheets)
@settings(deadline=None)
def test_the_same_lines_give_the_same_text(pages: list[Sheet]) -> None:
    assert text_of(pages) == text_of(pages)


FURNITURE = ["Read more", "Advertisement", "Share this article", "", " ", "\t"]
texts = st.lists(
    st.sampled_from([*FURNITURE, "Two people were killed.", "a", "ب", "x\ty", "Killed: 12"]),
    min_size=1,
    max_size=20,
)


@given(texts, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_a_place_in_the_raw_text_is_the_same_place_in_the_fitted_one(
    told: list[str], ending: str, data: st.DataObject
) -> None:
    raw = ending.join(told)
    places = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    try:
        text, moved = fit_paged(raw, "it", places)
    except ReportRefused:
        return
    assert list(moved) == sorted(moved)
    for place, there in zip(places, moved, strict=True):
        # As many characters of lines that stay stand before the place, there as here.
        kept = [line for line in told if line.strip() and line not in FURNITURE]
        before = raw[:place]
        whole = [line for line in before.split(ending)[:-1] if line in kept]
        part = before.split(ending)[-1].replace("\n", "").replace("\r", "")
        here = told[len(before.split(ending)) - 1] if len(before.split(ending)) <= len(told) else ""
        seen = sum(map(len, whole)) + (len(part) if here in kept else 0)
        assert len(text[:there].replace("\n", "").replace(" ", "").replace("\t", "")) == len(
            ("".join(whole) + (part if here in kept else "")).replace(" ", "").replace("\t", "")
        ), seen
