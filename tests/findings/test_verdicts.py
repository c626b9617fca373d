"""Laws of verdicts: each field, its summary, its grade, by origins."""

from __future__ import annotations

import dataclasses

import pytest
from tests_build import make_account, make_document

from tallystick.findings import copies, find
from tallystick.model import Account, Claim, Incident, Role, Telling, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.party import Party


def weigh(*accounts, copied=None):
    return find(Incident(accounts), copied or {})


def killed(*accounts):
    return weigh(*accounts).finding("killed")


def told(name, toll, voice, day):
    return make_account(name, killed=toll, voice=voice, published=day)


def matter(name, stance="stated", voice=None, publisher=None):
    document = make_document(f"People leave, says {name}.", name)
    span = document.span(0, 6)
    voices = (Voice(voice),) if voice else ()
    head = Claim(span, "displacement", Telling("displacement"), voices, stance, span)
    return Account(head, (head,), publisher, document.published)


def opponent(account, name):
    claim = Claim(
        account.span, "responsibility", Role(Party(name), "opponent", "stated"), telling=account.span
    )
    return dataclasses.replace(account, claims=(*account.claims, claim))


# ------------------------------------------------------------------------------------ copies

SENTENCES = [
    f"Sentence number {n} tells of the raid on bridge {n} and of what came after." for n in range(40)
]
OTHERS = [f"Elsewhere, item {n}: the council {n} voted on water and on bread." for n in range(40)]


def text(own, others=0):
    return " ".join([*SENTENCES[:own], *OTHERS[:others]])


def test_the_first_published_is_what_the_others_copy():
    reports = [
        make_document(text(12), name, day)
        for name, day in (("a", "2016-10-09"), ("b", "2016-10-07"), ("c", "2016-10-08"))
    ]
    assert set(copies(reports).values()) == {reports[1].id}
    undated = make_document(text(12), "d", None)
    assert copies([undated, *reports])[undated.id] == reports[1].id


def test_half_of_the_shorter_text_makes_a_copy_and_a_fifth_does_not():
    first = make_document(text(20, 0), "a", "2016-10-07")
    half = make_document(text(10, 10), "b", "2016-10-08")
    fifth = make_document(text(4, 16), "c", "2016-10-08")
    found = copies([first, half])
    assert found[half.id] == first.id
    assert copies([first, fifth])[fifth.id] == fifth.id


def test_a_short_report_within_a_long_one_is_a_copy():
    long, short = make_document(text(40), "a", "2016-10-07"), make_document(text(4), "b", "2016-10-08")
    assert copies([long, short])[short.id] == long.id


def test_a_shared_phrase_makes_no_copy():
    phrase = "Four people were killed on Friday, the ministry said."
    one, two = (
        make_document(phrase, "a", "2016-10-07"),
        make_document(phrase + " More later.", "b", "2016-10-08"),
    )
    assert copies([one, two])[two.id] == two.id


def test_a_copy_of_two_reports_goes_to_the_first_published():
    late = make_document(text(0, 20), "a", "2016-10-08")
    early = make_document(text(20), "b", "2016-10-07")
    both = make_document(text(20, 20), "c", "2016-10-09")
    assert copies([late, early, both])[both.id] == early.id


# ----------------------------------------------------------------------------------- origins


def test_an_account_without_figures_rests_on_whoever_tells_it():
    assert [o.name for o in weigh(make_account("a", voice="Harrow Network")).origins] == ["Harrow Network"]


def test_two_unnamed_outlets_are_two_origins():
    assert len(weigh(make_account("a"), make_account("b")).origins) == 2


def test_an_origin_is_called_as_it_first_spoke():
    late = make_account("a", voice="Network of Harrow", killed=(4, 4), published="2016-10-08")
    early = make_account("b", voice="Harrow Network", killed=(4, 4), published="2016-10-07")
    names = {o.name for order in ((late, early), (early, late)) for o in weigh(*order).origins}
    assert len(names) == 1 or "Harrow Network" in names


def test_like_names_are_called_as_the_first_published_calls_them():
    one = make_account("a", voice="Harrow Network", killed=(4, 4), published="2016-10-08")
    two = make_account("b", voice="Harrow", killed=(4, 4), published="2016-10-07")
    three = make_account("c", voice="Harrow", killed=(4, 4), published="2016-10-09")
    assert [o.name for o in weigh(one, two).origins] == ["Harrow"]
    assert [o.name for o in weigh(one, three).origins] == ["Harrow Network"]


# ------------------------------------------------------------------------------------- tolls


