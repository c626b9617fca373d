"""A person told by name or by what they are, and said to have been harmed, is a count of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.claims import figures
from tallystick.claims.persons import persons


def told(sentence: str) -> list[tuple[str, str]]:
    return [(sentence[start:end], harm) for start, end, harm in persons(sentence)]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Judge Marta Elen Dorr was killed on Friday.", ("Judge Marta Elen Dorr", "killed")),
        ("On Friday Colonel Pardek was shot dead.", ("Colonel Pardek", "killed")),
        ("Mullah Sen Mohat, a local leader, was shot dead.", ("Mullah Sen Mohat", "killed")),
        ("Marta Dorr (34) was badly wounded.", ("Marta Dorr", "wounded")),
        ("Constable Ziadin succumbed to his wounds.", ("Constable Ziadin", "killed")),
        ("his secretary Jorge Mesk was kidnapped", ("his secretary Jorge Mesk", "captured")),
        ("Rebels kidnapped Kessian anthropologist Brun Olsk in 1988.", ("Brun Olsk", "captured")),
        ("They abducted a 77 year old Arabin Kumar Das from his home.", ("Arabin Kumar Das", "captured")),
        ("The raid killed Front commander Abu Omar Sareb.", ("Abu Omar Sareb", "killed")),
        ("The murder of Luis Carlos Gelan shocked the country.", ("Luis Carlos Gelan", "killed")),
        (
            "The death of Navy Petty Officer Scot C. Dayten, 42, was told.",
            ("Petty Officer Scot C. Dayten", "killed"),
        ),
        ("Its pilot was killed.", ("Its pilot", "killed")),
        ("Gunmen shot dead a passerby in the square.", ("a passerby", "killed")),
        ("Two soldiers died while another was injured.", ("another", "wounded")),
    ],
)
def test_a_single_person_is_found_with_what_befell_them(sentence: str, who: tuple[str, str]) -> None:
    assert told(sentence) == [who]


@pytest.mark.parametrize(
    "sentence",
    [
        "The raid killed Islamic State fighters.",
        "The Kessian Arab Army was hurt.",
        "The strike hit the town and killed people.",
        "Staff of the Medical Relief Organisations were killed.",  # a number elsewhere counts them
        "Aleppo was wounded.",  # one word alone may be any name
        "On Friday was killed hope.",
        "The pilot was killed.",  # and was told of before
        "The pilot was Marta Dorr.",
        "Police said the death of Republic Street was sealed.",
    ],
)
def test_parties_places_and_days_are_no_persons(sentence: str) -> None:
    assert told(sentence) == []


def test_what_stands_for_a_party_or_a_place_names_nobody() -> None:
    sentence = "Ahrar Sahm was killed."
    assert list(persons(sentence)) == [(0, 10, "killed")]
    assert list(persons(sentence, [(0, 5)])) == []


def test_a_person_whom_a_count_tells_already_is_counted_once() -> None:
    sentence = "One soldier was killed, and his wife was wounded."
    found = figures.read(sentence)
    assert [(sentence[f.start : f.end], f.toll.kind, f.toll.count.low) for f in found] == [
        ("One soldier", "killed", 1),
        ("his wife", "wounded", 1),
    ]


@given(st.text(max_size=400))
def test_whatever_is_found_stands_in_the_sentence_and_is_no_blank(sentence: str) -> None:
    for start, end, harm in persons(sentence):
        assert 0 <= start < end <= len(sentence)
        assert sentence[start:end].strip() == sentence[start:end]
        assert harm in ("killed", "wounded", "captured")
