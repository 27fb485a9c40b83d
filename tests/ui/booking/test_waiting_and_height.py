"""What forms say while Stripe is silent, and how high small questions stand."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support.booking_form import Opened
from support.desk import Desk

from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.money_dialogs import CancelDialog, NoShowDialog, QuestionDialog
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms
from inkdesk.ui.booking.series_dialog import SeriesDialog
from inkdesk.ui.booking.waiting_notice import WaitingNotice, slow_words

PAID = CancelTerms(Money(5000, "EUR"), Money(0, "EUR"), has_heir=True)
UNPAID = CancelTerms(Money(0, "EUR"), Money(0, "EUR"))


def needed(dialog: QuestionDialog) -> int:
    layout = dialog.layout()
    assert layout is not None
    return layout.totalHeightForWidth(dialog.width())


def asked(name: str) -> QuestionDialog:
    if name == "no-show":
        return NoShowDialog("Zoë", PAID)
    series = SeriesTerms(1, 3, {Scope.ONE: PAID, Scope.FROM_HERE: PAID, Scope.ALL: UNPAID})
    return CancelDialog("Zoë", PAID, series=series if name == "cancel-series" else None)


@pytest.mark.parametrize("name", ["no-show", "cancel", "cancel-series"])
def test_a_question_is_as_high_as_its_lines(qtbot: QtBot, name: str) -> None:
    dialog = asked(name)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.height() == needed(dialog)


def test_a_question_grows_with_a_row_that_comes(qtbot: QtBot) -> None:
    dialog = asked("no-show")
    assert isinstance(dialog, NoShowDialog)
    qtbot.addWidget(dialog)
    dialog.open()
    before = dialog.height()
    dialog.fate.fates[DepositFate.REFUND].click()
    qtbot.waitUntil(lambda: dialog.height() > before, timeout=5000)
    assert dialog.height() == needed(dialog)


def fire(notice: WaitingNotice) -> None:
    """The time is over after which a person is told."""
    assert notice.slow_after.isActive()
    notice.slow_after.timeout.emit()


def test_a_booking_form_says_that_stripe_is_silent(qtbot: QtBot, desk: Desk) -> None:
    form = Opened(qtbot, desk).dialog
    form.show_saving(is_saving=True)
    fire(form.notice)
    assert form.notice.text() == slow_words()
    form.show_saving(is_saving=False)
    assert form.notice.isHidden()
    assert not form.notice.slow_after.isActive()


def test_a_series_form_says_that_stripe_is_silent(qtbot: QtBot, desk: Desk) -> None:
    form = SeriesDialog(desk.services, desk.background)
    qtbot.addWidget(form)
    form.open()
    qtbot.waitUntil(form.plan_button.isEnabled, timeout=5000)
    form.show_saving(is_saving=True)
    fire(form.notice)
    assert form.notice.text() == slow_words()


def test_what_was_refused_stays_when_the_waiting_is_over(qtbot: QtBot) -> None:
    notice = WaitingNotice()
    qtbot.addWidget(notice)
    notice.wait(is_waiting=True)
    notice.show_text("The time is taken.", "error")
    notice.wait(is_waiting=False)
    assert notice.text() == "The time is taken."


def test_a_new_client_ends_the_call_for_one(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk)
    opened.type("Kim")
    opened.dialog.save_button.click()
    error = opened.dialog.form._errors["client"]
    assert error.text()
    opened.until(opened.dialog.client.matches.isVisible)
    opened.key(Qt.Key.Key_Return)
    assert opened.dialog.client.name.text() == "Kim"
    assert not error.text()
