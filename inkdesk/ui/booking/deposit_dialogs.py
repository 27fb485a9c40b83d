"""Small questions about the money of one booking. Each stays open, with all that was typed, until its answer is saved.

A question has one request key from its opening to its end: pressed twice, or sent again after a lost answer, it is
done once.
"""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from inkdesk.application.deposit_service import OtherSitting
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.hours import MINUTES_A_DAY
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod
from inkdesk.ui.booking.money_dialogs import QuestionDialog, add_buttons, layout_of
from inkdesk.ui.booking.presenter.money import (
    AmountWish,
    ExtendWish,
    MoneyAction,
    MoneyWish,
    ReleaseWish,
    RestWish,
    RollWish,
    TakeWish,
)
from inkdesk.ui.booking.presenter.words import method_words
from inkdesk.ui.common.forms import Form, MoneyEdit, Notice, PushButton, plain_label

HALF_AN_HOUR = 30
MOST_DIGITS = 9
"""Longer numbers are not even read."""
BY_HAND = (PaymentMethod.CASH, PaymentMethod.TRANSFER, PaymentMethod.TERMINAL)


class MoneyDialog(QuestionDialog):
    """One question. ``wanted`` carries a ``MoneyWish``; what becomes of it is told by the ``show_...`` methods."""

    wanted = Signal(object)

    def __init__(self, title: str, sentence: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.request_key = uuid.uuid4().hex
        self._is_busy = False
        self.form = Form()
        self.notice = Notice("error")
        layout = layout_of(self)
        layout.addWidget(plain_label(sentence, "muted"))
        layout.addWidget(self.form)
        layout.addWidget(self.notice)
        self.accept_button = QPushButton(yes)
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self._decide)
        self.refuse_button = PushButton(tr("Cancel"))
        add_buttons(self, layout, self.accept_button, self.refuse_button)

    def wish(self) -> MoneyWish:
        """What was typed; ValidationError beside its field if it cannot be."""
        raise NotImplementedError

    def show_saved(self) -> None:
        """It is done: go."""
        self.accept()

    def show_error(self, error: InkDeskError) -> None:
        """Say what is wrong, beside its field if it has one; everything typed stays."""
        if not self.form.show_error(error):
            self.notice.show_text(render(error.message), "error")
        self._fit()

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while it is being saved."""
        self._is_busy = is_busy
        for part in (self.form, self.accept_button, self.refuse_button):
            part.setEnabled(not is_busy)

    @override
    def reject(self) -> None:
        """Close; while it is being saved its answer is awaited."""
        if not self._is_busy:
            super().reject()

    def _decide(self) -> None:
        self.form.clear_errors()
        self.notice.show_text("")
        try:
            wish = self.wish()
        except InkDeskError as error:
            self.show_error(error)
            return
        self.wanted.emit(wish)

    def _add_money(self, field: str, label: str, preset: Money) -> MoneyEdit:
        edit = MoneyEdit(field)
        edit.set_money(preset)
        self.form.add_row(field, label, edit)
        return edit

    def _add_method(self) -> QComboBox:
        box = QComboBox()
        for method in BY_HAND:
            box.addItem(method_words(method), method)
        self.form.add_row("method", tr("&How"), box)
        return box

    def _add_reason(self) -> QLineEdit:
        line = QLineEdit()
        self.form.add_row("reason", tr("Rea&son"), line)
        return line


class MoneyByHandDialog(MoneyDialog):
    """Asks how much of the deposit came, at most the price ``most``, and how."""

    def __init__(self, amount: Money, most: Money, parent: QWidget | None = None) -> None:
        sentence = tr("The money is here. A link that is still open is closed first.")
        super().__init__(tr("Take the deposit by hand"), sentence, tr("&Take the money"), parent)
        self._most = most
        self.amount = self._add_money("amount", tr("&Amount"), amount)
        self.method = self._add_method()
        _begin_in(self.amount)

    @override
    def wish(self) -> TakeWish:
        amount = self.amount.money()
        if not 0 < amount.amount_minor <= self._most.amount_minor:
            sentence = message("Enter an amount above 0, at most the price of {price}.", price=self._most)
            raise ValidationError(sentence, field="amount")
        return TakeWish(method=PaymentMethod(self.method.currentData()), amount=amount, request_key=self.request_key)


class RestDialog(MoneyDialog):
    """Asks what came of the rest due and as a tip, and how; only the tip if ``is_tip``."""

    def __init__(self, rest: Money, parent: QWidget | None = None, *, is_tip: bool = False) -> None:
        title = tr("Take a tip") if is_tip else tr("Take the rest")
        sentence = (
            tr("A tip is no part of the price: the rest due stays {rest}.", rest=rest)
            if is_tip
            else tr("The rest due is {rest}. More than that is a tip.", rest=rest)
        )
        super().__init__(title, sentence, tr("&Take the money"), parent)
        self._is_tip = is_tip
        nothing = Money(0, rest.currency)
        self.amount = self._add_money("amount", tr("&Amount"), nothing if is_tip else rest)
        self.tip = self._add_money("tip", tr("Ti&p"), nothing)
        self.method = self._add_method()
        self.form.set_row_visible("amount", is_visible=not is_tip)
        _begin_in(self.tip if is_tip else self.amount)

    @override
    def wish(self) -> RestWish:
        tip = self.tip.money()
        if self._is_tip and tip.amount_minor <= 0:
            raise ValidationError(message("Enter the tip that came, more than 0."), field="tip")
        return RestWish(
            method=PaymentMethod(self.method.currentData()),
            amount=self.amount.money(),
            tip=tip,
            request_key=self.request_key,
        )


class AmountDialog(MoneyDialog):
    """Asks how much shall be given back, credited, kept, or paid with credit; ``most`` is preset."""

    def __init__(self, action: MoneyAction, most: Money, parent: QWidget | None = None) -> None:
        title, sentence, yes = _amount_words(action, most)
        super().__init__(title, sentence, yes, parent)
        self._action, self._most = action, most
        self.amount = self._add_money("amount", tr("&Amount"), most)
        self.reason: QLineEdit | None = None if action is MoneyAction.USE_CREDIT else self._add_reason()
        _begin_in(self.amount)

    @override
    def wish(self) -> AmountWish:
        amount = self.amount.money()
        if not 0 < amount.amount_minor <= self._most.amount_minor:
            raise ValidationError(message("Enter an amount above 0, at most {most}.", most=self._most), field="amount")
        reason = "" if self.reason is None else self.reason.text().strip()
        return AmountWish(action=self._action, amount=amount, reason=reason, request_key=self.request_key)


class RollDialog(MoneyDialog):
    """Asks which sitting of the client takes how much over; the next one of the series is preset."""

    def __init__(self, most: Money, sittings: Sequence[OtherSitting], parent: QWidget | None = None) -> None:
        sentence = tr("The money pays for another sitting of this client. Nothing is charged again.")
        super().__init__(tr("Roll over"), sentence, tr("&Roll over"), parent)
        self._most = most
        self.sitting = QComboBox()
        for one in sittings:
            self.sitting.addItem(f"{formats().moment(one.starts_at)} · {one.service_name}", one.booking_id)
        self.form.add_row("sitting", tr("S&itting"), self.sitting)
        self.amount = self._add_money("amount", tr("&Amount"), most)
        self.reason = self._add_reason()
        self.sitting.setFocus()

    @override
    def wish(self) -> RollWish:
        amount = self.amount.money()
        if not 0 < amount.amount_minor <= self._most.amount_minor:
            raise ValidationError(message("Enter an amount above 0, at most {most}.", most=self._most), field="amount")
        return RollWish(
            to_booking_id=int(self.sitting.currentData()),
            amount=amount,
            reason=self.reason.text().strip(),
            request_key=self.request_key,
        )


class ExtendDialog(MoneyDialog):
    """Asks how many minutes longer a hold shall wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        sentence = tr("The client gets more time to pay. If the link cannot live so long, a new one is made.")
        super().__init__(tr("Extend the hold"), sentence, tr("&Extend"), parent)
        self.minutes = QLineEdit(str(HALF_AN_HOUR))  # a spin box would mend a wrong number without a word
        self.form.add_row("minutes", tr("&Longer by (minutes)"), self.minutes)
        _begin_in(self.minutes)

    @override
    def wish(self) -> ExtendWish:
        typed = self.minutes.text().strip()
        minutes = int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else 0
        if not 0 < minutes <= MINUTES_A_DAY:
            sentence = message("Enter whole minutes, from 1 to {most}.", most=MINUTES_A_DAY)
            raise ValidationError(sentence, field="minutes")
        return ExtendWish(seconds=minutes * 60, request_key=self.request_key)


