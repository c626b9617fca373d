"""The map that comes with the package: src/tallystick/dossier/basemap/world.xz.

    npm pack world-atlas@2.0.2
    python training/basemap.py world-atlas-2.0.2.tgz

world-atlas is Natural Earth 4.1.0 (public domain), packed by Mike Bostock (ISC): countries at 1:50 million as
TopoJSON, whose arcs are shared by neighbours. An arc that one country alone has is coast; one that two have is a
border, whoever they are. No name and no code of a state goes into the file, and no border is told from another:
the data set takes sides (it draws Crimea apart from Ukraine), and a reader of the map is not to be told that we do.

The file is LZMA over little-endian 32-bit integers: the number of rings of land, the number of borders, the
number of points of each, then all x and all y as differences from the point before (each line begins from 0).
A line over the line of dates goes on beyond 180°. x and y are the data set's own steps: see ``ground.py``, which holds the scale. The same package gives the same
integers; how they pack may differ with the version of liblzma, so the digest of both is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import tarfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).parents[1] / "src" / "tallystick" / "dossier" / "basemap" / "world.xz"
SCALE, CORNER = (0.0036000360003600037, 0.001736003453784538), (-180, -89.999)
AROUND = 99_999  # steps of x in 360 degrees
Line = list[tuple[int, int]]


def decoded(arcs: list[list[list[int]]]) -> list[Line]:
    """Each arc as points: TopoJSON tells a point by its difference from the one before."""
    out = []
    for arc in arcs:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x, y))
        out.append(points)
    return out


def rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a geometry as numbers of arcs; ``~n`` is arc ``n`` backwards."""
    for part in geometry.get("geometries", [geometry]):
        if part["type"] == "Polygon":
            yield from part["arcs"]
        elif part["type"] == "MultiPolygon":
            for polygon in part["arcs"]:
                yield from polygon


def stitched(ring: list[int], arcs: list[Line]) -> Line:
    """A ring's arcs in one line, each joint once."""
    points: Line = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def unrolled(line: Line) -> Line:
    """A line over the line of dates goes on beyond 180°; one around a pole is closed along the map's lower edge."""
    out, turn = [line[0]], 0
    for (before, _), (x, y) in pairwise(line):
        turn -= AROUND * round((x - before) / AROUND)
        out.append((x + turn, y))
    if line[0] == line[-1] and out[0] != out[-1]:
        out += [(out[-1][0], 0), (out[0][0], 0), out[0]]
    return out


def joined(numbers: list[int], arcs: list[Line]) -> list[Line]:
    """Borders that meet end to end where no third one does, as one line."""
    ends = Counter(end for n in numbers for end in (arcs[n][0], arcs[n][-1]))
    at: dict[tuple[int, int], list[int]] = {}
    for n in numbers:
        for end in {arcs[n][0], arcs[n][-1]}:
            at.setdefault(end, []).append(n)
    left, out = set(numbers), []
    for n in numbers:
        if n not in left:
            continue
        left.discard(n)
        line = list(arcs[n])
        for _ in range(2):
            while ends[line[-1]] == 2 and (more := [m for m in at[line[-1]] if m in left]):
                left.discard(more[0])
                arc = arcs[more[0]]
                line += arc[1:] if arc[0] == line[-1] else arc[-2::-1]
            line.reverse()
        out.append(line)
    return out


def packed(land: list[Line], borders: list[Line]) -> bytes:
    """The integers of the file, as its docstring says."""
    lines = [unrolled(line) for line in (*land, *borders)]
    points = np.concatenate(
        [np.diff(np.array(line, dtype=np.int64), axis=0, prepend=[[0, 0]]) for line in lines]
    )
    head = [len(land), len(borders), *map(len, lines)]
    return np.concatenate([head, points[:, 0], points[:, 1]]).astype("<i4").tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the map that comes with the package.")
    parser.add_argument("package", type=Path, help="world-atlas-2.0.2.tgz")
    with tarfile.open(parser.parse_args().package) as archive:
        member = archive.extractfile("package/countries-50m.json")
        assert member is not None
        source = member.read()
    told = json.loads(source)
    assert (tuple(told["transform"]["scale"]), tuple(told["transform"]["translate"])) == (SCALE, CORNER)
    arcs = decoded(told["arcs"])
    uses: Counter[int] = Counter()
    for country in told["objects"]["countries"]["geometries"]:
        uses.update({n if n >= 0 else ~n for ring in rings(country) for n in ring})
    every = (stitched(ring, arcs) for ring in rings(told["objects"]["land"]))
    land = [ring for ring in every if any(y for _, y in ring)]  # one lies whole on the south pole
    borders = joined(sorted(n for n, count in uses.items() if count > 1), arcs)
    raw = packed(land, borders)
    OUT.write_bytes(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(land)} rings of land, {len(borders)} borders, {OUT.stat().st_size:,} bytes")
    for name, data in (("countries-50m.json", source), ("integers", raw), (OUT.name, OUT.read_bytes())):
        print(f"SHA-256 of {name}: {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
