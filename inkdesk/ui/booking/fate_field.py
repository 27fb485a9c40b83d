"""What becomes of money that is in, when a booking is cancelled or its client does not come."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from inkdesk.application.text import tr
from inkdesk.application.undecided import held_words
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms
from inkdesk.ui.common.forms import Form, MoneyEdit, plain_label


class FateField(QWidget):
    """The answers, one of them preset, and the amount of a refund as the row "refund" of ``form``.

    Nothing is shown while nothing was paid.
    """

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._terms: CancelTerms | None = None
        self.policy, self.held = plain_label(role="muted"), plain_label(role="muted")
        self.refund = MoneyEdit("refund")
        form.add_row("refund", tr("&Amount"), self.refund)
        self.fates = {
            DepositFate.REFUND: QRadioButton(tr("&Refund it")),
            DepositFate.KEEP: QRadioButton(tr("The studio k&eeps it")),
            DepositFate.CREDIT: QRadioButton(tr("Credit it to the c&lient")),
            DepositFate.ROLL: QRadioButton(tr("Carry it o&n to the next sitting")),
        }
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.policy)
        layout.addWidget(self.held)
        for button in self.fates.values():
            self._group.addButton(button)
            button.toggled.connect(self._show_amount)
            layout.addWidget(button)

    def show_terms(self, terms: CancelTerms, preset: DepositFate) -> None:
        """What was paid for all that is concerned, the policy's words, and the answer that is ``preset``.

        What a bank holds of it in a dispute is said, too.
        """
        self._terms = terms
        is_paid = bool(terms.paid.amount_minor)
        self.policy.setText(_policy_line(terms) if is_paid else "")
        self.held.setText(held_words([terms.held] if terms.held is not None else []))
        self.held.setVisible(bool(self.held.text()))
        self.setVisible(is_paid)
        self.fates[DepositFate.ROLL].setVisible(terms.has_heir)
        self.refund.set_money(terms.refund if terms.refund.amount_minor else terms.paid)
        self.fates[preset].setChecked(True)
        self._show_amount()

    def decided(self) -> tuple[DepositFate | None, Money | None]:
        """The fate (None: nothing was asked), and how much goes back (None: everything, or nothing is refunded).

        ValidationError beside the amount if it cannot be.
        """
        if self._terms is None or not self._terms.paid.amount_minor:
            return None, None
        fate = next(fate for fate, button in self.fates.items() if button.isChecked())
        return fate, self._wanted(self._terms.paid) if fate is DepositFate.REFUND else None

    def _wanted(self, paid: Money) -> Money | None:
        refund = self.refund.money()
        if not 0 < refund.amount_minor <= paid.amount_minor:
            raise ValidationError(
                message("Enter a refund above 0, at most the {paid} that were paid.", paid=paid), field="refund"
            )
        return None if refund == paid else refund

    def _show_amount(self) -> None:
        is_paid = self._terms is not None and bool(self._terms.paid.amount_minor)
        self._form.set_row_visible("refund", is_visible=is_paid and self.fates[DepositFate.REFUND].isChecked())


def _policy_line(terms: CancelTerms) -> str:
    if not terms.refund.amount_minor:
        return tr("{paid} were paid. By the policy nothing goes back this late.", paid=terms.paid)
    return tr("{paid} were paid. By the policy {refund} go back.", paid=terms.paid, refund=terms.refund)
