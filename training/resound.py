"""Work out anew how the names of the packed list of places sound, after a change of values/scripts.py.

    PYTHONPATH=src python training/resound.py

Needs none of the packages that the list is made from; only the column ``sounds`` of values/places/world.xz changes.
"""

from __future__ import annotations

import lzma
from pathlib import Path

from tallystick.values.places.gazetteer import voiced

PACKED = Path(__file__).parents[1] / "src" / "tallystick" / "values" / "places" / "world.xz"


def main() -> None:
    head, *columns = lzma.decompress(PACKED.read_bytes()).decode().split("\0")
    names, sounds = head.split(" ").index("names"), head.split(" ").index("sounds")
    told = ["|".join(voiced(line.split("|"))).rstrip("|") for line in columns[names].split("\n")]
    changed = sum(one != other for one, other in zip(told, columns[sounds].split("\n"), strict=True))
    columns[sounds] = "\n".join(told)
    text = "\0".join((head, *columns))
    PACKED.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{changed} of {len(told)} places sound otherwise")


if __name__ == "__main__":
    main()
