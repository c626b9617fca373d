"""The encodings that pages and servers name, as browsers understand the names."""

from __future__ import annotations

import codecs

from tallystick.evidence.plain import marked, refuse_binary

# What the web calls Latin-1 is written in windows-1252 (WHATWG, Encoding).
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# Python reads them; no page is written in them, and some take for ever on a page made for that.
_NEVER = (
    "idna",
    "punycode",
    "raw-unicode-escape",
    "raw_unicode_escape",
    "unicode-escape",
    "unicode_escape",
    "utf-7",
)


def codec(name: str) -> str | None:
    """Python's codec for the encoding that the web calls ``name``; None for one that no text is in."""
    try:
        b"?".decode(name, "replace")  # fails for those of Python's codecs that give no text
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found in _NEVER else _AS_BROWSERS.get(found, found)


def as_told(data: bytes, charset: str | None, origin: str) -> str | None:
    """``data`` in the encoding that the server named; None where a byte order mark says more, or nobody did.

    A byte that does not fit is shown as �, as browsers do: the rest is certain. Raises ``NotText``
    for bytes that are no text.
    """
    found = codec(charset) if charset else None
    if found is None or marked(data)[0]:
        return None
    if not found.startswith(("utf-16", "utf-32")):
        refuse_binary(data, origin)
    return data.decode(found, errors="replace")
