"""The house stands on floors: a room imports from floors below it, never a neighbour."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tallystick

HOUSE = Path(tallystick.__file__).parent

# Lowest first. "" is the package itself, which holds the version and nothing else.
FLOORS = (
    {""},
    {"errors"},
    {"values"},
    {"model"},
    {"rows"},
    {"chain", "goings", "ledgerfile", "ledgerserver"},
    {"ledgerplace"},
    {"former", "moving"},
    {"audit", "rewriting"},
    {"evidence", "claims", "incidents", "findings", "dossier", "ledger"},
    {"remarks", "mapping", "changes", "exchange", "runner", "barred"},
    {"settings", "intake", "naming", "reviewing", "casework"},
    {"custody", "turns", "signing", "readers"},
    {"linking", "fetching", "standing", "adding", "leaving", "weighing"},
    {"expunge"},
    {"checks"},
    {"case", "cluster"},
    {"desk", "moves", "watching", "bookmark"},
    {"terminal"},
    {"web"},
    {"cli"},
)


def modules(house: Path) -> dict[str, Path]:
    """Every module of the package under its dotted name, without the package's own."""
    named = {}
    for path in sorted(house.rglob("*.py")):
        parts = path.relative_to(house).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports(name: str, path: Path, every: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that ``name`` imports, anywhere in it: lazily and for types, too."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = ["tallystick", *package.split(".")] if package else ["tallystick"]
                base = ".".join([*above[: len(above) - node.level + 1], *([base] if base else [])])
            wanted = [f"{base}.{alias.name}" for alias in node.names]
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            wanted = [str(node.args[0].value)]
        else:
            continue
        for each in wanted:
            if each == "tallystick" or each.startswith("tallystick."):
                inner = each.removeprefix("tallystick").lstrip(".")
                while inner not in every and "." in inner:
                    inner = inner.rpartition(".")[0]
                yield inner if inner in every else ""


def floor(room: str) -> int | None:
    return next((height for height, rooms in enumerate(FLOORS) if room in rooms), None)


def faults(house: Path) -> list[str]:
    """What is wrong with the house, each in a sentence."""
    every = modules(house)
    reaches = {name: set(imports(name, path, every)) - {name} for name, path in every.items()}
    out = []
    for name, targets in reaches.items():
        here = name.partition(".")[0]
        if floor(here) is None:
            out.append(f"{name} stands on no floor; say in this test, and in the design, on which")
            continue
        for target in sorted(targets):
            there = target.partition(".")[0]
            if here == there or floor(there) is None:
                continue
            if floor(there) == floor(here):
                out.append(
                    f"{name} imports {target}, a neighbour: rooms of one floor know only the floors below"
                )
            elif floor(there) > floor(here):
                out.append(f"{name} imports {target}, which stands above it")
    return out + [
        f"these modules import each other in a circle: {' → '.join(ring)}" for ring in rings(reaches)
    ]


def rings(reaches: dict[str, set[str]]) -> Iterator[list[str]]:
    """One circle through each group of modules that reach each other."""
    told: set[str] = set()
    for start in sorted(reaches):
        trail = way_back(start, reaches)
        if trail and start not in told:
            told.update(trail)
            yield trail


def way_back(start: str, reaches: dict[str, set[str]]) -> list[str] | None:
    """The shortest way from ``start`` to itself."""
    trails = [[start]]
    seen: set[str] = set()
    for trail in trails:
        for target in sorted(reaches.get(trail[-1], ())):
            if target == start:
                return [*trail, start]
            if target not in seen:
                seen.add(target)
                trails.append([*trail, target])
    return None


def test_the_house_stands() -> None:
    assert faults(HOUSE) == []


def test_every_room_of_the_house_is_looked_at() -> None:
    rooms = {name.partition(".")[0] for name in modules(HOUSE)}
    assert {"errors", "values", "model", "ledger", "case", "cli", "evidence", "claims"} <= rooms


def build(folder: Path, files: dict[str, str]) -> Path:
    house = folder / "tallystick"
    for name, source in ({"__init__.py": "", "errors.py": "", "model.py": ""} | files).items():
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return house


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        pytest.param(
            {"claims/__init__.py": "from tallystick.evidence import keep", "evidence/__init__.py": ""},
            "claims imports evidence, a neighbour",
            id="neighbour",
        ),
        pytest.param(
            {"claims/__init__.py": "from tallystick import evidence", "evidence/__init__.py": ""},
            "claims imports evidence, a neighbour",
            id="neighbour by the package",
        ),
        pytest.param(
            {"claims/deep.py": "import tallystick.findings.weigh as w", "findings/weigh.py": ""},
            "claims.deep imports findings.weigh, a neighbour",
            id="neighbour, file to file",
        ),
        pytest.param(
            {"incidents/a.py": "def f():\n    from tallystick.ledger import Ledger", "ledger.py": ""},
            "incidents.a imports ledger, a neighbour",
            id="lazily, inside a function",
        ),
        pytest.param(
            {
                "dossier/a.py": "from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    from tallystick.findings import find",
                "findings/__init__.py": "",
            },
            "dossier.a imports findings, a neighbour",
            id="for types only",
        ),
        pytest.param(
            {"claims/__init__.py": "from ..evidence import keep", "evidence/__init__.py": ""},
            "claims imports evidence, a neighbour",
            id="relative, from the room itself",
        ),
        pytest.param(
            {"claims/a.py": "from ..evidence.b import keep", "evidence/b.py": ""},
            "claims.a imports evidence.b, a neighbour",
            id="relative, from a file",
        ),
        pytest.param(
            {"claims/a.py": "from .. import evidence", "evidence/__init__.py": ""},
            "claims.a imports evidence, a neighbour",
            id="relative, the room by name",
        ),
        pytest.param(
            {"claims/a.py": "import importlib\nimportlib.import_module('tallystick.case')", "case.py": ""},
            "claims.a imports case, which stands above it",
            id="upwards, by its name as a string",
        ),
        pytest.param(
            {"errors.py": "from tallystick.model import Span"},
            "errors imports model, which stands above it",
            id="upwards",
        ),
        pytest.param(
            {"claims/a.py": "from tallystick.claims import b", "claims/b.py": "from .a import x"},
            "in a circle: claims.a → claims.b → claims.a",
            id="circle within a room",
        ),
        pytest.param(
            {
                "values/a.py": "from tallystick.values.b import x",
                "values/b.py": "def f():\n    from tallystick.values.c import x",
                "values/c.py": "from tallystick.values.a import x",
            },
            "in a circle: values.a → values.b → values.c → values.a",
            id="circle of three, one lazily",
        ),
        pytest.param({"helpers.py": ""}, "helpers stands on no floor", id="a room that nobody placed"),
    ],
)
def test_a_fault_in_the_house_is_told(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    told = faults(build(tmp_path, files))
    assert len(told) == 1
    assert complaint in told[0]


def test_a_sound_house_is_not_complained_of(tmp_path: Path) -> None:
    house = build(
        tmp_path,
        {
            "claims/__init__.py": "from tallystick.claims.reading import read\n"
            "from tallystick import __version__",
            "claims/reading.py": "import json\nfrom tallystick.model import Claim\n"
            "from ..errors import BadDate",
            "case.py": "from tallystick import claims, errors\nimport tallystick.model",
        },
    )
    assert faults(house) == []
