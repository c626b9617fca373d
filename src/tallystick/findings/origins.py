"""Origins: whose word it is, once copies and shared voices are folded into one.

Corroboration counts origins, never articles.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from tallystick.model import Account, AccountId, Claim, Document, DocumentId, Origin
from tallystick.values.names import alike

_WORDS = re.compile(r"\w+")
SHINGLE = 6  # words
COPY = 0.4  # share of the shorter text's shingles that stand in the longer


def copies(documents: Iterable[Document]) -> dict[DocumentId, DocumentId]:
    """Each document to the first of the group of documents that share its text, itself if none does.

    Two documents share text when at least ``COPY`` of the six-word shingles of the shorter one
    stand in the other. "First" is the earliest published, then the smallest id.
    """
    order = sorted(documents, key=lambda d: (d.published or date.max, d.id))
    place = {document.id: number for number, document in enumerate(order)}
    shingles: dict[DocumentId, set[int]] = {d.id: _shingles(d.text) for d in order}
    holders: dict[int, list[DocumentId]] = defaultdict(list)
    first: dict[DocumentId, DocumentId] = {}
    for document in order:
        mine = shingles[document.id]
        shared: dict[DocumentId, int] = defaultdict(int)
        for shingle in mine:
            for other in holders[shingle]:
                shared[other] += 1
        found = [
            other
            for other, n in shared.items()
            if n >= COPY * max(1, min(len(mine), len(shingles[other]))) and n >= 8
        ]
        first[document.id] = min(
            (first[other] for other in found), key=place.__getitem__, default=document.id
        )
        for shingle in mine:
            holders[shingle].append(document.id)
    return first


def _shingles(text: str) -> set[int]:
    words = _WORDS.findall(text.lower())
    return {
        zlib.crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(max(0, len(words) - SHINGLE + 1))
    }


def origin_names(accounts: Iterable[Account], copied: Mapping[DocumentId, DocumentId]) -> dict[str, str]:
    """For each claim id of ``accounts``, the name of the origin on whose word it stands.

    A named voice is its own origin, the same under like names; without one it is the outlet, and
    a document that copies another speaks with the other's voice. A name that is like two which
    are not like each other ("Omar", beside "Omar Saleh" and "Omar Hadi") makes them no less two.
    Where one account names one voice alone, what it tells in its own words rests on that voice: a
    headline is no second source.
    """
    members = sorted(accounts, key=lambda a: (a.published or date.max, a.document, a.id))
    outlets: dict[DocumentId, str] = {}
    for account in members:
        group = copied.get(account.document, account.document)
        outlets.setdefault(group, account.publisher or f"unnamed outlet ({account.document[4:10]})")
    names: list[list[str]] = []  # an origin's names, each like all the others
    out: dict[str, str] = {}
    placed: dict[str, list[str]] = {}
    for account in members:
        outlet = outlets[copied.get(account.document, account.document)]
        voices = {name for claim in account.claims if (name := _told(claim)) and claim.stance != "denied"}
        first = min(voices, key=lambda name: (-len(name), name), default=outlet)
        own = first if all(alike(first, name) for name in voices) else outlet
        for claim in account.claims:
            told = _told(claim) or own
            if told not in placed:
                like = next((own for own in names if all(alike(name, told) for name in own)), None)
                if like is None:
                    names.append(like := [])
                like.append(told)
                placed[told] = like
            out[claim.id] = placed[told][0]
    return out


def _told(claim: Claim) -> str | None:
    source = claim.source
    return source.name if source else None


def origins(accounts: Iterable[Account], names: Mapping[str, str]) -> tuple[Origin, ...]:
    """The independent origins of an incident with the accounts that rest on each, by name.

    An account rests on the voices that give its figures; on its outlet where it names none.
    """
    found: dict[str, set[AccountId]] = defaultdict(set)
    for account in accounts:
        figures = list(account.claims) if account.is_matter else [claim for claim, _ in account.tolls()]
        figures = figures or [account.head]
        for claim in figures:
            found[names[claim.id]].add(account.id)
    return tuple(Origin(name, tuple(sorted(found[name]))) for name in sorted(found))
