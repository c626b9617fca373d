"""Laws of two accounts held against each other, field by field; and golden lines for each verdict."""

from __future__ import annotations

import dataclasses
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick.findings import find
from tallystick.findings.context import Context, context
from tallystick.findings.origins import origin_names
from tallystick.findings.verdicts import between, of_accounts
from tallystick.model import Account, Claim, Incident, Role, Telling, Toll, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

FIELDS = ("killed", "wounded", "date", "place", "kind", "weapon", "target", "perpetrator")


def here(*accounts, documents=()):
    return context(accounts, origin_names(accounts, {}), {d.id: d for d in documents})


def held(one, other, field="killed"):
    return of_accounts(one, other, field, here(one, other)).verdict


def report(name, sentence, words, count, voice=None, published="2016-10-07", group="people", others=()):
    """An account of a report that says ``sentence``, whose ``words`` give ``count``; with its document."""
    text = f"A raid hit Tarsin on Thursday. {sentence}"
    document = make_document(text, name, published, publisher=f"Outlet {name}")
    telling = document.span(0, 6)
    day = date(2016, 10, 6)
    head = Claim(telling, "attack", Telling("air_strike", when=When(day, day, "day")), telling=telling)
    claims = [head]
    for said, bounds, by, whom in ((words, count, voice, group), *others):
        at = text.index(said)
        voices = (Voice(by),) if by else ()
        value = Toll("killed", Count(*bounds), whom)
        span = document.span(at, at + len(said))
        claims.append(Claim(span, "casualties", value, voices, telling=telling))
    return Account(head, tuple(claims), document.publisher, document.published), document


def told(*reports):
    """The verdict on two reports, each an account with its document."""
    (one, a), (other, b) = reports
    return of_accounts(one, other, "killed", here(one, other, documents=(a, b)))


def telling(name, **fields):
    account = make_account(name, publisher=f"Outlet {name * 3}")
    head = dataclasses.replace(account.head, value=dataclasses.replace(account.telling, **fields))
    return dataclasses.replace(account, head=head, claims=(head, *account.claims[1:]))


# ---------------------------------------------------------------------------------------- laws

accounts = st.builds(
    make_account,
    st.sampled_from(list("abcdefgh")),
    killed=st.none()
    | st.tuples(st.integers(0, 40), st.none())
    | st.integers(0, 40).map(lambda n: (n, n))
    | st.integers(0, 40).map(lambda n: (None, n)),
    voice=st.sampled_from([None, "A Office", "B Office", "Kessian army"]),
    kind=st.sampled_from(["air_strike", "shelling", "killing", "other"]),
    day=st.sampled_from([None, "2016-10-05", "2016-10-06"]),
    place=st.sampled_from([None, "Tarsin", "East Tarsin", "Omrun"]),
    by=st.sampled_from([None, "Kessian army", "Kessian rebels", "rebels", "Blue Brigade"]),
    stance=st.sampled_from(["stated", "alleged", "denied", "claimed"]),
    published=st.sampled_from([None, "2016-10-07", "2016-10-08"]),
    publisher=st.sampled_from(["Wire", "Paper"]),
    group=st.sampled_from(["people", "civilians", "fighters", "children"]),
)


@given(accounts, accounts, st.sampled_from(FIELDS))
def test_a_verdict_does_not_depend_on_who_is_held_against_whom(one, other, field):
    both = here(one, other)
    there, back = of_accounts(one, other, field, both), of_accounts(other, one, field, both)
    assert there == back
    for a in one.claims:
        for b in other.claims:
            assert between(a, b, field, both) == between(b, a, field, both)


@given(accounts, accounts, st.sampled_from(FIELDS))
def test_silence_conflicts_with_nothing(one, other, field):
    silent = Account(*_silent(one), one.publisher, one.published)
    assert of_accounts(silent, other, field, here(silent, other)).verdict is Verdict.UNKNOWN


def _silent(account):
    value = Telling("other")
    head = dataclasses.replace(account.head, value=value)
    return head, (head,)


