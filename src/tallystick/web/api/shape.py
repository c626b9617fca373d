"""What an address or a body may say: declared once as JSON Schema, and checked by the same words.

What ``faults`` knows is the part of JSON Schema 2020-12 that is used here; a declaration that uses more is
refused when the table is made, not when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from tallystick.web.here import CONTROLS

Schema = dict[str, Any]
_KNOWN = {
    "type", "enum", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "items", "maxItems",
    "properties", "required", "additionalProperties", "description", "default",
}  # fmt: skip
_TYPES: Mapping[str, type[Any]] = {
    "string": str, "integer": int, "boolean": bool, "object": dict, "array": list,
}  # fmt: skip
MOST = 20  # faults told of one request: whoever sends more reads no more
_WHOLE = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of an address, or one property of a body."""

    name: str
    schema: Schema
    means: str
    required: bool = False

    def __post_init__(self) -> None:
        if strange := self.schema.keys() - _KNOWN:
            raise ValueError(f"{self.name}: the check does not know {min(strange)!r}")


class Misfit(Exception):
    """What was sent is not as declared; ``faults`` says where and how, in sentences: the first ``MOST``."""

    def __init__(self, faults: Iterable[str]) -> None:
        told = list(islice(faults, MOST + 1))
        self.faults = (*told[:MOST], *(["there are more faults than these"] if told[MOST:] else []))
        super().__init__("; ".join(self.faults))


def text(name: str, means: str, most: int = 300, *, least: int = 0, required: bool = False) -> Field:
    """Words, without control characters other than tabs and ends of lines."""
    schema: Schema = {"type": "string", "maxLength": most}
    return Field(name, schema | ({"minLength": least} if least else {}), means, required)


def one_of(name: str, means: str, words: Iterable[str], *, required: bool = False) -> Field:
    """One of these words."""
    return Field(name, {"type": "string", "enum": list(words)}, means, required)


def some_of(name: str, means: str, words: Iterable[str]) -> Field:
    """Any of these words, the parameter said again for each."""
    told = {"type": "string", "enum": list(words)}
    return Field(name, {"type": "array", "items": told, "maxItems": 50}, means)


def whole(name: str, means: str, least: int, most: int, *, required: bool = False, **more: Any) -> Field:
    """A whole number, both ends included."""
    return Field(name, {"type": "integer", "minimum": least, "maximum": most, **more}, means, required)


def day(name: str, means: str) -> Field:
    """A day, as ISO 8601 writes it."""
    return Field(name, {"type": "string", "format": "date", "maxLength": 10}, means)


def flag(name: str, means: str) -> Field:
    """True or false."""
    return Field(name, {"type": "boolean"}, means)


def named(name: str, sort: str, means: str, *, required: bool = False) -> Field:
    """The id of a thing of this sort: clm, acc, inc or doc."""
    return Field(name, {"type": "string", "pattern": id_pattern(sort)}, means, required)


def id_pattern(*sorts: str) -> str:
    """What ids of these sorts look like."""
    return f"^(?:{'|'.join(sorts)})-[0-9a-f]{{24}}$"


def thing(fields: Sequence[Field]) -> Schema:
    """The schema of an object of these fields and no others."""
    told: Schema = {
        "type": "object",
        "properties": {field.name: field.schema | {"description": field.means} for field in fields},
        "additionalProperties": False,
    }
    required = [field.name for field in fields if field.required]
    return told | ({"required": required} if required else {})


def of_query(fields: Sequence[Field], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What an address says, by name; raises ``Misfit`` for what is not declared, or not so."""
    by_name = {field.name: field for field in fields}
    out: dict[str, Any] = {}
    wrong: list[str] = []
    for name, value in pairs:
        field = by_name.get(name)
        if field is None:
            known = ", ".join(by_name) or "none"
            wrong.append(f"there is no parameter {name[:40]!r} here; there are: {known}")
        elif field.schema["type"] == "array":
            out.setdefault(name, []).append(value)
        elif name in out:
            wrong.append(f"{name} is said twice")
        else:
            out[name] = _typed(field.schema["type"], value)
    missing = [f"{field.name} is missing" for field in fields if field.required and field.name not in out]
    wrong += missing
    wrong += [fault for name, value in out.items() for fault in faults(by_name[name].schema, value, name)]
    if wrong:
        raise Misfit(wrong)
    return out


def of_body(fields: Sequence[Field], told: Any) -> dict[str, Any]:
    """What a body says; raises ``Misfit`` where it is not as declared."""
    if wrong := list(islice(faults(thing(fields), told, "the body"), MOST + 1)):
        raise Misfit(wrong)
    return dict(told)


def _typed(sort: str, value: str) -> Any:
    if sort == "integer" and _WHOLE.fullmatch(value):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if sort == "boolean" else value


def faults(schema: Schema, value: Any, at: str) -> Iterator[str]:
    """What is not as declared of ``value``, which is called ``at``; each in a sentence."""
    sort: str = schema["type"]
    if not isinstance(value, _TYPES[sort]) or (sort == "integer" and isinstance(value, bool)):
        yield f"{at} is to be of type {sort}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{at} is none of: {', '.join(schema['enum'])}"
    elif sort == "string":
        yield from _of_words(schema, value, at)
    elif sort == "integer":
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{at} lies between {schema.get('minimum')} and {schema.get('maximum')}"
    elif sort == "array":
        if len(value) > schema.get("maxItems", len(value)):
            yield f"{at} has at most {schema['maxItems']} parts"
            return
        for n, each in enumerate(value):
            yield from faults(schema["items"], each, f"{at}[{n}]")
    elif sort == "object":
        yield from _of_parts(schema, value, at)


def _of_words(schema: Schema, value: str, at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at} has {schema.get('minLength', 0)} to {schema.get('maxLength')} characters"
    if CONTROLS.search(value):
        yield f"{at} holds control characters"
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), value):
        yield f"{at} is not as {schema['pattern']} says"
    if schema.get("format") == "date":
        try:
            fits = date.fromisoformat(value).isoformat() == value
        except ValueError:
            fits = False
        if not fits:
            yield f"{at} is no day; a day is written 2016-10-07"


def _of_parts(schema: Schema, value: Mapping[str, Any], at: str) -> Iterator[str]:
    known = schema["properties"]
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}: {name} is missing"
    for name, each in value.items():
        if name not in known:
            yield f"{at}: there is no {name[:40]!r} here; there are: {', '.join(known)}"
        else:
            yield from faults(known[name], each, name)
