"""The desk's hand in the calendar: it takes a booking up, carries it and puts it down, by keys or by the pointer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkdesk.application.proposed import Proposes
from inkdesk.ui.calendar import accessible
from inkdesk.ui.calendar.carrying import Carrying
from inkdesk.ui.calendar.geometry import Box
from inkdesk.ui.calendar.ghost import ghost_rects

if TYPE_CHECKING:
    from inkdesk.ui.calendar.view import CalendarView


class Hand(QObject):
    """Holds at most one booking of its view."""

    proposal_wanted = Signal(int)
    """A booking was taken up: its id; ``take_proposal`` wants what decides where it may go."""
    change_requested = Signal(object, object)
    """A booking was put down: its BookingCard and the ``Change``."""
    refused = Signal(str)
    """It cannot stand where it was put down: why not. It stays in the hand."""

    def __init__(self, view: "CalendarView") -> None:
        super().__init__(view)
        self._view = view
        self.carrying = Carrying(view.presenter)

    def carry(self, step: Callable[[Carrying], object]) -> None:
        """Carry the booking in the hand a step on; the selected one is taken up first."""
        if self.carrying.ghost is not None or self.take_up():
            step(self.carrying)
            self.show()

    def take_up(self) -> bool:
        """Take the selected booking up; False if none is selected that stands by itself."""
        card = self._view.presenter.selected_booking()
        if card is None or not self.carrying.begin(card):
            return False
        self.proposal_wanted.emit(card.booking_id)
        return True

    def take_proposal(self, proposal: Proposes) -> None:
        """Judge the booking in the hand by this."""
        self.carrying.know(proposal)
        self.show()

    def show(self, *, reveal: bool = True) -> None:
        """Paint the booking in the hand and say where it would be; ``reveal`` scrolls to it."""
        self._view.viewport().update()
        rects = ghost_rects(self.carrying, self._view.geometry_px)
        if rects and reveal:
            rect = rects[0]
            self._view.reveal(Box(rect.x(), rect.y(), rect.width(), min(rect.height(), self._view.height() // 4)))
            accessible.say(self._view, self.carrying.words())

    def put_down(self) -> bool:
        """Ask for the change, or say why it cannot be; whether anything was in the hand."""
        ghost, change, verdict = self.carrying.ghost, self.carrying.change(), self.carrying.proposed()
        if ghost is None or change is None:
            return False
        if verdict is not None and not verdict.is_free and self.carrying.is_changed():
            self.refused.emit(self.carrying.words())
            return True
        is_changed = self.carrying.is_changed()
        self.take_back()
        if is_changed:
            self.change_requested.emit(ghost.card, change)
        return True

    def take_back(self) -> bool:
        """Leave the booking in the hand where it was; whether anything was in the hand."""
        had_one = self.carrying.ghost is not None
        self.carrying.leave()
        self._view.viewport().update()
        return had_one
