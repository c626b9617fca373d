"""The weights by which a place is chosen, learnt from GeoVirus: the table ``WEIGHTS`` of values/places/choose.py.

    PYTHONPATH=src:bench python training/place_weights.py CACHE

CACHE is the folder of the default list's index. A name of GeoVirus is a choice between the places that the list
has for it and none of them; right is every place within 161 km of where people put it (countries and
provinces within half more than their radius), none where there is no such. The weights make the right ones as likely as may be (softmax, natural logarithm), with a small price on
moving away from the values that stand in the table, by steps along the gradient. What names say for each other
hangs on the weights, so it is worked out again with those of the last pass. No other corpus is read.

Weights that no text of GeoVirus can show keep the values set by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from places import CORPORA, DATA, NEAR, corpus, given

from tallystick.values.places import atlas, choose, gazetteer
from tallystick.values.places.gazetteer import Entry
from tallystick.values.places.sphere import kilometres

LEARNT = (
    "nowhere",
    "people",
    "other name",
    "unlike",
    "country",
    "a country's name",
    "province",
    "district",
    "beside",
    "not beside",
    "land",
    "area",
    "near",
)
PASSES, STEPS, RATE, PRICE = 3, 500, 1.0, 0.002


def main() -> None:
    reports, _ = corpus(DATA / "geoparse" / "Corpora" / CORPORA["GeoVirus"])
    weights = dict(choose.WEIGHTS)
    before = np.array([weights[key] for key in LEARNT])
    with gazetteer.Gazetteer(gazetteer.default(Path(sys.argv[1]))) as lists:
        for turn in range(PASSES):
            rows: list[tuple[np.ndarray, np.ndarray]] = []
            for report in reports:
                names = atlas.weighed(given(report), lists, choose.setting(report.text, ()), weights)
                points = {choose_key(gold.name): gold.point for gold in report.gold}
                for name in names:
                    if (point := points.get(choose_key(name.name))) is None:
                        continue
                    table = [[1.0 if key == "nowhere" else 0.0 for key in LEARNT]]
                    right = [0.0]
                    for one in name.candidates:
                        table.append([one.told.get(key, 0.0) for key in LEARNT])
                        right.append(
                            float(
                                one.entry.point is not None
                                and kilometres(one.entry.point, point) <= wide(one.entry)
                            )
                        )
                    right[0] = float(not any(right))
                    rows.append((np.array(table), np.array(right)))
            values = np.array([weights[key] for key in LEARNT])
            for _ in range(STEPS):
                slope, loss, hits = -PRICE * (values - before) * len(rows), 0.0, 0
                for table, right in rows:
                    powers = np.exp((scores := table @ values) - scores.max())
                    shares = powers / powers.sum()
                    held = right * shares
                    loss -= np.log(held.sum() + 1e-12)
                    hits += int(right[int(scores.argmax())])
                    slope = slope + (held / (held.sum() + 1e-12) - shares) @ table
                values = values + RATE * slope / len(rows) / np.maximum(spread(rows), 0.05)
            weights |= dict(zip(LEARNT, (round(float(value), 2) for value in values), strict=True))
            print(
                f"pass {turn + 1}: {len(rows)} names, loss {loss / len(rows):.4f}, right {hits / len(rows):.1%}"
            )
    for key in LEARNT:
        print(f'    "{key}": {weights[key]},')


def wide(entry: Entry) -> float:
    """How far from an entry people may have put it: middles of countries and provinces are a matter of choice."""
    return max(NEAR, 1.5 * (entry.radius_km or 0.0) if entry.kind in ("country", "admin1", "area") else 0.0)


def choose_key(name: str) -> str:
    return name.casefold().removeprefix("the ")


def spread(rows: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The mean square of each feature: steps are shorter where a feature is large."""
    return np.mean([np.mean(table**2, axis=0) for table, _ in rows], axis=0)


if __name__ == "__main__":
    main()
