"""The page of what needs a person: which task is shown, and doing what was chosen."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.application.inbox_service import InboxItem, TaskDone
from inkdesk.application.services import Services
from inkdesk.application.text import render
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.tasks import TaskAction
from inkdesk.ui.payments.inbox_words import question


class InboxView(Protocol):
    """The page."""

    def show_items(self, items: Sequence[InboxItem], chosen: int) -> None:
        """Show the list, with the row of ``chosen`` in it; none: the empty state."""
        ...

    def show_item(self, item: InboxItem | None) -> None:
        """Show one task with what can be done, or none."""
        ...

    def show_busy(self, *, is_busy: bool) -> None:
        """Whether something is being done: then nothing else can be chosen."""
        ...

    def show_said(self, sentence: str) -> None:
        """Say what came of it, "" nothing."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say why it was not done."""
        ...

    def ask(self, sentence: str, yes: str, done: Callable[[], None]) -> None:
        """Ask before what cannot be taken back."""
        ...

    def show_booking(self, booking_id: int) -> None:
        """Open a booking."""
        ...

    def show_letter(self, booking_id: int) -> None:
        """Open the ready message for a booking's client."""
        ...

    def show_page(self, url: str) -> None:
        """Open a page in the browser."""
        ...

    def show_link(self, booking_id: int, payment_id: int) -> None:
        """Open a new link, to be paid."""
        ...

    def forget_note(self) -> None:
        """The note was used."""
        ...


class InboxPresenter:
    """Reads the tasks and does what is chosen, one thing at a time. The latest answer of a reading wins.

    A try again after a failure has the key of the first try, so it is done once.
    """

    def __init__(
        self, view: InboxView, services: Services, background: Background, announce: Callable[[Changes], None]
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._announce = announce
        self._items: Sequence[InboxItem] = ()
        self._chosen: int | None = None
        self._asked = 0
        self._is_busy = False
        self._is_unread = False
        self._keys: dict[tuple[int, TaskAction], str] = {}

    @property
    def item(self) -> InboxItem | None:
        """The task that is shown."""
        return next((one for one in self._items if one.task_id == self._chosen), None)

    def follow(self, changes: Changes) -> None:
        """Read again if tasks, or the money or booking behind one, may have changed."""
        if changes.tasks or changes.payments or changes.bookings or changes.clients:
            self.reload()

    def reload(self) -> None:
        """Read the tasks."""
        self._asked += 1
        number = self._asked

        def done(items: Sequence[InboxItem]) -> None:
            if number != self._asked:
                return
            if self._is_unread:
                self._view.show_said("")
            self._is_unread = False
            self._show(items)

        def failed(error: InkDeskError) -> None:
            if number == self._asked:
                self._is_unread = True
                self._view.show_error(error)

        self._background.read(self._read, done, failed)

    def choose(self, row: int) -> None:
        """A person chose a row of the list: show its task; what was said of another is over."""
        self._view.show_said("")
        self._show_row(row)

    def do_preset(self, note: str) -> None:
        """Do what fits the shown task best."""
        if self.item is not None:
            self.do(self.item.actions[0], note)

    def do(self, action: TaskAction, note: str) -> None:
        """Do one of the actions of the shown task; what cannot be taken back is asked first."""
        item = self.item
        if item is None or self._is_busy or action not in item.actions:
            return
        if action is TaskAction.OPEN_BOOKING and item.booking_id is not None:
            self._view.show_booking(item.booking_id)
        elif action is TaskAction.WRITE_TO_CLIENT and item.booking_id is not None:
            self._view.show_letter(item.booking_id)
        elif action is TaskAction.OPEN_AT_STRIPE:
            self._view.show_page(item.page)
        elif (asked := question(action, item)) is not None:
            self._view.ask(*asked, lambda: self._do(item, action, note))
        else:
            self._do(item, action, note)

    def _do(self, item: InboxItem, action: TaskAction, note: str) -> None:
        if self._is_busy:
            return
        self._set_busy(is_busy=True)
        wish = (item.task_id, action)
        key = self._keys.setdefault(wish, uuid.uuid4().hex)

        def done(result: TaskDone) -> None:
            del self._keys[wish]
            self._set_busy(is_busy=False)
            self._view.forget_note()
            self._view.show_said(render(result.said) if result.said else "")
            self._announce(result.changes)
            self.reload()
            if result.payment_id is not None and item.booking_id is not None:
                self._view.show_link(item.booking_id, result.payment_id)

        def failed(error: InkDeskError) -> None:
            self._set_busy(is_busy=False)
            self._view.show_error(error)
            if error.code is not ErrorCode.VALIDATION:  # something may have been written all the same
                self._announce(EVERYTHING)
            self.reload()

        self._background.call(lambda: self._services.inbox.do(item.task_id, action, key, note=note), done, failed)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._view.show_busy(is_busy=is_busy)

    def _read(self) -> list[InboxItem]:
        items, studio = self._services.inbox.open(), self._services.studio.find()
        region = studio.phone_region if studio else ""
        phones = self._services.phones
        return [replace(one, phone=phones.show(one.phone, region)) if one.phone and region else one for one in items]

    def _show(self, items: Sequence[InboxItem]) -> None:
        """The chosen task stays chosen; after one that went, the next one is."""
        before = [one.task_id for one in self._items]
        row = before.index(self._chosen) if self._chosen in before else 0
        self._items = items
        ids = [one.task_id for one in items]
        chosen = ids.index(self._chosen) if self._chosen in ids else min(row, len(items) - 1)
        self._view.show_items(items, chosen)
        self._show_row(chosen)

    def _show_row(self, row: int) -> None:
        item = self._items[row] if 0 <= row < len(self._items) else None
        self._chosen = item.task_id if item else None
        self._view.show_item(item)
