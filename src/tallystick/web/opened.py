"""What the pages need of an opened case."""

from __future__ import annotations

import re
import threading
from collections.abc import Container
from itertools import chain, count
from pathlib import Path
from typing import Protocol

from tallystick.case import Case


class Opened(Protocol):
    """A case that is open for as long as the desk is; what pages get as ``here.desk``."""

    @property
    def case(self) -> Case:
        """The case, to be used in the thread that asks for it."""

    def close(self) -> None: ...


class Plain:
    """A case folder, opened for writing once in each thread that asks: a ledger stays in its thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mine = threading.local()
        self._all: list[Case] = []

    @property
    def case(self) -> Case:
        mine: Case | None = getattr(self._mine, "case", None)
        if mine is None:
            mine = self._mine.case = Case.open(self.folder, write=None)
            self._all.append(mine)
        return mine

    def close(self) -> None:
        for case in self._all:
            case.close()
        self._all.clear()


def key_of(folder: Path, taken: Container[str]) -> str:
    """The name of a case in addresses: its folder's, without strange signs; numbered where it is taken."""
    plain = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip(".-") or "case"
    numbered = (f"{plain}-{n}" for n in count(2))
    return next(key for key in chain([plain], numbered) if key not in taken)
