"""Words are found as people type them, and where they are found is the report's own text."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.desk import search
from tallystick.desk.finds import days_meant
from tallystick.desk.search import asked, every, folded, found, terms

# What a reader of the language holds for one word, written in two ways.
SAME = [
    ("أحمد", "احمد"),  # alif with hamza, and bare
    ("إدلب", "ادلب"),
    ("آثار", "اثار"),
    ("مدرسة", "مدرسه"),  # ta marbuta and ha
    ("مستشفى", "مستشفي"),  # alif maqsura and ya
    ("حَلَب", "حلب"),  # vowel signs
    ("مُحَمَّد", "محمد"),
    ("حـــلب", "حلب"),  # tatweel
    ("کرکوک", "كركوك"),  # Persian kaf
    ("حلبی", "حلبي"),  # Persian ya
    ("مسؤول", "مسوول"),
    ("ﺣﻠﺐ", "حلب"),  # presentation forms
    ("٢٠١٦", "2016"),  # Arabic and Persian digits
    ("۲۰۱۶", "2016"),
    ("می\u200cشود", "میشود"),  # a joiner that nobody sees
    ("Deir ez-Zôr", "deir ez-zor"),
    ("ALEPPO", "aleppo"),
    ("Şanlıurfa", "sanliurfa"),
    ("İdlib", "idlib"),
    ("Łódź", "lodz"),
    ("Ångström", "angstrom"),
    ("e\u0301", "é"),
    ("ё", "е"),
    ("℡", "tel"),
    ("ﬁeld", "field"),
]
DIFFERENT = [("حلب", "حلم"), ("Homs", "Hums"), ("ادلب", "اربد"), ("killed", "kill")]
LETTERS = "abcÀéßøŁİı’'-_ .\n12٢۳أإآٱاىيیكکةهـًٌَُّ\u200c\u200f\u0301ﻻﺣ℡ﬁ"
WORDS = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(exclude_categories=["Cs"])), max_size=60)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_that_a_reader_takes_for_one_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    text = f"before {one} after"
    spot = found(text, terms(f'"{other}"'))
    assert spot is not None
    assert text[slice(*spot)] == one


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)
    assert found(f"before {one} after", terms(other)) is None


@given(WORDS)
def test_what_is_folded_is_folded_already(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(WORDS, WORDS)
def test_a_text_is_folded_part_by_part(one: str, other: str) -> None:
    assert folded(one + other) == folded(one) + folded(other)


@given(WORDS)
def test_composed_and_taken_apart_is_one_text(text: str) -> None:
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


@given(WORDS, st.text("abcأإحلبé ٢", min_size=1, max_size=8))
def test_what_is_lit_folds_to_what_was_looked_for(text: str, word: str) -> None:
    wanted = terms(word)
    last = 0
    for start, end in every(text, wanted):
        assert 0 <= last <= start < end <= len(text)
        last = end
        lit = folded(text[start:end])
        assert any(lit.split() == folded(term).split() or _worded(lit) == term for term, _ in wanted)


def _worded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


@given(WORDS, WORDS, st.sampled_from([one for one, _ in SAME]))
def test_a_word_that_stands_alone_is_found_where_it_stands(before: str, after: str, word: str) -> None:
    text = f"{before}\n{word}\n{after}"
    assert any(folded(text[start:end]) == folded(word) for start, end in every(text, terms(f'"{word}"')))


@given(WORDS)
def test_whatever_is_typed_is_no_fault_of_the_index(typed: str) -> None:
    query = asked(typed)
    index = sqlite3.connect(":memory:")
    index.execute(
        "CREATE VIRTUAL TABLE texts USING fts5 (folded, tokenize = 'unicode61 remove_diacritics 0')"
    )
    if query is not None:
        index.execute("SELECT * FROM texts WHERE texts MATCH ?", (query,)).fetchall()
    index.close()


@pytest.mark.parametrize(
    ("typed", "holds", "lacks"),
    [
        ("hospital aleppo", "a hospital in Aleppo", "a hospital in Homs"),
        ('"field hospital"', "the field hospital", "a hospital in the field"),
        ("hosp*", "two hospitals", "a shop"),
        ("hospital -aleppo", "a hospital in Homs", "a hospital in Aleppo"),
        ('hospital -"east aleppo"', "a hospital in Aleppo", "a hospital in east Aleppo"),
        ("مستشفي", "قصف مستشفى", "قصف مدرسة"),
        ("AND OR NOT", "and or not", "and or"),
        ("deir ez-zor", "in Deir ez-Zor", "deir alone"),
    ],
)
def test_words_are_asked_as_the_page_teaches(typed: str, holds: str, lacks: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute(
        "CREATE VIRTUAL TABLE texts USING fts5 (folded, tokenize = 'unicode61 remove_diacritics 0')"
    )
    index.executemany("INSERT INTO texts VALUES (?)", [(folded(holds),), (folded(lacks),)])
    assert index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked(typed),)).fetchall() == [(1,)]
    index.close()


def test_only_what_must_not_be_there_asks_for_nothing() -> None:
    assert asked("-aleppo") is None
    assert asked("  ") is None
    assert asked('""') is None


@given(st.text(max_size=400), st.data())
def test_words_around_a_find_leave_it_as_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    _, words, _ = search.around(text, start, end)
    assert words == text[start:end]


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ("2016-10-07", ("2016-10-07", "2016-10-07")),
        ("2016-10", ("2016-10-01", "2016-10-31")),
        ("2016", ("2016-01-01", "2016-12-31")),
        ("7 October 2016", ("2016-10-07", "2016-10-07")),
        ("October 7, 2016", ("2016-10-07", "2016-10-07")),
        ("October 2016", ("2016-10-01", "2016-10-31")),
        ("feb 2016", ("2016-02-01", "2016-02-29")),
        ("٢٠١٦-١٠-٠٧", ("2016-10-07", "2016-10-07")),
    ],
)
def test_a_day_a_month_or_a_year_is_meant(told: str, days: tuple[str, str]) -> None:
    meant = days_meant(told)
    assert meant is not None
    assert tuple(day.isoformat() for day in meant) == days


@pytest.mark.parametrize("told", ["2016-13-01", "31 February 2016", "0000", "hospital 2016", "ma 2016", ""])
def test_no_day_is_made_up(told: str) -> None:
    assert days_meant(told) is None
