"""Splink on given candidate pairs: run by bench/million.py, with a Python that has Splink.

    python bench/splink_pairs.py FOLDER     accounts.parquet, and the pairs (l, r) in pairs-*.parquet

Prints one line of JSON: seconds of scoring and clustering, by the clock and of the processor, without reading the
tables and without learning the weights (u from a million random pairs, m from the true events).
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker
from splink_war import memory_mb, scored, settings

THRESHOLD = 0.95


def main() -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    folder = Path(sys.argv[1])
    base = duckdb.connect()
    base.execute("create table accounts as select * from read_parquet(?)", [str(folder / "accounts.parquet")])
    base.execute(
        "create table pairs as select '0' as match_key, l as join_key_l, r as join_key_r from read_parquet(?)",
        [str(folder / "pairs-*.parquet")],
    )
    event = dict(base.execute("select unique_id, event from accounts").fetchall())
    api = DuckDBAPI(connection=base)
    linker = Linker(api.register(base.table("accounts")), settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_m_from_label_column("event")
    held, begin, busy = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    linker.table_management.register_blocked_pairs_for_predict(api.register(base.table("pairs")))
    found = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        found, threshold_match_probability=THRESHOLD
    )
    rows = base.execute(f"select unique_id, cluster_id from {clusters.physical_name}").fetchall()  # noqa: S608
    took, busy = time.perf_counter() - begin, time.process_time() - busy
    groups = dict(rows)
    told = scored(groups, event) | {"seconds": took, "busy": busy, "peak": memory_mb("VmHWM"), "held": held}
    print(json.dumps(told | {"groups": len(Counter(groups.values()))}))


if __name__ == "__main__":
    main()
