"""Who says it: the speaker next to the verb, with its full name from the same text."""

from __future__ import annotations

import pytest

from tallystick.claims.voices import Voices


def names(text: str, *sentences: str) -> list[str]:
    voices = Voices(text)
    return [speaker.name for sentence in sentences for speaker in voices.speakers(sentence)]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Four were killed, according to the Harrow Monitoring Network.", "Harrow Monitoring Network"),
        ("“Four were killed,” said Omar Saleh.", "Omar Saleh"),
        ("Omar Saleh, a surgeon, told reporters that four were killed.", "Omar Saleh"),
        ("State television reported that four were killed.", "State television"),
        ("Activists said four were killed.", "Activists"),
        ("Its director Omar Saleh said four were killed.", "Omar Saleh"),
        ("A police source said four were killed.", "police source"),
    ],
)
def test_the_speaker_is_the_one_beside_the_verb(sentence, speaker):
    assert names(sentence, sentence) == [speaker]


def test_a_short_form_is_the_longer_name_of_the_same_text():
    text = "The Harrow Monitoring Network said four were killed. The Network said two more died. “Both,” Saleh said. Omar Saleh heads it."
    assert names(text, "The Network said two more died.") == ["Harrow Monitoring Network"]
    assert names(text, "“Both,” Saleh said.") == ["Omar Saleh"]


def test_it_and_they_are_whoever_spoke_just_before():
    text = "The Harrow Monitoring Network said four were killed. It said two were children."
    assert names(text, *text.split(". ")) == ["Harrow Monitoring Network"] * 2
    assert names("", "Rescue workers told Radio Tarsin that they saw nobody.") == [
        "Rescue workers",
        "Rescue workers",
    ]


def test_a_short_form_that_two_names_share_is_left_as_it_is():
    text = "The Harrow Monitoring Network and the Valley Support Network disagree. The Network said four were killed."
    assert names(text, "The Network said four were killed.") == ["Network"]


def test_a_sentence_without_a_speaker_has_none():
    assert names("Four people were killed in Tarsin.", "Four people were killed in Tarsin.") == []
