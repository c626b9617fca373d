"""The fields of the form that corrects a claim: which there are by its kind, and what was changed in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from tallystick.dossier import words
from tallystick.dossier.render import legible
from tallystick.model import HARM, MATTERS, TOLLS, Claim, Document, Role, Stance, Telling, Toll, Topic
from tallystick.model.stored import Held, Part
from tallystick.values.when import When
from tallystick.web.here import Here, Stop

Choices = tuple[tuple[str, str], ...]
GROUPS = ("people", "civilians", "fighters", "soldiers", "children", "women", "men", "medics", "journalists")


@dataclass(frozen=True)
class Field:
    """One field: its name in the form, its label, what stands in it, what may be chosen.

    Where ``choices`` are given with ``free``, they are proposals, and anything may be written.
    """

    name: str
    label: str
    value: str
    choices: Choices = ()
    free: bool = False
    hint: str = ""


def fields(here: Here, claim: Claim) -> tuple[Field, ...]:
    """The fields of a claim, filled in as it is."""
    value = claim.value
    if isinstance(value, Toll):
        own = toll_fields(here, value)
    elif isinstance(value, Role):
        own = role_fields(here, value)
    elif isinstance(value, Telling):
        own = telling_fields(here, value)
    else:
        own = ()
    return (*own, *said_fields(here, claim.stance, [voice.name for voice in claim.voices]))


def toll_fields(here: Here, toll: Toll | None = None) -> tuple[Field, ...]:
    """How many, of whom, and what became of them."""
    _ = here._
    count = words.amount(toll.count) if toll else ""
    kind, group = (toll.kind, toll.group) if toll else ("killed", "people")
    return (
        Field("count", _("How many"), count, hint=_("12, at least 12, 10 to 12")),
        Field("toll", _("What became of them"), kind, _named(here, TOLLS)),
        Field("group", _("Of whom"), group, _named(here, GROUPS), free=True),
    )


def role_fields(here: Here, role: Role | None = None) -> tuple[Field, ...]:
    """Which party, and what part it is said to have."""
    _ = here._
    return (
        Field("party", _("Party"), role.party.name if role else ""),
        Field("role", _("Its part"), role.role if role else "perpetrator", _named(here, get_args(Part))),
        Field(
            "how",
            _("How it is held to be so"),
            role.stance if role else "stated",
            _named(here, get_args(Held)),
        ),
    )


def telling_fields(here: Here, telling: Telling | None = None) -> tuple[Field, ...]:
    """What happened, when, where, with what, to what."""
    _ = here._
    told = telling or Telling("other")
    kinds = (HARM if told.kind in HARM else MATTERS) if telling else (*HARM, *MATTERS)
    return (
        Field("kind", _("Kind"), told.kind, tuple((kind, _(words.KINDS[kind])) for kind in kinds)),
        Field("days", _("Day or days"), _days(told.when), hint=_("2016-10-07, or 2016-10-07 to 2016-10-09")),
        Field("place", _("Place"), told.place.name if told.place else ""),
        Field("weapon", _("Weapon"), told.weapon or ""),
        Field("target", _("Target"), told.target or ""),
        Field(
            "aggregate",
            _("Total over several events"),
            "true" if told.aggregate else "false",
            (("false", _("no")), ("true", _("yes"))),
        ),
    )


def said_fields(here: Here, stance: str = "stated", voices: Sequence[str] = ()) -> tuple[Field, ...]:
    """How it is said, and by whom."""
    _ = here._
    return (
        Field("stance", _("How it is said"), stance, _named(here, get_args(Stance))),
        Field(
            "voices",
            _("Who says it"),
            "; ".join(voices),
            hint=_("the nearest first, with ; between; empty: the outlet"),
        ),
    )


def topics(here: Here) -> Choices:
    """What a claim of words alone may be about."""
    return _named(here, get_args(Topic))


def _named(here: Here, names: Sequence[str]) -> Choices:
    return tuple((name, here._(name.replace("_", " "))) for name in names)


def _days(when: When) -> str:
    if when.start is None or when.end is None:
        return ""
    if when.start == when.end:
        return when.start.isoformat()
    return f"{when.start.isoformat()} to {when.end.isoformat()}"


def changes(here: Here, shown: Sequence[Field]) -> dict[str, Any]:
    """What the form says otherwise than the fields that were shown; one that did not come is as it was."""
    out: dict[str, Any] = {}
    for field in shown:
        if field.name not in here.form:
            continue
        told = here.told(field.name, 1000)
        # A field shows no control and no line break; what comes back without them was not changed by anybody.
        if "".join(told.split()) not in ("".join(field.value.split()), "".join(legible(field.value).split())):
            out[field.name] = told.split(";") if field.name == "voices" else told
    return out


def chosen(here: Here, document: Document) -> tuple[int, int] | str:
    """The words that the form chooses: where they stand (code points), or as typed, or nothing.

    What was chosen in the text comes with its place and, so that both sides mean the same text, as it was
    shown. Raises ``Stop`` (409) where they are not the words at that place.
    """
    start, end = here.told("start", 12), here.told("end", 12)
    if not start or not end:
        return here.told("words")
    shown = here.form.get("quote", "")
    place = (int(start), int(end)) if start.isdecimal() and end.isdecimal() else (-1, -1)
    there = 0 <= place[0] < place[1] <= len(document.text)
    if not there or not isinstance(shown, str) or as_shown(shown) != as_shown(document.text[slice(*place)]):
        raise Stop(
            409,
            here._("The words chosen are not those that the report has at this place."),
            here._("Go back, reload the page, and choose them again."),
        )
    return place


# A browser shows controls as their pictures (see ``dossier.render``), and what is no character as U+FFFD.
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {127: 0x2421}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def as_shown(text: str) -> str:
    """Text as it comes back from a page in a form: with one sort of line break, and nothing unshowable."""
    told = text.translate(_PICTURES).translate(_SURROGATES)
    return told.replace("\r\n", "\n").replace("\r", "\n")
