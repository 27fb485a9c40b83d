"""What a dialog writes, and telling the program of it even if the dialog is gone when the answer comes."""

from collections.abc import Callable
from typing import TypeVar

from inkdesk.application.background import Background
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.domain.errors import ErrorCode, InkDeskError

T = TypeVar("T")


class Announcements:
    """Tells ``Changes`` to whoever is connected. Unlike a Qt signal it outlives its dialog while a write needs it."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Changes], None]] = []

    def connect(self, listener: Callable[[Changes], None]) -> None:
        """Call ``listener`` with every ``Changes`` from now on."""
        self._listeners.append(listener)

    def emit(self, changes: Changes) -> None:
        """Tell everybody."""
        for listener in self._listeners:
            listener(changes)


class Writes:
    """Runs what is done with one booking: announced in any case, answered only while the dialog ``is_there``.

    A write that was refused by changed facts may have written all the same (a link that was paid meanwhile confirms
    its booking and sends a rival's money back), so everything is looked at again. Any of it may have to wait for
    Stripe, so nothing else waits for it.
    """

    def __init__(
        self,
        background: Background,
        booking_id: int,
        is_there: Callable[[], bool],
        announce: Callable[[Changes], None],
    ) -> None:
        self._background = background
        self._booking_id = booking_id
        self._is_there = is_there
        self._announce = announce

    def run(
        self,
        work: Callable[[], T],
        changes: Callable[[T], Changes],
        done: Callable[[T], None],
        failed: Callable[[InkDeskError], None],
    ) -> None:
        """Run ``work``; ``changes`` says of its result what it wrote."""

        def answered(result: T) -> None:
            if self._is_there():
                done(result)
            self._announce(changes(result))

        def refused(error: InkDeskError) -> None:
            if self._is_there():
                failed(error)
            own = Changes(bookings=frozenset({self._booking_id}))
            self._announce(own if error.code is ErrorCode.VALIDATION else own | EVERYTHING)

        self._background.call(work, answered, refused)
