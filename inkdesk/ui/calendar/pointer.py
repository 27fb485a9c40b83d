"""What a pointer does in the calendar: a click selects or books, a double click opens, Ctrl and the wheel zoom.

A booking that is pulled is carried, by its lower edge it is made longer or shorter; the hand does the rest.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from inkdesk.application.calendar import BookingCard
from inkdesk.ui.calendar.board import STEP_MIN, Cursor
from inkdesk.ui.calendar.geometry import Geometry
from inkdesk.ui.calendar.hand import Hand
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown

WHEEL_STEP = 120
"""Qt's wheel units for one notch."""
EDGE_PX = 6
"""How near the lower edge of a booking a press takes hold of the edge."""
ZONE_PX, FASTEST_PX_S, SCROLL_MS = 50, 300, 16
"""Within how many px of an edge a carried booking scrolls the view, how fast at most, and how often."""


class Pointed(Protocol):
    """What the pointer acts on."""

    presenter: CalendarPresenter
    geometry_px: Geometry
    hand: Hand

    def viewport(self) -> QWidget:
        """What is painted on."""
        ...

    def horizontalScrollBar(self) -> QScrollBar:
        """The bar below."""
        ...

    def verticalScrollBar(self) -> QScrollBar:
        """The bar at the side."""
        ...

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


class Grab(NamedTuple):
    """What a press took hold of: a booking, how far below its start, and whether by its lower edge."""

    card: BookingCard
    at: QPoint
    below_min: float
    is_edge: bool


class Pointer:
    """Follows one pointer over a view."""

    def __init__(self, view: Pointed) -> None:
        self._view = view
        self._pressed: Cursor | None = None
        self._grab: Grab | None = None
        self._wheel = 0
        self._last = QPoint()
        self._scroller = QTimer(interval=SCROLL_MS)
        self._scroller.timeout.connect(self._scroll)

    def press(self, event: QMouseEvent) -> None:
        """Select the block, or put the cursor on the free slot; a release there asks for a booking."""
        self._view.hand.take_back()
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}:
            point = event.position().toPoint()
            is_left = event.button() is Qt.MouseButton.LeftButton
            free = self._take(point)
            self._pressed = free if is_left else None
            self._grab = self._grabbed(point) if is_left else None

    def move(self, event: QMouseEvent) -> None:
        """Carry what was pressed, once the pointer is far enough from where it was."""
        point = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._view.viewport().setCursor(self._shape_at(point))
            return
        if self._grab is None:
            return
        hand = self._view.hand
        if hand.carrying.ghost is None:
            is_far = (point - self._grab.at).manhattanLength() >= QApplication.startDragDistance()
            if not is_far or not hand.take_up():
                return
            self._scroller.start()
        self._last = point
        self._carry_to(point)

    def release(self, event: QMouseEvent) -> None:
        """Put down what is carried, or ask for a booking on the free slot that was pressed."""
        pressed, self._pressed, self._grab = self._pressed, None, None
        self._scroller.stop()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._view.hand.carrying.ghost is not None:
            if not self._view.hand.put_down() or self._view.hand.carrying.ghost is not None:
                self._view.hand.take_back()  # a pointer lets go of what cannot stand there
        elif pressed:
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

    def _grabbed(self, point: QPoint) -> Grab | None:
        view = self._view
        card = view.card_at(point)
        if not isinstance(card, BookingCard):
            return None
        start = view.presenter.cursor.slot.minute if view.presenter.cursor else 0
        below = view.geometry_px.minute_at(point.y() + view.offset().y()) - start
        return Grab(card, point, below, self._is_edge(point))

    def _carry_to(self, point: QPoint) -> None:
        """Bring the ghost under the pointer, or its lower edge to it."""
        view, grab = self._view, self._grab
        if grab is None:
            return
        if grab.is_edge:
            ghost = view.hand.carrying.ghost
            lower = view.slot_at(QPoint(self._middle(), point.y()))
            if ghost is not None and lower is not None:
                end = lower.slot.starts_at + timedelta(minutes=STEP_MIN)
                view.hand.carrying.last(round((end - ghost.cursor.slot.starts_at).total_seconds()))
        else:
            above = round(grab.below_min * view.geometry_px.scale)
            if (to := view.slot_at(QPoint(point.x(), point.y() - above))) is not None:
                view.hand.carrying.to(to)
        view.hand.show(reveal=False)

    def _middle(self) -> int:
        """The middle of the ghost's lane (viewport px): an edge moves up and down only."""
        ghost = self._view.hand.carrying.ghost
        edges = self._view.geometry_px.edges
        lane = ghost.cursor.lane if ghost else 0
        return (edges[lane] + edges[lane + 1]) // 2 - self._view.offset().x()

    def _is_edge(self, point: QPoint) -> bool:
        """Whether a point is at the lower edge of a booking."""
        card, below = self._view.card_at(point), self._view.card_at(point + QPoint(0, EDGE_PX))
        return isinstance(card, BookingCard) and below is not card

    def _shape_at(self, point: QPoint) -> Qt.CursorShape:
        return Qt.CursorShape.SizeVerCursor if self._is_edge(point) else Qt.CursorShape.ArrowCursor

    def _scroll(self) -> None:
        """Scroll while something is carried near an edge: the nearer, the faster, by the square."""
        view = self._view
        if view.hand.carrying.ghost is None:
            self._scroller.stop()
            return
        for bar, at, room in (
            (view.horizontalScrollBar(), self._last.x(), view.viewport().width()),
            (view.verticalScrollBar(), self._last.y(), view.viewport().height()),
        ):
            bar.setValue(bar.value() + scroll_step(at, room))
        self._carry_to(self._last)


def scroll_step(at: int, room: int) -> int:
    """How far one beat scrolls a view of ``room`` px with the pointer at ``at`` (px): nothing but near its edges."""
    near = max(ZONE_PX - at, 0) - max(ZONE_PX - (room - 1 - at), 0)
    share = min(abs(near), ZONE_PX) / ZONE_PX
    step = round(FASTEST_PX_S * SCROLL_MS / 1000 * share * share)
    return -step if near > 0 else step
