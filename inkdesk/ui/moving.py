"""Moves of bookings that were carried in the calendar: what they need to be judged by, and how they are made."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inkdesk.application.calendar import BookingCard
from inkdesk.application.changes import Changes
from inkdesk.application.proposed import Change, Proposes
from inkdesk.application.text import render
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.desk import Desk

if TYPE_CHECKING:
    from inkdesk.ui.main_window import MainWindow

NOTICE = "moving"


class Moving(QObject):
    """Stands between the calendar's hand and the book; belongs to the window."""

    def __init__(self, window: "MainWindow", desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._background = desk.runner.of(window)
        window.calendar.proposal_wanted.connect(self._read_proposal)
        window.calendar.change_requested.connect(self._move)

    @Slot(int, object, object)
    def _read_proposal(self, booking_id: int, first: date, last: date) -> None:
        self._window.banner.set_notice(NOTICE, "")
        self._background.read(
            lambda: self._desk.services.proposals.of(booking_id, first, last), self._know, self._cannot_move
        )

    def _know(self, proposal: Proposes) -> None:
        self._window.calendar.view.hand.take_proposal(proposal)

    def _cannot_move(self, error: InkDeskError) -> None:
        self._window.calendar.view.hand.take_back()
        self._say(error)

    @Slot(object, object)
    def _move(self, card: BookingCard, change: Change) -> None:
        from inkdesk.application.booking_commands import MoveCommand  # noqa: PLC0415 - not needed for the first week

        command = MoveCommand(
            booking_id=card.booking_id,
            version=card.version,
            starts_at=change.starts_at,
            artist_id=change.artist_id,
            sitting_s=change.sitting_s,
        )

        def moved(changes: Changes) -> None:
            self._desk.feed.announce(changes)
            self._window.follow(card.booking_id)

        self._background.call(lambda: self._desk.services.moves.move(command), moved, self._say)

    def _say(self, error: InkDeskError) -> None:
        """A refused move changed nothing, and the calendar may show an older book than the one that refused it."""
        self._window.banner.set_notice(NOTICE, render(error.message), "error")
        self._window.calendar.reload()
