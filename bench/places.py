"""Places found on the map, held against people: LGL, TR-News and GeoVirus, and the time that 100,000 names take.

    python bench/places.py                    the three corpora of ../shared/data/geoparse
    python bench/places.py --names            100,000 names against the full lists as well: time and memory
    python bench/places.py --names --save     and writes what it prints to bench/places.md
    python bench/places.py --cache FOLDER     where the indexes are kept (else a folder that is thrown away)

Three sets of news whose names of places people have put on the map by coordinate: LGL (Lieberman et al., 2010:
small local papers of the USA, most of whose names have many bearers), TR-News (Kamalloo and Rafiei, 2018) and
GeoVirus (Gritta et al., 2018: WikiNews). Names without a coordinate in the corpus are left out. The default list
alone is used, which has no rivers, mountains, parks, streets or buildings: those names count as misses.

* *within 161 km*: the share of names put within 161 km (100 miles) of where people put them; a name that is not
  placed is a miss. The measure of the papers.
* *placed*: the share of names that are placed at all; *right of these*: of those, within 161 km.
* *or its country*: the same share, where a country that is told as that country is right wherever either puts its
  middle: its point is a matter of choice (ours is the centre of its largest part, GeoNames and Wikipedia have theirs).
* *median*, *mean*: the error in kilometres over the names that are placed.

``bold`` tells the likeliest place always, as the benchmarks want; ``cautious`` is what a case gets: a name is placed
where one place has seven tenths of the likelihood. ``most people`` is the alternative in the same run: of the places
that the same list calls by the same letters, the one with the most people (a country before its namesakes).
``own spans`` are the names that ``values.place`` finds by wording alone: a name marked by people that it does not
find is a miss; ``found`` is the share that it finds.

The weights are learnt on GeoVirus (``training/place_weights.py``), so that its figures are of the training set; nothing is
fitted to LGL or TR-News, though their figures were seen while this was written. Published figures are printed beside:
they were worked out by others, over the whole of GeoNames (12 million places), by models trained on much more text.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import platform
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from xml.etree import ElementTree as ET

from tallystick.values import place as wording
from tallystick.values.names import countries, fold
from tallystick.values.place import Place
from tallystick.values.places import atlas, gazetteer
from tallystick.values.places import lists as placelists
from tallystick.values.places.gazetteer import Gazetteer
from tallystick.values.places.sphere import Point, kilometres

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CORPORA = {"LGL": "lgl.xml", "TR-News": "TR-News.xml", "GeoVirus": "GeoVirus.xml"}
NEAR = 161.0
# As published, on gold spans, within 161 km, in per cent: Halterman (2023), Gritta et al. (2018).
PUBLISHED = {
    "LGL": "Mordecai 3: 82.7, CamCoder: 76",
    "TR-News": "Mordecai 3: 87.3",
    "GeoVirus": "CamCoder: 82",
}


@dataclass(frozen=True)
class Gold:
    """A name that people put on the map: where it stands in the text (code points), and where it lies."""

    start: int
    end: int
    name: str
    point: Point


@dataclass(frozen=True)
class Report:
    text: str
    gold: tuple[Gold, ...]


def corpus(path: Path) -> tuple[list[Report], int]:
    """The reports of a corpus, and how many names of it people have put nowhere."""
    reports, nowhere = [], 0
    for article in ET.parse(path).getroot():  # noqa: S314  a file of ours
        text = article.findtext("text") or ""
        gold = []
        for told in (*article.iter("toponym"), *article.iter("location")):
            name = told.findtext("phrase") or told.findtext("name") or ""
            spot = told.find("gaztag") if told.find("gaztag") is not None else told
            north, east = spot.findtext("lat"), spot.findtext("lon")
            if not north or not east:
                nowhere += 1
                continue
            # Some files count from another begin: the name is where it stands nearest to the place given.
            near = int(told.findtext("start") or 0)
            start = min(
                (match.start() for match in re.finditer(re.escape(name), text)),
                key=lambda at: abs(at - near),
                default=near,
            )
            gold.append(Gold(start, start + len(name), name, (float(north), float(east))))
        reports.append(Report(text, tuple(gold)))
    return reports, nowhere


def given(report: Report) -> list[Place]:
    """The names that people marked, each with what the text puts it in by its wording."""
    read = {fold(mention.place.name): mention.place for mention in wording.read(report.text)}
    return [
        Place(gold.name, gold.name, within=(told.within if (told := read.get(fold(gold.name))) else ()))
        for gold in report.gold
    ]


def most_people(name: str, lists: Gazetteer) -> tuple[Point | None, str | None]:
    """The baseline: of the places called by the same letters, a country, or else the one with the most people."""
    hits = lists.exact(countries().get(name.lower(), name))
    best = max(
        hits, key=lambda hit: (hit.entry.kind in ("country", "continent"), hit.entry.population), default=None
    )
    return (best.entry.point, best.entry.kind) if best else (None, None)


def point(located: atlas.Located) -> Point | None:
    place = located.place
    return None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)


@dataclass(frozen=True)
class Far:
    """How far off a name is put in kilometres, ``None`` where it is not placed, and whether it is told as its country."""

    error: float | None
    country: bool = False


def off(gold: Gold, spot: Point | None, kind: str | None) -> Far:
    if spot is None:
        return Far(None)
    error = kilometres(spot, gold.point)
    # One country's middles lie within a fifth of the earth's radius of each other, its namesakes farther.
    return Far(error, kind == "country" and gold.name.lower() in countries() and error < 1300)


def kind_of(located: atlas.Located) -> str | None:
    return located.choices[0].entry.kind if located.choices else None


def errors(reports: Sequence[Report], lists: Gazetteer, least: float) -> list[Far]:
    out: list[Far] = []
    for report in reports:
        found = atlas.resolve(given(report), lists, text=report.text, least=least)
        out += [off(gold, point(one), kind_of(one)) for one, gold in zip(found, report.gold, strict=True)]
    return out


def of_own(reports: Sequence[Report], lists: Gazetteer, least: float) -> tuple[list[Far], int]:
    """The errors of the marked names by the reader's own spans, and how many of them it found."""
    out: list[Far] = []
    seen = 0
    for report in reports:
        mentions = list(wording.read(report.text))
        found = atlas.resolve([mention.place for mention in mentions], lists, text=report.text, least=least)
        for gold in report.gold:
            over = [
                at
                for at, mention in enumerate(mentions)
                if mention.start < gold.end and gold.start < mention.end
            ]
            seen += bool(over)
            out.append(off(gold, point(found[over[0]]), kind_of(found[over[0]])) if over else Far(None))
    return out, seen


