"""Who says it: the speaker next to the verb, with its full name from the same text."""

from __future__ import annotations

import dataclasses
import time

import pytest
from tests_build import make_document

from tallystick.claims import claims
from tallystick.claims.voices import Voices
from tallystick.model import Toll


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


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("A resident told Reuters that four were killed.", "Reuters"),
        ("A resident, a surgeon of the town, told the Harrow Press.", "Harrow Press"),
        ("A resident has told state media.", "state media"),
        ("A resident told his sister.", None),
        ("A resident told Omar Saleh to leave.", None),
        ("A resident told Parliament.", None),
        ("A resident told\n\nRadio Tarsin was hit.", None),
        ("A resident said to nobody.", None),
    ],
)
def test_who_is_told_it_is_the_medium(text, medium):
    found = Voices(text).medium(text, len("A resident"))
    assert (found and found[2]) == medium
    assert not found or text[found[0] : found[1]] == medium


def test_of_several_bodies_the_one_that_watches_is_the_monitor():
    text = "The Harrow Observatory said four died. The Omrun Media Center said five died."
    assert Voices(text).named("a monitoring group", None) == "Harrow Observatory"
    both = text + " The Valley Monitor agreed."
    assert Voices(both).named("a monitoring group", None) == "monitoring group"


@pytest.mark.parametrize(
    ("words", "name"),
    [("Omar Saleh and", "Omar Saleh"), ("and Omar Saleh said", "Omar Saleh"), ("and", None)],
)
def test_a_name_neither_begins_nor_ends_in_a_word_that_joins(words, name):
    assert Voices("").named(words, None) == name


NEXT = "In Omrun four people were killed by shelling on Thursday, a resident told {}. The rebels fled."


@pytest.mark.parametrize(
    ("medium", "chain"), [("the Harrow Press", ["Harrow Press", "resident"]), ("Radio Tarsin", ["resident"])]
)
def test_a_medium_relays_whoever_speaks_to_it_unless_it_is_the_outlet(medium, chain):
    document = dataclasses.replace(
        make_document(NEXT.format(medium), published="2016-10-07"), publisher="radio-tarsin"
    )
    voices = {tuple(v.name for v in c.voices) for c in claims(document) if isinstance(c.value, Toll)}
    assert voices == {tuple(chain)}


def test_a_name_with_a_long_gap_is_read_at_once():
    gap = "\t" * 20_000
    started = time.perf_counter()
    Voices("").named("Omar" + gap + "Saleh" + " a" * 5_000, None)
    Voices("").speakers("According to Omar" + gap + "Saleh four died.")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("publisher", ["Orveth State Agency", "OSA", "osa"])
def test_an_outlet_that_is_told_by_its_initials_relays_nobody_and_is_no_second_speaker(publisher):
    text = "Nine civilians were killed and 15 others wounded on Thursday by shelling in Omrun, a police source told OSA."
    document = dataclasses.replace(make_document(text, published="2016-10-07"), publisher=publisher)
    voices = {tuple(v.name for v in c.voices) for c in claims(document) if isinstance(c.value, Toll)}
    assert voices == {("police source",)}
