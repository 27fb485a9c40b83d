"""The menu bar: every page and action with its key."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from inkdesk.application.text import tr
from inkdesk.ui.desk import Desk

if TYPE_CHECKING:
    from inkdesk.ui.main_window import MainWindow


def make_menus(window: "MainWindow", desk: Desk) -> None:
    """Fill the window's menu bar."""
    book = window.menuBar().addMenu(tr("&Book"))
    _add(book, tr("New &booking"), "F2", window.new_booking)
    _add(book, tr("New &series…"), "", window.dialogs.plan_series)
    _add(book, tr("New &group sitting…"), "", window.new_group)
    book.addSeparator()
    _add(book, tr("&Move booking…"), "", window.move_booking)
    book.addSeparator()
    _add(book, tr("Check &payments now"), "F5", lambda: desk.monitor.look_now(sweep=True))
    book.addSeparator()
    _add(book, tr("&Quit"), "Ctrl+Q", window.close)
    view = window.menuBar().addMenu(tr("&View"))
    pages = (
        ("calendar", tr("&Calendar")),
        ("inbox", tr("&Needs you")),
        ("ledger", tr("&Ledger")),
        ("settings", tr("&Settings")),
    )
    for number, (name, words) in enumerate(pages, start=1):
        _add(view, words, f"Ctrl+{number}", lambda name=name: window.show_page(name))  # type: ignore[misc]
    if desk.practice is not None:
        view.addSeparator()
        _add(view, tr("&Practice console"), "Ctrl+Shift+P", window.dialogs.show_practice)
    view.addSeparator()
    _add_themes(view.addMenu(tr("&Theme")), desk)
    help_menu = window.menuBar().addMenu(tr("&Help"))
    _add(help_menu, tr("&How to use InkDesk"), "F1", lambda: _show_help(window, desk))


def _show_help(window: "MainWindow", desk: Desk) -> None:
    from inkdesk.ui.help import HelpDialog  # noqa: PLC0415 - not needed for the first week

    HelpDialog(desk.resources, window).show()


def _add(menu: QMenu, words: str, keys: str, act: Callable[[], object]) -> QAction:
    action = menu.addAction(words)
    action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # also while a dialog beside it has the keys
    action.triggered.connect(lambda _checked=False: act())
    return action


def _add_themes(menu: QMenu, desk: Desk) -> None:
    group = QActionGroup(menu)
    for name, words in (("system", tr("As the &system")), ("light", tr("&Light")), ("dark", tr("&Dark"))):
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(desk.theme == name)
        action.triggered.connect(lambda _checked=False, name=name: desk.choose_theme(name))
        group.addAction(action)
