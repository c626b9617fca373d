"""How fast a text is read into claims, beside programs that do far less, in one run on one machine.

    python bench/speed.py                 the first 200 reports of ../shared/data/fakes
    python bench/speed.py --reports 20    the first 20

Each line of the table is worked out in processes of its own, begun afresh and held to one thread
each. What it takes to load is told apart; the clock starts when all are loaded and have read one report
to warm up. "processors" says how many were at work: less than there are processes, and the machine was
busy with something else; more, and something did not keep to its thread. Words are what stands
between blanks; tokens are the word pieces laid before a model, those counted twice that two windows share.

    claims        all of the reading: ``claims.claims(document)``, by one process and by two
    int8 encoder  the model alone, as shipped, with the cutting into word pieces and windows
    torch encoder the same net, windows and thread in torch, in 32-bit numbers (its weights are chance,
                  which costs the same); needs torch: pip install -e '.[train]'
    spaCy         its blank English tokeniser and sentencizer, no model; needs spaCy: pip install spacy
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / "shared" / "data" / "fakes" / "reports.jsonl"
TRAINING = HERE.parent / "training"

# Read by the libraries when they load, so set here for the processes that will load them.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

Record = dict[str, Any]
Work = Callable[[Record], int]  # one report; gives the word pieces laid before a model, else 0


class Barrier(Protocol):
    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class Share:
    """What one process did: when by a clock that all processes share, and at what cost."""

    begin: float
    end: float
    busy: float  # seconds of processor time
    pieces: int
    loading: float
    peak: float  # MB


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    shares: tuple[Share, ...]
    words: int

    @property
    def seconds(self) -> float:
        return max(share.end for share in self.shares) - min(share.begin for share in self.shares)

    @property
    def speed(self) -> float:
        return self.words / self.seconds


# --------------------------------------------------------- what is timed, each loaded where it is used


def full_claims() -> Work:
    from tallystick import claims
    from tallystick.claims.encoder import encoder
    from tallystick.model import CaptureId, Document, PublishedFrom

    encoder()  # opened at the first use otherwise

    def work(record: Record) -> int:
        day = date.fromisoformat(record["published"]) if record.get("published") else None
        known: PublishedFrom | None = "metadata" if day else None
        document = Document(
            CaptureId("0"), record["id"], record["text"], record["title"], record["source"], day, known
        )
        claims.claims(document)
        return 0

    return work


def int8_encoder() -> Work:
    from tallystick.claims.encoder import encoder

    model = encoder()

    def work(record: Record) -> int:
        laid = model.lay(record["text"])
        return sum(len(window.ids) for window, _, _ in laid.windows)

    return work


def torch_encoder() -> Work:
    import torch
    from tokenizers import Tokenizer

    from tallystick.claims.encoder import FOLDER
    from tallystick.claims.windows import windows

    sys.path.insert(0, str(TRAINING))
    from model import Encoder  # training/model.py

    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    model = Encoder().eval()

    def work(record: Record) -> int:
        laid = windows(tokenizer.encode(record["text"], add_special_tokens=False).ids)
        with torch.inference_mode():
            for window in laid:
                model(torch.from_numpy(window.ids)[None], torch.from_numpy(window.parts)[None])
        return sum(len(window.ids) for window in laid)

    return work


def spacy_blank() -> Work:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")

    def work(record: Record) -> int:
        list(nlp(record["text"]).sents)
        return 0

    return work


# -------------------------------------------------------------------------------- one process's part


def peak_mb() -> float:
    """Greatest resident memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage there: a new process on Linux begins with the peak of the one that started it.
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


_start: Barrier | None = None


def _wait_for(start: Barrier) -> None:
    global _start
    _start = start


