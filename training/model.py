"""The reader model: one encoder, token heads, and scorers of pairs; in torch, for training only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from tallystick.claims.heads import (
    GAPS,
    HINTS,
    KIND_HINTS,
    KINDS,
    PAIRS,
    PART,
    STANCE_HINTS,
    STANCES,
    STEPS,
    TALLIES,
    TOKENS,
    TOPICS,
)

D = 384


class Layer(nn.Module):
    """One block of BERT (Devlin et al. 2019): attention and a feed-forward net, normalised after each."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(D, 3 * D)
        self.out = nn.Linear(D, D)
        self.norm1 = nn.LayerNorm(D, eps=1e-12)
        self.up = nn.Linear(D, 4 * D)
        self.down = nn.Linear(4 * D, D)
        self.norm2 = nn.LayerNorm(D, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None, p: float) -> Tensor:
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, 12, 32).permute(2, 0, 3, 1, 4)
        # No dropout within attention: on a processor it takes three times as long as all the rest.
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        a = self.out(a.transpose(1, 2).reshape(b, n, D))
        x = self.norm1(x + F.dropout(a, p, self.training))
        h = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(h, p, self.training))


class Encoder(nn.Module):
    """MiniLM-L6: word pieces in, one vector of 384 numbers for each out."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, D)
        self.places = nn.Embedding(512, D)
        self.parts = nn.Embedding(2, D)
        self.norm = nn.LayerNorm(D, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(6))
        self.dropout = 0.1

    def forward(self, ids: Tensor, parts: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.parts(parts)
        x = F.dropout(self.norm(x), self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask, self.dropout)
        return x

    def load(self, folder: Path) -> None:
        """Take the starting weights from ``model.safetensors`` in ``folder``."""
        w = load_file(str(folder / "model.safetensors"))
        w = {k.removeprefix("bert."): v for k, v in w.items()}

        def put(module: Any, name: str) -> None:
            module.weight.data.copy_(w[f"{name}.weight"])
            if getattr(module, "bias", None) is not None:
                module.bias.data.copy_(w[f"{name}.bias"])

        put(self.words, "embeddings.word_embeddings")
        put(self.places, "embeddings.position_embeddings")
        put(self.parts, "embeddings.token_type_embeddings")
        put(self.norm, "embeddings.LayerNorm")
        for n, layer in enumerate(self.layers):
            at = f"encoder.layer.{n}."
            for kind in ("weight", "bias"):
                rows = [w[f"{at}attention.self.{x}.{kind}"] for x in ("query", "key", "value")]
                getattr(layer.qkv, kind).data.copy_(torch.cat(rows))
            put(layer.out, at + "attention.output.dense")
            put(layer.norm1, at + "attention.output.LayerNorm")
            put(layer.up, at + "intermediate.dense")
            put(layer.down, at + "output.dense")
            put(layer.norm2, at + "output.LayerNorm")


class Pair(nn.Module):
    """Scores a query against each of its candidates, by their words, how far apart they stand, and the hint."""

    def __init__(self, width: int, outs: int, null: bool) -> None:
        super().__init__()
        self.a = nn.Linear(2 * D, width)
        self.b = nn.Linear(2 * D, width, bias=False)
        self.gap = nn.Embedding(GAPS, width)
        self.step = nn.Embedding(STEPS, width)
        self.hint = nn.Embedding(HINTS, width)
        self.order = nn.Embedding(8, width)
        self.out = nn.Linear(width, outs)
        self.null = nn.Linear(2 * D, 1) if null else None
        for e in (self.gap, self.step, self.hint, self.order):
            nn.init.normal_(e.weight, std=0.1)

    def forward(self, a: Tensor, b: Tensor, far: Tensor) -> Tensor:
        """``a`` (q, 2D), ``b`` (c, 2D), ``far`` (q, c, 4) small numbers → (q, c, outs)."""
        h = self.a(a)[:, None] + self.b(b)[None]
        h = (
            h
            + self.gap(far[..., 0])
            + self.step(far[..., 1])
            + self.hint(far[..., 2])
            + self.order(far[..., 3])
        )
        h = F.dropout(F.relu(h), 0.1, self.training)
        return self.out(h)


class Heads(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Linear(D, len(TOKENS))
        self.kind1, self.kind2 = nn.Linear(2 * D, 128), nn.Linear(128, len(KINDS) + 2)
        self.tally1, self.tally2 = nn.Linear(2 * D, 128), nn.Linear(128, len(TALLIES) + 1)
        self.tally_hint = nn.Embedding(HINTS, 128)
        self.kind_hint = nn.Embedding(KIND_HINTS, 128)
        self.claim1, self.claim2 = nn.Linear(2 * D, 128), nn.Linear(128, len(TOPICS) + len(STANCES))
        self.claim0 = nn.Linear(2 * D, 128, bias=False)
        self.stance_hint = nn.Embedding(STANCE_HINTS, 128)
        self.pairs = nn.ModuleDict({k: Pair(PART, outs, null) for k, (outs, null) in PAIRS.items()})

    def kind(self, a: Tensor, hint: Tensor) -> Tensor:
        return self.kind2(F.dropout(F.relu(self.kind1(a) + self.kind_hint(hint)), 0.1, self.training))

    def tally(self, a: Tensor, hint: Tensor) -> Tensor:
        return self.tally2(F.dropout(F.relu(self.tally1(a) + self.tally_hint(hint)), 0.1, self.training))

    def claim(self, a: Tensor, before: Tensor, hint: Tensor) -> Tensor:
        h = self.claim1(a) + self.claim0(before) + self.stance_hint(hint)
        return self.claim2(F.dropout(F.relu(h), 0.1, self.training))


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.heads = Encoder(), Heads()

    def forward(self, ids: Tensor, parts: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        h = self.encoder(ids, parts, mask)
        return h, self.heads.token(h)
