"""A real cluster, of one master and two workers: what it gives is what one machine gives, whatever becomes of a worker."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tests_cluster
from tests_ledgers import dump
from typer.testing import CliRunner

from tallystick import cli, cluster, intake, readers
from tallystick.case import Case
from tallystick.cluster import carrying, joining
from tallystick.errors import AskedWrongly, NoCluster, TallystickError

MOMENT = "2019-05-17T00:00:00.000Z"
EXAMPLE = Path(__file__).parent.parent / "examples" / "harrow-valley"
ADDRESS = "spark://127.0.0.1:7077"


# --------------------------------------------------------------------------------- without a cluster


@pytest.mark.parametrize(
    "master", ["yarn", "http://host:7077", "spark://host", "spark://host:port", "", "locals"]
)
def test_what_names_no_cluster_is_refused(master):
    with pytest.raises(AskedWrongly, match=r"names no cluster: give spark://HOST:PORT"):
        cluster.ready(master)


def test_a_master_that_does_not_answer_is_told_before_a_case_is_made(tmp_path):
    told = CliRunner().invoke(
        cli.app, ["run", str(EXAMPLE), "--case", str(tmp_path / "case"), "--cluster", "spark://127.0.0.1:9"]
    )
    assert told.exit_code == 1
    assert "nobody answers at spark://127.0.0.1:9" in told.stderr
    assert not (tmp_path / "case").exists()


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(AskedWrongly, match=r"tallystick\[spark\]"):
        cluster.ready("local[2]")


class NoSession:
    SparkSession = object()


@pytest.mark.parametrize(
    ("java", "told"),
    [
        (None, "no Java was found"),
        ("echo 'openjdk version \"11.0.2\" 2019-01-15' >&2", "Java 11 was found at"),
        ("echo no version >&2", "no Java was found"),
        ("exit 1", "no Java was found"),
    ],
)
def test_a_missing_or_old_java_is_told_with_what_to_install(java, told, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", NoSession())
    monkeypatch.setitem(sys.modules, "pyspark.sql", NoSession())
    if java:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\n{java}\n", encoding="utf-8")
        (tmp_path / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(AskedWrongly, match=rf"needs Java 17 or newer, and {told}.*apt-get install openjdk"):
        cluster.ready("local[2]")


@pytest.mark.parametrize("number", ["17.0.15", "21-ea", "25"])
def test_a_newer_java_will_do(number, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", NoSession())
    monkeypatch.setitem(sys.modules, "pyspark.sql", NoSession())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text(
        f"#!/bin/sh\necho 'openjdk version \"{number}\"' >&2\n", encoding="utf-8"
    )
    (tmp_path / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert cluster.ready("local[2]") == ("", NoSession.SparkSession)


def test_a_store_of_objects_is_refused_with_what_to_do(tmp_path):
    told = CliRunner().invoke(cli.app, ["run", "s3a://bucket/reports", "--case", str(tmp_path / "case")])
    assert told.exit_code == 2
    assert "mount the bucket as a folder" in told.stderr


def test_slices_hold_so_many_things_or_so_many_bytes():
    few = [len(each) for each in carrying._slices(range(10))]
    assert few == [4, 4, 2]
    large = [len(each) for each in carrying._slices([b"x" * (1 << 19)] * 5)]
    assert large == [2, 2, 1]
    assert [len(job) for job in carrying._jobs(range(25), 3)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "[PYTHON_VERSION_MISMATCH] Python in worker has different version",
            "the workers' Python is not that of",
        ),
        ('Cannot run program "/no/python": error=2', "the workers have no"),
        (
            "ModuleNotFoundError: No module named 'duckdb'",
            r"No module named 'duckdb'.*install 'tallystick\[spark\]'",
        ),
        ("org.apache.spark.SparkException: Job aborted", "gave up .*Job aborted.* at one of: a, b"),
    ],
)
def test_what_spark_says_at_length_is_told_in_a_line_with_the_next_step(said, told):
    error = carrying._lost(
        RuntimeError(f"An error occurred.\n{said}\n\tat java.base/x.y(Z.java)"), ["a", "b"]
    )
    assert re.search(told, str(error))
    assert "\n" not in str(error)


class Unpackable(Exception):
    """Can be packed, but wants more than it packs when it is unpacked."""

    def __init__(self, said: str, more: str) -> None:
        super().__init__(said)


def refused(item: str) -> None:
    raise Unpackable(item, "more")


def test_an_exception_that_cannot_travel_is_told_in_words():
    answer = carrying.pickle.loads(carrying._one(refused, carrying.pickle.dumps("of a report")))
    assert isinstance(answer, RuntimeError)
    assert str(answer) == "Unpackable: of a report"


def test_a_process_that_is_not_of_the_same_does_no_work(tmp_path):
    own = carrying.standing()
    asked = [
        (own | {"seeing": str(tmp_path)}, ""),
        (
            own | {"seeing": str(tmp_path), "Python": "3.9"},
            r"would not do what .* Python is 3\.\d+ there and 3\.9 here",
        ),
        (own | {"seeing": str(tmp_path / "none")}, "does not see .*none: keep the case in a folder"),
    ]
    for facts, why in asked:
        packed = carrying.pickle.dumps(facts)
        told = carrying._other(packed)
        assert re.match(f"the worker .*{why}" if why else "$", told)
        answer = carrying.pickle.loads(
            carrying.done(
                packed, carrying.pickle.dumps(len), carrying.pickle.dumps([carrying.pickle.dumps("four")])
            )
        )
        assert (
            isinstance(answer, NoCluster) if why else [carrying.pickle.loads(each) for each in answer] == [4]
        )


def test_the_package_travels_whole_and_without_what_python_left_beside_it(tmp_path):
    with joining.zipfile.ZipFile(joining._packed(tmp_path)) as house:
        names = set(house.namelist())
    assert {"tallystick/incidents/guests.sql", "tallystick/claims/model/encoder.onnx"} <= names
    assert not [name for name in names if "__pycache__" in name]


# ------------------------------------------------------------------------------------ on a cluster


@pytest.fixture(scope="module")
def there() -> Iterator[tests_cluster.Cluster]:
    with tests_cluster.running() as started:
        yield started


@pytest.fixture(scope="module")
def spark(there: tests_cluster.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.Spark]:
    from pyspark import cloudpickle

    # What tests define travels as it is: the workers have no tests.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    seeing = tmp_path_factory.getbasetemp()
    with cluster.joined(there.address, seeing=seeing, settings=tests_cluster.SETTINGS) as joined:
        yield joined


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Many slices and windows of little, and rows in portions that do not hang on how busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carrying, "ITEMS", 4)
        patch.setattr("tallystick.incidents.cutting.SIZE", 12)
        patch.setattr("tallystick.incidents.tables.SLICE", 20)
        patch.setattr(intake, "SECONDS", 600.0)
        yield


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What the example gives on one machine."""
    return walked(tmp_path_factory.mktemp("one"), None, EXAMPLE)


