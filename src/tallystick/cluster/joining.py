"""A cluster joined: what is asked before, what Spark is told, and what to do next where it does not work."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tallystick
from tallystick.cluster.carrying import Spark, first, nothing, standing
from tallystick.errors import AskedWrongly, NoCluster

HOUSE = Path(tallystick.__file__).parent
JAVA = 17  # the least that Spark 4 runs on
ANSWER, WORKERS = 5.0, 60.0  # seconds: for the master to answer, for a first worker to be there
_TRAVELS = "tallystick-house"  # the folder in an executor's own in which the package is laid


@contextmanager
def joined(master: str, *, seeing: Path, settings: Mapping[str, str] | None = None) -> Iterator[Spark]:
    """The cluster of ``master``, ``spark://HOST:PORT`` or for a trial ``local[N]``, for as long as needed.

    Its workers must see ``seeing``, a file or folder of the case, by the same path: they read captures there.
    ``settings`` are Spark's own, by name; those of its own files count, too. Raises ``AskedWrongly`` where
    the extra or Java is missing, ``NoCluster`` where nobody answers or a worker would not do what this
    machine does.
    """
    here, session_class = ready(master)
    own = {**standing(), "seeing": os.path.abspath(seeing)}
    with tempfile.TemporaryDirectory(prefix="tallystick-") as scratch, _python():
        builder = session_class.builder.master(master)
        for name, value in {**_settings(here, Path(scratch)), **(settings or {})}.items():
            builder = builder.config(name, value)
        log = Path(scratch) / "java.log"
        try:
            with _said_to(log):
                session = builder.getOrCreate()
        except Exception as error:  # Java's own, and whatever comes with it
            more = log.read_text(encoding="utf-8", errors="replace")
            raise NoCluster(f"the cluster {master} took no work: {first(error, more)}") from error
        try:
            spark = Spark(session, _cores(session, master), own)
            for _, said in spark.map(nothing, [""], str):  # a worker is found fit before anything begins
                assert said == "", said
            yield spark
        finally:
            session.stop()


def _settings(here: str, scratch: Path) -> dict[str, str]:
    """What Spark is told; ``here`` is where the workers find this process."""
    told = {
        "spark.app.name": "tallystick",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a slice is a row, a batch and a task
        "spark.sql.execution.arrow.localRelationThreshold": "0",
    }
    if not here:
        return told | {"spark.executorEnv.PYTHONPATH": str(HOUSE.parent)}
    return told | {
        "spark.driver.host": here,
        "spark.archives": f"{_packed(scratch)}#{_TRAVELS}",
        "spark.executorEnv.PYTHONPATH": _TRAVELS,
    }


@contextmanager
def _said_to(log: Path) -> Iterator[None]:
    """What is written to standard error meanwhile goes to ``log``: Java, which says much, for good."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)


def ready(master: str) -> tuple[str, Any]:
    """Whether ``master`` could be joined, asked before anything is made: what ``joined`` raises at once.

    This machine's address as the master sees it (empty where the "cluster" is this machine), and Spark's
    session.
    """
    return _reachable(master), _spark()


def _spark() -> Any:
    """Spark's session; raises ``AskedWrongly`` naming what is to be installed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise AskedWrongly("a cluster needs the extra 'spark': pip install 'tallystick[spark]'") from error
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    found = _java(java) if java else 0
    if found < JAVA:
        told = f"Java {found} was found at {java}" if found else "no Java was found"
        raise AskedWrongly(
            f"a cluster needs Java {JAVA} or newer, and {told}: install it (Debian: apt-get install "
            "openjdk-17-jre-headless) or set JAVA_HOME to where it is"
        )
    return SparkSession


def _java(program: str) -> int:
    """The number of a Java, 0 where it does not tell it."""
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
        return int(said.stderr.split('"')[1].split(".")[0].split("-")[0])
    except (OSError, IndexError, ValueError, subprocess.TimeoutExpired):
        return 0


def _reachable(master: str) -> str:
    """This machine's address as the master sees it; empty where the "cluster" is this machine.

    Raises ``AskedWrongly`` where ``master`` names no cluster, ``NoCluster`` where nobody answers there.
    """
    if master == "local" or master.startswith("local["):
        return ""
    at = urlsplit(master)
    try:
        host, port = at.hostname, at.port
    except ValueError:
        host, port = None, None
    if at.scheme != "spark" or not host or not port:
        raise AskedWrongly(
            f"{master!r} names no cluster: give spark://HOST:PORT, or local[2] for a trial here"
        )
    try:
        with socket.create_connection((host, port), timeout=ANSWER) as met:
            return str(met.getsockname()[0])
    except OSError as error:
        raise NoCluster(
            f"nobody answers at {master} ({error.strerror or error}): is the master started, and may this "
            "machine reach that port?"
        ) from error


@contextmanager
def _python() -> Iterator[None]:
    """While it lasts Spark asks for this Python on the workers, unless PYSPARK_PYTHON names another."""
    told = os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        yield
    finally:
        if told == sys.executable:
            os.environ.pop("PYSPARK_PYTHON", None)


def _packed(folder: Path) -> Path:
    """This package as one file, as it lies here: what the workers run is what runs here."""
    path = folder / f"{_TRAVELS}.zip"
    with zipfile.ZipFile(path, "w") as house:  # not pressed: most of it is a model, which cannot be
        for file in sorted(HOUSE.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                house.write(file, file.relative_to(HOUSE.parent))
    return path


def _cores(session: Any, master: str) -> int:
    """How many tasks can run at one time; waits for the first worker. ``NoCluster`` where none comes."""
    context = session.sparkContext
    scala = context._jsc.sc()
    if master.startswith("local"):
        return int(context.defaultParallelism)
    by = time.monotonic() + WORKERS
    while scala.getExecutorMemoryStatus().size() < 2:  # the first is this process
        if scala.isStopped() or time.monotonic() > by:
            raise NoCluster(
                f"the master {master} gave no worker within {WORKERS:.0f} seconds: look at its page whether "
                "workers are alive, with a core and the memory free that is asked for (spark.executor.memory)"
            )
        time.sleep(0.1)
    return max(int(context.defaultParallelism), 1)
