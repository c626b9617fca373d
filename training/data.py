"""Coded reports made into what the model is trained on: candidates of each text, and what coders made of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from tallystick.claims.candidates import Candidate, Candidates, candidates
from tallystick.claims.heads import HELD, KINDS, ROLES, STANCES, TALLIES, TOPICS
from tallystick.values.names import alike, fold

Pieces = tuple[list[int], list[tuple[int, int]]]


@dataclass
class Example:
    """One report: its word pieces, its candidates, and the labels; pieces are counted from the text's begin."""

    name: str
    title: list[int]
    ids: list[int]
    offsets: list[tuple[int, int]]
    sentence: list[int]  # sentence of each piece
    found: Candidates
    accounts: list[dict[str, Any]] | None = None  # None: not coded for accounts
    figures: list[dict[str, Any]] = field(default_factory=list)  # one for each count
    claims: list[dict[str, Any]] | None = None
    text: str = ""
    capitals: list[bool] | None = None  # which pieces begin with a capital; None where all do, or none

    def piece(self, at: int) -> int:
        """The word piece that holds the code point ``at``, or the next one."""
        low, high = 0, len(self.offsets) - 1
        while low < high:
            mid = (low + high) // 2
            if self.offsets[mid][1] <= at:
                low = mid + 1
            else:
                high = mid
        return low


def example(report: dict[str, Any], tokenizer: Tokenizer, coded: dict[str, Any] | None) -> Example:
    """``report`` (id, title, published, text) with its coding, if any."""
    text = report["text"]
    pieces = tokenizer.encode(text, add_special_tokens=False)
    title = tokenizer.encode(report.get("title") or "", add_special_tokens=False).ids
    published = date.fromisoformat(report["published"]) if report.get("published") else None
    found = candidates(text, published)
    out = Example(report["id"], title, pieces.ids, pieces.offsets, [], found)
    out.sentence = [found.sentence_at(start) for start, _ in pieces.offsets]
    out.text = text
    if not report.get("restored"):
        out.capitals = [text[start].isupper() for start, _ in pieces.offsets]
    if coded and coded.get("claims") is not None:
        _claims(out, text, coded["claims"])  # first: it may add speakers, and figures name them by number
    if coded and coded.get("accounts") is not None:
        _accounts(out, text, coded["accounts"])
    return out


def restored(text: str, small: set[str]) -> str:
    """A text in capitals with small letters where ``small`` knows the word so; its length is kept."""
    return re.sub(
        r"[A-Z]+",
        lambda m: m[0].lower() if m[0].lower() in small or len(m[0]) < 2 else m[0][0] + m[0][1:].lower(),
        text,
    )


def occurrences(text: str, words: str | None) -> list[tuple[int, int]]:
    """Where ``words`` stand in ``text``."""
    out: list[tuple[int, int]] = []
    at = text.find(words) if words else -1
    while words and at >= 0:
        out.append((at, at + len(words)))
        at = text.find(words, at + 1)
    return out


def _meets(one: Candidate, spans: Iterable[tuple[int, int]]) -> bool:
    return any(one.start < b and a < one.end for a, b in spans)


def _accounts(out: Example, text: str, coded: list[dict[str, Any]]) -> None:
    found = out.found
    out.accounts = []
    out.figures = [{"tally": 0, "account": None, "voices": None} for _ in found.counts]
    for account in coded:
        at = text.find(account["quote"])
        if at < 0:
            continue
        number = len(out.accounts)
        day, place = account.get("date") or {}, account.get("place") or {}
        out.accounts.append({
            "piece": out.piece(at),
            "hint": found.kind_hint(text, at),
            "kind": KINDS.index(account["type"]),
            "total": bool(account.get("aggregate")),
            "primary": bool(account.get("primary")),
            "dates": _days(found.dates, text, day),
            "places": _spots(found.places, text, place),
            "admin1": [n for n, c in enumerate(found.places) if place.get("admin1") and _same(c.name, place["admin1"])],
            "parties": _roles(found.parties, account.get("actors") or []),
        })  # fmt: skip
        for tally in ("killed", "wounded", "captured"):
            for figure in account.get(tally) or []:
                _figure(out, text, number, at, TALLIES.index(tally), figure)
    for index, count in enumerate(found.counts):  # told again: the same bounds after the same word of harm
        label = out.figures[index]
        tally = count.value.toll.kind
        if label["tally"] or count.hint not in (1, 2, 3):
            continue
        like = [
            f
            for f in out.figures
            if f["tally"] == TALLIES.index(tally)
            and f.get("bounds") == _bounds(count)
            and f["account"] is not None
        ]
        if like:
            near = min(like, key=lambda f: abs(out.accounts[f["account"]]["piece"] - out.piece(count.start)))
            label.update(tally=near["tally"], account=near["account"])


def _bounds(count: Candidate) -> tuple[int | None, int | None]:
    told = count.value.toll.count
    return told.low, told.high


