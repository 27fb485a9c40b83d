"""What may happen to a booking after it was made: both engines, the real payments, the practice Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.front import Front, euros

from inkdesk.application.booking_commands import (
    DepositChoice,
    MarkCommand,
)
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import ClosedLink
from inkdesk.domain.bookings import EARLIEST_ARRIVAL, Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import (
    SlotTaken,
    StaleRecord,
    ValidationError,
)
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus

# Cancelling


def test_a_cancel_lets_the_slot_go_and_ends_the_open_link(front: Front) -> None:
    booking_id, session_id = front.money.held_link()
    changes = front.cancel(front.money.booking(booking_id), DepositFate.KEEP)
    payment = front.money.payment(booking_id)
    assert front.money.status(booking_id) is BookingStatus.CANCELLED
    assert payment.status is PaymentStatus.EXPIRED
    assert front.money.gateway.session(session_id).status.value == "expired"
    assert changes.bookings == {booking_id}
    assert changes.payments == {payment.id}
    assert front.history(booking_id)[-1] == ("CANCELLED", "ill")
    assert not front.is_kept()


def test_a_link_paid_meanwhile_cancels_nothing(front: Front) -> None:
    booking_id, session_id = front.money.held_link()
    seen = front.money.booking(booking_id)
    front.money.server.pay(session_id)
    with pytest.raises(StaleRecord, match="paid a moment ago"):
        front.cancel(seen, DepositFate.REFUND)
    assert front.money.status(booking_id) is BookingStatus.CONFIRMED
    assert front.money.refunds(front.money.payment(booking_id).id) == []


@pytest.mark.parametrize(
    ("fate", "refund", "kinds", "status", "returned"),
    [
        (DepositFate.REFUND, None, ["refunded"], PaymentStatus.REFUNDED, 5000),
        (DepositFate.REFUND, euros(20), ["forfeited", "refunded"], PaymentStatus.PARTIALLY_REFUNDED, 2000),
        (DepositFate.REFUND, euros(0), ["forfeited"], PaymentStatus.PAID, 0),
        (DepositFate.KEEP, None, ["forfeited"], PaymentStatus.PAID, 0),
        (DepositFate.CREDIT, None, ["credited"], PaymentStatus.PAID, 0),
    ],
)
def test_each_fate_of_a_deposit_by_link(
    front: Front, fate: DepositFate, refund: Money | None, kinds: list[str], status: PaymentStatus, returned: int
) -> None:
    booking = front.paid_link()
    changes = front.cancel(booking, fate, refund)
    payment = front.money.payment(booking.id)
    assert front.money.ledger(booking.id) == ["asked", "paid", *kinds]
    assert (payment.status, payment.refunded_minor) == (status, returned)
    assert changes.payments == {payment.id}
    assert sum(one.amount.amount_minor for one in front.money.refunds(payment.id)) == returned


def paid_once_more(front: Front, booking: Booking) -> None:
    """A second payment of one booking, as older books hold them; today the desk is refused a second one."""
    first = front.money.attempts(booking.id)[0]
    with front.money.database.write() as uow:
        second = uow.payments.add(replace(first, id=0, attempt=2, amount=euros(30), idempotency_key="second"))
        (entry,) = [
            one for one in front.money.database.queries.booking(booking.id).ledger if one.payment_id == first.id
        ]
        uow.payments.write_ledger(
            replace(entry, id=0, payment_id=second.id, amount=second.amount, fact_key=f"paid:{second.id}")
        )
        uow.commit()


@pytest.mark.parametrize(
    ("refund", "returned", "kinds"),
    [
        (None, [5000, 3000], ["refunded", "refunded"]),
        (euros(60), [5000, 1000], ["refunded", "refunded", "forfeited"]),
        (euros(20), [2000, 0], ["refunded", "forfeited", "forfeited"]),
    ],
)
def test_a_refund_is_taken_from_all_payments_the_oldest_first(
    front: Front, refund: Money | None, returned: list[int], kinds: list[str]
) -> None:
    booking = front.book(choice=DepositChoice.CASH).booking
    paid_once_more(front, booking)

    front.cancel(front.money.booking(booking.id), DepositFate.REFUND, refund)

    assert [one.refunded_minor for one in front.money.attempts(booking.id)] == returned
    assert front.money.ledger(booking.id) == ["paid", "paid", *kinds]


def test_a_cancel_never_forfeits_what_another_desk_took_meanwhile(front: Front) -> None:
    booking = front.book(choice=DepositChoice.LINK).booking
    close_link, before = front.money.payments.close_link, front.money.booking(booking.id)

    def close_while_the_other_desk_takes_cash(payment_id: int) -> ClosedLink:
        closed = close_link(payment_id)
        front.money.payments.record_by_hand(booking.id, PaymentMethod.CASH, euros(50), "other desk")
        return closed

    front.money.payments.close_link = close_while_the_other_desk_takes_cash  # type: ignore[method-assign]
    with pytest.raises(StaleRecord):
        front.cancel(before, DepositFate.KEEP)

    assert front.money.status(booking.id) is BookingStatus.CONFIRMED
    assert front.money.ledger(booking.id) == ["asked", "paid"]


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.LAPSED, BookingStatus.PENDING_PAYMENT])
def test_marking_is_no_way_around_cancel_and_payment(front: Front, status: BookingStatus) -> None:
    booking = front.book(choice=DepositChoice.CASH).booking
    with pytest.raises(ValidationError, match="cannot become"):
        front.bookings.mark(MarkCommand(booking_id=booking.id, version=booking.version, status=status))


def test_an_unpaid_hold_is_not_confirmed_by_marking(front: Front) -> None:
    booking = front.book(choice=DepositChoice.LINK).booking
    confirm = MarkCommand(booking_id=booking.id, version=booking.version, status=BookingStatus.CONFIRMED)
    with pytest.raises(ValidationError, match="cannot become"):
        front.bookings.mark(confirm)


def test_a_deposit_in_another_currency_is_refused(front: Front) -> None:
    with pytest.raises(ValidationError, match="priced in EUR") as caught:
        front.book(deposit=Money(5000, "JPY"))
    assert caught.value.field == "price"


def test_what_was_given_back_before_is_not_given_back_again(front: Front) -> None:
    booking = front.book(choice=DepositChoice.CASH).booking
    paid_once_more(front, booking)
    front.money.payments.refund(front.money.attempts(booking.id)[0].id, euros(40), "goodwill", "first")

    with pytest.raises(ValidationError, match="between 0 and what was paid"):
        front.cancel(front.money.booking(booking.id), DepositFate.REFUND, euros(41))
    front.cancel(front.money.booking(booking.id), DepositFate.REFUND, euros(25))

    assert [one.refunded_minor for one in front.money.attempts(booking.id)] == [5000, 1500]


@pytest.mark.parametrize("asked", [Money(5001, "EUR"), Money(-1, "EUR")])
def test_a_refund_beyond_what_is_in_changes_nothing(front: Front, asked: Money) -> None:
    booking = front.book(choice=DepositChoice.CASH).booking
    with pytest.raises(ValidationError) as caught:
        front.cancel(booking, DepositFate.REFUND, asked)
    assert caught.value.field == "refund"
    assert front.money.status(booking.id) is BookingStatus.CONFIRMED
    assert front.money.ledger(booking.id) == ["paid"]
    assert front.is_kept()


@pytest.mark.parametrize("is_cancel", [True, False])
def test_a_booking_that_changed_meanwhile_is_left_alone(front: Front, *, is_cancel: bool) -> None:
    seen = front.book().booking
    front.money.clock.at = TUESDAY
    front.bookings.check_in(seen.id, seen.version)
    with pytest.raises(StaleRecord):
        front.cancel(seen, DepositFate.KEEP) if is_cancel else front.mark(seen, BookingStatus.NO_SHOW)
    assert front.money.status(seen.id) is BookingStatus.CONFIRMED


# Arriving, and what came of it


def test_arrived_is_written_once(front: Front) -> None:
    booking = front.book().booking
    front.money.clock.at = TUESDAY - EARLIEST_ARRIVAL
    assert front.bookings.check_in(booking.id, booking.version) == Changes(bookings=frozenset({booking.id}))
    arrived = front.money.booking(booking.id)
    assert arrived.checked_in_at == front.money.clock.now()
    with pytest.raises(ValidationError):
        front.bookings.check_in(booking.id, arrived.version)


def test_nobody_arrives_or_stays_away_before_the_day(front: Front) -> None:
    booking = front.book().booking
    front.money.clock.at = TUESDAY - EARLIEST_ARRIVAL - timedelta(seconds=1)
    with pytest.raises(ValidationError, match="on that day"):
        front.bookings.check_in(booking.id, booking.version)
    front.money.clock.at = TUESDAY - timedelta(seconds=1)
    for status in (BookingStatus.NO_SHOW, BookingStatus.COMPLETED):
        with pytest.raises(ValidationError, match="once it has begun"):
            front.mark(booking, status)


def test_a_hold_cannot_be_checked_in(front: Front) -> None:
    booking = front.book(choice=DepositChoice.LINK).booking
    with pytest.raises(ValidationError):
        front.bookings.check_in(booking.id, booking.version)


@pytest.mark.parametrize("status", [BookingStatus.COMPLETED, BookingStatus.NO_SHOW])
def test_a_confirmed_booking_ends_one_way(front: Front, status: BookingStatus) -> None:
    booking = front.book().booking
    front.money.clock.at = TUESDAY
    assert front.mark(booking, status) == Changes(bookings=frozenset({booking.id}))
    ended = front.money.booking(booking.id)
    assert ended.status is status
    assert front.history(booking.id)[-1] == (status.value, "")
    with pytest.raises(ValidationError):
        front.cancel(ended, DepositFate.KEEP)


def test_a_request_is_confirmed_only_if_its_slot_is_still_free(front: Front) -> None:
    first, second = _requested(front, "first"), _requested(front, "second")
    front.mark(first, BookingStatus.CONFIRMED)
    assert front.is_kept()
    with pytest.raises(SlotTaken):
        front.mark(second, BookingStatus.CONFIRMED)
    assert front.money.status(second.id) is BookingStatus.REQUESTED


def _requested(front: Front, request_key: str) -> Booking:
    """A request that keeps nothing yet."""
    booking = front.book(request_key=request_key).booking
    with front.money.database.write() as uow:
        uow.bookings.set_blocks(booking.id, blocks=False)
        saved = uow.bookings.save(replace(booking, status=BookingStatus.REQUESTED))
        uow.commit()
    return saved
