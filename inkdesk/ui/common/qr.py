"""Links as QR codes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

QUIET_MODULES = 4
"""Light modules around the code that scanners need (ISO/IEC 18004)."""


def qr_pixmap(text: str, side: int, ratio: float = 1.0) -> QPixmap:
    """``text`` as a QR code of at least ``side`` logical pixels, dark on light in every theme.

    Every module is a whole number of device pixels, so edges stay sharp.
    """
    import segno  # noqa: PLC0415 - only needed once a link is shown

    rows = [bytes(row) for row in segno.make(text, micro=False, error="l", boost_error=False).matrix]
    modules = len(rows) + 2 * QUIET_MODULES
    scale = -(-int(side * ratio) // modules)
    image = QImage(modules, modules, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.setPixel(x + QUIET_MODULES, y + QUIET_MODULES, 0xFF000000)
    pixmap = QPixmap(modules * scale, modules * scale)
    with QPainter(pixmap) as painter:
        painter.drawImage(pixmap.rect(), image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
