"""One case, opened for long: what follows from its ledger, kept to hand and up to date.

``Desk`` answers in milliseconds what ``Case.record`` works out in seconds or minutes: it follows the
ledger row by row (``follow``) and keeps what came of it in a file of the user's cache (``keep``).
"""

from __future__ import annotations

from tallystick.desk.desk import Desk
from tallystick.desk.entries import Hit, Item, Named, Overview, ReportRow, Row, Wanted

__all__ = ["Desk", "Hit", "Item", "Named", "Overview", "ReportRow", "Row", "Wanted"]
