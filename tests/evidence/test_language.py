"""The language of a report is told from its words where they make it certain, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.language import told

TOLD = {
    "en": "Two people were killed in the market of Velin on Friday, the town's monitor said, and eleven wounded.",
    "ar": "قتل شخصان وأصيب أحد عشر آخرون يوم الجمعة عندما سقطت قذائف على سوق المدينة وقال المرصد إن القصف استمر.",
    "ru": "Два человека погибли на рынке в пятницу, сообщил наблюдатель. По его словам, обстрел продолжался весь день.",
    "uk": "Двоє людей загинули на ринку у п'ятницю, повідомив спостерігач. За його словами, обстріл тривав день.",
    "fr": "Deux personnes ont été tuées vendredi au marché de Velin, selon l'observateur de la ville.",
    "fa": "دو نفر روز جمعه در بازار کشته شدند، ناظر شهر گفت که گلوله‌باران تا شب ادامه داشت.",
}


@pytest.mark.parametrize("language", TOLD)
def test_a_language_is_told_from_a_sentence_or_two(language: str) -> None:
    assert told(TOLD[language]) == language


@pytest.mark.parametrize(
    "text", ["", "12 34", "Harasta, Zamalka, Irbin, Duma", "Shells fell.", "Velin", "!?"]
)
def test_a_few_words_or_names_make_no_language(text: str) -> None:
    assert told(text) is None


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_gets_one_answer(text: str) -> None:
    assert told(text) == told(text)


def test_a_document_says_that_its_language_was_told_from_its_words(written: Callable[..., list[Any]]) -> None:
    (document,) = written("a.txt", TOLD["ar"])
    assert (document.language, document.language_from) == ("ar", "text")


def test_what_was_said_of_the_language_stands(written: Callable[..., list[Any]]) -> None:
    (document,) = written("a.txt", TOLD["en"], beside='{"language": "en-GB"}')
    assert (document.language, document.language_from) == ("en-GB", None)


def test_the_language_is_no_part_of_the_identity(written: Callable[..., list[Any]]) -> None:
    (first,) = written("a.txt", TOLD["en"], beside='{"language": "de"}')
    (second,) = written("a.txt", TOLD["en"], beside="{}")
    assert first.language != second.language
    assert first.id == second.id
