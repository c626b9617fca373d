"""Documents that cannot lie: every verb, error, room and link is what the code says it is."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick import errors
from tallystick.values.agreement import Verdict

ROOT = Path(__file__).parents[1]
PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


def run(*command: str) -> str:
    out = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
    )
    return out.stdout


def test_the_command_line_reference_is_what_help_says():
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == run("docs/make_cli.py"), (
        "docs/cli.md is stale; write it again: .venv/bin/python docs/make_cli.py > docs/cli.md"
    )


def test_the_tree_of_errors_names_every_error_under_its_parent():
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([\s│├└─]*)([A-Z]\w+)(?:\s{2,}|$)", line)
        if found:
            depth = len(found[1])
            above = [(d, name) for d, name in above if d < depth]
            if above:
                drawn[found[2]] = above[-1][1]
            above.append((depth, found[2]))
    real = {
        name: cls.__bases__[0].__name__
        for name, cls in inspect.getmembers(errors, inspect.isclass)
        if cls.__module__ == errors.__name__ and cls is not errors.TallystickError
    }
    assert drawn == real


def test_the_map_of_the_house_in_the_readme_is_the_house():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^  (\w+(?:/|\.py)) ", readme, re.M))
    package = ROOT / "src" / "tallystick"
    here = {f"{p.name}/" for p in package.iterdir() if p.is_dir() and p.name != "__pycache__"}
    here |= {p.name for p in package.glob("*.py") if p.name != "__init__.py"}
    assert drawn == here


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_verdict_is_explained():
    words = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    for verdict in Verdict:
        assert f"`{verdict.value}`" in words


def test_the_published_figures_are_the_pinned_ones():
    """``docs/limits.md`` and ``tests/floors.json`` say the same."""
    import json

    limits = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    (pinned,) = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8")).values()
    for name, value in pinned["floors"].items():
        assert f"| `{name}` | {value:.2f} |" in limits, name


def test_no_committed_file_names_a_host_of_a_package_index():
    names = "|".join([r"py" + r"pi\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs"])
    hosts = re.compile(rf"\b(?:{names})\b")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            assert not hosts.search(path.read_text(encoding="utf-8", errors="ignore")), name


def test_the_tour_is_walked_and_says_what_its_commands_say() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    assert tour.count("\n$ ") > 15
    assert tour == run("docs/make_tour.py"), (
        "docs/tour.md is stale: see docs/make_tour.py for how it is written again"
    )
