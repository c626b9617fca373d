"""In a real browser, from disk: the style is applied, and a link lights exactly the words it stands on."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Any

from tallystick.dossier import write
from tallystick.model import Record

LIT = (0xFF, 0xDF, 0x6B)
_TELL = """<script>
addEventListener("load", () => {
  const lit = [...document.querySelectorAll("article.text mark")]
    .filter(mark => getComputedStyle(mark).backgroundColor === "rgb(255, 223, 107)");
  const out = document.createElement("pre");
  out.id = "told";
  out.textContent = JSON.stringify({
    words: lit.map(mark => mark.textContent).join(""),
    text: document.querySelector("article.text").textContent.length,
    wide: document.documentElement.scrollWidth <= innerWidth,
  });
  document.body.append(out);
});
</script>"""


def test_a_link_lights_exactly_the_words_of_its_claim(market: Record, tmp_path: Path, look: Any) -> None:
    """Asked of the browser's own computed style, on a copy of the page that lets one script in."""
    folder = write(market, tmp_path / "out").parent
    asked = [
        claim for claim in market.claims if claim.span.quote.startswith(("at least 11", "mortar shells"))
    ]
    assert len(asked) == 3
    for claim in asked:
        page = folder / "reports" / f"{claim.span.document}.html"
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
        copy = page.with_name(f"asked-{claim.id}.html")
        copy.write_text(text.replace("</head>", _TELL + "</head>"), "utf-8")
        told = look(f"{copy.as_uri()}#{claim.id}", "--dump-dom", "--window-size=390,844")
        assert f'"words":"{claim.span.quote}"' in told, told[-400:]
        assert '"wide":true' in told


def test_from_disk_under_its_own_policy_the_page_has_its_style(
    market: Record, tmp_path: Path, look: Any
) -> None:
    folder = write(market, tmp_path / "out").parent
    claim = next(claim for claim in market.claims if claim.span.quote == "at least 11 people")
    page = (folder / "reports" / f"{claim.span.document}.html").as_uri()
    shot = tmp_path / "lit.png"
    look(f"{page}#{claim.id}", f"--screenshot={shot}", "--window-size=500,640", "--hide-scrollbars")
    # The colour comes out of the shared style, the rule that applies it out of the page's own.
    assert 400 < _count(shot, LIT) < 40_000


def _count(path: Path, colour: tuple[int, int, int]) -> int:
    """How many pixels of a PNG have this colour."""
    data, at, packed, width, height, bytes_each = path.read_bytes(), 8, b"", 0, 0, 0
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, _, form = struct.unpack(">IIBB", body[:10])
            bytes_each = {2: 3, 6: 4}[form]
        packed += body if kind == b"IDAT" else b""
        at += size + 12
    raw, stride, before, found = zlib.decompress(packed), width * bytes_each, bytearray(width * bytes_each), 0
    for row in range(height):
        start = row * (stride + 1)
        line = _unfilter(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, bytes_each)
        found += sum(tuple(line[x : x + 3]) == colour for x in range(0, stride, bytes_each))
        before = line
    return found


def _unfilter(kind: int, line: bytearray, up: bytearray, step: int) -> bytearray:
    for x in range(len(line) if kind else 0):
        a = line[x - step] if x >= step else 0
        c = up[x - step] if x >= step else 0
        line[x] = (line[x] + (a, up[x], (a + up[x]) // 2, _paeth(a, up[x], c))[kind - 1]) & 255
    return line


def _paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    return min((a, b, c), key=lambda value: abs(p - value))
