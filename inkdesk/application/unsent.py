"""Attempts that were saved and perhaps never sent, and when it is time to send them again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.ports import Clock
from inkdesk.domain.payments import Payment

FRESH: Final = timedelta(seconds=20)
"""An attempt that was first seen so short ago is being sent by the desk that saved it."""


class Unsent:
    """Remembers since when this desk knows of them: what another desk's clock dated may be minutes off."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known_since: dict[int, datetime] = {}

    def due(self, creating: Collection[Payment], *, sweep: bool) -> list[Payment]:
        """Those to send again; ``creating`` are all there are. A sweep waits for none: its key makes no second link."""
        now = self._clock.now()
        self._known_since = {one.id: min(now, self._known_since.get(one.id, now)) for one in creating}
        return [one for one in creating if sweep or now - self._known_since[one.id] > FRESH]
