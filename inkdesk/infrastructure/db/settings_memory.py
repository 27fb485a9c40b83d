"""Settings kept between questions, for as long as the database says that none was changed."""

from collections.abc import Hashable
from typing import Any

Found = dict[Hashable, Any]
"""What was read, by what was asked."""
MOST = 256
"""So many answers are kept: a studio has far fewer questions, but no end of dates to ask about."""


class SettingsMemory:
    """What one ``Database`` has read of the settings under one stamp. May be used from any thread.

    The stamp stands in the database (``settings_stamp``) and triggers change it with every setting, whichever program
    writes and however. A reader sees stamp and settings in one picture, so what it finds under the same stamp is what
    it would read: after a rollback, a restored backup or another desk's change, too.
    """

    def __init__(self) -> None:
        self._now: tuple[str, Found] = ("", {})

    @property
    def latest(self) -> tuple[str, Found]:
        """The last stamp that was seen, and what is known under it; an empty stamp before the first."""
        return self._now

    def under(self, stamp: str) -> Found:
        """What is known under ``stamp``; empty if it is another than the last one."""
        known, found = self._now
        if known != stamp:
            found = {}
            self._now = (stamp, found)
        return found


def keep(found: Found, asked: Hashable, answer: object) -> None:
    """Remember one answer more; if there are too many, the others are forgotten."""
    if len(found) >= MOST:
        found.clear()
    found[asked] = answer
