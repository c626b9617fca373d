"""WHO SAYS WHAT, AND IN WHICH WORDS?

``claims(document)`` gives the attributed claims of one document, each with its exact words.
"""

from __future__ import annotations

from tallystick import __version__
from tallystick.claims.encoder import one_thread, version
from tallystick.claims.reading import Reader
from tallystick.model import Claim, Document, Maker

MAKER = Maker("tallystick-reader", f"{__version__}/{version()}")

__all__ = ["MAKER", "claims"]


def claims(document: Document) -> tuple[Claim, ...]:
    """The claims of ``document``, in the order of their words; the same document gives the same claims."""
    with one_thread():
        return Reader(document, MAKER).claims()
