"""Paints the booking in the hand: green where it may go, red where it may not, with the reason in words."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inkdesk.ui.calendar.carrying import Carrying
from inkdesk.ui.calendar.geometry import Geometry
from inkdesk.ui.calendar.ink import Ink

PAD = 5
FILL_ALPHA = 215


def ghost_rects(carrying: Carrying, geometry: Geometry) -> list[QRect]:
    """Where the booking in the hand would stand (content px), piece by piece."""
    if carrying.ghost is None:
        return []
    lane = carrying.ghost.cursor.lane
    return [QRect(*geometry.box(lane, piece.start_min, piece.end_min)) for piece in carrying.pieces()]


def draw_ghost(painter: QPainter, carrying: Carrying, geometry: Geometry, ink: Ink) -> None:
    """Draw it, if there is one; its words stand beside it, inside the content."""
    rects = ghost_rects(carrying, geometry)
    if not rects:
        return
    theme, verdict = ink.theme, carrying.proposed()
    if verdict is None:
        edge, fill, text = theme.accent, theme.accent_soft, theme.text
    elif verdict.is_free:
        edge, fill, text = theme.success, theme.success_soft, theme.success
    else:
        edge, fill, text = theme.error, theme.error_soft, theme.error
    body = QColor(fill)
    body.setAlpha(FILL_ALPHA)
    painter.setPen(QPen(QColor(edge), 2))
    painter.setBrush(body)
    painter.drawRects([rect.adjusted(1, 1, -2, -2) for rect in rects])
    _words(painter, carrying.words(), rects[0], geometry, ink, (QColor(edge), QColor(theme.raised), QColor(text)))


def _words(
    painter: QPainter, words: str, rect: QRect, geometry: Geometry, ink: Ink, colours: tuple[QColor, QColor, QColor]
) -> None:
    """The words on a plate above the ghost; below it where there is no room."""
    width = ink.metrics.horizontalAdvance(words) + 2 * PAD
    height = ink.metrics.height() + 2 * PAD
    left = max(0, min(rect.left(), geometry.width - width))
    top = rect.top() - height - 2 if rect.top() > height + 2 else rect.bottom() + 2
    plate = QRect(QPoint(left, top), QPoint(left + width - 1, top + height - 1))
    painter.setPen(colours[0])
    painter.setBrush(colours[1])
    painter.drawRect(plate)
    painter.setPen(colours[2])
    painter.setFont(ink.small)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
