"""Laws of the reader: exact words, one document at a time, voices kept, totals told from events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_document

from tallystick.claims import claims
from tallystick.claims.lexicon import BLASTS
from tallystick.claims.sentence import sentences
from tallystick.model import Claim, Document, Role, Telling, Toll, accounts

REPORT = (
    "An air strike on the town of Tarsin killed at least 12 people on Thursday, including four children, the Harrow Monitoring Network said.\n"
    "The Network said the raid was carried out by Kessian government warplanes. The Kessian army denied any involvement.\n\n"
    "On Wednesday, rebel rocket fire wounded six people in the Omrun neighbourhood, state radio reported.\n\n"
    "More than 40,000 people have been killed since the war began in March 2012.\n"
)

BOMBED = "Six civilians were killed in shelling of the town of Velin on Thursday. "
EXAMPLE = Path(__file__).parents[2] / "examples" / "harrow-valley"


def told(text: str, published: str | None = "2016-10-07") -> tuple[Document, tuple[Claim, ...]]:
    document = make_document(text, published=published)
    return document, claims(document)


def gathered(text: str, published: str | None = "2016-10-07"):
    document, found = told(text, published)
    return accounts(found, {document.id: document})


def test_each_figure_keeps_its_voice_and_its_words():
    _, found = told(REPORT)
    figures = {
        c.span.quote: (c.value.count.low, [v.name for v in c.voices])
        for c in found
        if isinstance(c.value, Toll)
    }
    assert figures["at least 12 people"] == (12, ["Harrow Monitoring Network"])
    assert figures["four children"] == (4, ["Harrow Monitoring Network"])
    assert figures["six people"] == (6, ["state radio"])
    assert figures["More than 40,000 people"] == (40_000, [])


def test_one_who_is_described_and_then_named_is_one_speaker_of_the_sentence():
    lines = (EXAMPLE / "corvane-2019-05-17-18.jsonl").read_text(encoding="utf-8").split("\n")
    report = json.loads(lines[0])
    _, claims = told(f"{report['title']}\n\n{report['text']}", report["published"])
    (voices,) = {claim.voices for claim in claims if claim.span.quote == "nine people"}
    assert [voice.name for voice in voices] == [
        "Colonel Bram Tesk"
    ]  # not the Centre, of the sentences before


def test_two_places_on_two_days_are_two_accounts_and_the_total_is_neither():
    first, second, total = gathered(REPORT)
    assert (first.telling.kind, str(first.telling.place), str(first.telling.when)) == (
        "air_strike",
        "Tarsin",
        "2016-10-06",
    )
    assert (second.telling.kind, str(second.telling.place)) == ("shelling", "Omrun")
    assert [a.telling.aggregate for a in (first, second, total)] == [False, False, True]
    assert str(total.telling.when) == "2012-03-01 to 2016-10-07"


def test_a_denial_is_a_claim_of_the_one_who_denies():
    _, found = told(REPORT)
    denied = [c for c in found if c.stance == "denied"]
    (denial,) = [c for c in denied if isinstance(c.value, Role)]
    assert all("Kessian army" in c.voices[0].name for c in denied)
    assert (denial.value.party.name, denial.value.role, denial.value.stance) == (
        "Kessian army",
        "perpetrator",
        "denied",
    )
    assert denial.voices[0].name == "Kessian army"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (
            "Rebels accused the army of shelling the town of Velin on Thursday, killing six civilians.",
            {("army", "alleged", "Rebels")},
        ),
        (
            "The army has accused the rebels of shelling the hospital in Dorn on Monday. Four patients died.",
            {("rebels", "alleged", "army")},
        ),
        (
            "Six civilians were killed in shelling of the town of Velin on Thursday. The government blamed rebels "
            "for the attack. The rebels denied it.",
            {("rebels", "alleged", "government"), ("rebels", "denied", "rebels")},
        ),
        (
            "Nine people died when rockets hit a market in Velin on Sunday. Activists blamed the army for the "
            "attack, which it denied.",
            {("army", "alleged", "Activists"), ("army", "denied", "army")},
        ),
        (
            "The minister accused the rebels of using civilians as human shields in Velin, where an air strike "
            "killed four people on Monday.",
            set(),
        ),
        (BOMBED + "The army was accused by the rebels of carrying out the attack.", {("army", "stated", "")}),
        (BOMBED + "No one accused the army of the attack.", set()),
        (BOMBED + "The rebels accused the UN of ignoring the shelling.", set()),
        (
            "The rebels accused the army of a massacre last year. Six civilians were killed in an air strike on "
            "Velin on Thursday.",
            set(),
        ),
    ],
)
def test_who_accuses_is_not_accused_and_whom_they_accuse_is_on_their_word(text, due):
    roles = [claim for claim in told(text)[1] if isinstance(claim.value, Role)]
    assert {(c.value.party.name, c.value.stance, c.voices[0].name if c.voices else "") for c in roles} == due


def test_without_a_publication_date_weekdays_stay_weekdays():
    first, *_ = gathered(REPORT, published=None)
    assert (first.telling.when.start, first.telling.when.precision, first.telling.when.words) == (
        None,
        "unknown",
        "Thursday",
    )


def test_a_date_printed_at_the_head_outweighs_the_metadata():
    text = "Published June 3 2016 Four people were killed in Tarsin on Thursday."
    (account,) = gathered(text, published="2016-10-07")
    assert str(account.telling.when) == "2016-06-02"


def test_the_day_that_an_account_names_itself_goes_before_one_of_a_later_event():
    report = json.loads((EXAMPLE / "corvane-2019-05-16-market.json").read_text(encoding="utf-8"))
    assert report["text"].index("on 9 February") < report["text"].index("in March 2015")
    document = replace(make_document(report["text"], published=report["published"]), title=report["title"])
    found = accounts(claims(document), {document.id: document})
    (before,) = [one for one in found if "same market" in one.span.quote]
    assert before.telling.when.start == date(2019, 2, 9)


def test_the_dead_at_the_market_go_back_to_what_was_told_of_the_market():
    lines = (EXAMPLE / "corvane-2019-05-17-18.jsonl").read_text(encoding="utf-8").split("\n")
    report = next(each for each in map(json.loads, filter(None, lines)) if "correction" in each["id"])
    document = replace(make_document(report["text"], published=report["published"]), title=report["title"])
    market, station = accounts(claims(document), {document.id: document})
    tolls = {(toll.kind, toll.count.low) for _, toll in market.tolls()}
    assert tolls >= {("wounded", 34), ("killed", 17)}
    assert [(toll.kind, toll.count.low) for _, toll in station.tolls()] == [("wounded", 7)]


def test_a_manner_of_which_the_report_has_no_word_is_not_made_up():
    (bare,) = gathered("Twelve people were killed in the town of Velin on Thursday.")
    assert bare.telling.kind not in BLASTS
    (told,) = gathered(
        "Twelve people were killed in the town of Velin on Thursday, when shells hit a bakery."
    )
    assert told.telling.kind == "shelling"


def test_people_leaving_said_by_one_and_not_seen_by_another_stand_side_by_side():
    (matter,) = gathered(
        "State radio reported that residents were leaving the town of Tarsin through corridors.\n"
        "Volunteers with the Blue Helpers said they saw no sign of people leaving."
    )
    assert matter.is_matter
    (stated, who), (denied, other) = [(c.stance, c.voices[0].name) for c in matter.claims]
    assert (stated, who, denied) == ("stated", "State radio", "denied")
    assert "Blue Helpers" in other


def test_two_sides_counts_of_captives_are_two_claims_and_no_sum():
    found = gathered(
        "Rebel forces took more than 10 fighters prisoner near the town of Tarsin on Friday, said Omar Saleh, a volunteer.\n"
        "Rebels said they had captured at least six militia members."
    )
    captured = [(t.count.low, t.count.high) for a in found for _, t in a.tolls("captured")]
    assert captured == [(10, None), (6, None)]


def test_nothing_is_read_out_of_what_has_not_happened():
    assert gathered("The minister warned that the army could bomb the town of Tarsin on Friday.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "x",
        ".",
        "Four",
        "“”",
        "killed killed killed",
        "12 12 12 killed",
        "الشيخ سعيد قتل 12",
        "🙂 4 people were killed 🙂",
    ],
)
def test_odd_texts_are_read_without_failing(text):
    for claim in told(text)[1]:
        assert claim.span.quote in text


words = st.sampled_from(
    [
        "killed",
        "wounded",
        "at",
        "least",
        "12",
        "people",
        "children",
        "in",
        "Tarsin",
        "on",
        "Friday",
        "the",
        "Observatory",
        "said",
        "raid",
        "rebels",
        "by",
        "government",
        "forces",
        "denied",
        "any",
        "involvement",
        ".",
        "\n",
        ",",
        "and",
        "including",
        "since",
        "March",
        "2011",
        "six",
        "“",
        "”",
        "no",
        "sign",
        "leaving",
        "residents",
    ]
)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=60).map(" ".join))
def test_every_claim_points_at_its_exact_words_and_the_same_text_reads_the_same(text):
    if not text.strip():
        return
    document = make_document(text)
    found = claims(document)
    assert claims(document) == found
    for claim in found:
        claim.span.check(text)
        if claim.telling:
            claim.telling.check(text)
        for voice in claim.voices:
            assert voice.span is not None
            voice.span.check(text)
    for account in accounts(found, {document.id: document}):
        assert isinstance(account.head.value, Telling)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_sentences_are_in_order_and_leave_out_only_blanks(text):
    covered, at = "", 0
    for start, end in sentences(text):
        assert at <= start < end
        assert text[start:end].strip() == text[start:end]
        covered += text[start:end]
        at = end
    assert "".join(covered.split()) == "".join(text.split())


def test_names_known_to_nobody_are_read_as_well_as_known_ones():
    """Invented names throughout: nothing is looked up in a list of this or that war."""
    one = gathered(REPORT)
    other = gathered(
        REPORT.replace("Tarsin", "Qualibar").replace("Kessian", "Colombian").replace("Harrow", "Zentral")
    )
    assert [(a.telling.kind, a.telling.when, a.telling.aggregate) for a in one] == [
        (a.telling.kind, a.telling.when, a.telling.aggregate) for a in other
    ]
