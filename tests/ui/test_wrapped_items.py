"""Items of several lines show all of them."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from inkdesk.ui.common.theme import LIGHT, style_sheet
from inkdesk.ui.common.wrapped import ITEM_PADDING, WrappedItems

TEXT_MARGINS, MOST_HEIGHT = 6, 1000


def test_a_list_gives_every_item_the_height_of_its_lines_whatever_its_length(qtbot: QtBot) -> None:
    shown = QListWidget()
    qtbot.addWidget(shown)
    shown.setStyleSheet(style_sheet(LIGHT, 10))
    shown.setWordWrap(True)
    shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    shown.setItemDelegate(WrappedItems(shown))
    texts = ["away " * words for words in range(1, 40)]
    shown.addItems(texts)
    shown.resize(240, 400)
    shown.show()
    rects = [shown.visualItemRect(shown.item(row)) for row in range(len(texts))]
    room = QRect(0, 0, rects[0].width() - ITEM_PADDING - TEXT_MARGINS, MOST_HEIGHT)
    needed = [shown.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() for text in texts]
    assert needed[0] < needed[-1]
    assert [row for row, rect in enumerate(rects) if rect.height() < needed[row]] == []
