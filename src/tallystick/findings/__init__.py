"""WHERE DO THEY AGREE, WHERE NOT, BY HOW MUCH?

``copies(documents)`` tells which documents repeat another's text; ``find(incident, copies)``
weighs one incident field by field, by independent origins, and grades it; ``misdated(document)``
tells what in a report speaks against the day it is dated; ``totals(weighed, accounts, judgements)`` adds
up over incidents what can be added, and ``Tallied`` does so for whatever scope is asked.
"""

from __future__ import annotations

from tallystick.findings.dates import misdated
from tallystick.findings.origins import copies
from tallystick.findings.totals import Tallied, totals
from tallystick.findings.weigh import find

__all__ = ["Tallied", "copies", "find", "misdated", "totals"]
