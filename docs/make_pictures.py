"""Draws the pictures of the desk in the docs: the example case, a day's work on it, and a browser that looks.

    .venv/bin/python docs/make_pictures.py

writes ``docs/img/desk-*.png``. It needs what the tests need (Playwright and a Chromium), and the tests' own
desk over ``examples/harrow-valley``. Pictures differ a little by the fonts and the browser of a machine:
no test compares them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from tests_served import House, Sitting, addresses, chromium, decided, harrow, served  # noqa: E402

SIZE = {"width": 1180, "height": 760}
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
        house = House(harrow(Path(folder) / "harrow-valley"), Path(folder))
        try:
            decided(house)
            with served(house.app) as address, chromium() as browser:
                for name, page, who, language, scheme, size in PICTURES:
                    sitting = Sitting(browser, address, viewport=size).sign_in(house.inn, who)
                    sitting.taste(language=language, scheme=scheme)
                    sitting.page.goto(addresses(house)[page])
                    if name == "report":
                        sitting.page.keyboard.press("t")
                        for key in ("ArrowDown", *["Shift+ArrowRight"] * 5):
                            sitting.page.keyboard.press(key)
                        sitting.page.evaluate("scrollTo(0, 0)")
                    told = sitting.page.screenshot()
                    if len(told) > MOST:
                        raise SystemExit(f"desk-{name}.png would have {len(told):,} bytes")
                    (ROOT / "docs" / "img" / f"desk-{name}.png").write_bytes(told)
        finally:
            house.close()


if __name__ == "__main__":
    main()
