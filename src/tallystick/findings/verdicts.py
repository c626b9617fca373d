"""One verdict for two claims, or for two accounts of one event, on one field, with the reason in words.

The fields are the tolls (``killed``, ``wounded``, ``captured``, ``missing``, ``displaced``), ``date``,
``place``, ``kind``, ``weapon``, ``target`` and ``perpetrator``. ``single_origin`` is a verdict on a whole
incident and never on a pair. What is not told conflicts with nothing.

For whoever asks of one pair; the findings of an incident are made of the same rules. ``bench/verdicts.py``
measures it against pairs coded by hand.
"""

from __future__ import annotations

from tallystick.findings import blame, fields, figures
from tallystick.findings.context import Context
from tallystick.model import TOLLS, Account, Claim, Role, Telling, Toll
from tallystick.values.agreement import Relation, Verdict

_UNTOLD = Relation(Verdict.UNKNOWN, "the two do not speak of the same field")


def between(one: Claim, other: Claim, field: str, context: Context) -> Relation:
    """How two claims stand to each other on ``field``. Symmetric; ``unknown`` where either is silent on it.

    Raises ``KeyError`` for a field that is none.
    """
    a, b = one.value, other.value
    if field in TOLLS:
        told = isinstance(a, Toll) and isinstance(b, Toll) and a.kind == b.kind == field
        return figures.between(one, other, context) if told else _UNTOLD
    if field == "perpetrator":
        if not isinstance(a, Role) or not isinstance(b, Role) or "opponent" in (a.role, b.role):
            return _UNTOLD
        return blame.between((one, a), (other, b), context)
    fields.TELLINGS[field]
    return fields.between(a, b, field) if isinstance(a, Telling) and isinstance(b, Telling) else _UNTOLD


def of_accounts(one: Account, other: Account, field: str, context: Context) -> Relation:
    """How two accounts of one event stand to each other on ``field``. Symmetric; silence is ``unknown``.

    Raises ``KeyError`` for a field that is none.
    """
    if field in TOLLS:
        return figures.of_accounts(one, other, field, context)
    if field == "perpetrator":
        return blame.weighed(blame.roles(one), blame.roles(other), context, blame.day_of((one, other)))
    return fields.between(one.telling, other.telling, field)