def walked(folder: Path, runner: Any, reports: Path, progress: Any = lambda *_: None) -> tuple[Any, Any]:
    """All rows of the ledger and all bytes that leave, of a case walked through."""
    with Case.make(folder / "case", clock=lambda: MOMENT) as case:
        case.runner = runner
        case.run([reports], jobs=1, progress=progress)
        case.export(folder / "export")
    told = [*(folder / "case" / "dossier").rglob("*"), *(folder / "export").rglob("*")]
    return dump(folder / "case"), {str(p.relative_to(folder)): p.read_bytes() for p in told if p.is_file()}


def test_the_example_on_a_cluster_is_what_it_is_on_one_machine(spark, one, tmp_path):
    rows, left = walked(tmp_path, spark, EXAMPLE)
    assert rows == one[0]
    assert left == one[1]
    assert rows["judgements"]
    assert len(left) > 5


def marked(path: str) -> tuple[str, int]:
    """Work that leaves a mark when it is begun, which process is at it, and then waits for a word to go on."""
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    for _ in range(1200):
        if Path(path).with_name("go").exists():
            break
        time.sleep(0.05)
    return path, os.getpid()


def test_work_that_a_killed_worker_was_at_is_done_by_another(there, spark, tmp_path, monkeypatch):
    monkeypatch.setattr(carrying, "ITEMS", 1)
    marks = [str(tmp_path / f"{n:02}") for n in range(8)]
    done: list[Any] = []
    asking = threading.Thread(target=lambda: done.extend(spark.map(marked, marks, str)))
    asking.start()
    was_at = set[str]()
    while not was_at:  # on whichever worker it is
        assert asking.is_alive()
        time.sleep(0.05)
        for victim in there.workers:
            hands = {str(number) for number in tests_cluster.children(victim.pid)}
            was_at = {
                each for each in marks if Path(each).exists() and Path(each).read_text("utf-8") in hands
            }
            if was_at:
                break
    there.kill(victim)
    (tmp_path / "go").touch()
    there.add_worker()  # the tests that follow have two workers again
    asking.join()
    assert [item for item, _ in done] == marks
    assert [answer[0] for _, answer in done] == marks
    assert all(str(answer[1]) not in hands for item, answer in done if item in was_at)


