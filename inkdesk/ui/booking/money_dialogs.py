"""Two small questions about money: what becomes of a deposit on a cancel, and what came by hand."""

import uuid

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from inkdesk.application.text import tr
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.presenter.detail import CancelTerms, SeriesTerms
from inkdesk.ui.booking.presenter.words import method_words
from inkdesk.ui.booking.scope_field import ScopeField
from inkdesk.ui.common.forms import Form, MoneyEdit, PushButton, plain_label


class CancelDialog(QDialog):
    """Asks once, with the policy's answer preset. ``decided`` carries (fate, refund or None, reason, scope).

    If the booking is one of a ``series`` it also asks how far the cancel goes; what was paid in all follows.
    """

    decided = Signal(object, object, str, object)

    def __init__(
        self, who: str, terms: CancelTerms, parent: QWidget | None = None, *, series: SeriesTerms | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Cancel booking"))
        self._terms = terms
        self.form = Form()
        self.reason = QLineEdit()
        self.refund = MoneyEdit("refund")
        self.scope: ScopeField | None = None
        layout = _layout(self)
        layout.addWidget(plain_label(tr("Cancel the booking of {who}? The slot becomes free.", who=who)))
        if series is not None:
            self._add_scope(layout, series)
        self.policy = plain_label(role="muted")
        layout.addWidget(self.policy)
        self._make_fates(layout)
        self.form.add_row("refund", tr("&Amount"), self.refund)
        self.form.add_row("reason", tr("Rea&son"), self.reason)
        layout.addWidget(self.form)
        self.accept_button = PushButton(tr("&Cancel the booking"))
        self.accept_button.setProperty("kind", "danger")
        self.refuse_button = QPushButton(tr("&Go back"))
        self.refuse_button.setDefault(True)  # Enter cancels nothing
        _add_buttons(self, layout, self.accept_button, self.refuse_button)
        self.accept_button.clicked.connect(self._decide)
        self._show_terms(terms)
        self.reason.setFocus()

    def _add_scope(self, layout: QVBoxLayout, series: SeriesTerms) -> None:
        question = tr(
            "Sitting {number} of {count} of a series. What shall be cancelled?",
            number=series.number,
            count=series.count,
        )
        self.scope = ScopeField(question)
        self.scope.chosen.connect(lambda scope: self._show_terms(series.terms[scope]))
        layout.addWidget(self.scope)

    def _show_terms(self, terms: CancelTerms) -> None:
        """What was paid for all that is cancelled, and the policy's answer; nothing if nothing was."""
        self._terms = terms
        is_paid = bool(terms.paid.amount_minor)
        self.policy.setText(_policy_line(terms) if is_paid else "")
        self.policy.setVisible(is_paid)
        for button in self.fates.values():
            button.setVisible(is_paid)
        self.refund.set_money(terms.refund if terms.refund.amount_minor else terms.paid)
        self.fates[terms.fate].setChecked(True)
        self._show_amount()

    def _make_fates(self, layout: QVBoxLayout) -> None:
        self.fates = {
            DepositFate.REFUND: QRadioButton(tr("&Refund it")),
            DepositFate.KEEP: QRadioButton(tr("The studio k&eeps it")),
            DepositFate.CREDIT: QRadioButton(tr("Credit it to the c&lient")),
        }
        self._group = QButtonGroup(self)
        for button in self.fates.values():
            self._group.addButton(button)
            button.toggled.connect(self._show_amount)
            layout.addWidget(button)

    def _show_amount(self) -> None:
        is_refund = bool(self._terms.paid.amount_minor) and self.fates[DepositFate.REFUND].isChecked()
        self.form.set_row_visible("refund", is_visible=is_refund)

    def _decide(self) -> None:
        is_paid = bool(self._terms.paid.amount_minor)
        chosen = next(fate for fate, button in self.fates.items() if button.isChecked())
        fate = chosen if is_paid else DepositFate.KEEP
        self.form.clear_errors()
        try:
            refund = self._refund() if fate is DepositFate.REFUND else None
        except InkDeskError as error:
            self.form.show_error(error)
            return
        scope = self.scope.scope() if self.scope is not None else Scope.ONE
        self.decided.emit(fate, refund, self.reason.text().strip(), scope)
        self.accept()

    def _refund(self) -> Money | None:
        refund = self.refund.money()
        if not 0 < refund.amount_minor <= self._terms.paid.amount_minor:
            raise ValidationError(
                message("Enter a refund above 0, at most the {paid} that were paid.", paid=self._terms.paid),
                field="refund",
            )
        return None if refund == self._terms.paid else refund


class MoneyByHandDialog(QDialog):
    """Asks how much came, at most the price ``most``, and how. ``decided`` carries (method, amount, request key)."""

    decided = Signal(object, object, str)

    def __init__(self, amount: Money, most: Money, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.setWindowTitle(tr("Take the deposit by hand"))
        self._request_key = uuid.uuid4().hex
        self.form = Form()
        self.amount = MoneyEdit("amount")
        self.amount.set_money(amount)
        self.method = QComboBox()
        for method in (PaymentMethod.CASH, PaymentMethod.TRANSFER, PaymentMethod.TERMINAL):
            self.method.addItem(method_words(method), method)
        self.form.add_row("amount", tr("&Amount"), self.amount)
        self.form.add_row("method", tr("&How"), self.method)
        layout = _layout(self)
        layout.addWidget(plain_label(tr("The money is here. A link that is still open is closed first."), "muted"))
        layout.addWidget(self.form)
        self.accept_button = QPushButton(tr("&Take the money"))
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        _add_buttons(self, layout, self.accept_button, PushButton(tr("Cancel")))
        self.accept_button.clicked.connect(self._decide)
        self.amount.setFocus()
        self.amount.selectAll()

    def _decide(self) -> None:
        self.form.clear_errors()
        try:
            amount = self.amount.money()
            if not 0 < amount.amount_minor <= self._most.amount_minor:
                sentence = message("Enter an amount above 0, at most the price of {price}.", price=self._most)
                raise ValidationError(sentence, field="amount")
        except InkDeskError as error:
            self.form.show_error(error)
            return
        self.decided.emit(self.method.currentData(), amount, self._request_key)
        self.accept()


def _layout(dialog: QDialog) -> QVBoxLayout:
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 16)
    layout.setSpacing(10)
    dialog.setMinimumWidth(420)
    return layout


def _add_buttons(dialog: QDialog, layout: QVBoxLayout, accept: QPushButton, refuse: QPushButton) -> None:
    refuse.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(accept)
    row.addWidget(refuse)
    layout.addLayout(row)


def _policy_line(terms: CancelTerms) -> str:
    if not terms.refund.amount_minor:
        return tr("{paid} were paid. By the policy nothing goes back this late.", paid=terms.paid)
    return tr("{paid} were paid. By the policy {refund} go back.", paid=terms.paid, refund=terms.refund)
