"""The menu of a place in the calendar: what can be done with the selected block, and what is new there."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QMenu

from inkdesk.application.text import tr
from inkdesk.ui.calendar.picture import cursor_box

if TYPE_CHECKING:
    from inkdesk.ui.calendar.view import CalendarView


def make_context_menu(view: "CalendarView") -> QMenu:
    """The menu for the selection and the cursor; it deletes itself when it closes."""
    presenter = view.presenter
    is_booking, has_place = presenter.selected_booking() is not None, presenter.cursor is not None
    is_group = presenter.selected() is not None and not is_booking
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    opens = tr("&Open group sitting") if is_group else tr("&Open booking")
    _add(menu, opens, view.open_or_create, is_enabled=is_booking or is_group)
    _add(menu, tr("&Move…"), view.move_booking, is_enabled=is_booking)
    _add(menu, tr("&Repeat…"), view.repeat_booking, is_enabled=is_booking)
    menu.addSeparator()
    _add(menu, tr("&New booking here"), view.create_here, is_enabled=has_place)
    _add(menu, tr("New &group sitting here…"), view.plan_group_here, is_enabled=has_place)
    return menu


def menu_point(view: "CalendarView", event: QContextMenuEvent) -> QPoint:
    """Where on the screen the menu opens: under the pointer, or at the cursor if keys asked for it."""
    if event.reason() is QContextMenuEvent.Reason.Mouse:
        return event.globalPos()
    box = cursor_box(view.presenter, view.geometry_px)
    at = QPoint(box.x + 8, box.y + 8) - view.offset() if box else QPoint(8, 8)
    return view.viewport().mapToGlobal(at)


def _add(menu: QMenu, words: str, act: Callable[[], None], *, is_enabled: bool) -> None:
    action = QAction(words, menu)
    action.setEnabled(is_enabled)
    action.triggered.connect(act)
    menu.addAction(action)
