"""The key map on the screen, by key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot
from support.mnemonics import clashes

from inkdesk.application.text import tr
from inkdesk.ui.common.actions import ACTIONS, FIXED
from inkdesk.ui.common.keymap import KeyMap
from inkdesk.ui.keys.dialog import KeysDialog

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Changing:
    """The dialog with a person at the keys; ``kept`` are the maps it gave."""

    def __init__(self, qtbot: QtBot, keymap: KeyMap) -> None:
        self.dialog = KeysDialog(keymap)
        qtbot.addWidget(self.dialog)
        self.kept: list[KeyMap] = []
        self.dialog.changed.connect(self.kept.append)
        self.dialog.show()
        self.dialog.activateWindow()
        qtbot.waitUntil(self.dialog.search.hasFocus)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.dialog.focusWidget(), text)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.dialog.focusWidget(), key, modifiers)

    def lines(self) -> dict[str, str]:
        """Words and keys of every line that shows."""
        shown: dict[str, str] = {}
        walk = QTreeWidgetItemIterator(self.dialog.list, QTreeWidgetItemIterator.IteratorFlag.NotHidden)
        while item := walk.value():
            if item.parent() is not None:
                shown[item.text(0)] = item.text(1)
            walk += 1
        return shown


@pytest.fixture
def changing(qtbot: QtBot) -> Changing:
    return Changing(qtbot, KeyMap())


def test_every_key_is_shown_with_what_it_does(changing: Changing) -> None:
    assert list(changing.lines()) == [
        words
        for group in dict.fromkeys(one.group for one in ACTIONS)
        for words in [
            *(one.words() for one in ACTIONS if one.group is group),
            *(words() for chapter, _, words in FIXED if chapter is group),
        ]
    ]
    assert changing.lines()["Today"] == "T, Home"


def test_typing_finds_an_action_or_a_key(changing: Changing) -> None:
    changing.type("booking f2")
    assert changing.lines() == {"New booking": "F2"}
    assert changing.dialog.chosen() == "book"


def test_another_key_is_given_in_five_presses_and_kept(changing: Changing) -> None:
    changing.type("today")
    changing.key(KEY.Key_Tab)
    changing.key(KEY.Key_Return)
    changing.key(KEY.Key_J, CTRL)
    assert changing.lines() == {"Today": "Ctrl+J"}
    assert changing.kept == [KeyMap({"today": ("Ctrl+J",)})]
    assert changing.dialog.list.hasFocus()


def test_a_key_that_is_taken_is_refused_in_words(changing: Changing) -> None:
    changing.type("today")
    changing.key(KEY.Key_Tab)
    changing.key(KEY.Key_Return)
    changing.key(KEY.Key_F2)
    assert changing.dialog.notice.text() == tr(
        "{key} means “{action}” already. Give that another key first.", key="F2", action="New booking"
    )
    assert changing.kept == []


def test_escape_leaves_the_key_as_it_is_and_the_dialog_open(changing: Changing) -> None:
    changing.type("today")
    changing.key(KEY.Key_Tab)
    changing.key(KEY.Key_Return)
    changing.key(KEY.Key_Escape)
    assert changing.dialog.isVisible()
    assert changing.lines() == {"Today": "T, Home"}


def test_the_usual_key_comes_back_unless_another_has_it_now(qtbot: QtBot) -> None:
    changing = Changing(qtbot, KeyMap({"today": ("Ctrl+J",), "move": ("T",)}))
    changing.type("ctrl+j")
    changing.dialog.usual.click()
    assert "has this key now" in changing.dialog.notice.text()
    changing.dialog.take("Ctrl+K")
    changing.dialog.search.setText("form")
    changing.dialog.usual.click()
    changing.dialog.search.setText("today")
    changing.dialog.usual.click()
    assert changing.kept[-1] == KeyMap()


def test_single_letters_can_be_switched_off(changing: Changing) -> None:
    changing.dialog.letters.click()
    assert changing.lines()["Today"] == "Home"
    assert changing.kept == [KeyMap(has_letters=False)]


def test_no_two_things_share_a_letter(changing: Changing) -> None:
    assert clashes(changing.dialog) == {}


def test_a_key_is_found_and_changed_from_the_line(changing: Changing) -> None:
    changing.type("agenda")
    changing.key(KEY.Key_Return)
    assert changing.dialog.press.hasFocus()
    changing.key(KEY.Key_Escape)
    changing.dialog.search.setFocus()
    changing.key(KEY.Key_Down)
    assert changing.dialog.list.hasFocus()


def test_the_map_opens_at_its_first_action(changing: Changing) -> None:
    assert changing.dialog.chosen() == ACTIONS[0].name
    assert changing.dialog.list.verticalScrollBar().value() == 0
