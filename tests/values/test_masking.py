"""A name is found however it is spelt, and covered so that every offset holds."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import AskedWrongly
from tallystick.values.masking import MASK, Masked

LETTERS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéüßñзиаяمحدλш"), min_size=2, max_size=8)
NAMES = st.lists(LETTERS, min_size=2, max_size=3).map(" ".join)
TEXTS = st.text(max_size=40)
SPELT = {
    "as it is": lambda name: name,
    "upper": str.upper,
    "accents apart": lambda name: unicodedata.normalize("NFD", name),
    "no-break space": lambda name: name.replace(" ", "\u00a0"),
    "over a line's end": lambda name: name.replace(" ", "\r\n"),
    "an address": lambda name: name.replace(" ", "-"),
    "a file": lambda name: name.replace(" ", "_"),
    "together": lambda name: name.replace(" ", ""),
    "percent": quote,
    "every character percent": lambda name: "".join(f"%{byte:02X}" for byte in name.encode()),
    "JSON": lambda name: json.dumps(name)[1:-1],
    "JSON whole": lambda name: "".join(f"\\u{ord(c):04x}" for c in name),
    "HTML": lambda name: "".join(f"&#x{ord(c):x};" for c in name),
    "zero width": "\u200b".join,
}


@pytest.mark.parametrize("spelling", SPELT)
@given(name=NAMES, before=TEXTS, after=TEXTS)
def test_a_name_is_gone_and_every_offset_holds(spelling: str, name: str, before: str, after: str) -> None:
    text = before + SPELT[spelling](name) + after
    masked = Masked(name)
    covered = masked.cover(text)
    assert masked.stands_in(text)
    assert len(covered) == len(text)
    assert not masked.stands_in(covered)
    assert masked.cover(covered) == covered
    assert all(new in (old, MASK) for old, new in zip(text, covered, strict=True))


@given(name=NAMES, text=TEXTS)
def test_a_text_without_the_name_stays_as_it_is(name: str, text: str) -> None:
    masked = Masked(name)
    if not masked.stands_in(text):
        assert masked.cover(text) == text


def test_only_the_name_is_covered() -> None:
    said = "Dr. Ann Lee, 34, said that Ann\u2019s brother Tom Lee was killed; ANN LEE (@annlee) left."
    due = (
        f"Dr. {MASK * 7}, 34, said that Ann\u2019s brother Tom Lee was killed; {MASK * 7} (@{MASK * 6}) left."
    )
    assert Masked("Ann Lee").cover(said) == due


def test_an_accent_goes_with_its_letter() -> None:
    assert Masked("Zoé").cover("Zoe\u0301!") == MASK * 4 + "!"


def test_one_word_is_not_taken_out_of_the_midst_of_another() -> None:
    assert Masked("Lee").cover("Lee, Leeds, fleet_lee") == f"{MASK * 3}, Leeds, fleet_{MASK * 3}"
    assert Masked("李明").cover("记者李明说") == f"记者{MASK * 2}说"


def test_what_consists_of_words_of_the_name_is_a_part_of_it() -> None:
    masked = Masked("Ann Mary Lee")
    assert masked.is_part("ann lee")
    assert masked.is_part("LEE")
    assert not masked.is_part("Ann Smith")
    assert not masked.is_part("…")


@pytest.mark.parametrize("name", ["", " ", "…", "A"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(AskedWrongly):
        Masked(name)
