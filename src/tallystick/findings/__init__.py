"""WHERE DO THEY AGREE, WHERE NOT, BY HOW MUCH?

``copies(documents)`` tells what documents take from one another: text, citations, and who speaks for
whom; ``find(incident, copies)`` weighs one incident field by field, by independent origins, says who
takes it from whom, and grades it; ``totals(weighed, accounts, judgements)`` adds up over incidents what
can be added, and ``Tallied`` does so for whatever scope is asked; ``lines(accounts, documents, copies)``
are the matters of a whole case as lines of states; ``misdated(document)`` tells what in a report speaks
against the day it is dated.
"""

from __future__ import annotations

from tallystick.findings.dates import misdated
from tallystick.findings.matters import lines
from tallystick.findings.origins import copies
from tallystick.findings.totals import Tallied, totals
from tallystick.findings.weigh import find

__all__ = ["Tallied", "copies", "find", "lines", "misdated", "totals"]
