"""Linking on articles about shootings in the United States (../shared/data/gva), beside plainer rules.

    python bench/gva.py --cache FOLDER              reads the articles once (about 6 minutes), then scores
    python bench/gva.py --cache FOLDER --errors     also: what is missed and wrongly joined, by kind, on the tuning part
    python bench/gva.py --cache FOLDER --tune FILE  also: every candidate pair of the tuning part, as JSON lines

What was read is kept in FOLDER/claims.jsonl; whoever changes the reader deletes it.

The articles are grouped by the incident of the Gun Violence Archive that each was collected for; its row tells
day, city, state, killed and injured. Those of an incident without a row, and texts listed for two incidents, are
left out. A fifth of the incidents, by a hash of their ids, is held out: nothing is chosen on it. All articles are
linked together, so a held-out article can be joined to any other; a figure of a part counts the pairs of which at
least one article is in it.

One account stands for each article: of the harm that our reader finds there the account it holds for the primary
one, else the one with the most figures, else the first. An article without any stays alone. Beside it, in the same run:

    day and city            one group is what has the same day and the same place, as read; as in the incident's row
    words alone             the articles' words (TF-IDF, cosine), joined above the threshold that is best on the
                            tuning part; the same where the publications lie at most so many days apart
    rows for reading        accounts made of the incident's own row (and the article's title and day of publication):
                            what linking does when nothing is misread. It flatters: all articles of an incident then
                            agree. With slips a share of the days, tolls and places is told as articles tell them.
    the row's day, place …  the accounts as read, with one field taken from the row: what misreading it costs
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import linking

from tallystick import naming, rows
from tallystick.claims import claims
from tallystick.incidents import Pair, pairs
from tallystick.model import Account, AccountId, CaptureId, Claim, Document, Maker, Telling, Toll, accounts
from tallystick.values.count import Count
from tallystick.values.names import fold
from tallystick.values.parties.register import basic
from tallystick.values.place import Place
from tallystick.values.places.gazetteer import Gazetteer, default
from tallystick.values.when import When

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gva"
COUNTRIES = ("United States",)
READ = 10_000  # characters of an article; what follows in a few are readers' comments and other articles
ROW = Maker("incident rows", "1")
SLIP = {"day": 0.15, "toll": 0.15, "place": 0.10}  # the share of accounts that each slip befalls
EVERY = -1e6  # no pair is too unlike to look at
THRESHOLDS = [round(0.10 + 0.02 * step, 2) for step in range(41)]
WINDOWS = (1, 2, 4, 7, 14, 30)  # days between publications


@dataclass(frozen=True, slots=True)
class Row:
    """What the archive tells of an incident."""

    incident: str
    day: date
    city: str
    state: str
    killed: int
    injured: int


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles under their number in the file, each with its incident's row."""

    documents: Mapping[int, Document]
    row: Mapping[int, Row]

    def part(self, held_out: bool) -> list[int]:
        return [n for n, row in self.row.items() if linking.held_out(row.incident) is held_out]

    @property
    def incident(self) -> dict[int, str]:
        return {n: row.incident for n, row in self.row.items()}


