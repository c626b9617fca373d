"""The project's own codings: kept as offsets with a hash of the text, so that no text is copied.

    python training/codings.py pack FOLDER PASS OUT.jsonl   codings with words → offsets
    python training/codings.py agree A.jsonl B.jsonl        how far two passes over the same reports agree
    python training/codings.py unpack FILE.jsonl FOLDER     with words again, for bench/quality.py --gold FOLDER

A line of ``training/codings/*.jsonl`` is one report: ``set`` and ``id`` say where its text is to be
had, ``sha256`` of its UTF-8 bytes says that it is the same. ``training/CODING.md`` is the guideline.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from data import occurrences, sha

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FOLDER = Path(__file__).with_name("codings")
TOLLS = ("killed", "wounded", "captured")


@cache
def reports() -> dict[str, dict[str, Any]]:
    """Every report that codings may refer to, by its id, from the shared sets that are there."""
    out: dict[str, dict[str, Any]] = {}
    for path in sorted((SHARED / "data/muc34/corpora/dev").glob("*")):
        for part in re.split(r"(?m)^(?=DEV-MUC3-\d+)", path.read_text(encoding="utf-8", errors="replace")):
            if head := re.match(r"(DEV-MUC3-\d+)[^\n]*\n", part):
                out[head[1]] = {
                    "id": head[1],
                    "set": "muc34",
                    "title": "",
                    "published": None,
                    "text": part[head.end() :].strip(),
                }
    for path in sorted((SHARED / "data/re3d").glob("*/documents.json")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                record = json.loads(line)
                name = "re3d-" + record["_id"][:12]
                out[name] = {
                    "id": name,
                    "set": "re3d",
                    "title": record.get("title", ""),
                    "published": None,
                    "text": record["text"],
                }
    # SATP's text is its owner's: its codings are to measure with, never to train on
    if (satp := SHARED / "data/satp/satp_all/dev.tsv").exists():
        for number, line in enumerate(satp.read_text(encoding="utf-8").splitlines()):
            name = f"satp-dev-{number}"
            out[name] = {
                "id": name,
                "set": "satp",
                "title": "",
                "published": None,
                "text": line.split("\t")[0],
            }
    for path in sorted((SHARED / "gold").glob("**/docs/*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        out[record["id"]] = {**record, "set": "fakes"}
    return out


def packed(record: dict[str, Any], report: dict[str, Any], passed: str) -> dict[str, Any]:
    """A coding with words as one with offsets. Raises ``ValueError`` where words are not in the text."""
    text = report["text"]

    def at(words: str | None, near: int = 0, end: int | None = None) -> list[int] | None:
        """Where ``words`` stand, nearest to ``near``, or to the words ``[near, end)``; whole words before parts."""
        if not words:
            return None
        spots = occurrences(text, words)
        if not spots:
            raise ValueError(f"{report['id']}: {words!r} is not in the text")
        whole = [
            s for s in spots if not text[s[0] - 1 : s[0]].isalnum() and not text[s[1] : s[1] + 1].isalnum()
        ]
        stop = near if end is None else end
        apart = (lambda s: abs(s[0] - near)) if end is None else (lambda s: max(near - s[1], s[0] - stop, 0))
        return list(min(whole or spots, key=apart))

    out: dict[str, Any] = {"set": report["set"], "id": report["id"], "sha256": sha(text), "pass": passed}
    if "accounts" in record:
        out["accounts"] = []
        for a in record["accounts"]:
            head = at(a["quote"])
            assert head is not None
            day, place = a.get("date") or {}, a.get("place") or {}
            out["accounts"].append({
                "at": head, "kind": a["type"], "aggregate": bool(a.get("aggregate")), "primary": bool(a.get("primary")),
                "incident": a.get("incident"),
                "date": {"at": at(day.get("text"), head[0]), "start": day.get("start"), "end": day.get("end"), "precision": day.get("precision")},
                "place": {"at": at(place.get("text"), head[0]), **{k: place.get(k) for k in ("name", "admin1", "country")}},
                "tolls": [
                    {"kind": k, "at": at(f["text"], head[0]), **{x: f.get(x) for x in ("low", "high", "approx", "group", "voice")}}
                    for k in TOLLS for f in a.get(k) or []
                ],
                "actors": a.get("actors") or [],
            })  # fmt: skip
    if "claims" not in record:
        return out
    out["claims"] = []
    taken: set[tuple[int, int]] = set()
    for c in record["claims"]:
        free = [s for s in occurrences(text, c["quote"]) if s not in taken]
        if not free:
            continue
        taken.add(free[0])
        out["claims"].append({
            "at": list(free[0]), "voices": c["voices"], "speaker": at(c.get("voice_text"), *free[0]),
            "cue": at(c.get("cue"), *free[0]), "time": at(c.get("time_text"), *free[0]),
            "topic": c["topic"], "stance": c["stance"],
        })  # fmt: skip
    return out


def unpacked(line: dict[str, Any], other: str | None = None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Report and coding with words again; ``None`` where the text is not at hand or is another.

    ``other`` is a text of the same length from which to take the words instead.
    """
    report = reports().get(line["id"])
    if report is None or sha(report["text"]) != line["sha256"]:
        return None
    text = report["text"] if other is None else other

    def words(at: list[int] | None) -> str | None:
        return text[at[0] : at[1]] if at else None

    coded: dict[str, Any] = {"doc": line["id"]}
    if "accounts" in line:
        coded["accounts"] = [
            {
                **{k: a[k] for k in ("aggregate", "primary", "incident", "actors")}, "type": a["kind"], "quote": words(a["at"]),
                "date": {**a["date"], "text": words(a["date"]["at"])}, "place": {**a["place"], "text": words(a["place"]["at"])},
                **{k: [{**t, "text": words(t["at"])} for t in a["tolls"] if t["kind"] == k] for k in TOLLS},
            }
            for a in line["accounts"]
        ]  # fmt: skip
    if "claims" in line:
        coded["claims"] = [
            {
                "doc": line["id"], "quote": words(c["at"]), "voices": c["voices"], "voice_text": words(c["speaker"]),
                "speaker_at": c["speaker"], "topic": c["topic"], "stance": c["stance"], "time_text": words(c["time"]),
            }
            for c in line["claims"]
        ]  # fmt: skip
    return report, coded