class ReleaseDialog(MoneyDialog):
    """Asks why a hold shall go without its payment; Enter lets nothing go."""

    def __init__(self, who: str, parent: QWidget | None = None) -> None:
        sentence = tr(
            "The time of {who} becomes free. The link is closed first; if Stripe cannot be asked now, the time is "
            "given free all the same, and money that still comes takes it back or goes back.",
            who=who,
        )
        super().__init__(tr("Give the time free"), sentence, tr("Give the &time free"), parent)
        self.reason = self._add_reason()
        self.accept_button.setDefault(False)
        self.accept_button.setAutoDefault(False)
        self.accept_button.setProperty("kind", "danger")
        self.refuse_button.setDefault(True)
        self.reason.setFocus()

    @override
    def wish(self) -> ReleaseWish:
        reason = self.reason.text().strip()
        if not reason:
            raise ValidationError(message("Say why the time is given free without its payment."), field="reason")
        return ReleaseWish(reason=reason, request_key=self.request_key)


def _begin_in(edit: QLineEdit) -> None:
    edit.setFocus()
    edit.selectAll()


def _amount_words(action: MoneyAction, most: Money) -> tuple[str, str, str]:
    """Title, sentence and button of a question about one amount."""
    match action:
        case MoneyAction.REFUND:
            sentence = tr("Up to {most} can go back to the client; the booking stays as it is.", most=most)
            return tr("Refund"), sentence, tr("&Refund")
        case MoneyAction.CREDIT:
            sentence = tr("Up to {most} become the client's credit, for any later booking.", most=most)
            return tr("Credit to the client"), sentence, tr("&Credit")
        case MoneyAction.USE_CREDIT:
            sentence = tr("Up to {most} of the client's credit can pay for this booking.", most=most)
            return tr("Use credit"), sentence, tr("&Use credit")
        case _:
            sentence = tr("Up to {most} stay with the studio.", most=most)
            return tr("Keep the money"), sentence, tr("&Keep")
