"""What holds of a case's checkpoints, and what each of them was held against.

A signature proves no more than the key does that it is held against. With a key that lies in the
case itself, whoever made the folder may have made the key: then all that is proved is that the
folder agrees with itself. The sentences say which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import Certificate

from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence import checkpoints, keys, merkle, stamps
from tallystick.evidence.checkpoints import FOLDER, Signed
from tallystick.evidence.keys import Given, PublicKey
from tallystick.evidence.media import shown
from tallystick.model import CaptureId, Event


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger of a case tells now: the chain's value at an event, the captures in order of
    their rows, how many rows each table has, and the events ``signed``."""

    chain: Callable[[int], str | None]
    captures: Sequence[CaptureId]
    counts: Mapping[str, int]
    signed: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a person believes: the key that was handed to them, and roots that tell the time."""

    key: Given | None = None
    roots: Sequence[Certificate] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sentences: what does not hold, and what holds and against what it was held."""

    fails: tuple[str, ...]
    holds: tuple[str, ...]


def look(case: Path, standing: Standing, trust: Trust) -> Outcome:
    """Hold every checkpoint of ``case`` against its key, the custody record, the captures and its stamp."""
    known = keys.known(case)
    if trust.key is not None and trust.key.key is not None:
        known = {trust.key.fingerprint: trust.key.key} | known
    fails = [f"{shown(path)} is no public key" for path in keys.unread(case)]
    read: list[Signed] = []
    for each in checkpoints.every(case):
        if isinstance(each, CaseDamaged):
            fails.append(str(each))
        else:
            read.append(each)
    roots = _roots(read, standing)
    signed: list[tuple[Signed, PublicKey]] = []
    for each in read:
        place = shown(case / FOLDER / f"{each.checkpoint.number}.json")
        wrong = list(_against_the_record(each, standing, roots))
        signer = known.get(each.checkpoint.key)
        if signer is None:
            wrong.append(f"it is signed with a key ({each.checkpoint.key}) that is not in the case's keys/")
        elif not signer.signed(each.signature, each.content):
            wrong.append(f"its signature is not that of {signer}")
        else:
            signed.append((each, signer))
        fails += (f"{place}: {flaw}" for flaw in wrong)
    fails += _missing(case, {each.checkpoint.number: each for each in read}, standing)
    if trust.key is not None and not any(key.fingerprint == trust.key.fingerprint for _, key in signed):
        fails.append(f"no checkpoint of this case is signed with {trust.key}")
    return Outcome(tuple(fails), tuple(_said(signed, standing, trust)))


def reach(case: Path, chain: Callable[[int], str | None], trust: Trust) -> int:
    """The last custody event that a checkpoint signed with the key of ``trust`` covers; 0 for none."""
    assert trust.key is not None
    signer = trust.key.key or keys.known(case).get(trust.key.fingerprint)
    covered = (
        each.checkpoint.seq
        for each in checkpoints.every(case)
        if isinstance(each, Signed)
        and signer is not None
        and each.checkpoint.key == trust.key.fingerprint
        and signer.signed(each.signature, each.content)
        and chain(each.checkpoint.seq) == each.checkpoint.chain
    )
    return max(covered, default=0)


def _roots(read: Sequence[Signed], standing: Standing) -> dict[int, bytes]:
    """The Merkle roots over as many captures as the checkpoints tell of."""
    sizes = {each.checkpoint.counts["captures"] for each in read}
    return merkle.roots(map(checkpoints.entry, standing.captures), sizes)


def _against_the_record(signed: Signed, standing: Standing, roots: Mapping[int, bytes]) -> Iterator[str]:
    """Where the custody record and the captures are not what the checkpoint tells."""
    told = signed.checkpoint
    chain = standing.chain(told.seq)
    if chain is None:
        yield (
            f"it tells of {told.seq} custody events, of which the last are gone: "
            f"the record was cut off after event {standing.counts['custody']}"
        )
    elif chain != told.chain:
        yield f"the custody record was rewritten: its chain at event {told.seq} is not what was signed"
    for table, count in told.counts.items():
        if standing.counts[table] < count:
            yield f"it tells of {count} rows of {table}, of which {standing.counts[table]} are left"
    size = told.counts["captures"]
    if size in roots and roots[size].hex() != told.captures_root:
        yield f"the first {size} captures are not those whose Merkle root was signed"


