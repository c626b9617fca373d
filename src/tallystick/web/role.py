"""What somebody may do."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """What somebody may do; each may do all that the ones before may.

    ``NOBODY`` has not signed in; ``SOMEBODY`` has, and holds no role where they are.
    """

    NOBODY = 0
    SOMEBODY = 1
    READER = 2
    CODER = 3
    SENIOR = 4
    ADMIN = 5

    @property
    def word(self) -> str:
        return self.name.lower()


GIVEN = (Role.READER, Role.CODER, Role.SENIOR, Role.ADMIN)  # those that a person can be given
