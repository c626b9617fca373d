"""WHICH ACCOUNTS TELL OF THE SAME EVENT?

``pairs`` names the accounts worth comparing, ``compare`` judges two of them with reasons,
``resolve`` gathers what is judged the same without letting one strong contradiction be bridged.
"""

from __future__ import annotations

from tallystick.incidents.compare import MAKER, compare
from tallystick.incidents.pairs import pairs
from tallystick.incidents.resolve import resolve

__all__ = ["MAKER", "compare", "pairs", "resolve"]
