"""WHO SAYS WHAT, AND IN WHICH WORDS?

``claims(document)`` gives the attributed claims of one document, each with its exact words; ``maker_of`` tells
who reads it: a row of a dataset is read by its columns.
"""

from __future__ import annotations

from tallystick import __version__
from tallystick.claims import rows
from tallystick.claims.encoder import one_thread, version
from tallystick.claims.reading import Reader
from tallystick.model import Claim, Document, Maker

MAKER = Maker("tallystick-reader", f"{__version__}/{version()}")

__all__ = ["MAKER", "claims", "maker_of"]


def claims(document: Document) -> tuple[Claim, ...]:
    """The claims of ``document``, in the order of their words; the same document gives the same claims."""
    if document.derived:
        return rows.claims(document)
    with one_thread():
        return Reader(document, MAKER).claims()


def maker_of(document: Document) -> Maker:
    """Who reads ``document`` today: the reader of reports, or that of rows."""
    return rows.MAKER if document.derived else MAKER
