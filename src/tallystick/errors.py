"""Everything that can go wrong.

    TallystickError
    ├── AskedWrongly            the command or its arguments do not fit: exit status 2
    │   ├── NoSuchCase          there is no case in that folder
    │   ├── NoReports           nothing to take in was found there
    │   └── BadDate             a date that is no ISO date
    ├── ReportRefused           one report cannot be taken in; the others go on
    │   ├── Unreadable          the file itself cannot be opened or is not a plain file
    │   ├── EmptyReport         no text in it
    │   ├── NotText             bytes that are no text of the kind that the name promises
    │   ├── NotWhole            something in an archive is cut off, damaged, or not what its digest says
    │   ├── TooLarge            past the stated limit
    │   ├── BadRecord           a record whose keys are missing or of the wrong type
    │   ├── WasExpunged         it was taken out of this case, for safety or law
    │   ├── UnknownFormat       a media type that no reader is there for
    │   └── NotFetched          an address that may not be asked, or whose answer did not come whole
    ├── CaseDamaged             the case folder does not hold what its ledger says
    │   ├── CaseReadOnly        it cannot be written to
    │   └── OnlyGrows           somebody tried to change or remove a stored row
    ├── NoServer                the server of a team's ledger cannot be reached, or lets nobody in
    ├── NoCluster               the cluster cannot be reached, or would not do what this machine does
    ├── ReaderDamaged           the reader model is missing, or is not what was shipped
    ├── NoStamp                 a time-stamp server gave no stamp that can be used
    ├── WordsDoNotMatch         a span whose quote is not the text at its offsets
    ├── NoSource                a sentence of the dossier without a claim behind it
    └── WouldLeak               something that is about to leave holds what was to be taken out of it

Each message says what was found, where, and what to do next. "Could not tell" is never
an error: it is a value (see ``tallystick.values``).
"""

from __future__ import annotations


class TallystickError(Exception):
    """Root of the tree: what ``except`` at the one boundary (``tallystick.case``) may catch."""


class AskedWrongly(TallystickError):
    """The command or its arguments do not fit."""


class NoSuchCase(AskedWrongly):
    """There is no case in that folder."""


class NoReports(AskedWrongly):
    """Nothing to take in was found."""


class BadDate(AskedWrongly):
    """A date that is no ISO date."""


class ReportRefused(TallystickError):
    """One report cannot be taken in; it is recorded, and the others go on."""


class Unreadable(ReportRefused):
    """The file cannot be opened, or is no plain file."""


class EmptyReport(ReportRefused):
    """There is no text in it."""


class NotText(ReportRefused):
    """The bytes are no text of the kind that the file's name promises."""


class NotWhole(ReportRefused):
    """Something in an archive is cut off, damaged, or not the bytes whose digest stands beside them."""


class TooLarge(ReportRefused):
    """The report is past the stated limit."""


class BadRecord(ReportRefused):
    """A record whose keys are missing or of the wrong type."""


class WasExpunged(ReportRefused):
    """These bytes were taken out of the case, and are not taken in again unasked."""

    def __init__(self, said: str, capture: str) -> None:
        super().__init__(said)
        self.capture = capture  # their SHA-256


class UnknownFormat(ReportRefused):
    """No reader is there for this media type."""


class NotFetched(ReportRefused):
    """An address on the network may not be asked, or its answer did not come, or not whole."""


class CaseDamaged(TallystickError):
    """The case folder does not hold what its ledger says."""


class CaseReadOnly(CaseDamaged):
    """The case folder cannot be written to."""


class OnlyGrows(CaseDamaged):
    """Somebody tried to change or remove a stored row."""


class NoServer(TallystickError):
    """The server that holds the ledger cannot be reached, or lets nobody in."""


class NoCluster(TallystickError):
    """The cluster cannot be reached, or its workers would not do what this machine does."""


class ReaderDamaged(TallystickError):
    """The reader model is missing or is not what was shipped."""


class NoStamp(TallystickError):
    """A time-stamp server gave no stamp that can be used."""


class WordsDoNotMatch(TallystickError):
    """A span whose quote is not the text at its offsets."""


class NoSource(TallystickError):
    """A sentence of the dossier without a claim behind it."""


class WouldLeak(TallystickError):
    """Something that is about to leave holds what was to be taken out of it; nothing was written."""
