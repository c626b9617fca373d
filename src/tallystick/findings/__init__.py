"""WHERE DO THEY AGREE, WHERE NOT, BY HOW MUCH?

``copies(documents)`` tells which documents repeat another's text; ``find(incident, copies)``
weighs one incident field by field, by independent origins, and grades it; ``misdated(document)``
tells what in a report speaks against the day it is dated; ``lines(accounts, documents, copies)`` are the
matters of a whole case as lines of states.
"""

from __future__ import annotations

from tallystick.findings.dates import misdated
from tallystick.findings.matters import lines
from tallystick.findings.origins import copies
from tallystick.findings.weigh import find

__all__ = ["copies", "find", "lines", "misdated"]
