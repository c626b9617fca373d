"""What is to be known of a row for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tallystick.web.api.shape import Field


@dataclass(frozen=True, slots=True)
class Operation:
    """What a program may say to a row, and what it answers.

    ``means`` is one sentence, ``more`` what else is to be known; ``parts`` are those of the path, ``query``
    the parameters of the address, ``body`` the properties of what is sent (``None``: nothing is).
    ``answer`` is the name of a schema of ``schemas``; ``tagged`` says that the answer carries an ETag, which
    a decision under the same path is to name (``guarded``).
    """

    means: str
    answer: str
    more: str = ""
    parts: Sequence[Field] = ()
    query: Sequence[Field] = ()
    body: Sequence[Field] | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    tagged: bool = True
    guarded: bool = False
    moved: bool = False  # whether it may lead elsewhere (307), where a former id is named