def row(label: str, far: Sequence[Far], note: str = "") -> str:
    placed = [one.error for one in far if one.error is not None]
    right = sum(error <= NEAR for error in placed)
    land = sum(one.error is not None and (one.error <= NEAR or one.country) for one in far)
    return (
        f"  {label:22} {right / len(far):13.1%} {land / len(far):14.1%} {len(placed) / len(far):8.1%} {right / max(len(placed), 1):15.1%} {land / max(len(placed), 1):14.1%}"
        f" {median(placed) if placed else 0:8.1f} {mean(placed) if placed else 0:6.0f}  {note}"
    )


def table(lists: Gazetteer) -> None:
    for name, file in CORPORA.items():
        reports, nowhere = corpus(DATA / "geoparse" / "Corpora" / file)
        whole = sum(len(report.gold) for report in reports)
        print(
            f"\n{name}: {len(reports)} reports, {whole} names with a coordinate ({nowhere} without are left out). Published, gold spans: {PUBLISHED[name]}"
        )
        print(
            f"  {'':22} {'within 161 km':>13} {'or its country':>14} {'placed':>8} {'right of these':>15} {'or its country':>14} {'median':>8} {'mean':>6}"
        )
        plain = [off(gold, *most_people(gold.name, lists)) for report in reports for gold in report.gold]
        print(row("gold, most people", plain))
        for label, least in (("bold", atlas.BOLD), ("cautious", atlas.LEAST)):
            print(row(f"gold, {label}", errors(reports, lists, least)))
        for label, least in (("bold", atlas.BOLD), ("cautious", atlas.LEAST)):
            far, seen = of_own(reports, lists, least)
            print(row(f"own spans, {label}", far, f"found {seen / whole:.1%}"))


