"""Everything that has a key: its name, its words, its keys as they come. No Qt.

A key is written as Qt writes it portably (``Ctrl+Left``, ``Del``, ``Shift+F10``) and means a symbol, not a place on the
keyboard. ``inkdesk.ui.common.keymap`` has what a user changed of it.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from inkdesk.application.text import tr


class Where(Enum):
    """Where an action's keys work."""

    ANYWHERE = "anywhere"
    """In every window, except that a text field keeps the keys it edits with."""
    WINDOW = "window"
    """While no dialog has the keys, which may mean something else by them."""
    CALENDAR = "calendar"
    """While the calendar has the focus: only there may a key be a single letter."""


class Group(Enum):
    """The chapters of the key map, in order."""

    BOOK = "book"
    WALK = "walk"
    CHANGE = "change"
    LOOK = "look"
    PROGRAM = "program"


class Action(NamedTuple):
    """One thing that can be done. ``words`` says it in the reader's language, without a mnemonic."""

    name: str
    group: Group
    words: Callable[[], str]
    keys: tuple[str, ...] = ()
    where: Where = Where.ANYWHERE


def group_words(group: Group) -> str:
    """The heading of a chapter."""
    match group:
        case Group.BOOK:
            return tr("Booking")
        case Group.WALK:
            return tr("Walking through the calendar")
        case Group.CHANGE:
            return tr("Changing what is selected")
        case Group.LOOK:
            return tr("Looking")
        case Group.PROGRAM:
            return tr("Pages and program")


_B, _W, _C, _L, _P, _CAL, _WIN = (
    *(Group.BOOK, Group.WALK, Group.CHANGE, Group.LOOK, Group.PROGRAM),
    *(Where.CALENDAR, Where.WINDOW),
)

ACTIONS: tuple[Action, ...] = (
    Action("book", _B, lambda: tr("New booking"), ("F2",)),
    Action("book_series", _B, lambda: tr("New series")),
    Action("book_group", _B, lambda: tr("New group sitting")),
    Action("look_for_payments", _B, lambda: tr("Check payments now"), ("F5",)),
    Action("slot_up", _W, lambda: tr("One slot up"), ("Up",), _CAL),
    Action("slot_down", _W, lambda: tr("One slot down"), ("Down",), _CAL),
    Action("lane_left", _W, lambda: tr("One artist or day to the left"), ("Left",), _CAL),
    Action("lane_right", _W, lambda: tr("One artist or day to the right"), ("Right",), _CAL),
    Action("page_up", _W, lambda: tr("A page up"), ("PgUp",), _CAL),
    Action("page_down", _W, lambda: tr("A page down"), ("PgDown",), _CAL),
    Action("earlier", _W, lambda: tr("Earlier: the day, week or month before"), ("Ctrl+Left",), _CAL),
    Action("later", _W, lambda: tr("Later: the next day, week or month"), ("Ctrl+Right",), _CAL),
    Action("today", _W, lambda: tr("Today"), ("T", "Home"), _CAL),
    Action("open", _W, lambda: tr("Open the booking, or book the free place"), ("Return", "Enter"), _CAL),
    Action("unselect", _W, lambda: tr("Select nothing"), ("Esc",), _CAL),
    Action("move", _C, lambda: tr("Move the booking in a form"), ("M",), _CAL),
    Action("carry_up", _C, lambda: tr("Carry it up; Enter puts it down, Esc leaves it"), ("Alt+Up",), _CAL),
    Action("carry_down", _C, lambda: tr("Carry it down"), ("Alt+Down",), _CAL),
    Action("carry_left", _C, lambda: tr("Carry it to the left"), ("Alt+Left",), _CAL),
    Action("carry_right", _C, lambda: tr("Carry it to the right"), ("Alt+Right",), _CAL),
    Action("shorter", _C, lambda: tr("Make it shorter"), ("Ctrl+Alt+Up",), _CAL),
    Action("longer", _C, lambda: tr("Make it longer"), ("Ctrl+Alt+Down",), _CAL),
    Action("zoom_in", _L, lambda: tr("Larger"), ("Ctrl++", "Ctrl+="), _CAL),
    Action("zoom_out", _L, lambda: tr("Smaller"), ("Ctrl+-",), _CAL),
    Action("zoom_usual", _L, lambda: tr("The usual size"), ("Ctrl+0",), _CAL),
    Action("find_date", _L, lambda: tr("Go to a date"), ("Ctrl+G",), _WIN),
    Action("find_people", _L, lambda: tr("Find a client or a booking"), ("Ctrl+F",), _WIN),
    Action("find_anything", _L, lambda: tr("Find anything"), ("Ctrl+K",)),
    Action("view_day", _L, lambda: tr("Day"), ("Ctrl+1",), _WIN),
    Action("view_week", _L, lambda: tr("Week"), ("Ctrl+2",), _WIN),
    Action("view_month", _L, lambda: tr("Month"), ("Ctrl+3",), _WIN),
    Action("view_agenda", _L, lambda: tr("Agenda"), ("Ctrl+4",), _WIN),
    Action("page_calendar", _P, lambda: tr("Calendar"), ("F6",)),
    Action("page_inbox", _P, lambda: tr("Needs you"), ("F7",)),
    Action("page_ledger", _P, lambda: tr("Ledger"), ("F8",)),
    Action("page_settings", _P, lambda: tr("Settings"), ("F9",)),
    Action("practice", _P, lambda: tr("Practice console"), ("Ctrl+Shift+P",)),
    Action("keys", _P, lambda: tr("Keys"), ("F1",)),
    Action("help", _P, lambda: tr("How to use InkDesk"), ("Shift+F1",)),
    Action("quit", _P, lambda: tr("Quit"), ("Ctrl+Q",)),
)
"""Every action, in the order in which the key map shows them."""

BY_NAME = {action.name: action for action in ACTIONS}
FIXED: tuple[tuple[Group, tuple[str, ...], Callable[[], str]], ...] = (
    (_W, ("Tab", "Shift+Tab"), lambda: tr("The next booking, the one before")),
    (_C, ("Menu", "Shift+F10"), lambda: tr("The menu of this place")),
)
"""What the platform or the toolkit decides: shown in the map, and not to be changed."""
