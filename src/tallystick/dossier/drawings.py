"""Drawings of the pages as pictures of their own: an SVG with the style it needs, and no link."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from importlib.resources import files

_SVG = re.compile(r'<svg class="(?P<sort>[\w-]+)"(?P<rest>[^>]*)>(?P<body>.*?)</svg>', re.S)
_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_LINK = re.compile(r"</?a\b[^>]*>")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PAINT = re.compile(r"(?:fill|stroke|opacity|text-anchor|font|paint-order)[\w-]*\s*:")
_VAR = re.compile(r"var\((--[\w-]+)\)")
# Fonts that come with the program that sets the pages; whatever they lack is looked for in all others there.
_FONTS = {"--serif": '"Libertinus Serif"', "--sans": '"Libertinus Serif"', "--mono": '"DejaVu Sans Mono"'}


def drawings(page: str, *sorts: str) -> list[tuple[str, str, str]]:
    """The drawings of these classes on a page, as (class, SVG, what it shows in words)."""
    out = []
    for match in _SVG.finditer(page):
        if match["sort"] in sorts:
            body = match["body"]
            said = [" ".join(unescape(each).split()) for each in _TITLE.findall(body)]
            alt = "; ".join(said[:40]) + (f"; and {len(said) - 40} more" if len(said) > 40 else "")
            bare = _LINK.sub("", _TITLE.sub("", body))
            size = " ".join(re.findall(r'(?:width|height|viewBox)="[^"]*"', match["rest"]))
            head = f'<svg xmlns="http://www.w3.org/2000/svg" class="{match["sort"]}" {size}>'
            out.append((match["sort"], f"{head}<style>{_style()}</style>{bare}</svg>", alt))
    return out


@lru_cache(maxsize=1)
def _style() -> str:
    """The rules of the shared style that paint, for light paper, with their variables put in."""
    held = files("tallystick.dossier")
    css = "\n".join(held.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "drawn.css"))
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = _without_media(css)
    known: dict[str, str] = {}
    for body in re.findall(r"(?m)^:root\s*\{([^}]*)\}", css):
        known |= dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", body))
    known |= _FONTS
    rules = []
    for selector, body in _RULE.findall(css):
        if _PAINT.search(body) and "." in selector and ":" not in selector:
            told = [each.strip() for each in body.split(";") if _PAINT.match(each.strip())]
            put = _VAR.sub(lambda match: known.get(match[1], "currentColor"), ";".join(told))
            rules.append(f"{selector.strip()}{{{put}}}")
    # Text that no rule gives a font, or a size in units of a page, has those of the sheet.
    base = 'text{font-family:"Libertinus Serif";font-size:12px}'
    return base + re.sub(r"(\d*\.?\d+)rem", lambda match: f"{float(match[1]) * 16:g}px", "".join(rules))


def _without_media(css: str) -> str:
    """``css`` without what holds for other media alone."""
    out, at = [], 0
    for match in re.finditer(r"@media[^{]*\{", css):
        if match.start() < at:
            continue
        out.append(css[at : match.start()])
        depth, at = 1, match.end()
        while depth and at < len(css):
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
    return "".join([*out, css[at:]])
