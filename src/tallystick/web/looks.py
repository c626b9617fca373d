"""How templates become pages: Jinja, the words of each language, and static files under their digests."""

from __future__ import annotations

import gettext
import hashlib
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tallystick.dossier.render import exact, legible, prose, quote

DOMAIN = "desk"
SOURCE = "en"  # the language of the source, which needs no catalogue
_OWN_NAMES = {"en": "English", "ar": "العربية", "uk": "Українська", "fr": "Français", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Static:
    """One static file: its bytes, its media type, and the beginning of their SHA-256."""

    content: bytes
    media_type: str
    digest: str


@cache
def statics() -> Mapping[str, Static]:
    """Every static file by its path below ``static/``; read once, and nothing else is ever given out."""
    held: dict[str, Static] = {}

    def walk(folder: Traversable, before: str) -> None:
        for each in sorted(folder.iterdir(), key=lambda each: each.name):
            if each.is_dir():
                walk(each, f"{before}{each.name}/")
            else:
                keep(before + each.name, each)

    def keep(path: str, file: Traversable) -> None:
        content = file.read_bytes()
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        held[path] = Static(content, kind, hashlib.sha256(content).hexdigest()[:16])

    walk(files("tallystick.web").joinpath("static"), "")
    keep("drawn.css", files("tallystick.dossier").joinpath("drawn.css"))
    return held


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    with files("tallystick.web").joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo").open("rb") as f:
        return gettext.GNUTranslations(f)


def _languages() -> dict[str, str]:
    """The languages that there is a catalogue for, with their own names."""
    folder = files("tallystick.web").joinpath("locale")
    found = [SOURCE]
    if folder.is_dir():
        found += sorted(
            each.name
            for each in folder.iterdir()
            if each.is_dir() and each.joinpath("LC_MESSAGES", f"{DOMAIN}.mo").is_file()
        )
    return {name: _OWN_NAMES.get(name, name) for name in found}


class Looks:
    """The templates in every language, and what can be reached.

    ``paths``: those of the rows that there are, by their names; ``navigation``: rows and their labels, of
    which those stay that there are.
    """

    def __init__(self, paths: Mapping[str, str], navigation: Sequence[tuple[str, str]] = ()) -> None:
        self.paths = dict(paths)
        self.navigation = tuple(each for each in navigation if each[0] in self.paths)
        self.languages = _languages()

    def has(self, name: str) -> bool:
        """Whether the desk has a row of this name."""
        return name in self.paths

    def words(self, language: str) -> gettext.NullTranslations:
        return _catalogue(language if language in self.languages else SOURCE)

    def preferred(self, chosen: str, accepted: str) -> str:
        """The language: the one ``chosen``, else the first that the browser has ``accepted``, else English.

        ``accepted`` is the header Accept-Language; its weights are followed, its regions are not.
        """
        if chosen in self.languages:
            return chosen
        wanted: list[tuple[float, int, str]] = []
        for place, part in enumerate(accepted[:500].split(",")):
            name, _, weight = part.partition(";q=")
            try:
                wanted.append((-float(weight or 1), place, name.strip().split("-")[0].lower()))
            except ValueError:
                continue
        return next((name for _, _, name in sorted(wanted) if name in self.languages), SOURCE)

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        """What ``template`` makes of ``values``, in ``language``."""
        known = language if language in self.languages else SOURCE
        return _environment(known).get_template(template).render(values)


def static_url(name: str) -> str:
    """Where the static file ``name`` is given out: under its digest, so that it may be kept for ever."""
    return f"/static/{statics()[name].digest}/{name}"


def _foreign(said: str) -> Markup:
    """Words of the dossier, which are English, on a page in another language: set apart and marked so."""
    return Markup('<bdi lang="{}" dir="ltr">{}</bdi>').format(SOURCE, prose(said)) if said else Markup("")


def _term(words: gettext.NullTranslations) -> Callable[[str], str]:
    """A term of ``terms`` in this language; anything else as it is (the empty one is a catalogue's head)."""
    return lambda term: words.gettext(term) if term else ""


@cache
def _environment(language: str) -> Environment:
    words = _catalogue(language)
    environment = Environment(
        # What the dossier draws and how it puts sentences, the desk shows by the same templates.
        loader=ChoiceLoader([PackageLoader("tallystick.web"), PackageLoader("tallystick.dossier")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=legible,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["prose"] = prose if language == SOURCE else _foreign
    environment.filters["term"] = _term(words)
    environment.filters["exact"] = exact
    environment.filters["quote"] = quote
    return environment
