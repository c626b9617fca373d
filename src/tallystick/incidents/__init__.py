"""WHICH ACCOUNTS TELL OF THE SAME EVENT?

``pairs`` compares the accounts worth comparing, with reasons; ``compare`` any two; ``resolve``
gathers what is judged the same without letting one strong contradiction be bridged.
"""

from __future__ import annotations

from tallystick.incidents.compare import MAKER, Pair, Slice, compare, pairs
from tallystick.incidents.resolve import resolve

__all__ = ["MAKER", "Pair", "Slice", "compare", "pairs", "resolve"]
