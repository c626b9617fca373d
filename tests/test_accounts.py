"""Laws of accounts, claims and incidents: what cannot be made, and what follows from what."""

from __future__ import annotations

import dataclasses

import pytest
from tests_build import make_account, make_document

from tallystick import model
from tallystick.model import Account, Claim, Judgement, Maker, Role, Telling, Toll, Voice
from tallystick.values.count import Count
from tallystick.values.party import Party

TEXT = "A raid killed four people. Six were hurt."
REPORT = make_document(TEXT)
TELLING = REPORT.span(0, 26)
HEAD = Claim(TELLING, "attack", Telling("air_strike"), telling=TELLING)


def toll(count, *, group="people", stance="stated", at=(14, 25), kind="killed", voices=()):
    return Claim(
        REPORT.span(*at), "casualties", Toll(kind, Count(*count), group), voices, stance, telling=TELLING
    )


def test_no_account_is_judged_against_itself():
    one = make_account("a").id
    with pytest.raises(ValueError, match="smaller id first"):
        Judgement(one, one, "same", Maker("p"))


def test_claims_of_an_account_stand_in_the_order_of_their_words():
    said = [toll((n, n), at=(n, n + 3)) for n in range(1, 12)]
    (account,) = model.accounts([*reversed(said), HEAD], {REPORT.id: REPORT})
    starts = [claim.span.start for claim in account.claims]
    assert starts == sorted(starts)


def test_accounts_stand_in_the_order_of_document_and_words_whatever_the_order_of_claims():
    second = REPORT.span(27, 41)
    other = Claim(second, "attack", Telling("shelling"), telling=second)
    for claims in ([HEAD, other], [other, HEAD]):
        assert [a.span for a in model.accounts(claims, {REPORT.id: REPORT})] == [TELLING, second]


@pytest.mark.parametrize("group", ["civilians", "fighters", "soldiers"])
def test_whole_classes_stand_for_an_account_that_counts_no_people_and_sub_groups_do_not(group):
    whole, part = toll((9, 9), group=group), toll((2, 2), group="children", at=(27, 30))
    account = Account(HEAD, (HEAD, whole, part))
    assert [claim for claim, _ in account.whole("killed")] == [whole]


def test_people_stand_before_whole_classes():
    people, part = toll((9, 9)), toll((2, 2), group="civilians", at=(27, 30))
    assert [claim for claim, _ in Account(HEAD, (HEAD, people, part)).whole("killed")] == [people]


def test_a_denied_figure_stands_for_nothing():
    denied = toll((9, 9), stance="denied")
    assert Account(HEAD, (HEAD, denied)).whole("killed") == ()


def test_tolls_and_roles_are_told_apart_by_kind():
    wounded = toll((6, 6), kind="wounded", at=(27, 30))
    by = Claim(
        REPORT.span(0, 6), "responsibility", Role(Party("A"), "perpetrator", "stated"), telling=TELLING
    )
    against = Claim(
        REPORT.span(7, 13), "responsibility", Role(Party("B"), "opponent", "stated"), telling=TELLING
    )
    account = Account(HEAD, (HEAD, toll((4, 4)), wounded, by, against))
    assert [t.kind for _, t in account.tolls("wounded")] == ["wounded"]
    assert [r.party.name for _, r in account.roles("perpetrator")] == ["A"]
    assert len(account.roles()) == len(account.tolls()) == 2


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_lies_between_none_and_all(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        dataclasses.replace(HEAD, confidence=confidence)


def test_a_claim_belongs_to_an_account_of_its_own_document():
    elsewhere = make_document(TEXT, "other").span(0, 26)
    with pytest.raises(ValueError, match="own document"):
        Claim(TELLING, "attack", Telling("air_strike"), telling=elsewhere)


def test_kinds_that_nobody_knows_are_refused():
    with pytest.raises(ValueError, match="'hurt'"):
        Toll("hurt", Count(1, 1))
    with pytest.raises(ValueError, match="'picnic'"):
        Telling("picnic")


def test_an_account_holds_its_head_and_nothing_of_another_telling():
    second = REPORT.span(27, 41)
    stranger = Claim(second, "casualties", Toll("wounded", Count(6, 6)), telling=second)
    with pytest.raises(ValueError, match="same telling"):
        Account(HEAD, (HEAD, stranger))
    with pytest.raises(ValueError, match="same telling"):
        Account(HEAD, (toll((4, 4)),))


def test_the_source_is_whom_the_nearest_speaker_relays():
    claim = toll((4, 4), voices=(Voice("Radio"), Voice("A medic")))
    assert claim.source == Voice("A medic")
    assert toll((4, 4)).source is None


def test_two_records_of_one_capture_are_two_documents():
    assert dataclasses.replace(REPORT, name="another").id != REPORT.id


def test_who_says_it_and_of_which_event_make_the_claim():
    claim = toll((4, 4), voices=(Voice("A"),))
    assert dataclasses.replace(claim, voices=(Voice("B"),)).id != claim.id
    assert dataclasses.replace(claim, telling=None).id != claim.id


def test_two_tellings_that_begin_alike_are_two_accounts():
    assert model.account_id(REPORT.span(0, 26)) != model.account_id(REPORT.span(0, 10))


def test_equal_things_have_one_spelling():
    assert model.canonical({"b": 1, "a": 2}) == model.canonical({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_a_kept_id_is_no_part_of_what_is_said():
    assert "_id" not in model.plain(HEAD)
    assert "_id" not in model.plain(REPORT)