def test_of_numbers_with_as_many_origins_the_latest_told_is_best_and_then_the_greatest():
    assert (
        killed(
            told("a", (20, 20), "Ministry", "2016-10-07"), told("b", (12, 12), "Network", "2016-10-08")
        ).range.best
        == 12
    )
    assert (
        killed(
            told("a", (20, 20), "Ministry", "2016-10-08"), told("b", (12, 12), "Network", "2016-10-08")
        ).range.best
        == 20
    )


def test_up_to_twenty_may_be_none():
    found = killed(told("a", (None, 20), "Ministry", "2016-10-07")).range
    assert (found.low, found.high) == (0, 20)


def test_a_range_says_how_many_origins_name_the_best():
    alone = killed(
        told("a", (20, 20), "Ministry", "2016-10-07"), told("b", (12, 12), "Network", "2016-10-08")
    )
    assert "told last" in alone.range.arithmetic
    assert "origins" not in alone.range.arithmetic


def test_an_origin_that_gives_two_figures_on_one_day_agrees_where_either_does():
    one = told("a", (12, 12), "Ministry", "2016-10-07")
    again = told("b", (15, 15), "Ministry", "2016-10-07")
    other = told("c", (15, 15), "Network", "2016-10-07")
    assert killed(one, again, other).verdict is Verdict.AGREE


def test_two_figures_on_one_day_are_no_update():
    assert (
        killed(
            told("a", (12, 12), "Ministry", "2016-10-07"), told("b", (15, 15), "Ministry", "2016-10-07")
        ).verdict
        is Verdict.SINGLE_ORIGIN
    )


def test_a_changed_word_that_now_agrees_is_an_update():
    first = told("a", (11, 11), "Ministry", "2016-10-07")
    later = told("b", (17, 17), "Ministry", "2016-10-08")
    other = told("c", (17, 17), "Network", "2016-10-08")
    assert killed(first, later, other).verdict is Verdict.UPDATE


def test_an_undated_figure_is_nobodys_first_word():
    undated = told("a", (11, 11), "Ministry", None)
    dated = told("b", (17, 17), "Ministry", "2016-10-08")
    same = told("c", (17, 17), "Ministry", "2016-10-07")
    other = told("d", (11, 11), "Network", "2016-10-08")
    assert killed(undated, dated, same, other).verdict is Verdict.UPDATE


# ------------------------------------------------------------------------------ other fields


def kinds(*names):
    return weigh(
        *(make_account(str(n), kind=kind, publisher=f"Outlet {'ABC'[n] * 4}") for n, kind in enumerate(names))
    ).finding("kind")


def test_kinds_that_reports_mix_up_can_both_be_true_and_others_cannot():
    assert kinds("air_strike", "shelling").verdict is Verdict.COMPATIBLE
    assert kinds("air_strike", "landmine").verdict is Verdict.CONFLICT


def of_kind(name, kind, voice, day="2016-10-07"):
    return make_account(name, kind=kind, voice=voice, published=day)


def test_one_origin_that_tells_two_kinds_on_one_day_contradicts_nobody():
    strike, mine = of_kind("a", "air_strike", "Network"), of_kind("b", "landmine", "Network")
    assert weigh(strike, mine).finding("kind").verdict is Verdict.SINGLE_ORIGIN
    found = weigh(strike, mine, of_kind("c", "landmine", "Ministry")).finding("kind")
    assert (found.verdict, found.reason) == (Verdict.AGREE, "both tell of landmine")
    assert weigh(strike, mine, of_kind("c", "killing", "Ministry")).finding("kind").verdict is (
        Verdict.CONFLICT
    )


def test_an_origin_that_takes_back_what_it_told_updates_it():
    first, last = of_kind("a", "air_strike", "Network"), of_kind("b", "landmine", "Network", "2016-10-09")
    update = "Network changed its word: air strike is not landmine"
    alone = weigh(first, last).finding("kind")
    assert (alone.verdict, alone.reason) == (Verdict.UPDATE, update)
    agreed = weigh(first, last, of_kind("c", "landmine", "Ministry")).finding("kind")
    assert (agreed.verdict, agreed.reason) == (Verdict.UPDATE, update)
    other = weigh(first, last, of_kind("c", "air_strike", "Ministry")).finding("kind")
    assert other.verdict is Verdict.CONFLICT
    milder = of_kind("b", "shelling", "Network", "2016-10-09")
    assert weigh(first, milder).finding("kind").verdict is Verdict.SINGLE_ORIGIN


