"""The manual in the program."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkdesk.bootstrap import resource_folder
from inkdesk.ui.help import HelpDialog


@pytest.fixture
def shown(qtbot: QtBot) -> HelpDialog:
    dialog = HelpDialog(resource_folder())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.browser.hasFocus)
    return dialog


def test_a_link_leads_to_another_page_and_back_returns(shown: HelpDialog) -> None:
    manual = shown.browser.toPlainText()
    assert not shown.back.isEnabled()
    shown.browser.anchorClicked.emit(QUrl("keys.en.md"))
    assert shown.browser.toPlainText().startswith("Keys")
    QTest.keyClick(shown.browser, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown.browser.toPlainText() == manual
    assert not shown.back.isEnabled()


@pytest.mark.parametrize("link", ["https://example.org/x.md", "../README.md", "missing.md", "en.txt"])
def test_a_link_out_of_the_help_leads_nowhere(shown: HelpDialog, link: str) -> None:
    manual = shown.browser.toPlainText()
    shown.browser.anchorClicked.emit(QUrl(link))
    assert shown.browser.toPlainText() == manual
