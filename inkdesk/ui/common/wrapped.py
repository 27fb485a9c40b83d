"""Items of several lines in lists and tables."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

ITEM_PADDING = 14
"""Pixels beside an item's text in the style sheet, both sides together."""


class WrappedItems(QStyledItemDelegate):
    """Gives an item the height of all its lines.

    Qt breaks the lines as if the style sheet's padding were room for text; the last line is cut for want of height.
    """

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        narrower = QStyleOptionViewItem(option)
        narrower.rect = option.rect.adjusted(0, 0, -ITEM_PADDING, 0)
        return super().sizeHint(narrower, index)