@given(accounts, accounts, st.sampled_from(FIELDS))
def test_a_pair_has_a_reason_and_is_never_of_a_single_origin(one, other, field):
    found = of_accounts(one, other, field, here(one, other))
    assert found.why
    assert found.verdict is not Verdict.SINGLE_ORIGIN


@given(st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_an_open_bound_never_conflicts_with_a_higher_number(low, more, one_voice):
    one = make_account("a", killed=(low, None), voice="A Office")
    other = make_account("b", killed=(low + more, low + more), voice="A Office" if one_voice else "B Office")
    assert held(one, other) is not Verdict.CONFLICT


@given(accounts, accounts)
def test_one_origin_never_contradicts_itself_on_a_toll(one, other):
    both = {claim.id: "A Office" for each in (one, other) for claim in each.claims}
    found = of_accounts(one, other, "killed", context((one, other), both))
    if {t.group for _, t in one.tolls()} == {t.group for _, t in other.tolls()}:
        assert found.verdict is not Verdict.CONFLICT


@given(st.lists(accounts, min_size=1, max_size=3))
def test_the_order_of_accounts_changes_no_verdict_and_no_reason(members):
    orders = [find(Incident(order), {}) for order in permutations({a.id: a for a in members}.values())]
    for weighed in orders[1:]:
        assert weighed.grades == orders[0].grades
        assert {(f.field, f.verdict, f.reason) for f in weighed.findings} == {
            (f.field, f.verdict, f.reason) for f in orders[0].findings
        }


@given(st.lists(accounts, min_size=1, max_size=3), st.integers(0, 2), st.integers(0, 3))
def test_a_copy_of_an_account_changes_no_verdict(members, which, later):
    members = list({account.id: account for account in members}.values())
    first = members[which % len(members)]
    copy, name = _republished(first, later)
    before = find(Incident(tuple(members)), {})
    after = find(Incident((*members, copy)), {name: first.document, first.document: first.document})
    assert {f.field: f.verdict for f in before.findings} == {f.field: f.verdict for f in after.findings}
    assert before.grade == after.grade


def _republished(account, later):
    """The same account in another document that repeats the text, some days later."""
    document = make_document(f"copy of {account.document}", "copy").id

    def moved(span):
        return dataclasses.replace(span, document=document)

    claims = tuple(
        dataclasses.replace(claim, span=moved(claim.span), telling=moved(claim.telling))
        for claim in account.claims
    )
    day = account.published and account.published.replace(day=account.published.day + later)
    return Account(claims[account.claims.index(account.head)], claims, account.publisher, day), document


# ---------------------------------------------------------------------- figures, golden lines


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (((12, 12), "people"), ((12, 12), "people"), "agree"),
        (((12, None), "people"), ((15, 15), "people"), "compatible"),
        (((11, 11), "people"), ((11, None), "people"), "compatible"),
        (((None, 20), "people"), ((17, 17), "people"), "compatible"),
        (((11, 11), "people"), ((17, 17), "people"), "conflict"),
        (((17, None), "people"), ((11, 11), "people"), "conflict"),
        (((6, 6), "fighters"), ((0, 0), "civilians"), "compatible"),
        (((5, 5), "civilians"), ((9, 9), "people"), "compatible"),
        (((12, 12), "civilians"), ((9, 9), "people"), "conflict"),
        (((12, 12), "civilians"), ((9, None), "people"), "compatible"),
        (((9, 9), "civilians"), ((9, 9), "people"), "agree"),
        (((3, 3), "children"), ((5, 5), "civilians"), "compatible"),
        (((7, 7), "children"), ((5, 5), "civilians"), "conflict"),
        (((7, 7), "children"), ((5, 5), "women"), "compatible"),
    ],
)  # fmt: skip
def test_two_origins_figures(one, other, verdict):
    accounts = (
        make_account(name, killed=count, group=group, voice=f"{name.upper() * 4} Office")
        for name, (count, group) in (("a", one), ("b", other))
    )
    assert held(*accounts) == verdict


def test_a_later_word_of_one_origin_is_an_update_whichever_way_it_goes():
    def said(name, n, day):
        return make_account(name, killed=(n, n), voice="Harrow Network", published=day)

    for first, then in ((11, 17), (17, 11)):
        found = of_accounts(
            a := said("a", first, "2016-10-07"), b := said("b", then, "2016-10-08"), "killed", here(a, b)
        )
        assert found.verdict is Verdict.UPDATE
        assert f"says {first} on 7 October 2016, then Harrow Network says {then}" in found.why


