"""Finding one party under another of its names: precision, recall, speed and memory.

    python bench/parties.py [--save]

*Held-out names*: of every actor of the UCDP Actor Dataset that has several names, one (by its digest) is
kept back and asked for; the register holds the others. Every fifth actor is left out with all its names,
and each of these is asked for, too: whatever is answered is wrong. Beside ``Parties.one`` stand, in the
same run, equality of folded letters and rapidfuzz's ``token_set_ratio`` at three floors. A name kept back
may be initials whose words stand in the register, or a translation: then nothing in its spelling can tell,
and it is counted as missed. A name that two actors bear is not asked for: it has no one answer; names of equal folded letters
count as one, so that equality finds none of these and is the floor. *Both written out* leaves out the pairs in which one name is a single word in capitals.

The same is asked of the base's names in Latin letters, which are mostly spellings.

*Other scripts*: the names of the base that are not in Latin letters, asked of a register without them.

*Speed*: all lists of ../shared/data loaded, and 100,000 names looked up. ``--save`` writes bench/parties.md.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz, process

from tallystick.values.names import fold
from tallystick.values.parties import lists as partylists
from tallystick.values.parties.base import Entry, base
from tallystick.values.parties.register import Parties
from tallystick.values.scripts import script

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
UCDP = "ucdp_actors/data/ucdp_ged/ucdp-actor-221.csv"
LISTS = (
    UCDP, "actor_dictionaries/ngec/NGEC/assets/countries.csv", "actor_dictionaries/arabic/actor_dict_ar_v4.txt",
    *(f"actor_dictionaries/phoenix_en/{name}.actors.txt" for name in
      ("CAMEO.EthnicGroups", "CAMEO.ReligiousGroups", "Phoenix.Countries", "Phoenix.International", "Phoenix.MilNonState")),
)  # fmt: skip
ASKED = 100_000
Answer = Callable[[str], str | None]


def chance(words: str) -> int:
    """A number that is the same on every machine and in every run."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big")


def kept_back(entries: list[Entry]) -> tuple[list[Entry], list[tuple[str, str | None, bool]]]:
    """What the register is to hold, and the questions: name, the id that is right (or none), both written out."""
    held: list[Entry] = []
    asked: list[tuple[str, str | None, bool]] = []
    bearers = Counter(key for entry in entries for key in {fold(name.text) for name in entry.every})
    for entry in entries:
        told = {fold(name.text): name.text for name in reversed(entry.every)}
        names = [name for key, name in told.items() if bearers[key] == 1]
        if chance(f"left out {entry.code}") % 5 == 0:
            asked += [(name, None, not short(name)) for name in names]
            continue
        if len(told) < 2 or not names:
            held.append(entry)
            continue
        back = names[chance(entry.code) % len(names)]
        left = [name for key, name in told.items() if name != back]
        asked.append((back, entry.code, not short(back) and any(not short(name) for name in left)))
        held.append(
            replace(entry, name=left[0], names=tuple(each for each in entry.names if each.text in left[1:]))
        )
    return held, asked


def short(name: str) -> bool:
    return " " not in name and name.upper() == name


def equal(held: list[Entry]) -> Answer:
    """The one actor that has a name of the same folded letters."""
    table: dict[str, set[str]] = {}
    for entry in held:
        for name in entry.every:
            table.setdefault(fold(name.text), set()).add(entry.code)

    def answer(name: str) -> str | None:
        codes = table.get(fold(name), set())
        return next(iter(codes)) if len(codes) == 1 else None

    return answer


def nearest(held: list[Entry], floor: float) -> Answer:
    """The actor whose name has the greatest ``token_set_ratio``, at least ``floor``."""
    rows = [(fold(name.text), entry.code) for entry in held for name in entry.every]
    names = [name for name, _ in rows]

    def answer(name: str) -> str | None:
        best = process.extractOne(fold(name), names, scorer=fuzz.token_set_ratio, score_cutoff=floor)
        return rows[best[2]][1] if best else None

    return answer


def found_by(register: Parties) -> Answer:
    def answer(name: str) -> str | None:
        found = register.one(name)
        return found.entry.code if found else None

    return answer


