"""WHICH ACCOUNTS TELL OF THE SAME EVENT?

``pairs`` compares the accounts worth comparing, with reasons; ``compare`` any two; ``resolve``
gathers what is judged the same without letting one strong contradiction be bridged;
``resolve_near`` does it again around what changed. For very many accounts at once there is ``bulk.gathered``.
"""

from __future__ import annotations

from tallystick.incidents.compare import MAKER, Pair, Slice, compare, pairs
from tallystick.incidents.resolve import Stood, resolve, resolve_near

__all__ = ["MAKER", "Pair", "Slice", "Stood", "compare", "pairs", "resolve", "resolve_near"]
