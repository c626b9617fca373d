"""WHAT MUST GO? A report, or a person's name, taken out for safety or law, so that the rest still verifies.

Two named people and a reason are asked for. What goes leaves the SHA-256 of each row and capture that it
stood in, in one custody event, ``expunged``; by these the chain still holds (``audit``), and a report that
went is not taken in again unasked. The bytes of captures go, and all that is worked out of the case: the
dossier, what the cache of the user keeps of it. Then the ledger's file is written anew, for a database keeps
what was overwritten in its free pages.

It happens in this order, so that a kill at any moment leaves either what was there before or what the next
opening completes: a marker in the folder; the settings; all rows with their event, in one transaction;
the files; the ledger written anew; the marker away.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from tallystick import evidence, linking, naming, rewriting, rows
from tallystick.barred import GOING, digest_of, gone
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence.media import WARC
from tallystick.ledger import Ledger
from tallystick.ledgerfile import MOVED
from tallystick.model import CaptureId, Document, Event, canonical
from tallystick.rewriting import Place, Rows
from tallystick.settings import shown, writing
from tallystick.values.masking import Masked

MARKER = "expunging"
# Events that tell of what was handed on: it lies elsewhere, and cannot be called back from here.
_HANDED_ON = ("exported", "sealed", "checkpointed", "signed", "stamped", "proved")
_STRETCH = 1 << 20  # bytes looked through at a time, and how much of the last is looked at again
_AGAIN = 1 << 12
_PLAIN = re.compile("text/|.*json")  # media types whose bytes are what was read
_OTHER_CODES = ("cp1252", "cp1250", "cp1251", "cp1256", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class ToExpunge:
    """What is to go, at whose word, and why: ``reports``, or a ``name`` wherever it stands."""

    reports: tuple[str, ...]
    name: str | None
    by: str
    second: str
    reason: str

    def __post_init__(self) -> None:
        if bool(self.reports) == bool(self.name):
            raise AskedWrongly("name the reports that are to go, or a name: --name 'Full Name'")
        if not (self.by.strip() and self.second.strip() and self.reason.strip()):
            raise AskedWrongly(
                "two people answer for it, and a reason: --by NAME --second NAME --reason WORDS"
            )
        if self.by.split() == self.second.split():
            raise AskedWrongly("two different people answer for it: --by NAME --second NAME")
        if self.name and any(map(Masked(self.name).stands_in, (self.by, self.second, self.reason))):
            raise AskedWrongly(
                "who answers for it and why stay in the case, and must not hold the name itself"
            )


@dataclass(frozen=True, slots=True)
class WouldGo:
    """What would go: rows as they are then, captures and lists whose bytes go, whether settings change.

    ``reports`` are the names of the reports that hold it, ``copies`` those that tell the same text and stay,
    ``texts`` the SHA-256 of each text that stays out from then on, in whatever bytes it comes, and its
    capture.
    """

    changed: Rows
    captures: tuple[CaptureId, ...]
    lists: tuple[str, ...]
    settings: bool
    reports: tuple[str, ...]
    copies: tuple[str, ...]
    texts: Mapping[str, CaptureId]


@dataclass(frozen=True, slots=True)
class Expunged:
    """What went, which other files of the folder hold the name, and what was handed on before."""

    plan: WouldGo
    left: tuple[Path, ...]
    handed_on: tuple[Event, ...]


# ------------------------------------------------------------------------------------ what would go


def plan(asked: ToExpunge, folder: Path, there: Rows) -> WouldGo:
    """What goes of the case in ``folder``, whose ledger has these rows.

    Raises ``AskedWrongly`` where it cannot be told which report is meant.
    """
    documents = _documents(there)
    if asked.name is None:
        captures = tuple(dict.fromkeys(_meant(each, there, documents) for each in asked.reports))
        meant = [each for each in documents if each.id in asked.reports or each.name in asked.reports]
        named = {each.capture for each in meant}
        meant += [each for each in documents if each.capture in captures and each.capture not in named]
        out = _staying_out(documents, meant, captures)
        captures += tuple(_answers_with(out, captures, folder, there))
        changed = rewriting.taken_out(there, captures)
        texts = {each.text for each in documents if each.capture in captures}
        copies = (each.name for each in documents if each.text in texts and each.capture not in captures)
        held = (each.name for each in documents if each.capture in captures)
        return WouldGo(changed, captures, (), False, tuple(held), tuple(copies), out)
    name = Masked(asked.name)
    changed = rewriting.without(there, name)
    captures, held_by = _captures_with(name, folder, there, documents)
    changed |= {place: there[place] for place in _of(there, "captures", captures) if place not in changed}
    lists = tuple(
        sorted(path.name for path in (folder / naming.FOLDER).glob("[0-9a-f]*") if _lies_in(path, name))
    )
    changed |= _dropped(there | changed, lists)
    settings = False
    with suppress(OSError):
        settings = name.stands_in((folder / "case.toml").read_text(encoding="utf-8"))
    out = _staying_out(documents, [each for each in documents if name.stands_in(each.text)], captures)
    return WouldGo(changed, captures, lists, settings, held_by, (), out)


def _documents(there: Rows) -> list[Document]:
    bodies = (row["body"] for (table, _), row in there.items() if table == "documents")
    return [rows.document(body) for body in bodies if body != rows.GONE]


def _of(there: Rows, table: str, ids: Iterable[str]) -> Iterator[Place]:
    wanted = set(ids)
    return (place for place, row in there.items() if place[0] == table and row["id"] in wanted)


def _meant(asked: str, there: Rows, documents: Sequence[Document]) -> CaptureId:
    """The one capture that ``asked`` names: by its digest or the start of it, origin, or a report in it."""
    found = {each.capture for each in documents if asked in (each.id, each.name)}
    for (table, _), row in there.items():
        if table == "captures":
            capture = rows.capture(row["body"])
            starts = len(asked) >= 8 and capture.id.startswith(asked)
            if starts or (capture.origin and asked in (capture.origin, PurePath(capture.origin).name)):
                found.add(capture.id)
    if not found:
        raise AskedWrongly(
            f"no report of the case is called {asked!r}; its name, its file or its SHA-256 is asked for"
        )
    if len(found) > 1:
        raise AskedWrongly(f"{asked!r} may be any of these; say which: {', '.join(sorted(found))}")
    return found.pop()


def _staying_out(
    documents: Sequence[Document], meant: Sequence[Document], captures: Sequence[CaptureId]
) -> dict[str, CaptureId]:
    """The texts that stay out: those ``meant`` of the captures that go.

    Who names one report of many loses the file that they came in, and may take the others in again; who
    names the file means all. A text that another report of the case tells, and keeps, is none of them.
    """
    out = {digest_of(each): each.capture for each in meant if each.capture in captures}
    stay = {digest_of(each) for each in documents if each.capture not in captures}
    return {text: out[text] for text in sorted(out) if text not in stay}


def _answers_with(
    texts: Collection[str], captures: Sequence[CaptureId], folder: Path, there: Rows
) -> Iterator[CaptureId]:
    """Other answers of the addresses that ``captures`` came from which hold one of ``texts``.

    A feed gives an entry again and again; it became a report the first time alone.
    """
    every = [rows.capture(row["body"]) for (table, _), row in there.items() if table == "captures"]
    asked = {each.origin for each in every if each.id in captures and each.media_type == WARC}
    for each in every:
        path = evidence.path_of(folder / "captures", each.id)
        if each.id in captures or each.media_type != WARC or each.origin not in asked or not path.is_file():
            continue
        told = (found for found in evidence.read(each, path, stem="") if isinstance(found, Document))
        if any(digest_of(found) in texts for found in told):
            yield each.id


def _captures_with(
    name: Masked, folder: Path, there: Rows, documents: Sequence[Document]
) -> tuple[tuple[CaptureId, ...], tuple[str, ...]]:
    """The captures that hold ``name`` in their bytes or by what was read of them, and the reports that do."""
    held = [each for each in documents if any(map(name.stands_in, _told(each)))]
    found = {each.capture for each in held if name.stands_in(each.text)}
    for (table, _), row in there.items():
        if table == "captures":
            path = evidence.path_of(folder / "captures", CaptureId(row["id"]))
            if row["id"] not in found and path.is_file() and _lies_in(path, name):
                found.add(CaptureId(row["id"]))
            elif not _PLAIN.match(rows.capture(row["body"]).media_type):
                # A packed format holds in its own spelling what was read of it, be it only a title.
                found |= {each.capture for each in held if each.capture == row["id"]}
    return tuple(sorted(found)), tuple(dict.fromkeys(each.name for each in held))


def _told(document: Document) -> Iterator[str]:
    told = (document.name, document.title, document.publisher, document.text, document.url)
    return (each for each in told if each)


def _dropped(there: Rows, lists: Sequence[str]) -> Rows:
    """The events of ``lists`` as they are when those are gone: nameless, and counting no more."""
    out: Rows = {}
    for place, row in there.items():
        if place[0] == "custody" and row["what"] == "listed" and row["item"] in lists:
            event = rows.event(row["body"])
            told = replace(event, facts={**event.facts, "name": "", "counts": False})
            out[place] = row | rows.row(told) | {"body": rows.encode(told)}
    return out


# -------------------------------------------------------------------------------------- carrying out


def carry_out(asked: ToExpunge, folder: Path, ledger: Ledger, clock: Callable[[], str]) -> Expunged:
    """Take out what is asked for. Nobody else may write to the case meanwhile (``turns``).

    Raises ``CaseDamaged`` where the ledger is not whole: what does not hold before cannot hold after.
    """
    refuse_links(folder)
    for problem in ledger.problems():
        raise CaseDamaged(f"{problem}; nothing is taken out of a ledger that is not whole")
    found = plan(asked, folder, ledger.rows())
    if not (found.changed or found.settings):
        raise AskedWrongly("there is nothing of that in the case")
    _mark(folder, ledger, found)
    if found.settings and asked.name is not None:
        file = folder / "case.toml"
        _put(file, Masked(asked.name).cover(file.read_text(encoding="utf-8")))

    def planned(there: Rows) -> tuple[Rows, Event]:
        now = plan(asked, folder, there)
        facts = {
            "second": asked.second,
            "captures": list(now.captures),
            "lists": list(now.lists),
            "texts": dict(now.texts),
        }
        item = "name" if asked.name else "reports"
        return now.changed, Event("expunged", item, asked.by, clock(), asked.reason, facts)

    ledger.expunge(planned)
    finish(folder, ledger)
    left = tuple(_still_with(Masked(asked.name), folder)) if asked.name else ()
    handed_on = ledger.events(*_HANDED_ON)
    return Expunged(found, left, handed_on)


def _mark(folder: Path, ledger: Ledger, found: WouldGo) -> None:
    """Say in the folder that it is begun, from which event on, and which files of the cache go with it."""
    names = {(row["item"], rows.event(row["body"]).facts.get("name", "")) for row in ledger.rows().values()
             if row.get("what") == "listed" and row["item"] in found.lists}  # fmt: skip
    indexes = sorted(naming.index_of(digest, name).name for digest, name in names)
    _put(folder / MARKER, canonical({"head": ledger.head()[0], "indexes": indexes}) + "\n")


def _put(file: Path, text: str) -> None:
    """Write ``file`` at once and down to the disk."""
    draft = file.with_name(f"{file.name}.new")
    with writing(file):
        draft.unlink(missing_ok=True)  # were it a link, its target would be written to
        with draft.open("x", encoding="utf-8") as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(file)
        _to_disk(file.parent)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def begun(folder: Path) -> bool:
    """Whether an expunging of the case in ``folder`` was begun and not yet completed."""
    return os.path.lexists(folder / MARKER)


def finish(folder: Path, ledger: Ledger) -> None:
    """Complete what was begun: the files that must go, and the ledger written anew.

    Where the transaction was never reached nothing goes. What goes lies in the case folder: the case may be
    somebody else's, and what its events and its marker tell is made a path only where it is a digest. Raises
    ``CaseDamaged`` where it is none or the folder holds links, ``CaseReadOnly`` where something cannot be
    removed, or there is no room, and can be asked again.
    """
    refuse_links(folder)
    try:
        told = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        head, indexes = int(told["head"]), tuple(map(str, told["indexes"]))
    except (OSError, ValueError, KeyError, TypeError):
        head, indexes = 0, ()  # cut short, or written over: everything is looked at
    with writing(folder):
        if any(
            row["what"] == "expunged" for (table, seq), row in ledger.rows("custody").items() if seq > head
        ):
            _remove_files(folder, ledger, indexes)
            ledger.scrub()
        for left in (f"{MARKER}.new", "case.toml.new", MARKER):
            (folder / left).unlink(missing_ok=True)
        _to_disk(folder)


def _remove_files(folder: Path, ledger: Ledger, indexes: Sequence[str]) -> None:
    store, kept = folder / "captures", {capture.id for capture in ledger.captures()}
    events = ledger.events(*GOING)
    lists = [
        naming.folder_of(folder, digest)
        for event in events
        for digest in (event.facts.get("lists", ()) if event.what == "expunged" else ())
    ]
    went = gone(events)
    for path in store.glob("[0-9a-f][0-9a-f]/*"):  # also what an interrupted command never told of
        if path.name in went or path.name not in kept:
            path.unlink()
            _to_disk(path.parent)
    for listed in lists:
        _remove(listed)
    for name in ("dossier", ".dossier.new", ".dossier.old"):
        _remove(folder / name)
    (folder / MOVED).unlink(missing_ok=True)  # the ledger as it was before it went to a server
    linking.file(folder).unlink(missing_ok=True)
    at_desk = naming.kept(folder)  # what follows from the case holds its words
    for path in (at_desk, *(at_desk.with_name(at_desk.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    for name in filter(naming.INDEX.fullmatch, indexes):
        (naming.cache() / name).unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)


def refuse_links(folder: Path) -> None:
    """Raises ``CaseDamaged`` where a link lies among what an expunging removes or looks through.

    What goes must go from where it lies, and nothing elsewhere may: a case holds no links.
    """
    for name in ("captures", naming.FOLDER, MARKER, "case.toml"):
        for path in (folder / name, *_below(folder / name)):
            if path.is_symlink():
                raise CaseDamaged(
                    f"{shown(path)} is a link, and a case holds none; "
                    "put what it leads to in its place, or remove it: nothing was taken out"
                )


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        yield from (Path(at) / each for each in (*folders, *files))


def unfinished(folder: Path, events: Sequence[Event]) -> Iterator[str]:
    """What was to go and is still there, each in a sentence."""
    if begun(folder):
        yield (
            f"{shown(folder / MARKER)}: an expunging was cut short; "
            f"'tallystick expunge {shown(folder)} --finish' completes it, and so does any verb that writes"
        )
    for went in gone(events).values():
        path = evidence.path_of(folder / "captures", went.capture)
        if os.path.lexists(path):
            yield f"{shown(path)} was expunged, and is there; remove it, or add it again with --again"


# ------------------------------------------------------------------------------- looking through bytes


def _lies_in(path: Path, name: Masked) -> bool:
    """Whether ``name`` stands in a file, or in a file or a file's name under a folder, however encoded."""
    if path.is_dir():
        return any(name.stands_in(each.name) or _lies_in(each, name) for each in sorted(path.iterdir()))
    tail = b""
    with path.open("rb") as file:
        while stretch := file.read(_STRETCH):
            if any(map(name.stands_in, _readings(tail + stretch))):
                return True
            tail = stretch[-_AGAIN:]
    return False


def _readings(data: bytes) -> Iterator[str]:
    """What ``data`` may say, in the encodings in which reports come."""
    try:
        yield data.decode()
    except UnicodeDecodeError:
        yield data.decode("utf-8", "ignore")
        for code in _OTHER_CODES[:4]:
            yield data.decode(code, "ignore")
    if b"\0" in data:
        for code in _OTHER_CODES[4:]:
            yield data.decode(code, "ignore")
            yield data[1:].decode(code, "ignore")


def _still_with(name: Masked, folder: Path) -> Iterator[Path]:
    """The files of the case folder that hold ``name`` all the same, in their bytes or their own name."""
    for at, folders, files in os.walk(folder):
        folders.sort()
        for each in sorted(files):
            path = Path(at) / each
            if name.stands_in(shown(path.relative_to(folder))) or (path.is_file() and _lies_in(path, name)):
                yield path
