"""What libraries may raise on a file that is made to break them, past what their callers expect."""

from __future__ import annotations

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
