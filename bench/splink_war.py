"""Splink on the accounts that ``bench/scale.py`` writes: called by it, with a Python that has Splink and DuckDB.

    python bench/splink_war.py accounts.jsonl

Prints one line of JSON as ``scale.one`` does. Probabilities of agreement (m) are learnt from the true events, those of
chance (u) by random sampling, and the threshold is the best of some: all that can be done for it.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)


def memory_mb(line: str) -> float:
    """As ``scale.memory_mb``."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.split(f"{line}:", 1)[1].split(None, 1)[0]) * 1024 / 1e6


def settings() -> SettingsCreator:
    """Blocking and comparisons; accounts of one report are never compared."""
    other = "l.document <> r.document"
    near = "abs(date_diff('day', l.day, r.day)) <= 2"
    days = cl.CustomComparison(
        output_column_name="day",
        comparison_levels=[
            cll.NullLevel("day"),
            cll.ExactMatchLevel("day"),
            cll.CustomLevel("abs(date_diff('day', day_l, day_r)) <= 1", "a day apart"),
            cll.CustomLevel("abs(date_diff('day', day_l, day_r)) <= 2", "two days apart"),
            cll.ElseLevel(),
        ],
    )
    place = cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.NullLevel("place"),
            cll.ExactMatchLevel("place", term_frequency_adjustments=True),
            cll.ExactMatchLevel("admin1"),
            cll.ElseLevel(),
        ],
    )
    words = cl.CustomComparison(
        output_column_name="words",
        comparison_levels=[
            cll.CustomLevel(
                f"len(list_intersect(words_l, words_r)) >= {share} * least(len(words_l), len(words_r))",
                f"{share}",
            )
            for share in (0.85, 0.5, 0.3)
        ]
        + [cll.ElseLevel()],
    )
    killed = cl.CustomComparison(
        output_column_name="killed",
        comparison_levels=[
            cll.NullLevel("killed"),
            cll.CustomLevel("killed_l = killed_r and killed_l >= 8", "same large"),
            cll.ExactMatchLevel("killed"),
            cll.CustomLevel("abs(killed_l - killed_r) <= 0.3 * greatest(killed_l, killed_r)", "near"),
            cll.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[days, place, words, killed, cl.ExactMatch("kind"), cl.ExactMatch("target")],
        blocking_rules_to_generate_predictions=[
            f"l.place = r.place and {near} and {other}",
            f"l.admin1 = r.admin1 and l.kind = r.kind and {near} and {other}",
            "l.place = r.place and l.kind = r.kind and (l.day is null or r.day is null)"
            f" and abs(date_diff('day', l.published, r.published)) <= 2 and {other}",
        ],
        probability_two_random_records_match=0.001,
    )


def scored(groups: dict[str, str], event: dict[str, int]) -> dict[str, float]:
    """Pairwise precision, recall and F1, and F1 of B³ (the definitions of bench/linking.py)."""

    def pairs(counts: Counter) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    both = Counter((groups[item], event[item]) for item in event)
    mine, theirs = Counter(groups.values()), Counter(event.values())
    precision, recall = pairs(both) / (pairs(mine) or 1), pairs(both) / (pairs(theirs) or 1)
    sides = [sum(both[groups[i], event[i]] / side(i) for i in event) / len(event)
             for side in (lambda i: mine[groups[i]], lambda i: theirs[event[i]])]  # fmt: skip

    def f1(p: float, r: float) -> float:
        return 2 * p * r / (p + r) if p + r else 0.0

    return {"precision": precision, "recall": recall, "f1": f1(precision, recall), "b3": f1(*sides),
            "largest": max(mine.values())}  # fmt: skip


def main() -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE accounts AS SELECT * REPLACE (CAST(day AS DATE) AS day, CAST(published AS DATE) AS published)"
        " FROM read_json(?, format='newline_delimited', sample_size=-1)",
        [sys.argv[1]],
    )
    event = dict(base.execute("SELECT unique_id, event FROM accounts").fetchall())
    held, begin, busy = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    api = DuckDBAPI(connection=base)
    linker = Linker(api.register(base.table("accounts")), settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_m_from_label_column("event")
    found = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    linked, worked = time.perf_counter() - begin, time.process_time() - busy
    best: dict[str, float] = {}
    for threshold in THRESHOLDS:
        begin, busy = time.perf_counter(), time.process_time()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            found, threshold_match_probability=threshold
        )
        rows = base.execute(f"SELECT unique_id, cluster_id FROM {clusters.physical_name}").fetchall()  # noqa: S608
        took, busy = time.perf_counter() - begin, time.process_time() - busy
        told = scored(dict(rows), event) | {
            "threshold": threshold,
            "seconds": linked + took,
            "busy": worked + busy,
        }
        best = max(best, told, key=lambda one: one.get("f1", -1.0))
    print(json.dumps({"accounts": len(event), "peak": memory_mb("VmHWM"), "held": held, **best}))


if __name__ == "__main__":
    main()