def _figure(out: Example, text: str, account: int, at: int, tally: int, figure: dict[str, Any]) -> None:
    """Mark the count that a coded figure stands on: the one nearest to the telling that fits its bounds."""
    spans = occurrences(text, figure.get("text"))
    meets = [n for n, c in enumerate(out.found.counts) if _meets(c, spans)]
    exact = [n for n in meets if _bounds(out.found.counts[n]) == (figure.get("low"), figure.get("high"))]
    free = [n for n in exact or meets if out.figures[n]["account"] is None]
    if not free:
        return
    best = min(free, key=lambda n: (abs(out.found.counts[n].start - at), n))
    voice = figure.get("voice")
    voices = [n for n, s in enumerate(out.found.speakers) if voice and alike_score(s.value.name, voice)]
    out.figures[best] = {
        "tally": tally, "account": account, "bounds": _bounds(out.found.counts[best]),
        "voices": [] if voice is None else voices or None,
    }  # fmt: skip


def alike_score(left: str, right: str) -> bool:
    """Whether two names would count as one to a coder: one in the other, or nearly the same."""
    a, b = fold(left), fold(right)
    return bool(a and b) and (a in b or b in a or alike(left, right))


def _same(left: str, right: str) -> bool:
    return alike_score(left, right)


def _days(dates: list[Candidate], text: str, day: dict[str, Any]) -> list[int] | None:
    """The dates that tell the coded day; empty where none was coded, ``None`` where none is found."""
    if not day.get("start"):
        return []
    first = date.fromisoformat(day["start"][:10])
    last = date.fromisoformat((day.get("end") or day["start"])[:10])
    spans = occurrences(text, day.get("text"))
    told = [n for n, c in enumerate(dates) if _meets(c, spans)]
    right = [
        n
        for n, c in enumerate(dates)
        if c.value.start and c.value.end and c.value.start <= last and first <= c.value.end
    ]
    exact = [n for n in right if (dates[n].value.start, dates[n].value.end) == (first, last)]
    both = [n for n in told if n in right]
    return both + [n for n in exact if n not in both] or right or told or None


def _spots(places: list[Candidate], text: str, place: dict[str, Any]) -> list[int] | None:
    if not place.get("name") and not place.get("text"):
        return []
    names = [n for n in (place.get("name"), place.get("text")) if n]
    keys = {fold(n) for n in names}
    equal = [n for n, c in enumerate(places) if c.name in keys]
    near = [n for n, c in enumerate(places) if any(alike_score(c.value.place.name, name) for name in names)]
    meets = [n for n, c in enumerate(places) if _meets(c, occurrences(text, place.get("text")))]
    return equal or [n for n in near if n in meets] or near or meets or None


_LOADED = ("terrorist", "militant", "rebel", "jihadist", "insurgent", "gunmen", "extremist", "takfiri")


def _roles(parties: list[Candidate], actors: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Names of candidates → (role, stance) that the coder gave them; all others have none."""
    out: dict[str, tuple[int, int]] = {}
    for actor in actors:
        if actor.get("role") not in ROLES or actor.get("stance") not in HELD:
            continue
        label = ROLES.index(actor["role"]), HELD.index(actor["stance"])
        named = {one.name for one in parties if alike_score(one.value.name, actor["name"])}
        if not named:  # "terrorist groups" of the coder are the text's "terrorists"
            word = fold(actor["name"]).split()[0].rstrip("s") if fold(actor["name"]) else ""
            named = {one.name for one in parties if word in _LOADED and one.name.startswith(word)}
        for name in named:
            out.setdefault(name, label)
    return out


def _claims(out: Example, text: str, coded: list[dict[str, Any]]) -> None:
    out.claims = []
    taken: list[tuple[int, int]] = []
    for claim in coded:  # speakers that only the coder saw stand among the candidates too
        for spot in occurrences(text, claim["quote"])[:1]:
            if near := occurrences(text, claim.get("voice_text")):
                start, end = min(near, key=lambda s: min(abs(s[0] - spot[1]), abs(s[1] - spot[0])))
                out.found.add_speaker(text, start, end)
    for claim in coded:
        spots = [s for s in occurrences(text, claim["quote"]) if s not in taken]
        if not spots:
            continue
        start, end = spots[0]
        taken.append((start, end))
        voice, speech = (claim.get("voices") or [None])[0], None
        if claim.get("voice_text"):
            near = occurrences(text, claim["voice_text"])
            speech = min(near, key=lambda s: min(abs(s[0] - end), abs(s[1] - start)), default=None)
        voices = [
            n
            for n, s in enumerate(out.found.speakers)
            if voice
            and (
                any(alike_score(s.value.name, v) for v in voice.split(" & "))
                or (speech and _meets(s, [speech]))
            )
        ]
        out.claims.append({
            "first": out.piece(start), "last": out.piece(max(start, end - 1)) + 1,
            "hint": out.found.stance_hint(text, start, end), "topic": TOPICS.index(claim["topic"]), "stance": STANCES.index(claim["stance"]),
            "voices": [] if voice is None else voices or None,
            "speech": speech and (out.piece(speech[0]), out.piece(speech[1] - 1) + 1),
            "spoken": bool(claim.get("voice_text")) or voice is None,
        })  # fmt: skip


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def gold(folders: Iterable[Path]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """The coded reports of gold folders, in order of their names."""
    for folder in folders:
        for path in sorted((folder / "docs").glob("*.json")):
            report = json.loads(path.read_text(encoding="utf-8"))
            yield report, json.loads((folder / "gold" / path.name).read_text(encoding="utf-8"))


def tokenizer(folder: Path) -> Tokenizer:
    """The vocabulary's tokenizer, neither padding nor cutting."""
    out = Tokenizer.from_file(str(folder / "tokenizer.json"))
    out.no_padding()
    out.no_truncation()
    return out
