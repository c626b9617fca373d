"""Which files there are, in one order, none lost in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from tallystick.errors import NoReports, Unreadable
from tallystick.evidence.media import STANDARD_INPUT, readable, shown

SIDECAR = ".meta.json"

Found = Path | Unreadable


def discover(paths: Sequence[Path], *, leave_out: Sequence[Path] = ()) -> Iterator[Found]:
    """The report files at and under ``paths``, sorted, each once.

    Every plain file of a folder is given, also one that no reader is there for: it is then
    kept and refused by record, so that nothing is lost in silence. Left out are hidden files
    and folders, sidecars that stand beside their report, and the folders ``leave_out`` (the
    case itself, when it lies among the reports). The path "-" is standard input. What cannot be taken
    (a link that leads out of its folder, a folder that cannot be opened) is given as an ``Unreadable``,
    not raised, so that the rest goes on.

    Raises ``NoReports``, before anything is given, for a path that does not exist and where
    there is nothing to give at all.
    """
    if not paths:
        raise NoReports("no file or folder was named; name at least one, such as: tallystick add reports/")
    for path in paths:
        if path != STANDARD_INPUT and not os.path.lexists(path):
            raise NoReports(f"{shown(path)} does not exist; check the spelling, or name its folder")
    found = _once(chain.from_iterable(_given(path) for path in sorted(set(paths))), leave_out)
    first = next(found, None)
    if first is None:
        names = ", ".join(shown(path) for path in paths)
        raise NoReports(
            f"no report in {names}; put files there that end in {readable()} (hidden files are left out)"
        )
    return chain([first], found)


def sidecar_path(path: Path) -> Path:
    """Where metadata about the report ``path`` would lie: ``report.html.meta.json``."""
    return path.with_name(path.name + SIDECAR)


def _given(path: Path) -> Iterator[Found]:
    """What a path named by a person leads to; a link is followed, for the person named it."""
    if path == STANDARD_INPUT:
        yield path
    elif path.is_dir():
        yield from _under(path, path.resolve())
    elif not path.exists():
        yield Unreadable(f"{shown(path)} is a link that leads nowhere; name the file itself")
    elif not _is_sidecar(path):
        yield path


def _under(folder: Path, root: Path) -> Iterator[Found]:
    """Everything under ``folder``, by name; ``root`` is the folder named, with its links resolved."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(
            f"the folder {shown(folder)} cannot be opened ({error.strerror}); "
            "make it readable and add it again"
        )
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(".") or _is_sidecar(path):
            continue
        if entry.is_symlink():
            yield from _link(path, root)
        elif entry.is_dir(follow_symlinks=False):
            yield from _under(path, root)
        else:
            yield path


def _link(path: Path, root: Path) -> Iterator[Found]:
    """A link inside a folder: a file in the same folder is given, a folder in it is walked anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        yield Unreadable(f"{shown(path)} is a link that leads nowhere; remove it, or add the file itself")
        return
    if not target.is_relative_to(root):
        yield Unreadable(
            f"{shown(path)} is a link out of its folder, to {shown(target)}; "
            "to take that in, copy it into the folder or name it on the command line"
        )
    elif target.is_file():
        yield path


def _is_sidecar(path: Path) -> bool:
    """Whether ``path`` tells of a report beside it. Without that report it is a file like others."""
    return path.name.endswith(SIDECAR) and path.with_name(path.name.removesuffix(SIDECAR)).is_file()


def _once(found: Iterator[Found], leave_out: Sequence[Path]) -> Iterator[Found]:
    """``found`` without what was given before under another path, or lies in ``leave_out``."""
    outside = [folder.resolve() for folder in leave_out]
    seen: set[Path] = set()
    for item in found:
        if isinstance(item, Path):
            real = item.resolve()
            if real in seen or any(real.is_relative_to(folder) for folder in outside):
                continue
            seen.add(real)
        yield item