def test_what_a_late_copy_repeats_takes_nothing_back():
    first, last = of_kind("a", "air_strike", "Network"), of_kind("b", "landmine", "Network", "2016-10-09")
    copy, other = of_kind("c", "air_strike", "Network", "2016-10-12"), of_kind("d", "landmine", "Ministry")
    copied = {each.document: each.document for each in (first, last, other)} | {copy.document: first.document}
    found = weigh(first, last, copy, other, copied=copied).finding("kind")
    assert found.verdict is Verdict.UPDATE


def test_a_kind_that_is_not_told_is_no_kind():
    assert kinds("other") is None


def test_an_opponent_is_no_perpetrator_and_gets_no_blame():
    one = opponent(make_account("a", publisher="Wire"), "Blue Brigade")
    two = opponent(make_account("b", publisher="Paper"), "Blue Brigade")
    found = weigh(one, two)
    assert found.finding("perpetrator") is None
    assert found.grade == "Weak"


def test_a_denial_by_another_party_contradicts_nobody():
    found = weigh(
        make_account("a", by="Kessian army", voice="Harrow Network"),
        make_account("b", by="Blue Brigade", stance="denied"),
    )
    assert found.finding("perpetrator").verdict is not Verdict.CONFLICT


def test_two_origins_that_blame_two_sides_conflict():
    found = weigh(
        make_account("a", by="Kessian army", voice="Harrow Network"),
        make_account("b", by="Kessian rebels", voice="Ministry"),
    )
    assert found.finding("perpetrator").verdict is Verdict.CONFLICT
    assert found.grade == "Contested"


def test_rebels_may_be_any_listed_army_of_rebels():
    rebels = make_account("a", by="rebels", publisher="Wire")
    army = make_account("b", by="Free Syrian Army", publisher="Paper")
    told = weigh(rebels, army)
    assert told.finding("perpetrator").verdict is Verdict.COMPATIBLE
    assert told.grade == "Fair"


def test_two_origins_that_share_one_suspect_agree():
    def blaming(name, voice, second):
        account = make_account(name, by="Kessian army", voice=voice)
        claim = dataclasses.replace(account.claims[-1], value=Role(Party(second), "perpetrator", "stated"))
        return dataclasses.replace(account, claims=(*account.claims, claim))

    found = weigh(blaming("a", "Harrow Network", "Wagoners"), blaming("b", "Ministry", "Lancers"))
    assert found.finding("perpetrator").verdict is Verdict.AGREE


@pytest.mark.parametrize(
    ("accounts", "grade"),
    [
        ((("a", None, "Wire"), ("b", None, "Paper")), "Weak"),
        ((("a", "Kessian army", "Wire"),), "Weak"),
        ((("a", "Kessian army", "Wire"), ("b", "Kessian army", "Paper")), "Fair"),
    ],
)
def test_two_origins_and_a_party_to_blame_make_a_fair_case(accounts, grade):
    assert weigh(*(make_account(n, by=by, publisher=p) for n, by, p in accounts)).grade == grade


def test_a_denial_alone_blames_nobody():
    denials = [
        make_account(n, by="Kessian army", stance="denied", publisher=p)
        for n, p in (("a", "Wire"), ("b", "Paper"))
    ]
    assert weigh(*denials).grade == "Weak"


# ----------------------------------------------------------------------------------- matters


def test_a_matter_that_one_voice_tells_has_a_single_origin_and_two_agree():
    assert [f.verdict for f in weigh(matter("a", voice="Radio")).findings] == [Verdict.SINGLE_ORIGIN]
    assert [f.verdict for f in weigh(matter("a", voice="Radio"), matter("b", voice="Helpers")).findings] == [
        Verdict.AGREE
    ]


def test_nobody_contradicts_himself_into_a_conflict_of_sources():
    (found,) = weigh(matter("a", voice="Radio"), matter("b", "denied", voice="Radio")).findings
    assert found.verdict is Verdict.SINGLE_ORIGIN
    (found,) = weigh(matter("a", voice="Radio"), matter("b", "denied", voice="Helpers")).findings
    assert found.verdict is Verdict.CONFLICT


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("fighters", "civilians", Verdict.COMPATIBLE),
        ("civilians", "civilians", Verdict.CONFLICT),
        ("fighters", "people", Verdict.CONFLICT),
    ],
)
def test_figures_of_two_classes_of_people_are_no_conflict(one, other, verdict):
    found = killed(
        make_account("a", killed=(6, 6), group=one, voice="Army"),
        make_account("b", killed=(0, 0), group=other, voice="Network"),
    )
    assert found.verdict is verdict
