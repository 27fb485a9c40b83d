"""The page of what needs a person: every task on the left, the chosen one and what can be done on the right."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.application.inbox_service import InboxItem
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.tasks import TaskAction
from inkdesk.ui.common.forms import Notice, plain_label
from inkdesk.ui.common.prompts import confirm
from inkdesk.ui.payments.inbox_presenter import InboxPresenter
from inkdesk.ui.payments.inbox_words import row_text
from inkdesk.ui.payments.task_list import LEAST_WIDTH, TaskList
from inkdesk.ui.payments.task_panel import TaskPanel

MOST_LIST_PX, LIST_SHARE = 340, 38
"""The list takes this share of the width in percent, and at most so much."""


class InboxPage(QWidget):
    """Signals carry a booking's id (twice), a web address, a booking and its new payment, what was written."""

    booking_requested = Signal(int)
    letter_requested = Signal(int)
    link_requested = Signal(str)
    payment_requested = Signal(int, int)
    changed = Signal(object)

    def __init__(self, services: Services, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = InboxPresenter(self, services, background, self.changed.emit)
        self.list = TaskList()
        self.panel = TaskPanel()
        self.notice = Notice()
        self.empty = plain_label(
            tr("Nothing needs you. What the payments cannot settle by themselves will wait for you here."), "muted"
        )
        self._arrange()
        self._connect()
        self.presenter.reload()

    def reload(self, changes: Changes) -> None:
        """Read again if ``changes`` may show here."""
        self.presenter.follow(changes)

    # The presenter's view

    def show_items(self, items: Sequence[InboxItem], chosen: int) -> None:
        """Show the list, with the row of ``chosen`` in it; none: the empty state."""
        with QSignalBlocker(self.list):
            while self.list.count() > len(items):
                self.list.takeItem(self.list.count() - 1)
            for row, item in enumerate(items):
                self._show_row(row, row_text(item))
            self.list.setCurrentRow(chosen)
        had_keys = self._has_keys()
        self._pages.setCurrentWidget(self._tasks if items else self._nothing)
        if had_keys and (self.window().focusWidget() is self or not items):
            (self.list if items else self).setFocus()

    def show_item(self, item: InboxItem | None) -> None:
        """Show one task with what can be done, or none."""
        if item is None:
            self.panel.forget()
        else:
            self.panel.show_item(item)

    def show_busy(self, *, is_busy: bool) -> None:
        """Whether something is being done: then nothing else can be chosen."""
        if is_busy and self._has_keys():
            self.list.setFocus()  # a button that is switched off would drop the keys
        self.panel.set_busy(is_busy=is_busy)

    def show_said(self, sentence: str) -> None:
        """Say what came of it, "" nothing."""
        self.notice.show_text(sentence, "info")

    def show_error(self, error: InkDeskError) -> None:
        """Say why it was not done."""
        self.notice.show_text(render(error.message), "error")

    def ask(self, sentence: str, yes: str, done: Callable[[], None]) -> None:
        """Ask before what cannot be taken back."""
        confirm(self, sentence, yes=yes, done=done, is_danger=True)

    def show_booking(self, booking_id: int) -> None:
        """Open a booking."""
        self.booking_requested.emit(booking_id)

    def show_letter(self, booking_id: int) -> None:
        """Open the ready message for a booking's client."""
        self.letter_requested.emit(booking_id)

    def show_page(self, url: str) -> None:
        """Open a page in the browser."""
        self.link_requested.emit(url)

    def show_link(self, booking_id: int, payment_id: int) -> None:
        """Open a new link, to be paid."""
        self.payment_requested.emit(booking_id, payment_id)

    def forget_note(self) -> None:
        """The note was used."""
        self.panel.note.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        listed = min(MOST_LIST_PX, max(LEAST_WIDTH, self.width() * LIST_SHARE // 100))
        self._tasks.setSizes([listed, self.width() - listed])

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.list.count():
            self.list.setFocus(event.reason())

    def _has_keys(self) -> bool:
        """Whether the keys are here, or come back here when a question is answered."""
        focused = self.window().focusWidget()
        return focused is self or (focused is not None and self.isAncestorOf(focused))

    def _show_row(self, row: int, text: str) -> None:
        item = self.list.item(row)
        if item is None:
            self.list.addItem(text)
        elif item.text() != text:
            item.setText(text)

    def _do(self, action: TaskAction) -> None:
        self.presenter.do(action, self.panel.note.text())

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self.presenter.choose)
        self.list.preset_requested.connect(lambda: self.presenter.do_preset(self.panel.note.text()))
        self.list.done_requested.connect(lambda: self._do(TaskAction.ACKNOWLEDGE))
        self.panel.wished.connect(self._do)

    def _arrange(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.panel)
        self._tasks = QSplitter(Qt.Orientation.Horizontal)
        self._tasks.setChildrenCollapsible(False)
        self._tasks.setHandleWidth(6)
        self._tasks.addWidget(self.list)
        self._tasks.addWidget(scroll)
        self._tasks.setStretchFactor(1, 1)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing = QFrame()
        self._nothing.setProperty("panel", "card")
        QVBoxLayout(self._nothing).addWidget(self.empty)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self._tasks)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(plain_label(tr("Needs you"), "title", wraps=False))
        layout.addWidget(self.notice)
        layout.addWidget(self._pages, 1)
