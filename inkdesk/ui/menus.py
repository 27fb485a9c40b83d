"""The menu bar: every page and action with its key."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from inkdesk.application.text import tr
from inkdesk.ui.desk import Desk
from inkdesk.ui.palette.kinds import DATES, EVERYTHING, PEOPLE
from inkdesk.ui.window_actions import WindowActions

if TYPE_CHECKING:
    from inkdesk.ui.main_window import MainWindow

Line = tuple[str, str, Callable[[], object]]
"""An action's name, the menu's words and what is done."""


def make_menus(window: "MainWindow", desk: Desk, actions: WindowActions) -> None:
    """Fill the window's menu bar."""
    book, view, help_menu = (window.menuBar().addMenu(words) for words in (tr("&Book"), tr("&View"), tr("&Help")))
    _fill(book, actions, _book_lines(window, desk))
    _fill(view, actions, _view_lines(window, desk))
    _add_themes(view.addMenu(tr("&Theme")), desk)
    _fill(
        help_menu,
        actions,
        [
            [
                ("keys", tr("&Keys"), window.show_keys),
                ("help", tr("&How to use InkDesk"), lambda: _show_help(window, desk)),
            ]
        ],
    )


def _book_lines(window: "MainWindow", desk: Desk) -> list[list[Line]]:
    return [
        [
            ("book", tr("New &booking"), window.new_booking),
            ("book_series", tr("New &series…"), window.dialogs.plan_series),
            ("book_group", tr("New &group sitting…"), window.new_group),
        ],
        [("move", tr("&Move booking…"), window.move_booking)],
        [("look_for_payments", tr("Check &payments now"), lambda: desk.monitor.look_now(sweep=True))],
        [("quit", tr("&Quit"), window.close)],
    ]


def _view_lines(window: "MainWindow", desk: Desk) -> list[list[Line]]:
    def page(name: str) -> Callable[[], object]:
        return lambda: window.show_page(name)

    lines: list[list[Line]] = [
        [
            ("find_date", tr("&Go to a date…"), lambda: window.open_palette(DATES)),
            ("find_people", tr("&Find a client or a booking…"), lambda: window.open_palette(PEOPLE)),
            ("find_anything", tr("Find an&ything…"), lambda: window.open_palette(EVERYTHING)),
        ],
        [
            ("view_day", tr("&Day"), window.calendar.day.click),
            ("view_week", tr("&Week"), window.calendar.week.click),
            ("view_month", tr("&Month"), window.calendar.month.click),
            ("view_agenda", tr("&Agenda"), window.calendar.agenda.click),
        ],
        [
            ("page_calendar", tr("&Calendar"), page("calendar")),
            ("page_inbox", tr("&Needs you"), page("inbox")),
            ("page_ledger", tr("&Ledger"), page("ledger")),
            ("page_settings", tr("&Settings"), page("settings")),
        ],
    ]
    if desk.practice is not None:
        lines.append([("practice", tr("&Practice console"), window.dialogs.show_practice)])
    return lines


def _fill(menu: QMenu, actions: WindowActions, groups: Sequence[Sequence[Line]]) -> None:
    for number, group in enumerate(groups):
        if number:
            menu.addSeparator()
        for name, words, act in group:
            menu.addAction(actions.make(name, words, act))


def _show_help(window: "MainWindow", desk: Desk) -> None:
    from inkdesk.ui.help import HelpDialog  # noqa: PLC0415 - not needed for the first week

    HelpDialog(desk.resources, window).show()


def _add_themes(menu: QMenu, desk: Desk) -> None:
    group = QActionGroup(menu)
    for name, words in (("system", tr("As the &system")), ("light", tr("&Light")), ("dark", tr("&Dark"))):
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(desk.theme == name)
        action.triggered.connect(lambda _checked=False, name=name: desk.choose_theme(name))
        group.addAction(action)
