"""Laws of comparison: which reasons are given, with which weight, for which pairs."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from tests_build import make_account, make_document

from tallystick import incidents
from tallystick.incidents.compare import BASE, pair, weights
from tallystick.incidents.tables import HEADS, read
from tallystick.model import Account, Claim, Judgement, Maker, Span, Telling
from tallystick.values.count import Count
from tallystick.values.place import Place
from tallystick.values.when import When

PROGRAM = Maker("weights", "1")


def judge(left, right, verdict, score=None):
    left, right = sorted((left.id, right.id))
    return Judgement(left, right, verdict, Maker("Amal") if score is None else PROGRAM, score)


def told(name, **changes):
    """An account whose telling has other values."""
    base = make_account(
        name, **{k: changes.pop(k) for k in ("killed", "published", "kind", "group") if k in changes}
    )
    quote = changes.pop("quote", None)
    head = dataclasses.replace(base.head, value=dataclasses.replace(base.telling, **changes))
    if quote:
        span = Span(base.document, 0, len(quote), quote)
        head = dataclasses.replace(head, span=span, telling=span)
        return Account(head, (head,), base.publisher, base.published)
    return Account(head, (head, *base.claims[1:]), base.publisher, base.published)


def matter(name, kind="displacement", published="2016-10-07", place="Tarsin", opening="People"):
    document = make_document(f"{opening} leave, says {name}.", name, published)
    span = document.span(0, len(opening))
    head = Claim(span, "displacement", Telling(kind, place=Place(place) if place else None), telling=span)
    return Account(head, (head,), None, document.published)


def names(one, other):
    """The reasons that two accounts of harm are compared by."""
    return set(pair(one, other).reasons)


def paired(*accounts):
    return [(p.left.id, p.right.id) for part in incidents.pairs(accounts, least=-1e6) for p in part.near]


# ------------------------------------------------------------------------------- gathering


def test_what_a_person_joins_keeps_its_company_and_the_programs_objection_stays_in_sight():
    a, b, c = (make_account(name) for name in "abc")
    objection = judge(a, c, "different", -9.0)
    (found,) = incidents.resolve([a, b, c], [judge(a, b, "same"), judge(b, c, "same", 9.0), objection])
    assert {x.id for x in found.accounts} == {a.id, b.id, c.id}
    assert objection in found.disputes


def test_a_persons_objection_parts_what_a_person_did_not_join():
    a, b, c = (make_account(name) for name in "abc")
    found = incidents.resolve(
        [a, b, c], [judge(a, b, "same"), judge(b, c, "same", 9.0), judge(a, c, "different")]
    )
    assert {frozenset(x.id for x in i.accounts) for i in found} == {
        frozenset((a.id, b.id)), frozenset((c.id,)),
    }  # fmt: skip


def test_a_persons_word_joins_what_a_program_never_compared():
    a, b, c = (make_account(name) for name in "abc")
    (found,) = incidents.resolve([a, b, c], [judge(a, b, "same"), judge(b, c, "same")])
    assert len(found.accounts) == 3


def test_a_program_never_joins_two_accounts_of_one_report():
    one = make_account("a")
    span = Span(one.document, 19, 26, "reports")
    head = dataclasses.replace(one.head, span=span, telling=span)
    two = Account(head, (head,), one.publisher, one.published)
    assert len(incidents.resolve([one, two], [judge(one, two, "same", 5.0)])) == 2


def test_what_a_person_left_open_is_not_bridged():
    a, b, c = (make_account(name) for name in "abc")
    sure = [judge(a, b, "same", 5.0), judge(b, c, "same", 4.0)]
    assert len(incidents.resolve([a, b, c], [*sure, judge(a, c, "unsure")])) == 2
    assert len(incidents.resolve([a, b, c], [*sure, judge(a, c, "unsure", -1.0)])) == 1


def test_what_came_together_by_another_way_is_no_dispute():
    a, b, c = (make_account(name) for name in "abc")
    found = incidents.resolve(
        [a, b, c], [judge(a, b, "same", 5.0), judge(a, c, "same", 4.0), judge(b, c, "same", 3.0)]
    )
    assert [i.disputes for i in found] == [()]


def test_a_judgement_on_an_account_that_is_not_there_is_passed_over():
    a, b = make_account("a"), make_account("b")
    assert len(incidents.resolve([a], [judge(a, b, "same", 5.0)])) == 1


# ------------------------------------------------------------------------------- comparing


UNTOLD = When(None, None, "unknown")


def on(first, last=None):
    return When(date(2016, 10, first), date(2016, 10, last or first), "days" if last else "day")


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {}, "same day"),
        ({"when": on(5, 7)}, {}, "days overlap"),
        ({"when": on(6, 7)}, {}, "days share an end"),
        ({"when": on(7)}, {}, "a day apart"),
        ({"when": on(8)}, {}, "two days apart"),
        ({"when": on(9)}, {}, "three days apart"),
        ({"when": on(13)}, {}, "up to a week apart"),
        ({"when": on(14)}, {}, "further days apart"),
        ({"when": UNTOLD, "published": "2016-10-07"}, {"published": "2016-10-09"}, "published together"),
        ({"when": UNTOLD, "published": "2016-10-07"}, {"published": "2016-10-14"}, "published within a week"),
        ({"when": UNTOLD, "published": "2016-10-07"}, {"published": "2016-10-15"}, "published apart"),
        ({"when": UNTOLD, "published": None}, {}, "no day told"),
        ({"when": When(date(2016, 9, 1), date(2016, 10, 31), "month"), "published": None}, {}, "no day told"),
        ({}, {}, "same village, quarter or site"),
        ({"place": Place("Kessir", admin1="Kessir")}, {"place": Place("Kessir", admin1="Kessir")}, "same province"),
        ({"place": Place("Kessir", admin1="Kessir")}, {"place": Place("Omrun", admin1="Kessir")}, "in the other's province"),
        ({"place": Place("Omrun", within=("Tarsin",))}, {}, "part of the other's town"),
        ({"place": Place("Eastern Tarsin")}, {}, "part of the other's town"),
        ({"place": Place("village near Balq")}, {}, "told only as near"),
        ({"place": Place("Omrun", admin1="Kessir")}, {"place": Place("Balq", admin1="Daral")}, "provinces or countries differ"),
        ({"place": Place("Omrun")}, {}, "places differ"),
        ({"place": None}, {}, "place not told"),
        ({"place": Place("Syria", country="Syria")}, {}, "place not told"),
        ({}, {}, "same kind"),
        ({"kind": "ground_clash"}, {"kind": "ground_clash"}, "both fighting"),
        ({"kind": "shelling"}, {}, "kinds often confused"),
        ({"kind": "killing"}, {}, "kinds differ"),
        ({"kind": "other"}, {}, "kind left open"),
        ({"killed": (8, 8)}, {"killed": (8, None)}, "killed: the same, eight or more"),
        ({"killed": (7, 7)}, {"killed": (7, None)}, "killed: the same, three to seven"),
        ({"killed": (2, 2)}, {"killed": (2, 2)}, "killed: the same, one or two"),
        ({"killed": (7, 7)}, {"killed": (3, None)}, "killed: both can be true"),
        ({"killed": (70, 70)}, {"killed": (3, None)}, "killed: both can be true, far apart"),
        ({"killed": (7, 7)}, {"killed": (5, 5)}, "killed: close"),
        ({"killed": (70, 70)}, {"killed": (60, 60)}, "killed: close"),
        ({"killed": (7, 7)}, {"killed": (3, 3)}, "killed: differ"),
        ({"killed": (7, 7)}, {"killed": (2, None)}, "killed: too vague to tell"),
        ({"killed": (7, 7)}, {}, "killed: not told by both"),
        ({"killed": (7, 7)}, {"killed": (7, None)}, "one figure shared"),
        ({"killed": (2, 2)}, {"killed": (2, 2)}, "no figure shared"),
        ({"target": "a school"}, {"target": "two schools"}, "target words shared"),
        ({"target": "a school"}, {"target": "a bridge"}, "targets differ"),
        ({"target": "a school"}, {}, "target not told by both"),
        ({"weapon": "barrel bombs"}, {"weapon": "a barrel bomb"}, "weapon words shared"),
        ({"weapon": "bombs"}, {"weapon": "bombs"}, "no weapon shared"),
        ({}, {}, "no other account to match"),
    ],
)  # fmt: skip
def test_each_reason_is_given_where_it_holds(one, other, reason):
    assert reason in names(told("a", **one), told("b", **other))


def test_each_head_gives_one_reason_of_its_own_and_every_reason_has_a_weight():
    found = pair(told("a"), told("b"))
    assert len(found.reasons) == len(HEADS)
    assert set(found.reasons) <= weights().keys()
    assert found.score == pytest.approx(weights()[BASE] + sum(weights()[name] for name in found.reasons))


def test_days_apart_are_forgiven_where_two_figures_are_alike_and_only_there():
    def hurt(name, day, killed, wounded):
        base = told(name, when=on(day), killed=(killed, killed))
        claim, toll = base.tolls()[0]
        other = dataclasses.replace(toll, kind="wounded", count=Count(wounded, wounded))
        return Account(
            base.head, (*base.claims, dataclasses.replace(claim, value=other)), None, base.published
        )

    assert "days apart, figures alike" in names(hurt("a", 3, 32, 95), hurt("b", 9, 32, 95))
    assert "up to a week apart" in names(hurt("a", 3, 32, 95), hurt("b", 9, 32, 90))
    assert "a day apart" in names(hurt("a", 3, 32, 95), hurt("b", 4, 32, 95))


def test_who_reports_each_day_in_the_same_words_tells_of_another_day():
    one = told("a", quote=LONG, when=on(3))
    assert "same wording" in names(one, told("b", quote=LONG + " today", when=on(4)))
    assert "same wording" not in names(one, told("b", quote=LONG + " today", when=on(9)))
    assert incidents.compare(one, told("b", quote=LONG, when=on(9))).verdict != "same"


def test_the_best_of_several_figures_is_compared():
    one = told("a", killed=(12, 12))
    claim, toll = one.tolls()[0]
    second = dataclasses.replace(claim, value=dataclasses.replace(toll, count=Count(4, 4)))
    both = Account(one.head, (*one.claims, second), one.publisher, one.published)
    assert "killed: the same, three to seven" in names(both, told("b", killed=(4, 4)))


def accused_of(name, by, stance="stated"):
    return make_account(name, by=by, stance=stance)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Islamic State", "Daesh", "same accused"),
        ("Islamic State", "Syrian government", "accused on opposite sides"),
        ("Jaish al-Foo", "Katibat Bar", "accused differ"),
        ("terrorists", "Syrian government", "accused not told by both"),
    ],
)
def test_those_accused_are_compared_by_who_they_are(one, other, reason):
    assert reason in names(accused_of("a", one), accused_of("b", other))


def test_who_only_denies_it_is_not_accused():
    assert "accused not told by both" in names(
        accused_of("a", "Syrian government", "denied"), accused_of("b", "Syrian government")
    )


LONG = "Volunteers counted twelve bodies when barrel bombs demolished the northern bridge"


def test_the_same_words_are_a_reason_and_common_words_are_none():
    assert "same wording" in names(told("a", quote=LONG), told("b", quote=LONG + " today"))
    common = "At least twelve people were killed in an air strike on the city"
    assert "same wording" not in names(told("a", quote=common), told("b", quote=common))
    other = "Shelling damaged shops along a road"
    assert "no telling word shared" in names(told("a", quote=LONG), told("b", quote=other))


def test_weights_speak_for_and_against_as_their_names_say():
    told = weights()
    for name, weight in told.items():
        if "differ" in name or ("apart" in name and "figures" not in name):
            assert weight <= 0, name
        if name.startswith("same ") or ": the same" in name:
            assert weight >= 0, name
    assert (
        told["further days apart"]
        < told["up to a week apart"]
        < told["three days apart"]
        <= told["two days apart"]
    )
    assert told["two days apart"] < told["a day apart"] < 0 < told["same day"]
    assert told["places far apart"] < told["places differ"] < told["same village, quarter or site"]
    assert (
        told["another matches far better"] < told["another matches better"] < told["clearly the best match"]
    )


def test_a_row_of_the_table_of_weights_is_a_head_a_reason_and_a_number():
    rows = [line.split("\t") for line in read("weights.tsv").rstrip("\n").split("\n")]
    assert rows[0] == ["head", "reason", "weight"]
    assert {head for head, _, _ in rows[2:]} == set(HEADS)
    assert len({reason for _, reason, _ in rows}) == len(rows)


def test_two_matters_of_other_kinds_are_not_judged_the_same():
    assert incidents.compare(matter("a"), matter("b", kind="meeting")).verdict != "same"


# ------------------------------------------------------------------------------ candidates


def test_two_letters_that_two_names_share_make_no_candidates():
    assert (
        paired(told("a", place=Place("Abu Tarsin"), kind="shelling"), told("b", place=Place("Um Tarsin")))
        != []
    )
    assert (
        paired(told("a", place=Place("Um Balq"), kind="shelling"), told("b", place=Place("Um Tarsin"))) == []
    )


def test_what_the_text_puts_around_a_place_makes_candidates():
    inner = told("a", place=Place("Omrun", within=("Tarsin",)), kind="shelling")
    assert len(paired(inner, told("b"))) == 1
    province = told("c", place=Place("Omrun", admin1="Kessir"), kind="shelling")
    assert len(paired(province, told("d", place=Place("Balq", admin1="Kessir")))) == 1


def test_two_spellings_of_a_place_make_candidates():
    one = told("a", place=Place("Hasakah"), kind="shelling")
    assert len(paired(one, told("b", place=Place("Hassakeh")))) == 1


def test_matters_of_one_place_or_one_word_published_near_each_other_are_candidates():
    one = matter("a")
    assert len(paired(one, matter("b", published="2016-10-14"))) == 1
    assert paired(one, matter("b", published="2016-10-15")) == []
    assert paired(one, matter("b", place="Omrun")) == []
    assert paired(one, matter("b", kind="vote")) == []
    said = [
        matter(name, place=place, opening="Parliament") for name, place in (("a", "Tarsin"), ("b", "Omrun"))
    ]
    assert len(paired(*said)) == 1


def test_a_draft_and_the_vote_on_it_are_candidates():
    assert len(paired(matter("a", kind="draft"), matter("b", kind="vote"))) == 1


def test_where_a_day_is_unknown_publication_decides_how_near():
    one = told("a", when=UNTOLD, place=None)
    assert len(paired(one, told("b", place=None, published="2016-10-10"))) == 1
    assert paired(one, told("b", place=None, published="2016-10-11")) == []
    there = told("c", when=UNTOLD)
    assert len(paired(there, told("d", published="2016-12-06"))) == 1
    assert paired(there, told("d", published="2016-12-07")) == []


def test_where_neither_day_nor_publication_is_known_words_alone_make_candidates():
    one = told("a", when=UNTOLD, published=None)
    assert len(paired(one, told("b", when=UNTOLD, published=None, kind="capture"))) == 1
    assert paired(one, told("b", when=UNTOLD, published=None, place=Place("Omrun"))) == []


def test_who_tells_no_day_meets_who_was_published_on_none():
    undated, unpublished = told("a", when=UNTOLD), told("b", published=None)
    assert len(paired(undated, unpublished)) == 1
    neither = told("c", when=UNTOLD, published=None)
    assert len(paired(neither, told("d"))) == 1


def test_harm_and_a_matter_are_never_the_same():
    for name in "abcdef":
        assert incidents.compare(told(name), matter("z")).verdict != "same"


def test_a_stretch_meets_a_day_anywhere_in_it():
    long = told("a", when=When(date(2016, 9, 26), date(2016, 10, 8), "days"), place=None)
    assert len(paired(long, told("b", place=None))) == 1


def test_pairs_come_in_the_order_of_their_ids():
    found = paired(*(told(str(n)) for n in range(9)))
    assert found == sorted(found)
    assert len(found) == 36
