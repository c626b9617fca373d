"""Wordings that are easily read wrongly: denials, doubts, plans, namesakes, texts without end."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest
from tests_build import make_account, make_document

from tallystick import incidents
from tallystick.case import Case
from tallystick.claims import claims, figures
from tallystick.claims.actors import read as deeds
from tallystick.claims.sentence import LONGEST, sentences
from tallystick.claims.voices import Voices
from tallystick.findings import find
from tallystick.findings.origins import origin_names
from tallystick.model import Incident, Judgement, Maker, Telling, Toll, accounts
from tallystick.values import count, party, place, when
from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, fold
from tallystick.values.party import Party
from tallystick.values.place import Place

FRIDAY = date(2016, 10, 7)


# ------------------------------------------------------------------------------ values/count


@pytest.mark.parametrize("text", ["1" * 400, "1 000 " * 200, "1" * 5000, "a hundred " + "hundred " * 300])
def test_a_row_of_digits_without_end_is_no_count(text):
    assert all(c.greatest_told <= 10**12 for _, _, c in count.read(f"{text} people"))


def test_a_number_is_read_to_its_last_digit():
    assert count.number("1,000,000,000,001") is None
    assert count.number("999,999,999,999") == 999_999_999_999


# ------------------------------------------------------------------------------------- speed

TAG = " Four were killed in Tarsin, Omar Saleh said on Monday."


@pytest.mark.parametrize(
    "words",
    ["Tarsin ", "al-Tarsin ", "al Tarsin ", "A", "Al-", "A’", "T’T", "Tarsin and ", "Syria ", "in Tarsin, ", "of Tarsin ",
     "12 people killed ", "said ", "1", ", ", " ", "In Tarsin, 12 people were killed on Monday, Omar Saleh said, and "],
)  # fmt: skip
def test_no_run_of_words_keeps_the_reader_busy(words):
    document = make_document(words * (20_000 // len(words)) + TAG)
    begun = time.perf_counter()
    claims(document)
    assert (
        time.perf_counter() - begun < 15
    )  # one to three on an ordinary machine: as many windows as in prose


def test_a_row_of_apostrophes_is_read_at_once():
    begun = time.perf_counter()
    list(place.read("in A" + "'" * 60 + " x"))
    assert time.perf_counter() - begun < 1


def test_a_sentence_has_an_end():
    text = "word " * 2_000
    found = list(sentences(text))
    assert all(0 < end - start <= LONGEST for start, end in found)
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


# ----------------------------------------------------------------------------- names, places


@pytest.mark.parametrize(
    ("left", "right"),
    [("East Tarsin", "West Tarsin"), ("Northern Tarsin", "Southern Tarsin"), ("Checkpoint 12", "Checkpoint 13"),
     ("Iraqi government", "Iranian government"), ("Kessian government", "Russian government"), ("A Office", "B Office")],
)  # fmt: skip
def test_a_side_a_number_or_a_country_tells_two_names_apart(left, right):
    assert not alike(left, right)


@pytest.mark.parametrize(
    ("left", "right"), [("Syria", "Syrian"), ("Ra's al-Ayn", "Ras al-Ayn"), ("Jamaliyeh", "Jamiliyeh")]
)
def test_spellings_of_one_name_stay_alike(left, right):
    assert alike(left, right)


def test_two_governments_spelled_alike_are_not_one():
    assert Party("Iraqi government").relation(Party("Iranian government")) is not Verdict.AGREE


def test_two_places_of_one_name_in_two_provinces_are_two():
    assert Place("Midan", admin1="Kessir").relation(Place("Midan", admin1="Daral")) is Verdict.CONFLICT


# ---------------------------------------------------------------------------------- modality


@pytest.mark.parametrize(
    "sentence",
    [
        "The army denied that 12 people were killed.",
        "The ministry denied killing 12 civilians.",
        "There was no evidence that 40 people were killed.",
        "12 people were not killed.",
        "The army did not kill 12 people.",
        "Reports that 12 people were killed were false.",
    ],
)
def test_a_figure_that_is_denied_is_a_denial(sentence):
    assert [f.stance for f in figures.read(sentence)] == ["denied"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The army denied the raid that killed 12 people.",
        "The army denied any part in it; 12 people were killed.",
    ],
)
def test_a_deed_that_is_denied_denies_no_figure(sentence):
    assert [f.stance for f in figures.read(sentence)] == ["stated"]


def test_a_figure_that_is_doubted_is_alleged():
    assert [f.stance for f in figures.read("At least 12 people were reportedly killed.")] == ["alleged"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The offensive could kill 5,000 people.",
        "The army will kill 200 fighters.",
        "Up to 90 people would be killed.",
    ],
)
def test_a_figure_of_what_has_not_happened_is_none(sentence):
    assert figures.read(sentence) == []


def test_a_denied_figure_reaches_the_record_as_a_denial():
    document = make_document("The Kessian army denied that 12 people were killed in Tarsin on Friday.")
    (toll,) = [c for c in claims(document) if isinstance(c.value, Toll)]
    assert toll.stance == "denied"


# -------------------------------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("text", "told"),
    [("over the past week", ("2016-09-30 to 2016-10-07", True)), ("over the last month", ("2016-09-07 to 2016-10-07", True)),
     ("in the past year", ("2015-10-08 to 2016-10-07", True)), ("last week", ("2016-09-26 to 2016-10-02", False))],
)  # fmt: skip
def test_the_past_week_runs_up_to_publication_and_last_week_is_the_one_before(text, told):
    assert [(str(w), w.stretch) for _, _, w in when.read(text, FRIDAY)] == [told]


def test_the_first_days_of_something_else_are_not_the_last_before_publication():
    assert [w for _, _, w in when.read("during the first three days of the assault", FRIDAY) if w.start] == []


def test_last_weekend_said_on_a_weekend_is_the_one_before():
    assert [str(w) for _, _, w in when.read("last weekend", date(2016, 10, 8))] == [
        "2016-10-01 to 2016-10-02"
    ]


# ---------------------------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    "text",
    [
        "Omar Saleh said the Kessian army shelled the town of Tarsin on Friday and residents fled",
        "Shells killed four people in Tarsin on Friday and residents fled the town, state radio said.",
    ],
)
def test_no_account_tells_of_two_things(text):
    document = make_document(text)
    found = accounts(claims(document), {document.id: document})
    assert all(sum(isinstance(c.value, Telling) for c in a.claims) == 1 for a in found)


# ----------------------------------------------------------------------------------- origins


def test_a_first_name_does_not_make_two_people_one_origin():
    members = [
        make_account(n, killed=(k, k), voice=v, published=d)
        for n, k, v, d in (
            ("a", 11, "Omar", "2016-10-05"), ("b", 11, "Omar Saleh", "2016-10-06"), ("c", 17, "Omar Hadi", "2016-10-07"),
        )
    ]  # fmt: skip
    assert len(set(origin_names(members, {}).values())) == 2
    assert find(Incident(tuple(members)), {}).finding("killed").verdict is Verdict.CONFLICT


# ------------------------------------------------------------------------------------- pairs


def test_many_accounts_of_one_day_and_town_are_paired_in_seconds():
    told = [make_account(str(n)) for n in range(400)]
    begun = time.perf_counter()
    assert sum(part.candidates for part in incidents.pairs(told)) == 400 * 399 // 2
    assert time.perf_counter() - begun < 15


# ----------------------------------------------------------------------------------- resolve


def judge(left, right, verdict, score=None):
    left, right = sorted((left.id, right.id))
    return Judgement(left, right, verdict, Maker("Amal") if score is None else Maker("weights", "1"), score)


def test_no_two_that_a_person_parts_are_joined_by_a_third():
    a, b, c = (make_account(name) for name in "abc")
    found = incidents.resolve([a, b, c], [judge(a, b, "same"), judge(b, c, "same"), judge(a, c, "different")])
    home = {x.id: i.id for i in found for x in i.accounts}
    assert home[a.id] != home[c.id]
    assert any(i.disputes for i in found)


def test_what_a_person_joins_against_the_program_is_kept_as_a_dispute():
    a, b = make_account("a"), make_account("b")
    c = make_account("c")
    parted = judge(a, c, "different", -9.0)
    (found,) = incidents.resolve([a, b, c], [judge(a, b, "same"), judge(b, c, "same"), parted])
    assert found.disputes == (parted,)


# -------------------------------------------------------------------------------------- fold


@pytest.mark.parametrize("name", ["_al", "al_x", "the_al", "a-al"])
def test_folding_twice_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


# ------------------------------------------------------------------------------------ actors


@pytest.mark.parametrize(
    "sentence",
    [
        "Neither the army nor the rebels claimed responsibility for the attack.",
        "The rebels have not claimed responsibility for the attack.",
        "The rebels did not deny the attack.",
    ],
)
def test_who_claims_or_denies_nothing_is_given_no_claim_and_no_denial(sentence):
    assert [d for d in deeds(sentence, {}) if d.stance in ("claimed", "denied")] == []


def test_a_denial_is_not_put_into_the_mouth_of_another():
    told = deeds("Rebels killed four soldiers on Friday, a claim the army denied.", {})
    assert ("rebels", "denied") not in [(d.party.name, d.stance) for d in told]
    assert ("rebels", "perpetrator") in [(d.party.name, d.role) for d in told]


# ----------------------------------------------------------------------------------- figures


def test_forty_of_a_hundred_are_forty():
    (found,) = figures.read("Some 40 of the 100 people in the bus were killed.")
    assert (found.toll.count.low, found.toll.count.high) == (40, 40)


def test_not_one_person_is_nobody():
    assert figures.read("Not one person was killed in the raid.") == []
    assert figures.read("Not a single civilian was killed in the raid.") == []


# ------------------------------------------------------------------ what a first user saw go wrong


def test_those_treated_are_not_the_killed_of_the_clause_before():
    told = figures.read("A woman and a child were killed and twenty civilians were treated for asphyxiation.")
    assert [(f.toll.kind, f.toll.count.low) for f in told] == [("killed", 1), ("killed", 1)]


@pytest.mark.parametrize("text", ["on April 7th Street", "in the May 4 Hospital", "near 17 April Square"])
def test_a_street_named_after_a_day_is_no_day(text):
    assert list(when.read(text, FRIDAY)) == []


@pytest.mark.parametrize("text", ["at 21:51 people were killed", "children aged from four to 10 were killed"])
def test_clock_times_and_ages_count_nobody(text):
    assert all(f.toll.count.low not in (51, 4, 10) for f in figures.read(text))


def test_a_terrorist_bombing_is_no_terrorist():
    assert figures.read("Six were killed in a terrorist bombing.")[0].toll.count.low == 6
    assert len(figures.read("Six were killed in a terrorist bombing.")) == 1


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Four died in the strikes RIA news agency said.", "RIA news agency"),
        ("The raid hit the city a monitor said.", "monitor"),
        ("Six were hurt, a police source said.", "police source"),
    ],
)
def test_a_speakers_name_holds_no_words_of_the_clause_before(sentence, speaker):
    assert [s.name for s in Voices(sentence).speakers(sentence)] == [speaker]


def test_a_headline_is_no_second_source():
    """What an account tells in its own words rests on the one voice that it names."""
    document = make_document(
        "Four killed in Tarsin. Four people were killed in Tarsin, a police source said."
    )
    found = claims(document)
    (account,) = accounts(found, {document.id: document})
    weighed = find(Incident((account,)), {})
    assert len(weighed.origins) == 1
    assert weighed.finding("killed").verdict is Verdict.SINGLE_ORIGIN


def test_the_harm_of_combatants_alone_would_grade_discounted():
    fighters = make_account("a", killed=(23, None), group="fighters", voice="Harrow Network")
    civilians = make_account("b", killed=(2, 2), group="civilians", voice="Harrow Network")
    assert find(Incident((fighters,)), {}).grade == "Discounted"
    assert find(Incident((fighters, civilians)), {}).grade == "Weak"


def test_a_country_is_no_adjective():
    assert [p.name for _, _, p in party.read("killed in Syria air strike")] == ["Syria"]
    assert deeds("Seven were killed in Syria air strike", {}) == []


def test_best_says_why_it_is_best():
    one = make_account("a", killed=(6, None), voice="A Watch")
    two = make_account("b", killed=(11, None), voice="Red Aid")
    (told,) = [f for f in find(Incident((one, two)), {}).findings if f.field == "killed"]
    assert (
        told.range.arithmetic
        == "of the figures for the whole 6 is the least and 11 the greatest; 11 is the greatest; "
        "11 or more leaves the top open"
    )


def test_a_denied_figure_is_the_deniers_claim_and_no_toll_of_the_export(tmp_path):
    """The denial stands among the claims, under the name of who denies it."""
    report = tmp_path / "a.txt"
    report.write_text(
        "Shells fell on the village of Tarsin and killed four people, the Harrow Network said.\n"
        "The army denied that 12 people were killed in Tarsin.\n",
        encoding="utf-8",
    )
    with Case.make(tmp_path / "case") as case:
        case.run([report], jobs=1)
        case.export(tmp_path / "out")
    told = [
        json.loads(line) for line in (tmp_path / "out" / "accounts.jsonl").read_text("utf-8").splitlines()
    ]
    assert [toll["low"] for account in told for toll in account["tolls"]] == [4]
    said = [json.loads(line) for line in (tmp_path / "out" / "claims.jsonl").read_text("utf-8").splitlines()]
    denied = [c for c in said if c["topic"] == "casualties" and c["stance"] == "denied"]
    assert [(c["quote"], c["voices"][0]["name"]) for c in denied] == [("12 people", "army")]
