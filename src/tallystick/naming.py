"""WHICH PLACE, WHICH PARTY IS MEANT? Lists, what people decided on names, and accounts looked up by both.

Claims keep names as told; what they mean is worked out afresh from the lists and decisions that
stand, so that a list added later, or a reviewer's word, counts for every report, also for those to
come. Two things are stored, both as custody events: that a list was taken in (``listed``; its bytes
lie in ``lists/`` under their SHA-256), and that a person said what a name means (``named``). The
last word on a name stands.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Literal

from tallystick.errors import AskedWrongly, CaseDamaged, CaseReadOnly
from tallystick.evidence import opening
from tallystick.evidence.capture import sha256
from tallystick.evidence.placing import UNFINISHED
from tallystick.model import Account, Document, DocumentId, Event, Role
from tallystick.values.names import fold
from tallystick.values.parties import lists as partylists
from tallystick.values.parties.context import Resolved
from tallystick.values.parties.context import resolve as resolve_parties
from tallystick.values.parties.register import Parties, basic
from tallystick.values.party import Party
from tallystick.values.places import gazetteer
from tallystick.values.places import lists as placelists
from tallystick.values.places.atlas import Located, resolve
from tallystick.values.places.gazetteer import Gazetteer, Refused
from tallystick.values.places.index import VERSION, probed

FOLDER = "lists"
INDEX = re.compile(r"list-[0-9a-f]{32}\.sqlite")  # what an index is called: see ``index_of``
# What a file raises that looks like a list and is none, or not a sound one.
_NO_LIST = (csv.Error, sqlite3.Error, ValueError, OverflowError, RecursionError)
Progress = Callable[[str, int, int], None]
Sort = Literal["place", "party"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was taken into a case: of what, its name, its SHA-256, rows taken and rows refused."""

    sort: Sort
    name: str
    digest: str
    taken: int
    refused: tuple[Refused, ...]


# ------------------------------------------------------------------------------------ the lists


def take(path: Path, case: Path, progress: Progress, standing: Mapping[str, str]) -> Taken:
    """Copy the list at ``path`` (a file, or a folder of one) into ``case``, and index it.

    ``standing`` are the names of the lists that count, with their digests: two of one name would
    give one id to two places. Raises ``AskedWrongly`` where it is no list that can be read, or none of
    its rows can be taken.
    """
    path = path.resolve()  # "." and "..", too, have a name
    _text(path.name, f"the name of the list {path.name!r}")
    try:
        sort, digest = _sort_of(path), _digest(path.resolve())
        if standing.get(path.name, digest) != digest:
            raise AskedWrongly(
                f"another list called {path.name} counts in this case; "
                f"take it out first ('tallystick lists {case} --drop {path.name}'), or rename this one"
            )
        if sort == "place":
            built = _index(path, digest, progress)
            taken, refused = built.taken.total(), tuple(built.refused)
        else:
            read = Parties(own=partylists.read(path), based=False)
            taken, refused = read.taken.total(), tuple(read.refused)
    except (placelists.UnknownList, partylists.UnknownList) as error:
        raise AskedWrongly(str(error)) from error
    except OSError as error:
        raise AskedWrongly(f"{path} cannot be read ({error.strerror}); name the file of a list") from error
    except _NO_LIST as error:
        raise AskedWrongly(f"{path} cannot be read as a list: {error}") from error
    if not taken:
        index_of(digest, path.name).unlink(missing_ok=True)
        why = f"the first: {refused[0]}" if refused else "it has none"
        raise AskedWrongly(f"{path}: no row of it can be taken; {why}")
    _keep(path, folder_of(case, digest) / path.name, digest)
    return Taken(sort, path.name, digest, taken, refused)


def _sort_of(path: Path) -> Sort:
    """Whether a list is of places or of parties, by what it holds.

    A case's own list of either is a CSV with a column "name": one of parties has another column of its own.
    """
    try:
        placelists.read(path)
    except placelists.UnknownList as error:
        try:
            partylists.read(path)
        except (partylists.UnknownList, IsADirectoryError):
            raise error from None
        return "party"
    if path.is_dir():
        return "place"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = re.split("[,;\t]", file.readline())
    columns = {column.strip().strip('"').lower() for column in head}
    return "party" if columns & {"sort", "ties", "described", "over time"} else "place"


