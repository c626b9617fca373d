"""WHERE DO THEY AGREE, WHERE NOT, BY HOW MUCH?

``copies(documents)`` tells what documents take from one another: text, citations, and who speaks for
whom; ``find(incident, copies)`` weighs one incident field by field, by independent origins, says who
takes it from whom, and grades it; ``misdated(document)`` tells what in a report speaks against the day
it is dated. Of a whole case ``totals(weighed, accounts, judgements)`` adds up what can be added, and
``within(scope, weighed, accounts, judgements)`` does so for whatever scope is
asked; ``patterns(weighed)`` tells what repeats,
``alleged(weighed, struck)`` which articles of law may be read beside each incident, and
``lines(accounts, documents, copies)`` are its matters as lines of states.
"""

from __future__ import annotations

from tallystick.findings.crimes import alleged
from tallystick.findings.dates import misdated
from tallystick.findings.matters import lines
from tallystick.findings.origins import copies
from tallystick.findings.patterns import patterns
from tallystick.findings.totals import Tallied, totals, within
from tallystick.findings.weigh import find

__all__ = ["Tallied", "alleged", "copies", "find", "lines", "misdated", "patterns", "totals", "within"]
