"""The three ways to take a deposit, for dialogs that take the service's amount as it is."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.text import tr
from inkdesk.domain.money import Money
from inkdesk.ui.common.forms import plain_label


class DepositWays(QWidget):
    """By link, cash, or none; only none if nothing is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {
            DepositChoice.LINK: QRadioButton(tr("By &link")),
            DepositChoice.CASH: QRadioButton(tr("Cash, paid no&w")),
            DepositChoice.NONE: QRadioButton(tr("N&one")),
        }
        self._wanted = DepositChoice.LINK
        self._is_chosen = False
        self._is_asked = True
        self.amount, self.hint = plain_label(role="muted"), plain_label(role="muted")
        self.hint.hide()
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        for choice, button in self.buttons.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _checked, chosen=choice: self._choose(chosen))
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.amount)
        layout.addLayout(row)
        layout.addWidget(self.hint)
        self._show()

    def choice(self) -> DepositChoice:
        """What is chosen."""
        return next(choice for choice, button in self.buttons.items() if button.isChecked())

    def show_amount(self, deposit: Money, sentence: str) -> None:
        """Say with ``sentence`` what is asked; with no ``deposit`` there is no choice."""
        self._is_asked = bool(deposit.amount_minor)
        self.amount.setText(sentence if self._is_asked else tr("No deposit is asked for this booking."))
        self._show()

    def show_link_trouble(self, sentence: str) -> None:
        """Say why no link can be made ("" if one can); none is preset then, unless a way was chosen already.

        Never cash: nobody has said that it came.
        """
        if not self._is_chosen:
            self._wanted = DepositChoice.NONE if sentence else DepositChoice.LINK
        self.hint.setText(tr("No payment by link yet. {why}", why=sentence))
        self.hint.setVisible(bool(sentence))
        self._show()

    def _choose(self, choice: DepositChoice) -> None:
        self._is_chosen = True
        self._wanted = choice

    def _show(self) -> None:
        self.buttons[self._wanted if self._is_asked else DepositChoice.NONE].setChecked(True)
        for button in self.buttons.values():
            button.setEnabled(self._is_asked)
