"""The text stays whole, and the words lit for a claim are its quote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tallystick.dossier.marks import pieces
from tallystick.model import ClaimId

LETTERS = st.text(st.sampled_from("aé\u0301ش\u202e<&\"'\n\r \U0001f600"), min_size=1, max_size=60)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[ClaimId, int, int]]]:
    text = draw(LETTERS)
    spans = []
    for n in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append((ClaimId(f"clm-{n}"), start, end))
    return text, spans


@given(texts_with_spans())
def test_put_together_the_pieces_are_the_text(given: tuple[str, list[tuple[ClaimId, int, int]]]) -> None:
    text, spans = given
    assert "".join(piece.text for paragraph in pieces(text, spans) for piece in paragraph) == text


@given(texts_with_spans())
def test_the_pieces_of_a_claim_are_its_quote(given: tuple[str, list[tuple[ClaimId, int, int]]]) -> None:
    text, spans = given
    flat = [piece for paragraph in pieces(text, spans) for piece in paragraph]
    for claim, start, end in spans:
        assert "".join(piece.text for piece in flat if claim in piece.claims) == text[start:end]


@given(texts_with_spans())
def test_each_claim_begins_once_where_its_words_begin(
    given: tuple[str, list[tuple[ClaimId, int, int]]],
) -> None:
    text, spans = given
    at, begins = 0, []
    for piece in (piece for paragraph in pieces(text, spans) for piece in paragraph):
        begins += [(claim, at) for claim in piece.begins]
        at += len(piece.text)
    assert sorted(begins) == sorted((claim, start) for claim, start, _ in spans)


def test_a_paragraph_keeps_the_line_breaks_that_end_it() -> None:
    found = pieces("one\n\ntwo\nthree", [])
    assert ["".join(piece.text for piece in paragraph) for paragraph in found] == [
        "one\n\n",
        "two\n",
        "three",
    ]
