"""Linking told plainly: what ``reach.sql``, ``candidates.sql`` and ``comparison.sql`` say, pair by pair in loops."""

from __future__ import annotations

import itertools
from collections import defaultdict

from tallystick.incidents.compare import BASE, weights
from tallystick.incidents.matters import follow
from tallystick.incidents.resolve import _contradict
from tallystick.incidents.traits import traits
from tallystick.incidents.where import accused, where
from tallystick.model import Incident, confusable

# rule: days between events, days between reports where an event tells no day (None: no pair then)
RULES = {
    "place": (3, 60), "figure": (14, 60), "target": (14, 14), "kind in province": (3, 14), "kind": (2, 3),
    "province": (3, 7), "matter place": (3, 7), "matter word": (2, 2),
}  # fmt: skip
OF_WORDS = {"place", "figure", "target", "matter place", "matter word"}
FAR = (
    "days apart, figures alike",
    "two days apart",
    "three days apart",
    "up to a week apart",
    "further days apart",
)


def gap(a, b):
    """Days between two stretches, ``None`` where either is untold."""
    return max(0, a.days[0] - b.days[1], b.days[0] - a.days[1]) if a.days and b.days else None


def candidate(one, other):
    """Whether two accounts are worth comparing."""
    a, b = traits(one), traits(other)
    if one.document == other.document:
        return False
    provinces = [{key for rule, key in t.keys if rule == "province"} for t in (a, b)]
    for rule in {rule for rule, key in a.keys if (rule, key) in b.keys}:
        within, unpublished = RULES[rule]
        if rule.startswith("matter") and a.kind != b.kind and not follow(a.kind, b.kind):
            continue
        same_first = bool(a.days and b.days and a.days[0] == b.days[0])
        if rule == "kind" and all(provinces) and provinces[0] != provinces[1] and not same_first:
            continue
        between = gap(a, b)
        if between is not None:
            if between <= within:
                return True
        elif a.published is not None and b.published is not None:
            if unpublished is not None and abs(a.published - b.published) <= unpublished:
                return True
        elif rule in OF_WORDS:
            return True
    return False


def reasons(one, other):
    """The reason under each head but the last, by ``one`` and ``other`` alone."""
    a, b = traits(one), traits(other)
    shared = len(set(a.shared) & set(b.shared))
    killed, wounded = toll(a.killed, b.killed), toll(a.wounded, b.wounded)
    day = days(a, b, shared)
    common, every = len(set(a.words) & set(b.words)), len(set(a.words) | set(b.words))
    words = (
        ("no", "one", "two", "three")[min(3, common)]
        + " telling word"
        + ("s" if common > 1 else "")
        + " shared"
    )
    if common >= 4 and common >= 0.6 * every and (day not in FAR or killed.startswith("the same")):
        words = "same wording"
    return (
        day,
        where(a.spot, b.spot) if a.spot and b.spot else "place not told",
        kinds(a.kind, b.kind),
        f"killed: {killed}",
        f"wounded: {wounded}",
        ("no figure", "one figure", "two figures", "three figures")[min(3, shared)] + " shared",
        accused(a.sides, b.sides) if a.sides and b.sides else "accused not told by both",
        "target not told by both" if not (a.target and b.target)
        else "target words shared" if set(a.target) & set(b.target) else "targets differ",
        "weapon words shared" if set(a.weapon) & set(b.weapon) else "no weapon shared",
        words,
    )  # fmt: skip


def days(a, b, shared):
    between = gap(a, b)
    if between is None:
        if a.published is None or b.published is None:
            return "no day told"
        reports = abs(a.published - b.published)
        return (
            "published together"
            if reports <= 2
            else "published within a week"
            if reports <= 7
            else "published apart"
        )
    if between == 0:
        if a.days[0] == a.days[1] and b.days[0] == b.days[1]:
            return "same day"
        return "days share an end" if a.days[0] == b.days[0] or a.days[1] == b.days[1] else "days overlap"
    if between > 1 and shared >= 2:
        return "days apart, figures alike"
    named = {1: "a day apart", 2: "two days apart", 3: "three days apart"}
    return named.get(between, "up to a week apart" if between <= 7 else "further days apart")


def kinds(one, other):
    if "other" in (one, other):
        return "kind left open"
    if one == other:
        return "both fighting" if one == "ground_clash" else "same kind"
    return "kinds often confused" if confusable(one, other) else "kinds differ"


def toll(ours, theirs):
    """The strongest that can be said of any two figures."""
    found = []
    for (low, high, most, vague), (low2, high2, most2, vague2) in itertools.product(ours, theirs):
        more, fewer = max(most, most2), min(most, most2)
        if (low, high) == (low2, high2) or ({low, high} & {low2, high2}) - {None}:
            if vague and vague2:
                found.append((3, "both can be true"))
            else:
                size = 0 if more >= 8 else 1 if more >= 3 else 2
                found.append(
                    (
                        size,
                        ("the same, eight or more", "the same, three to seven", "the same, one or two")[size],
                    )
                )
        elif vague or vague2:
            found.append((5, "too vague to tell"))
        elif (low or 0) <= (high2 if high2 is not None else 1 << 31) and (low2 or 0) <= (
            high if high is not None else 1 << 31
        ):
            found.append(
                (3, "both can be true") if more <= 2 * fewer + 3 else (6, "both can be true, far apart")
            )
        else:
            found.append((4, "close") if more - fewer <= max(2, more / 4) else (7, "differ"))
    return min(found)[1] if found else "not told by both"


