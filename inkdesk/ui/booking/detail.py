"""One booking: what, when, who, money, history, and what can be done with it."""

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.application.services import Services
from inkdesk.application.text import tr
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.checkout import TICK_MS, CheckoutDialog
from inkdesk.ui.booking.letter_dialog import LetterDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog, NoShowDialog
from inkdesk.ui.booking.money_menu import MoneyMenu, question_about
from inkdesk.ui.booking.move_dialog import MoveDialog
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms
from inkdesk.ui.booking.presenter.checkout import OpenUrl
from inkdesk.ui.booking.presenter.detail import BookingAction, DetailPresenter
from inkdesk.ui.booking.presenter.detail_words import (
    Known,
    balance_lines,
    error_words,
    facts,
    history_lines,
    payment_lines,
)
from inkdesk.ui.booking.presenter.money import MoneyAction
from inkdesk.ui.booking.presenter.words import standing_words
from inkdesk.ui.booking.presenter.writes import Announcements, Writes
from inkdesk.ui.booking.waiting_notice import slow_words
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import Notice, PushButton, plain_label

STATUS_PANELS = {
    BookingStatus.PENDING_PAYMENT: "warning",
    BookingStatus.REQUESTED: "info",
    BookingStatus.CONFIRMED: "success",
    BookingStatus.COMPLETED: "success",
    BookingStatus.NO_SHOW: "error",
    BookingStatus.CANCELLED: "card",
    BookingStatus.LAPSED: "card",
}
PAYMENTS_HEIGHT = 92
FIRST = (BookingAction.SHOW_LINK, BookingAction.NEW_LINK, BookingAction.CONFIRM, BookingAction.ARRIVED)
"""What the desk most likely wants: the main action, of which one is offered at most."""


