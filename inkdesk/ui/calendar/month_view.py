"""The month, painted: weeks under each other, a line for each booking, as many as fit and how many more there are."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from inkdesk.application.calendar import GroupCard
from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.artists import Leave
from inkdesk.ui.calendar import accessible
from inkdesk.ui.calendar.all_day import OnDates
from inkdesk.ui.calendar.bands import BandKind
from inkdesk.ui.calendar.geometry import Box
from inkdesk.ui.calendar.ink import Ink, elided
from inkdesk.ui.calendar.keys import MONTH_DEEDS, deed_for
from inkdesk.ui.calendar.month_layout import DAYS, Strip
from inkdesk.ui.calendar.month_presenter import MonthPresenter, Week
from inkdesk.ui.calendar.pointer import WHEEL_STEP
from inkdesk.ui.calendar.shown import Shown, id_of, look_of
from inkdesk.ui.calendar.steps import take_step
from inkdesk.ui.calendar.tiles import STRUCK
from inkdesk.ui.calendar.words import Mark, mark_of
from inkdesk.ui.common.keymap import KeyMap
from inkdesk.ui.common.painting import PaintedWidget
from inkdesk.ui.common.theme import current_theme

HEAD, DATE, GAP = 28, 22, 2
"""Heights of the weekdays' names and of a date, and the space between lines (px)."""
STRIPE, PAD = 3, 4


class Place(NamedTuple):
    """A line that shows: what stands there, and where."""

    what: OnDates
    rect: QRect


