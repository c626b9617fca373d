"""A cluster of Spark for tests: one master and two workers on loopback, of Spark's own programs, each on a port of its own.

It needs no service and no rights: the programs are those in the pip package. A worker has one core and one gigabyte.
Where PySpark or Java is missing the tests are skipped and say so; with ``TALLYSTICK_NEED_SPARK=1`` they fail.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

NEED = "TALLYSTICK_NEED_SPARK"
# Programs that run for a minute are not worth compiling well, nor a collector with threads of its own.
_BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.executor.extraJavaOptions": _BRIEF,
    "spark.driver.extraJavaOptions": _BRIEF,
}
_ADDRESS = re.compile(r"Starting Spark master at (spark://[\d.]+:\d+)")


def home() -> Path:
    """The folder of Spark in the pip package. Skips, or fails where one is needed, when it or Java is missing."""
    found = importlib.util.find_spec("pyspark")
    java = shutil.which("java") or "JAVA_HOME" in os.environ
    if found is None or found.origin is None or not java:
        lacking = "Java (apt-get install openjdk-17-jre-headless)" if found else "PySpark (the extra 'spark')"
        if os.environ.get(NEED):
            pytest.fail(f"needs {lacking}")
        pytest.skip(f"needs {lacking}")
    return Path(found.origin).parent


def children(parent: int) -> list[int]:
    """The processes that a process started, and theirs."""
    said = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    ).stdout
    own = [int(number) for number in said.split()]
    return [*own, *(each for one in own for each in children(one))]


@dataclass
class Cluster:
    """One master and its workers; ``address`` is what ``--cluster`` takes."""

    folder: Path
    home: Path
    address: str = ""
    master: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SPARK"))}
        # What the workers know of Tallystick comes with the job: they are started where none is.
        told = {
            "SPARK_HOME": str(self.home),
            "SPARK_DAEMON_MEMORY": "192m",
            "SPARK_DAEMON_JAVA_OPTS": _BRIEF,
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(self.home / "bin" / "spark-class"), *arguments],
                cwd=self.folder,
                env=mine | told,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _said(self, name: str, pattern: str) -> re.Match[str]:
        for _ in range(600):
            told = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
            if found := re.search(pattern, told):
                return found
            time.sleep(0.1)
        raise AssertionError(f"{name} does not say {pattern!r}:\n{told[-2000:]}")

    def start(self, workers: int) -> None:
        """Start the master and so many workers."""
        package = "org.apache.spark.deploy"
        where = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        self.master = self._start("master", f"{package}.master.Master", *where)
        self.address = self._said("master", _ADDRESS.pattern)[1]
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> None:
        """Start one more worker, and wait until the master has it."""
        name = f"worker-{len(self.workers)}"
        where = ("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g")
        worker = self._start(
            name,
            "org.apache.spark.deploy.worker.Worker",
            *where,
            "--work-dir",
            str(self.folder / name),
            self.address,
        )
        self.workers.append(worker)
        self._said(name, "Successfully registered with master")

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker and all that it started as kill -9 does."""
        for number in [worker.pid, *children(worker.pid)]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        worker.wait(timeout=60)

    def stop(self) -> None:
        for each in [*self.workers, *([self.master] if self.master else [])]:
            if each.poll() is None:
                self.kill(each)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running(workers: int = 2) -> Iterator[Cluster]:
    """A cluster for as long as the ``with`` statement lasts."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="tallystick-spark-")), home())
    try:
        cluster.start(workers)
        yield cluster
    finally:
        cluster.stop()
