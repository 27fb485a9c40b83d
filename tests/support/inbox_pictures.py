"""Pictures of what needs a person: nothing, several tasks, a question."""

from collections.abc import Iterator
from dataclasses import replace

from inkdesk.application import bank_tasks, desk_tasks
from inkdesk.application.changes import EVERYTHING
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.disputes import Dispute
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus
from inkdesk.ui.main_window import MainWindow
from support.plan_pictures import Picture, card_of, settle, wait

SIZES = {"": (1360, 840), "-small": (760, 520)}


def inbox(window: MainWindow) -> Iterator[Picture]:
    """The page without a task, then with five, wide and small, and the question before money moves."""
    window.show_page("inbox")
    page = window.dialogs.inbox_page()
    wait(page.empty.isVisible, "the empty inbox")
    yield "inbox-empty", window
    _tell(window)
    window._desk.feed.announce(EVERYTHING)
    wait(lambda: page.list.count() == 5, "the five tasks")
    page.setFocus()
    for mark, size in SIZES.items():
        window.resize(*size)
        for row in (0, 2):
            page.list.setCurrentRow(row)
            settle()
            yield f"inbox-{row}{mark}", window
    window.resize(*SIZES[""])
    page.list.setCurrentRow(0)
    window.show_page("calendar")


def _tell(window: MainWindow) -> None:
    services, now = window._desk.services, window._desk.services.clock.now()
    booking_id = card_of(window, BookingStatus.CONFIRMED).booking_id
    with services.write() as uow:
        first = uow.bookings.get(booking_id)
        booking = uow.bookings.save(replace(first, status=BookingStatus.LAPSED))
        paid = _paid(uow, booking_id, 1, PaymentStatus.PAID, booking.deposit)
        desk_tasks.amount_differs(uow, paid, booking, Money(9000, "EUR"), now)
        desk_tasks.second_payer(uow, paid, booking, now)
        desk_tasks.paid_after_end(uow, paid, booking, now)
        disputed = _paid(uow, booking_id, 2, PaymentStatus.DISPUTED, booking.deposit)
        asked_back = Dispute(
            payment_id=disputed.id, stripe_id="dp_1", amount=disputed.amount, status="needs_response", opened_at=now
        )
        bank_tasks.disputed(uow, disputed, asked_back, now)
        desk_tasks.refused(uow, paid, "This object cannot be accessed right now.", now)
        uow.commit()


def _paid(uow: UnitOfWork, booking_id: int, number: int, status: PaymentStatus, amount: Money) -> Payment:
    studio_now = uow.bookings.get(booking_id).created_at
    return uow.payments.add(
        Payment(
            booking_id=booking_id,
            attempt=90 + number,
            method=PaymentMethod.LINK,
            status=status,
            amount=amount,
            idempotency_key=f"picture-{number}",
            session_id=f"cs_picture_{number}",
            created_at=studio_now,
        )
    )
