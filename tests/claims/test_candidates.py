"""Laws of what rules propose: exact places in the text, more rather than less, and no opinion beyond a hint."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.claims import figures
from tallystick.claims.candidates import candidates
from tallystick.claims.heads import HINTS
from tallystick.claims.sentence import sentences

DAY = date(2016, 10, 7)
TEXT = (
    "An air strike on the town of Tarsin killed at least 12 people on Thursday, including four children, the Harrow Monitoring Network said.\n"
    "Six school buses were hit. Islamic State fighters shelled Omrun with 20 rockets, a source told SANA."
)
words = st.sampled_from(["Four", "12", "people", "killed", "in", "Tarsin", "on", "Friday", "the", "Observatory", "said", "rebels", ".", "\n", "IS", "Syrian", "army", "no", "casualties", "many", "more", "Omrun", "“", "his", "two", "a", "bomb", "bodyguards", "aide", "hostage", "takers", "guerrilla", "fighters", "human", "rights", "workers"])  # fmt: skip


@given(st.lists(words, max_size=50).map(" ".join))
def test_candidates_stand_in_the_text_in_order_and_hint_within_bounds(text):
    found = candidates(text, DAY)
    for sort in (found.counts, found.dates, found.places, found.parties, found.speakers):
        assert all(0 <= c.start < c.end <= len(text) for c in sort)
        assert all(0 <= c.hint < HINTS for c in sort)
        assert [c.start for c in sort] == sorted(c.start for c in sort)


@given(st.lists(words, max_size=30).map(" ".join))
def test_every_figure_that_the_rules_read_is_proposed(text):
    proposed = {(c.start, c.value.toll.count) for c in candidates(text, None).counts}
    for start, end in sentences(text):
        sentence = text[start:end]
        from tallystick.values import party, when

        masked = [(a, b) for a, b, _ in when.read(sentence, None)]
        parties = [(a, b) for a, b, _ in party.read(sentence)]
        for figure in figures.read(sentence, masked, parties):
            assert (start + figure.start, figure.toll.count) in proposed


def test_what_the_rules_take_a_count_for_is_its_hint_and_things_are_proposed_too():
    found = candidates(TEXT, DAY)
    assert [(TEXT[c.start : c.end], c.hint) for c in found.counts] == [
        ("at least 12 people", 1),
        ("four children", 4),
        ("Six", 0),
        ("20", 0),
    ]


def test_names_that_no_wording_shows_to_be_places_are_proposed_behind_those_it_does():
    found = {TEXT[c.start : c.end]: c.hint for c in candidates(TEXT, DAY).places}
    assert found["town of Tarsin"] > found["SANA"] == 1


def test_a_party_is_proposed_under_its_usual_name_with_its_own_words():
    (one,) = list(candidates("Daesh shelled the town.", DAY).parties)
    assert (one.value.name, one.value.words) == ("Islamic State", "Daesh")


@pytest.mark.parametrize("text", ["IT IS SAID THAT IS IT", "THE UN IS HERE AND IS LATE"])
def test_a_short_word_among_capitals_is_no_party(text):
    assert "Islamic State" not in {c.value.name for c in candidates(text, DAY).parties}


def test_a_speaker_that_only_the_model_saw_is_named_as_the_text_names_it():
    text = "Colonel Bram Tesk said four died. In his view, Tesk, they were rebels. He had nothing to add."
    found = candidates(text, DAY)
    at = text.index("Tesk, they")
    found.add_speaker(text, at, at + 4)
    assert "bram tesk" in found.speakers[-1].name
    before = len(found.speakers)
    found.add_speaker(text, at, at + 4)
    assert len(found.speakers) == before


def test_lines_of_a_wrapped_text_are_one_sentence_and_short_lines_are_not():
    wrapped = "THE BATTALION HAS REPORTED THAT ABOUT 50 PEASANTS OF VARIOUS\nAGES HAVE BEEN KIDNAPPED IN THE EAST. THE MASS KIDNAPPING TOOK\nPLACE ON 30 DECEMBER.\nLAST LINE"
    assert [wrapped[a:b].split()[-1] for a, b in sentences(wrapped)] == ["EAST.", "DECEMBER.", "LINE"]
    headed = "Four killed\nFour people were killed in Tarsin on Friday when a shell hit a market, the network said."
    assert next(headed[a:b] for a, b in sentences(headed)) == "Four killed"


def test_a_party_is_hinted_to_be_on_the_word_of_another_or_on_its_own():
    text = "Rebels shelled Omrun. Rebels shelled Omrun, the Observatory said. The army said it had shelled Omrun."
    found = candidates(text, DAY)
    hints = {(text[c.start : c.end], c.start): found.party_hint(text, n) for n, c in enumerate(found.parties)}
    plain, voiced, own = (hints[key] for key in sorted(hints, key=lambda key: key[1]))
    assert (plain < 5, 5 <= voiced < 10, 10 <= own < HINTS) == (True, True, True)


@given(st.lists(words, max_size=30).map(" ".join))
def test_every_party_has_a_hint_that_the_model_knows(text):
    found = candidates(text, None)
    assert all(0 <= found.party_hint(text, n) < HINTS for n in range(len(found.parties)))


def test_an_agent_that_only_the_model_saw_is_a_party_once_and_never_over_a_known_one():
    text = "The hooded riders burnt Omrun. The rebels fled."
    found = candidates(text, DAY)
    before = len(found.parties)
    found.add_part(text, 0, len("The hooded riders"), "agent")
    found.add_part(text, 4, len("The hooded riders"), "agent")
    found.add_part(text, text.index("rebels"), text.index("rebels") + 6, "agent")
    assert len(found.parties) == before + 1
    assert found.parties[0].value.name == "hooded riders"
    assert [c.start for c in found.parties] == sorted(c.start for c in found.parties)


@pytest.mark.parametrize(
    ("words", "tolls"),
    [("Omar Saleh", 1), ("Omar al-Saleh", 1), ("the mayor", 0), ("Omar", 0), ("four people", 0)],
)
def test_a_victim_is_a_toll_of_one_where_it_is_named(words, tolls):
    text = f"They struck at {words} in Omrun."
    found = candidates(text, DAY)
    at, before = text.index(words), len(found.counts)
    found.add_part(text, at, at + len(words), "victim")
    assert len(found.counts) == before + tolls
    assert not tolls or (found.counts[-1].value.toll.count.low, found.counts[-1].value.toll.count.high) == (
        1,
        1,
    )


@pytest.mark.parametrize("words", ["the", "a", "--", "12 ", "They"])
@pytest.mark.parametrize("part", ["agent", "victim"])
def test_words_that_name_nobody_are_no_candidate(words, part):
    found = candidates(words + " Omrun", DAY)
    before = len(found.parties), len(found.counts)
    found.add_part(words + " Omrun", 0, len(words), part)
    assert (len(found.parties), len(found.counts)) == before


def test_an_agent_never_goes_on_from_one_sentence_into_the_next():
    text = "The hooded riders left. Omrun burnt."
    found = candidates(text, DAY)
    before = len(found.parties)
    found.add_part(text, 0, len(text) - 1, "agent")
    assert len(found.parties) == before


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("A bomb hurt his two bodyguards.", [2]),
        ("A shell killed two guerrilla fighters.", [2]),
        ("A mine killed his aide.", [1]),
    ],
)
def test_a_person_is_counted_as_one_only_where_no_number_is_told(sentence, values):
    assert [c.value.toll.count.low for c in candidates(sentence, DAY).counts] == values


def test_initials_are_proposed_as_parties_without_an_opinion_and_never_as_doers():
    text = "CNN reported that the Blue Front claimed responsibility. The KLF denied it."
    found = candidates(text, DAY)
    hints = {text[c.start : c.end]: c.hint for c in found.parties}
    assert (hints["CNN"], hints["KLF"]) == (0, 0)
    assert hints["Blue Front"] == 3


def test_a_speaker_does_not_end_with_a_word_that_leads_on():
    text = "People in the village said that the fire came from the hill."
    found = candidates(text, DAY)
    found.speakers.clear()
    found.add_speaker(text, 0, len("People in the"))
    assert [(one.start, one.end) for one in found.speakers] == [(0, len("People"))]


@pytest.mark.parametrize(
    "head",
    [
        "EL TARSIN, Kessir, June 11 (Army Wire) - ",
        "Port Tarsin, SNA - ",
        "TARSIN (Army News) - ",
        "Tarsin — ",
    ],
)
def test_nobody_in_a_dateline_did_or_said_anything(head):
    text = f"{head}Rebels shelled a market and killed four people, the Harrow Centre said."
    found = candidates(text, date(2019, 6, 12))
    assert found.parties
    assert found.speakers
    assert all(each.start >= len(head) for each in (*found.parties, *found.speakers))


def test_a_headline_with_a_dash_is_no_dateline():
    text = "Rebels shell a market - monitor says. The army said four were killed."
    assert any(each.start < 10 for each in candidates(text, None).parties)


def test_who_speaks_is_no_place():
    text = (
        "The Harrow Centre counts the dead of Kelvach. The Centre says that 17 people were killed in Kelvach."
    )
    found = candidates(text, None)
    assert "Kelvach" in {text[place.start : place.end] for place in found.places}
    assert not [
        place for place in found.places if place.start >= 46 and text[place.start : place.end] == "Centre"
    ]


def test_whoever_is_quoted_is_nobodys_toll_however_many_they_are():
    text = "Soldiers turned back ambulances, two doctors at the hospital said. Two doctors were killed, an aide said."
    found = candidates(text, None)
    assert [text[count.start : count.end] for count in found.counts if count.name == "2"] == ["Two doctors"]
