"""What must hold on coded reports: a toll that grew is told as it grew, and totals never add what reports total."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gathered():
    """``gathered(folder)`` of ``bench/tolls.py``: the coded incidents of a folder, weighed, and a record of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "bench"))
        spec = importlib.util.spec_from_file_location("bench_tolls", ROOT / "bench" / "tolls.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module.gathered
        sys.modules.pop("coded", None)


def test_a_toll_told_in_seven_reports_is_told_from_the_least_to_the_greatest_as_it_grew(gathered, shared):
    folder = shared("gold/dev")
    weighed, record = gathered(folder)
    names = {document.id: document.name for document in record.documents}
    (strike,) = [
        each for each in weighed
        if each.incident.accounts[0].telling.kind == "suicide_bombing"
        and any("wedding" in (a.telling.target or "") for a in each.incident.accounts)
        and any(a.telling.when.start and a.telling.when.start.isoformat() == "2016-10-03" for a in each.incident.accounts)
    ]  # fmt: skip
    tally = strike.tally("killed")
    assert len({names[account.document] for account in strike.incident.accounts}) == 7
    assert tally.range.low == 14
    assert tally.range.high >= 32
    assert tally.range.at_low.origins
    assert tally.range.at_high.origins
    assert [step.day.day for step in tally.course] == sorted({step.day.day for step in tally.course})
    assert tally.course[0].high >= 32
    said = {name for step in tally.course for name in (*step.said, *step.standing)}
    assert said <= {claim.id for claim in strike.incident.claims}


def test_no_total_of_the_coded_reports_holds_what_reports_total_themselves(gathered, shared):
    weighed, record = gathered(shared("gold/dev"))
    aggregate = {c.id for a in record.accounts if a.telling.aggregate for c in a.claims}
    for totals in record.totals:
        for total in (totals.whole, *totals.by_month, *totals.by_province, *totals.by_party):
            assert not aggregate & {claim for part in total.parts for claim in part.claims}
        ranges = [t.range for each in weighed if (t := each.tally(totals.toll))]
        assert totals.whole.people.high == sum(each.high for each in ranges)
        assert totals.whole.people.low <= sum(each.low for each in ranges)
