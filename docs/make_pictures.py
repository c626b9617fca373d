"""Draws the pictures in the docs: the example case's dossier, and its desk after a day's work.

    .venv/bin/python docs/make_pictures.py

writes ``docs/img/dossier.png`` and ``docs/img/desk-*.png``. It needs what the tests need (Playwright and a
Chromium), and the tests' own desk over ``examples/harrow-valley``. Pictures differ a little by the fonts and
the browser of a machine: no test compares them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from tests_served import House, Sitting, addresses, chromium, decided, harrow, served  # noqa: E402

from tallystick.case import Case  # noqa: E402

SIZE = {"width": 1180, "height": 760}
LONG = {"width": 1180, "height": 1000}
# The picture's name, the page, who looks, in which language, colours and window.
PICTURES = (
    ("queue", "queue", "A. Haddad", "en", "light", SIZE),
    ("incident", "incident", "C. Lind", "en", "light", SIZE),
    ("report", "report", "A. Haddad", "en", "light", SIZE),
    ("map", "map", "A. Haddad", "en", "dark", SIZE),
    ("arabic", "queue", "سارة القاضي", "ar", "light", SIZE),
)
MOST = 200_000  # bytes of one picture


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tallystick-pictures-") as folder:
        file = harrow(Path(folder) / "harrow-valley")
        with Case.open(file, write=True) as case:
            front = case.dossier()
        house = House(file, Path(folder))
        try:
            decided(house)
            with served(house.app) as address, chromium() as browser:
                dossier = browser.new_page(viewport=LONG)
                dossier.goto(front.as_uri())
                keep("dossier", dossier.screenshot())
                for name, page, who, language, scheme, size in PICTURES:
                    sitting = Sitting(browser, address, viewport=size).sign_in(house.inn, who)
                    sitting.taste(language=language, scheme=scheme)
                    sitting.page.goto(addresses(house)[page])
                    if name == "report":
                        sitting.page.keyboard.press("t")
                        for key in ("ArrowDown", *["Shift+ArrowRight"] * 5):
                            sitting.page.keyboard.press(key)
                        sitting.page.evaluate("scrollTo(0, 0)")
                    keep(f"desk-{name}", sitting.page.screenshot())
        finally:
            house.close()


def keep(name: str, picture: bytes) -> None:
    """Write a picture, unless it is too large for a page."""
    if len(picture) > MOST:
        raise SystemExit(f"{name}.png would have {len(picture):,} bytes")
    (ROOT / "docs" / "img" / f"{name}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
