"""The words that pages and exports hold by themselves: what is made of them alone looks like no leak."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

# Modules whose strings reach no page: what rules say, and how words are found.
_NOT_SAID = ("rules.py", "known.py", "hiding.py", "points.py", "own.py", "sweep.py")
_TAG = re.compile("</?[a-z]+[1-6]?")  # what an element is called is read by nobody
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Every word that pages hold by themselves.

    "May" is a month, "Martyrs" no word of ours. The record is walked for such a name like for any other.
    """
    return _words(_said())


@lru_cache(maxsize=1)
def own_capitals() -> frozenset[str]:
    """Those that pages write with a capital, in small letters."""
    return frozenset(word.casefold() for text in _said() for word in _WORD.findall(text) if word[0].isupper())


@lru_cache(maxsize=1)
def field_words() -> frozenset[str]:
    """Every word of ours, and those that name the nouns of a record, their fields and their values."""
    said = [
        path.read_text(encoding="utf-8")
        for path in files("tallystick.model").iterdir()
        if path.name[-3:] == ".py"
    ]
    return own_words() | _words(said)


@lru_cache(maxsize=1)
def _said() -> tuple[str, ...]:
    package = files("tallystick.dossier")
    pages = [path.read_text(encoding="utf-8") for path in package.joinpath("templates").iterdir()]
    said = [_TAG.sub(" ", page) for page in pages]
    said.append(package.joinpath("dossier.typ").read_text(encoding="utf-8"))
    for path in package.iterdir():
        if path.name.endswith(".py") and path.name not in _NOT_SAID:
            said += _constants(path.read_text(encoding="utf-8"))
    return tuple(said)


def _words(said: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in said for word in _WORD.findall(text.casefold()))


def _constants(source: str) -> Iterator[str]:
    """The strings of a module, without those that only say what it is for."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
