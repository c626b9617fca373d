"""What every look at a case stands on: the case, and what is kept to hand of it."""

from __future__ import annotations

import json

from tallystick.case import Case
from tallystick.desk.keep import Keep


class Asked:
    """A case with its ``Keep``. Safe for several threads."""

    def __init__(self, case: Case, keep: Keep) -> None:
        self.case = case
        self._keep = keep

    @property
    def at(self) -> int:
        """The seq of the last custody event that is worked in; 0 before any was."""
        told = json.loads(self._keep.meta("stands") or "null")
        return int(told["at"]) if told else 0
