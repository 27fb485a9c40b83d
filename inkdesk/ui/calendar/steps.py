"""A step of a view's presenter, and what it tells the page of it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance

from inkdesk.ui.calendar.presenter import CalendarPresenter


class Stepping(Protocol):
    """A view of the calendar: ``range_requested`` has two dates, ``selection_changed`` a block or None."""

    presenter: CalendarPresenter

    @property
    def range_requested(self) -> SignalInstance:
        """Other dates are shown."""
        ...

    @property
    def selection_changed(self) -> SignalInstance:
        """Another block is selected."""
        ...


def take_step(view: Stepping, step: Callable[[], object], shown: Callable[[], object]) -> None:
    """Take a step, let the view show it, then say which dates and which block are others now."""
    presenter = view.presenter
    dates, selected = (presenter.first, presenter.last), presenter.selected_id
    step()
    shown()
    if dates != (presenter.first, presenter.last):
        view.range_requested.emit(presenter.first, presenter.last)
    if selected != presenter.selected_id:
        view.selection_changed.emit(presenter.selected())
