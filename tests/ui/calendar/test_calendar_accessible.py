"""The calendar as a screen reader meets it: through Qt's own accessibility tree."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.shown import id_of

Name = QAccessible.Text.Name


def interface(page: CalendarPage) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(page.view)
    assert found is not None
    return found


def named(page: CalendarPage, name: str) -> QAccessibleInterface:
    tree = interface(page)
    return next(c for n in range(tree.childCount()) if (c := tree.child(n)) and name in c.text(Name))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[QAccessibleEvent]:
    """Every event sent to assistive technology, as if one were listening."""
    events: list[QAccessibleEvent] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", events.append)
    return events


def test_the_calendar_is_a_list_of_its_visible_bookings(page: CalendarPage) -> None:
    tree = interface(page)
    names = [tree.child(n).text(Name) for n in range(tree.childCount())]
    assert (tree.role(), tree.text(Name)) == (QAccessible.Role.List, "Calendar")
    assert len(names) == len(page.view.visible_cards()) > 10
    assert names[0].startswith("completed, Anna Rossi, Half sleeve, session 2, with Mia Laurent, ")
    assert any(name.startswith("held, not paid, 35 min left, Zoé Lambert, Dotwork") for name in names)


def test_an_item_knows_its_place_state_and_kin(page: CalendarPage) -> None:
    page.select_booking(9)
    tree, item = interface(page), named(page, "Paul Girard")
    middle = item.rect().center()
    assert item.role() == QAccessible.Role.ListItem
    assert item.isValid()
    assert item.parent() == tree
    assert (item.childCount(), item.indexOfChild(tree)) == (0, -1)
    assert not any((item.child(0), item.childAt(0, 0)))
    assert tree.indexOfChild(item) == [id_of(c) for c, _ in page.view.visible_cards()].index(9)
    hit = tree.childAt(middle.x(), middle.y())
    assert hit is not None
    assert hit.text(Name) == item.text(Name)
    state = item.state()
    assert (state.selected, state.focused, state.focusable, state.invalid) == (1, 1, 1, 0)
    focused = tree.focusChild()
    assert focused is not None
    assert focused.text(Name) == item.text(Name)
    assert named(page, "Omar Haddad").state().selected == 0


def test_only_what_shows_is_a_child_and_what_left_is_invalid(page: CalendarPage) -> None:
    item = named(page, "Paul Girard")
    page.view.verticalScrollBar().setValue(0)
    page.resize(1280, 400)
    assert interface(page).childCount() == 0
    assert not item.isValid()
    assert item.text(Name) == ""
    assert item.rect().isEmpty()
    assert interface(page).childAt(5, 5) is None
    assert interface(page).child(0) is None


def test_walking_moves_the_focus_or_announces_the_place(page: CalendarPage, told: list[QAccessibleEvent]) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Tab)
    QTest.keyClick(page.view, Qt.Key.Key_Up)
    focus, place = told
    assert (focus.type(), focus.child()) == (QAccessible.Event.Focus, 0)
    assert isinstance(place, QAccessibleAnnouncementEvent)
    assert place.message() == "free place, Mia Laurent, 2026-11-23, 09:45"


def test_nobody_is_told_while_the_keys_go_elsewhere(page: CalendarPage, told: list[QAccessibleEvent]) -> None:
    page.filter.setFocus()
    told.clear()
    page.select_booking(9)
    assert told == []


def test_the_value_tells_the_cursor(page: CalendarPage) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    words = interface(page).text(QAccessible.Text.Value)
    assert words == "free place, Tom Okafor, 2026-11-23, 09:00"


def test_every_widget_that_takes_focus_has_a_name(page: CalendarPage) -> None:
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and (found := QAccessible.queryAccessibleInterface(widget)) is not None
        and not found.text(Name)
    ]
    assert nameless == []


def test_tab_order_is_reading_order(page: CalendarPage) -> None:
    chain: list[QWidget] = [page]
    while (after := chain[-1].nextInFocusChain()) and after is not page:
        chain.append(after)
    tools = [page.today, page.back, page.forth, page.filter, page.artists, page.day, page.week, page.new, page.view]
    assert [widget for widget in chain if widget in tools] == tools


def test_an_interface_outlives_its_calendar_in_peace(qtbot: QtBot) -> None:
    page = CalendarPage(sample.ZONE, sample.NOW)
    page.resize(900, 600)
    page.show()
    page.show_range(sample.week())
    item = interface(page).child(0)
    assert item is not None
    assert item.isValid()
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    gc.collect()
    assert not item.isValid()
    assert (item.text(Name), item.rect().isEmpty(), item.state().invalid) == ("", True, 1)


def test_other_widgets_are_left_to_qt(page: CalendarPage) -> None:
    found = QAccessible.queryAccessibleInterface(page.new)
    assert found is not None
    assert found.role() == QAccessible.Role.Button