def _keep(path: Path, kept: Path, digest: str) -> None:
    """A copy of a list in the case, under its digest: there whole, or not at all.

    One that holds is not written again, so that nothing that happens now can harm it. Another (an
    interrupted command left half of one, somebody changed it) is put there anew.
    """
    try:
        if kept.exists() and _digest(kept) == digest:
            return
        draft = kept.parent.with_name(f"{UNFINISHED}{digest}")
        if draft.exists():
            shutil.rmtree(draft)
        for each in _files(path) if path.is_dir() else [path]:
            copy = draft / path.name / each.relative_to(path) if path.is_dir() else draft / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(each, copy)
            with copy.open("rb") as file:
                os.fsync(file.fileno())
        if kept.exists():
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
        kept.parent.mkdir(parents=True, exist_ok=True)
        (draft / path.name).rename(kept)
        draft.rmdir()
    except OSError as error:
        raise CaseReadOnly(
            f"{kept} cannot be written to ({error.strerror}); make room or change its rights"
        ) from error


def _text(told: str, what: str) -> None:
    """Raises ``AskedWrongly`` where ``told`` is bytes that are no text."""
    try:
        told.encode()
    except UnicodeEncodeError as error:
        raise AskedWrongly(f"{what} holds bytes that are no UTF-8; write it anew") from error


def standing_lists(events: Iterable[Event], sort: Sort | None = None) -> tuple[Event, ...]:
    """The custody events of the lists that count, in the order of their taking in; of one sort if asked."""
    last: dict[str, Event] = {}
    for event in events:
        if event.what == "listed":
            last.pop(event.item, None)
            if event.facts.get("counts", True):
                last[event.item] = event
    return tuple(event for event in last.values() if sort in (None, event.facts["sort"]))


def opened(case: Path, events: Iterable[Event], progress: Progress) -> Gazetteer:
    """The default list and the lists of the case, indexed where they are not yet, as one.

    Raises ``CaseDamaged`` where the bytes of a list are missing or are not those that were taken.
    """
    kept = [(event, _kept(case, event)) for event in standing_lists(events, "place")]
    for again in (False, True):
        try:
            paths = [gazetteer.default(cache(), _shown(progress, "preparing the list of places"))]
            for event, path in kept:
                index = index_of(event.item, path.name)
                if not index.exists():
                    _index(path, event.item, progress)
                paths.append(index)
            return Gazetteer(*paths)
        except sqlite3.DatabaseError:  # an index that was cut short, or written over
            if again:
                raise
            for index in cache().glob("*.sqlite"):
                index.unlink(missing_ok=True)
        except OSError as error:
            raise CaseReadOnly(
                f"{cache()} cannot be written to ({error.strerror}); "
                "make room there, or name another folder by XDG_CACHE_HOME"
            ) from error
    raise AssertionError("the second round returns or raises")


def register(case: Path, events: Iterable[Event]) -> Parties:
    """The parties that come with Tallystick, and those of the lists of the case; its own lists win.

    Raises ``CaseDamaged`` as ``opened`` does.
    """
    paths = [_kept(case, event) for event in standing_lists(events, "party")]
    if not paths:
        return basic()
    own = [path for path in paths if partylists.is_own(path)]
    others = [partylists.read(path) for path in paths if path not in own]
    return Parties(others, chain.from_iterable(map(partylists.read, own)))


def _kept(case: Path, event: Event) -> Path:
    """Where the bytes of a list lie. Raises ``CaseDamaged`` where they are not those that were taken in."""
    flaw = flaw_of(case, event)
    if flaw is not None:
        raise CaseDamaged(flaw)
    return place_of(case, event)


def place_of(case: Path, event: Event) -> Path:
    """Where the list that ``event`` tells of lies; ``CaseDamaged`` where that is no place in the case."""
    folder, name = folder_of(case, event.item), event.facts["name"]
    if not isinstance(name, str) or "\0" in name or name in ("", ".", "..") or os.path.basename(name) != name:
        raise CaseDamaged(
            f"{name!r} is no name of a list: the ledger was changed; fetch the case from a copy"
        )
    return folder / name


def folder_of(case: Path, digest: object) -> Path:
    """Where a case keeps the list with this digest; ``CaseDamaged`` if it is no SHA-256."""
    return case / FOLDER / sha256(digest)