class MonthView(PaintedWidget):
    """One month. Its presenter's calendar has range, filters and selection; ``act`` changes them."""

    booking_requested = Signal(int)
    """A booking shall be opened: its id."""
    group_requested = Signal(int)
    """A group sitting shall be opened: its id."""
    day_requested = Signal(object)
    """A date shall be looked at by itself (date)."""
    move_requested = Signal(int)
    """A booking shall be moved: its id."""
    range_requested = Signal(object, object)
    """Other dates are shown: first and last (date), both included."""
    selection_changed = Signal(object)
    """The selected BookingCard or GroupCard, or None."""

    def __init__(self, presenter: MonthPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = presenter
        self.presenter = presenter.calendar
        self.keymap = KeyMap()
        self._wheel = 0
        self._ink = Ink(current_theme(), self.font())
        self._weeks: list[Week] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Month"))
        accessible.install()

    def relay(self) -> None:
        """Lay the weeks out anew and repaint."""
        rows = max(0, (self._week_height() - DATE - GAP) // self._line())
        self._weeks = self.month.weeks(rows)
        self.update()

    def act(self, step: Callable[[], object]) -> None:
        """Let the presenter take a step, then show and announce what it changed."""
        take_step(self, step, self.relay)
        accessible.tell(self)

    # Places

    def rect_of(self, week: int, day: int, days: int = 1) -> QRect:
        """The box of some dates of one week, from the ``day``-th on."""
        height = self.height() - HEAD
        top = HEAD + height * week // self._count()
        bottom = HEAD + height * (week + 1) // self._count()
        left, right = self.width() * day // DAYS, self.width() * (day + days) // DAYS
        return QRect(left, top, right - left, bottom - top)

    def places(self) -> list[Place]:
        """Every line that shows, in reading order."""
        return [
            Place(strip.entry.what, self._strip_rect(number, strip))
            for number, week in enumerate(self._weeks)
            for strip in sorted(week.rows.strips, key=lambda one: (one.entry.first, one.row))
        ]

    def visible_cards(self) -> list[tuple[Shown, Box]]:
        """The bookings that show, for a screen reader."""
        lines = ((place.what, place.rect) for place in self.places())
        return [
            (what, Box(rect.x(), rect.y(), rect.width(), rect.height()))
            for what, rect in lines
            if not isinstance(what, Leave)
        ]

    def cursor_words(self) -> str:
        """What the keys act on, for a screen reader."""
        return self.month.day_words()

    def viewport(self) -> QWidget:
        """What is painted on."""
        return self

    def offset(self) -> QPoint:
        """A month does not scroll."""
        return QPoint(0, 0)

    def day_at(self, point: QPoint) -> date | None:
        """The date under a point."""
        days = [(week, day) for week in range(len(self._weeks)) for day in range(DAYS)]
        hits = (self._weeks[week].days[day] for week, day in days if self.rect_of(week, day).contains(point))
        return next(hits, None)

    def card_at(self, point: QPoint) -> Shown | None:
        """The booking under a point."""
        hits = (place.what for place in self.places() if place.rect.contains(point))
        return next((what for what in hits if not isinstance(what, Leave)), None)

    def more_at(self, point: QPoint) -> date | None:
        """The date whose line "more" is under a point."""
        for number, week in enumerate(self._weeks):
            for day, more in enumerate(week.rows.more):
                if more and self._more_rect(number, day).contains(point):
                    return week.days[day]
        return None

    def _count(self) -> int:
        return max(1, len(self._weeks) or len(self.month.days()) // DAYS)

    def _week_height(self) -> int:
        return (self.height() - HEAD) // max(1, len(self.month.days()) // DAYS)

    def _line(self) -> int:
        return self._ink.metrics.height() + GAP + 1

    def _strip_rect(self, week: int, strip: Strip[OnDates]) -> QRect:
        cell = self.rect_of(week, strip.entry.first, strip.entry.last - strip.entry.first + 1)
        return QRect(
            cell.left() + 3, cell.top() + DATE + strip.row * self._line(), cell.width() - 6, self._line() - GAP
        )

    def _more_rect(self, week: int, day: int) -> QRect:
        cell = self.rect_of(week, day)
        rows = max(0, (self._week_height() - DATE - GAP) // self._line()) - 1
        return QRect(
            cell.left() + 3, cell.top() + DATE + max(0, rows) * self._line(), cell.width() - 6, self._line() - GAP
        )

    # Painting

    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), self._ink.surface)
        painter.fillRect(QRect(0, 0, self.width(), HEAD), QColor(theme.background))
        self._names(painter)
        for number, week in enumerate(self._weeks):
            for day in range(DAYS):
                self._date(painter, number, day, week)
        self._grid(painter)
        for place in self.places():
            self._place(painter, place)

    def _names(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(current_theme().muted))
        for day, first in enumerate(self._weeks[0].days if self._weeks else ()):
            area = QRect(self.rect_of(0, day).left() + 8, 0, self.width() // DAYS - 10, HEAD)
            words = elided(formats().weekday(first.weekday()), area.width(), self.fontMetrics())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)

    def _date(self, painter: QPainter, number: int, day: int, week: Week) -> None:
        theme, shown = current_theme(), week.days[day]
        cell = self.rect_of(number, day)
        if not self.month.is_of_month(shown):
            painter.fillRect(cell, QColor(theme.off_hours))
        if shown == self.presenter.day and self.hasFocus() and self.presenter.selected_id is None:
            painter.setPen(self._ink.focus)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRect(cell.adjusted(2, 2, -2, -2))
        self._number(painter, cell, shown)
        if more := week.rows.more[day]:
            painter.setFont(self._ink.small)
            painter.setPen(QColor(theme.link))
            words = ntr("+{n} more", "+{n} more", more)
            area = self._more_rect(number, day).adjusted(STRIPE + PAD, 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided(words, area.width(), self._ink.metrics))

    def _number(self, painter: QPainter, cell: QRect, day: date) -> None:
        theme = current_theme()
        font = QFont(self.font())
        is_today = day == self.presenter.today
        font.setWeight(QFont.Weight.DemiBold if is_today else QFont.Weight.Normal)
        painter.setFont(font)
        area = QRect(cell.left() + 4, cell.top() + 2, 24, DATE - 3)
        if is_today:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(area, 6, 6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        colour = theme.accent_text if is_today else (theme.text if self.month.is_of_month(day) else theme.muted)
        painter.setPen(QColor(colour))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def _grid(self, painter: QPainter) -> None:
        painter.setPen(self._ink.day_line)
        for week in range(self._count()):
            y = self.rect_of(week, 0).top()
            painter.drawLine(0, y, self.width(), y)
        painter.setPen(self._ink.grid)
        for day in range(1, DAYS):
            x = self.rect_of(0, day).left()
            painter.drawLine(x, HEAD, x, self.height())

    def _place(self, painter: QPainter, place: Place) -> None:
        what, rect = place
        if isinstance(what, Leave):
            painter.fillRect(rect, self._ink.band[BandKind.LEAVE])
            painter.setPen(self._ink.band_text[BandKind.LEAVE])
        else:
            self._card(painter, what, rect)
        painter.setFont(self._ink.small)
        area = rect.adjusted(STRIPE + PAD, 0, -2, 0)
        words = elided(self.month.line(what), area.width(), self._ink.metrics)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
        if not isinstance(what, Leave):
            self._signs(painter, what, area, self._ink.metrics.horizontalAdvance(words))

    def _card(self, painter: QPainter, card: Shown, rect: QRect) -> None:
        look = look_of(card)
        painter.fillRect(rect, self._ink.fill[look])
        if mark_of(card) is Mark.HATCH:
            painter.fillRect(rect, self._ink.hatch)
        painter.fillRect(QRect(rect.left(), rect.top(), STRIPE, rect.height()), QColor(self._colour(card)))
        painter.setPen(self._ink.text[look])

    def _signs(self, painter: QPainter, card: Shown, area: QRect, width: int) -> None:
        if look_of(card) in STRUCK:
            painter.drawLine(area.left(), area.center().y(), area.left() + width, area.center().y())
        if mark_of(card) is Mark.DASHED:
            painter.setPen(QPen(QColor(self._ink.dash.color()), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(-PAD, 0, 1, -1))
        if id_of(card) == self.presenter.selected_id:
            painter.setPen(self._ink.focus)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(-STRIPE - PAD, 0, 2, 0))

    def _colour(self, card: Shown) -> str:
        colours = (artist.colour for artist in self.presenter.data.artists if artist.id == card.artist_id)
        return next(colours, current_theme().muted)

    # Events

    def do(self, name: str) -> None:
        """Do an action by its name; nothing if it has no meaning here."""
        if name in MONTH_DEEDS:
            MONTH_DEEDS[name](self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if deed := deed_for(event, self.keymap, MONTH_DEEDS):
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

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        accessible.tell(self)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            from html import escape  # noqa: PLC0415 - a table of two thousand names that the first week does not need

            card = self.card_at(event.pos())
            lines = escape(self.presenter.tip(card)).replace("\n", "<br>") if card else ""
            QToolTip.showText(event.globalPos(), f"<p>{lines}</p>" if card else "", self)
            return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.relay()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._ink = Ink(current_theme(), self.font())
            self.relay()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        card, day = self.card_at(point), self.day_at(point)
        if card:
            self.act(lambda: self.presenter.select(card))
        elif day:
            self.act(lambda: self.presenter.put_day(day))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (day := self.more_at(event.position().toPoint())):
            self.day_requested.emit(day)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.open()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        pages, self._wheel = int(self._wheel / WHEEL_STEP), self._wheel - int(self._wheel / WHEEL_STEP) * WHEEL_STEP
        if pages:
            self.act(lambda: self.presenter.turn(-pages))
        event.accept()

    def open(self) -> None:
        """Open the selected booking, or the keys' date by itself."""
        card = self.presenter.selected()
        if card is None:
            self.day_requested.emit(self.presenter.day)
        elif isinstance(card, GroupCard):
            self.group_requested.emit(card.group_id)
        else:
            self.booking_requested.emit(card.booking_id)

    def move_booking(self) -> None:
        """Ask for another time of the selected booking."""
        if card := self.presenter.selected_booking():
            self.move_requested.emit(card.booking_id)