def test_of_one_day_it_is_not_told_which_word_is_the_later():
    one, other = (make_account(n, killed=(k, k), voice="Harrow Network") for n, k in (("a", 11), ("b", 17)))
    found = of_accounts(one, other, "killed", here(one, other))
    assert (found.verdict, "cannot be told" in found.why) == (Verdict.UPDATE, True)


@pytest.mark.parametrize(
    "early",
    [
        "Initial reports spoke of six dead.",
        "At least six dead, and the toll is expected to rise, medics said.",
        "Medics counted six dead so far.",
        "Medics counted six dead. They feared that the number would climb.",
        "Six dead were counted earlier. The preliminary toll may change.",
        "A preliminary toll was six dead.",
    ],
)
def test_an_early_figure_is_no_last_word(early):
    words = next(w for w in ("six dead", "Six dead") if w in early)
    one = report("a", early, words, (6, 6), "Red Aid")
    other = report("b", "The ministry counted nine dead.", "nine dead", (9, 9), "Ministry", "2016-10-08")
    assert told(one, other).verdict is Verdict.UPDATE
    assert told(other, one) == told(one, other)


@pytest.mark.parametrize(
    "grown",
    [
        "The death toll has risen to nine dead, the ministry said.",
        "The death toll climbed to nine dead, the ministry said.",
        "The ministry raised its toll to nine dead.",
        "The ministry spoke of nine dead in a new toll.",
        "The ministry revised the count: nine dead.",
        "The latest count was nine dead, the ministry said.",
        "Nine dead, up from six, the ministry said.",
    ],
)
def test_a_figure_told_as_grown_contradicts_nobodys_last_word(grown):
    words = next(w for w in ("nine dead", "Nine dead") if w in grown)
    one = report("a", "Medics counted six dead.", "six dead", (6, 6), "Red Aid")
    other = report("b", grown, words, (9, 9), "Ministry", "2016-10-08")
    assert told(one, other).verdict is Verdict.UPDATE
    assert "the report says" in told(one, other).why


@pytest.mark.parametrize(
    "plain",
    [
        "The ministry counted nine dead.",
        "The ministry gave a higher toll of nine dead.",
        "Prices have risen, and nine dead were counted, the ministry said.",
        "The ministry counted nine dead. The toll is expected to rise.",
    ],
)
def test_two_exact_figures_of_two_origins_conflict_where_no_word_tells_of_growth(plain):
    one = report("a", "Medics counted six dead.", "six dead", (6, 6), "Red Aid")
    other = report("b", plain, "nine dead", (9, 9), "Ministry", "2016-10-08")
    assert told(one, other).verdict is Verdict.CONFLICT


def test_what_was_published_first_has_not_grown_out_of_what_came_later():
    grown = report("a", "The toll has risen to nine dead.", "nine dead", (9, 9), "Ministry", "2016-10-07")
    fewer = report("b", "Medics counted six dead.", "six dead", (6, 6), "Red Aid", "2016-10-09")
    assert told(grown, fewer).verdict is Verdict.CONFLICT


def test_the_day_printed_at_the_head_goes_before_that_of_the_record():
    account, document = report("a", "Six dead.", "Six dead", (6, 6))
    dated = make_document(f"Published 8 October 2016. {document.text}", "a", "2016-10-20")
    shifted = dataclasses.replace(account, published=dated.published)
    found = context((shifted,), {}, {shifted.document: dated})
    assert found.days == {account.id: date(2016, 10, 8)}


def test_a_record_dated_before_the_event_gives_no_day():
    account = make_account("a", day="2016-10-26", published="2016-10-07")
    assert context((account,), {}).days == {account.id: None}


def test_voices_that_disagree_within_both_reports_are_no_difference_between_them():
    def both(name):
        return report(
            name, "Medics counted 32 dead, the Centre 31 dead.", "32 dead", (32, 32), "Red Aid",
            others=[("31 dead", (31, 31), "Harrow Centre", "people")],
        )  # fmt: skip

    assert told(both("a"), both("b")).verdict is Verdict.AGREE