def flaw_of(case: Path, event: Event) -> str | None:
    """What is wrong with the kept bytes of a list, in a sentence; ``None`` where they hold."""
    try:
        kept = place_of(case, event)
    except CaseDamaged as error:
        return str(error)
    if not kept.exists():
        return f"{kept} is missing; put a copy of the list back, or add it again"
    found = _digest(kept)
    return (
        None if found == event.item else f"{kept} is not the list that was taken in: its SHA-256 is {found}"
    )


def cache() -> Path:
    """Where indexes lie: the user's cache folder, else one for temporary files; they may be deleted."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(home) / "tallystick"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    if not hasattr(os, "getuid"):
        return Path(tempfile.gettempdir()) / "tallystick"
    spare = Path(tempfile.gettempdir()) / f"tallystick-{os.getuid()}"
    if spare.exists() and spare.stat().st_uid != os.getuid():
        return _spare()  # nothing that somebody else put there is read
    return spare


def kept(case: Path) -> Path:
    """Where the desk keeps what follows from the case in the folder ``case``: in a folder of this user alone.

    Nobody else can have written there, nor read: what somebody else could have put there is cleared away.
    """
    folder = cache() / "desk"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if folder.is_symlink() or not mine:
        folder = _spare()
    elif found.st_mode & 0o077:
        folder.chmod(0o700)
        for left in folder.iterdir():
            left.unlink()
    name = hashlib.sha256(str(case.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return folder / f"{name}.sqlite"


@lru_cache(maxsize=1)
def _spare() -> Path:
    """A folder for this process alone."""
    return Path(tempfile.mkdtemp(prefix="tallystick-"))


def index_of(digest: str, name: str) -> Path:
    """Where the index of a list lies: called after its bytes, its name, and how names sound."""
    made_of = f"{VERSION} {probed()} {name}\0{digest}"
    return cache() / f"list-{hashlib.sha256(made_of.encode()).hexdigest()[:32]}.sqlite"


def _index(path: Path, digest: str, progress: Progress) -> gazetteer.Built:
    index = index_of(digest, path.name)
    return gazetteer.build(index, placelists.read(path), _shown(progress, f"indexing {path.name}"))


def _shown(progress: Progress, step: str) -> Callable[[float], None]:
    return lambda share: progress(step, round(100 * share), 100)


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.suffix in (".json", ".db") and each.is_file())


def _digest(path: Path) -> str:
    """SHA-256 of a file; of a folder that of the names and digests of its JSON files and databases."""
    if path.is_dir():
        parts = (f"{each.relative_to(path).as_posix()}\0{_digest(each.resolve())}\n" for each in _files(path))
        return hashlib.sha256("".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    with opening.plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listed(taken: Taken, by: str, at: str) -> Event:
    """The custody event that a list was taken in."""
    facts = {
        "sort": taken.sort,
        "name": taken.name,
        "taken": taken.taken,
        "refused": len(taken.refused),
        "counts": True,
    }
    return Event("listed", taken.digest, by, at, facts=facts)


def dropped(case: Path, standing: Iterable[Event], name: str, by: str, at: str) -> Event:
    """The custody event that the list of that name, or digest, counts no more.

    Raises ``AskedWrongly`` where none of those ``standing`` is called so.
    """
    for event in standing:
        if name in (event.facts["name"], event.item):
            return Event("listed", event.item, by, at, facts={**event.facts, "counts": False})
    raise AskedWrongly(f"no list {name!r} counts in this case; 'tallystick lists {case}' names those that do")


# -------------------------------------------------------------------------------- the decisions


def decision(sort: Sort, name: str, means: str | None, note: str, by: str, at: str, who: str = "") -> Event:
    """The custody event that a person said what ``name`` means (``None``: nothing any more)."""
    for told in (name, means or "", note, by):
        _text(told, "what was decided")
    if not fold(name):
        raise AskedWrongly(f"{name!r} is no name")
    facts = {"sort": sort, "name": name, "means": means}
    return Event("named", f"{sort} {fold(name)}", by, at, note, facts, who)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said that a name means: the id of a place, or a party's usual name."""

    means: str
    by: str
    at: str
    note: str = ""

    @property
    def why(self) -> str:
        """The reason as it is shown: who said so, when, and why."""
        return f"{self.by} said so on {self.at[:10]}" + (f" ({self.note})" if self.note else "")


