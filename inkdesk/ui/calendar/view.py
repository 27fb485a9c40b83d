"""The painted calendar: it turns keys and clicks into the presenter's steps and paints what comes out."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QToolTip, QWidget
from typing_extensions import override

from inkdesk.application.calendar import CalendarRange, GroupCard
from inkdesk.application.text import tr
from inkdesk.ui.calendar import accessible
from inkdesk.ui.calendar.all_day_bar import AllDayBar
from inkdesk.ui.calendar.board import Cursor
from inkdesk.ui.calendar.context_menu import make_context_menu, menu_point
from inkdesk.ui.calendar.geometry import Box, Geometry
from inkdesk.ui.calendar.ghost import draw_ghost
from inkdesk.ui.calendar.hand import Hand
from inkdesk.ui.calendar.hint import draw_hint
from inkdesk.ui.calendar.ink import Ink, TextCache
from inkdesk.ui.calendar.keys import DEEDS, deed_for
from inkdesk.ui.calendar.margins import HEADER_HEIGHT, Gutter, Header, gutter_width
from inkdesk.ui.calendar.picture import Picture, cursor_box
from inkdesk.ui.calendar.pointer import Pointer
from inkdesk.ui.calendar.presenter import WITH_CLOCK, CalendarPresenter
from inkdesk.ui.calendar.shown import Shown, ShownId, id_of
from inkdesk.ui.calendar.sight import MINIMUM_LANE, geometry_for, reveal_box, reveal_now, reveal_today, slots_of_a_page
from inkdesk.ui.calendar.steps import take_step
from inkdesk.ui.calendar.tiles import Tiles
from inkdesk.ui.common.keymap import KeyMap
from inkdesk.ui.common.painting import paint_safely
from inkdesk.ui.common.theme import current_theme

SCALES = (0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0)
"""Zoom steps, px per minute."""
ORDINARY_SCALE = 3


class CalendarView(QAbstractScrollArea):
    """Days and artists side by side, bookings on them.

    It never fetches: ``range_requested(first, last)`` asks for dates, ``show_range`` takes the answer.
    """

    slot_requested = Signal(int, object)
    """A free place was chosen: artist's id, aware start (datetime)."""
    booking_requested = Signal(int)
    """A booking shall be opened: its id."""
    group_requested = Signal(int)
    """A group sitting shall be opened: its id."""
    move_requested = Signal(int)
    """A booking shall be moved: its id."""
    repeat_requested = Signal(int)
    """A booking shall become the pattern of a series: its id."""
    new_group_requested = Signal(int, object)
    """A group sitting shall be planned: artist's id, aware start (datetime)."""
    range_requested = Signal(object, object)
    """Other dates are shown: first and last (date), both included."""
    selection_changed = Signal(object)
    """The selected BookingCard or GroupCard, or None."""

    def __init__(self, presenter: CalendarPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.keymap = KeyMap()
        self._scale = ORDINARY_SCALE
        self.hand = Hand(self)
        self._pointer = Pointer(self)
        self._was_shown = False
        self.geometry_px = Geometry((0,), SCALES[self._scale])
        self._header = Header(presenter, self)
        self._gutter = Gutter(presenter, self)
        self._all_day = AllDayBar(presenter, self)
        self._all_day.pressed.connect(self._press_bar)
        self._make_room()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Calendar"))
        self._picture = self._make_picture()
        accessible.install()

    # Data

    def show_range(self, data: CalendarRange) -> bool:
        """Show new data where the view stands; False if it is not the range shown now (a late answer)."""
        before = self.presenter.selected()
        if not self.presenter.show(data):
            return False
        self.relay()
        if not self._was_shown and data.artists:
            self._was_shown = True
            self.verticalScrollBar().setValue(self.geometry_px.y_of(self.presenter.first_minute()))
        if self.presenter.selected() != before:
            self.selection_changed.emit(self.presenter.selected())
        return True

    def set_now(self, now: datetime) -> None:
        """Move the now line and count holds down."""
        self.presenter.now = now
        self.viewport().update()
        self._gutter.update()
        self._header.update()

    def act(self, step: Callable[[], object], *, reveal: bool = True) -> None:
        """Let the presenter take a step, then show and announce what it changed; ``reveal`` scrolls to the cursor."""
        board, cursor = self.presenter.board, self.presenter.cursor

        def shown() -> None:
            if board is not self.presenter.board:
                self.relay()
            if reveal and cursor != self.presenter.cursor:
                self.reveal_cursor()
            self.viewport().update()

        take_step(self, step, shown)
        accessible.tell(self)

    def relay(self) -> None:
        """Compute lanes and sizes anew and repaint; a view without a clock has none."""
        if self.presenter.mode not in WITH_CLOCK:
            return
        self._make_room()
        width = self.viewport().width()
        self.geometry_px = geometry_for(self.presenter, width, SCALES[self._scale])
        self.horizontalScrollBar().setRange(0, max(0, self.geometry_px.width - width))
        self.horizontalScrollBar().setPageStep(width)
        self.horizontalScrollBar().setSingleStep(MINIMUM_LANE[self.presenter.mode])
        height = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, self.geometry_px.height - height))
        self.verticalScrollBar().setPageStep(height)
        self.verticalScrollBar().setSingleStep(self.geometry_px.y_of(30))
        self._follow()
        self.viewport().update()

    def offset(self) -> QPoint:
        """The content pixel at the viewport's top left."""
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def visible_box(self) -> Box:
        """The part of the content that shows."""
        at = self.offset()
        return Box(at.x(), at.y(), self.viewport().width(), self.viewport().height())

    # Painting

    def paint(self, painter: QPainter, exposed: QRect) -> None:
        """Draw the exposed part of the viewport."""
        at = self.offset()
        painter.translate(-at)
        area = exposed.translated(at)
        box = Box(area.x(), area.y(), area.width(), area.height())
        self._picture.draw(painter, self.geometry_px, box, has_focus=self.hasFocus())
        draw_ghost(painter, self.hand.carrying, self.geometry_px, self._picture.ink)
        painter.resetTransform()
        if words := self.presenter.empty_words():
            draw_hint(painter, self.viewport().rect(), self.font(), words)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_safely(self.viewport(), self, event.rect())

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        if self.presenter.empty_words():
            self.viewport().update()
        self._follow()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.relay()

    def _make_room(self) -> None:
        """Margins for the hours in the reader's locale, the header and the bar of whole dates."""
        bar = self._all_day.relay()
        self.setViewportMargins(gutter_width(self.fontMetrics()), HEADER_HEIGHT + bar, 0, 0)
        frame = self.viewport().geometry()
        self._header.setGeometry(frame.left(), frame.top() - bar - HEADER_HEIGHT, frame.width(), HEADER_HEIGHT)
        self._all_day.setGeometry(frame.left(), frame.top() - bar, frame.width(), bar)
        self._gutter.setGeometry(0, frame.top(), frame.left(), frame.height())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._picture = self._make_picture()
            self._make_room()
            self.viewport().update()
        elif event.type() is QEvent.Type.LanguageChange:
            self.setAccessibleName(tr("Calendar"))

    def _make_picture(self) -> Picture:
        theme = current_theme()
        ink = Ink(theme, self.font())
        return Picture(self.presenter, ink, Tiles(self.presenter, TextCache(ink), theme.muted))

    def _follow(self) -> None:
        self._header.follow(self.geometry_px, self.horizontalScrollBar().value())
        self._all_day.follow(self.geometry_px, self.horizontalScrollBar().value())
        self._gutter.follow(self.geometry_px, self.verticalScrollBar().value())

    # Keys

    def do(self, name: str) -> None:
        """Do an action by its name; nothing if it has no meaning here."""
        if name in DEEDS:
            DEEDS[name](self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if deed := deed_for(event, self.keymap, DEEDS):
            deed(self)
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks the bookings and leaves the calendar after the last one."""
        moved = False

        def walk() -> None:
            nonlocal moved
            moved = self.presenter.step_bookings(1 if next else -1)

        self.act(walk)
        return moved or super().focusNextPrevChild(next)

    def turn(self, ranges: int) -> None:
        """Turn the page by days or weeks."""
        self.act(lambda: self.presenter.turn(ranges))

    def go_today(self) -> None:
        """Show today, with its lanes and now in sight."""
        self.act(lambda: self.presenter.go_to(self.presenter.today))
        reveal_today(self)
        reveal_now(self)

    def open_or_create(self) -> None:
        """Open the selected block, or ask for a new booking at the cursor."""
        if card := self.presenter.selected():
            self.open_block(card)
        else:
            self.create_here()

    def move_booking(self) -> None:
        """Ask for another time of the selected booking; a group sitting moves in its own form."""
        if card := self.presenter.selected_booking():
            self.move_requested.emit(card.booking_id)

    def repeat_booking(self) -> None:
        """Ask for a series like the selected booking."""
        if card := self.presenter.selected_booking():
            self.repeat_requested.emit(card.booking_id)

    def plan_group_here(self) -> None:
        """Ask for a new group sitting at the cursor."""
        cursor, lane = self.presenter.cursor, self.presenter.lane
        if cursor and lane:
            self.new_group_requested.emit(lane.artist_id, cursor.slot.starts_at)

    def open_block(self, card: Shown) -> None:
        """Ask for a booking or a group sitting to be opened."""
        if isinstance(card, GroupCard):
            self.group_requested.emit(card.group_id)
        else:
            self.booking_requested.emit(card.booking_id)

    def create_here(self) -> None:
        """Ask for a new booking at the cursor."""
        cursor, lane = self.presenter.cursor, self.presenter.lane
        if cursor and lane:
            self.slot_requested.emit(lane.artist_id, cursor.slot.starts_at)

    def zoom(self, steps: int) -> None:
        """Zoom in or out by ``steps``, 0 for the ordinary size; the middle of the view stays where it is."""
        bar, half = self.verticalScrollBar(), self.viewport().height() / 2
        middle = self.geometry_px.minute_at(bar.value() + half)
        self._scale = min(max(self._scale + steps, 0), len(SCALES) - 1) if steps else ORDINARY_SCALE
        self.relay()
        bar.setValue(round(self.geometry_px.y_of(middle) - half))
        self.viewport().update()

    def page_slots(self) -> int:
        """How many slots a page key goes."""
        return slots_of_a_page(self.viewport().height(), self.geometry_px.scale)

    def reveal_cursor(self) -> None:
        """Scroll, no further than needed, until the cursor is seen."""
        box = cursor_box(self.presenter, self.geometry_px)
        if box is not None:
            self.reveal(box)

    def reveal(self, box: Box) -> None:
        """Scroll, no further than needed, until a place of the content is seen (px)."""
        reveal_box(self, box)

    # Pointer

    def card_at(self, point: QPoint) -> Shown | None:
        """The block under a viewport point."""
        at = point + self.offset()
        lane = self.geometry_px.lane_at(at.x())
        if lane is None:
            return None
        share = self.geometry_px.share_at(lane, at.x())
        minute = self.geometry_px.minute_at(at.y())
        placed = self.presenter.board.index.at(self.presenter.board.lanes[lane], minute, share)
        return placed.what.card if placed else None

    def slot_at(self, point: QPoint) -> Cursor | None:
        """The slot under a viewport point; None beside the lanes and in a missing hour."""
        at = point + self.offset()
        lane = self.geometry_px.lane_at(at.x())
        if lane is None:
            return None
        return self.presenter.slot(lane, self.geometry_px.minute_at(at.y()), self.geometry_px.share_at(lane, at.x()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._pointer.wheel(event):
            super().wheelEvent(event)

    @Slot(object)
    def _press_bar(self, card: Shown) -> None:
        self.act(lambda: self.presenter.select(card))
        self.setFocus()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            from html import escape  # noqa: PLC0415 - a table of two thousand names that the first week does not need

            card = self.card_at(event.pos())
            lines = escape(self.presenter.tip(card)).replace("\n", "<br>") if card else ""
            QToolTip.showText(event.globalPos(), f"<p>{lines}</p>" if card else "", self)
            return True
        return super().viewportEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu().popup(menu_point(self, event))

    def context_menu(self) -> QMenu:
        """The menu for the selection and the cursor; it deletes itself when it closes."""
        return make_context_menu(self)

    # Focus

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()
        accessible.tell(self)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def cursor_words(self) -> str:
        """What the keys act on, for a screen reader."""
        return self.presenter.cursor_words()

    def visible_cards(self) -> list[tuple[Shown, Box]]:
        """The blocks that show, in reading order, each with its first visible place (content px)."""
        boxes: dict[ShownId, Box] = {}
        for tile in self._picture.tiles.inside(self.geometry_px, self.visible_box()):
            boxes.setdefault(id_of(tile.card), tile.box)
        return [(card, boxes[id_of(card)]) for card in self.presenter.board.cards if id_of(card) in boxes]
