"""Laws of the nouns: words that are there, ids made of content, nothing without a source."""

from __future__ import annotations

import dataclasses
import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick import model, rows
from tallystick.errors import NoSource, WordsDoNotMatch
from tallystick.model import (
    CaptureId,
    Claim,
    Document,
    Finding,
    Incident,
    IncidentId,
    Judgement,
    Maker,
    Passage,
    Span,
    Telling,
    Toll,
    canonical,
)
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count

# Lone surrogates cannot be written as UTF-8, so no document holds one.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


@given(texts, st.integers(0, 90), st.integers(0, 90))
def test_a_span_is_its_words_or_is_refused(text, start, end):
    document = Document(model.CaptureId("0"), "r", text)
    if 0 <= start < end <= len(text):
        assert document.span(start, end).quote == text[start:end]
    else:
        with pytest.raises(WordsDoNotMatch):
            document.span(start, end)


def test_a_span_with_other_words_is_refused_and_shows_both(document):
    report = document("Four people were killed.")
    with pytest.raises(WordsDoNotMatch, match=r"'Five'.*'Four'"):
        Span(report.id, 0, 4, "Five").check(report.text)


def test_a_document_is_its_capture_and_text_whatever_is_known_about_it(document):
    report = document("Four people were killed.")
    later = dataclasses.replace(report, title="A title", published=None, published_from=None)
    assert later.id == report.id
    assert dataclasses.replace(report, text="Five people were killed.").id != report.id


def test_a_date_and_where_it_came_from_go_together(document):
    with pytest.raises(ValueError, match="go together"):
        dataclasses.replace(document("x"), published_from=None)


def test_a_claim_is_what_is_said_whichever_program_read_it(document):
    report = document("Four people were killed.")
    claim = Claim(report.span(0, 11), "casualties", Toll("killed", Count(4, 4)), maker=Maker("one"))
    assert dataclasses.replace(claim, maker=Maker("another"), confidence=0.5).id == claim.id
    assert dataclasses.replace(claim, value=Toll("killed", Count(5, 5))).id != claim.id
    assert dataclasses.replace(claim, stance="denied").id != claim.id


def test_a_passage_needs_a_source():
    with pytest.raises(NoSource, match="needs a source"):
        Passage("Four people were killed.", ())


def test_a_finding_needs_a_source():
    with pytest.raises(NoSource, match="names no claim"):
        Finding(IncidentId("inc-1"), "killed", Verdict.AGREE, (), "")


@pytest.mark.parametrize("noun", [n for n in vars(model).values() if dataclasses.is_dataclass(n)])
def test_every_noun_is_frozen(noun):
    assert noun.__dataclass_params__.frozen


def test_nouns_mention_only_nouns_above_them():
    """References point towards the bytes: the file's order is the order of coming into being."""
    order = [
        name
        for name, noun in vars(model).items()
        if dataclasses.is_dataclass(noun) and noun.__module__ == model.__name__
    ]
    for number, name in enumerate(order):
        for field in dataclasses.fields(vars(model)[name]):
            for later in order[number + 1 :]:
                assert (
                    later not in str(field.type).replace("[", " ").replace("]", " ").replace(",", " ").split()
                ), f"{name}.{field.name}"


def test_claims_of_one_telling_gather_into_one_account(document):
    report = document("A raid killed four people. Six were hurt.")
    telling = report.span(0, 26)
    head = Claim(telling, "attack", Telling("air_strike"), telling=telling)
    toll = Claim(report.span(14, 25), "casualties", Toll("killed", Count(4, 4)), telling=telling)
    loose = Claim(report.span(27, 30), "other", None)
    (account,) = model.accounts([toll, loose, head], {report.id: report})
    assert account.head == head
    assert set(account.claims) == {head, toll}
    assert account.id == head.account == toll.account
    assert loose.account is None


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_an_incident_keeps_one_name_for_the_same_accounts_and_knows_its_former_ones(order, account):
    members = tuple(account(name) for name in order)
    incident = Incident(members)
    assert incident.id == Incident(tuple(account(name) for name in "abc")).id
    for part in (members[:1], members[1:], members[:2]):
        assert Incident(part).id in {incident.id, *incident.former_ids}


def test_a_judgement_names_its_accounts_in_one_order(account):
    left, right = sorted([account("a").id, account("b").id])
    Judgement(left, right, "same", Maker("p"))
    with pytest.raises(ValueError, match="smaller id first"):
        Judgement(right, left, "same", Maker("p"))


def test_a_document_of_before_pages_keeps_its_spelling_and_is_read_back():
    old = Document(CaptureId("a" * 64), "r", "Two fell.\n\nThree fled.", language="en")
    body = json.loads(canonical(old))
    assert not {"pages", "notes", "language_from"} & set(body)
    assert rows.document(canonical(old)) == old
    new = replace(old, pages=(0, 11, 11), notes=("page 2 of 3 is a picture",), language_from="text")
    assert rows.document(canonical(new)) == new
    assert new.id == old.id, "how it was read is no part of what it is"


def test_words_stand_on_the_page_that_they_begin_on_and_an_empty_page_has_none():
    document = Document(CaptureId("a" * 64), "r", "Two fell.\n\nThree fled.", pages=(0, 11, 11, 22))
    assert document.sheets(document.span(0, 9)) == (1, 1)
    assert document.sheets(document.span(11, 16)) == (3, 3)
    assert document.sheets(document.span(4, 16)) == (1, 3)
    assert replace(document, pages=()).sheets(document.span(0, 9)) is None
    with pytest.raises(ValueError, match="pages begin"):
        replace(document, pages=(5, 2))