def decided(events: Iterable[Event], sort: Sort) -> dict[str, Decision]:
    """What people said that names mean, by the folded name; the last word on each."""
    out: dict[str, Decision] = {}
    for event in events:
        if event.what == "named" and event.facts.get("sort") == sort:
            name, means = fold(event.facts["name"]), event.facts.get("means")
            out.pop(name, None)
            if means:
                out[name] = Decision(means, event.by, event.at, event.note)
    return out


# --------------------------------------------------------------------------------- the accounts


def located(
    accounts: Sequence[Account], documents: Mapping[DocumentId, Document], lists: Gazetteer,
    countries: Sequence[str], decisions: Mapping[str, Decision],
) -> tuple[Account, ...]:  # fmt: skip
    """``accounts`` with their places found: all places of one report together, in the light of each other."""
    out = list(accounts)
    named = {name: decision.means for name, decision in decisions.items()}
    for document, group in _by_document(accounts):
        told = [(n, place) for n, account in group if (place := account.telling.place) is not None]
        places = resolve([place for _, place in told], lists, countries, named, documents[document].text)
        for (n, place), found in zip(told, places, strict=True):
            out[n] = _meant(out[n], {}, _credited(found, decisions.get(fold(place.name))))
    return tuple(out)


def known(
    accounts: Sequence[Account], documents: Mapping[DocumentId, Document], register: Parties,
    countries: Sequence[str], decisions: Mapping[str, Decision],
) -> tuple[Account, ...]:  # fmt: skip
    """``accounts`` with what the names of parties and speakers in their report mean, and why."""
    out = list(accounts)
    for document, group in _by_document(accounts):
        told: dict[str, str | None] = {}
        for name, words in (each for _, account in group for each in _parties(account)):
            told[name] = told.get(name) or words  # a name without words takes none away
        parties = [Party(name, told[name]) for name in sorted(told)]
        report = documents[document]
        meant = resolve_parties(parties, register, report.published, report.text, countries)
        meant = tuple(_decided(one, decisions, register, report.published) for one in meant)
        by_name = {one.party.name: one for one in meant}
        for n, account in group:
            mine = sorted({name for name, _ in _parties(account)})
            names = {name: by_name[name].name for name in mine}
            out[n] = replace(_meant(account, names), parties=tuple(by_name[name] for name in mine))
    return tuple(out)


def _credited(found: Located, decision: Decision | None) -> Located:
    """``found`` with who decided it; or with what was decided for a place that no standing list has."""
    if decision is None:
        return found
    if found.place.code == decision.means:
        return replace(found, reasons=(decision.why,))
    lost = f"{decision.by} decided for {decision.means}, which no list of the case has any more"
    return replace(found, reasons=(*found.reasons, lost))


def _meant(account: Account, names: Mapping[str, str], found: Located | None = None) -> Account:
    """``account`` with its claims as meant."""
    place = found.place if found else None
    claims = tuple(claim.meant(names, place) for claim in account.claims)
    head = claims[account.claims.index(account.head)]
    return replace(account, head=head, claims=claims, found=found or account.found)


def _parties(account: Account) -> Iterator[tuple[str, str | None]]:
    """The names of parties and speakers in an account, each with the words that gave it."""
    for claim in account.claims:
        if isinstance(claim.value, Role):
            yield claim.value.party.name, claim.value.party.words
        for voice in claim.voices:
            yield voice.name, voice.span.quote if voice.span else None


def _decided(
    one: Resolved, decisions: Mapping[str, Decision], register: Parties, on: date | None
) -> Resolved:
    """What a person said of this name, or of the one it was found to be, before anything else."""
    decision = decisions.get(fold(one.party.name)) or decisions.get(fold(one.name))
    if decision is None:
        return one
    found = register.one(decision.means, on)
    return Resolved(one.party, decision.means, (decision.why,), found.entry if found else None)


def _by_document(accounts: Sequence[Account]) -> Iterator[tuple[DocumentId, list[tuple[int, Account]]]]:
    groups: dict[DocumentId, list[tuple[int, Account]]] = {}
    for n, account in enumerate(accounts):
        groups.setdefault(account.document, []).append((n, account))
    yield from groups.items()
