"""The one place that asks."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inkdesk.ui.common.prompts import choose_file, confirm, tell


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_only_yes_does_it(window: QWidget) -> None:
    answers: list[str] = []
    box = confirm(window, "Throw it away?", yes="Throw away", done=lambda: answers.append("done"))
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert answers == []
    box = confirm(window, "Throw it away?", yes="Throw away", done=lambda: answers.append("done"))
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert answers == ["done"]


def test_enter_is_harmless_where_something_would_be_lost(window: QWidget) -> None:
    answers: list[str] = []
    box = confirm(window, "Throw it away?", yes="Throw away", is_danger=True, done=lambda: answers.append("done"))
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert answers == []


def test_a_sentence_is_shown_literally(window: QWidget) -> None:
    box = tell(window, "<b>Kim</b> & Co")
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.text() == "<b>Kim</b> & Co"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.isHidden()


@pytest.mark.parametrize("is_save", [True, False])
def test_a_chosen_file_comes_as_a_path(window: QWidget, tmp_path: Path, is_save: bool) -> None:
    file = tmp_path / "book.db"
    file.write_bytes(b"")
    chosen: list[Path] = []
    dialog = choose_file(window, "Open", "Databases (*.db)", done=chosen.append, is_save=is_save)
    dialog.fileSelected.emit(str(file))
    assert chosen == [file]
    dialog.reject()
