"""The bar between the header and the lanes, painted: leave and sittings that last whole dates."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from inkdesk.application.text import ntr
from inkdesk.domain.artists import Leave
from inkdesk.ui.calendar.all_day import OnDates, lay_bar, line
from inkdesk.ui.calendar.bands import BandKind
from inkdesk.ui.calendar.ink import Ink, elided
from inkdesk.ui.calendar.margins import Margin
from inkdesk.ui.calendar.month_layout import DateRows
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown, look_of
from inkdesk.ui.common.theme import current_theme

GAP, PAD = 2, 6


class AllDayBar(Margin):
    """As high as its rows; no row, no bar. ``pressed`` carries the block under a click."""

    pressed = Signal(object)

    def __init__(self, presenter: CalendarPresenter, parent: QWidget) -> None:
        super().__init__(presenter, parent)
        self._rows: DateRows[OnDates] = DateRows((), ())

    def relay(self) -> int:
        """Lay the rows out anew; the answer is the height they need (px)."""
        self._rows = lay_bar(self._presenter)
        rows = max((strip.row + 1 for strip in self._rows.strips), default=0) + any(self._rows.more)
        self.update()
        return rows * self._row() + 2 * GAP if rows else 0

    def at(self, x: int, y: int) -> OnDates | None:
        """What stands under a point."""
        return next((what for what, rect in self._places() if rect.contains(x, y)), None)

    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        theme, ink = current_theme(), Ink(current_theme(), self.font())
        painter.fillRect(self.rect(), QColor(theme.background))
        painter.setFont(ink.small)
        for what, rect in self._places():
            self._bar(painter, ink, what, rect)
        painter.setPen(QColor(theme.link))
        for day, more in enumerate(self._rows.more):
            if more:
                last = self.height() // self._row() - 1
                area = self._rect(day, day, last).adjusted(PAD, 0, 0, 0)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, ntr("+{n} more", "+{n} more", more))
        painter.setPen(QColor(theme.line_strong))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _bar(self, painter: QPainter, ink: Ink, what: OnDates, rect: QRect) -> None:
        if isinstance(what, Leave):
            painter.fillRect(rect, ink.band[BandKind.LEAVE])
            painter.setPen(ink.band_text[BandKind.LEAVE])
        else:
            painter.fillRect(rect, ink.fill[look_of(what)])
            painter.setPen(ink.text[look_of(what)])
        seen = rect.intersected(self.rect()).adjusted(PAD, 0, -PAD, 0)
        words = elided(line(self._presenter, what), seen.width(), ink.metrics)
        painter.drawText(seen, Qt.AlignmentFlag.AlignVCenter, words)

    def _places(self) -> list[tuple[OnDates, QRect]]:
        strips = self._rows.strips
        return [(one.entry.what, self._rect(one.entry.first, one.entry.last, one.row)) for one in strips]

    def _rect(self, first: int, last: int, row: int) -> QRect:
        """The box of some dates in one row."""
        lanes = self._presenter.board.lanes
        start = self._presenter.first.toordinal()
        numbers = [n for n, lane in enumerate(lanes) if first <= lane.day.toordinal() - start <= last]
        if not numbers:
            return QRect()
        left, right = (self._geometry.edges[n] - self._offset for n in (numbers[0], numbers[-1] + 1))
        return QRect(left + GAP, GAP + row * self._row(), right - left - 2 * GAP, self._row() - GAP)

    def _row(self) -> int:
        return self.fontMetrics().height() + GAP + 2

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if (what := self.at(at.x(), at.y())) is not None and not isinstance(what, Leave):
            self.pressed.emit(what)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            what = self.at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self._tip(what) if what is not None else "", self)
            return True
        return super().event(event)

    def _tip(self, what: "Leave | Shown") -> str:
        return line(self._presenter, what) if isinstance(what, Leave) else self._presenter.tip(what)
