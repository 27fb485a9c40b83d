"""The ledger's own keys in the window, which has keys, too."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.palette.dialog import PaletteDialog

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("part", ["range", "first", "artist", "line", "table"])
def test_ctrl_f_goes_to_the_filter_of_the_ledger_and_finds_people_elsewhere(
    qtbot: QtBot, window: MainWindow, part: str
) -> None:
    window.show_page("ledger")
    page = window.dialogs.ledger_page()
    places = {**{name: getattr(page.tools, name) for name in ("range", "first", "artist", "line")}, "table": page.table}
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    places[part].setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F, CTRL)
    assert page.tools.line.hasFocus()
    assert not window.findChildren(PaletteDialog)
    window.show_page("calendar")
    window.calendar.setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F, CTRL)
    assert [one.isVisible() for one in window.findChildren(PaletteDialog)] == [True]
