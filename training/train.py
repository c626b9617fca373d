"""Train the reader model on coded reports, and save its weights.

    python training/train.py --out build/model.pt [--epochs 16] [--more 7] [--hold sana,other-wars]

In two stages: the second sees, beside what rules propose, the agents and victims that the first stage's
model proposes, as it does when it reads. On two cores an epoch takes about two and a half minutes. The
same seed on the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))
import data
from corpus import START_FOLDER, attacks, corpus
from model import Reader

from tallystick.claims.heads import (
    BEFORE,
    KINDS,
    NEAREST,
    PART_O,
    PARTS,
    REACH,
    STANCES,
    TOPICS,
    gaps,
    orders,
    parts_in,
    steps,
)
from tallystick.claims.windows import Window, windows

START_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MASK = 103


class Laid:
    """One window of one example, with where its pieces stand and what stands in it."""

    def __init__(self, example: data.Example, window: Window) -> None:
        self.example, self.window = example, window
        self.place = window.places()

    def own(self, piece: int) -> bool:
        return self.window.first <= piece < self.window.last and piece in self.place


def swapped(laid: Laid, rng: random.Random, names: float, numbers: float, missing: float) -> np.ndarray:
    """The window's pieces with some names masked or exchanged for others, and some numbers changed.

    One name is changed alike wherever the window holds it, so that who is who can still be told.
    """
    ids = laid.window.ids.copy()
    example = laid.example
    chosen: dict[str, int] = {}
    for sort in (example.found.places, example.found.parties, example.found.speakers):
        for one in sort:
            if one.name not in chosen:
                roll = rng.random()
                chosen[one.name] = 0 if roll > names else 1 if roll < 0.6 * names else 2
            if chosen[one.name] == 0:
                continue
            first, last = example.piece(one.start), example.piece(max(one.start, one.end - 1))
            local = random.Random(f"{one.name}{rng.random() if chosen[one.name] == 2 else 0}")
            for piece in range(first, last + 1):
                if piece in laid.place:
                    # pieces past 2000 of the vocabulary are words and names, not marks
                    ids[laid.place[piece]] = MASK if chosen[one.name] == 1 else local.randrange(2000, 29000)
    for one in example.found.counts:
        if rng.random() < numbers:
            piece = example.piece(one.start)
            if piece in laid.place and one.value.toll.count.low not in (None, 0, 1):
                start, end = example.offsets[piece]
                if end - start <= 3:
                    ids[laid.place[piece]] = (
                        DIGITS[rng.randrange(len(DIGITS))] if DIGITS else ids[laid.place[piece]]
                    )
    for place in range(len(ids)):  # a little of everything goes missing, so that no one word decides
        if laid.window.at[place] >= 0 and rng.random() < missing:
            ids[place] = MASK
    return ids


DIGITS: list[int] = []


def span(h: Tensor, laid: Laid, first: int, last: int) -> Tensor:
    """First vector and mean of the pieces ``[first, last)`` that stand in the window."""
    at = [laid.place[p] for p in range(first, max(last, first + 1)) if p in laid.place]
    return torch.cat([h[at[0]], h[at].mean(0)])


def reps(h: Tensor, laid: Laid, spans: list[tuple[int, int]]) -> Tensor:
    return torch.stack([span(h, laid, a, b) for a, b in spans]) if spans else h.new_zeros((0, 2 * h.shape[1]))


def far(laid: Laid, query: list[int], cands: list[int], hints: Any) -> Tensor:
    """(q, c, 4): gap, step, hint and order of each candidate for each query, as small numbers."""
    q, c = np.array(query, dtype=np.int64), np.array(cands, dtype=np.int64)
    s = laid.example.sentence
    sq, sc = np.array([s[p] for p in query], dtype=np.int64), np.array([s[p] for p in cands], dtype=np.int64)
    hint = np.broadcast_to(np.array(hints, dtype=np.int64), (len(q), len(c)))
    return torch.from_numpy(
        np.stack([gaps(q, c), steps(sq, sc), hint, orders(c[None, :] - q[:, None])], axis=-1)
    )


def speaker_hints(ex: data.Example, speakers: list[int], places: list[int]) -> np.ndarray:
    """(q, c): each speaker's hint, raised where the rules take it for the one who says what stands there."""
    out = np.zeros((len(places), len(speakers)), dtype=np.int64)
    for row, at in enumerate(places):
        governing = ex.found.governing(ex.text, at)
        for column, n in enumerate(speakers):
            out[row, column] = ex.found.speakers[n].hint + NEAREST * (n == governing)
    return out


