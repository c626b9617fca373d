"""Who did what to whom, with what, and how many: the reader on MUC-4 (Latin America, 1988-91).

    python bench/muc.py                 all 200 reports of TST1 and TST2 in ../shared/data/muc34
    python bench/muc.py --limit 20      the first twenty only
    python bench/muc.py --unwrap        with the line breaks inside paragraphs taken out first

**Which reports.** TST1-MUC3-0001 to -0100 and TST2-MUC4-0001 to -0100, in capitals, exactly as issued
(``corpora/tst1/tst1-muc3``, ``corpora/tst2/tst2-muc4``: datelines, brackets and line breaks too). The
published figure, 54.5 (GRIT: Du, Rush and Cardie, 2021), is for TST3 and TST4, 200 other reports, which
the shared folder does not hold; TST1 and TST2 were that work's development part. The same task, the
same scorer and as many reports, but not the same ones: the two figures stand beside, not against, each
other. GRIT was trained on 1,300 more reports of this corpus (DEV) with these keys; a few dozen of those
reports are among what the reader was trained on (``training/codings``), none of TST1 and TST2.

**Role fillers, CEAF-REE.** The marked entities are those of ``dev.json``, merged over the templates of
a report as GRIT does: an entity whose mentions all belong to one already there, or the reverse, is not
counted again. In each report and role, marked and given entities are paired one to one as well as can
be; a pair is worth 1 when every mention of the given entity is a mention of the marked one, else 0.
Mentions are compared in small letters without punctuation, articles and extra spaces. Precision is the
worth over the entities given, recall over those marked; *all five roles* adds up the five (micro).
From the claims of the reader these are entities, each by its first words in the report:

* perpetrators: parties in the role of perpetrator, one entity a party. MUC parts persons from
  organisations, the reader does not: words that end in a noun for people ("guerrillas", "members of
  the FMLN") or that name no body are persons, the other ones are organisations.
* targets and weapons: those of the tellings of harm.
* victims: the words of each figure of killed, wounded or captured, without the number. MUC marks
  named victims only, and the reader counts people, named or not; a line below the sum, in no part of
  it, holds the same words against victims by name *or* description, from the raw keys.

What the reader takes for a total of many events, or tells as denied, is left out, as MUC wants it.

**Numbers.** From the raw keys (``key-tst1.v7``, ``key-tst2.v4``): each human target whose EFFECT is
DEATH or INJURY gives its NUMBER to the killed or the injured of its report, as a set: the same number
twice is one. "7 -" is 7 or more ("more than 6" too), "~100" is 100, "5 / 6" is either. Figures of
killed and wounded that the reader gives, again as a set, are right when low and high are the same.
No figure is asked for where the key has none ("PLURAL"), marks it as optional, or gives one number to
people of whom some died and some were hurt; giving it is right, and so is "none" where the key says
that there were none. *Sums too* also takes the sum over the targets of one template, and its TOTAL
NUMBER where all had the same fate, for its parts: texts say "six priests" where the key has six
names. MUC leaves out soldiers and guerrillas killed in combat, and what lies more than two months
back; figures for these count as wrong. The last line leaves out reports without any template.
"""

from __future__ import annotations

import argparse
import json
import re
import string
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tallystick.model import HARM, CaptureId, Claim, Document, Role, Span, Telling, Toll
from tallystick.readers import read
from tallystick.values.count import read as counts

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "shared" / "data" / "muc34"
# The raw texts and keys of each part.
PARTS = (
    ("corpora/tst1/tst1-muc3", "corpora/tst1/key-tst1.v7"),
    ("corpora/tst2/tst2-muc4", "corpora/tst2/key-tst2.v4"),
)
PUBLISHED = 54.5  # GRIT, all five roles, F1, on TST3 and TST4
ROLES = {
    "PerpInd": "perpetrator, person",
    "PerpOrg": "perpetrator, organisation",
    "Target": "physical target",
    "Victim": "victim",
    "Weapon": "weapon",
}