def judged(accounts):
    """Every candidate pair of harm: (left id, right id) to its reasons and its score."""
    told = sorted((a for a in accounts if not a.telling.aggregate and not a.is_matter), key=lambda a: a.id)
    pairs = [(a, b) for a, b in itertools.combinations(told, 2) if candidate(a, b)]
    alone = {(a.id, b.id): reasons(a, b) for a, b in pairs}
    sums = {pair: weights()[BASE] + sum(weights()[r] for r in told) for pair, told in alone.items()}
    document = {account.id: account.document for account in told}
    out = {}
    for (left, right), own in sums.items():
        others = [
            total
            for (x, y), total in sums.items()
            if (x, y) != (left, right)
            and {document[x], document[y]} == {document[left], document[right]}
            and {x, y} & {left, right}
        ]
        rival = rivalry(own, max(others, default=None))
        out[left, right] = (*alone[left, right], rival), round(own + weights()[rival], 2)
    return out


def rivalry(own, other):
    if other is None or round(other, 2) < -6:
        return "no other account to match"
    margin = round(own - other, 2)
    if margin > 2:
        return "clearly the best match"
    if margin > 0:
        return "the best match"
    return (
        "another matches as well" if margin > -1
        else "another matches better" if margin > -2.5
        else "another matches far better"
    )  # fmt: skip


def resolved(accounts, judgements):
    """What ``resolve`` gives, worked out from one look at all judgements."""
    by_id = {account.id: account for account in accounts if not account.telling.aggregate}
    standing = {(j.left, j.right): j for j in judgements if j.left in by_id and j.right in by_id}
    group = {}
    members = {}
    for number, name in enumerate(sorted(by_id)):
        group[name], members[number] = number, {name}
    same = [j for j in standing.values() if j.verdict == "same"]
    apart = []
    tied = {}  # those that persons joined: as one, by the number of their gathering then
    for judgement in sorted(same, key=lambda j: (not j.by_person, -(j.score or 0.0), j.left, j.right)):
        one, other = group[judgement.left], group[judgement.right]
        if one == other:
            continue
        if judgement.by_person:
            may = _no_person_parts(members[one], members[other], standing)
        else:
            may = _may_join(members[one], members[other], by_id, standing, tied)
        if not may:
            apart.append(judgement)
            continue
        if judgement.by_person:
            tied |= dict.fromkeys(members[one] | members[other], one)
        for name in members[other]:
            group[name] = one
        members[one] |= members.pop(other)
    disputes = defaultdict(list)
    for judgement in standing.values():
        if judgement.verdict == "different" and group[judgement.left] == group[judgement.right]:
            disputes[group[judgement.left]].append(judgement)
    for judgement in apart:
        if group[judgement.left] != group[judgement.right]:
            disputes[group[judgement.left]].append(judgement)
            disputes[group[judgement.right]].append(judgement)
    incidents = (
        Incident(
            tuple(sorted((by_id[name] for name in names), key=lambda a: a.id)),
            tuple(sorted(disputes[number], key=lambda j: (j.left, j.right))),
        )
        for number, names in members.items()
    )
    return tuple(sorted(incidents, key=lambda incident: incident.id))


def _no_person_parts(one, other, standing):
    """Whether no person judged a pair across the two gatherings different."""
    across = (standing.get((a, b) if a < b else (b, a)) for a in one for b in other)
    return not any(j and j.verdict == "different" and j.by_person for j in across)


def _may_join(one, other, by_id, standing, tied):
    if {by_id[name].document for name in one} & {by_id[name].document for name in other}:
        return False
    if not _no_person_parts(one, other, standing):
        return False
    left, right = _units(one, tied), _units(other, tied)
    same = near = 0
    for here in left:
        for there in right:
            words = [word for a in here for b in there if (word := _word(a, b, by_id, standing)) is not None]
            if not words:
                continue  # never compared, too unlike to keep, or not compared any more
            if max(words) == _DIFFERENT:
                return False
            same += max(words) == _SAME
            near += 1
    pairs = len(left) * len(right)
    enough = 2 * near > pairs if len(left) == 1 or len(right) == 1 else 2 * near >= pairs
    return enough and 3 * same >= pairs


def _units(names, tied):
    """The accounts of a gathering, those that persons joined as one."""
    units = defaultdict(list)
    for name in sorted(names):
        units[tied.get(name, name)].append(name)
    return list(units.values())


_DIFFERENT, _UNSURE, _SAME = range(3)


def _word(a, b, by_id, standing):
    """What stands between two accounts; ``None`` where nobody compared them."""
    judgement = standing.get((a, b) if a < b else (b, a))
    if not (judgement and judgement.by_person) and _contradict(by_id[a], by_id[b]):
        return _DIFFERENT
    if judgement is None or judgement.withdrawn:
        return None
    if judgement.verdict == "different" or (judgement.by_person and judgement.verdict == "unsure"):
        return _DIFFERENT
    return _SAME if judgement.verdict == "same" else _UNSURE
