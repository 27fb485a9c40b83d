"""What each key does in the calendar; Tab and Enter on a booking are the view's own."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt

from inkdesk.ui.calendar.presenter import CalendarPresenter


class Keyed(Protocol):
    """What keys act on."""

    presenter: CalendarPresenter

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


Press = tuple[Qt.KeyboardModifier, Qt.Key]


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


def _today(view: Keyed) -> None:
    view.go_today()


def _enter(view: Keyed) -> None:
    view.open_or_create()


def _move(view: Keyed) -> None:
    view.move_booking()


def _escape(view: Keyed) -> None:
    view.act(lambda: view.presenter.select(None))


_K, _PLAIN, _CTRL = Qt.Key, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier

KEYS: dict[Press, Callable[[Keyed], None]] = {
    (_PLAIN, _K.Key_Up): _slots(-1),
    (_PLAIN, _K.Key_Down): _slots(1),
    (_PLAIN, _K.Key_Left): _lanes(-1),
    (_PLAIN, _K.Key_Right): _lanes(1),
    (_PLAIN, _K.Key_PageUp): _pages(-1),
    (_PLAIN, _K.Key_PageDown): _pages(1),
    (_CTRL, _K.Key_Left): _turn(-1),
    (_CTRL, _K.Key_Right): _turn(1),
    (_PLAIN, _K.Key_T): _today,
    (_PLAIN, _K.Key_Home): _today,
    (_PLAIN, _K.Key_M): _move,
    (_PLAIN, _K.Key_Return): _enter,
    (_PLAIN, _K.Key_Enter): _enter,
    (_PLAIN, _K.Key_Escape): _escape,
    (_CTRL, _K.Key_Plus): _zoom(1),
    (_CTRL, _K.Key_Equal): _zoom(1),
    (_CTRL, _K.Key_Minus): _zoom(-1),
    (_CTRL, _K.Key_0): _zoom(0),
}


def action_for(modifiers: Qt.KeyboardModifier, key: int) -> Callable[[Keyed], None] | None:
    """The action of a key press; keypad and Shift (which some layouts need for + or digits) do not count."""
    counted = modifiers & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return KEYS.get((counted, Qt.Key(key)))
