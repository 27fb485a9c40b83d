"""Painting that cannot take the program down.

An exception that leaves a painter open can crash the interpreter. So custom-painted widgets inherit
``PaintedWidget`` (or call ``paint_safely``) and implement ``paint``: the painter is always closed, a bug is logged
with its trace and shown as a band instead of the picture.
"""

import logging
from typing import Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.theme import current_theme

log = logging.getLogger(__name__)


class Paints(Protocol):
    """What draws itself with an open painter; ``exposed`` is in the device's logical pixels."""

    def paint(self, painter: QPainter, exposed: QRect) -> None:
        """Draw all that lies in ``exposed``; no ``save()`` may be left open, not even by an error."""
        ...


def paint_safely(device: QWidget, picture: Paints, exposed: QRect) -> bool:
    """Let ``picture`` paint on ``device``; False if it raised and an error band was drawn instead."""
    with QPainter(device) as painter:
        try:
            picture.paint(painter, exposed)
        except Exception:
            log.exception("%s could not be painted", type(picture).__name__)
            _draw_error_band(painter, device.rect())
            return False
    return True


class PaintedWidget(QWidget):
    """A widget that is drawn by ``paint``."""

    def paint(self, painter: QPainter, exposed: QRect) -> None:
        """Draw all that lies in ``exposed``; the painter is open and is closed by the caller."""
        raise NotImplementedError

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_safely(self, self, event.rect())


def _draw_error_band(painter: QPainter, area: QRect) -> None:
    theme = current_theme()
    painter.resetTransform()
    painter.setClipping(False)
    painter.setOpacity(1.0)
    band = QRect(area.left(), area.top(), area.width(), min(48, area.height()))
    painter.fillRect(area, QColor(theme.surface))
    painter.fillRect(band, QColor(theme.error_soft))
    painter.setPen(QColor(theme.error))
    words = tr("This part could not be drawn. The details are in the log file.")
    painter.drawText(band.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, words)