class BookingDetailDialog(QDialog):
    """Shows one booking; delete it after ``finished``.

    ``changed`` tells the ``Changes`` of what was done; ``checkout_shown`` says whether a payable link is on the
    screen, so that the monitor can look more often. While something is being saved it cannot be closed.
    """

    checkout_shown = Signal(bool)
    repeat_requested = Signal(int)
    """A series like this booking is wanted: its id."""

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        booking_id: int,
        open_url: OpenUrl,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Booking"))
        self._services = services
        self._background = background
        self._booking_id = booking_id
        self._open_url = open_url
        self.changed = Announcements()
        writes = Writes(background, booking_id, lambda: shiboken6.isValid(self), self.changed.emit)
        self._presenter = DetailPresenter(self, services, WhileAlive(background, self), writes, booking_id)
        self.checkout: CheckoutDialog | None = None
        self._is_shown = False
        self._was_focused: QWidget | None = None
        self._make()
        self._arrange()
        self.finished.connect(self._close_checkout)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._presenter.reload()

    def reload(self, changes: Changes) -> None:
        """Look again if ``changes`` touch this booking, or may do so."""
        if self._booking_id in changes.bookings or changes.tasks or changes.settings:
            self._presenter.reload()
        if self.checkout is not None:
            self.checkout.reload(changes)

    def show_known(self, known: Known, actions: Sequence[BookingAction]) -> None:
        """Show the booking and offer these actions."""
        status = known.detail.card.status
        self.client.setText(known.detail.client.name)
        happened = [(what, why) for _, _, what, why in known.detail.history]
        self.status.show_text(standing_words(status, happened), STATUS_PANELS[status])
        self.write_button.setVisible(known.letter is not None)
        self.show_time_left()
        self._show_facts(facts(known))
        money = [*balance_lines(known.money), *payment_lines(known.detail)]
        self.payments.setPlainText("\n".join(money) or tr("No payment"))
        self.history.setPlainText("\n".join(history_lines(known.detail)))
        focused = self.focusWidget()
        loses_focus = any(button is focused and action not in actions for action, button in self.buttons.items())
        for action, button in self.buttons.items():
            button.setVisible(action in actions)
        if loses_focus or not self._is_shown:
            otherwise = self.payments if self._is_shown else self.close_button
            self._is_shown = True
            next((self.buttons[one] for one in actions if one in FIRST), otherwise).setFocus()

    def show_time_left(self) -> None:
        """Count the minutes of a hold down."""
        sentence = self._presenter.time_left()
        self.time_left.setText(sentence)
        self.time_left.setVisible(bool(sentence))

    def _tick(self) -> None:
        self.show_time_left()
        slow = slow_words()
        if self._presenter.is_slow():
            self.notice.show_text(slow, "info")
        elif self.notice.text() == slow:
            self.notice.show_text("")

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong."""
        self.notice.show_text(error_words(error), "error")

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while something is being saved; afterwards the focus is where it was."""
        self.notice.show_text("")
        if is_busy:
            self._was_focused = self.focusWidget()
        self._actions.setEnabled(not is_busy)
        self.close_button.setEnabled(not is_busy)
        if not is_busy and self._was_focused is not None:
            self._was_focused.setFocus()

    @override
    def reject(self) -> None:
        """Close; while something is being saved its answer is awaited."""
        if not self._presenter.is_busy():
            super().reject()

    def show_checkout(self, payment_id: int) -> None:
        """Show the link of a payment."""
        dialog = CheckoutDialog(
            self._services,
            self._background,
            booking_id=self._booking_id,
            payment_id=payment_id,
            open_url=self._open_url,
            opens_browser=False,
            parent=self,
        )
        dialog.changed.connect(self.changed.emit)
        dialog.finished.connect(self._checkout_closed)
        self.checkout = dialog
        dialog.open()
        self.checkout_shown.emit(True)  # noqa: FBT003 - a signal's argument

    def _close_checkout(self) -> None:
        if self.checkout is not None:
            self.checkout.reject()

    def _checkout_closed(self) -> None:
        if self.checkout is not None:
            self.checkout.deleteLater()
            self.checkout = None
            self.checkout_shown.emit(False)  # noqa: FBT003 - a signal's argument
        self._presenter.reload()

    def _write_to_client(self) -> None:
        known = self._presenter.known
        if known is not None and known.letter is not None:
            dialog = LetterDialog(known.letter, self._background, self._open_url, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _do(self, action: BookingAction) -> None:
        match action:
            case BookingAction.SHOW_LINK:
                self._presenter.show_link()
            case BookingAction.NEW_LINK:
                self._presenter.new_link()
            case BookingAction.MONEY:
                self.money_menu.open_for(self.buttons[action], self._presenter.money_actions())
            case BookingAction.CANCEL:
                self._presenter.ask_cancel()
            case BookingAction.MOVE:
                self._move()
            case BookingAction.REPEAT:
                self.repeat_requested.emit(self._booking_id)
            case _:
                self._presenter.mark(action)

    def ask_cancel(self, terms: CancelTerms, series: SeriesTerms | None) -> None:
        """Ask what becomes of the deposit, and of the series if it is one of a series."""
        known = self._presenter.known
        if known is None:
            return
        dialog = CancelDialog(known.detail.client.name, terms, self, series=series)
        dialog.decided.connect(self._cancel)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _cancel(self, fate: DepositFate | None, refund: Money | None, reason: str, scope: Scope) -> None:
        self._presenter.cancel(DepositFate(fate) if fate else None, refund, reason, Scope(scope))

    def _move(self) -> None:
        dialog = MoveDialog(self._services, self._background, booking_id=self._booking_id, parent=self)
        dialog.changed.connect(self.changed.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._presenter.reload)
        dialog.open()

    def ask_no_show(self, terms: CancelTerms) -> None:
        """Ask what becomes of the money of a client who did not come."""
        known = self._presenter.known
        if known is None:
            return
        dialog = NoShowDialog(known.detail.client.name, terms, self)
        dialog.decided.connect(self._no_show)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _no_show(self, fate: DepositFate | None, refund: Money | None, reason: str) -> None:
        self._presenter.no_show(DepositFate(fate) if fate else None, refund, reason)

    def _ask_money(self, action: MoneyAction) -> None:
        known = self._presenter.known
        if action is MoneyAction.NEW_LINK:
            self._presenter.new_link()
        elif known is not None:
            question = question_about(MoneyAction(action), known, self)
            question.wanted.connect(lambda wish: self._presenter.carry_out(wish, question))
            question.accepted.connect(self.payments.setFocus)  # a second Enter must press nothing
            question.finished.connect(question.deleteLater)
            question.open()

    def _show_facts(self, lines: Sequence[tuple[str, str]]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (caption, text) in enumerate(lines):
            value = plain_label(text)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(plain_label(caption, "muted", wraps=False), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)

    def _make(self) -> None:
        self.client = plain_label(role="title")
        self.status = Notice("info")
        self.time_left = plain_label()
        self.time_left.hide()
        self.notice = Notice("error")
        self.payments, self.history = _lines(tr("Payments")), _lines(tr("History"))
        self.payments.setMinimumHeight(PAYMENTS_HEIGHT)
        self.buttons = {action: PushButton(text) for action, text in _action_texts().items()}
        for action, button in self.buttons.items():
            button.hide()
            button.clicked.connect(lambda _checked, chosen=action: self._do(chosen))
        self.buttons[BookingAction.CANCEL].setProperty("kind", "danger")
        for main in FIRST:
            self.buttons[main].setProperty("kind", "primary")
        self.money_menu = MoneyMenu(self)
        self.money_menu.chosen.connect(self._ask_money)
        self.write_button = PushButton(tr("&Write to the client…"))
        self.write_button.hide()
        self.write_button.clicked.connect(self._write_to_client)
        self.close_button = PushButton(tr("Close"))
        self.close_button.clicked.connect(self.reject)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        left.addLayout(self._facts)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(plain_label(tr("Payments"), "heading", wraps=False))
        right.addWidget(self.payments, 1)
        right.addWidget(plain_label(tr("History"), "heading", wraps=False))
        right.addWidget(self.history, 1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self._actions = QWidget()
        actions = QHBoxLayout(self._actions)
        actions.setContentsMargins(0, 0, 0, 0)
        for button in self.buttons.values():
            actions.addWidget(button)
        actions.addStretch(1)
        footer = QHBoxLayout()
        footer.addWidget(self._actions, 1)
        footer.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        header = QHBoxLayout()
        header.addWidget(self.client, 1)
        header.addWidget(self.write_button)
        layout.addLayout(header)
        layout.addWidget(self.status)
        layout.addWidget(self.time_left)
        layout.addLayout(columns, 1)
        layout.addWidget(self.notice)
        layout.addLayout(footer)
        self.resize(820, 500)


def _lines(name: str) -> QPlainTextEdit:
    """Lines to read and to copy, literally."""
    shown = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
    shown.setAccessibleName(name)
    return shown


def _action_texts() -> dict[BookingAction, str]:
    return {
        BookingAction.SHOW_LINK: tr("Show &link"),
        BookingAction.NEW_LINK: tr("New &link"),
        BookingAction.CONFIRM: tr("&Confirm"),
        BookingAction.ARRIVED: tr("&Arrived"),
        BookingAction.DONE: tr("&Done"),
        BookingAction.NO_SHOW: tr("&No-show"),
        BookingAction.MONEY: tr("&Money…"),
        BookingAction.MOVE: tr("Mo&ve…"),
        BookingAction.REPEAT: tr("&Repeat…"),
        BookingAction.CANCEL: tr("Cancel &booking…"),
    }