def misspelt(name: str, chance: random.Random) -> str:
    """``name`` with one slip of the hand: a letter doubled, left out, exchanged with the next, or a vowel for another."""
    at = chance.randrange(len(name))
    slip = chance.randrange(4)
    if slip == 0:
        return name[:at] + name[at] + name[at:]
    if slip == 1 and len(name) > 4:
        return name[:at] + name[at + 1 :]
    if slip == 2:
        return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    vowels = [number for number, sign in enumerate(name) if sign in "aeiou"]
    if not vowels:
        return name
    at = chance.choice(vowels)
    return name[:at] + chance.choice("aeiou") + name[at + 1 :]


def sampled(paths: Sequence[Path], number: int) -> Iterator[tuple[str, str]]:
    """Names of the lists with the id of the place, half of them with a slip; as many of each list as it has of all."""
    chance = random.Random(7)  # noqa: S311  it keeps no secret
    names: list[tuple[str, str]] = []
    for path in paths:
        base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        rows = base.execute("SELECT id, names FROM place ORDER BY number").fetchall()
        base.close()
        names += [(chance.choice(called.split("\n")), code) for code, called in rows]
    for at, (name, code) in enumerate(chance.sample(names, number)):
        yield (misspelt(name, chance) if at % 2 else name), code


def speed(paths: Sequence[Path], number: int) -> None:
    """Time and memory of resolving names in reports of ten, every list open; run in a process of its own."""
    names = list(sampled(paths, number))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, work = time.perf_counter(), time.process_time()
    with Gazetteer(*paths) as lists:
        opened = time.perf_counter() - start
        found = 0
        for at in range(0, number, 10):
            part = names[at : at + 10]
            for (_, code), one in zip(
                part, atlas.resolve([Place(name) for name, _ in part], lists), strict=True
            ):
                found += any(choice.entry.id == code for choice in one.choices)
        took, work = time.perf_counter() - start, time.process_time() - work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{number} names, half with a slip, in reports of ten, {len(paths)} lists open:")
    print(
        f"  opened in {1000 * opened:.1f} ms, resolved in {took:.1f} s by the clock, {work:.1f} s of one processor ({1000 * work / number:.2f} ms a name), peak memory {peak:.0f} MB (before: {before / 1024:.0f} MB)"
    )
    print(f"  the place that the name was taken from is among the choices kept: {found / number:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--names", action="store_true", help="also the time of 100,000 names")
    parser.add_argument("--only-names", type=int, default=0, help="no corpora, this many names")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--save", action="store_true", help="write what is printed to bench/places.md")
    asked = parser.parse_args()
    if not asked.save:
        measure(asked)
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        measure(asked)
    print(printed.getvalue(), end="")
    told = f"# Places on the map\n\n`python bench/places.py --names --save`; what each column is stands in the script.\n\n```\n{printed.getvalue()}```\n"
    Path(__file__).with_suffix(".md").write_text(told, encoding="utf-8")


def measure(asked: argparse.Namespace) -> None:
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as scratch:
        cache = asked.cache or Path(scratch)
        start, work = time.perf_counter(), time.process_time()
        base = gazetteer.default(cache)
        print(
            f"default list ready in {time.perf_counter() - start:.1f} s by the clock, {time.process_time() - work:.1f} s of one processor; {base.stat().st_size / 1e6:.0f} MB"
        )
        start = time.perf_counter()
        with Gazetteer(gazetteer.default(cache)):
            print(f"opened again in {1000 * (time.perf_counter() - start):.0f} ms")
        if not asked.only_names:
            with Gazetteer(base) as lists:
                table(lists)
        if asked.names or asked.only_names:
            paths = [base]
            for name in ("gazetteer_syria_opensyria", "gazetteer_yemen"):
                paths.append(cache / f"{name}.sqlite")
                gazetteer.build(paths[-1], placelists.read(DATA / name))
            speed(paths, asked.only_names or 100_000)


if __name__ == "__main__":
    sys.exit(main())
