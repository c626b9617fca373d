"""WHERE DO THEY AGREE, WHERE NOT, BY HOW MUCH?

``copies(documents)`` tells which documents repeat another's text; ``find(incident, copies)``
weighs one incident field by field, by independent origins, and grades it; ``misdated(document)``
tells what in a report speaks against the day it is dated. Of all incidents together
``patterns(weighed)`` tells what repeats, and ``alleged(weighed, struck)`` which articles of law may be
read beside each.
"""

from __future__ import annotations

from tallystick.findings.crimes import alleged
from tallystick.findings.dates import misdated
from tallystick.findings.origins import copies
from tallystick.findings.patterns import patterns
from tallystick.findings.weigh import find

__all__ = ["alleged", "copies", "find", "misdated", "patterns"]
