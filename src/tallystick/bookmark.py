"""How far somebody has read what changed in a case: the place behind ``changes --since last``.

It is the reader's own and not the case's: two people who follow one case have each their own, a case that may
only be read has readers too, and reading leaves no trace in the record. So it lies in the user's folder of
state (``XDG_STATE_HOME``, which is there to last, as a cache is not), or in the file that the reader names.
It goes by the case's first link in the chain, not by the folder, so that a case that moves keeps its readers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from tallystick.errors import AskedWrongly
from tallystick.ledger import Ledger

_LIMIT = 10_000  # bytes of a bookmark
_CHAIN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark in a file; where there is no file nothing was read yet."""

    file: Path

    @classmethod
    def of(cls, ledger: Ledger, file: Path | None = None) -> Bookmark:
        """The bookmark in ``file``, or the user's own in the case of ``ledger``."""
        return cls(file or home() / f"seen-{(ledger.chain_at(1) or 'empty')[:32]}.json")

    def read(self, ledger: Ledger) -> int:
        """The custody event up to which the case was read; 0 where it never was.

        Raises ``AskedWrongly`` for a file that is no bookmark, or one of another case or of a record that
        went another way since (a backup was put back): what changed since then cannot be told.
        """
        try:
            with self.file.open("rb") as file:
                told = json.loads(file.read(_LIMIT + 1))
            seq, value = told["event"], told["chain"]
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise AskedWrongly(
                f"{self.file} is no bookmark ({error}); name another with --bookmark, or delete it"
            ) from error
        if type(seq) is not int or not isinstance(value, str) or not _CHAIN.fullmatch(value):
            raise AskedWrongly(f"{self.file} is no bookmark; name another with --bookmark, or delete it")
        if ledger.chain_at(seq) != value:
            raise AskedWrongly(
                f"{self.file} marks event {seq:,} of a record that {ledger.name} is not, or is no more "
                "(another case, or a copy from before); delete it, or say --since a day or an event"
            )
        return seq

    def write(self, ledger: Ledger, seq: int) -> None:
        """Mark the custody event ``seq`` as read, whole or not at all. Raises ``AskedWrongly``."""
        value = ledger.chain_at(seq)
        if value is None:  # nothing came yet
            return
        draft = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({"event": seq, "chain": value}) + "\n", encoding="utf-8")
            draft.replace(self.file)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise AskedWrongly(
                f"{self.file} cannot be written ({error.strerror}); name another file with --bookmark"
            ) from error


def home() -> Path:
    """The user's folder of state: what is to last between runs, and is nobody else's."""
    told = os.environ.get("XDG_STATE_HOME", "")
    state = Path(told) if os.path.isabs(told) else Path(os.path.expanduser("~")) / ".local" / "state"
    return state / "tallystick"
