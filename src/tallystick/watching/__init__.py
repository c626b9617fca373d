"""WHAT ARRIVES? Reports taken into a case as they come, from folders and feeds.

The queue is the disk: a file waits where it lies until its batch, so nothing is dropped however much arrives,
memory holds one line for each file, and what waits is told with each batch.

What is taken in is in the ledger, and to do it again changes nothing there. So a watch that is killed at any
moment begins again with all files, and is soon done with those that it had. That costs time alone, and less
of it with a file of the user's cache that notes how each file looked when it was taken in (``folders.Seen``).
"""

from __future__ import annotations

from tallystick.watching.watch import Batch, Pace, Stopped, Watch, refuse_sources

__all__ = ["Batch", "Pace", "Stopped", "Watch", "refuse_sources"]