def test_a_word_for_a_number_is_outdone_by_the_number_beside_it():
    one = report(
        "a",
        "Dozens died. Medics counted 90 dead.",
        "Dozens",
        (24, None),
        None,
        others=[("90 dead", (90, 90), None, "people")],
    )
    other = report("b", "The ministry counted 40 dead.", "40 dead", (40, 40), "Ministry")
    assert told(one, other).verdict is Verdict.CONFLICT


def test_the_plain_number_of_a_headline_is_the_open_one_of_its_text():
    one = report(
        "a",
        "26 killed. At least 26 civilians died.",
        "26 killed",
        (26, 26),
        None,
        others=[("At least 26", (26, None), None, "civilians")],
    )
    other = report("b", "The ministry counted 35 dead.", "35 dead", (35, 35), "Ministry")
    assert told(one, other).verdict is Verdict.COMPATIBLE


def test_who_said_what_an_origin_said_is_answered_by_its_later_word():
    first = report(
        "a", "Medics counted 22 dead, the Centre 22 killed.", "22 dead", (22, 22), "Red Aid",
        others=[("22 killed", (22, 22), "Harrow Centre", "people")],
    )  # fmt: skip
    later = report("b", "The Centre counted 35 dead.", "35 dead", (35, 35), "Harrow Centre", "2016-10-08")
    assert told(first, later).verdict is Verdict.UPDATE


def test_a_number_that_fits_a_word_is_no_later_word():
    first = report("a", "Dozens died, the Centre said.", "Dozens", (24, None), "Harrow Centre")
    later = report("b", "55 dead, the Centre said.", "55 dead", (55, 55), "Harrow Centre", "2016-10-08")
    assert told(first, later).verdict is Verdict.COMPATIBLE


def test_that_some_died_answers_no_number():
    first = report(
        "a", "Preliminary reports gave six dead. Television spoke of a number of dead.", "six dead", (6, 6), "Red Aid",
        others=[("a number of dead", (2, None), "Television", "people")],
    )  # fmt: skip
    later = report(
        "b", "The Centre counted at least 7, the agency at least 4.", "at least 7", (7, None), "Harrow Centre",
        others=[("at least 4", (4, None), "Agency", "people")],
    )  # fmt: skip
    assert told(first, later).verdict is Verdict.UPDATE


def test_a_denied_toll_stands_against_the_toll():
    account, _ = report("a", "Medics counted six dead.", "six dead", (6, 6), "Red Aid")
    denied = dataclasses.replace(account.claims[1], stance="denied")
    assert between(account.claims[1], denied, "killed", here(account)).verdict is Verdict.CONFLICT


def test_no_field_that_is_none_is_weighed():
    one, other = make_account("a"), make_account("b")
    with pytest.raises(KeyError):
        of_accounts(one, other, "colour", here(one, other))
    with pytest.raises(KeyError):
        between(one.head, other.head, "colour", here(one, other))


# ------------------------------------------------------------------------------- other fields


def when(start, end=None):
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    return When(first, last, "day" if first == last else "days")


