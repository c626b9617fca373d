"""The project's own codings: offsets with a hash of the text, no text of others, and apart from what is held out."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tallystick.claims.heads import STANCES, TOPICS
from tallystick.model import HARM

TRAINING = Path(__file__).parents[1] / "training"
LINES = [
    (path.name, json.loads(line))
    for path in sorted((TRAINING / "codings").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
LONGEST = 120  # a name of a voice or a place; no sentence


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def spans(line):
    for account in line.get("accounts", []):
        yield account["at"]
        yield from (toll["at"] for toll in account["tolls"])
        yield from (part["at"] for part in (account["date"], account["place"]) if part["at"])
    for claim in line.get("claims", []):
        yield from (claim[name] for name in ("at", "speaker", "cue", "time") if claim[name])


@pytest.mark.parametrize(("name", "line"), LINES, ids=[f"{name}:{line['id']}" for name, line in LINES])
def test_a_coding_is_offsets_and_words_of_the_guideline(name, line):
    assert re.fullmatch(r"[0-9a-f]{64}", line["sha256"])
    assert all(0 <= start < end for start, end in spans(line))
    assert all(len(text) <= LONGEST for text in strings(line))
    assert "claims" in line or "accounts" in line
    assert {claim["topic"] for claim in line.get("claims", [])} <= set(TOPICS)
    assert {claim["stance"] for claim in line.get("claims", [])} <= set(STANCES)
    assert {account["kind"] for account in line.get("accounts", [])} <= set(HARM)


def test_no_held_out_report_is_among_them():
    held = set((TRAINING / "held_out.txt").read_text(encoding="utf-8").split("\n"))
    assert len(held & {line["id"] for _, line in LINES}) == 0
    assert len([name for name in held if name and name[0] != "#"]) == 12


def test_what_may_not_be_trained_on_is_not():
    trained = re.search(r"^OTHER_WARS = \((.*?)\)$", (TRAINING / "corpus.py").read_text(), re.M | re.S)
    files = set(re.findall(r'"(.+?)"', trained[1])) | {"claims.jsonl"}
    assert "south-asia.jsonl" not in files
    assert "other-wars-b.jsonl" not in files
    assert {line["set"] for name, line in LINES if name in files} == {"muc34", "re3d", "fakes"}
    assert {line["set"] for name, line in LINES if name == "south-asia.jsonl"} == {"satp"}


def test_no_report_is_coded_twice_but_in_the_second_pass():
    names = [line["id"] for name, line in LINES if name != "other-wars-b.jsonl"]
    assert len(names) == len(set(names))


def test_both_passes_are_over_the_same_reports():
    first, second = ({line["id"] for n, line in LINES if n == f"other-wars-{p}.jsonl"} for p in "ab")
    assert first == second
    assert len(first) == 30


def test_the_hash_is_that_of_the_text(shared):
    folder = shared("gold/train")
    texts = {}
    for path in folder.glob("*/docs/*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        texts[record["id"]] = record["text"]
    found = [(line, texts[line["id"]]) for _, line in LINES if line["id"] in texts]
    assert len(found) == 239
    for line, text in found:
        assert hashlib.sha256(text.encode()).hexdigest() == line["sha256"]
        assert all(end <= len(text) for _, end in spans(line))


def runs(text, size=6):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_no_report_coded_for_claims_is_nearly_one_that_is_held_out(shared):
    texts = {}
    for path in [*shared("gold/train").glob("*/docs/*.json"), *shared("gold/claims").glob("docs/*.json")]:
        record = json.loads(path.read_text(encoding="utf-8"))
        texts[record["id"]] = record["text"]
    held = set((TRAINING / "held_out.txt").read_text(encoding="utf-8").split("\n")) & set(texts)
    kept = [runs(texts[name]) for name in sorted(held)]
    assert len(kept) == 12
    for name in (line["id"] for file, line in LINES if file == "claims.jsonl"):
        mine = runs(texts[name])
        assert all(len(mine & other) < 0.2 * min(len(mine), len(other)) for other in kept), name
