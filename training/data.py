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
from tallystick.claims.heads import HELD, KINDS, PARTS, ROLES, STANCES, TALLIES, TOPICS
from tallystick.values.names import alike, countries, country_names, fold, spelt_alike

Parts = list[tuple[int, int, str]]  # words [start, end) and the part in an attack that they have


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
    parts: list[int] | None = (
        None  # of each piece, the part in an attack it tells: 0 none, else 2 n + 1 or + 2
    )

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

    def words(self, first: int, stop: int) -> tuple[int, int]:
        """Where the whole words of the pieces ``[first, stop)`` stand."""
        start, end = self.offsets[first][0], self.offsets[stop - 1][1]
        while start and self.text[start - 1].isalnum():
            start -= 1
        while end < len(self.text) and self.text[end].isalnum():
            end += 1
        return start, end


def example(
    report: dict[str, Any], tokenizer: Tokenizer, coded: dict[str, Any] | None, seen: Parts | None = None
) -> Example:
    """``report`` (id, title, published, text) with its coding, if any, and what a model saw in it."""
    text = report["text"]
    pieces = tokenizer.encode(text, add_special_tokens=False)
    title = tokenizer.encode(report.get("title") or "", add_special_tokens=False).ids
    published = date.fromisoformat(report["published"]) if report.get("published") else None
    found = candidates(text, published)
    for start, end, part in seen or ():
        found.add_part(text, start, end, part)
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


# Slots of the MUC-4 templates, and the parts that their fillers have.
_SLOTS = {"PerpInd": "agent", "PerpOrg": "agent", "Victim": "victim", "Target": "target", "Weapon": "weapon"}


def parts_example(record: dict[str, Any], tokenizer: Tokenizer) -> Example:
    """A report of MUC-4 (``docid``, ``doctext``, ``templates``) for the parts in its attacks alone.

    A filler counts wherever its words stand: the templates do not say which mention is meant.
    """
    text = record["doctext"]
    pieces = tokenizer.encode(text, add_special_tokens=False)
    out = Example(
        record["docid"], [], pieces.ids, pieces.offsets, [0] * len(pieces.ids), Candidates([(0, len(text))])
    )
    out.text, out.parts = text, [0] * len(pieces.ids)
    fillers = {
        (mention[0], PARTS.index(part))
        for template in record["templates"]
        for slot, part in _SLOTS.items()
        for one in template[slot]
        for mention in one
    }
    for words, part in sorted(fillers, key=lambda f: (len(f[0]), f)):  # the longest words win
        for start, end in occurrences(text, words):
            if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
                continue
            first, last = out.piece(start), out.piece(end - 1)
            out.parts[first : last + 1] = [2 * part + 1] + [2 * part + 2] * (last - first)
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
    """Whether two names would count as one to a coder: the words of one among the other's, or nearly the same."""
    return alike(left, right)


_ARMS = {
    "government",
    "governmental",
    "regime",
    "army",
    "military",
    "forces",
    "force",
    "air",
    "armed",
    "warplanes",
    "jets",
    "troops",
    "navy",
}


def same_party(left: str, right: str) -> bool:
    """``alike_score``, where a country is its government and its army, and no more: "Syria" is no Syrian rebels."""
    one, other = (
        {fold(countries().get(word, word)) for word in fold(name).split()} for name in (left, right)
    )
    small, large = sorted((one, other), key=len)
    if small and small <= large and small <= {fold(name) for name in country_names()}:
        return large - small <= _ARMS
    return alike(left, right) or (bool(small) and small == large)


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
    """The places that the coded one stands for: of that name, or else in its words, the finest of them."""
    if not place.get("name") and not place.get("text"):
        return []
    # "al-Jamiliya (Aleppo city)" is the quarter, not the city
    name = re.sub(r"\s*\(.*?\)", "", place.get("name") or "") or place["text"] or ""
    equal = [n for n, c in enumerate(places) if c.name == fold(name)]
    near = [n for n, c in enumerate(places) if spelt_alike(c.value.place.name, name)]
    meets = [n for n, c in enumerate(places) if _meets(c, occurrences(text, place.get("text")))]
    fine = [
        n for n in meets if places[n].value.rank >= 2 and not _same(places[n].name, place.get("admin1") or "")
    ]
    in_words = [n for n in near if n in meets] or fine or meets
    names = {places[n].name for n in in_words}
    told = [n for n, c in enumerate(places) if c.name in names]
    if "(" in (place.get("name") or "") and told and not set(equal) & set(meets):
        return told  # "Homs (al-Zahraa)" where the words are the quarter's
    return equal or told or near or None


_LOADED = ("terrorist", "militant", "rebel", "jihadist", "insurgent", "gunmen", "extremist", "takfiri")


def _roles(parties: list[Candidate], actors: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Names of candidates → (role, stance) that the coder gave them; all others have none."""
    out: dict[str, tuple[int, int]] = {}
    for actor in actors:
        if actor.get("role") not in ROLES or actor.get("stance") not in HELD:
            continue
        label = ROLES.index(actor["role"]), HELD.index(actor["stance"])
        named = {one.name for one in parties if same_party(one.value.name, actor["name"])}
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
        if claim.get("speaker_at"):
            out.found.add_speaker(text, *claim["speaker_at"])
    for claim in coded:
        spots = [s for s in occurrences(text, claim["quote"]) if s not in taken]
        if not spots:
            continue
        start, end = spots[0]
        taken.append((start, end))
        voice, speech = (claim.get("voices") or [None])[0], None
        if claim.get("speaker_at"):
            speech = tuple(claim["speaker_at"])
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
