"""Matters as lines of states: who says what of a place or a matter over time, and what moves it.

Of the whole case, beyond single incidents: for each place one line of who holds it, of the forces and the
people there and of those who leave; for each text before a council, truce and contact its course; for
each warning what came of it. A state stands on the claims that tell it and says who tells it; what is denied,
planned, wanted or feared is shown and moves nothing. Silence tells nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tallystick.findings import control, counts, dealings, horizons
from tallystick.findings.heard import gathered, hear, places_of
from tallystick.model import LINES, Account, Document, DocumentId, Line


def lines(
    accounts: Sequence[Account], documents: Iterable[Document], copied: Mapping[DocumentId, DocumentId]
) -> tuple[Line, ...]:
    """All lines of a case, by kind and by what they are of.

    ``copied`` is what ``copies`` says of the documents. The order of what is given does not matter.
    """
    heard = hear(accounts, documents, copied)
    stands_for = gathered(places_of(heard))
    found = [line for sort in (control, counts, dealings, horizons) for line in sort.lines(heard, stands_for)]
    return tuple(sorted(found, key=lambda line: (LINES.index(line.kind), line.about, line.id)))
