"""Words of strangers as they can be shown on one line."""

from __future__ import annotations


def plainly(words: str) -> str:
    r"""``words`` on one line, as they can be stored and printed: what does not print shows as ``\u202e``.

    A byte that was no text (Python's surrogate escape) shows as ``\xff``.
    """
    return words if words.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in words)


def _escaped(c: str) -> str:
    if "\udc80" <= c <= "\udcff":
        return f"\\x{ord(c) - 0xDC00:02x}"
    return c.encode("unicode_escape").decode()