def scored(answer: Answer, asked: list[tuple[str, str | None, bool]], written_out: bool = False) -> str:
    """Precision of what is answered, recall of what has an answer, and how many strangers are taken for somebody."""
    right = answered = of = taken = strangers = 0
    for name, code, out in asked:
        if written_out and not out:
            continue
        told = answer(name)
        of += code is not None
        strangers += code is None
        answered += told is not None
        right += told is not None and told == code
        taken += code is None and told is not None
    p, r = (right / answered if answered else 0.0), (right / of if of else 0.0)
    return f"P {p:.3f} ({right} of {answered})  R {r:.3f} ({right} of {of})  strangers taken {taken} of {strangers}"


def scripts_apart() -> tuple[list[Entry], list[tuple[str, str | None, bool]]]:
    """The base without its names in other scripts, and these as questions."""
    held, asked = [], []
    for entry in base():
        other = [name.text for name in entry.names if script(name.text) in ("arabic", "cyrillic", "hebrew")]
        held.append(replace(entry, names=tuple(name for name in entry.names if name.text not in other)))
        asked += [(name, entry.code, True) for name in other]
    return held, asked


def speed(say: Callable[[str], None]) -> None:
    begin = time.perf_counter()
    register = Parties([partylists.read(DATA / name) for name in LISTS])
    say(
        f"{'loaded':34} {len(register.entries):,} parties of {len(register.taken)} lists in {time.perf_counter() - begin:.1f} s; {len(register.refused)} rows refused"
    )
    begin = time.perf_counter()
    register.find("no such name at all")
    say(f"{'indexed by words and sounds':34} {time.perf_counter() - begin:.1f} s")
    every = [name.text for entry in register.entries for name in entry.every]
    known = [every[n * 7 % len(every)] for n in range(ASKED)]
    begin = time.perf_counter()
    hits = sum(bool(register.find(name)) for name in known)
    took = time.perf_counter() - begin
    say(
        f"{'names of the lists':34} {ASKED:,} looked up in {took:.1f} s, {ASKED / took:,.0f} a second, {hits:,} found"
    )
    strange = [f"{name[:-2]} {n % 97} {name[-2:]}" for n, name in enumerate(known)]
    begin = time.perf_counter()
    hits = sum(bool(register.find(name)) for name in strange)
    took = time.perf_counter() - begin
    say(
        f"{'names of no list':34} {ASKED:,} looked up in {took:.1f} s, {ASKED / took:,.0f} a second, {hits:,} found"
    )
    say(f"{'peak memory':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--save", action="store_true", help="write bench/parties.md")
    options = parser.parse_args()
    if not (DATA / UCDP).exists():
        sys.exit(f"{DATA / UCDP} is not there; this measurement needs that set")
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    say(f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}, one process")
    actors = [
        row for row in partylists.ucdp(DATA / UCDP) if isinstance(row, Entry) and row.sort != "government"
    ]
    listed = [entry for entry in base() if entry.source != "the names of countries"]
    latin = [
        replace(entry, names=tuple(name for name in entry.names if script(name.text) == "latin"))
        for entry in listed
    ]
    for title, (held, asked) in (
        ("UCDP names kept back", kept_back(actors)),
        ("names of the base kept back", kept_back(latin)),
        ("other scripts (base)", scripts_apart()),
    ):
        right = sum(code is not None for _, code, _ in asked)
        say(f"\n{title}: {right} with an answer, {len(asked) - right} without")
        methods: list[tuple[str, Answer]] = [("Parties.one", found_by(Parties([held], based=False)))]
        methods += [("equal when folded", equal(held))]
        methods += [(f"token_set_ratio >= {floor}", nearest(held, floor)) for floor in (80, 90, 100)]
        for name, answer in methods:
            say(f"{name:34} {scored(answer, asked)}")
        if "kept back" in title:
            say("both written out:")
            for name, answer in methods:
                say(f"{name:34} {scored(answer, asked, written_out=True)}")
    say("")
    speed(say)
    if options.save:
        (HERE / "parties.md").write_text(
            "# Parties under other names\n\n```\n" + "\n".join(lines) + "\n```\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
