"""WHICH ACCOUNTS TELL OF THE SAME EVENT?

``pairs`` compares the accounts worth comparing, with reasons; ``compare`` any two; ``resolve``
gathers what is judged the same without letting one strong contradiction be bridged;
``resolve_near`` does it again around what changed. Where there is more than one machine, ``windows`` cuts the
accounts into parts that ``judged`` compares apart from one another, and ``parts`` says in which order.
For very many accounts at once there is ``bulk.gathered``.
"""

from __future__ import annotations

from tallystick.incidents.compare import MAKER, Pair, Slice, compare, pairs
from tallystick.incidents.cutting import Window, judged, parts, windows
from tallystick.incidents.resolve import Stood, resolve, resolve_near

__all__ = [
    "MAKER",
    "Pair",
    "Slice",
    "Stood",
    "Window",
    "compare",
    "judged",
    "pairs",
    "parts",
    "resolve",
    "resolve_near",
    "windows",
]
