"""Laws of linking in columns: very many accounts come to what a few do, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_account
from tests_tellings import tellings, varied

from tallystick import incidents
from tallystick.incidents import bulk, matters, meeting, tables, wheres
from tallystick.incidents.bulk import gathered
from tallystick.incidents.compare import BASE
from tallystick.incidents.traits import Spot
from tallystick.incidents.where import where
from tallystick.model import MATTERS
from tallystick.values.place import Place


@settings(max_examples=30)
@given(st.lists(tellings, max_size=16), st.randoms())
def test_in_columns_accounts_are_gathered_as_they_are_pair_by_pair(told, random):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    judged = [pair.judgement for part in incidents.pairs(accounts) for pair in part.near]
    due = incidents.resolve(accounts, judged)
    random.shuffle(accounts)
    found = gathered(iter(accounts))
    assert sorted(found.incidents()) == sorted(tuple(a.id for a in one.accounts) for one in due)
    near = zip(found.near.left, found.near.right, found.near.score, strict=True)
    assert {(found.accounts[a], found.accounts[b], score / 100) for a, b, score in near} == {
        (each.left, each.right, each.score) for each in judged
    }
    ends = {(found.accounts[found.near.left[n]], found.accounts[found.near.right[n]]) for n in found.disputed}
    assert ends == {(each.left, each.right) for one in due for each in one.disputes}


def test_in_columns_totals_are_left_out_and_few_accounts_are_alone():
    total, one = make_account("a", aggregate=True), make_account("b")
    assert list(gathered([]).incidents()) == []
    assert list(gathered([total, one]).incidents()) == [(one.id,)]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_slices_of_any_size_however_many_at_once_gather_the_same(at_once):
    accounts = [make_account(str(n), killed=(n % 4 + 9, None)) for n in range(12)]
    whole = gathered(accounts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "SLICE", 1)
        patch.setattr(tables, "SLICES", 100)
        patch.setattr(tables, "_REACHED", 5)
        patch.setattr(bulk, "AT_ONCE", at_once)
        sliced = gathered(accounts)
    assert sliced.candidates == whole.candidates > 0
    assert sorted(sliced.incidents()) == sorted(whole.incidents())
    rows = (sorted(zip(n.left.tolist(), n.right.tolist(), n.score.tolist(), strict=True))
            for n in (sliced.near, whole.near))  # fmt: skip
    assert next(rows) == next(rows)


NAMES = (
    "Aleppo", "Halab", "Eastern Aleppo", "Old Aleppo", "Hass", "Haas", "Hasakah", "Hassakeh", "Douma", "Dama", "Al",
    "Syria", "Yemen", "Idlib", "حلب", "دوما", "North Kessir", "South Kessir", "Abu al-Duhur north west gate", "Tarsin",
)  # fmt: skip
spots = st.builds(
    lambda name, admin1, country, point, radius, within, code, level, vague: Spot(
        Place(name, name, admin1, country, *(point or (None, None)), radius, within, code), level, vague
    ),
    st.sampled_from(NAMES),
    st.sampled_from([None, *NAMES]),
    st.sampled_from([None, "Syria", "Yemen", "Syrian Arab Republic"]),
    st.sampled_from([None, (36.2, 37.1), (36.3, 37.1), (36.2, 37.25), (36.9, 37.1), (15.3, 44.2)]),
    st.sampled_from([None, 5.0, 30.0]),
    st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from(["country", "province", "city", "fine"]),
    st.booleans(),
)


@settings(max_examples=150)
@given(st.lists(spots, min_size=1, max_size=8), st.booleans())
def test_places_in_columns_stand_to_each_other_as_two_by_two(told, dense):
    one, other = (column.ravel() for column in np.mgrid[: len(told), : len(told)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wheres, "_DENSE", 10**6 if dense else 0)
        patch.setattr(wheres, "_AT_ONCE", 5)
        said = wheres.Wheres(told).reasons(one, other)
    for x, y, reason in zip(one, other, said, strict=True):
        assert wheres.REASONS[reason] == where(told[x], told[y])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30), st.sampled_from([0, 10**6]))
def test_the_same_two_are_asked_about_once_and_answered_everywhere(pairs, dense):
    asked = []

    def answer(x, y):
        asked.extend(zip(x.tolist(), y.tolist(), strict=True))
        return x * 100 + y

    one, other = (np.array([pair[n] for pair in pairs], dtype=np.int32) for n in (0, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meeting, "DENSE", dense)
        said = meeting.related(one, other, answer)
    assert said.tolist() == [100 * min(pair) + max(pair) for pair in pairs]
    assert len(asked) == len(set(asked))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(MATTERS), st.sampled_from(["Tarsin", "Omrun", None]),
                  st.sampled_from(["2016-10-06", "2016-10-09", None]), st.sampled_from(["Amal", "Badr", None])),
        min_size=2, max_size=2,
    ),
    st.sampled_from([-1.5, -4.0, 0.0, 2.0]),
)  # fmt: skip
def test_a_matter_is_weighed_in_short_as_by_all_its_reasons(told, least):
    one, other = (
        make_account(name, kind=kind, place=place, day=day, voice=voice)
        for name, (kind, place, day, voice) in zip("ab", told, strict=True)
    )
    names = [name for name, _ in matters.compare_matters(one, other)]
    whole = round(matters.WEIGHTS[BASE] + sum(matters.WEIGHTS[name] for name in names), 2)
    assert matters.scored(one, other, least) == (whole if whole >= least else None)
