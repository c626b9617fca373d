"""Laws of computed grades: each says why, none is another body's verdict, status may be contested."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick.findings import find
from tallystick.findings.context import Context, context
from tallystick.findings.grades import TOWN_KM
from tallystick.findings.status import contested
from tallystick.model import Claim, Incident, Maker, Role, Telling, Toll, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

HARM = {"killed": (6, 6)}


def weigh(*accounts):
    return find(Incident(accounts), {})


def graded(weighed, scheme, field):
    return next((g for g in weighed.grades if (g.scheme, g.field) == (scheme, field)), None)


def telling(name, **fields):
    account = make_account(name)
    head = dataclasses.replace(account.head, value=Telling("air_strike", **fields))
    return dataclasses.replace(account, head=head, claims=(head,))


@pytest.mark.parametrize(
    ("accounts", "grade", "because"),
    [
        ([{"publisher": "Wire"}], "Weak", "one origin alone"),
        ([{"publisher": "Wire"}, {"publisher": "Paper"}], "Weak", "nobody is named"),
        (
            [{"publisher": "Wire", "by": "Kessian army"}, {"publisher": "Paper", "by": "Kessian army"}],
            "Fair",
            "2 independent origins, and Kessian army named",
        ),
        ([{"by": "Blue Brigade", "stance": "claimed"}], "Confirmed", "Blue Brigade accepts responsibility"),
        (
            [{"by": "Kessian army", "voice": "Network"}, {"by": "Kessian army", "stance": "denied"}],
            "Contested",
            "which denies it",
        ),
        ([{**HARM, "group": "fighters", "voice": "Network"}], "Discounted", "on the word of Network"),
    ],
)
def test_a_grade_and_why(accounts, grade, because):
    weighed = weigh(*(make_account("abc"[n], **told) for n, told in enumerate(accounts)))
    first = weighed.grades[0]
    assert (first.scheme, first.value, weighed.grade) == ("Airwars", grade, grade)
    assert because in first.reason


def test_the_accused_alone_cannot_discount_whom_it_killed():
    """A perpetrator's claim that the dead were combatants is context, not proof."""
    own = {**HARM, "group": "fighters", "by": "Kessian army", "voice": "Kessian army"}
    told = weigh(make_account("a", **own))
    assert told.grade != "Discounted"
    assert "only Kessian army, to whom it is laid, calls the harmed combatants" in told.grades[0].reason
    again = weigh(
        make_account("a", **own), make_account("b", **{**HARM, "group": "fighters", "voice": "Network"})
    )
    assert again.grade == "Discounted"


@pytest.mark.parametrize(
    ("outlet", "by", "grade"),
    [
        ("Syria Direct", "Syria", "Discounted"),  # a like name makes no outlet the accused
        ("-", "Syrian government", "Discounted"),
        ("Syrian Arab News Agency", "Syrian government", "Weak"),  # the state's own, by the list
    ],
)
def test_an_outlet_speaks_for_the_accused_only_where_a_list_says_so(outlet, by, grade):
    assert weigh(make_account("a", **HARM, group="fighters", by=by, publisher=outlet)).grade == grade


def with_role(account, role, stance, said="stated"):
    value = Role(Party("Blue Brigade"), role, stance)
    claim = Claim(account.span, "responsibility", value, account.head.voices, said, account.span)
    return dataclasses.replace(account, claims=(*account.claims, claim))


@pytest.mark.parametrize(
    ("role", "stance", "said", "grade"),
    [
        ("perpetrator", "claimed", "stated", "Confirmed"),
        ("claimant", "stated", "stated", "Confirmed"),
        ("claimant", "stated", "alleged", "Confirmed"),
        ("perpetrator", "claimed", "planned", "Weak"),
        ("claimant", "claimed", "warned", "Weak"),
        ("claimant", "denied", "stated", "Weak"),
    ],
)
def test_who_is_said_to_claim_a_deed_that_happened_confirms_it(role, stance, said, grade):
    told = weigh(with_role(make_account("a", publisher="Wire"), role, stance, said))
    assert told.grade == grade
    assert (told.finding("perpetrator") is None) == (said in ("planned", "warned"))


