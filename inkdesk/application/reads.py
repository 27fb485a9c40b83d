"""Counting what was read at Stripe, which grants a number of reads a month to all desks together."""

from typing import Protocol

from inkdesk.application.poll_state import reads_key
from inkdesk.application.ports import Clock, WriteUnit
from inkdesk.application.units import in_unit


class Reader(Protocol):
    """Whoever reads at Stripe: a gateway, or several."""

    def take_reads(self) -> int:
        """How many reads were spent since this was last asked."""
        ...


class ReadCounter:
    """Adds up in the database what this program read. Nothing is forgotten if the database is away for a while."""

    def __init__(self, write: WriteUnit, clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._held = 0

    def keep(self, reader: Reader, at_least: int = 1) -> int:
        """Count what ``reader`` spent, in the database once it is ``at_least`` so much; how much it spent.

        Raises DatabaseUnreachable; then it is counted the next time.
        """
        taken = reader.take_reads()
        self._held += taken
        count, key = self._held, reads_key(self._clock.now().date())
        if count >= at_least:
            in_unit(self._write, lambda uow: uow.payments.add_to_poll_state(key, count))
            self._held -= count
        return taken