def test_a_worker_killed_in_the_middle_of_a_run_changes_no_row_and_no_byte(there, spark, one, tmp_path):
    killed = []

    def progress(step: str, done: int, total: int) -> None:
        if step == "reading" and done and not killed:
            victim = next(each for each in there.workers if tests_cluster.children(each.pid))
            killed.append(victim.pid)
            there.kill(victim)

    assert walked(tmp_path, spark, EXAMPLE, progress) == one
    assert killed


def faulty(document: Any) -> Any:
    from tallystick import claims

    if document.name == "tern-coast-times-2019-05-16":
        raise ZeroDivisionError("a fault of the program")
    return claims.claims(document)


def test_a_report_that_raises_is_named_and_the_others_are_read(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(readers.claims, "claims", faulty)
    with Case.make(tmp_path / "case") as case:
        case.runner = spark
        case.add([EXAMPLE])
        with pytest.raises(ZeroDivisionError) as told:
            case.read()
        assert "while reading tern-coast-times-2019-05-16 (doc-" in told.value.__notes__[0]
        read = {event.item for event in case.ledger.events("read")}
        assert len(read) == len(case.ledger.documents()) - 1


def deadly(item: str) -> str:
    if item == "c":
        os._exit(3)
    return item


def test_work_that_ends_its_process_each_time_is_given_up_and_told(spark, monkeypatch):
    monkeypatch.setattr(carrying, "ITEMS", 1)
    with pytest.raises(
        TallystickError, match=r"the cluster gave up .* at one of: a, b, c, d; all before is stored"
    ):
        list(spark.map(deadly, "abcd", str))
    assert list(spark.map(deadly, "ab", str)) == [("a", "a"), ("b", "b")]


def test_a_worker_of_another_make_is_refused(spark, tmp_path):
    own = carrying.standing() | {"duckdb": "0.1", "seeing": str(tmp_path)}
    other = cluster.Spark(spark._session, 2, own)
    with pytest.raises(NoCluster, match=r"duckdb is \S+ there and 0\.1 here; give it the same Python"):
        list(other.map(deadly, "ab", str))


def test_two_walks_at_once_are_kept_apart(spark):
    answers: dict[str, list[Any]] = {}

    def ask(word: str) -> None:
        answers[word] = list(spark.map(str.upper, [word] * 5, str))

    threads = [threading.Thread(target=ask, args=(word,)) for word in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {word: [(word, word.upper())] * 5 for word in ("one", "two")}
