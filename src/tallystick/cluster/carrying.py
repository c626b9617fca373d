"""Work packed, carried through ``mapInArrow``, and unpacked again: on this side and on the workers'."""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from typing import Any

import tallystick
from tallystick.errors import NoCluster, TallystickError
from tallystick.runner import Answer, Item

ITEMS, BYTES = 16, 1 << 20  # of a slice, whichever comes first
SLICES = 4  # for each core, in one job: no core waits long for the slowest, and memory has a bound
_DECIDE = (
    "duckdb", "lxml", "numpy", "onnxruntime", "pypdfium2", "rapidfuzz", "sentencex", "tokenizers",
    "trafilatura",
)  # fmt: skip
_SENTENCE = (
    "At least 12 people were killed in an air strike on the town of Solem on Friday, the hospital said."
)
_SCHEMA = "n long, body binary"


class Spark:
    """A ``Runner`` whose hands are the executors of a cluster; made by ``joined``.

    ``own`` is what decides an outcome here: a worker's process that is not of the same does no work.
    """

    def __init__(self, session: Any, cores: int, own: Mapping[str, str]) -> None:
        self._session, self._cores = session, cores
        self._own = session.sparkContext.broadcast(pickle.dumps(own))

    def map(
        self, work: Callable[[Item], Answer], items: Iterable[Item], named: Callable[[Item], str]
    ) -> Iterator[tuple[Item, Answer | BaseException]]:
        """As ``Runner`` has it. Two jobs are under way at a time: none waits for another's last slice."""
        from pyspark import cloudpickle

        given = self._session.sparkContext.broadcast(cloudpickle.dumps(work))
        waiting: deque[tuple[list[Item], Future[list[bytes]]]] = deque()
        jobs = _jobs(items, SLICES * self._cores)
        with ThreadPoolExecutor(2) as pool:
            try:
                while True:
                    for slices in islice(jobs, 2 - len(waiting)):
                        bodies = [pickle.dumps([packed for _, packed in each]) for each in slices]
                        there = [item for each in slices for item, _ in each]
                        waiting.append((there, pool.submit(self._carry, given, bodies)))
                    if not waiting:
                        return
                    there, job = waiting.popleft()
                    if fault := job.exception():
                        raise _lost(fault, [named(item) for item in there]) from fault
                    for item, answer in zip(there, job.result(), strict=True):
                        yield item, pickle.loads(answer)  # noqa: S301 - from our own workers
            finally:
                pool.shutdown(cancel_futures=True)
                with suppress(Exception):  # the cluster may be gone
                    given.destroy()

    def _carry(self, given: Any, bodies: list[bytes]) -> list[bytes]:
        """The answers to all that is in ``bodies``, each a slice, in order."""
        import pyarrow as pa

        table = pa.table(
            {"n": pa.array(range(len(bodies)), pa.int64()), "body": pa.array(bodies, pa.binary())}
        )
        carried = self._session.createDataFrame(table).mapInArrow(_carrying(self._own, given), _SCHEMA)
        back = carried.toArrow()
        slices = dict(zip(back["n"].to_pylist(), back["body"].to_pylist(), strict=True))
        answers: list[bytes] = []
        for n in range(len(bodies)):
            told = pickle.loads(slices[n])  # noqa: S301 - from our own workers
            if isinstance(told, NoCluster):
                raise told
            answers += told
        return answers


def _jobs(items: Iterable[Item], most: int) -> Iterator[list[list[tuple[Item, bytes]]]]:
    """``items`` in slices, and so many slices a job; each item with itself pickled."""
    slices = _slices(items)
    while job := list(islice(slices, most)):
        yield job


def _slices(items: Iterable[Item]) -> Iterator[list[tuple[Item, bytes]]]:
    held: list[tuple[Item, bytes]] = []
    for item in items:
        held.append((item, pickle.dumps(item)))
        if len(held) >= ITEMS or sum(len(packed) for _, packed in held) >= BYTES:
            yield held
            held = []
    if held:
        yield held


# ------------------------------------------------------------------------------------- on the workers