def read(name: str) -> Iterator[dict[str, Any]]:
    """The lines of one file of codings."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def pack(folder: Path, passed: str, out: Path) -> int:
    """Pack every coding in ``folder`` that names a known report; gives how many."""
    lines = []
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        lines.append(json.dumps(packed(record, reports()[record["doc"]], passed), ensure_ascii=False))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def unpack(file: Path, folder: Path) -> int:
    """Write the reports of ``file`` whose texts are at hand as ``docs`` and ``gold`` of ``folder``; gives how many."""
    done = 0
    for name in ("docs", "gold"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for line in file.read_text(encoding="utf-8").splitlines():
        if (both := unpacked(json.loads(line))) is not None:
            for name, record in zip(("docs", "gold"), both, strict=True):
                (folder / name / f"{both[0]['id']}.json").write_text(json.dumps(record), encoding="utf-8")
            done += 1
    return done


def agree(left: Iterable[dict[str, Any]], right: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How far the second pass agrees with the first, by the project's scorers, the first taken as gold."""
    sys.path.insert(0, str(SHARED / "score"))
    import score
    import score_claims

    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        for name in ("docs", "gold", "out"):
            (base / name).mkdir()
        gold_claims, rows, lines, documents = [], [], [], []
        for one in left:
            if (both := unpacked(one)) is None:
                continue
            report, coded = both
            (base / "docs" / f"{one['id']}.json").write_text(json.dumps(report))
            (base / "gold" / f"{one['id']}.json").write_text(json.dumps(coded))
            gold_claims += coded.get("claims", [])
            documents.append(report)
        for one in right:
            if (both := unpacked(one)) is None:
                continue
            for n, account in enumerate(one.get("accounts", [])):
                rows.append({
                    "id": f"{one['id']}-{n}", "document": one["id"], "start": account["at"][0], "end": account["at"][1],
                    **{k: account[k] for k in ("aggregate", "kind", "date", "place", "tolls", "actors")}, "incident": account["incident"],
                })  # fmt: skip
            for claim in one.get("claims", []):
                lines.append({
                    "document": one["id"], "start": claim["at"][0], "end": claim["at"][1], "topic": claim["topic"],
                    "stance": claim["stance"], "voices": [{"name": v, "party": v} for v in claim["voices"]],
                })  # fmt: skip
        (base / "gold.json").write_text(json.dumps(gold_claims))
        for name, items in (("accounts", rows), ("claims", lines), ("documents", documents)):
            (base / "out" / f"{name}.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
        accounts = score.score(base / "gold", base / "out")
        return {"accounts": accounts, "claims": score_claims.score(base / "gold.json", base / "out")}


def main() -> None:
    verb, *rest = sys.argv[1:]
    if verb == "pack":
        print(pack(Path(rest[0]), rest[1], Path(rest[2])), "reports")
    elif verb == "unpack":
        print(unpack(Path(rest[0]), Path(rest[1])), "reports")
    elif verb == "agree":
        first, second = (
            list(map(json.loads, Path(p).read_text(encoding="utf-8").splitlines())) for p in rest
        )
        print(json.dumps(agree(first, second), indent=1))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
