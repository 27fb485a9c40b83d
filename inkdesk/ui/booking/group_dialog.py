"""One group sitting: who sits when, what is left, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import Booked
from inkdesk.application.changes import Changes
from inkdesk.application.group_commands import GroupSaved
from inkdesk.application.services import Services
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.booking.group_form import GroupForm
from inkdesk.ui.booking.presenter.groups import GroupPresenter, KnownGroup, group_facts, seated_row
from inkdesk.ui.booking.seat_dialog import SeatDialog
from inkdesk.ui.booking.series_dates import HEADER
from inkdesk.ui.booking.waiting_notice import WaitingNotice
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import ENTER, Form, Notice, PushButton, plain_label


class SeatedTable(QTableWidget):
    """One row a booking; Enter opens it."""

    opened = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class GroupDialog(QDialog):
    """Shows one group sitting; delete it after ``finished``.

    ``changed`` carries the ``Changes`` of what was done, ``booked`` a ``Booked`` whose link may have to be shown,
    ``booking_requested`` the id of a booking that shall be opened.
    """

    changed = Signal(object)
    booked = Signal(object)
    booking_requested = Signal(int)

    def __init__(
        self, services: Services, background: Background, *, group_id: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Group sitting"))
        self._services = services
        self._background = background
        self._group_id = group_id
        self._ids: list[int] = []
        self._seating: SeatDialog | None = None
        self._presenter = GroupPresenter(self, services, WhileAlive(background, self), group_id, self.changed.emit)
        self._make()
        self._arrange()
        self._presenter.reload()
        self.add_button.setFocus()

    def reload(self, changes: Changes) -> None:
        """Look again if ``changes`` may touch this group sitting."""
        if changes.bookings or changes.settings:
            self._presenter.reload()

    def show_known(self, known: KnownGroup) -> None:
        """Show it, also where a client is being seated."""
        group = known.group
        if self._seating is not None:
            self._seating.show_known(known)
        self.title.setText(group.title)
        self.cancelled.show_text(tr("This group sitting is cancelled.") if group.is_cancelled else "")
        self._show_facts(group_facts(known, self._services.clock.now()))
        row = max(0, self.table.currentRow())
        self._ids = [one.booking.id for one in known.seated]
        self.table.setRowCount(len(known.seated))
        for number, one in enumerate(known.seated):
            for column, text in enumerate(seated_row(one)):
                self.table.setItem(number, column, QTableWidgetItem(text))
        self.table.setCurrentCell(min(row, len(self._ids) - 1), 0)
        self.table.setVisible(bool(self._ids))
        self.nobody.setVisible(not self._ids)
        for button in (self.add_button, self.change_button, self.end_button):
            button.setVisible(not group.is_cancelled)
        self.open_button.setVisible(bool(self._ids))

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong."""
        self.notice.show_text(render(error.message), "error")

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while something is being saved."""
        if is_busy:
            self.notice.show_text("")
        self.notice.wait(is_waiting=is_busy)
        self._actions.setEnabled(not is_busy)
        self.close_button.setEnabled(not is_busy)

    @override
    def reject(self) -> None:
        """Close; while something is being saved its answer is awaited."""
        if not self._presenter.is_busy:
            super().reject()

    def _add_client(self) -> None:
        if self._presenter.known is None:
            return
        dialog = SeatDialog(self._services, self._background, self._presenter.known, self)
        dialog.booked.connect(self._seated)
        dialog.changed.connect(self.changed)
        dialog.finished.connect(self._end_seating)
        self._seating = dialog
        self._open(dialog)

    def _end_seating(self) -> None:
        self._seating = None

    def _change(self) -> None:
        if self._presenter.known is None:
            return
        dialog = GroupForm(self._services, self._background, group=self._presenter.known.group, parent=self)
        dialog.saved.connect(self._saved)
        self._open(dialog)

    def ask_end(self, known: KnownGroup, *, is_paid: bool, held: str) -> None:
        """Ask whether it shall be cancelled, and if ``is_paid`` what becomes of the deposits."""
        dialog = EndGroupDialog(known, self, is_paid=is_paid, held=held)
        dialog.decided.connect(self._presenter.cancel)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _seated(self, booked: Booked) -> None:
        self._presenter.reload()
        self.booked.emit(booked)

    def _saved(self, saved: GroupSaved) -> None:
        self._presenter.reload()
        self.changed.emit(saved.changes)

    def _open_row(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self.booking_requested.emit(self._ids[row])

    def _show_facts(self, lines: Sequence[tuple[str, str]]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (caption, text) in enumerate(lines):
            self._facts.addWidget(plain_label(caption, "muted", wraps=False), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(plain_label(text), row, 1)

    def _make(self) -> None:
        self.title = plain_label(role="title")
        self.cancelled, self.notice = Notice("warning"), WaitingNotice()
        self.table = SeatedTable(0, 4)
        self.table.setAccessibleName(tr("Who sits when"))
        self.table.setHorizontalHeaderLabels([tr("Client"), tr("Time"), tr("Seats"), tr("Status")])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setStyleSheet(HEADER)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.opened.connect(self._open_row)
        self.table.cellDoubleClicked.connect(lambda row, _column: self._open_row(row))
        self.table.hide()
        self.nobody = plain_label(tr("Nobody has a seat yet. Add the first client."), "muted")
        self.add_button = PushButton(tr("&Add a client…"))
        self.add_button.setProperty("kind", "primary")
        self.add_button.clicked.connect(self._add_client)
        self.open_button = PushButton(tr("&Open booking"))
        self.open_button.clicked.connect(lambda: self._open_row(self.table.currentRow()))
        self.change_button = PushButton(tr("C&hange…"))
        self.change_button.clicked.connect(self._change)
        self.end_button = PushButton(tr("Cancel &group sitting…"))
        self.end_button.setProperty("kind", "danger")
        self.end_button.clicked.connect(self._presenter.ask_end)
        self.close_button = PushButton(tr("Close"))
        self.close_button.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self._actions = QWidget()
        actions = QHBoxLayout(self._actions)
        actions.setContentsMargins(0, 0, 0, 0)
        for button in (self.add_button, self.open_button, self.change_button, self.end_button):
            actions.addWidget(button)
        actions.addStretch(1)
        footer = QHBoxLayout()
        footer.addWidget(self._actions, 1)
        footer.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        layout.addWidget(self.cancelled)
        layout.addLayout(self._facts)
        layout.addWidget(plain_label(tr("Who sits when"), "heading", wraps=False))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.nobody, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.notice)
        layout.addLayout(footer)
        self.resize(640, 520)


class EndGroupDialog(QDialog):
    """Asks what becomes of the deposits. ``decided`` carries (fate or None if nobody booked, reason)."""

    decided = Signal(object, str)

    def __init__(self, known: KnownGroup, parent: QWidget | None = None, *, is_paid: bool, held: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Cancel group sitting"))
        self.fates: dict[DepositFate, QRadioButton] = {}
        self.reason = QLineEdit()
        self.form = Form()
        self.form.add_row("reason", tr("Rea&son"), self.reason)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(plain_label(tr("Cancel {group}? The artist becomes free.", group=known.group.title)))
        self._count = len(known.seated)
        if self._count:
            layout.addWidget(plain_label(_booked_words(self._count)))
        if is_paid:
            self._make_fates(layout, held)
        layout.addWidget(self.form)
        self.accept_button = PushButton(tr("&Cancel group sitting"))
        self.accept_button.setProperty("kind", "danger")
        self.accept_button.clicked.connect(self._decide)
        self.refuse_button = QPushButton(tr("&Go back"))
        self.refuse_button.setDefault(True)
        self.refuse_button.clicked.connect(self.reject)
        footer = QHBoxLayout()
        footer.addStretch(1)
        footer.addWidget(self.accept_button)
        footer.addWidget(self.refuse_button)
        layout.addLayout(footer)
        self.setMinimumWidth(420)
        self.reason.setFocus()

    def _make_fates(self, layout: QVBoxLayout, held: str) -> None:
        layout.addWidget(plain_label(tr("What becomes of the deposits that were paid?"), "heading"))
        if held:
            layout.addWidget(plain_label(held, "muted"))
        self.fates = {
            DepositFate.REFUND: QRadioButton(tr("&Refund it")),
            DepositFate.KEEP: QRadioButton(tr("The studio k&eeps it")),
            DepositFate.CREDIT: QRadioButton(tr("Credit it to the c&lient")),
        }
        self._group = QButtonGroup(self)
        for fate, button in self.fates.items():
            self._group.addButton(button)
            button.setChecked(fate is DepositFate.REFUND)
            layout.addWidget(button)

    def _decide(self) -> None:
        # What is paid for a seat while this is asked goes back, too.
        nothing_paid = DepositFate.REFUND if self._count else None
        fate = next((fate for fate, button in self.fates.items() if button.isChecked()), nothing_paid)
        self.decided.emit(fate, self.reason.text().strip())
        self.accept()


def _booked_words(count: int) -> str:
    return ntr("One booking is cancelled with it.", "{n} bookings are cancelled with it.", count)
