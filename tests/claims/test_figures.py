"""Tolls in a sentence: whose number is tied to which harm. The sentences are the project's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.claims import figures


def tolls(sentence: str) -> list[tuple[str, int | None, int | None, str, bool]]:
    return [
        (f.toll.kind, f.toll.count.low, f.toll.count.high, f.toll.group, f.part)
        for f in figures.read(sentence)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Four people were killed.", [("killed", 4, 4, "people", False)]),
        ("The raid killed at least 11 civilians.", [("killed", 11, None, "civilians", False)]),
        ("A mortar round wounded six.", [("wounded", 6, 6, "people", False)]),
        ("The blast left 12 dead and 30 others wounded.", [("killed", 12, 12, "people", False), ("wounded", 30, 30, "people", False)]),
        ("12 killed 30 wounded in market blast", [("killed", 12, 12, "people", False), ("wounded", 30, 30, "people", False)]),
        ("15 people were killed, including six children.", [("killed", 15, 15, "people", False), ("killed", 6, 6, "children", True)]),
        ("Nine people, among them two nurses, were killed.", [("killed", 9, 9, "people", False), ("killed", 2, 2, "medics", True)]),
        ("The death toll rose to 35.", [("killed", 35, 35, "people", False)]),
        ("A woman and two children were killed.", [("killed", 1, 1, "women", False), ("killed", 2, 2, "children", False)]),
        ("The fighters took more than 10 soldiers prisoner.", [("captured", 10, None, "soldiers", False)]),
        ("The army killed dozens of militants.", [("killed", 24, None, "fighters", False)]),
        ("Up to 20 gunmen were killed.", [("killed", None, 20, "fighters", False)]),
        ("No one was injured.", [("wounded", 0, 0, "people", False)]),
        ("The war has claimed the lives of over 40,000 people.", [("killed", 40_000, None, "people", False)]),
        ("Two of the children were among five people killed.", [("killed", 2, 2, "children", True), ("killed", 5, 5, "people", False)]),
    ],
)  # fmt: skip
def test_a_count_is_tied_to_the_harm_that_governs_it(sentence, expected):
    assert tolls(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Seven rockets destroyed three houses.",
        "The siege entered its 40th day with two trucks burnt.",
        "Three ministers met for 12 hours.",
        "The deadliest raid in five years hit two villages and killed livestock.",
        "Nothing was counted.",
    ],
)
def test_what_counts_no_people_is_no_toll(sentence):
    assert tolls(sentence) == []


def test_a_masked_date_is_no_count():
    sentence = "On 12 May four people were killed."
    assert [f.toll.count.low for f in figures.read(sentence, [(3, 9)])] == [4]


@given(st.text(max_size=300))
def test_figures_lie_in_the_sentence_in_order(sentence):
    last = -1
    for figure in figures.read(sentence):
        assert last < figure.start < figure.end <= len(sentence)
        last = figure.start


@given(st.integers(2, 9999), st.sampled_from(["killed", "wounded", "captured"]))
def test_the_number_itself_never_decides(n, harm):
    assert tolls(f"{n} villagers were {harm} near the bridge.") == [(harm, n, n, "civilians", False)]


@pytest.mark.parametrize(
    ("sentence", "stances"),
    [
        ("Fourteen people were killed, not 16, the director said.", {14: "stated", 16: "denied"}),
        ("Nine were killed (and not the earlier 12).", {9: "stated", 12: "denied"}),
        ("No civilians were killed, contrary to reports of 12 dead, the army said.", {12: "denied"}),
        ("Not only 12 people were killed.", {12: "stated"}),
    ],
)
def test_a_number_that_is_told_to_be_wrong_is_denied(sentence, stances):
    found = {each.toll.count.low: each.stance for each in figures.proposed(sentence)}
    assert {n: found[n] for n in stances} == stances


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Four people were killed and a further five people are missing.", [4]),
        ("Gunmen killed two villagers; soldiers later freed nine of the hostages.", [2]),
        ("Police arrested 23 people and two protesters were hurt.", [2]),
        ("Rescuers evacuated about 40 people after the blast, which killed six.", [6]),
        ("Three people were reported missing and feared killed.", []),
    ],
)
def test_who_is_missing_freed_or_arrested_is_nobodys_toll(sentence, left):
    numbers = {each.toll.count.low for each in figures.proposed(sentence)} - {1}
    assert sorted(numbers) == left


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Two women were among the dead.", {2: ("killed", "women")}),
        ("Two nurses and a doctor were among the dead.", {2: ("killed", "medics"), 1: ("killed", "medics")}),
        ("Two pupils, a nurse and their teacher were also among the wounded.", {2: ("wounded", "other:part"), 1: ("wounded", "medics")}),
        ("A woman and two pupils were among them and five people were wounded.", {}),
    ],
)  # fmt: skip
def test_all_who_are_told_in_a_row_are_parts_of_the_dead_they_were_among(sentence, parts):
    found = figures.read(sentence)
    assert {f.toll.count.low: (f.toll.kind, f.toll.group) for f in found if f.part} == parts
    assert {f.toll.count.low: f.of_them for f in figures.proposed(sentence) if f.part} == (
        dict.fromkeys(parts, False) or {1: True, 2: True}
    )


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        (
            "At least six of its fighters had been taken prisoner there and that two had been killed.",
            "fighters",
        ),
        ("Six soldiers were wounded and two were killed.", "people"),
        ("A child was killed and ten were wounded when shells hit a street.", "people"),
        ("Two nurses were wounded and 40 were killed when shells hit a hospital.", "people"),
        ("Six soldiers were wounded. Two were killed.", "people"),
        ("Six soldiers were wounded and two people were killed.", "people"),
    ],
)
def test_a_bare_number_is_of_those_counted_before_it_as_somebodys(sentence, group):
    assert figures.read(sentence)[-1].toll.group == group
