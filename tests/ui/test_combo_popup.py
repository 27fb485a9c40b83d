"""What the list of a choice shows when it opens."""

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
@pytest.mark.parametrize("count", [2, 6])
def test_a_short_list_shows_every_choice_at_once(qtbot: QtBot, count: int) -> None:
    combo = QComboBox()
    combo.addItems([f"choice {number}" for number in range(count)])
    qtbot.addWidget(combo)
    combo.setCurrentIndex(count - 1)
    combo.show()
    qtbot.waitUntil(combo.isActiveWindow)
    combo.setFocus()
    combo.showPopup()
    view = combo.view()
    qtbot.waitUntil(view.hasFocus)
    rows = [view.visualRect(combo.model().index(row, 0)) for row in range(count)]
    assert rows[0].top() == 0
    assert rows[-1].bottom() <= view.viewport().rect().bottom()
    combo.hidePopup()


def test_a_choice_is_as_high_with_the_focus_as_without(qtbot: QtBot) -> None:
    combo = QComboBox()
    combo.addItem("choice")
    qtbot.addWidget(combo)
    combo.show()
    qtbot.waitUntil(combo.isActiveWindow)
    combo.clearFocus()
    height = combo.sizeHint().height()
    combo.setFocus()
    assert combo.sizeHint().height() == height
