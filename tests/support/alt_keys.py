"""Alt and a letter, as a person presses them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot


def press(qtbot: QtBot, dialog: QWidget, key: Qt.Key) -> None:
    """Press Alt and a letter, wherever the keys go in ``dialog``, once it is the active window."""
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=5000)
    QTest.keyClick(dialog.focusWidget() or dialog, key, Qt.KeyboardModifier.AltModifier)
