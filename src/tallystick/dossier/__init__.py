"""HOW DO WE SHOW IT?

``write`` makes the dossier, a folder of static pages in which every sentence leads to its
words; ``export`` writes the same record as JSON lines; ``compose`` says one incident in
sentences, each with the claims it stands on.
"""

from tallystick.dossier.compose import compose
from tallystick.dossier.export import export
from tallystick.dossier.render import write

__all__ = ["compose", "export", "write"]
