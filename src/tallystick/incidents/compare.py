"""Two accounts compared field by field, with weights that can be read aloud and reasons in words.

``WEIGHTS`` are log-odds added up (natural logarithm); a sum over ``SAME`` is judged the same
event, one under ``DIFFERENT`` different, between them unsure. They were fitted by logistic
regression on the candidate pairs of the coded training reports and rounded to a tenth; those
for days and provinces apart, which hardly occur among candidates, are set by hand. Matters are
compared by ``matters``, with weights of their own.
"""

from __future__ import annotations

from typing import Literal

from rapidfuzz.fuzz import token_set_ratio

from tallystick import __version__
from tallystick.incidents.matters import WEIGHTS as MATTERS
from tallystick.incidents.matters import compare_matters
from tallystick.model import Account, Judgement, Maker, confusable
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.names import alike, spelt_alike
from tallystick.values.place import NEAR_KM

MAKER = Maker("tallystick-weights", __version__)

WEIGHTS: dict[str, float] = {
    "same day": 2.7,
    "days overlap": 2.6,
    "a day apart": 0.9,
    "two days apart": -0.8,
    "further days apart": -6.0,
    "published together": 0.9,
    "published apart": -1.2,
    "same place": 1.5,
    "one place in the other": 0.3,
    "places near each other": -0.5,
    "places differ": -1.3,
    "places far apart": -3.0,
    "provinces or countries differ": -3.0,
    "same kind": 0.9,
    "kinds that are often confused": -0.2,
    "kinds differ": -0.7,
    "same toll": 1.3,
    "same large toll": 2.7,
    "tolls can both be true": 1.2,
    "tolls differ": 0.0,
    "no tolls to compare": -0.4,
    "same target": 2.3,
    "same wording": 3.4,
    "before comparing": -5.1,
}
SAME, DIFFERENT = -0.5, -3.0
FAR_KM = 40.0  # further than any report errs on one event


def compare(left: Account, right: Account) -> Judgement:
    """Whether the two accounts tell of one event: the verdict, its score and the reasons for it.

    The order of the two does not matter.
    """
    if left.id > right.id:
        left, right = right, left
    reasons = [*_matter(left, right)] if left.is_matter else [*_harm(left, right)]
    weights = MATTERS if left.is_matter else WEIGHTS
    score = round(weights["before comparing"] + sum(weights[name] for name, _ in reasons), 6)
    verdict: Literal["same", "different", "unsure"] = "unsure"
    if score > SAME or score < DIFFERENT:
        verdict = "same" if score > SAME else "different"
    words = tuple(
        f"{name}{f' ({detail})' if detail else ''}: {weights[name]:+.1f}" for name, detail in reasons
    )
    return Judgement(left.id, right.id, verdict, MAKER, score, words)


Reason = tuple[str, str]


def _harm(left: Account, right: Account) -> list[Reason]:
    return [
        *_date(left, right),
        *_place(left, right),
        *_kind(left, right),
        *_tolls(left, right),
        *_others(left, right),
    ]


def _matter(left: Account, right: Account) -> list[Reason]:
    return compare_matters(left, right)


def _date(left: Account, right: Account) -> list[Reason]:
    a, b = left.telling.when, right.telling.when
    gap = a.gap(b)
    if gap is None:
        # Not told: that two reports came out together says a little, that they did not says more.
        if left.published is None or right.published is None:
            return []
        between = abs((left.published - right.published).days)
        return (
            [("published together", "")] if between <= 2 else [("published apart", "")] if between > 7 else []
        )
    if gap == 0:
        exact = a.start == a.end and b.start == b.end
        return [("same day", str(a))] if exact else [("days overlap", f"{a}; {b}")]
    name = "a day apart" if gap == 1 else "two days apart" if gap == 2 else "further days apart"
    return [(name, f"{a}; {b}")]


def _place(left: Account, right: Account) -> list[Reason]:
    a, b = left.telling.place, right.telling.place
    if a is None or b is None:
        return []
    gap = a.gap_km(b)
    told = f"{a.name}; {b.name}"
    apart = told if gap is None else f"{told}, {gap:.0f} km"
    relation = a.relation(b)
    coarse = any(p.name in (p.admin1, p.country) for p in (a, b))
    if relation is Verdict.AGREE:
        return [("one place in the other" if coarse else "same place", told)]
    if relation is Verdict.COMPATIBLE:
        return [("one place in the other", told)]
    if relation is Verdict.CONFLICT:
        if gap is not None and gap > FAR_KM:
            return [("places far apart", apart)]
        outer = ((a.admin1, b.admin1), (a.country, b.country))
        differ = any(one and other and not spelt_alike(one, other) for one, other in outer)
        return [("provinces or countries differ" if differ else "places differ", apart)]
    if coarse:
        return []
    near = gap is not None and gap <= NEAR_KM and a.code and b.code
    return [("places near each other" if near else "places differ", apart)]


def _kind(left: Account, right: Account) -> list[Reason]:
    a, b = left.telling.kind, right.telling.kind
    if a == b:
        return [("same kind", a)] if a != "other" else []
    if "other" in (a, b):
        return []
    told = f"{a}; {b}"
    return [
        (
            "kinds that are often confused" if confusable(a, b) else "kinds differ",
            told,
        )
    ]


def _tolls(left: Account, right: Account) -> list[Reason]:
    """The strongest thing to be said of the killed, else of the wounded, else of the captured."""
    for kind in ("killed", "wounded", "captured"):
        best: tuple[int, Reason] | None = None
        for _, one in left.whole(kind):
            for _, other in right.whole(kind):
                a, b = one.count, other.count
                relation = a.relation(b)
                same_number = {a.low, a.high} & {b.low, b.high} - {None}
                told = f"{kind}: {a}; {b}"
                if relation is Verdict.AGREE or (relation is Verdict.COMPATIBLE and same_number):
                    found = (0, ("same large toll" if a.greatest_told >= 8 else "same toll", told))
                elif _says_little(a) or _says_little(b):
                    continue  # "some" fits every number
                elif relation is Verdict.COMPATIBLE:
                    found = (1, ("tolls can both be true", told))
                else:
                    found = (2, ("tolls differ", told))
                best = min(best or found, found)
        if best:
            return [best[1]]
    return [("no tolls to compare", "")]


def _says_little(told: Count) -> bool:
    """Whether a count is so vague ("some", "many") that any other would agree with it."""
    return told.high is None and (told.low or 0) <= 2


def _others(left: Account, right: Account) -> list[Reason]:
    reasons: list[Reason] = []
    if left.telling.target and right.telling.target and alike(left.telling.target, right.telling.target):
        reasons.append(("same target", left.telling.target))
    if (
        token_set_ratio(left.span.quote.lower(), right.span.quote.lower()) >= 85
        and min(len(left.span.quote), len(right.span.quote)) > 40
    ):
        reasons.append(("same wording", ""))
    return reasons
