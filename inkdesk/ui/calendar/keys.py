"""What each action of the calendar does; the key map says by which key, and Tab is the view's own."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from PySide6.QtGui import QKeyEvent

from inkdesk.ui.calendar.carrying import Carrying
from inkdesk.ui.calendar.hand import Hand
from inkdesk.ui.calendar.month_presenter import MonthPresenter
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.common.actions import Where
from inkdesk.ui.common.key_press import key_names
from inkdesk.ui.common.keymap import KeyMap


class Keyed(Protocol):
    """What keys act on."""

    presenter: CalendarPresenter
    hand: Hand

    def act(self, step: Callable[[], object]) -> None:
        """Take a step and show it."""
        ...

    def turn(self, ranges: int) -> None:
        """Turn the page."""
        ...

    def go_today(self) -> None:
        """Show today."""
        ...

    def open_or_create(self) -> None:
        """Open the booking or make one."""
        ...

    def move_booking(self) -> None:
        """Move the selected booking."""
        ...

    def zoom(self, steps: int) -> None:
        """Zoom; 0 is the ordinary size."""
        ...

    def page_slots(self) -> int:
        """How many slots a page key goes."""
        ...


def _slots(count: int) -> Callable[[Keyed], None]:
    return lambda view: view.act(lambda: view.presenter.step_slots(count))


def _pages(count: int) -> Callable[[Keyed], None]:
    return lambda view: view.act(lambda: view.presenter.step_slots(count * view.page_slots()))


def _lanes(count: int) -> Callable[[Keyed], None]:
    return lambda view: view.act(lambda: view.presenter.step_lanes(count))


def _turn(ranges: int) -> Callable[[Keyed], None]:
    return lambda view: view.turn(ranges)


def _zoom(steps: int) -> Callable[[Keyed], None]:
    return lambda view: view.zoom(steps)


def _carry(step: Callable[[Carrying], object]) -> Callable[[Keyed], None]:
    return lambda view: view.hand.carry(step)


def _enter(view: Keyed) -> None:
    if not view.hand.put_down():
        view.open_or_create()


def _escape(view: Keyed) -> None:
    if not view.hand.take_back():
        view.act(lambda: view.presenter.select(None))


DEEDS: dict[str, Callable[[Keyed], None]] = {
    "slot_up": _slots(-1),
    "slot_down": _slots(1),
    "lane_left": _lanes(-1),
    "lane_right": _lanes(1),
    "page_up": _pages(-1),
    "page_down": _pages(1),
    "earlier": _turn(-1),
    "later": _turn(1),
    "today": lambda view: view.go_today(),
    "move": lambda view: view.move_booking(),
    "open": _enter,
    "unselect": _escape,
    "carry_up": _carry(lambda hand: hand.step_slots(-1)),
    "carry_down": _carry(lambda hand: hand.step_slots(1)),
    "carry_left": _carry(lambda hand: hand.step_lanes(-1)),
    "carry_right": _carry(lambda hand: hand.step_lanes(1)),
    "shorter": _carry(lambda hand: hand.stretch(-1)),
    "longer": _carry(lambda hand: hand.stretch(1)),
    "zoom_in": _zoom(1),
    "zoom_out": _zoom(-1),
    "zoom_usual": _zoom(0),
}
"""What each action of the calendar does there, by its name."""


class MonthKeyed(Protocol):
    """What keys act on in the month."""

    month: MonthPresenter

    def act(self, step: Callable[[], object]) -> None:
        """Take a step and show it."""
        ...

    def open(self) -> None:
        """Open the booking or the date."""
        ...

    def move_booking(self) -> None:
        """Move the selected booking."""
        ...


def _days(count: int) -> Callable[[MonthKeyed], None]:
    return lambda view: view.act(lambda: view.month.step_days(count))


def _months(count: int) -> Callable[[MonthKeyed], None]:
    return lambda view: view.act(lambda: view.month.calendar.turn(count))


MONTH_DEEDS: dict[str, Callable[[MonthKeyed], None]] = {
    "slot_up": _days(-7),
    "slot_down": _days(7),
    "lane_left": _days(-1),
    "lane_right": _days(1),
    "page_up": _months(-1),
    "page_down": _months(1),
    "earlier": _months(-1),
    "later": _months(1),
    "today": lambda view: view.act(lambda: view.month.calendar.put_day(view.month.calendar.today)),
    "move": lambda view: view.move_booking(),
    "open": lambda view: view.open(),
    "unselect": lambda view: view.act(lambda: view.month.calendar.select(None)),
}
"""The same in the month, where slots are weeks, lanes are dates and nothing is zoomed."""


class AgendaKeyed(Protocol):
    """What keys act on in the agenda."""

    presenter: CalendarPresenter

    def act(self, step: Callable[[], object]) -> None:
        """Take a step and show it."""
        ...

    def open(self) -> None:
        """Open the booking."""
        ...

    def move_booking(self) -> None:
        """Move the selected booking."""
        ...


def _weeks(pages: int) -> Callable[[AgendaKeyed], None]:
    return lambda view: view.act(lambda: view.presenter.turn(pages))


AGENDA_DEEDS: dict[str, Callable[[AgendaKeyed], None]] = {
    "earlier": _weeks(-1),
    "later": _weeks(1),
    "today": lambda view: view.act(lambda: view.presenter.go_to(view.presenter.today)),
    "move": lambda view: view.move_booking(),
    "open": lambda view: view.open(),
}
"""The same in the agenda; the arrows and page keys are the table's own."""

V = TypeVar("V")


def deed_for(event: QKeyEvent, keymap: KeyMap, deeds: Mapping[str, Callable[[V], None]]) -> Callable[[V], None] | None:
    """What a key press does in a view of the calendar; None if it means nothing there."""
    names = [keymap.action(key, Where.CALENDAR) or "" for key in key_names(event)]
    return next((deeds[name] for name in names if name in deeds), None)
