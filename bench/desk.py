"""Many people at one desk: how long do pages take, and is a decision lost or doubled?

    python bench/desk.py CASE                                  5 people, 2 minutes, ledger in its file
    python bench/desk.py CASE --people 20 --database URL       on a server of PostgreSQL ("own" starts one)
    python bench/desk.py CASE --kill                           the desk is killed (kill -9) in the middle, and opened again
    python bench/desk.py CASE --save NAME                      appends the table to bench/desk.md under that name

CASE is copied first (``bench/war_case.py`` makes one of any size). The desk runs as ``tallystick desk`` does, in a
process of its own, with people who sign in with password and second factor. Each person goes round and round: the
queue, an incident or a report that it leads to, a decision on what is shown there, the history, a search, with a
pause of ``--pause`` seconds (half of it to one and a half, by chance) after each page, as nobody reads faster. Every
decision carries a reason of its own; one that was answered with a redirect or a page counts as acknowledged, one
answered by 409 (somebody decided meanwhile) is sent no second time. Afterwards every acknowledged reason is looked for
in the custody record: once. A page's time is from the request's first byte to the answer's last, at the client, on the
same machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import lxml.html
import pyotp
from argon2 import PasswordHasher

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from tallystick.case import Case  # noqa: E402 - the sources beside this one, not an installed package
from tallystick.web.people import People  # noqa: E402
from tallystick.web.peoplefile import PeopleFile  # noqa: E402
from tallystick.web.role import Role  # noqa: E402

PASSWORD = "three blind horses run"  # noqa: S105 - of people who never were
HEAD = ("page", "asked", "median ms", "p95 ms", "slowest ms")


@dataclass
class Times:
    """What was asked and how long it took, by page, in seconds; acknowledged reasons, and other answers."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def settle(file: Path, count: int) -> dict[str, str]:
    """People who may decide in every case, with the secrets of their second factors."""
    people = People(PeopleFile(file, make=True), PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    out = {}
    for number in range(count):
        name = f"Person {number:02d}"
        people.add(name, by="bench")
        token = people.invite(name, by="bench")
        assert people.take(token, "bench", PASSWORD)
        found = people.invited(token)
        assert found is not None
        out[name] = found.secret
        # The code of the step before: that of this one is for signing in.
        code = pyotp.TOTP(found.secret).at(int(time.time()) - 30)
        assert people.accept(token, "bench", code) is not None
        people.give(name, "", Role.SENIOR, by="bench")
    people.file.close()
    return out


class Desk:
    """``tallystick desk`` as a process of its own."""

    def __init__(self, case: Path, people: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = people.with_name("desk.log")
        self._command = [
            sys.executable, "-c", "from tallystick.cli import main; main()", "desk", str(case), "--people", str(people),
            "--port", str(port), "--no-browser",
        ]  # fmt: skip
        self.begin()

    def begin(self) -> float:
        """Start it; seconds until a page of the case could be asked for."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=log)
        while True:
            try:
                if httpx.get(f"{self.url}/sign-in", timeout=5).status_code == 200:
                    return time.perf_counter() - began
            except httpx.HTTPError:
                if self.process.poll() is not None:
                    raise SystemExit(self.log.read_text(encoding="utf-8")) from None
                time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


class Person(threading.Thread):
    """Somebody who goes round: queue, incident or report, decision, history, search."""

    def __init__(self, name: str, secret: str, desk: Desk, case: str, pause: float, until: float) -> None:
        super().__init__(name=name)
        self._secret, self._desk, self._case = secret, desk, case
        self._pause, self._until = pause, until
        self._chance = random.Random(name)  # noqa: S311 - what somebody happens to look at
        self.times = Times()
        self.failed: BaseException | None = None
        self._client = httpx.Client(base_url=desk.url, timeout=60, follow_redirects=False)

    def sign_in(self) -> None:
        page = lxml.html.fromstring(self._client.get("/sign-in").text)
        token = page.xpath("string(//input[@name='csrf']/@value)")
        code = pyotp.TOTP(self._secret).now()
        told = {"name": self.name, "password": PASSWORD, "code": code, "csrf": token}
        answer = self._client.post("/sign-in", data=told)
        if answer.status_code != 303:
            raise SystemExit(f"{self.name} could not sign in: {answer.status_code}")

    def run(self) -> None:
        try:
            while time.time() < self._until:
                self._round()
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for the thread
            self.failed = error

    def _get(self, page: str, path: str) -> lxml.html.HtmlElement | None:
        time.sleep(self._pause * (0.5 + self._chance.random()))
        began = time.perf_counter()
        try:
            answer = self._client.get(path, follow_redirects=True)
        except httpx.TransportError:
            self.times.others["cut off"] += 1
            time.sleep(0.2)
            return None
        self.times.pages[page].append(time.perf_counter() - began)
        if answer.status_code != 200:
            self.times.others[f"{page} {answer.status_code}"] += 1
            return None
        return lxml.html.fromstring(answer.text)

    def _round(self) -> None:
        base = f"/c/{self._case}"
        queue = self._get("queue", f"{base}/queue?skip={50 * self._chance.randrange(8)}")
        if queue is not None:
            self._decide(queue)
            for page, part in (("incident", "/incidents/inc-"), ("report", "/reports/doc-")):
                links = sorted(
                    {link.partition("#")[0] for link in queue.xpath("//main//a/@href") if part in link}
                )
                if links:
                    shown = self._get(page, self._chance.choice(links))
                    if shown is not None:
                        self._decide(shown)
        self._get("overview", f"{base}/")
        self._get("history", f"{base}/history")
        self._get(
            "search",
            f"{base}/search?q={self._chance.choice(('hospital', 'market', 'shells', 'truce families'))}",
        )

    def _decide(self, page: lxml.html.HtmlElement) -> None:
        """Send one of the forms of the page that ask what stands, with a reason of its own."""
        forms = [
            form
            for form in page.xpath("//main//form")
            if form.method == "POST"
            and form.xpath(".//*[@name='note']")
            and form.xpath(".//button[@name='verdict']")
        ]
        if not forms:
            self.times.others["nothing to decide"] += 1
            return
        form = self._chance.choice(forms)
        simple = [
            b
            for b in form.xpath(".//button[@name='verdict']/@value")
            if b in ("upheld", "rejected", "same", "different", "unsure")
        ]
        if not simple:
            return
        reason = f"{self.name} {time.time_ns()} {self._chance.random()}"
        told = {name: value or "" for name, value in form.form_values()}
        told |= {"note": reason, "verdict": self._chance.choice(simple)}
        time.sleep(self._pause * (0.5 + self._chance.random()))
        began = time.perf_counter()
        try:
            answer = self._client.post(form.action, data=told)
        except httpx.TransportError:
            self.times.others["cut off"] += 1
            time.sleep(0.2)
            return
        self.times.pages["a decision"].append(time.perf_counter() - began)
        if answer.status_code in (200, 303):
            self.times.acknowledged.append(reason)
        else:
            self.times.others[f"decision {answer.status_code}"] += 1


def share(times: list[float], part: float) -> float:
    """The time that ``part`` of them stay below, in milliseconds."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", type=Path)
    parser.add_argument("--people", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--database", default="")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--save", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tallystick-desk-") as apart:
        lines = measured(asked, Path(apart))
    print("\n".join(lines))
    if asked.save:
        file = HERE / "desk.md"
        with file.open("a", encoding="utf-8") as out:
            out.write(f"\n## {asked.save}\n\n" + "\n".join(lines) + "\n")


def measured(asked: argparse.Namespace, apart: Path) -> list[str]:
    case = apart / "case"
    shutil.copytree(asked.case, case)
    os.environ["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    secrets = settle(apart / "people.sqlite", asked.people)
    server: Callable[[], None] = lambda: None  # noqa: E731
    if asked.database:
        server = on_server(case, asked.database)
    desk = Desk(case, apart / "people.sqlite", free_port())
    try:
        until = time.time() + 10**6
        everybody = [
            Person(name, secret, desk, "case", asked.pause, until) for name, secret in secrets.items()
        ]
        for person in everybody:
            person.sign_in()
        prepared = prepare(everybody[0])
        for person in everybody:
            person._until = time.time() + asked.seconds
            person.start()
        again = 0.0
        if asked.kill:
            time.sleep(asked.seconds / 2)
            desk.kill()
            again = desk.begin()
        for person in everybody:
            person.join()
            if person.failed:
                raise person.failed
    finally:
        desk.stop()
        sys.stderr.write(desk.log.read_text(encoding="utf-8")[-20_000:])
    lines = told(asked, case, everybody, prepared, again)
    server()
    return lines


def prepare(person: Person) -> float:
    """Wait until the case has been worked through; seconds."""
    began = time.perf_counter()
    while person._client.get("/c/case/queue").status_code == 503:
        time.sleep(0.2)
    return time.perf_counter() - began


def on_server(case: Path, url: str) -> Callable[[], None]:
    """Move the case to a server; "own" starts one, with every commit on disk. What stops it again."""
    from tallystick.moves import move

    if url != "own":
        move(case, url)
        return lambda: None
    from tests_postgres import Postgres

    postgres = Postgres.made(safe=True)
    move(case, postgres.new_case())
    return postgres.stop


def told(
    asked: argparse.Namespace, case: Path, everybody: list[Person], prepared: float, again: float
) -> list[str]:
    """The table, and what became of the decisions."""
    pages: dict[str, list[float]] = defaultdict(list)
    others: Counter[str] = Counter()
    for person in everybody:
        others.update(person.times.others)
        for page, times in person.times.pages.items():
            pages[page] += times
    with Case.open(case) as opened:
        notes = Counter(event.note for event in opened.ledger.events("reviewed", "judged"))
        acknowledged = [reason for person in everybody for reason in person.times.acknowledged]
        ours = {note: n for note, n in notes.items() if note.startswith("Person ")}
        lost = sum(reason not in ours for reason in acknowledged)
        # A split or a judgement of several pairs is one decision of several rows; these buttons make one each.
        doubled = sum(n > 1 for n in ours.values())
        problems = len(opened.verify().problems)
        reports, claims = len(opened.ledger.document_ids()), opened.ledger.reach().rows["claims"]
    every = [time for times in pages.values() for time in times]
    seen = [time for page, times in pages.items() if page != "a decision" for time in times]
    where = "on PostgreSQL" if asked.database else "in SQLite"
    lines = [
        f"{len(everybody)} people, {asked.seconds:.0f} s, a pause of {asked.pause:g} s after each page, "
        f"{reports:,} reports and {claims:,} claims {where}; {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; prepared in {prepared:.1f} s.",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|---|" + "--:|" * (len(HEAD) - 1),
    ]
    for page, times in [*sorted(pages.items()), ("**all pages**", seen)]:
        if times:
            middle, slowest = 1000 * statistics.median(times), 1000 * max(times)
            lines.append(
                f"| {page} | {len(times):,} | {middle:.0f} | {share(times, 0.95):.0f} | {slowest:.0f} |"
            )
    lines += [
        "",
        f"{len(every) / asked.seconds:.1f} requests a second. {len(acknowledged):,} decisions acknowledged, {lost} lost, "
        f"{doubled} doubled; verify: {problems} problems. Other answers: {dict(others) or 'none'}."
        + (f" Killed in the middle; the desk answered again after {again:.1f} s." if asked.kill else ""),
    ]
    return lines


if __name__ == "__main__":
    main()
