"""Every changed byte of a case is named: a small round of ``bench/flips.py``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tallystick import case as cases

BENCH = Path(__file__).parents[1] / "bench" / "flips.py"


@pytest.fixture(scope="module")
def flips() -> ModuleType:
    spec = importlib.util.spec_from_file_location("flips", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["flips"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def case(flips: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = flips.make(tmp_path_factory.mktemp("flips") / "case")
    return made


def test_every_flip_is_named_and_the_case_is_whole_again(flips: ModuleType, case: Path) -> None:
    tallies = flips.fall(case, flips.drawn(case, 60, seed=7), flips.by_all)
    assert sum(tally.flips for tally in tallies.values()) == 60
    assert [missed for tally in tallies.values() for missed in tally.missed] == []
    assert cases.verify(case).problems == ()


def test_a_flip_is_named_only_where_its_file_is(flips: ModuleType, case: Path) -> None:
    """That verify finds something, and says that of another file, is no finding of this one."""
    key, note = next((case / "keys").iterdir()), next((case / "checkpoints").glob("*.sig"))
    with flips.flipped(key, 40, 1):
        assert flips.by_all(case, key) == 1
        assert flips.by_all(case, note) is None


def test_without_the_manifest_no_flip_changes_a_row_unnamed(flips: ModuleType, case: Path) -> None:
    ours, theirs, changed = flips.without_manifest(case, 12, seed=7)
    assert changed == []
    assert 12 >= ours.named.total() >= theirs.named.total()