def _carrying(own: Any, given: Any) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What Spark does to each batch of rows: unpack, call, pack."""

    def carry(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        from tallystick.cluster.carrying import done

        for batch in batches:
            bodies = [done(own.value, given.value, body) for body in batch.column(1).to_pylist()]
            yield pa.record_batch([batch.column(0), pa.array(bodies, pa.binary())], names=["n", "body"])

    return carry


def done(own: bytes, given: bytes, body: bytes) -> bytes:
    """On a worker: the pickled answers to one slice, each by itself, an exception where one came instead.

    Where this process would not do what the one that asks does, a ``NoCluster`` that says why.
    """
    if other := _other(own):
        return pickle.dumps(NoCluster(other))
    work = _unpacked(given)
    return pickle.dumps([_one(work, packed) for packed in pickle.loads(body)])  # noqa: S301 - from the driver


def nothing(told: str) -> str:
    """``told`` itself: work that asks nothing but whether a worker is fit."""
    return told


@lru_cache(maxsize=1)
def _other(own: bytes) -> str:
    """Why this process would not do what the one does that says ``own`` of itself; empty if it would."""
    asked: dict[str, str] = pickle.loads(own)  # noqa: S301 - from the driver
    here = standing()
    name, folder = here.pop("machine"), asked.pop("seeing")
    differ = [
        f"{each} is {here.get(each)} there and {asked[each]} here"
        for each in here
        if here[each] != asked[each]
    ]
    if differ:
        return (
            f"the worker {name} would not do what this machine does: {'; '.join(differ)}; give it the same "
            "Python and the same packages, or name such a Python with PYSPARK_PYTHON"
        )
    if not os.path.exists(folder):
        return (
            f"the worker {name} does not see {folder}: keep the case in a folder that all workers reach by "
            "the same path (NFS, or a bucket that is mounted)"
        )
    return ""


@lru_cache(maxsize=1)
def _unpacked(given: bytes) -> Callable[[Any], Any]:
    """The work, unpacked once a process: it may bring along what is known of a whole case."""
    work: Callable[[Any], Any] = pickle.loads(given)  # noqa: S301 - from the driver
    return work


def _one(work: Callable[[Any], Any], packed: bytes) -> bytes:
    try:
        return pickle.dumps(work(pickle.loads(packed)))  # noqa: S301 - from the driver
    except Exception as error:  # noqa: BLE001 - it is the answer, as it is that of a process of one machine
        told = pickle.dumps(error)
        try:
            pickle.loads(told)  # noqa: S301 - our own
        except Exception:  # noqa: BLE001 - an exception that can be packed and not unpacked
            told = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        return told


def standing() -> dict[str, str]:
    """What of this machine decides an outcome, by name."""
    from tallystick.claims.encoder import encoder
    from tallystick.incidents import MAKER

    laid = encoder().lay(_SENTENCE)
    numbers = b"".join(array.tobytes() for _, *arrays in laid.windows for array in arrays)
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "tallystick": tallystick.__version__,
        "linking": MAKER.version,
        **{name: version(name) for name in _DECIDE},
        "what the model makes of a sentence": hashlib.sha256(numbers).hexdigest()[:12],
        "machine": platform.node(),
    }


# ------------------------------------------------------------------------------- what went wrong


def _lost(fault: BaseException, names: list[str]) -> TallystickError:
    """What to tell where a job was given up, by what Spark says of it."""
    if isinstance(fault, TallystickError):
        return fault
    said, python = str(fault), os.environ.get("PYSPARK_PYTHON", sys.executable)
    if "PYTHON_VERSION_MISMATCH" in said:
        return NoCluster(
            f"the workers' Python is not that of this machine, {platform.python_version()} ({first(fault)}): "
            "name the right one with PYSPARK_PYTHON"
        )
    if "Cannot run program" in said:
        return NoCluster(
            f"the workers have no {python}: name with PYSPARK_PYTHON the Python there that has what "
            "Tallystick needs"
        )
    if "ModuleNotFoundError" in said or "ImportError" in said:
        return NoCluster(
            f"the workers' {python} lacks a package ({first(fault)}): install 'tallystick[spark]' there, or "
            "name with PYSPARK_PYTHON a Python that has it"
        )
    more = f" and {len(names) - 50:,} more" if len(names) > 50 else ""
    return TallystickError(
        f"the cluster gave up ({first(fault)}) at one of: {', '.join(names[:50])}{more}; all before is "
        "stored: run the same command again, or on this machine with --jobs 1 to see which"
    )


def first(error: BaseException, more: str = "") -> str:
    """The telling line of what Spark says, which is long: the last that names an error."""
    lines = [line.strip() for line in f"{error}\n{more}".splitlines() if line.strip()]
    telling = [line for line in lines if "Error" in line or "Exception" in line or "ERROR" in line]
    return (telling or lines or [type(error).__name__])[-1][:300]
