"""Reading and linking are no worse than they once were. The floors only rise: ``bench/quality.py --pin``."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def quality():
    spec = importlib.util.spec_from_file_location("quality", ROOT / "bench" / "quality.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_figure_is_below_its_floor_on_the_development_reports(quality, shared):
    folder, scorer = shared("gold/dev"), shared("score/score.py")
    floors = json.loads(quality.FLOORS.read_text(encoding="utf-8"))
    mark = quality.fingerprint(folder)
    assert mark in floors, (
        "these are not the reports that the floors were measured on; measure and pin them anew"
    )
    scores = quality.measure(folder, scorer) | quality.measure_links(folder)
    assert quality.against_floors(scores, floors[mark]["floors"]) == []


SCORES = {row: {figure: 0.5} for row, figure, _ in
          (("figures", "f1", 1), ("figures_on_the_right_account", "f1", 1), ("voice_of_figure_where_named", "accuracy", 1),
           ("accounts", "f1", 1), ("kind", "accuracy", 1), ("date_same", "accuracy", 1), ("place", "accuracy", 1),
           ("actors", "f1", 1), ("aggregates_told_as_incidents", "accuracy", 0), ("links_end_to_end", "f1", 1),
           ("links_between_found_accounts", "f1", 1), ("b_cubed_of_found_accounts", "f1", 1),
           ("killed_range_of_incidents_told_twice", "accuracy", 1))}  # fmt: skip


def test_a_figure_below_its_floor_is_named(quality):
    assert quality.against_floors(SCORES, {"figures.f1": 0.6}) == ["figures.f1 is 0.5, its floor 0.6"]
    assert quality.against_floors(SCORES, {"aggregates_told_as_incidents.accuracy": 0.4}) == [
        "aggregates_told_as_incidents.accuracy is 0.5, its floor 0.4"
    ]
    assert (
        quality.against_floors(SCORES, {"figures.f1": 0.5, "aggregates_told_as_incidents.accuracy": 0.5})
        == []
    )


def test_pinning_never_lowers_a_floor(quality):
    pinned = quality.pinned(
        SCORES, {"figures.f1": 0.6, "place.accuracy": 0.4, "aggregates_told_as_incidents.accuracy": 0.3}
    )
    assert (
        pinned["figures.f1"],
        pinned["place.accuracy"],
        pinned["aggregates_told_as_incidents.accuracy"],
    ) == (0.6, 0.5, 0.3)
