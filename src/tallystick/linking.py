"""Which documents are compared anew: those whose accounts are not what they were when last compared.

A judgement follows from the two documents of its pair (``incidents.compare``), so a new report, or a name
that now means another place, touches only the pairs of the documents that tell of it. What was compared
is kept in a file of the user's cache, with a mark of the ledger that it belongs to: where the file is
missing, was made under other weights, or the ledger has been written to since (by a crashed run, on
another machine, from a backup), everything is compared. The outcome is the same either way.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tallystick import incidents
from tallystick.incidents import MAKER
from tallystick.ledger import Clock, Ledger
from tallystick.model import Account, AccountId, DocumentId, Event, Judgement, Role
from tallystick.naming import cache
from tallystick.runner import Runner

_BATCH = 1000
_LEFT_OUT = ("no longer a pair to compare",)

Progress = Callable[[str, int, int], None]
Pair = tuple[AccountId, AccountId]
# Of one slice: how many candidate pairs it has, and the judgements on those that are not plainly different.
Part = tuple[int, tuple[Judgement, ...]]
# A window, and of each document in it the slice that one process would compare it in.
Apart = tuple[incidents.Window, dict[DocumentId, int]]


@dataclass(frozen=True, slots=True)
class Linked:
    """What ``link`` did: accounts and pairs that were looked at, judgements that were new."""

    accounts: int
    pairs: int
    judgements: int


class Linking:
    """One walk over the accounts of a case, whose judgements go to the ledger as they are made.

    ``lists`` is the SHA-256 of the lists in which the places of the accounts were looked up.
    """

    def __init__(self, ledger: Ledger, lists: str, clock: Clock, by: str, who: str = "") -> None:
        self._ledger, self._lists, self._clock, self._by, self._who = ledger, lists, clock, by, who
        self._fresh: list[Judgement] = []
        self._new = 0

    def link(
        self, told: Sequence[Account], kept: Path, progress: Progress, runner: Runner | None = None
    ) -> Linked:
        """Compare what changed since ``kept`` was written, and store what is judged of each pair.

        With a ``runner`` windows of accounts are compared wherever it carries them, and nothing is stored
        before all are; the outcome is the same.
        """
        stand = {(each.left, each.right): each for each in self._ledger.judgements("program")}
        there, before = marks(told), self._ledger.events("linked")
        due, known = changed(there, kept, before), linkings(before)
        proposed: set[Pair] = set()
        looked_at = 0
        for candidates, judgements in (
            here(told, due, progress) if runner is None else across(told, due, progress, runner)
        ):
            looked_at += candidates
            for judgement in judgements:
                proposed.add((judgement.left, judgement.right))
                if stand.get((judgement.left, judgement.right)) != judgement:
                    self._fresh.append(judgement)
            known += self._store(_BATCH)
        self._fresh += _left_out(told, stand, proposed, due)
        known += self._store(1)
        remember(there, kept, self._ledger.events("linked"), known)
        return Linked(len(told), looked_at, self._new)

    def _store(self, least: int) -> int:
        """Store judgements, in batches while there are ``least`` of them; how many events tell of them."""
        batches = 0
        while len(self._fresh) >= least:
            batch, self._fresh = self._fresh[:_BATCH], self._fresh[_BATCH:]
            facts = {"judgements": len(batch), "version": MAKER.version, "places": self._lists}
            event = Event("linked", MAKER.name, self._by, self._clock(), facts=facts, who=self._who)
            self._new += self._ledger.append(judgements=batch, events=[event]).judgements
            batches += 1
        return batches


def here(told: Sequence[Account], due: set[DocumentId], progress: Progress) -> Iterator[Part]:
    """What comes of comparing, slice by slice, in this process."""
    for part in incidents.pairs(told, due, progress=lambda done, of: progress("linking", done, of)):
        yield part.candidates, tuple(pair.judgement for pair in part.near)


def across(
    told: Sequence[Account], due: Collection[DocumentId], progress: Progress, runner: Runner
) -> Iterator[Part]:
    """The same from windows that ``runner`` carries, in the order in which one process would give it.

    A window's judgements belong to many slices, so they wait on disk, packed, in a file for each slice.
    """
    parts = incidents.parts(told)
    apart: list[Apart] = [
        (window, {account.document: parts[account.document] for account in window.accounts})
        for window in incidents.windows(told, due)
    ]
    candidates = 0
    with TemporaryDirectory(prefix="tallystick-") as folder:
        files = [Path(folder) / str(part) for part in range(1 + max(parts.values(), default=-1))]
        compared = runner.map(_sorted_out, apart, lambda each: str(each[0]))
        for done, ((window, _), judged) in enumerate(compared):
            progress("linking", done, len(apart))
            if isinstance(judged, BaseException):
                judged.add_note(f"while comparing the accounts of {window}")
                raise judged
            candidates += judged[0]
            for part, packed in judged[1].items():
                with files[part].open("ab") as file:
                    file.write(packed)
        progress("linking", len(apart), len(apart))
        yield candidates, ()
        for path in files:
            yield 0, tuple(sorted(_unpacked(path), key=lambda each: (each.left, each.right)))


def _sorted_out(apart: Apart) -> tuple[int, dict[int, bytes]]:
    """How many candidate pairs a window has, and its judgements, packed, by the slice that they belong to."""
    window, parts = apart
    candidates, judgements = incidents.judged(window)
    of = {account.id: parts[account.document] for account in window.accounts}
    out: dict[int, list[Judgement]] = {}
    for judgement in judgements:
        out.setdefault(min(of[judgement.left], of[judgement.right]), []).append(judgement)
    return candidates, {part: pickle.dumps(some) for part, some in out.items()}


def _unpacked(path: Path) -> Iterator[Judgement]:
    if path.exists():
        with path.open("rb") as file:
            while file.peek(1):
                yield from pickle.load(file)  # noqa: S301 - our own file


def _left_out(
    told: Iterable[Account], stand: Mapping[Pair, Judgement], proposed: set[Pair], due: set[DocumentId]
) -> list[Judgement]:
    """For the pairs that were judged before and are not compared any more: unsure from now on."""
    document = {account.id: account.document for account in told}
    out = []
    for left, right in sorted(stand.keys() - proposed):
        both = {document.get(left), document.get(right)}
        left_out = Judgement(left, right, "unsure", MAKER, None, _LEFT_OUT)
        if None not in both and not due.isdisjoint(both) and stand[left, right] != left_out:
            out.append(left_out)
    return out


def file(folder: Path) -> Path:
    """Where it is kept what was compared of the case in ``folder``."""
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return cache() / f"compared-{name}.json"


def marks(accounts: Iterable[Account]) -> dict[DocumentId, str]:
    """For each document a digest of all in its accounts that comparing looks at."""
    by_document: dict[DocumentId, list[str]] = {}
    for account in accounts:
        parties = [claim.value.party.name for claim in account.claims if isinstance(claim.value, Role)]
        speakers = [voice.name for claim in account.claims for voice in claim.voices]
        places = (
            [(c.entry.id, c.entry.kind, c.entry.population) for c in account.found.choices]
            if account.found
            else []
        )
        said = [claim.id for claim in account.claims]
        told = (account.telling, account.published, said, parties, speakers, places)
        by_document.setdefault(account.document, []).append(repr(told))
    return {
        name: hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()[:24]
        for name, told in by_document.items()
    }


def changed(told: Mapping[DocumentId, str], kept: Path, events: Iterable[Event]) -> set[DocumentId]:
    """The documents of ``told`` that are not as ``kept`` has them; all where it cannot be relied on."""
    try:
        compared = json.loads(kept.read_text(encoding="utf-8"))
        if compared["by"] == MAKER.version and compared["ledger"] == _state(events):
            return {name for name, mark in told.items() if compared["documents"].get(name) != mark}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return set(told)


def linkings(events: Iterable[Event]) -> int:
    """How often the ledger says that judgements were stored."""
    return sum(event.what == "linked" for event in events)


def remember(told: Mapping[DocumentId, str], kept: Path, events: Sequence[Event], known: int) -> None:
    """Write down what is compared now, ``known`` being the linkings that one knew of or did oneself.

    Where the ledger tells of more, another process linked meanwhile, by what it knew; then, and where nothing
    can be written, everything is compared the next time.
    """
    if linkings(events) != known:
        _forget(kept)
        return
    compared = {"by": MAKER.version, "ledger": _state(events), "documents": dict(sorted(told.items()))}
    draft = kept.with_suffix(".new")
    try:
        draft.write_text(json.dumps(compared), encoding="utf-8")
        draft.replace(kept)
    except OSError:
        _forget(kept)


def _forget(kept: Path) -> None:
    with suppress(OSError):
        kept.unlink(missing_ok=True)


def _state(events: Iterable[Event]) -> str:
    """A mark of all linking that the ledger tells of."""
    linked = [(event.at, event.by, dict(event.facts)) for event in events if event.what == "linked"]
    return hashlib.sha256(repr(linked).encode()).hexdigest()[:24]