def corpus(folder: Path = CORPUS) -> Articles:
    """The articles that can be scored."""
    row = {}
    for line in (folder / "incidents.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            told = json.loads(line)
            day = datetime.strptime(told["date"], "%B %d, %Y").date()  # noqa: DTZ007 - a day, at no hour
            city = re.sub(r"\s*\(.*?\)", "", told["city_or_county"]).strip()
            row[told["incident_id"]] = Row(
                told["incident_id"], day, city, told["state"], told["num_killed"], told["num_injured"]
            )
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").split("\n")
    told = [json.loads(line) for line in lines if line]
    listed = Counter(one["doc_id"] for one in told)
    chosen = [n for n, one in enumerate(told) if listed[one["doc_id"]] == 1 and one["incident_id"] in row]
    return Articles(
        {n: _document(n, told[n]) for n in chosen}, {n: row[told[n]["incident_id"]] for n in chosen}
    )


def _document(number: int, told: Mapping[str, Any]) -> Document:
    """An article as it is read: its title above its words, as reports mostly come."""
    text = f"{told['title'].strip()}\n\n{told['content'].strip()}"[:READ]
    day = date.fromisoformat(told["dct"])
    return Document(CaptureId("gva"), str(number), text, told["title"], None, day, "metadata")


# ------------------------------------------------------------------------------- what is read in them


def said(articles: Articles, cache: Path) -> list[Claim]:
    """The claims of all articles: from ``cache/claims.jsonl`` as far as it goes, else read and put there."""
    cache.mkdir(parents=True, exist_ok=True)
    path, kept = cache / "claims.jsonl", {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                told = json.loads(line)
                kept[told["id"]] = told["claims"]
    missing = [document for document in articles.documents.values() if document.id not in kept]
    with path.open("a", encoding="utf-8") as file:
        for number, document in enumerate(missing):
            kept[document.id] = [rows.encode(claim) for claim in claims(document)]
            file.write(json.dumps({"id": document.id, "claims": kept[document.id]}) + "\n")
            if number % 100 == 0:
                print(f"reading {number:,} of {len(missing):,}", file=sys.stderr, flush=True)
    return [rows.claim(body) for document in articles.documents.values() for body in kept[document.id]]


def main_account(told: Sequence[Account]) -> Account | None:
    """The account that stands for an article."""
    harm = [account for account in told if not account.is_matter and not account.telling.aggregate]
    return max(harm, key=lambda a: (a.telling.primary, len(a.tolls()), -a.span.start), default=None)


def as_read(articles: Articles, cache: Path, lists: Gazetteer) -> dict[int, Account]:
    """The account that stands for each article where one is read, its place and parties looked up."""
    there = {document.id: document for document in articles.documents.values()}
    by_document: dict[str, list[Account]] = defaultdict(list)
    for account in naming.located(accounts(said(articles, cache), there), there, lists, COUNTRIES, {}):
        by_document[account.document].append(account)
    chosen = {n: main_account(by_document[document.id]) for n, document in articles.documents.items()}
    found = {n: account for n, account in chosen.items() if account is not None}
    return dict(zip(found, naming.known(list(found.values()), there, basic(), COUNTRIES, {}), strict=True))


# -------------------------------------------------------------------------- what the rows tell instead


def from_rows(articles: Articles, lists: Gazetteer, slips: bool) -> dict[int, Account]:
    """An account for each article made of its incident's row, in the words of its title."""
    there = {document.id: document for document in articles.documents.values()}
    made = []
    for n, document in articles.documents.items():
        made.append(_made(document, _slipped(n, articles.row[n]) if slips else _plain(articles.row[n])))
    return dict(zip(articles.documents, naming.located(made, there, lists, COUNTRIES, {}), strict=True))


Told = tuple[date, str | None, str, int, int]  # day, city where told, state, killed, injured


def _plain(row: Row) -> Told:
    return row.day, row.city, row.state, row.killed, row.injured


def _slipped(number: int, row: Row) -> Told:
    """The row as one article might tell it, by chance that is the same in every run.

    The next day or the day before, one of the injured dead (or, of the dead, one still alive), no city.
    """
    chance = hashlib.sha256(f"slip {number}".encode()).digest()
    slips = {name: chance[i] / 256 < SLIP[name] for i, name in enumerate(SLIP)}
    day = row.day + timedelta(days=(1 if chance[8] < 192 else -1) * slips["day"])
    killed, injured = row.killed, row.injured
    if slips["toll"] and killed + injured:
        by = 1 if injured and (not killed or chance[9] < 128) else -1
        killed, injured = killed + by, injured - by
    return day, None if slips["place"] else row.city, row.state, killed, injured


def _made(document: Document, told: Told) -> Account:
    day, _, _, killed, injured = told
    words = document.span(0, max(1, len(document.text.split("\n", 1)[0])))
    telling = Telling("killing", primary=True, when=_when(day), place=_place(told))
    head = Claim(words, "attack", telling, telling=words, maker=ROW)
    return Account(head, (head, *_tolls(head, killed, injured)), None, document.published)


def _when(day: date) -> When:
    return When(day, day, "day")


def _place(told: Told) -> Place:
    _, city, state, _, _ = told
    return Place(city or state, city or state, state, "United States")


def _tolls(head: Claim, killed: int, injured: int) -> Iterator[Claim]:
    for kind, number in (("killed", killed), ("wounded", injured)):
        if number:
            toll = Toll(kind, Count(number, number))
            yield Claim(head.span, "casualties", toll, telling=head.telling, maker=ROW)


def with_field(field: str, read: Mapping[int, Account], row: Mapping[int, Account]) -> dict[int, Account]:
    """The accounts as read, but for ``field`` ("day", "place", "tolls"), which is taken from ``row``."""
    out = {}
    for n, account in read.items():
        told, other = account.telling, row[n].telling
        if field == "day":
            told = replace(told, when=other.when)
        elif field == "place":
            told = replace(told, place=other.place)
        head = replace(account.head, value=told)
        rest = tuple(claim for claim in account.claims if claim is not account.head and claim != account.head)
        if field == "tolls":
            rest = tuple(
                claim
                for claim in rest
                if not (isinstance(claim.value, Toll) and claim.value.kind in ("killed", "wounded"))
            )
            rest += tuple(
                replace(claim, span=head.span, telling=head.telling)
                for claim in row[n].claims
                if isinstance(claim.value, Toll)
            )
        out[n] = replace(account, head=head, claims=(head, *rest))
    return out


# ----------------------------------------------------------------------------------- the ways to group

Grouping = Mapping[int, Hashable]


def linked(articles: Articles, told: Mapping[int, Account]) -> Grouping:
    """Articles by our linking of their accounts; those without one alone."""
    number = {account.id: n for n, account in told.items()}
    groups = linking.grouped(linking.ours(list(told.values())))
    mine: dict[int, int] = {number[name]: group for name, group in groups.items()}
    return linking.by_key({n: mine.get(n) for n in articles.documents})


def day_and_city_read(articles: Articles, told: Mapping[int, Account]) -> Grouping:
    def key(account: Account | None) -> Hashable | None:
        if account is None or account.telling.place is None or account.telling.when.start is None:
            return None
        when, place = account.telling.when, account.telling.place
        return (when.start, place.code or fold(place.name)) if when.start == when.end else None

    return linking.by_key({n: key(told.get(n)) for n in articles.documents})


def day_and_city_of_row(articles: Articles) -> Grouping:
    return {n: (row.day, row.city, row.state) for n, row in articles.row.items()}


def alike(articles: Articles, least: float) -> list[tuple[float, int, int, int]]:
    """Pairs of articles whose words are at least so much alike, with the days between their publications."""
    texts = {n: document.text for n, document in articles.documents.items()}
    day = {n: document.published or date.min for n, document in articles.documents.items()}
    return [(like, abs((day[a] - day[b]).days), a, b) for like, a, b in linking.alike(texts, least)]


def words_alone(
    articles: Articles, likenesses: Sequence[tuple[float, int, int, int]], windows: Sequence[int | None]
) -> tuple[Grouping, float, int | None]:
    """The grouping by threshold (and window) with the best pairwise F1 on the tuning part, and these two."""
    tuning, true = articles.part(held_out=False), articles.incident
    best: tuple[float, float, int | None, Grouping] | None = None
    for window in windows:
        for least in THRESHOLDS:
            near = [
                (a, b)
                for like, gap, a, b in likenesses
                if like >= least and (window is None or gap <= window)
            ]
            groups = linking.joined(articles.documents, near)
            f1 = linking.pairwise(groups, true, tuning).f1
            if best is None or f1 > best[0]:
                best = f1, least, window, groups
    assert best is not None
    return best[3], best[1], best[2]


# ------------------------------------------------------------------------------------ where it errs


def why_missed(left: Account | None, right: Account | None, pair: Pair | None) -> str:
    """The first thing that explains why two articles of one incident were not joined."""
    if left is None or right is None:
        return "no account read in one"
    gap = left.telling.when.gap(right.telling.when)
    if pair is None:
        if gap is None:
            return "no candidate: a day unknown"
        return f"no candidate: days {'2 or fewer' if gap <= 2 else '3–7' if gap <= 7 else 'over 7'} apart"
    if pair.verdict == "same":
        return "judged same, kept apart by another account"
    day = "a day unknown" if gap is None else f"{gap} day{'' if gap == 1 else 's'} apart"
    return f"judged {pair.verdict}: {day}"


def errors(articles: Articles, told: Mapping[int, Account], groups: Grouping) -> None:
    """Prints the tuning part's missed and wrong pairs by kind, with the features that they show."""
    tuning, true = set(articles.part(held_out=False)), articles.incident
    number = {account.id: n for n, account in told.items()}
    judged = {
        (number[pair.left.id], number[pair.right.id]): pair
        for part in pairs([told[n] for n in told if n in tuning], least=EVERY)
        for pair in part.near
    }
    print("\ntuning part: pairs of one incident that are not joined")
    missed, of_missed = Counter[str](), Counter[str]()
    features: dict[str, Counter[str]] = {"missed": of_missed, "wrong": Counter(), "found": Counter()}
    for members in linking.shared_index({n: true[n] for n in sorted(tuning)}).values():
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                pair = judged.get((a, b)) or judged.get((b, a))
                kind = "found"
                if groups[a] != groups[b]:
                    kind = "missed"
                    missed[why_missed(told.get(a), told.get(b), pair)] += 1
                features[kind].update(_names(pair))
    for why, count in missed.most_common():
        print(f"{count:6,}  {why}")
    wrong = 0
    for members in linking.shared_index({n: groups[n] for n in sorted(tuning)}).values():
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                if true[a] != true[b]:
                    wrong += 1
                    features["wrong"].update(_names(judged.get((a, b)) or judged.get((b, a))))
    print(
        f"\ntuning part: {wrong:,} pairs wrongly joined; what their comparison says, beside that of the others"
    )
    print(f"{'':34}{'found':>8}{'missed':>8}{'wrong':>8}")
    for name in sorted(set().union(*features.values())):
        print(f"{name:34}" + "".join(f"{features[kind][name]:8,}" for kind in ("found", "missed", "wrong")))


def _names(pair: Pair | None) -> tuple[str, ...]:
    """The reasons of a pair."""
    return ("(never compared)",) if pair is None else pair.reasons


def expose(articles: Articles, told: Mapping[int, Account], path: Path) -> int:
    """Writes each candidate pair of the tuning part, its features and whether it is of one incident; how many.

    Beside the features of today's comparison: how much alike the whole articles are and the words that the two
    accounts and their claims quote (cosine of TF-IDF), and the days between what was told and between publications.
    """
    tuning, true = set(articles.part(held_out=False)), articles.incident
    number: dict[AccountId, int] = {account.id: n for n, account in told.items()}
    whole = linking.vectors({n: document.text for n, document in articles.documents.items()})
    quoted = linking.vectors({n: quotes(account) for n, account in told.items()}, common=1.0)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for pair in (
            p for part in pairs([told[n] for n in told if n in tuning], least=EVERY) for p in part.near
        ):
            left, right = pair.left, pair.right
            a, b = number[left.id], number[right.id]
            line = {
                "left": a,
                "right": b,
                "same": true[a] == true[b],
                "score": pair.score,
                "features": pair.reasons,
                "articles alike": round(linking.cosine(whole[a], whole[b]), 3),
                "quotes alike": round(linking.cosine(quoted[a], quoted[b]), 3),
                "days": left.telling.when.gap(right.telling.when),
                "publications": abs((left.published - right.published).days)
                if left.published and right.published
                else None,
            }
            file.write(json.dumps(line) + "\n")
            count += 1
    return count


def quotes(account: Account) -> str:
    """The words that an account and its claims point at."""
    return "\n".join(dict.fromkeys((account.span.quote, *(claim.span.quote for claim in account.claims))))


# ------------------------------------------------------------------------------------------- the run


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--cache", type=Path, required=True, help="a folder for what was read, outside the repository"
    )
    parser.add_argument(
        "--corpus", type=Path, default=CORPUS, help="a folder with articles.jsonl and incidents.jsonl"
    )
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--tune", type=Path, help="write the tuning part's candidate pairs here")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; this measurement needs that set")
    articles = corpus(options.corpus)
    lists = Gazetteer(default(naming.cache()))
    read = as_read(articles, options.cache, lists)
    row, slipped = from_rows(articles, lists, False), from_rows(articles, lists, True)
    held, tuning = articles.part(held_out=True), articles.part(held_out=False)
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(
        f"{len(articles.documents):,} articles of {len(set(articles.incident.values())):,} incidents; held out "
        f"{len(held):,} of {len({articles.incident[n] for n in held}):,}; no account read in "
        f"{len(articles.documents) - len(read):,} ({sum(n not in read for n in held):,} of those held out)\n"
    )
    likenesses = alike(articles, THRESHOLDS[0])
    plain, least, _ = words_alone(articles, likenesses, (None,))
    near, least_near, window = words_alone(articles, likenesses, WINDOWS)
    ways: list[tuple[str, Callable[[], Grouping]]] = [
        ("each article alone", lambda: {n: n for n in articles.documents}),
        ("ours, as read", lambda: linked(articles, read)),
        ("same day and city, as read", lambda: day_and_city_read(articles, read)),
        ("same day and city, by the rows", lambda: day_and_city_of_row(articles)),
        (f"words alone, {least:.2f} or more", lambda: plain),
        (f"words, {least_near:.2f}, {window} days at most", lambda: near),
        ("ours, with the row's day", lambda: linked(articles, with_field("day", read, row))),
        ("ours, with the row's place", lambda: linked(articles, with_field("place", read, row))),
        ("ours, with the row's tolls", lambda: linked(articles, with_field("tolls", read, row))),
        ("ours, rows for reading", lambda: linked(articles, row)),
        ("ours, rows with slips", lambda: linked(articles, slipped)),
    ]
    print(f"{'':34}{'held out: pairs':^22}{'B³':^22}{'tuning: pairs':^22}")
    print(f"{'':34}" + f"{'P':>6} {'R':>6} {'F1':>6}  " * 3)
    made: dict[str, Grouping] = {}
    for name, way in ways:
        groups = made[name] = way()
        scores = (
            linking.pairwise(groups, articles.incident, held),
            linking.b_cubed(groups, articles.incident, held),
            linking.pairwise(groups, articles.incident, tuning),
        )
        print(f"{name:34}" + "  ".join(map(str, scores)), flush=True)
    if options.errors:
        errors(articles, read, made["ours, as read"])
    if options.tune:
        print(
            f"\n{expose(articles, read, options.tune):,} candidate pairs of the tuning part in {options.tune}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
