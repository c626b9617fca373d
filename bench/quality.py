"""Reading and linking against coded reports: figures that may only rise.

Accounts, figures and links are scored on the development reports, links also on the accounts as coded, so
that reading plays no part; claims on that half of the reports
coded claim by claim which no model was trained on (``training/held_out.txt``).

    python bench/quality.py                     score ../shared/gold/dev and hold it against the floors
    python bench/quality.py --gold FOLDER       score another coded folder, e.g. ../shared/gold/train/t1
    python bench/quality.py --pin               raise the floors to what was measured (never lowers one)
    python bench/quality.py --list FILE         the same with a list of places in the case, beside the default one

The scorer is ``../shared/score/score.py``; the floors stand in ``tests/floors.json`` with a
fingerprint of the coded folder, so that a floor is never compared with other reports.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE.parent / "tests" / "floors.json"
SHARED = HERE.parent.parent / "shared"
HELD_OUT = HERE.parent / "training" / "held_out.txt"
COUNTRIES = ("Syria",)  # what whoever opens a case on these reports would say that it is about

# What is pinned: the scorer's row, the figure in it, and whether more is better.
PINNED = (
    ("figures", "f1", True),
    ("figures_on_the_right_account", "f1", True),
    ("voice_of_figure_where_named", "accuracy", True),
    ("accounts", "f1", True),
    ("kind", "accuracy", True),
    ("date_same", "accuracy", True),
    ("date_within_a_day", "accuracy", True),
    ("place", "accuracy", True),
    ("admin1", "accuracy", True),
    ("actors", "f1", True),
    ("actor_stance", "accuracy", True),
    ("aggregates_told_as_incidents", "accuracy", False),
    ("links_of_coded_accounts", "f1", True),
    ("links_end_to_end", "f1", True),
    ("links_between_found_accounts", "f1", True),
    ("b_cubed_of_found_accounts", "f1", True),
    ("killed_range_of_incidents_told_twice", "accuracy", True),
    ("claims_found", "accuracy", True),
    ("claims_topic", "accuracy", True),
    ("claims_voice_where_named", "accuracy", True),
    ("claims_stance_where_not_plainly_stated", "accuracy", True),
)


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and bytes of all coded reports in ``folder``."""
    total = hashlib.sha256()
    for path in sorted([*(folder / "docs").glob("*.json"), *(folder / "gold").glob("*.json")]):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def measure(
    folder: Path, scorer: Path = SHARED / "score" / "score.py", lists: Sequence[Path] = ()
) -> dict[str, dict[str, float]]:
    """The scorer's table for a run of all steps over ``folder/docs``, with these lists of places besides the default."""
    return _scored([folder / "docs"], folder / "gold", scorer, lists)


def measure_claims(
    folder: Path = SHARED / "gold" / "claims", scorer: Path = SHARED / "score" / "score_claims.py"
) -> dict[str, dict[str, float]]:
    """The claim scorer's table on the held-out half of ``folder``, its rows named ``claims_…``."""
    names = {line for line in HELD_OUT.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"}
    gold = [c for c in json.loads((folder / "all.json").read_text(encoding="utf-8")) if c["doc"] in names]
    with tempfile.TemporaryDirectory() as scratch:
        coded = Path(scratch) / "claims.json"
        coded.write_text(json.dumps(gold), encoding="utf-8")
        table = _scored([folder / "docs" / f"{name}.json" for name in sorted(names)], coded, scorer)
    return {f"claims_{row}": values for row, values in table.items()}


def measure_links(folder: Path) -> dict[str, dict[str, float]]:
    """Linking alone: what it makes of the accounts as the coders wrote them, in place of the reader's."""
    spec = importlib.util.spec_from_file_location("coded", HERE / "coded.py")
    assert spec is not None
    assert spec.loader is not None
    coded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(coded)
    told, _, incident = coded.accounts(folder, COUNTRIES)
    right, made, true, met = coded.links(told, incident)
    row = {"p": right / max(1, made), "r": right / max(1, true), "f1": 2 * right / max(1, made + true)}
    shares = {name: round(value, 4) for name, value in row.items()}
    return {
        "links_of_coded_accounts": {**shares, "tp": right, "predicted": made, "gold": true, "candidates": met}
    }


def _scored(
    reports: list[Path], gold: Path, scorer: Path, lists: Sequence[Path] = ()
) -> dict[str, dict[str, float]]:
    from tallystick.case import Case

    with tempfile.TemporaryDirectory() as scratch:
        with Case.make(Path(scratch) / "case", countries=COUNTRIES) as case:
            for each in lists:
                case.add_list(each)
            case.run(reports)
            case.export(Path(scratch) / "export")
        out = subprocess.run(
            [sys.executable, str(scorer), str(gold), f"{scratch}/export", "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
    return json.loads(out.stdout)


def against_floors(scores: dict[str, dict[str, float]], floors: dict[str, float]) -> list[str]:
    """One sentence for each figure that is worse than its floor."""
    worse = []
    for row, figure, more in PINNED:
        name, value = f"{row}.{figure}", scores.get(row, {}).get(figure)
        floor = floors.get(name)
        if value is not None and floor is not None and (value < floor if more else value > floor):
            worse.append(f"{name} is {value}, its floor {floor}")
    return worse


def pinned(scores: dict[str, dict[str, float]], floors: dict[str, float]) -> dict[str, float]:
    """The floors with each figure that improved put in place of the old one."""
    out = {}
    for row, figure, more in PINNED:
        name = f"{row}.{figure}"
        if row not in scores:
            continue
        value = scores[row][figure]
        old = floors.get(name, value)
        out[name] = max(old, value) if more else min(old, value)
    return out


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--gold", type=Path, default=SHARED / "gold" / "dev", help="a folder with docs/ and gold/"
    )
    parser.add_argument("--pin", action="store_true", help="raise the floors")
    parser.add_argument(
        "--list", type=Path, action="append", default=[], help="a list of places for the case; not for floors"
    )
    options = parser.parse_args()
    scores = measure(options.gold, lists=options.list) | measure_links(options.gold)
    if options.gold == SHARED / "gold" / "dev":
        scores |= measure_claims()
    for row, values in scores.items():
        print(f"{row:40} {values}")
    mark = fingerprint(options.gold)
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    if options.pin:
        old = floors.get(mark, {}).get("floors", {})
        floors[mark] = {"reports": "/".join(options.gold.resolve().parts[-2:]), "floors": pinned(scores, old)}
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"pinned in {FLOORS}")
        return 0
    if mark not in floors:
        print("no floors are pinned for these reports")
        return 0
    worse = against_floors(scores, floors[mark]["floors"])
    print("\n".join(worse) or "every figure is at or above its floor")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
