"""What is said where nothing is shown."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from inkdesk.ui.common.theme import current_theme


def draw_hint(painter: QPainter, area: QRect, font: QFont, words: str) -> None:
    """A quiet sentence at the lower edge of ``area``; it covers no row that people work in."""
    theme = current_theme()
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    room = area.adjusted(24, 0, -24, -20)
    painter.setFont(font)
    text = painter.boundingRect(room, int(flags), words)
    plate = QRect(0, 0, text.width() + 28, text.height() + 18)
    plate.moveCenter(QPoint(room.center().x(), room.bottom() - plate.height() // 2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(theme.line))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(plate, 8, 8)
    painter.setPen(QColor(theme.muted))
    painter.drawText(plate, int(flags), words)
