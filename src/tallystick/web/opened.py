"""The cases of a desk: each opened once, for all threads, and followed."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import chain, count
from pathlib import Path

from tallystick.case import Case
from tallystick.desk import Desk


def opened(folder: Path) -> Desk:
    """The case in ``folder``, for writing where that can be; what follows from it is being worked in."""
    case = Case.open(folder, write=None)
    desk = Desk(case)
    desk.catch_up(wait=0)
    return desk


def key_of(folder: Path, taken: Container[str]) -> str:
    """The name of a case in addresses: its folder's, without strange signs; numbered where it is taken."""
    plain = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip(".-") or "case"
    numbered = (f"{plain}-{n}" for n in count(2))
    return next(key for key in chain([plain], numbered) if key not in taken)