def with_toll(account, kind, group, stance="stated"):
    value = Toll(kind, Count(5, 5), group)
    claim = Claim(account.span, "casualties", value, account.head.voices, stance, account.span)
    return dataclasses.replace(account, claims=(*account.claims, claim))


@pytest.mark.parametrize("stance", ["planned", "warned", "predicted", "denied"])
def test_fighters_whose_death_is_only_planned_discount_nothing(stance):
    assert weigh(with_toll(make_account("a"), "killed", "fighters", stance)).grade == "Weak"
    real = with_toll(make_account("a"), "killed", "fighters")
    assert weigh(real).grade == "Discounted"
    assert weigh(with_toll(real, "killed", "civilians", stance)).grade == "Discounted"


def test_soldiers_captured_are_no_harm_that_discounts_and_civilians_captured_are_harmed():
    captured = with_toll(make_account("a"), "captured", "soldiers")
    assert weigh(captured).grade == "Weak"
    assert weigh(with_toll(captured, "wounded", "fighters")).grade == "Discounted"
    taken = with_toll(with_toll(make_account("a"), "killed", "soldiers"), "captured", "civilians")
    assert weigh(taken).grade == "Weak"


@pytest.mark.parametrize("stance", ["planned", "warned", "denied"])
def test_a_status_is_contested_only_by_who_says_that_it_happened(stance):
    fought = make_account("a", **HARM, group="fighters", voice="Aaaa Office")
    feared = with_toll(make_account("b", voice="Bbbb Office"), "killed", "civilians", stance)
    assert weigh(fought, feared).finding("status") is None
    told = with_toll(make_account("b", voice="Bbbb Office"), "killed", "civilians")
    assert weigh(fought, told).finding("status") is not None


def test_no_soldier_killed_discounts_nothing():
    assert weigh(make_account("a", **{**HARM, "group": "soldiers", "killed": (0, 0)})).grade != "Discounted"


def test_whom_one_calls_fighters_and_another_civilians_has_a_contested_status():
    army = make_account("a", **HARM, group="fighters", by="Kessian army", voice="Kessian army")
    network = make_account("b", **HARM, group="civilians", voice="Harrow Network")
    told = weigh(army, network)
    found = told.finding("status")
    assert found.verdict is Verdict.CONFLICT
    assert "Kessian army, to whom the deed is laid, says so: context, not proof" in found.reason
    assert told.finding("killed").verdict is Verdict.COMPATIBLE
    assert told.grade != "Discounted"
    assert set(found.claims) == {army.claims[1].id, network.claims[1].id}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"group": "fighters", "kind": "ground_clash"}, {"group": "civilians", "kind": "ground_clash"}),
        ({"group": "fighters"}, {"group": "civilians", "killed": (0, 0)}),
        ({"group": "fighters"}, {"group": "people"}),
        ({"group": "fighters", "voice": "Network"}, {"group": "civilians", "voice": "Network"}),
    ],
)
def test_nobodys_status_is_contested_where_both_can_be_harmed(one, other):
    accounts = [
        make_account(n, **{**HARM, "voice": f"{n * 4} Office", **told})
        for n, told in (("a", one), ("b", other))
    ]
    assert weigh(*accounts).finding("status") is None


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("The League said that six of its fighters were taken there and that two were killed.", True),
        ("Two of our soldiers were killed, the army said.", True),
        ("The League lost six of its fighters. Two rebels were killed, the army said.", False),
        ("The army said that two of the rebels were killed.", False),
    ],
)
def test_who_owns_to_have_lost_fighters_says_nothing_of_who_the_others_were(words, own):
    report = make_document(words)
    at = words.lower().rindex("two")
    speaker = Voice("Harrow League", Party("Harrow League"), report.span(4, 10))
    toll = Toll("killed", Count(2, 2), "fighters")
    claim = Claim(
        report.span(at, at + 3), "casualties", toll, (speaker,), "stated", None, Maker("reader", "1"), 0.9
    )
    assert Context({}, {report.id: report}).of_its_own(claim) == own
    assert not Context({}, {report.id: report}).of_its_own(dataclasses.replace(claim, voices=()))


