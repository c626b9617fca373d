"""The arithmetic by which linking is measured, against the same said slowly, and the war that never was."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.place import Place

BENCH = Path(__file__).parents[1] / "bench"
SPOTS = [
    Place(name, name, province, "Tarsia", 36.0 + n / 3, 37.0 + n / 5, 5.0, code=f"t{n}")
    for n, (name, province) in enumerate(
        [
            ("Tarsin", "Tarsin"),
            ("Marqub", "Tarsin"),
            ("Deir Alun", "Oreb"),
            ("Khan Sel", "Oreb"),
            ("Ayn Duma", "Lute"),
        ]
    )
]


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def linking() -> Iterator[ModuleType]:
    yield _module("linking")
    del sys.modules["linking"]


@pytest.fixture(scope="module")
def war() -> Iterator[ModuleType]:
    yield _module("war")
    del sys.modules["war"]


GROUPINGS = st.integers(1, 9).flatmap(
    lambda size: st.tuples(
        *(st.lists(st.integers(0, 4), min_size=size, max_size=size).map(lambda names: dict(enumerate(names))) for _ in "ab"),
        st.sets(st.integers(0, size - 1), min_size=1),
    )
)  # fmt: skip


@given(GROUPINGS)
def test_pairwise_counts_what_counting_every_pair_gives(linking, drawn):
    found, true, of = drawn
    together = [pair for pair in combinations(found, 2) if of & set(pair)]
    mine = {pair for pair in together if found[pair[0]] == found[pair[1]]}
    theirs = {pair for pair in together if true[pair[0]] == true[pair[1]]}
    score = linking.pairwise(found, true, of)
    assert score.precision == (len(mine & theirs) / len(mine) if mine else 1.0)
    assert score.recall == (len(mine & theirs) / len(theirs) if theirs else 1.0)


@given(GROUPINGS)
def test_b_cubed_is_the_mean_over_items_of_the_shared_part_of_their_groups(linking, drawn):
    found, true, of = drawn
    precision, recall = [], []
    for item in of:
        mine = {other for other in found if found[other] == found[item]}
        theirs = {other for other in true if true[other] == true[item]}
        precision.append(len(mine & theirs) / len(mine))
        recall.append(len(mine & theirs) / len(theirs))
    score = linking.b_cubed(found, true, of)
    assert score.precision == pytest.approx(sum(precision) / len(of))
    assert score.recall == pytest.approx(sum(recall) / len(of))


@given(GROUPINGS)
def test_a_grouping_held_against_itself_is_perfect(linking, drawn):
    found, _, of = drawn
    assert linking.pairwise(found, found, of).f1 == linking.b_cubed(found, found, of).f1 == 1.0


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_joining_is_reaching(linking, size, links):
    links = [(a % size, b % size) for a, b in links]
    groups = linking.joined(range(size), links)
    reached = {item: {item} for item in range(size)}
    for _ in range(size):
        for a, b in links:
            whole = reached[a] | reached[b]
            for item in whole:
                reached[item] = reached[item] | whole
    assert {frozenset(i for i in groups if groups[i] == groups[item]) for item in groups} == {
        frozenset(whole) for whole in reached.values()
    }


def test_an_item_without_a_key_stays_alone(linking):
    groups = linking.by_key({"a": 1, "b": None, "c": 1, "d": None})
    assert groups["a"] == groups["c"]
    assert len(set(groups.values())) == 3


def test_words_are_alike_that_stand_in_few_texts(linking):
    texts = {name: f"the town was hit again, {name * 2}" for name in "abcdefghijkl"}
    texts |= {"a": "a xylophone fell", "b": "that xylophone rang"}
    assert [(one, other) for _, one, other in linking.alike(texts, 0.5)] == [("b", "a")]


@given(st.lists(st.text("ab cd ", max_size=12), min_size=2, max_size=7), st.floats(0.05, 1.0))
def test_pairs_alike_are_those_whose_vectors_are(linking, told, least):
    texts = dict(enumerate(told))
    words = linking.vectors(texts)
    assert {(b, a) for _, a, b in linking.alike(texts, least)} == {
        (a, b) for a, b in combinations(texts, 2) if linking.cosine(words[a], words[b]) >= least
    }


def test_a_fifth_is_held_out_and_stays_so(linking):
    names = [f"incident {n}" for n in range(2000)]
    out = [name for name in names if linking.held_out(name)]
    assert 340 < len(out) < 460
    assert out == [name for name in names if linking.held_out(name)]


def test_the_war_is_the_same_in_every_run_and_totals_tell_no_event(war):
    one, other = war.accounts(150, SPOTS), war.accounts(150, SPOTS)
    assert one == other
    assert 150 <= len(one.accounts) < 190
    totals = {account.id for account in one.accounts if account.telling.aggregate}
    assert set(one.event) == {account.id for account in one.accounts} - totals


def test_no_report_of_the_war_tells_one_event_twice(war):
    told = war.accounts(400, SPOTS)
    seen = [
        (account.document, told.event[account.id]) for account in told.accounts if account.id in told.event
    ]
    assert len(seen) == len(set(seen))
    assert len(set(told.event.values())) > 100


def test_linking_finds_most_of_the_war_again(linking, war):
    told = war.accounts(300, SPOTS)
    groups = linking.grouped(linking.ours(told.accounts))
    found = {item: group for item, group in groups.items() if item in told.event}
    assert found.keys() == told.event.keys()
    assert linking.b_cubed(found, told.event).f1 > 0.7


def test_wars_are_the_same_in_every_run_however_many_accounts_are_asked_for(war, monkeypatch):
    wars = _module("wars")
    monkeypatch.setattr(wars, "places", lambda country: [SPOTS[:2], SPOTS[2:4], SPOTS[4:]])
    events: list[int] = []
    many = list(wars.accounts(90, events=events))
    assert len(many) == len(events) == 90
    assert list(wars.accounts(40)) == many[:40]
    assert not any(account.telling.aggregate for account in many)
    told = {(account.document, event) for account, event in zip(many, events, strict=True)}
    assert len(told) == 90  # no report tells an event twice
    del sys.modules["wars"]


def test_two_wars_fought_at_once_share_no_event(war, monkeypatch):
    wars = _module("wars")
    monkeypatch.setattr(wars, "YEARLY", 30)
    monkeypatch.setattr(wars, "places", lambda country: [[SPOTS[wars.COUNTRIES.index(country) % 5]]])
    events: list[int] = []
    told: dict[int, set[str]] = {}
    for account in wars.accounts(120, at_once=2, events=events):
        told.setdefault(events[-1], set()).add(account.telling.place.admin1)
    assert all(len(provinces) == 1 for provinces in told.values())
    del sys.modules["wars"]
