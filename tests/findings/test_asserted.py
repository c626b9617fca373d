"""Laws of what counts: what is warned of, planned or denied is nobody's figure, object, blame or verdict."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest
from tests_build import make_account
from tests_struck import told

from tallystick.findings import alleged, find, patterns
from tallystick.findings.context import context
from tallystick.findings.origins import origin_names
from tallystick.findings.verdicts import between, of_accounts
from tallystick.model import Account, Incident, Role, Stance, Toll
from tallystick.values.agreement import Verdict

UNREAL = [stance for stance in get_args(Stance) if stance not in ("stated", "alleged", "estimated")]


def said(account: Account, stance: Stance) -> Account:
    """``account`` with its figures and roles told in another stance; the event itself stays told."""
    claims = tuple(
        dataclasses.replace(c, stance=stance) if isinstance(c.value, Toll | Role) else c
        for c in account.claims
    )
    return dataclasses.replace(account, claims=claims)


@pytest.mark.parametrize("stance", UNREAL)
def test_who_is_only_to_be_hit_or_to_blame_is_in_no_pattern(stance: Stance) -> None:
    real = told("A raid", by="Kessian army", harmed=[("medics", 3)])
    assert patterns([find(Incident((real,)), {})]).struck
    weighed = find(Incident((said(real, stance),)), {})
    assert patterns([weighed]).struck == ()
    assert weighed.tally("killed") is None
    assert weighed.finding("perpetrator") is None or stance == "denied"


@pytest.mark.parametrize("stance", UNREAL)
def test_fighters_who_are_only_to_be_killed_hide_no_allegation(stance: Stance) -> None:
    real = told("Jets struck a market", harmed=[("fighters", 5)])
    assert alleged([find(Incident((real,)), {})], patterns([find(Incident((real,)), {})]).struck) == ()
    weighed = find(Incident((said(real, stance),)), {})
    assert alleged([weighed], patterns([weighed]).struck)


@pytest.mark.parametrize("stance", [each for each in UNREAL if each != "denied"])
def test_a_feared_toll_neither_agrees_with_a_real_one_nor_contradicts_it(stance: Stance) -> None:
    one = make_account("a", killed=(12, 12), by="Kessian army", publisher="Wire")
    for number in (12, 100):
        other = make_account("b", killed=(number, number), by="Kessian rebels", publisher="Paper")
        feared = said(other, stance)
        here = context((one, feared), origin_names((one, feared), {}))
        assert of_accounts(one, feared, "killed", here).verdict is Verdict.UNKNOWN
        assert of_accounts(one, feared, "perpetrator", here).verdict is Verdict.UNKNOWN
        pair = (one.claims[1], feared.claims[1])
        assert between(*pair, "killed", here) == between(*pair[::-1], "killed", here)
        assert between(*pair, "killed", here).verdict is Verdict.UNKNOWN
