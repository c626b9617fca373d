"""Putting a finished folder in its place at once.

A folder is filled beside its place and then exchanged with what stands there, so that a run
that is killed leaves the old folder or the new one, never a half of each.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tallystick.errors import AskedWrongly

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def placed(folder: Path, is_ours: Callable[[Path], bool], what: str) -> Iterator[Path]:
    """An empty folder to fill; it takes the place of ``folder`` when the block ends without an error.

    ``is_ours`` tells whether a folder that stands there is one that may be replaced; ``what``
    names such a folder in the message otherwise.
    """
    place = Path(os.path.abspath(folder)).resolve()
    fresh = place.with_name(f".{place.name}.new")
    try:
        _refuse_others(place, is_ours, what)
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(parents=True)
        try:
            yield fresh
            _exchange(fresh, place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise AskedWrongly(
            f"{folder} cannot be written: {error.strerror or error}; "
            "choose a folder that can be, on a disk with room for it"
        ) from error


def _refuse_others(place: Path, is_ours: Callable[[Path], bool], what: str) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        raise AskedWrongly(f"{place} is a file, and {what} is a folder; choose another name")
    if any(place.iterdir()) and not is_ours(place):
        raise AskedWrongly(
            f"{place} holds files that are no part of {what}, and writing there would remove them; "
            "choose a new or an empty folder"
        )


def _exchange(fresh: Path, place: Path) -> None:
    """Put ``fresh`` where ``place`` is; what stood there is then at ``fresh``, if anything did."""
    if not place.exists():
        fresh.rename(place)
        return
    if _exchange_at_once(fresh, place):
        return
    # No system call that swaps: two renames. Between them neither stands at ``place``, but both are whole.
    former = place.with_name(f".{place.name}.old")
    if former.exists():
        shutil.rmtree(former)
    place.rename(former)
    fresh.rename(place)
    shutil.rmtree(former)


def _exchange_at_once(left: Path, right: Path) -> bool:
    """Swap two folders in one step where the system can (Linux), else ``False``."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if renameat2 is None:
        return False
    left_name, right_name = os.fsencode(left), os.fsencode(right)
    return bool(renameat2(_AT_FDCWD, left_name, _AT_FDCWD, right_name, _RENAME_EXCHANGE) == 0)