Entity = frozenset[str]  # its mentions, normalised
Bounds = tuple[int | None, int | None]
Figure = tuple[str, Bounds]  # ("killed" or "wounded", low and high)


@dataclass
class Tally:
    """Right ones among the given and among the marked: what precision and recall are made of."""

    right: int = 0
    given: int = 0
    found: int = 0
    marked: int = 0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.given += other.given
        self.found += other.found
        self.marked += other.marked

    def line(self, name: str) -> str:
        precision = self.right / self.given if self.given else 0.0
        recall = self.found / self.marked if self.marked else 0.0
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        return (f"{name:36}{100 * precision:7.1f}{100 * recall:7.1f}{100 * f1:7.1f}"
                f"{self.given:8}{self.marked:8}")  # fmt: skip


# ------------------------------------------------------------------ role fillers


def normal(mention: str) -> str:
    """As the published scorer does it: small letters, then without punctuation, articles, extra spaces."""
    bare = "".join(letter for letter in mention.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def entity(mentions: Iterable[str]) -> Entity:
    return frozenset(filter(None, map(normal, mentions)))


def distinct(entities: Iterable[Entity]) -> list[Entity]:
    """Each entity once: one that is part of an earlier one, or holds it, is not taken again."""
    out: list[Entity] = []
    for one in entities:
        if one and not any(one <= other or other <= one for other in out):
            out.append(one)
    return out


def ceaf_ree(given: Sequence[Entity], marked: Sequence[Entity]) -> Tally:
    """The best one-to-one pairing of one role in one report.

    A pair is worth 1 or 0, so the best pairing is a greatest matching: each given entity takes a
    marked one, and whoever holds that one already moves on if it can (augmenting paths).
    """
    fits = [[at for at, other in enumerate(marked) if one <= other] for one in given]
    holder: dict[int, int] = {}

    def take(one: int, asked: set[int]) -> bool:
        for at in fits[one]:
            if at not in asked:
                asked.add(at)
                if at not in holder or take(holder[at], asked):
                    holder[at] = one
                    return True
        return False

    worth = sum(take(one, set()) for one in range(len(given)))
    return Tally(worth, len(given), worth, len(marked))


# The last word, or the last before any "of", tells whether people or a body are meant.
_PEOPLE = re.compile(
    r"(?:\w*(?:men|women)|\w+(?:ists|ers|ors)|man|woman|people|persons?|individuals?|members?|"
    r"subjects?|youths?|guerrillas?|rebels?|insurgents?|subversives?|terrorists?|extremists?|"
    r"militants?|criminals?|assassins?|elements?|commandos?|troops|soldiers?|officers?|policem[ae]n|"
    r"civilians?|students?|peasants?|hitmen|units?|columns?|groups?|bands?|gangs?|squads?|patrols?|contras?|"
    r"mercenar(?:y|ies))"
)
_BODY = re.compile(
    r"\b(?:front|army|forces?|movement|command|cartel|party|union|alliance|organi[sz]ation|brigades?|"
    r"battalions?|government|regime|police|navy|ministry|embassy|league|coalition|guard|path|"
    r"authorities|military)\b"
)


def is_body(words: str) -> bool:
    """Whether the words of a party name an organisation rather than persons."""
    plain = normal(words)
    head = re.split(r" (?:of|from|in) ", plain)[0]
    if any(_PEOPLE.fullmatch(part.rpartition(" ")[2]) for part in (head, plain)):
        return False
    return bool(_BODY.search(plain)) or bool(re.fullmatch(r"[A-Z][A-Z-]{1,6}", words.strip()))


def without_number(words: str) -> str:
    """The words of a figure without the number: "MORE THAN 20 PEASANTS" tells of peasants."""
    end = max((end for start, end, _ in counts(words) if start == 0), default=0)
    return re.sub(r"^\s*(?:another|other|an?|the)\b", "", words[end:], flags=re.I)


def fillers(claims: Sequence[Claim]) -> dict[str, list[Entity]]:
    """The entities of each role that the claims of one report give, in the order of the text."""
    found: dict[str, dict[str, Entity]] = {role: {} for role in ROLES}

    def give(role: str, key: str, words: str) -> None:
        if normal(words):
            found[role].setdefault(key, entity([words]))

    for claim in told(claims):
        value = claim.value
        if isinstance(value, Role) and value.role == "perpetrator" and value.stance != "denied":
            words = value.party.words or value.party.name
            give("PerpOrg" if is_body(words) else "PerpInd", value.party.key, words)
        elif isinstance(value, Telling) and value.kind in HARM:
            for role, named in (("Target", value.target), ("Weapon", value.weapon)):
                give(role, normal(named or ""), named or "")
        elif isinstance(value, Toll) and value.kind in ("killed", "wounded", "captured"):
            words = without_number(claim.span.quote)
            give("Victim", normal(words), words)
    return {role: list(entities.values()) for role, entities in found.items()}


def told(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims that tell of single events and are not denied."""
    totals: set[Span | None] = {
        claim.telling for claim in claims if isinstance(claim.value, Telling) and claim.value.aggregate
    }
    return (claim for claim in claims if claim.stance != "denied" and claim.telling not in totals)


# ------------------------------------------------------------------ the raw keys

_SLOT = re.compile(r"\d+\.\s+([A-Z]+(?: [A-Z]+)?: [A-Z]+(?: [A-Z]+)*)\s{2,}(\S.*)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Fill:
    """One line of a slot: what stands before the colon, and the strings it is tied to, if any."""

    text: str
    tied: frozenset[str]
    optional: bool


@dataclass
class Template:
    """One incident of one report: the lines of each slot."""

    report: str
    optional: bool
    slots: dict[str, list[Fill]] = field(default_factory=lambda: defaultdict(list))


def fill(line: str) -> Fill:
    """``DEATH: "PRIESTS" / "JESUITS"``, ``? "MAYOR": "LOPEZ"``, ``"LOPEZ"``."""
    optional = line.startswith("?")
    line = line.lstrip("? ")
    # The colon that ties is the one outside the quoted strings.
    colon = _STRING.sub(lambda match: "x" * len(match[0]), line).find(":")
    left, right = (line[:colon], line[colon + 1 :]) if colon >= 0 else (line, "")
    return Fill(left.strip(), frozenset(strings(right)), optional)


def strings(text: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", found) for found in _STRING.findall(text)]


def templates(text: str) -> list[Template]:
    """The filled templates of one key file; reports without an incident have none."""
    out: list[Template] = []
    report = slot = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith(";"):
            continue
        match = _SLOT.match(line)
        value = line.strip()  # one more line of the slot before
        if match:
            slot, value = match[1], match[2].strip()
        if slot == "MESSAGE: ID":
            report = value.split()[0]
        elif slot == "MESSAGE: TEMPLATE":
            if value != "*":
                out.append(Template(report, "OPTIONAL" in value))
        elif value not in ("-", "*"):
            out[-1].slots[slot].append(fill(value))
    return out


def people_hit(template: Template) -> list[Entity]:
    """The human targets of a template, by name and description; a description tied to a name is its."""
    found = [strings(one.text) for one in template.slots["HUM TGT: NAME"]]
    for one in template.slots["HUM TGT: DESCRIPTION"]:
        named = next((names for names in found if one.tied & set(names)), None)
        if named is None:
            found.append(strings(one.text))
        else:
            named.extend(strings(one.text))
    return [entity(mentions) for mentions in found]


# ------------------------------------------------------------------ numbers


def bounds(told: str) -> set[Bounds] | None:
    """The bounds that a NUMBER allows; ``None`` where one of its alternatives is no number."""
    out: set[Bounds] = set()
    for one in told.split("/"):
        match = re.fullmatch(r"~?(?P<low>\d*)(?P<to>-?)(?P<high>\d*)", re.sub(r"[\s,()]", "", one))
        if not match or not (match["low"] or match["high"]):
            return None
        low = int(match["low"]) if match["low"] else None
        high = int(match["high"]) if match["high"] else None
        if not match["to"]:
            out.add((low, low))
        elif low is None:
            assert high is not None
            out.update({(None, high), (None, max(0, high - 1))})  # "up to 15" and "fewer than 16"
        elif high is None:
            out.update({(low, None), (low + 1, None)})  # "at least 7" and "more than 7": both are "7 -"
        else:
            out.add((low, high))
    return out


@dataclass
class Figures:
    """What a key asks for in one report, and what it takes besides."""

    # What is asked for, with the sums that stand for it.
    asked: dict[tuple[str, frozenset[Bounds]], set[Bounds]] = field(default_factory=dict)
    taken: set[Figure] = field(default_factory=set)  # right if given, not asked for
    sums: set[Figure] = field(default_factory=set)  # right if given, where sums are taken too

    def tally(self, given: set[Figure], kinds: Sequence[str], with_sums: bool) -> Tally:
        given = {figure for figure in given if figure[0] in kinds}
        asked = {key: sums for key, sums in self.asked.items() if key[0] in kinds}
        right = {(kind, one) for kind, each in asked for one in each} | self.taken
        if with_sums:
            right |= self.sums
        found = sum(
            any((kind, one) in given for one in (each | sums if with_sums else each))
            for (kind, each), sums in asked.items()
        )
        return Tally(len(given & right), len(given), found, len(asked))


_FATES = {"DEATH": "killed", "INJURY": "wounded"}
_NONE = {
    "NO DEATH": ("killed",),
    "NO INJURY": ("wounded",),
    "NO INJURY OR DEATH": ("killed", "wounded"),
}


def ask(figures: Figures, template: Template) -> None:
    """Add what one template tells of killed and injured."""
    numbers = template.slots["HUM TGT: NUMBER"]
    effects = template.slots["HUM TGT: EFFECT OF INCIDENT"]
    fates: dict[int, list[tuple[str, bool]]] = defaultdict(list)  # of each number: what and how surely
    for effect in effects:
        ways = [way.strip(" ()") for way in effect.text.split("/")]
        # Two groups of a template may share a word ("students"): the same words before some of them.
        same = [at for at, number in enumerate(numbers) if number.tied == effect.tied]
        tied = same or [at for at, number in enumerate(numbers) if number.tied & effect.tied]
        for way in ways:
            figures.taken.update((kind, (0, 0)) for kind in _NONE.get(way, ()))
            if way in _FATES:
                for at in tied:
                    fates[at].append((_FATES[way], effect.optional or len(ways) > 1))
    plain: dict[str, list[int]] = defaultdict(list)
    keys: dict[str, list[tuple[str, frozenset[Bounds]]]] = defaultdict(list)
    unsummed: set[str] = set()  # of these some number is open, unknown or doubtful
    for at, fate in fates.items():
        number = numbers[at]
        allowed = bounds(number.text)
        mixed = len({kind for kind, _ in fate}) > 1  # some of them died and some were hurt
        doubtful = template.optional or number.optional or mixed
        for kind, unsure in fate:
            exact = next(iter(allowed)) if allowed and len(allowed) == 1 else (None, None)
            if exact[0] is not None and exact[0] == exact[1] and not mixed:
                plain[kind].append(exact[0])
            else:
                unsummed.add(kind)
            if allowed is None:
                # Of "PLURAL / - 15" the number may be given, and need not be.
                each = filter(None, map(bounds, number.text.split("/")))
                figures.taken.update((kind, one) for some in each for one in some)
            elif doubtful or unsure:
                figures.taken.update((kind, one) for one in allowed)
            else:
                key = (kind, frozenset(allowed))
                figures.asked.setdefault(key, set())
                keys[kind].append(key)
    for kind in set(plain) | set(keys):
        sums: set[Bounds] = set()
        if kind not in unsummed and len(plain[kind]) > 1:
            sums.add((sum(plain[kind]), sum(plain[kind])))
        if len(fates) == len(numbers) and all({what for what, _ in f} == {kind} for f in fates.values()):
            for total in template.slots["HUM TGT: TOTAL NUMBER"]:
                sums |= bounds(total.text) or set()
        figures.sums.update((kind, one) for one in sums)
        for key in keys[kind]:
            figures.asked[key] |= sums


def given_figures(claims: Sequence[Claim]) -> set[Figure]:
    """The figures of killed and wounded that the reader gives."""
    return {
        (claim.value.kind, (claim.value.count.low, claim.value.count.high))
        for claim in told(claims)
        if isinstance(claim.value, Toll) and claim.value.kind in ("killed", "wounded")
    }


# ------------------------------------------------------------------ the run


def documents(corpus: Path, unwrap: bool) -> list[Document]:
    """The raw reports in the order of the corpus; their day of publication is not told but in the text."""
    out = []
    for texts, _ in PARTS:
        whole = (corpus / texts).read_bytes().decode("latin-1")
        for one in re.split(r"^(?=TST\d-MUC\d-\d{4})", whole, flags=re.M)[1:]:
            name, _, text = one.partition("\n")
            text = text.strip()
            if unwrap:
                text = re.sub(r"(?<=\S) *\n(?=\S)", " ", text)
            # A report's id may have the place that sent it behind it.
            out.append(Document(CaptureId("muc"), name.split()[0], text))
    return out


def marked_fillers(path: Path) -> dict[str, dict[str, list[Entity]]]:
    """The entities of each report and role, merged over its templates."""
    out = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        out[row["docid"]] = {
            role: distinct(
                entity(mention for mention, _ in one) for each in row["templates"] for one in each[role]
            )
            for role in ROLES
        }
    return out


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a folder with corpora/ and dev.json")
    parser.add_argument("--limit", type=int, help="read only the first so many reports")
    parser.add_argument("--jobs", type=int, default=2, help="reading processes")
    parser.add_argument("--unwrap", action="store_true", help="take the line breaks inside paragraphs out")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; this measurement needs that set")
    chosen = documents(options.corpus, options.unwrap)[: options.limit]
    marked = marked_fillers(options.corpus / "dev.json")
    keys: dict[str, list[Template]] = defaultdict(list)
    for _, name in PARTS:
        for template in templates((options.corpus / name).read_bytes().decode("latin-1")):
            keys[template.report].append(template)
    roles = {role: Tally() for role in ROLES}
    described = Tally()
    numbers: dict[str, Tally] = defaultdict(Tally)
    for document, said in read(chosen, options.jobs):
        if isinstance(said, BaseException):
            raise said  # a report that cannot be read is a fault, not a low score
        ours = fillers(said)
        for role, tally in roles.items():
            tally.add(ceaf_ree(ours[role], marked[document.name][role]))
        hit = distinct(one for template in keys[document.name] for one in people_hit(template))
        described.add(ceaf_ree(ours["Victim"], hit))
        figures, given = Figures(), given_figures(said)
        for template in keys[document.name]:
            ask(figures, template)
        both = ("killed", "wounded")
        for with_sums, ending in ((False, ""), (True, ", sums too")):
            for name, kinds in (("killed", ("killed",)), ("injured", ("wounded",)), ("both", both)):
                numbers[name + ending].add(figures.tally(given, kinds, with_sums))
        last = numbers["both, sums too, with a template"]
        if keys[document.name]:
            last.add(figures.tally(given, both, True))
    whole = Tally()
    for tally in roles.values():
        whole.add(tally)
    with_one = sum(bool(keys[document.name]) for document in chosen)
    print(f"MUC-4 TST1 and TST2, {len(chosen)} reports, {with_one} with a template\n")
    head = f"{'P':>7}{'R':>7}{'F1':>7}{'given':>8}{'marked':>8}"
    print(f"{'role fillers, CEAF-REE':36}{head}")
    for role, tally in roles.items():
        print(tally.line(ROLES[role]))
    print(whole.line("all five roles"))
    print(f"{'GRIT as published (on TST3, TST4)':36}{'':14}{PUBLISHED:7.1f}")
    print(described.line("(victim, named or described)"))
    print(f"\n{'numbers, exact low and high':36}{head}")
    for name, tally in numbers.items():
        print(tally.line(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
