"""Several desks on one book, and the pace a look asks for."""

import threading
from datetime import timedelta

from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus


def test_two_desks_looking_at_once_write_everything_once(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    starts = [TUESDAY + timedelta(hours=3 * n) for n in range(3)]
    slots = [(desk.held_link(start, blocks=False), desk.held_link(start, blocks=False)) for start in starts]
    for first, second in slots:
        desk.server.pay(first[1])
        desk.pass_time(seconds=1)
        desk.server.pay(second[1])
    begin = threading.Barrier(2)
    broken: list[BaseException] = []

    def look() -> None:
        begin.wait()
        try:
            desk.look(sweep=True)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            broken.append(error)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.look(sweep=True)

    assert broken == []
    for (winner, _), (loser, _) in slots:
        assert (desk.status(winner), desk.ledger(winner)) == (BookingStatus.CONFIRMED, ["asked", "paid"])
        assert desk.ledger(loser) == ["asked", "paid", "refunded"]
        assert len(desk.gateway.refunds_of(desk.payment(loser).intent_id)) == 1


def test_a_look_tells_the_next_deadline_while_a_payer_is_awaited(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    result = lone_desk.look()
    assert (set(result.holds), result.deadline) == ({booking_id}, lone_desk.booking(booking_id).hold_until)


def test_a_hold_that_waits_for_a_bank_does_not_hurry_the_next_look(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    lone_desk.pass_time(hours=1)

    result = lone_desk.look()

    assert lone_desk.payment(booking_id).status is PaymentStatus.PROCESSING
    assert (result.holds, result.deadline) == (frozenset(), None)


def test_an_idle_book_costs_one_read_a_look(lone_desk: PaymentDesk) -> None:
    lone_desk.held_link()
    lone_desk.look()
    lone_desk.server.reads.clear()
    lone_desk.look()
    assert lone_desk.server.reads.count() == 1
