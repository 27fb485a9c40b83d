"""Pages of HTML as PDF files, in the program's own font."""

from pathlib import Path

from PySide6.QtCore import QIODevice, QMarginsF, QPointF, QRectF, QSaveFile, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message

MARGINS_MM = QMarginsF(22, 20, 22, 20)
DPI = 300
POINT_SIZE = 10.0


def write_pdf(path: Path, html: str, title: str) -> None:
    """Write ``html`` on A4 pages; a file of that name is replaced once the new one is whole.

    Raises ValidationError if it cannot be written.
    """
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _not_written(path, file)
    writer = QPdfWriter(file)
    set_page(writer)
    writer.setTitle(title)
    writer.setCreator("InkDesk")
    _paint(lay_out(html, writer), writer, title)
    del writer  # which writes the end of the file
    if not file.commit():
        raise _not_written(path, file)


def set_page(writer: QPdfWriter) -> None:
    """A4 with the margins of a letter."""
    writer.setResolution(DPI)
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(a4, QPageLayout.Orientation.Portrait, MARGINS_MM, QPageLayout.Unit.Millimeter))


def lay_out(html: str, writer: QPdfWriter) -> QTextDocument:
    """The text as it stands on the writer's pages, in its pixels."""
    document = QTextDocument()
    font = QFont(QGuiApplication.font().family())
    font.setPointSizeF(POINT_SIZE)
    font.setFeature(QFont.Tag("calt"), 0)  # its other shapes of ":" and "-" are lost to whoever copies them
    document.setDefaultFont(font)
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(writer.resolution()).size()))
    document.setHtml(html)
    return document


def _paint(document: QTextDocument, writer: QPdfWriter, title: str) -> None:
    """Page by page; where there are several, each says in its lower margin of what it is which part."""
    size, count = document.pageSize(), document.pageCount()
    foot = QRectF(0, size.height(), size.width(), writer.pageLayout().marginsPixels(DPI).bottom())
    with QPainter(writer) as painter:
        painter.setFont(document.defaultFont())
        for page in range(count):
            if page:
                writer.newPage()
            _paint_page(document, painter, QRectF(QPointF(0, page * size.height()), size))
            if count > 1:
                painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"{title}   {page + 1} / {count}")


def _paint_page(document: QTextDocument, painter: QPainter, part: QRectF) -> None:
    """Black on white, whatever the window's colours are."""
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette = QPalette(Qt.GlobalColor.black, Qt.GlobalColor.white)
    context.clip = part
    painter.save()
    painter.translate(-part.topLeft())
    painter.setClipRect(part)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _not_written(path: Path, file: QSaveFile) -> ValidationError:
    return ValidationError(
        message(
            "{file} cannot be written ({reason}). Close it if another program has it open, or choose another place.",
            file=path.name,
            reason=file.errorString(),
        )
    )
