"""A short round of what bench/fuzz.py does for minutes: every reader of outside bytes, each with the same inputs every time."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz", BENCH / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    return module


def test_spoiling_is_the_same_for_the_same_seed(fuzz: ModuleType) -> None:
    import random

    one, other = random.Random(7), random.Random(7)  # noqa: S311 - to do it again
    seeds = [b'{"text": "One fell."}', b"PK\x03\x04", b""]
    inputs = [fuzz.mutated(one, seeds) for _ in range(200)]
    assert inputs == [fuzz.mutated(other, seeds) for _ in range(200)]
    assert len(set(inputs)) > 100


@pytest.mark.parametrize(
    "name", [".json", ".html", ".eml", ".zip", "sidecar", "case.toml", "list of actors.txt"]
)
def test_no_spoilt_input_is_more_than_refused(name: str, fuzz: ModuleType) -> None:
    found = fuzz.fuzz(name, 60.0, 11, most=25)
    assert found.faults == {}
    assert found.runs == 25


def test_a_fault_is_found_made_small_and_told(fuzz: ModuleType, tmp_path: Path) -> None:
    """The reader here fails on one byte, and dies of two: what is saved is little more than these."""
    found = fuzz.fuzz("self-test", 60.0, 3, [b"a" * 40, b"ab!cd" * 30, b"abba" * 9], most=40)
    kinds = sorted(fault.kind for fault in found.faults.values())
    assert kinds == ["crash", "death"]
    assert all(len(fault.data) < 5 for fault in found.faults.values())
    told = list(fuzz.saved("self-test", found, 3, tmp_path))
    assert len(told) == len(list(tmp_path.glob("*.trace"))) == 2
