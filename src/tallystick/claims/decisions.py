"""What the model makes of a document's candidates: which events are told, and what belongs to each.

Window by window: where an account is first told, what each count counts and of which account it
is, the day, place and parties of each account, whose word each figure is, and the clauses that
claim something beside. Each decision keeps its probability.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tallystick.claims.actors import accuses
from tallystick.claims.candidates import Candidate, Candidates
from tallystick.claims.encoder import Laid, Pieces
from tallystick.claims.heads import (
    BEFORE,
    HELD,
    KINDS,
    PART_O,
    REACH,
    ROLES,
    STANCES,
    TALLIES,
    TOPICS,
    Floats,
    Heads,
    Settings,
    gaps,
    orders,
    parts_in,
    steps,
)
from tallystick.claims.lexicon import BLASTS, tells_of_a_blast
from tallystick.claims.told import Clause, Counted, Part, Told
from tallystick.claims.voices import TOLD
from tallystick.claims.windows import Window
from tallystick.claims.wording import Wording

LENT = 0.5  # the share of a voice that only its sentence gives
STATED = 0.7  # how surely a clause must be plainly stated: to take a charge or a plan for a fact is worse than the reverse
WORDED = 3.0  # what speaks for the kind that the wording names, in log-odds, besides what the model has learnt of it
UNWORDED = 30.0  # what speaks against a kind of which the report has no word: as good as all
_SPREAD = 6  # word pieces over which one beginning may be smeared


def sigmoid(x: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


def softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


class Decisions:
    """Decides over one document; ``accounts`` and ``clauses`` are what came of it."""

    def __init__(self, heads: Heads, settings: Settings, laid: Laid, text: str, found: Candidates) -> None:
        self._heads, self._set, self._found, self._text = heads, settings, found, text
        self.pieces: Pieces = laid.pieces
        starts = np.array([start for start, _ in self.pieces.offsets] or [0])
        self._ends = np.array([end for _, end in self.pieces.offsets] or [0])
        begins = np.array([start for start, _ in found.sentences] or [0])
        self._sentence = np.maximum(0, np.searchsorted(begins, starts, side="right") - 1)
        self.accounts: list[Told] = []
        self.clauses: list[Clause] = []
        self.parts: list[tuple[int, int, str]] = []  # words that the model takes for a part in an attack
        blast = tells_of_a_blast(text)
        self._unworded = [n for n, kind in enumerate(KINDS) if kind in BLASTS and not blast]
        self._wording = Wording(text, found, self.pieces.offsets, self.piece)
        self._spans = {
            name: [self._span(one) for one in getattr(found, name)]
            for name in ("counts", "dates", "places", "parties", "speakers")
        }
        for window, vectors, tokens in laid.windows:
            if window.last > window.first:
                self._window(window, vectors, tokens)
        self.accounts = self._wording.settled(self.accounts, settings.summed)

    def piece(self, at: int) -> int:
        """The word piece that holds the code point ``at``, or the next one."""
        return min(int(np.searchsorted(self._ends, at, side="right")), len(self._ends) - 1)

    def _span(self, one: Candidate) -> tuple[int, int]:
        return self.piece(one.start), self.piece(max(one.start, one.end - 1)) + 1

    def _window(self, window: Window, vectors: Floats, tokens: Floats) -> None:
        at = window.places()
        look = _Look(vectors, at, self._sentence)
        own = range(window.first, window.last)
        logits = tokens[[at[piece] for piece in own]]
        new = [
            Told(piece, sure)
            for piece, sure in _beginnings(sigmoid(logits[:, 0]), window.first, self._set.telling)
        ]
        seen = [told for told in self.accounts if told.piece in at] + new
        self._propose_speakers(softmax(logits[:, 1:4]), window.first)
        self._propose_parts(logits[:, PART_O:], window.first)
        self._figures(look, window, seen, new)
        self.accounts = sorted([*self.accounts, *new], key=lambda told: told.piece)
        if new:
            self._settle(look, new)
        self._clauses(look, window, logits)

    def _propose_speakers(self, shares: Floats, first: int) -> None:
        """Speakers that the model sees where the rules saw none."""
        inside, added = None, False
        for i in range(len(shares) + 1):
            begins = i < len(shares) and shares[i, 1] > 0.5
            if inside is not None and (i == len(shares) or begins or shares[i, 0] > self._set.clause):
                self._found.add_speaker(self._text, *self._whole(first + inside, first + i - 1))
                inside, added = None, True
            if begins:
                inside = i
        if added:
            self._laid("speakers")

    def _propose_parts(self, logits: Floats, first: int) -> None:
        """Who and what has a part in an attack by the model: an agent is one more party, a victim one more toll."""
        runs = parts_in(logits)
        for start, stop, part in runs:
            begin, end = self._whole(first + start, first + stop - 1)
            self.parts.append((begin, end, part))
            self._found.add_part(self._text, begin, end, part)
        if runs:
            self._laid("parties", "counts")

    def _laid(self, *sorts: str) -> None:
        """Find the pieces of these candidates anew, some having been added."""
        for sort in sorts:
            self._spans[sort] = [self._span(one) for one in getattr(self._found, sort)]

    def _whole(self, first: int, last: int) -> tuple[int, int]:
        """Where the whole words of the pieces from ``first`` to ``last`` stand."""
        start, end = self.pieces.offsets[first][0], self.pieces.offsets[last][1]
        while start and self._text[start - 1].isalnum():
            start -= 1
        while end < len(self._text) and self._text[end].isalnum():
            end += 1
        return start, end

    def _visible(self, look: _Look, sort: str, window: Window | None = None) -> list[int]:
        """Numbers of the candidates of a sort that stand in the window; only its own, if it is given."""
        return [
            n
            for n, (first, _) in enumerate(self._spans[sort])
            if first in look.at and (window is None or window.first <= first < window.last)
        ]

    def _figures(self, look: _Look, window: Window, seen: list[Told], new: list[Told]) -> None:
        """What each count counts, of which account; a toll that is of none opens one."""
        numbers = self._visible(look, "counts", window)
        if not numbers:
            return
        counts = [self._found.counts[n] for n in numbers]
        spans = [self._spans["counts"][n] for n in numbers]
        logits = self._heads.tally(look.words(spans), np.array([c.hint for c in counts]))
        shares, summed = softmax(logits[:, : len(TALLIES)]), sigmoid(logits[:, len(TALLIES)])
        tolls = [i for i in range(len(counts)) if 1 - shares[i, 0] >= self._set.tally]
        if not tolls:
            return
        query = [spans[i] for i in tolls]
        words = look.words(query)
        speakers = self._visible(look, "speakers")
        voice = self._pick(look, "figure_voice", words, [q for q, _ in query], "speakers", speakers)
        voice = self._one_voice_a_sentence([q for q, _ in query], voice)
        accounts = [(told.piece, told.piece + REACH) for told in seen]
        null = self._heads.null("figure_account", words)[:, None]
        if seen:
            far = look.far(
                [q for q, _ in query], [a for a, _ in accounts], np.array([0, *[1] * (len(seen) - 1)])
            )
            scores = self._heads.pair("figure_account", words, look.words(accounts), far)[..., 0]
            links = softmax(np.concatenate([scores, null], axis=1))
        else:
            links = np.ones((len(tolls), 1), dtype=np.float32)
        opened: dict[int, Told] = {}
        for row, i in enumerate(tolls):
            tally = int(shares[i, 1:].argmax()) + 1
            best = int(links[row].argmax())
            if best < len(seen):
                told = seen[best]
            else:
                sentence = int(self._sentence[query[row][0]])
                back = self._wording.back(sentence, [*seen, *opened.values()])
                if back is not None:
                    opened.setdefault(sentence, back)
                if sentence not in opened:
                    begin = self.piece(self._found.sentences[sentence][0])
                    begin = begin if begin in look.at else query[row][0]
                    opened[sentence] = Told(begin, float(links[row, best]))
                    new.append(opened[sentence])
                told = opened[sentence]
            said = voice[row]
            told.figures.append(
                Counted(
                    counts[i], TALLIES[tally], float(1 - shares[i, 0]),
                    self._found.speakers[said[0]] if said else None, float(summed[i]), bool(said and said[1] == LENT),
                )
            )  # fmt: skip

    def _one_voice_a_sentence(
        self, query: Sequence[int], voices: Sequence[tuple[int, float] | None]
    ) -> list[tuple[int, float] | None]:
        """The voices of figures: where a sentence names one speaker alone, all its figures are on that word.

        The medium that somebody "told" is no second speaker: it relays the one who spoke.
        """
        out = list(voices)
        for sentence in {int(self._sentence[piece]) for piece in query}:
            rows = [i for i, piece in enumerate(query) if self._sentence[piece] == sentence]
            start, end = self._found.sentences[sentence]
            inside = [n for n, s in enumerate(self._found.speakers) if start <= s.start < end]
            if len(inside) > 1:
                speaks = [n for n in inside if not self._is_told(self._found.speakers[n])]
                inside = speaks or inside
            told = [said for i in rows if (said := voices[i]) is not None and said[0] in inside]
            if len(inside) == 1 or self._is_one_person(inside):
                for i in rows:
                    out[i] = max(told, key=lambda said: said[1]) if told else (inside[0], LENT)
        return out

    def _is_one_person(self, inside: Sequence[int]) -> bool:
        """Whether two speakers are one who is described and then named: "its spokesman, Colonel Tesk"."""
        if len(inside) != 2:
            return False
        one, other = (self._found.speakers[n] for n in inside)
        return one.name == other.name and self._text[one.end : other.start].strip() == ","

    def _is_told(self, speaker: Candidate) -> bool:
        return bool(TOLD.search(self._text[max(0, speaker.start - 16) : speaker.start]))

    def _pick(
        self, look: _Look, name: str, words: Floats, query: list[int], sort: str, numbers: Sequence[int]
    ) -> list[tuple[int, float] | None]:
        """For each query the likeliest candidate with its share, or ``None`` for none of them."""
        null = self._heads.null(name, words)[:, None]
        if not numbers:
            return [None] * len(query)
        spans = [self._spans[sort][n] for n in numbers]
        hints = np.array([getattr(self._found, sort)[n].hint for n in numbers])
        scores = self._heads.pair(
            name, words, look.words(spans), look.far(query, [s for s, _ in spans], hints)
        )
        shares = softmax(np.concatenate([scores[..., 0], null], axis=1))
        names = [getattr(self._found, sort)[n].name for n in numbers]
        out: list[tuple[int, float] | None] = []
        for row in shares:
            # what is named often shares its weight among its mentions: they count together
            together: dict[str, float] = {}
            for share, name_ in zip(row, names, strict=False):
                together[name_] = together.get(name_, 0.0) + float(share)
            likely = max(together, key=lambda n: (together[n], n))
            if together[likely] < row[-1]:
                out.append(None)
                continue
            best = max((i for i, n in enumerate(names) if n == likely), key=lambda i: row[i])
            out.append((numbers[best], together[likely]))
        return out

    def _settle(self, look: _Look, new: list[Told]) -> None:
        """Kind, reach, day, place, speaker and parties of the accounts that begin in this window."""
        spans = [(told.piece, told.piece + REACH) for told in new]
        words, query = look.words(spans), [told.piece for told in new]
        begins = [self.pieces.offsets[told.piece][0] for told in new]
        wording = np.array([self._found.kind_hint(self._text, at) for at in begins])
        kinds = self._heads.kind(words, wording)
        days = self._pick(look, "account_date", words, query, "dates", self._visible(look, "dates"))
        places = self._visible(look, "places")
        where = self._pick(look, "account_place", words, query, "places", places)
        inside = self._pick(look, "account_admin1", words, query, "places", places)
        speakers = self._visible(look, "speakers")
        voices = self._pick(look, "claim_voice", words, query, "speakers", speakers)
        voices = self._one_voice_a_sentence(query, voices)
        parties = self._found.parties
        numbers = [n for n in self._visible(look, "parties") if not accuses(self._text, parties[n].end)]
        roles = np.zeros((len(new), 0, len(ROLES) + len(HELD)), dtype=np.float32)
        if numbers:
            party_spans = [self._spans["parties"][n] for n in numbers]
            hints = np.array([self._found.party_hint(self._text, n) for n in numbers])
            far = look.far(query, [s for s, _ in party_spans], hints)
            roles = self._heads.pair("account_party", words, look.words(party_spans), far)
        for i, told in enumerate(new):
            by_wording = int(wording[i]) // 2 - 1
            if by_wording >= 0:
                kinds[i, by_wording] += WORDED
            kinds[i, self._unworded] -= UNWORDED
            told.kind = KINDS[int(kinds[i, : len(KINDS)].argmax())]
            told.total = bool(sigmoid(kinds[i, len(KINDS)]) >= self._set.total)
            told.primary = bool(kinds[i, len(KINDS) + 1] > 0)
            sentence = self._found.sentence_at(begins[i])
            place, on, _ = self._wording.scene(begins[i], self._found.sentences[sentence][1])
            if day := days[i]:
                told.day = self._found.dates[day[0]], day[1]
            told.day = self._own(on, told, told.day, sentence)
            if spot := where[i]:
                told.place = self._found.places[spot[0]], spot[1]
            if place and place.value.rank >= 2:
                told.place = self._own(place, told, told.place, sentence)
            if outer := inside[i]:
                told.admin1 = self._found.places[outer[0]], outer[1]
            if told.place and told.admin1 and told.place[0].name == told.admin1[0].name:
                # the province alone, where the sentence that tells it names something in it
                start, end = self._found.sentences[self._found.sentence_at(begins[i])]
                finer = self._wording.scene(begins[i], end)[0] or self._wording.scene(start, end)[0]
                if finer and finer.value.rank >= 2 and finer.name != told.place[0].name:
                    told.place = finer, told.place[1]
            if voice := voices[i]:
                told.speaker = self._found.speakers[voice[0]]
            if numbers:
                told.parties = _parts(
                    [self._found.parties[n] for n in numbers], roles[i], self._set.role, begins[i]
                )

    def _own(
        self, named: Candidate | None, told: Told, picked: tuple[Candidate, float] | None, sentence: int
    ) -> tuple[Candidate, float] | None:
        """When or where an account was: what its own words name goes before nothing, and before what a later event names."""
        if named is None or (picked and self._found.sentence_at(picked[0].start) <= sentence):
            return picked
        return named, picked[1] if picked else told.sure

    def _clauses(self, look: _Look, window: Window, logits: Floats) -> None:
        """The clauses that claim something, cut where one begins or a sentence ends."""
        shares = softmax(logits[:, 4:7])
        spans: list[tuple[int, int, float]] = []
        start = None
        first = window.first
        edge = [
            self._sentence[first + i] != self._sentence[first + i - 1] if i else True
            for i in range(len(shares))
        ]
        for i in range(len(shares) + 1):
            ends = i == len(shares) or edge[i] or shares[i, 1] >= self._set.clause or shares[i, 0] > 0.5
            if start is not None and ends:
                if i - start >= 3:
                    spans.append((first + start, first + i, float(1 - shares[start:i, 0].mean())))
                start = None
            if start is None and i < len(shares) and shares[i, 0] <= self._set.clause:
                start = i
        if not spans:
            return
        where = [(a, b) for a, b, _ in spans]
        words = look.words(where)
        before = look.words([(max(0, a - BEFORE), max(a, 1)) for a, _ in where])
        offsets = self.pieces.offsets
        hints = [self._found.stance_hint(self._text, offsets[a][0], offsets[b - 1][1]) for a, b in where]
        answers = self._heads.claim(words, before, np.array(hints))
        topics, stances = softmax(answers[:, : len(TOPICS)]), softmax(answers[:, len(TOPICS) :])
        voices = self._pick(
            look, "claim_voice", words, [a for a, _ in where], "speakers", self._visible(look, "speakers")
        )
        voices = self._one_voice_a_sentence([a for a, _ in where], voices)
        for i, (a, b, sure) in enumerate(spans):
            topic, stance = int(topics[i].argmax()), int(stances[i].argmax())
            if stance == 0 and stances[i, 0] < STATED:
                stance = int(stances[i, 1:].argmax()) + 1
            voice = voices[i]
            self.clauses.append(
                Clause(
                    a, b, TOPICS[topic], STANCES[stance], sure * float(topics[i, topic]),
                    self._found.speakers[voice[0]] if voice else None,
                )
            )  # fmt: skip


class _Look:
    """One window as the nets above the encoder see it."""

    def __init__(self, vectors: Floats, at: dict[int, int], sentence: np.ndarray) -> None:
        self._vectors, self.at, self._sentence = vectors, at, sentence

    def words(self, spans: Sequence[tuple[int, int]]) -> Floats:
        """(n, 2D): the first vector of each span, and the mean of those that the window holds."""
        rows = []
        for first, last in spans:
            here = [self.at[piece] for piece in range(first, max(last, first + 1)) if piece in self.at]
            rows.append(np.concatenate([self._vectors[here[0]], self._vectors[here].mean(0)]))
        return np.array(rows, dtype=np.float32).reshape(len(rows), 2 * self._vectors.shape[1])

    def far(self, query: Sequence[int], candidates: Sequence[int], hints: np.ndarray) -> np.ndarray:
        """(q, c, 4): gap, step, hint and order of each candidate for each query."""
        q, c = np.array(query, dtype=np.int64), np.array(candidates, dtype=np.int64)
        apart = steps(self._sentence[q], self._sentence[c])
        hint = np.broadcast_to(hints, (len(q), len(c)))
        return np.stack([gaps(q, c), apart, hint, orders(c[None, :] - q[:, None])], axis=-1)


def _beginnings(shares: Floats, first: int, least: float) -> list[tuple[int, float]]:
    """Where accounts begin: the surest piece first, what lies close around it counted with it."""
    left = shares.copy()
    out = []
    while len(left):
        best = int(left.argmax())
        if left[best] < least / 4:
            break
        low, high = max(0, best - _SPREAD), best + _SPREAD + 1
        mass = float(min(1.0, left[low:high].sum()))
        left[low:high] = 0
        if mass >= least:
            out.append((first + best, mass))
    return sorted(out)


def _parts(parties: list[Candidate], scores: Floats, least: float, start: int) -> list[Part]:
    """The parties that have a part in one account: each name once, by the mention that says so most surely."""
    shares = softmax(scores[:, : len(ROLES)])
    best: dict[str, int] = {}
    for name in dict.fromkeys(one.name for one in parties):
        named = [i for i, one in enumerate(parties) if one.name == name]
        surest = 1 - min(shares[i, 0] for i in named)
        # of the mentions that say so about as surely, the one nearest to where the account is told
        best[name] = min(
            (i for i in named if 1 - shares[i, 0] >= 0.8 * surest),
            key=lambda i: abs(parties[i].start - start),
        )
    out = []
    for i in sorted(best.values()):
        if 1 - shares[i, 0] >= least:
            role = int(shares[i, 1:].argmax()) + 1
            held = int(scores[i, len(ROLES) :].argmax())
            out.append(Part(parties[i], ROLES[role], HELD[held], float(1 - shares[i, 0])))
    return out
