"""Cases 1 to 7: links that are made, paid, or not paid, with the program killed on the way."""

from datetime import timedelta

from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.application.services import Services
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus


def saved_hold(desk: PaymentDesk) -> tuple[int, int]:
    booking, payment = desk.hold()
    return booking.id, payment.id


def open_link(services: Services, _booking_id: int, payment_id: int) -> None:
    services.payments.open_link(payment_id)


def test_case_02_a_crash_before_the_commit_leaves_no_orphan(worlds: Worlds) -> None:
    for desk, (booking_id, _) in worlds.killed_at_every_step(saved_hold, open_link, at_least=3):
        desk.look(sweep=True)

        attempts = desk.attempts(booking_id)
        sessions = desk.gateway.sessions_since(desk.clock.now() - timedelta(hours=1))
        assert [one.status for one in attempts] == [PaymentStatus.OPEN]
        assert [one.session_id for one in sessions] == [attempts[0].session_id]
        desk.server.pay(attempts[0].session_id)
        desk.look()
        assert desk.status(booking_id) is BookingStatus.CONFIRMED
        assert desk.ledger(booking_id) == ["asked", "paid"]
