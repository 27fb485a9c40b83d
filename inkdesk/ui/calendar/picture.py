"""Draws the board in content pixels; the view translates the painter to its scroll place."""

from collections import defaultdict
from dataclasses import dataclass

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.bands import BandKind
from inkdesk.ui.calendar.board import STEP_MIN
from inkdesk.ui.calendar.geometry import Box, Geometry
from inkdesk.ui.calendar.ink import Ink, elided
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Look, id_of
from inkdesk.ui.calendar.tiles import STRUCK, Tile, Tiles
from inkdesk.ui.calendar.wallclock import MINUTES_A_DAY, is_repeated
from inkdesk.ui.calendar.words import Mark


@dataclass(slots=True)
class Picture:
    """Paints ``presenter``'s board; made anew when theme or font change."""

    presenter: CalendarPresenter
    ink: Ink
    tiles: Tiles

    def draw(self, painter: QPainter, geometry: Geometry, exposed: Box, *, has_focus: bool) -> None:
        """Everything that shows in ``exposed``."""
        area = QRect(*exposed)
        painter.fillRect(area, self.ink.surface)
        lanes = geometry.lanes_between(exposed.x, exposed.x + exposed.width)
        self._bands(painter, geometry, lanes)
        self._grid(painter, geometry, lanes, area)
        tiles = self.tiles.within(geometry, exposed)
        self._frames(painter, tiles)
        self._now(painter, geometry, lanes)
        self._cards(painter, tiles)
        self._cursor(painter, geometry, has_focus=has_focus)
        self._selection(painter, tiles, has_focus=has_focus)

    def _bands(self, painter: QPainter, geometry: Geometry, lanes: range) -> None:
        rects: dict[BandKind, list[QRect]] = defaultdict(list)
        labels: list[tuple[QRect, BandKind, str]] = []
        for lane in lanes:
            for band in self.presenter.board.bands[lane]:
                rect = QRect(*geometry.box(lane, band.start_min, band.end_min))
                rects[band.kind].append(rect)
                if band.label:
                    labels.append((rect, band.kind, band.label))
        painter.setPen(Qt.PenStyle.NoPen)
        for kind in BandKind:
            painter.setBrush(self.ink.band[kind])
            painter.drawRects(rects[kind])
        painter.setFont(self.ink.small)
        for rect, kind, label in labels:
            painter.setPen(self.ink.band_text[kind])
            self._label(painter, rect, label)

    def _label(self, painter: QPainter, rect: QRect, label: str) -> None:
        """The reason along the band, in the part of the day that people look at; turned if the lane is narrow."""
        height = self.ink.metrics.height()
        top = max(rect.top(), round(self.presenter.first_minute() * rect.height() / MINUTES_A_DAY)) + 6
        if self.ink.metrics.horizontalAdvance(label) + 8 <= rect.width():
            painter.drawText(rect.left() + 4, top + self.ink.metrics.ascent(), label)
            return
        straight = painter.transform()
        painter.translate(rect.center().x() - height / 2, top)
        painter.rotate(90)
        room = rect.bottom() - top - 6
        painter.drawText(QPointF(0, -self.ink.metrics.descent()), elided(label, room, self.ink.metrics))
        painter.setTransform(straight)

    def _grid(self, painter: QPainter, geometry: Geometry, lanes: range, area: QRect) -> None:
        hours = [geometry.y_of(hour * 60) for hour in range(25)]
        lines = [
            QLine(area.left() - 1, y, area.right() + 1, y) for y in hours if area.top() <= y + 1 and y <= area.bottom()
        ]
        painter.setPen(self.ink.grid)
        painter.drawLines(lines)
        board = self.presenter.board.lanes
        within: list[QLine] = []
        days: list[QLine] = []
        for lane in lanes:
            x = geometry.edges[lane]
            starts_day = lane > 0 and board[lane].day != board[lane - 1].day
            (days if starts_day else within).append(QLine(x, area.top() - 1, x, area.bottom() + 1))
        painter.setPen(self.ink.lane_line)
        painter.drawLines(within)
        painter.setPen(self.ink.day_line)
        painter.drawLines(days)

    def _frames(self, painter: QPainter, tiles: list[Tile]) -> None:
        """Fills and stripes, one call for each colour."""
        fills: dict[Look, list[QRect]] = defaultdict(list)
        stripes: dict[str, list[QRect]] = defaultdict(list)
        for tile in tiles:
            fills[tile.look].extend(tile.fill)
            stripes[tile.colour].extend(tile.stripes)
        painter.setPen(Qt.PenStyle.NoPen)
        for look, rects in fills.items():
            painter.setBrush(self.ink.fill[look])
            painter.drawRects(rects)
        painter.setBrush(self.ink.hatch)
        painter.drawRects([tile.fill[0] for tile in tiles if tile.mark is Mark.HATCH])
        for colour, rects in stripes.items():
            painter.setBrush(QColor(colour))
            painter.drawRects(rects)

    def _cards(self, painter: QPainter, tiles: list[Tile]) -> None:
        by_look: dict[Look, list[Tile]] = defaultdict(list)
        for tile in tiles:
            by_look[tile.look].append(tile)
        for look, alike in by_look.items():
            self._marks(painter, look, alike)
            self._texts(painter, look, alike)

    def _marks(self, painter: QPainter, look: Look, group: list[Tile]) -> None:
        if look is BookingStatus.REQUESTED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ink.dash)
            painter.drawRects([dash for tile in group for dash in tile.dashes])
        if strokes := [stroke for tile in group for stroke in tile.strokes]:
            painter.setPen(self.ink.mark[look])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawLines(strokes)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if meters := [meter for tile in group for meter in tile.meter]:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ink.meter)
            painter.drawRects(meters)

    def _texts(self, painter: QPainter, look: Look, group: list[Tile]) -> None:
        painter.setPen(self.ink.text[look])
        sheets = [(tile, sheet) for tile in group if (sheet := self.tiles.sheet(tile))]
        painter.setFont(self.ink.bold)
        for tile, sheet in sheets:
            painter.drawStaticText(tile.text_at, sheet.name)
        painter.setFont(self.ink.small)
        for tile, sheet in sheets:
            if sheet.rest:
                painter.drawStaticText(QPoint(tile.text_at.x(), tile.text_at.y() + sheet.rest_y), sheet.rest)
        if look in STRUCK:
            painter.drawLines([self._strike(tile.text_at, sheet.name_width) for tile, sheet in sheets])

    def _strike(self, at: QPoint, width: int) -> QLine:
        """The line through a name; a struck font would be drawn astray by a prepared text."""
        y = at.y() + self.ink.bold_metrics.ascent() - self.ink.bold_metrics.strikeOutPos()
        return QLine(at.x(), y, at.x() + width, y)

    def _cursor(self, painter: QPainter, geometry: Geometry, *, has_focus: bool) -> None:
        box = cursor_box(self.presenter, geometry)
        if box and has_focus and self.presenter.selected_id is None:
            painter.setPen(self.ink.focus)
            painter.setBrush(QColor(self.ink.theme.accent_soft))
            painter.drawRect(QRect(*box).adjusted(2, 1, -2, -1))

    def _selection(self, painter: QPainter, tiles: list[Tile], *, has_focus: bool) -> None:
        chosen = [tile for tile in tiles if id_of(tile.card) == self.presenter.selected_id]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.ink.focus if has_focus else QPen(self.ink.focus.color(), 1))
        painter.drawRects([tile.frame for tile in chosen])

    def _now(self, painter: QPainter, geometry: Geometry, lanes: range) -> None:
        at = self.presenter.now_line()
        if at is None:
            return
        y = geometry.y_of(at[1])
        today = [lane for lane in lanes if self.presenter.board.lanes[lane].day == at[0]]
        if today:
            painter.setPen(self.ink.now)
            painter.drawLine(QPoint(geometry.edges[today[0]], y), QPoint(geometry.edges[today[-1] + 1], y))


def cursor_box(presenter: CalendarPresenter, geometry: Geometry) -> Box | None:
    """Where the cursor's slot lies; half a lane in a repeated hour."""
    cursor, lane = presenter.cursor, presenter.lane
    if cursor is None or lane is None:
        return None
    start = cursor.slot.minute
    if is_repeated(lane.day, presenter.data.zone, start):
        return geometry.box(cursor.lane, start, start + STEP_MIN, 0.5 * cursor.slot.fold, 0.5)
    return geometry.box(cursor.lane, start, start + STEP_MIN)
