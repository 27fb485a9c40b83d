"""Letters that Alt reaches in a window."""

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenuBar, QTabBar, QWidget


def clashes(window: QWidget) -> dict[str, list[str]]:
    """Each mnemonic that stands for several visible, enabled things of ``window``, and their texts."""
    texts: dict[str, list[str]] = defaultdict(list)
    for text in _texts(window):
        shortcut = QKeySequence.mnemonic(text)
        if not shortcut.isEmpty():
            texts[shortcut.toString()].append(text)
    return {letter: found for letter, found in texts.items() if len(found) > 1}


def _texts(window: QWidget) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled() or widget.window() is not window:
            continue
        match widget:
            case QAbstractButton():
                yield widget.text()
            case QLabel() if _is_caption(widget):
                yield widget.text()
            case QMenuBar():
                yield from (action.text() for action in widget.actions() if action.isVisible())
            case QTabBar():
                yield from (widget.tabText(tab) for tab in range(widget.count()))
            case _:
                pass


def _is_caption(label: QLabel) -> bool:
    buddy: QWidget | None = label.buddy()
    return buddy is not None and buddy.isVisible() and buddy.isEnabled()
