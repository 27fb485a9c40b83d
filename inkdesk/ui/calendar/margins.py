"""The painted edges of the calendar: dates and artists above, hours at the left. They scroll with the view."""

import re
from itertools import groupby

from PySide6.QtCore import QLine, QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.text import formats
from inkdesk.ui.calendar.geometry import Geometry
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.common.painting import PaintedWidget
from inkdesk.ui.common.theme import current_theme

DATE_HEIGHT = 30
ARTIST_HEIGHT = 24
HEADER_HEIGHT = DATE_HEIGHT + ARTIST_HEIGHT
GUTTER_WIDTH = 58
"""What hours of five signs need; ``gutter_width`` for those of this reader."""
GUTTER_EDGE = 7
SWATCH = 8


class Margin(PaintedWidget):
    """An edge that paints with the view's geometry at the view's scroll place (px)."""

    def __init__(self, presenter: CalendarPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._geometry = Geometry((0,), 1.0)
        self._offset = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def follow(self, geometry: Geometry, offset: int) -> None:
        """Show ``geometry`` scrolled by ``offset`` px along this edge."""
        self._geometry, self._offset = geometry, offset
        self.update()


class Header(Margin):
    """Dates over artists; the words of a day stay in sight while any of its lanes is."""

    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), QColor(theme.background))
        lanes = self._presenter.board.lanes
        edges = [edge - self._offset for edge in self._geometry.edges]
        for day, numbers in groupby(range(len(lanes)), key=lambda n: lanes[n].day):
            run = list(numbers)
            self._day(
                painter, edges[run[0]], edges[run[-1] + 1], formats().day(day), is_today=day == self._presenter.today
            )
            for n in run:
                self._artist(painter, edges[n], edges[n + 1], lanes[n].artist_id)
        painter.setPen(QColor(theme.line_strong))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _day(self, painter: QPainter, left: int, right: int, words: str, *, is_today: bool) -> None:
        theme = current_theme()
        painter.setPen(QColor(theme.line_strong))
        painter.drawLine(QLine(left, 6, left, self.height()))
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        seen = QRect(QPoint(max(left, 0) + 5, 4), QPoint(min(right, self.width()) - 5, DATE_HEIGHT - 4))
        shown = _fitting(words, seen.width() - 8, QFontMetrics(font))
        if is_today and seen.width() > 20:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            seen.setWidth(min(seen.width(), QFontMetrics(font).horizontalAdvance(shown) + 14))
            painter.drawRoundedRect(seen, 6, 6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QColor(theme.accent_text if is_today else theme.text))
        painter.drawText(seen.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _artist(self, painter: QPainter, left: int, right: int, artist_id: int) -> None:
        artist = next((a for a in self._presenter.data.artists if a.id == artist_id), None)
        if artist is None or right < 0 or left > self.width():
            return
        theme = current_theme()
        painter.fillRect(QRect(left + 7, DATE_HEIGHT + 7, SWATCH, SWATCH), QBrush(QColor(artist.colour)))
        room = right - left - SWATCH - 15
        painter.setFont(self.font())
        painter.setPen(QColor(theme.muted))
        words = _fitting(artist.name, room, self.fontMetrics())
        area = QRect(left + SWATCH + 12, DATE_HEIGHT - 1, room + 2, ARTIST_HEIGHT)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)


def _fitting(whole: str, room: int, metrics: QFontMetrics) -> str:
    """The whole, its first word, that word cut, or nothing where there is hardly room."""
    first = whole.split(maxsplit=1)[0]
    if room < metrics.averageCharWidth() * 2:
        return ""
    fits = (words for words in (whole, first) if metrics.horizontalAdvance(words) <= room)
    return next(fits, metrics.elidedText(first, Qt.TextElideMode.ElideRight, room))


def gutter_width(metrics: QFontMetrics) -> int:
    """Room for every clock time of the reader's locale (px): the widest hour, in the widest digits."""
    digit = max("0123456789", key=metrics.horizontalAdvance)
    hours = {re.sub(r"\d", digit, formats().clock(hour * 60)) for hour in range(24)}
    return max(GUTTER_WIDTH, max(map(metrics.horizontalAdvance, hours)) + 2 * GUTTER_EDGE)


class Gutter(Margin):
    """The hours, and the time it is now on top of them."""

    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), QColor(theme.background))
        painter.setPen(QColor(theme.muted))
        at = self._presenter.now_line()
        now_y = self._geometry.y_of(at[1]) if at else -100
        for hour in range(1, 24):
            y = self._geometry.y_of(hour * 60)
            if abs(y - now_y) > self.fontMetrics().height():
                self._hour(painter, y, formats().clock(hour * 60))
        if at:
            painter.setPen(QColor(theme.now))
            self._hour(painter, now_y, formats().clock(at[1]))

    def _hour(self, painter: QPainter, y: int, words: str) -> None:
        height = self.fontMetrics().height()
        area = QRect(0, y - self._offset - height // 2, self.width() - GUTTER_EDGE, height)
        if area.bottom() > 0 and area.top() < self.height():
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