def share(load: Callable[[], Work], records: list[Record]) -> Share:
    """In a process of its own: load, wait until the others have, and work through ``records``."""
    assert _start is not None
    before = time.perf_counter()
    work = load()
    loading = time.perf_counter() - before
    work(records[0])
    _start.wait(300)
    begin, busy = time.monotonic(), time.process_time()
    pieces = sum(work(record) for record in records)
    return Share(begin, time.monotonic(), time.process_time() - busy, pieces, loading, peak_mb())


def timed(name: str, load: Callable[[], Work], records: list[Record], processes: int = 1) -> Line:
    """``records`` worked through by so many processes; long and short reports fall to each alike."""
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(processes)
    with ProcessPoolExecutor(processes, spawn, initializer=_wait_for, initargs=(start,)) as pool:
        # Each process waits at the barrier within its part, so no process takes two.
        parts = [pool.submit(share, load, records[n::processes]) for n in range(processes)]
        shares = tuple(part.result() for part in parts)
    return Line(name, shares, sum(len(record["text"].split()) for record in records))


# ---------------------------------------------------------------------------------------- the telling


def processor() -> str:
    """The processor's name, as well as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def row(line: Line, first: Line) -> str:
    """One line of the table; its speed also as a multiple of the first line's."""
    pieces = sum(share.pieces for share in line.shares)
    busy = sum(share.busy for share in line.shares) / line.seconds
    return (
        f"{line.name:<24} | {line.speed:>9,.0f} | {line.speed / first.speed:>7.2f} "
        f"| {f'{pieces / line.seconds:,.0f}' if pieces else '–':>9} | {busy:>10.2f} "
        f"| {max(share.loading for share in line.shares):>7.2f} "
        f"| {' and '.join(f'{share.peak:,.0f}' for share in line.shares):>12}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--reports", type=int, default=200, metavar="N", help="the first N reports (2 or more)"
    )
    options = parser.parse_args()
    if not REPORTS.exists():
        sys.exit(f"{REPORTS} is not there; this measurement needs that set")
    lines = REPORTS.read_text(encoding="utf-8").splitlines()[: max(2, options.reports)]
    records = [json.loads(line) for line in lines]
    for name in ONE_THREAD:
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"

    words = sum(len(record["text"].split()) for record in records)
    print(f"{len(records)} reports, {words:,} words")
    print(f"{processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(f"at work on the machine before this: {os.getloadavg()[0]:.1f} processes (mean of a minute)\n")
    headings = "words / s |   times |  tokens/s | processors |  load s | peak MB each"
    print(f"{'':<24} | {headings}\n{'-' * 25}|{'-' * (len(headings) + 1)}")
    first = timed("claims, 1 process", full_claims, records)
    print(row(first, first), flush=True)
    two = timed("claims, 2 processes", full_claims, records, processes=2)
    print(row(two, first), flush=True)
    int8 = timed("int8 encoder, 1 process", int8_encoder, records)
    print(row(int8, first), flush=True)
    told = [f"two processes read {two.speed / first.speed:.2f} times as fast as one"]
    told.append(
        f"the encoder alone is {first.seconds / int8.seconds:.2f} times as fast as all of the reading"
    )
    if importlib.util.find_spec("torch") and importlib.util.find_spec("safetensors"):
        torch = timed("torch encoder, 1 process", torch_encoder, records)
        print(row(torch, first), flush=True)
        told.append(
            f"the int8 encoder is {torch.seconds / int8.seconds:.2f} times as fast as the one in torch"
        )
    else:
        told.append("torch is not here; to set it beside: pip install -e '.[train]'")
    if importlib.util.find_spec("spacy"):
        spacy = timed("spaCy blank, 1 process", spacy_blank, records)
        print(row(spacy, first), flush=True)
        told.append(
            f"spaCy's tokens and sentences are {spacy.speed / first.speed:.1f} times as fast as claims"
        )
    else:
        told.append("spaCy is not here; to set it beside: pip install spacy")
    print("", *told, sep="\n")


if __name__ == "__main__":
    main()
