"""What a pointer does in the calendar: a click selects or books, a double click opens, Ctrl and the wheel zoom."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from inkdesk.ui.calendar.board import Cursor
from inkdesk.ui.calendar.geometry import Geometry
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown

WHEEL_STEP = 120
"""Qt's wheel units for one notch."""


class Pointed(Protocol):
    """What the pointer acts on."""

    presenter: CalendarPresenter
    geometry_px: Geometry

    def act(self, step: Callable[[], object], *, reveal: bool = True) -> None:
        """Take a step and show it."""
        ...

    def card_at(self, point: QPoint) -> Shown | None:
        """The block under a viewport point."""
        ...

    def slot_at(self, point: QPoint) -> Cursor | None:
        """The slot under a viewport point."""
        ...

    def offset(self) -> QPoint:
        """The content pixel at the viewport's top left."""
        ...

    def open_block(self, card: Shown) -> None:
        """Open a block."""
        ...

    def create_here(self) -> None:
        """Ask for a new booking at the cursor."""
        ...

    def zoom(self, steps: int) -> None:
        """Zoom in or out."""
        ...


class Pointer:
    """Follows one pointer over a view."""

    def __init__(self, view: Pointed) -> None:
        self._view = view
        self._pressed: Cursor | None = None
        self._wheel = 0

    def press(self, event: QMouseEvent) -> None:
        """Select the block, or put the cursor on the free slot; a release there asks for a booking."""
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}:
            free = self._take(event.position().toPoint())
            self._pressed = free if event.button() is Qt.MouseButton.LeftButton else None

    def release(self, event: QMouseEvent) -> None:
        """Ask for a booking on the free slot that was pressed."""
        pressed, self._pressed = self._pressed, None
        if pressed and event.button() is Qt.MouseButton.LeftButton:
            point = event.position().toPoint()
            if self._view.card_at(point) is None and self._view.slot_at(point) == pressed:
                self._view.create_here()

    def double_click(self, event: QMouseEvent) -> None:
        """Open a block; on a free place the first click has asked already."""
        card = self._view.card_at(event.position().toPoint())
        if card and event.button() is Qt.MouseButton.LeftButton:
            self._view.open_block(card)

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom if Ctrl is held; whether it was."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self._wheel += event.angleDelta().y()
        steps, self._wheel = int(self._wheel / WHEEL_STEP), self._wheel - int(self._wheel / WHEEL_STEP) * WHEEL_STEP
        if steps:
            self._view.zoom(steps)
        event.accept()
        return True

    def _take(self, point: QPoint) -> Cursor | None:
        """Select the block under a point, or put the cursor on the free slot there and return it."""
        view = self._view
        card, slot = view.card_at(point), view.slot_at(point)
        if card:
            lane = view.geometry_px.lane_at(point.x() + view.offset().x())
            view.act(lambda: view.presenter.select(card, lane), reveal=False)
        elif slot:
            view.act(lambda: view.presenter.put_free(slot), reveal=False)
        return None if card else slot