@pytest.mark.parametrize(
    ("field", "one", "other", "verdict"),
    [
        ("date", {"when": when("2016-10-05")}, {"when": when("2016-10-05")}, "agree"),
        ("date", {"when": when("2016-10-05", "2016-10-07")}, {"when": when("2016-10-06")}, "compatible"),
        ("date", {"when": when("2016-10-05")}, {"when": when("2016-10-06")}, "conflict"),
        ("place", {"place": Place("Tarsin")}, {"place": Place("Tarsin city")}, "agree"),
        ("place", {"place": Place("Tarsin")}, {"place": Place("Weavers Market, Tarsin")}, "compatible"),
        ("place", {"place": Place("Omrun", admin1="Kessir")}, {"place": Place("Kessir")}, "compatible"),
        ("place", {"place": Place("Omrun", admin1="Kessir")}, {"place": Place("Daral", admin1="Marr")}, "conflict"),
        ("place", {"place": Place("Omrun")}, {"place": Place("Daral")}, "unknown"),
        ("place", {"place": Place("Omrun", latitude=1, longitude=1, radius_km=2)}, {"place": Place("Daral", latitude=1.05, longitude=1, radius_km=2)}, "compatible"),
        ("kind", {"kind": "air_strike"}, {"kind": "shelling"}, "compatible"),
        ("kind", {"kind": "air_strike"}, {"kind": "landmine"}, "conflict"),
        ("kind", {"kind": "air_strike"}, {"kind": "other"}, "unknown"),
        ("weapon", {"weapon": "barrel bombs"}, {"weapon": "bombs"}, "compatible"),
        ("weapon", {"weapon": "gunfire"}, {"weapon": "barrel bombs"}, "conflict"),
        ("weapon", {"weapon": "rockets"}, {"weapon": None}, "unknown"),
        ("target", {"target": "the hospital"}, {"target": "hospitals"}, "agree"),
        ("target", {"target": "aid convoy"}, {"target": "UN convoy"}, "compatible"),
        ("target", {"target": "hospital"}, {"target": "bakery"}, "unknown"),
    ],
)  # fmt: skip
def test_what_two_tellings_say(field, one, other, verdict):
    assert held(telling("a", **one), telling("b", **other), field) == verdict


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (("Kessian army", "stated"), ("Kessian army", "alleged"), "agree"),
        (("Blue Brigade", "claimed"), ("Blue Brigade", "suspected"), "agree"),
        (("Kessian army", "stated"), ("Kessian rebels", "stated"), "conflict"),
        (("army", "stated"), ("terrorist groups", "stated"), "conflict"),
        (("Kessian army", "stated"), ("Kessian army", "denied"), "conflict"),
        (("Kessian army", "stated"), ("Blue Brigade", "denied"), "unknown"),
        (("Kessian army", "denied"), ("Kessian army", "denied"), "unknown"),
        (("Syrian army", "stated"), ("Syrian government", "stated"), "compatible"),
        (("Syrian army", "stated"), ("Syrian government", "denied"), "conflict"),
        (("Ahrar al-Sham", "stated"), ("rebels", "stated"), "compatible"),
        (("Ahrar al-Sham", "stated"), ("terrorist organizations", "stated"), "compatible"),
        (("Hezbollah", "stated"), ("Syrian government", "stated"), "compatible"),
        (("Blue Brigade", "stated"), ("Red Brigade", "stated"), "unknown"),
    ],
)
def test_whose_deed_two_accounts_say_it_is(one, other, verdict):
    accounts = (make_account(n, by=by, stance=how) for n, (by, how) in (("a", one), ("b", other)))
    assert held(*accounts, "perpetrator") == verdict


def test_it_is_told_whether_the_accused_or_a_third_party_denies():
    blamed = make_account("a", by="Kessian army", voice="Harrow Network")
    own = make_account("b", by="Kessian army", stance="denied")
    account = make_account("c")
    role = Role(Party("Kessian army"), "perpetrator", "denied")
    claim = Claim(account.span, "responsibility", role, (Voice("Orvethi envoy"),), "denied", account.span)
    third = dataclasses.replace(account, claims=(*account.claims, claim))
    assert (
        "names Kessian army, which denies it"
        in of_accounts(blamed, own, "perpetrator", here(blamed, own)).why
    )
    assert "Orvethi envoy denies" in of_accounts(blamed, third, "perpetrator", here(blamed, third)).why


def test_a_denial_that_both_tell_is_no_difference_between_them():
    def both(name):
        account = make_account(name, by="Kessian army", voice="Harrow Network")
        denied = Role(Party("Kessian army"), "perpetrator", "denied")
        claim = Claim(
            account.span, "responsibility", denied, (Voice("Kessian army"),), "denied", account.span
        )
        return dataclasses.replace(account, claims=(*account.claims, claim))

    assert held(both("a"), both("b"), "perpetrator") is Verdict.AGREE


def test_a_context_without_names_still_answers():
    account = make_account("a", killed=(3, 3))
    assert between(account.claims[1], account.claims[1], "killed", Context({})).verdict is Verdict.AGREE
