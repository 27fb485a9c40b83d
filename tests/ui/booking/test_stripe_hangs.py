"""While Stripe hangs the desk goes on: only what asks Stripe waits, and it ends well when the answer comes."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTime
from pytestqt.qtbot import QtBot
from support.booking_form import Opened
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.accounts import StripeAccount
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod
from inkdesk.practice import Fault, FaultKind, PracticeServer
from inkdesk.ui.booking.checkout import CheckoutPanel
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.move_dialog import MoveDialog
from inkdesk.ui.booking.presenter.money import TakeWish
from inkdesk.ui.booking.when_field import FREE, REFUSED

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def hang(practice: PracticeServer) -> Fault:
    """Stripe takes every call and answers none until ``practice.faults.clear()``."""
    return practice.faults.add(Fault(FaultKind.HELD, times=1000))


class Question:
    """A question about money that nobody looks at."""

    def show_saved(self) -> None:
        """It is done."""

    def show_error(self, error: InkDeskError) -> None:
        pytest.fail(str(error))

    def show_busy(self, *, is_busy: bool) -> None:
        """It is being saved, or not any more."""


def booked(desk: Desk, choice: DepositChoice, starts_at: datetime) -> Booking:
    command = BookCommand(
        request_key=f"{choice}{starts_at}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=choice,
    )
    done = desk.services.bookings.book(command)
    if choice is DepositChoice.LINK and done.payment_id is not None:
        desk.services.payments.open_link(done.payment_id)
    return done.booking


def freed(desk: Desk, starts_at: datetime) -> Booking:
    """A hold that was given free; its link is closed."""
    booking = booked(desk, DepositChoice.LINK, starts_at)
    desk.services.payments.holds.release(booking.id, "called", "release")
    return booking


def opened(qtbot: QtBot, desk: Desk, booking: Booking) -> BookingDetailDialog:
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    return dialog


def status(desk: Desk, booking: Booking) -> BookingStatus:
    return desk.services.queries.booking(booking.id).card.status


def starts(desk: Desk, booking: Booking) -> datetime:
    return desk.services.queries.booking(booking.id).card.starts_at


def fill_in(qtbot: QtBot, desk: Desk, starts_at: datetime, choice: DepositChoice) -> Opened:
    """A form that needs nothing but Save."""
    form = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=starts_at)
    form.find("zo")
    form.key(Qt.Key.Key_Return)
    form.dialog.choices[choice].click()
    return form


def test_booking_moving_and_cash_are_saved_while_a_cancel_waits(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    desk = paying_desk
    ended, moved, paid = (
        booked(desk, DepositChoice.LINK, TEN),
        booked(desk, DepositChoice.CASH, TEN + DAY),
        freed(desk, TEN + 2 * DAY),
    )
    cancelling = opened(qtbot, desk, ended)
    held = hang(practice)
    cancelling._presenter.cancel(DepositFate.KEEP, None, "")
    assert held.entered.wait(10)

    form = fill_in(qtbot, desk, TEN + timedelta(hours=4), DepositChoice.NONE)
    form.dialog.save_button.click()
    form.until(form.is_booked)

    moving = MoveDialog(desk.services, desk.background, booking_id=moved.id)
    qtbot.addWidget(moving)
    moving.open()
    qtbot.waitUntil(lambda: moving.when.verdict.text()[:2] in {FREE, REFUSED}, timeout=5000)
    moving.when.clock.setTime(QTime(14, 30))
    qtbot.waitUntil(lambda: "14:30" in moving.when.verdict.text(), timeout=5000)
    moving.save_button.click()
    qtbot.waitUntil(lambda: starts(desk, moved) == TEN + DAY + timedelta(hours=3, minutes=30), timeout=5000)

    cash = TakeWish(method=PaymentMethod.CASH, amount=Money(5000, "EUR"), request_key="till")
    till = opened(qtbot, desk, paid)
    till._presenter.carry_out(cash, Question())
    qtbot.waitUntil(lambda: status(desk, paid) is BookingStatus.CONFIRMED, timeout=5000)

    assert status(desk, ended) is BookingStatus.PENDING_PAYMENT
    assert cancelling._presenter.is_busy()
    practice.faults.clear()
    qtbot.waitUntil(lambda: not cancelling._presenter.is_busy(), timeout=5000)
    assert status(desk, ended) is BookingStatus.CANCELLED


def test_a_hold_is_stored_before_its_link_is_asked_for(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    desk = paying_desk
    with desk.database.write() as uow:  # a program that has just begun asks first whose key it has
        uow.accounts.save(StripeAccount(artist_id=None, account_id=practice.account_id, is_ready=True))
        uow.commit()
    held = hang(practice)
    form = fill_in(qtbot, desk, TEN, DepositChoice.LINK)
    form.dialog.save_button.click()
    form.until(form.is_booked)
    booked = form.booked[0]
    assert booked.payment_id is not None
    assert status(desk, booked.booking) is BookingStatus.PENDING_PAYMENT

    panel = CheckoutPanel(
        desk.services,
        desk.background,
        booking_id=booked.booking.id,
        payment_id=booked.payment_id,
        open_url=desk.open_url,
        opens_browser=False,
    )
    qtbot.addWidget(panel)
    panel.show()
    assert held.entered.wait(10)
    assert panel.notice.text() == "Making the link…"
    practice.faults.clear()
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
