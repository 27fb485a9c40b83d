"""What a person does with a settings form: open, find, retype, save, and read its errors."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

D = TypeVar("D", bound=QDialog)
W = TypeVar("W", bound=QWidget)


def opened(page: QWidget, kind: type[D]) -> D:
    """The dialog that is open on the page's window."""
    found = [dialog for dialog in page.window().findChildren(kind) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def input_of(form: QWidget, name: str, kind: type[W]) -> W:
    """The shown input that a screen reader calls ``name``."""
    found = [one for one in form.findChildren(kind) if one.accessibleName() == name and one.isVisibleTo(form)]
    assert len(found) == 1, f"{name}: {[one.accessibleName() for one in form.findChildren(QWidget)]}"
    return found[0]


def retype(qtbot: QtBot, line: QLineEdit | None, text: str) -> None:
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(line, text)
    else:
        line.insert(text)  # as an input method does; key events carry Latin letters only


def choose(combo: QComboBox, row: int) -> None:
    """Go to an entry by the arrow keys."""
    combo.setFocus()
    while combo.currentIndex() != row:
        QTest.keyClick(combo, Qt.Key.Key_Down if combo.currentIndex() < row else Qt.Key.Key_Up)


def tick(form: QWidget, words: str) -> QCheckBox:
    """Press the space bar on a tick box, by its words without the mnemonic."""
    (box,) = [one for one in form.findChildren(QCheckBox) if one.text().replace("&", "") == words]
    QTest.keyClick(box, Qt.Key.Key_Space)
    return box


def press(form: QWidget, words: str) -> None:
    """Press Enter on a button, by its words without the mnemonic."""
    (button,) = [one for one in form.findChildren(QPushButton) if one.text().replace("&", "") == words]
    assert button.isVisible()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)


def save(qtbot: QtBot, dialog: QDialog) -> None:
    """Press Enter and wait until the dialog is gone."""
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def errors(form: QWidget) -> list[str]:
    """The sentences shown beside fields."""
    labels = form.findChildren(QLabel)
    return [one.text() for one in labels if one.property("role") == "error" and not one.isHidden() and one.text()]


def texts(page: QWidget, section: str) -> list[str]:
    found = getattr(page, section).list
    return [found.item(row).text() for row in range(found.count())]
