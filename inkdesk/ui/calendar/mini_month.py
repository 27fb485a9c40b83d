"""A small month to jump by: the dates shown are marked, a click or the arrows go to another."""

from datetime import date, timedelta

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.text import formats, tr
from inkdesk.ui.calendar.month_layout import DAYS
from inkdesk.ui.calendar.pointer import WHEEL_STEP
from inkdesk.ui.calendar.ranges import Mode, first_shown, turned, week_start
from inkdesk.ui.common.forms import ENTER
from inkdesk.ui.common.painting import PaintedWidget
from inkdesk.ui.common.theme import current_theme

WEEKS, CELL_HEIGHT, HEAD, WEEK_WIDTH = 6, 22, 26, 20
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -DAYS, Qt.Key.Key_Down: DAYS}
PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class MiniMonth(PaintedWidget):
    """Shows the month of ``day``; ``day_chosen`` carries the date that was gone to."""

    day_chosen = Signal(object)

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = self._today = day
        self._marked = (day, day)
        self._wheel = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Month to jump by"))
        self.setFixedHeight(self.sizeHint().height())

    def show_dates(self, day: date, first: date, last: date, today: date) -> None:
        """Mark the dates from ``first`` to ``last``, the keys being on ``day``."""
        self._day, self._marked, self._today = day, (first, last), today
        self.update()

    def go_to(self, day: date) -> None:
        """Go to a date and tell of it."""
        self._day = day
        self.update()
        self.day_chosen.emit(day)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, formats().full_day(day)))

    def days(self) -> list[date]:
        """Six weeks with the month of the day in them."""
        first = first_shown(Mode.MONTH, self._day, formats().first_weekday)
        return [first + timedelta(days=n) for n in range(WEEKS * DAYS)]

    def rect_of(self, number: int) -> QRect:
        """The box of one of the dates."""
        width = self.width() - WEEK_WIDTH
        left, right = (WEEK_WIDTH + width * (number % DAYS + n) // DAYS for n in (0, 1))
        return QRect(left, HEAD * 2 + number // DAYS * CELL_HEIGHT, right - left, CELL_HEIGHT)

    @override
    def sizeHint(self) -> QSize:
        return QSize(WEEK_WIDTH + DAYS * 22, 2 * HEAD + WEEKS * CELL_HEIGHT + 2)

    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), QColor(theme.background))
        painter.setPen(QColor(theme.text))
        painter.setFont(_bold(self.font()))
        painter.drawText(
            QRect(WEEK_WIDTH, 0, self.width(), HEAD), Qt.AlignmentFlag.AlignVCenter, formats().month(self._day)
        )
        painter.setFont(_small(self.font()))
        self._names(painter)
        for number, day in enumerate(self.days()):
            if number % DAYS == 0:
                self._week(painter, self.rect_of(number), day)
            self._date(painter, self.rect_of(number), day)

    def _names(self, painter: QPainter) -> None:
        painter.setPen(QColor(current_theme().muted))
        for number, day in enumerate(self.days()[:DAYS]):
            area = self.rect_of(number).translated(0, -HEAD)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, formats().weekday(day.weekday())[:2])

    def _week(self, painter: QPainter, beside: QRect, day: date) -> None:
        thursday = week_start(day, 0) + timedelta(days=3 if day.weekday() == 0 else 10)
        painter.setPen(QColor(current_theme().disabled))
        area = QRect(0, beside.top(), WEEK_WIDTH, beside.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(thursday.isocalendar().week))

    def _date(self, painter: QPainter, area: QRect, day: date) -> None:
        theme = current_theme()
        if self._marked[0] <= day <= self._marked[1]:
            painter.fillRect(area.adjusted(0, 1, 0, -1), QColor(theme.accent_soft))
        if day == self._today:
            painter.fillRect(area.adjusted(1, 1, -1, -1), QColor(theme.accent))
        if day == self._day and self.hasFocus():
            painter.setPen(QColor(theme.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        is_of_month = (day.year, day.month) == (self._day.year, self._day.month)
        colour = theme.text if is_of_month else theme.muted
        painter.setPen(QColor(theme.accent_text if day == self._today else colour))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(day.day))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.go_to(self._day + timedelta(days=STEPS[key]))
        elif key in PAGES:
            self.go_to(turned(Mode.MONTH, self._day, PAGES[key]))
        elif key is Qt.Key.Key_Home:
            self.go_to(self._today)
        elif key in ENTER:
            self.go_to(self._day)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        for number, day in enumerate(self.days()):
            if event.button() is Qt.MouseButton.LeftButton and self.rect_of(number).contains(at):
                self.go_to(day)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        months, self._wheel = int(self._wheel / WHEEL_STEP), self._wheel - int(self._wheel / WHEEL_STEP) * WHEEL_STEP
        if months:
            self.go_to(turned(Mode.MONTH, self._day, -months))
        event.accept()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * 0.87)
    return made
