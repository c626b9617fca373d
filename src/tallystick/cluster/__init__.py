"""THE SAME WALK WHERE ONE MACHINE IS NOT ENOUGH: Apache Spark carries the work (the extra ``spark``).

    with cluster.joined("spark://HOST:7077", seeing=folder) as spark, Case.open(folder, write=True) as case:
        case.runner = spark
        case.read()

Things are packed into slices, each one row of an Arrow table and one task, and carried through
``mapInArrow`` to the workers' Python processes. There runs what runs on one machine: the function given, of
this very package, which travels along. The ledger is written here alone. A task whose worker is killed
is done again by another, and a slice's answers count once: a lost machine costs time and nothing else.

Each process of a worker is first asked for its Python, its versions of what decides an outcome, and what the
reader model makes of one sentence there: one that would give other bytes is refused, with the reason.
"""

from __future__ import annotations

from tallystick.cluster.carrying import Spark
from tallystick.cluster.joining import joined, ready

__all__ = ["Spark", "joined", "ready"]
