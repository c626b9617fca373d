"""HOW DO WE SHOW IT?

``write`` makes the dossier, a folder of static pages in which every sentence leads to its
words; ``export`` writes the same record as JSON lines; ``compose`` says one incident in
sentences, each with the claims it stands on.
"""

from tallystick.dossier.compose import compose
from tallystick.dossier.export import export
from tallystick.dossier.redaction import Redacted, redacted
from tallystick.dossier.render import write
from tallystick.dossier.rules import NameRule, PlaceRule, Redaction
from tallystick.dossier.scope import Only, only

__all__ = [
    "NameRule",
    "Only",
    "PlaceRule",
    "Redacted",
    "Redaction",
    "compose",
    "export",
    "only",
    "redacted",
    "write",
]