def choose(scores: Tensor, null: Tensor, right: list[set[int] | None]) -> Tensor | None:
    """Negative log of the share that goes to any right candidate; an empty set means none of them."""
    rows = torch.cat([scores, null[:, None]], dim=1)
    losses = []
    for row, good in zip(rows, right, strict=True):
        if good is None:
            continue
        at = sorted(good) if good else [rows.shape[1] - 1]
        losses.append(torch.logsumexp(row, 0) - torch.logsumexp(row[at], 0))
    return torch.stack(losses).sum() if losses else None


def losses(
    model: Reader, h: Tensor, tok: Tensor, laid: Laid, rng: random.Random
) -> dict[str, tuple[Tensor, int]]:
    """The summed loss of each task on one window, with how many things it was summed over."""
    ex, heads = laid.example, model.heads
    out: dict[str, tuple[Tensor, int]] = {}
    own = [p for p in range(laid.window.first, laid.window.last) if p in laid.place]
    if not own:
        return out
    at = torch.tensor([laid.place[p] for p in own])

    def put(name: str, loss: Tensor | None, n: int) -> None:
        if loss is not None and n:
            out[name] = (loss, n)

    def inside(sort: list[Any]) -> tuple[list[int], list[tuple[int, int]]]:
        keep, spans = [], []
        for n, one in enumerate(sort):
            first, last = ex.piece(one.start), ex.piece(max(one.start, one.end - 1)) + 1
            if first in laid.place:
                keep.append(n)
                spans.append((first, last))
        return keep, spans

    speakers, speech = inside(ex.found.speakers)
    speaker_reps = reps(h, laid, speech)
    if ex.accounts is not None:
        starts = {a["piece"] for a in ex.accounts}
        goal = torch.tensor([float(p in starts) for p in own])
        # the words right beside a telling's first are no mistake worth learning from
        near = torch.tensor(
            [0.2 if any(0 < abs(p - s) <= 6 for s in starts) and p not in starts else 1.0 for p in own]
        )
        logit = tok[at, 0]
        put(
            "telling",
            (
                F.binary_cross_entropy_with_logits(
                    logit, goal, reduction="none", pos_weight=torch.tensor(2.0)
                )
                * near
            ).sum(),
            max(1, int(goal.sum())) + len(own) // 100,
        )
        seen = [n for n, a in enumerate(ex.accounts) if a["piece"] in laid.place]
        # now and then a true account is missing, or a false one stands among them, as when it is used
        shown = [n for n in seen if rng.random() > 0.1]
        spans = [(ex.accounts[n]["piece"], ex.accounts[n]["piece"] + REACH) for n in shown]
        heads_at = sorted({ex.piece(s) for s, _ in ex.found.sentences} & set(laid.place) - starts)
        fakes = [(p, p + REACH) for p in heads_at if rng.random() < 0.08]
        a_spans = spans + fakes
        a_reps = reps(h, laid, a_spans)
        mine = [n for n in seen if laid.own(ex.accounts[n]["piece"])]
        if mine:
            m_reps = reps(h, laid, [(ex.accounts[n]["piece"], ex.accounts[n]["piece"] + REACH) for n in mine])
            logits = heads.kind(m_reps, torch.tensor([ex.accounts[n]["hint"] for n in mine]))
            acc = [ex.accounts[n] for n in mine]
            k = len(KINDS)
            events = [i for i, a in enumerate(acc) if not a["total"]]
            if events:
                put(
                    "kind",
                    F.cross_entropy(
                        logits[events, :k], torch.tensor([acc[i]["kind"] for i in events]), reduction="sum"
                    ),
                    len(events),
                )
            put(
                "total",
                F.binary_cross_entropy_with_logits(
                    logits[:, k], torch.tensor([float(a["total"]) for a in acc]), reduction="sum"
                ),
                len(acc),
            )
            put(
                "primary",
                F.binary_cross_entropy_with_logits(
                    logits[:, k + 1], torch.tensor([float(a["primary"]) for a in acc]), reduction="sum"
                ),
                len(acc),
            )
            q = [ex.accounts[n]["piece"] for n in mine]
            for name, sort, key in (
                ("account_date", ex.found.dates, "dates"),
                ("account_place", ex.found.places, "places"),
                ("account_admin1", ex.found.places, "admin1"),
            ):
                keep, c_spans = inside(sort)
                c_reps = reps(h, laid, c_spans)
                pair = heads.pairs[name]
                scores = pair(
                    m_reps, c_reps, far(laid, q, [s for s, _ in c_spans], [sort[n].hint for n in keep])
                )[..., 0]
                right = []
                for a in acc:
                    good = a[key]
                    inner = None if good is None else {keep.index(n) for n in good if n in keep}
                    right.append(None if inner is None or (good and not inner) else inner)
                put(name, choose(scores, pair.null(m_reps)[:, 0], right), sum(r is not None for r in right))
            keep, c_spans = inside(ex.found.parties)
            if keep:
                pair = heads.pairs["account_party"]
                c_reps = reps(h, laid, c_spans)
                scores = pair(
                    m_reps,
                    c_reps,
                    far(laid, q, [s for s, _ in c_spans], [ex.found.party_hint(ex.text, n) for n in keep]),
                )
                total, n_total = h.new_zeros(()), 0
                names = [ex.found.parties[n].name for n in keep]
                for i, a in enumerate(acc):
                    for name in sorted(set(names)):
                        mentions = [j for j, other in enumerate(names) if other == name]
                        best = torch.logsumexp(scores[i, mentions, :4].log_softmax(-1), 0) - math.log(
                            len(mentions)
                        )
                        role, held = a["parties"].get(name, (0, None))
                        if role:
                            roles = scores[i, mentions, :4].log_softmax(-1)[:, role]
                            total = total - torch.logsumexp(roles, 0).clamp(max=0.0)
                            top = int(roles.argmax())
                            total = total + 0.5 * F.cross_entropy(
                                scores[i, mentions[top], 4:][None], torch.tensor([held])
                            )
                            n_total += 2
                        else:
                            total = (
                                total - best[0]
                                if len(mentions) == 1
                                else total - scores[i, mentions, :4].log_softmax(-1)[:, 0].min()
                            )
                            n_total += 1
                put("account_party", total, max(1, n_total // 3))
        keep, c_spans = inside(ex.found.counts)
        keep = [n for n in keep if laid.own(ex.piece(ex.found.counts[n].start))]
        c_spans = [
            (
                ex.piece(ex.found.counts[n].start),
                ex.piece(max(ex.found.counts[n].start, ex.found.counts[n].end - 1)) + 1,
            )
            for n in keep
        ]
        if keep:
            c_reps = reps(h, laid, c_spans)
            hints = torch.tensor([ex.found.counts[n].hint for n in keep])
            labels = [ex.figures[n] for n in keep]
            logits = heads.tally(c_reps, hints)
            goal = torch.tensor([f["tally"] for f in labels])
            put("tally", F.cross_entropy(logits[:, :-1], goal, reduction="sum"), len(keep))
            tolls = [i for i, f in enumerate(labels) if f["tally"]]
            if tolls:
                summed = torch.tensor([float(ex.accounts[labels[i]["account"]]["total"]) for i in tolls])
                loss = F.binary_cross_entropy_with_logits(logits[tolls, -1], summed, reduction="sum")
                put("figure_total", loss, len(tolls))
                q = [c_spans[i][0] for i in tolls]
                q_reps = c_reps[tolls]
                pair = heads.pairs["figure_account"]
                hint = [0 if p <= 0 else 1 for p in range(len(a_spans))]
                scores = (
                    pair(q_reps, a_reps, far(laid, q, [s for s, _ in a_spans], hint))[..., 0]
                    if a_spans
                    else q_reps.new_zeros((len(tolls), 0))
                )
                right = []
                for i in tolls:
                    account = labels[i]["account"]
                    right.append(
                        {shown.index(account)} if account in shown else set() if account in seen else None
                    )
                put("figure_account", choose(scores, pair.null(q_reps)[:, 0], right), len(tolls))
                pair = heads.pairs["figure_voice"]
                hint2 = speaker_hints(ex, speakers, [ex.found.counts[keep[i]].start for i in tolls])
                scores = pair(
                    q_reps,
                    speaker_reps,
                    far(laid, q, [s for s, _ in speech], hint2 if speakers else np.zeros((len(tolls), 0))),
                )[..., 0]
                right = []
                for i in tolls:
                    good = labels[i]["voices"]
                    inner = None if good is None else {speakers.index(n) for n in good if n in speakers}
                    right.append(None if inner is None or (good and not inner) else inner)
                put(
                    "figure_voice",
                    choose(scores, pair.null(q_reps)[:, 0], right),
                    sum(r is not None for r in right),
                )
    if ex.parts is not None:
        goal = torch.tensor([ex.parts[p] for p in own])
        loss = F.cross_entropy(tok[at, PART_O : PART_O + 2 * len(PARTS) + 1], goal, reduction="sum")
        put("parts", loss, len(own) // 8 + 1)
    if ex.capitals is not None:
        capital = torch.tensor([float(ex.capitals[p]) for p in own])
        put("capital", F.binary_cross_entropy_with_logits(tok[at, 7], capital, reduction="sum"), len(own))
    if ex.claims is not None:
        goal, talk = [0] * len(own), [0] * len(own)
        index = {p: i for i, p in enumerate(own)}
        mine = [c for c in ex.claims if c["first"] in index]
        for c in mine:
            for p in range(c["first"], c["last"]):
                if p in index:
                    goal[index[p]] = 1 if p == c["first"] else 2
            if c["speech"]:
                for p in range(*c["speech"]):
                    if p in index:
                        talk[index[p]] = 1 if p == c["speech"][0] else 2
        put("claims", F.cross_entropy(tok[at, 4:7], torch.tensor(goal), reduction="sum"), len(own) // 8 + 1)
        if all(c["spoken"] for c in ex.claims):
            put(
                "speakers",
                F.cross_entropy(tok[at, 1:4], torch.tensor(talk), reduction="sum"),
                len(own) // 8 + 1,
            )
        if mine:
            spans = [(c["first"], c["last"]) for c in mine]
            r = reps(h, laid, spans)
            before = reps(h, laid, [(max(0, a - BEFORE), max(a, 1)) for a, _ in spans])
            logits = heads.claim(r, before, torch.tensor([c["hint"] for c in mine]))
            t = len(TOPICS)
            put(
                "topic",
                F.cross_entropy(logits[:, :t], torch.tensor([c["topic"] for c in mine]), reduction="sum"),
                len(mine),
            )
            put(
                "stance",
                F.cross_entropy(
                    logits[:, t:], torch.tensor([c["stance"] for c in mine]), weight=RARE, reduction="sum"
                ),
                len(mine),
            )
            pair = heads.pairs["claim_voice"]
            q = [s for s, _ in spans]
            scores = pair(
                r,
                speaker_reps,
                far(
                    laid,
                    q,
                    [s for s, _ in speech],
                    speaker_hints(ex, speakers, [ex.offsets[a][0] for a in q]),
                ),
            )[..., 0]
            right = []
            for c in mine:
                good = c["voices"]
                inner = None if good is None else {speakers.index(n) for n in good if n in speakers}
                right.append(None if inner is None or (good and not inner) else inner)
            put("claim_voice", choose(scores, pair.null(r)[:, 0], right), sum(x is not None for x in right))
    return out


BESIDE = 200  # windows of MUC-4 shown in an epoch, others each time
# Most claims are plainly stated; what is not counts more, or it would never be told.
RARE = torch.tensor([0.5] + [1.5] * (len(STANCES) - 1))
WEIGHTS = {
    "telling": 1.0, "kind": 0.7, "total": 1.0, "primary": 0.2, "tally": 1.0, "figure_total": 0.5, "figure_account": 1.0, "figure_voice": 1.0,
    "account_date": 0.7, "account_place": 0.7, "account_admin1": 0.5, "account_party": 1.0,
    "claims": 0.5, "speakers": 0.3, "topic": 0.9, "stance": 0.9, "claim_voice": 0.9, "capital": 0.3, "parts": 0.4,
}  # fmt: skip


def proposed(model: Reader, examples: list[data.Example]) -> dict[str, list[tuple[int, int, str]]]:
    """Of each report the words that the model takes for a part in an attack, as it does when it reads."""
    model.eval()
    out: dict[str, list[tuple[int, int, str]]] = {}
    for example in examples:
        for window in windows(example.ids, example.title):
            if window.last <= window.first:
                continue
            with torch.no_grad():
                h = model.encoder(torch.from_numpy(window.ids[None]), torch.from_numpy(window.parts[None]))
                logits = model.heads.token(h)[0, :, PART_O:].numpy()
            place = window.places()
            own = logits[[place[piece] for piece in range(window.first, window.last)]]
            for first, last, part in parts_in(own):
                start, end = example.words(window.first + first, window.first + last)
                out.setdefault(example.name, []).append((start, end, part))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=16, help="of the first stage")
    parser.add_argument(
        "--more", type=int, default=7, help="of the second stage, with what the first proposes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lr", type=float, default=1.2e-4, help="of the encoder in the first stage")
    parser.add_argument("--batch", type=int, default=5)
    parser.add_argument("--hold", default="", help="comma-separated outlets left out, or other-wars")
    parser.add_argument("--start", type=Path, help="weights of a first stage, to go on with the second")
    parser.add_argument("--limit", type=int, default=0, help="only so many reports, for a trial")
    parser.add_argument(
        "--above",
        type=Path,
        help="finished weights of which only the nets above the encoder are taught anew, --epochs long",
    )
    parser.add_argument(
        "--nets", default="account_party,claim,stance_hint", help="with --above, which: comma-separated"
    )
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = data.tokenizer(START_FOLDER)
    DIGITS.extend(tokenizer.token_to_id(str(n)) for n in range(2, 400) if tokenizer.token_to_id(str(n)))
    held = set(filter(None, options.hold.split(",")))
    found = hashlib.sha256((START_FOLDER / "model.safetensors").read_bytes()).hexdigest()
    if found != START_SHA256:
        sys.exit(f"{START_FOLDER}/model.safetensors has SHA-256 {found}, not {START_SHA256}")
    model = Reader()
    model.encoder.load(START_FOLDER)
    # The vectors of the words stay as they came: what is learnt of one is no better for the unseen others.
    model.encoder.words.weight.requires_grad_(False)
    others = [] if "other-wars" in held else attacks(tokenizer)
    beside = [Laid(e, w) for e in others for w in windows(e.ids, e.title)]
    first = corpus(tokenizer, held)[: options.limit or None]
    if options.above:
        model.load_state_dict(torch.load(options.above, weights_only=True))
        _hold(model, options.nets.split(","))
        fit(model, first, [], rng, options, options.epochs, 4e-5, (0.4, 0.4, 0.12))
        return
    if options.start:
        model.load_state_dict(torch.load(options.start, weights_only=True))
    else:
        fit(model, first, beside, rng, options, options.epochs, options.lr, (0.3, 0.3, 0.07))
    if options.more:
        seen = proposed(model, first)
        second = corpus(tokenizer, held, seen)[: options.limit or None]
        # By now the model knows every report by heart: more goes missing, so that it must read.
        model.encoder.dropout = 0.15
        fit(model, second, beside, rng, options, options.more, 0.8 * options.lr, (0.4, 0.4, 0.12))


def _hold(model: Reader, nets: list[str]) -> None:
    """Let nothing change but these nets. Each has losses of its own, so that no other answer moves.

    What an encoder was taught by it knows by heart, and a net above it learns from that to trust it too
    much; reports that were coded since are new to it, and set the net right.
    """
    for name, one in model.named_parameters():
        part = name.removeprefix("heads.").removeprefix("pairs.")
        one.requires_grad_(name.startswith("heads.") and part.startswith(tuple(nets)))


def fit(
    model: Reader, examples: list[data.Example], beside: list[Laid], rng: random.Random,
    options: argparse.Namespace, epochs: int, lr: float, noise: tuple[float, float, float],
) -> None:  # fmt: skip
    """One stage: so many epochs at a rate that falls to nothing; the running mean of the weights is kept and saved.

    ``noise`` holds how often a name is masked or exchanged, a number changed, any piece masked.
    """
    laid = [Laid(e, w) for e in examples for w in windows(e.ids, e.title)]
    pieces = sum(len(x.window.ids) for x in laid)
    print(f"{len(examples)} reports, {len(laid)} windows, {pieces} pieces", flush=True)
    slow = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    fast = [p for n, p in model.named_parameters() if not n.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [{"params": slow, "lr": lr}, {"params": fast, "lr": 10 * lr}], weight_decay=0.01
    )
    per_epoch = math.ceil((len(laid) + min(BESIDE, len(beside))) / options.batch)
    total = per_epoch * epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / (0.06 * total)) * max(0.02, 1 - s / total)
    )
    mean = {name: value.detach().clone() for name, value in model.state_dict().items()}
    taken = 0
    started = time.time()
    for epoch in range(epochs):
        model.train()
        order = list(range(len(laid)))
        order += [len(laid) + n for n in rng.sample(range(len(beside)), min(BESIDE, len(beside)))]
        every = laid + beside
        rng.shuffle(order)
        # windows of like length go together, a hundred at a time, so that little is padded
        chunks = [
            sorted(order[i : i + 96], key=lambda n: len(every[n].window.ids))
            for i in range(0, len(order), 96)
        ]
        batches = [
            chunk[i : i + options.batch] for chunk in chunks for i in range(0, len(chunk), options.batch)
        ]
        rng.shuffle(batches)
        sums: dict[str, list[float]] = {}
        for batch in batches:
            group = [every[n] for n in batch]
            longest = max(len(x.window.ids) for x in group)
            ids, parts = np.zeros((len(group), longest), np.int64), np.ones((len(group), longest), np.int64)
            mask = np.zeros((len(group), 1, 1, longest), bool)
            for row, x in enumerate(group):
                n = len(x.window.ids)
                ids[row, :n] = swapped(x, rng, *noise) if rng.random() < 0.85 else x.window.ids
                title = int((x.window.parts == 0).sum())
                if title > 1 and rng.random() < 0.25:
                    ids[row, 1 : title - 1] = MASK
                parts[row, :n] = x.window.parts
                mask[row, 0, 0, :n] = True
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
                h = model.encoder(torch.from_numpy(ids), torch.from_numpy(parts), torch.from_numpy(mask))
            h = h.float()
            tok = model.heads.token(h)
            parts_of: dict[str, list[tuple[Tensor, int]]] = {}
            for row, x in enumerate(group):
                for name, one in losses(model, h[row], tok[row], x, rng).items():
                    parts_of.setdefault(name, []).append(one)
            loss = h.new_zeros(())
            for name, ones in parts_of.items():
                value = sum(v for v, _ in ones) / sum(n for _, n in ones)  # type: ignore[operator]
                loss = loss + WEIGHTS[name] * value
                sums.setdefault(name, []).append(float(value.detach()))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            taken += 1
            keep = min(0.998, taken / (taken + 50))
            with torch.no_grad():  # what is saved is the running mean of the weights (Polyak 1992)
                for slow_one, one in zip(mean.values(), model.state_dict().values(), strict=True):
                    slow_one.lerp_(one, 1 - keep) if slow_one.is_floating_point() else slow_one.copy_(one)
        print(
            f"epoch {epoch + 1} {time.time() - started:.0f}s "
            + " ".join(f"{k} {np.mean(v):.3f}" for k, v in sorted(sums.items())),
            flush=True,
        )
        options.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(mean, options.out)
    model.load_state_dict(mean)


BF16 = True
if __name__ == "__main__":
    main()
