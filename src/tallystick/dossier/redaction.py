"""A record with names, places, sources and addresses taken out, so that whatever is made of it holds none.

The record is walked whole: every string goes through the same hider, spans move with the text, places
within a radius become cells of a grid. What is told by counts stays as it was worked out. An id made of
what a claim says would let anybody try names until one fits, and so would the SHA-256 of a text in which
only a name is missing: claims are numbered anew within their report, and captures that anything was taken
out of keep no digest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tallystick.dossier.hiding import Hid, Hider, Other, Thing
from tallystick.dossier.known import POINT, Hidden, things
from tallystick.dossier.rewording import Rewording
from tallystick.dossier.rules import Redaction
from tallystick.model import (
    Account,
    AccountId,
    Capture,
    CaptureId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Judgement,
    Record,
    Removed,
    Repeat,
    Span,
    State,
    Struck,
    Taking,
    account_id,
    digest,
    incident_id,
)
from tallystick.values.parties.context import Resolved
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.places.atlas import Located
from tallystick.values.when import When

_SENTENCE = 6  # words from which a quotation is more than a figure or a name, which are told anyhow
ADDRESS, FILE, WORDS = "[address]", "[file]", "[words withheld]"
WITHHELD = "withheld"  # begins what stands for the digest of a capture that words were taken out of
_ADDRESS = Thing(ADDRESS, "address", ())
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”]+", re.I)
_HOST = re.compile(r"(?P<www>(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?(?:www\.)?)(?P<host>[^/?#:]+)", re.I)
_BARE = r"(?<![\w.-])(?:[a-z]+://)?(?:www\.)?(?:[\w.+-]+@)?"  # what may stand before a host
_ID = re.compile(r"\b(doc|clm|acc|inc|jdg|fnd|rev|lin)-[0-9a-f]{24}\b")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
# Fields that hold a word of this program's own, never a report's: the same name may be one of them.
_OWN = frozenset(
    ("kind", "field", "verdict", "stance", "role", "sort", "topic", "precision", "dimension", "object",
     "relation", "forms", "toll", "article", "scheme", "media_type", "language", "language_from",
     "published_from", "outcome", "received", "day", "at", "zone", "time", "grade", "version")
)  # fmt: skip
# Fields of ids, whose order tells nothing but the ids themselves.
_OF_IDS = frozenset(("claims", "accounts", "came", "beside"))
_OWN_OF = frozenset(
    (("Remark", "about"), ("State", "what"), ("State", "standing"), ("Event", "what"), ("Grade", "value"),
     ("Decided", "what"), ("Rejected", "what"), ("When", "value"))
)  # fmt: skip


@dataclass(frozen=True)
class Redacted:
    """A record as it may be shown, and, for the house alone, what was taken out of it.

    ``hider`` finds what was hidden; ``quotes`` are words of withheld sources that must stand nowhere.
    """

    record: Record
    hider: Hider
    quotes: tuple[str, ...] = ()
    words: tuple[tuple[str, str, tuple[str, ...]], ...] = field(default=(), repr=False)
    counts: tuple[tuple[str, int], ...] = ()
    things: tuple[Thing, ...] = field(default=(), repr=False)
    others: Sequence[Other] = field(default=(), repr=False)
    strange: tuple[str, ...] = ()

    def unmet(self) -> tuple[str, ...]:
        """What was to be taken out and stands nowhere: a slip in a name, maybe.

        A source that was withheld stands nowhere for that very reason; ``strange`` are those of which there
        is no report.
        """
        counted = dict(self.counts)
        left = (spelt for label, sort, spelt in self.words if sort != "source" and not counted.get(label))
        return (*(" / ".join(spellings) for spellings in left), *self.strange)

    def told(self) -> list[dict[str, object]]:
        """For the house alone: each label with the words that it stands for, and how often it does."""
        counted = dict(self.counts)
        return [
            {"label": label, "sort": sort, "spellings": list(spellings), "times": counted.get(label, 0)}
            for label, sort, spellings in self.words
        ]


def redacted(record: Record, rules: Redaction, gone: Sequence[Document] = ()) -> Redacted:
    """``record`` without what ``rules`` take out; ``gone`` are reports that were left out before."""
    return _Redaction(record, rules, gone).done()


class _Redaction(Rewording):
    """One redaction as it goes: what is hidden, and what each row is called from now on."""

    def __init__(self, record: Record, rules: Redaction, gone: Sequence[Document]) -> None:
        super().__init__()
        self.record, self.rules, self.gone = record, rules, gone
        self.hidden = Hidden.of(record, rules.places)
        self.things = (*things(record, rules, gone), *self.hidden.things())
        self._all = (*record.documents, *gone)
        self.hider = Hider(self.things, _others(rules, self.hidden, self._all), rules.parts)
        self.ids: dict[str, str] = {}
        self.counted = Counter[str]()
        self._outside: dict[str, str] = {}
        self._bare = False  # whether what is walked is of a source whose words are withheld
        self._bare_claims: set[ClaimId] = set()
        self._withheld = {d.id for d in record.documents if rules.withholds(d)}
        self._withheld_files = {d.capture for d in self._all if rules.withholds(d)}
        self._origins = {c.origin for c in record.captures if c.id in self._withheld_files}
        self._quotes = _quotes(record, self._withheld) if self._withheld else {}
        self._texts: dict[DocumentId, Hid | dict[tuple[int, int], tuple[int, int]]] = {}
        self._documents = self._reworded()
        self._call_anew()
        self.special = {
            Document: lambda each: self._documents[each.id],
            Span: self._span,
            Claim: self._claim,
            Account: self._account,
            Capture: self._capture,
            Place: self._place,
            Located: lambda each: self._located(each),
            Resolved: lambda each: self.fields(each, entry=None),
            Judgement: self._judgement,
            Event: self._event,
            State: self._told,
            Struck: self._told,
            Repeat: self._told,
            Taking: self._told,
            When: self._wordless,
            Party: self._wordless,
        }

    def done(self) -> Redacted:
        """The record and what was done."""
        told = self(self.record)
        if told.made is not None:
            told = replace(told, made=replace(told.made, removed=tuple(self._removed())))
        words = tuple((thing.label, thing.sort, thing.spellings) for thing in self.things)
        quotes = tuple(quote for quote in self._lone_quotes() if len(quote.split()) >= _SENTENCE)
        others = _others(replace(self.rules, addresses=False), self.hidden, self._all)
        counts = tuple(sorted(self.counted.items()))
        strange = tuple(
            source
            for source in self.rules.sources
            if not any(replace(self.rules, sources=(source,)).withholds(document) for document in self._all)
        )
        return Redacted(told, self.hider, quotes, words, counts, self.things, others, strange)

    # ------------------------------------------------------------------------------- strings

    def text(self, told: str, noun: type, field: str) -> str:
        if told in self.ids:
            return self.ids[told]
        if field in _OWN or (noun.__name__, field) in _OWN_OF:
            return told
        if _ID.search(told):
            told = _ID.sub(lambda match: self._called(match[0]), told)
        if _DIGEST.search(told):
            told = _DIGEST.sub(lambda match: self.ids.get(match[0], match[0]), told)
        return self.hider.hide(told).text

    def _called(self, name: str) -> str:
        """What a row is called now; one that is not in the record, by a number."""
        if name not in self.ids:
            sort = name[:3]
            self._outside.setdefault(name, f"{sort}-outside-{len(self._outside) + 1}")
        return self.ids.get(name) or self._outside[name]

    def _walk(self, value: Any, noun: type, field: str) -> Any:
        walked = super()._walk(value, noun, field)
        if (
            field == "origins" and isinstance(walked, tuple) and len(walked) > 1
        ):  # they were in order of names
            return tuple(sorted(walked, key=lambda each: each if isinstance(each, str) else each.name))
        if field in _OF_IDS and isinstance(value, tuple) and len(value) > 1:
            if all(isinstance(each, str) and _ID.fullmatch(each) for each in value):
                return tuple(sorted(walked))
            if noun is Record and field == "claims":
                place = {name: n for n, name in enumerate(self._documents)}
                old = sorted(value, key=lambda claim: (place.get(claim.span.document, -1), *_stands(claim)))
                return tuple(self._done[id(claim)][1] for claim in old)
        return walked

    # ------------------------------------------------------------------------------- reports

    def _reworded(self) -> dict[DocumentId, Document]:
        """Every report as it is to be, under its old id; what is touched keeps no digest."""
        drafts, touched = {}, set()
        for n, document in enumerate(self.record.documents, 1):
            draft = self._draft(document, n)
            drafts[document.id] = draft
            if draft != document:
                touched.add(document.capture)
        order = {capture.id: n for n, capture in enumerate(self.record.captures, 1)}
        for capture in sorted(touched, key=lambda each: (order.get(each, 0), each)):
            self.ids[capture] = f"{WITHHELD}-{order.get(capture, 0):04}"
        out = {}
        for name, draft in drafts.items():
            capture_id = CaptureId(self.ids.get(draft.capture, draft.capture))
            out[name] = replace(draft, capture=capture_id)
            self.ids[name] = out[name].id
        return out

    def _draft(self, document: Document, n: int) -> Document:
        hide = self.hider.hide
        if document.id in self._withheld:
            spans = self._quotes[document.id]
            line = len(WORDS) + 1
            self._texts[document.id] = {
                span: (k * line, k * line + len(WORDS)) for k, span in enumerate(spans)
            }
            self.counted["withheld reports"] += 1
            return replace(
                document, name=f"withheld-{n}", text=f"{WORDS}\n" * max(len(spans), 1), title=None, url=None,
                publisher=hide(document.publisher).text if document.publisher else None, pages=(), notes=(),
            )  # fmt: skip
        hid = hide(document.text)
        self._texts[document.id] = hid
        title = hide(document.title) if document.title else None
        for edit in (*hid.edits, *(title.edits if title else ())):
            self.counted[edit.thing.label] += 1
        if self.rules.addresses and document.url:
            self.counted[ADDRESS] += 1
        return replace(
            document,
            name=f"report-{n}" if self.rules.files else hide(document.name).text,
            text=hid.text,
            title=title.text if title else None,
            publisher=hide(document.publisher).text if document.publisher else None,
            url=None if self.rules.addresses else hide(document.url).text if document.url else None,
            pages=tuple(hid.moved(page) for page in document.pages),
            notes=tuple(hide(note).text for note in document.notes),
        )

    def _call_anew(self) -> None:
        """New names for claims, accounts and incidents: of the report and a number, not of what is said."""
        made = self.record.made
        claims = (*self.record.claims, *(each.claim for each in (made.rejected if made else ())))
        numbers: Counter[DocumentId] = Counter()
        # As they stand in the text: the order of old ids is that of digests, in which a name can be tried.
        for claim in sorted(claims, key=_stands):
            if claim.id not in self.ids:
                document = claim.span.document
                self.ids[claim.id] = digest("clm", self._called(document), numbers[document])
                numbers[document] += 1
            if claim.span.document in self._withheld:
                self._bare_claims.add(claim.id)
        self._spans: dict[tuple[DocumentId, int, int], tuple[int, int]] = {}
        taken: set[tuple[DocumentId, int, int]] = set()
        for account in sorted(self.record.accounts, key=lambda each: each.span):
            old = account.span
            self._apart(old, taken)
            self.ids[account.id] = account_id(self._span(old))
        for weighed in self.record.weighed:
            names = [self.ids[account.id] for account in weighed.incident.accounts]
            self.ids[weighed.incident.id] = incident_id(AccountId(min(names)))
            for former in weighed.incident.former_ids:
                account_name = "acc-" + former.removeprefix("inc-")
                self.ids[former] = incident_id(AccountId(self.ids[account_name]))

    def _apart(self, old: Span, taken: set[tuple[DocumentId, int, int]]) -> None:
        """Two tellings that fall together once a name is covered stay two: the later reaches a little
        further."""
        start, end = self._moved(old)
        length = len(self._documents[old.document].text)
        while (old.document, start, end) in taken and (end < length or start > 0):
            start, end = (start, end + 1) if end < length else (start - 1, end)
        taken.add((old.document, start, end))
        self._spans[old.document, old.start, old.end] = start, end

    # ------------------------------------------------------------------------------- nouns

    def _moved(self, span: Span) -> tuple[int, int]:
        known = self._spans.get((span.document, span.start, span.end))
        if known is not None:
            return known
        moved = self._texts[span.document]
        if isinstance(moved, dict):
            return moved[span.start, span.end]
        return moved.moved(span.start), moved.moved(span.end, end=True)

    def _span(self, span: Span) -> Span:
        if span.document not in self._documents:
            name = DocumentId(self._called(span.document))
            return Span(name, span.start, span.end, self.hider.hide(span.quote).text)
        start, end = self._moved(span)
        return self._documents[span.document].span(start, end)

    def _claim(self, claim: Claim) -> Claim:
        before, self._bare = self._bare, claim.span.document in self._withheld
        try:
            return self.fields(claim).under(ClaimId(self._called(claim.id)))  # type: ignore[no-any-return]
        finally:
            self._bare = before

    def _account(self, account: Account) -> Account:
        before, self._bare = self._bare, account.document in self._withheld
        try:
            return self.fields(account)  # type: ignore[no-any-return]
        finally:
            self._bare = before

    def _capture(self, capture: Capture) -> Capture:
        withheld = self.rules.files or capture.id in self._withheld_files
        origin = FILE if withheld else self.hider.hide(capture.origin).text
        if capture.id not in self.ids:
            return replace(capture, origin=origin)
        return replace(capture, id=CaptureId(self.ids[capture.id]), size=0, origin=origin)

    def _place(self, place: Place) -> Place:
        told = self.hidden.told(place)
        if told is not None:
            return self.fields(told)  # type: ignore[no-any-return]  # a province may have the name of its town
        walked: Place = self.fields(place)
        return replace(walked, words=None) if self._bare else walked

    def _located(self, found: Located) -> Located:
        """Without the other places that it might be; why it lies where it lies may name them."""
        place = self._place(found.place)
        if self.hidden.told(found.place) is not None:
            km = f"{place.radius_km:g} km" if place.radius_km else "its country"
            return Located(place, (), (f"told no closer than {km} for this dossier",))
        return Located(place, (), self(found.reasons, Located, "reasons"))

    def _wordless(self, value: Any) -> Any:
        return self.fields(value, words=None) if self._bare else self.fields(value)

    def _told(self, value: Any) -> Any:
        """What is told in words: withheld where all that tells it is of a source that is."""
        if value.claims and self._bare_claims.issuperset(value.claims):
            bare: dict[str, Any] = {} if isinstance(value, Taking) else {"words": self._bared(value.words)}
            return self.fields(value, **bare)
        return self.fields(value)

    @staticmethod
    def _bared(words: Any) -> Any:
        return tuple(WORDS for _ in words) if isinstance(words, tuple) else WORDS

    def _judgement(self, judgement: Judgement) -> Judgement:
        left, right = sorted(map(self._called, (judgement.left, judgement.right)))
        return self.fields(judgement, left=left, right=right)  # type: ignore[no-any-return]

    def _event(self, event: Event) -> Event:
        if not self.rules.files and event.item not in self._origins:
            return self.fields(event)  # type: ignore[no-any-return]
        return replace(
            event, item=FILE, note="its name and the reason, which holds it, are withheld", facts={}
        )

    # ------------------------------------------------------------------------------- what was done

    def _lone_quotes(self) -> Iterable[str]:
        """Words of withheld sources that no other report holds: they must stand nowhere."""
        if not self._withheld:
            return
        others = "\n".join(d.text for d in self.record.documents if d.id not in self._withheld)
        for claim in self.record.claims:
            quote = claim.span.quote
            if claim.span.document in self._withheld and quote not in others:
                yield quote

    def _removed(self) -> Iterable[Removed]:
        """What each rule took out, without the words."""
        for thing in self.things:
            how = _HOW[thing.sort]
            if thing.sort == "place":
                km = next(
                    (self.hidden.radius[k] for k, v in self.hidden.label.items() if v == thing.label), 0.0
                )
                how = f"told no closer than {km:g} km: {_BLURRED}"
            yield Removed(thing.label, thing.sort, self.counted[thing.label], how)
        parts = [thing for thing in self.things if thing.parts]
        if parts and self.rules.parts:
            yield Removed("[name]", "person", self.counted["[name]"], _PART)
        if self.rules.sources:
            n = len(self._withheld) if self.rules.count_withheld else len(self.gone)
            how = _COUNTED if self.rules.count_withheld else _LEFT_OUT
            yield Removed("reports of withheld sources", "source", n, how)
        if self.rules.addresses:
            yield Removed(ADDRESS, "address", self.counted[ADDRESS], "every address on the web")
        if self.rules.places:
            yield Removed(POINT.label, "place", self.counted[POINT.label], _POINTS)
        if self.rules.files:
            yield Removed(FILE, "file", len(self.record.captures), "names of files, and the reports’ own ids")


_HOW = {
    "person": "every spelling of a person’s name that the record knows, in titles and quotations too",
    "party": "every spelling of a party’s name that the record knows, in titles and quotations too",
    "voice": "every spelling of a speaker’s name that the record knows, in titles and quotations too",
    "source": "the name of a withheld source, or the title of a withheld report, wherever it stands",
    "place": "",
}
_BLURRED = "its name, words and list’s code are gone, its point is that of a cell"
_POINTS = "coordinates in the texts within a blurred radius"
_PART = (
    "a word that belongs to the name of a person above, wherever it stands alone; whose name it is there is "
    "not told"
)
_COUNTED = "their figures are counted; their texts, titles, ids, addresses and every quotation are withheld"
_LEFT_OUT = "this dossier was worked out without them: no figure, no origin and no total rests on them"


def _others(rules: Redaction, hidden: Hidden, documents: Iterable[Document]) -> list[Other]:
    """Addresses and points, which are found by what they look like."""
    out: list[Other] = []
    if rules.addresses:
        out.append(_matches(_URL))
    if rules.sources:
        out += map(_matches, _withheld_addresses(rules, documents))
    if hidden.centres:
        out.append(hidden.points)
    return out


def _withheld_addresses(rules: Redaction, documents: Iterable[Document]) -> Iterator[re.Pattern[str]]:
    """Each address of a withheld report as texts write it, and every address on a host where reports of
    withheld sources alone stand: a host that others share tells nobody."""
    urls: dict[str, None] = {}
    hosts: dict[str, None] = {}
    shared: set[str] = set()
    for document in documents:
        if document.url and (match := _HOST.match(document.url)):
            host = match["host"].casefold()
            if rules.withholds(document):
                urls[document.url[match.end("www") :].rstrip("/")] = None
                hosts[host] = None
            else:
                shared.add(host)
    for url in sorted(urls, key=lambda url: (-len(url), url)):
        yield re.compile(rf"{_BARE}{re.escape(url)}(?![\w-])/?", re.I)
    for host in sorted(hosts.keys() - shared):
        yield re.compile(
            rf"{_BARE}(?:[\w-]+\.)*{re.escape(host)}(?![\w-]|\.\w)(?::\d+)?(?:[/?#][^\s<>\"'“”]*)?", re.I
        )


def _stands(claim: Claim) -> tuple[int, int, str, str]:
    """Where a claim stands in its report, and what it is of, without a word of it."""
    return claim.span.start, claim.span.end, str(claim.topic), type(claim.value).__name__


def _matches(pattern: re.Pattern[str]) -> Other:
    """Addresses that an expression finds."""
    return lambda text: ((match.start(), match.end(), _ADDRESS) for match in pattern.finditer(text))


def _quotes(record: Record, withheld: set[DocumentId]) -> dict[DocumentId, list[tuple[int, int]]]:
    """Every stretch of words of withheld reports that the record points to, in order."""
    found: dict[DocumentId, set[tuple[int, int]]] = {name: set() for name in withheld}

    class Spans(Rewording):
        def __init__(self) -> None:
            super().__init__()
            self.special = {Span: self.span}

        def span(self, span: Span) -> Span:
            if span.document in found:
                found[span.document].add((span.start, span.end))
            return span

    Spans()(replace(record, documents=()))
    return {name: sorted(spans) for name, spans in found.items()}