def test_what_a_side_lost_of_its_own_contests_no_civilians():
    members = [
        make_account(n, **HARM, group=g, voice=f"{n * 4} Office")
        for n, g in (("a", "soldiers"), ("b", "civilians"))
    ]
    names = {c.id: c.source.name for a in members for c in a.claims if c.source}
    spoken = members[0].claims[1].span
    text = " " * spoken.start + spoken.quote + " of its soldiers, the office said."
    told = make_document(text)
    here = dataclasses.replace(context(members, names), documents={spoken.document: told})
    assert contested(Incident(tuple(members)), here) == ()
    assert contested(Incident(tuple(members)), context(members, names)) != ()


def test_who_counts_finds_the_contested_claims():
    members = [
        make_account(n, **HARM, group=g, publisher=n * 4) for n, g in (("a", "fighters"), ("b", "children"))
    ]
    here = context(members, {c.id: a.publisher for a in members for c in a.claims})
    (found,) = contested(Incident(tuple(members)), here)
    assert (found.kind, found.combatants, found.civilians) == (
        "killed",
        members[0].claims[1:],
        members[1].claims[1:],
    )


@pytest.mark.parametrize(
    ("place", "ucdp", "acled"),
    [
        (Place("Tarsin", code="1", radius_km=TOWN_KM), "1", "1"),
        (Place("Tarsin", "near Tarsin", code="1", radius_km=6), "2", "2"),
        (Place("Weavers Market", radius_km=6), "2", "2"),
        (Place("Lower Marr", radius_km=25), "3", "2"),
        (Place("Marr", admin1="Marr", radius_km=60), "4", "3"),
        (Place("Marr", admin1="Marr"), "4", "3"),
        (Place("the north", radius_km=300), "5", "3"),
        (Place("Kessia", country="Kessia", radius_km=400), "6", "3"),
        (Place("Omrun"), None, None),
    ],
)
def test_how_exactly_a_place_is_told(place, ucdp, acled):
    weighed = weigh(telling("a", place=place))
    found = [graded(weighed, *each) for each in (("UCDP", "where_prec"), ("ACLED", "geo_precision"))]
    assert [each and each.value for each in found] == [ucdp, acled]
    assert all(each is None or place.name in each.reason or "near" in each.reason for each in found)


@pytest.mark.parametrize(
    ("days", "ucdp", "acled"),
    [(1, "1", "1"), (2, "2", "2"), (6, "2", "2"), (7, "3", "2"), (31, "4", "3"), (32, "5", "3")],
)
def test_how_exactly_a_time_is_told(days, ucdp, acled):
    end = date.fromordinal(date(2016, 10, 1).toordinal() + days - 1)
    weighed = weigh(telling("a", when=When(date(2016, 10, 1), end, "days")))
    assert graded(weighed, "UCDP", "date_prec").value == ucdp
    assert graded(weighed, "ACLED", "time_precision").value == acled


def test_a_place_is_as_exact_as_most_accounts_tell_it():
    town, wide = Place("Tarsin", code="1", radius_km=6), Place("Lower Marr", radius_km=25)
    weighed = weigh(telling("a", place=wide), telling("b", place=town), telling("c", place=wide))
    assert graded(weighed, "UCDP", "where_prec").value == "3"
    assert (
        graded(weigh(telling("a", place=wide), telling("b", place=town)), "UCDP", "where_prec").value == "1"
    )


def test_a_time_and_a_place_that_are_not_told_have_no_precision():
    assert [grade.scheme for grade in weigh(telling("a")).grades] == ["Airwars"]


@given(st.lists(st.sampled_from([None, "Tarsin"]), min_size=1, max_size=3), st.booleans())
def test_every_grade_has_a_reason(places, by):
    members = [make_account(str(n), place=p, by="Kessian army" if by else None) for n, p in enumerate(places)]
    for grade in weigh(*members).grades:
        assert grade.reason
        assert grade.value