def _missing(case: Path, read: Mapping[str, Signed], standing: Standing) -> Iterator[str]:
    """Checkpoints that the custody record tells of, and that are not there as it tells."""
    for number, event in checkpoints.told(standing.signed).items():
        place = case / FOLDER / number
        if number not in read:
            if not place.with_suffix(".json").exists():
                yield f"{shown(place)}.json, which the custody record tells of, is missing"
            continue
        now = checkpoints.facts(read[number])
        for name, ending in (("sha256", ".json"), ("signature", ".sig"), ("stamp", ".tsr")):
            if event.facts.get(name) != now[name]:
                gone = (
                    "is missing" if now[name] is None else "is not the one that the custody record tells of"
                )
                yield f"{shown(place)}{ending} {gone}"


def _said(signed: Sequence[tuple[Signed, PublicKey]], standing: Standing, trust: Trust) -> Iterator[str]:
    """How far the signatures reach, and what they were held against."""
    if not signed:
        yield "nothing of this case is signed by a known key: what it holds is held against itself alone"
        return
    last, signer = signed[-1]
    theirs = [each for each, key in signed if trust.key and key.fingerprint == trust.key.fingerprint]
    if theirs:
        yield f"{_reach(theirs[-1], standing)} is signed with {trust.key}"
    if not theirs or theirs[-1] is not last:
        yield (
            f"{_reach(last, standing)} is signed with the key {signer}, which lies in the case itself: "
            "this proves that the folder agrees with itself, and not who made it; "
            "to hold it against the key that you were handed, give that with --key"
        )
    told = checkpoints.told(standing.signed)
    untold = [each.checkpoint.number for each, _ in signed if each.checkpoint.number not in told]
    if untold:
        yield (
            f"checkpoint {', '.join(untold)} is not told of in the custody record: "
            "a command was cut short, or somebody put it there"
        )


def _reach(signed: Signed, standing: Standing) -> str:
    told = signed.checkpoint
    return (
        f"the custody record up to event {told.seq} of {standing.counts['custody']}, "
        f"with {told.counts['captures']} of {standing.counts['captures']} captures "
        f"(checkpoint {told.number}),"
    )


def look_at_stamps(case: Path, roots: Sequence[Certificate]) -> Outcome:
    """Hold the time stamps of ``case`` against their checkpoints and, where there are any, against roots."""
    fails: list[str] = []
    holds: list[str] = []
    for each in checkpoints.every(case):
        if isinstance(each, CaseDamaged) or each.stamp is None:
            continue
        number = each.checkpoint.number
        try:
            holds.append(stamped(each.stamp, each.content, f"checkpoint {number}", roots))
        except AskedWrongly as error:  # the extra is not installed
            return Outcome((), (f"the time stamps were not looked at: {error}",))
        except ValueError as error:
            fails.append(f"{shown(case / FOLDER / number)}.tsr: the time stamp does not hold: {error}")
    return Outcome(tuple(fails), tuple(holds))


def stamped(reply: bytes, content: bytes, what: str, roots: Sequence[Certificate]) -> str:
    """What a time stamp tells of ``content``, called ``what``; ``ValueError`` where it does not hold."""
    if roots:
        at = _moment(stamps.hold(reply, content, roots))
        return f"{what} was there at {at}, as a root that was given answers for"
    told = stamps.read(reply)
    if told.digest != stamps.digest(content):
        raise ValueError("it is of other bytes")
    return (
        f"a time stamp says that {what} was there at {_moment(told.at)}; "
        "it was held against no root, and so may be anybody's: --roots FILE names one"
    )


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
