"""Booking and what may happen to a booking afterwards: both engines, the real payments, the practice Stripe."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import (
    BookCommand,
    Booked,
    CancelCommand,
    DepositChoice,
    MarkCommand,
    NewClient,
)
from inkdesk.application.booking_service import BookingService
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import ClosedLink
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import EARLIEST_ARRIVAL, Booking, BookingStatus, DepositFate
from inkdesk.domain.catalogue import CancellationPolicy, Service
from inkdesk.domain.errors import (
    ErrorCode,
    InkDeskError,
    SlotTaken,
    SlotUnavailable,
    StaleRecord,
    StripeNotConfigured,
    ValidationError,
)
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice import PracticeServer

NIGHT = TUESDAY.replace(hour=21)


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


@dataclass
class Front:
    """The desk that books, and the desk that looks at the money."""

    money: PaymentDesk
    bookings: BookingService

    def command(self, **how: object) -> BookCommand:
        book = self.money.book
        draft = BookCommand(
            request_key=f"form-{how}",
            artist_id=book.ana.id,
            service_id=book.service.id,
            starts_at=TUESDAY,
            client=book.client.id,
            choice=DepositChoice.NONE,
        )
        return replace(draft, **how)  # type: ignore[arg-type]

    def book(self, **how: object) -> Booked:
        return self.bookings.book(self.command(**how))

    def paid_link(self, **how: object) -> Booking:
        """A booking whose deposit came by link."""
        booked = self.book(choice=DepositChoice.LINK, **how)
        assert booked.payment_id is not None
        self.money.server.pay(self.money.payments.open_link(booked.payment_id).payment.session_id)
        self.money.look()
        return self.money.booking(booked.booking.id)

    def cancel(self, booking: Booking, fate: DepositFate, refund: Money | None = None) -> Changes:
        return self.bookings.cancel(
            CancelCommand(booking_id=booking.id, version=booking.version, fate=fate, refund=refund, reason="ill")
        )

    def mark(self, booking: Booking, status: BookingStatus) -> Changes:
        return self.bookings.mark(MarkCommand(booking_id=booking.id, version=booking.version, status=status))

    def stored(self) -> list[Booking]:
        """Everything in the book."""
        days = self.money.database.queries.calendar(TUESDAY.date() - timedelta(days=30), TUESDAY.date())
        return [self.money.booking(card.booking_id) for card in days.cards]

    def history(self, booking_id: int) -> list[tuple[str, str]]:
        """(what, why) of each line."""
        return [(what, why) for _at, _who, what, why in self.money.database.queries.booking(booking_id).history]

    def is_kept(self, starts_at: datetime = TUESDAY) -> bool:
        """Whether the artist's slot is taken; asks by booking over it."""
        try:
            self.book(starts_at=starts_at, request_key="probe")
        except SlotTaken:
            return True
        return False


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer() as started:
        yield started


@pytest.fixture
def front(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[Front]:
    money = PaymentDesk.open(server, database, clock)
    yield Front(money, BookingService(database.write, clock, money.payments, LibraryPhoneNumbers()))
    money.close()


def refused(front: Front, **how: object) -> InkDeskError:
    """The error of a booking that must not be made; nothing may be stored."""
    before = len(front.stored())
    with pytest.raises(InkDeskError) as caught:
        front.book(**how)
    assert len(front.stored()) == before
    return caught.value


# Booking


def test_a_link_makes_a_hold_with_its_attempt(front: Front) -> None:
    booked = front.book(choice=DepositChoice.LINK, note="  left arm ")

    booking = front.money.booking(booked.booking.id)
    assert booking.status is BookingStatus.PENDING_PAYMENT
    assert booking.hold_until == front.money.clock.now() + timedelta(minutes=30)
    assert (booking.price, booking.deposit, booking.note) == (euros(120), euros(50), "left arm")
    payment = front.money.payment(booking.id)
    assert (payment.id, payment.status, payment.amount) == (booked.payment_id, PaymentStatus.CREATING, euros(50))
    assert booked.changes == Changes(
        frozenset({booking.id}), frozenset({front.money.book.client.id}), frozenset({payment.id})
    )
    assert front.history(booking.id) == [("BOOKED PENDING_PAYMENT", "")]


def test_cash_confirms_and_stands_in_the_ledger(front: Front) -> None:
    booked = front.book(choice=DepositChoice.CASH)
    assert (booked.booking.status, booked.booking.hold_until) == (BookingStatus.CONFIRMED, None)
    assert booked.payment_id is None
    payment = front.money.payment(booked.booking.id)
    assert (payment.method, payment.status) == (PaymentMethod.CASH, PaymentStatus.PAID)
    assert front.money.ledger(booked.booking.id) == ["paid"]


@pytest.mark.parametrize(
    ("choice", "deposit"),
    [(DepositChoice.NONE, euros(50)), (DepositChoice.LINK, euros(0)), (DepositChoice.CASH, euros(0))],
)
def test_without_a_deposit_it_is_confirmed_and_no_money_is_asked(
    front: Front, choice: DepositChoice, deposit: Money
) -> None:
    booked = front.book(choice=choice, deposit=deposit)
    assert booked.booking.status is BookingStatus.CONFIRMED
    assert booked.payment_id is None
    assert front.money.attempts(booked.booking.id) == []


def test_a_hold_keeps_its_slot_while_paying(front: Front) -> None:
    front.book(choice=DepositChoice.LINK)
    assert front.is_kept()


def test_a_hold_keeps_nothing_where_the_first_to_pay_wins(front: Front) -> None:
    front.money.first_to_pay_wins()
    first = front.book(choice=DepositChoice.LINK)
    second = front.book(choice=DepositChoice.LINK, request_key="second")
    assert {front.money.status(one.booking.id) for one in (first, second)} == {BookingStatus.PENDING_PAYMENT}
    front.book(request_key="third")
    assert front.is_kept()


def test_the_frozen_terms_outlive_a_change_of_the_price_list(front: Front) -> None:
    booking = front.book().booking
    with front.money.database.write() as uow:
        service = uow.catalogue.service(booking.service_id)
        uow.catalogue.save_service(replace(service, price=euros(999), policy=CancellationPolicy(1, 1)))
        uow.commit()
    detail = front.money.database.queries.booking(booking.id)
    assert detail.policy == CancellationPolicy(24, 50)
    assert detail.card.price == euros(120)


def test_a_reason_overrides_the_hours_and_stays_on_the_record(front: Front) -> None:
    with pytest.raises(SlotUnavailable, match="Ana does not work"):
        front.book(starts_at=NIGHT)
    assert refused(front, starts_at=NIGHT, override_reason="  ").code is ErrorCode.SLOT_UNAVAILABLE

    booking = front.book(starts_at=NIGHT, override_reason=" convention ").booking

    assert booking.override_reason == "convention"
    assert front.history(booking.id)[0][1].strip() == "convention"
    assert front.is_kept(NIGHT)


def test_a_reason_overrides_a_leave(front: Front) -> None:
    with front.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(
                artist_id=front.money.book.ana.id,
                starts_at=TUESDAY - timedelta(hours=4),
                ends_at=TUESDAY + timedelta(hours=4),
                reason="flu",
            )
        )
        uow.commit()
    assert "flu" in refused(front).message.plain()
    assert front.book(override_reason="feels better").booking.status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("by", [timedelta(0), timedelta(minutes=30), timedelta(hours=-1)])
def test_no_reason_overrides_an_overlap(front: Front, by: timedelta) -> None:
    front.book()
    error = refused(front, starts_at=TUESDAY + by, override_reason="please", request_key="other")
    assert error.code is ErrorCode.SLOT_TAKEN
    assert "Zoé Müller, 2026-11-24 11:00:00+01:00 to 12:00." in error.message.plain()


def test_no_reason_books_the_past(front: Front) -> None:
    past = front.money.clock.now() - timedelta(minutes=1)
    error = refused(front, starts_at=past, override_reason="it happened")
    assert error.code is ErrorCode.SLOT_UNAVAILABLE
    assert "in the past" in error.message.plain()


def test_a_start_without_a_zone_is_refused(front: Front) -> None:
    error = refused(front, starts_at=TUESDAY.replace(tzinfo=None))
    assert (error.code, error.field) == (ErrorCode.VALIDATION, "starts_at")


def test_one_form_books_once_however_often_it_is_sent(front: Front) -> None:
    first = front.book(choice=DepositChoice.LINK, request_key="one form")
    again = front.book(choice=DepositChoice.LINK, request_key="one form")
    assert (again.booking.id, again.payment_id) == (first.booking.id, first.payment_id)
    assert again.changes == Changes()
    assert [one.id for one in front.stored()] == [first.booking.id]
    assert len(front.money.attempts(first.booking.id)) == 1


@pytest.mark.parametrize(
    ("price", "deposit", "field"),
    [(Money(-1, "EUR"), euros(0), "price"), (euros(10), Money(1001, "EUR"), "deposit"), (None, euros(-5), "deposit")],
)
def test_impossible_amounts_are_refused_beside_their_field(
    front: Front, price: Money | None, deposit: Money, field: str
) -> None:
    error = refused(front, price=price, deposit=deposit)
    assert (error.code, error.field) == (ErrorCode.VALIDATION, field)


@pytest.mark.parametrize(
    ("name", "phone", "is_same"),
    [
        ("  zoé   MÜLLER ", "06 12 34 56 78", True),
        ("Zoé Müller", "+33 6 12 34 56 79", False),
        ("Max Müller", "06 12 34 56 78", False),
        ("Zoé Müller", "", False),
    ],
)
def test_a_new_client_is_the_known_one_if_phone_and_name_are(
    front: Front, name: str, phone: str, *, is_same: bool
) -> None:
    booking = front.book(client=NewClient(name=name, phone=phone, email=" a@example.org ")).booking
    assert (booking.client_id == front.money.book.client.id) is is_same
    with front.money.database.read() as uow:
        client = uow.clients.get(booking.client_id)
    assert client.name == ("Zoé Müller" if is_same else name)


def test_a_wrong_phone_stores_nothing(front: Front) -> None:
    assert refused(front, client=NewClient(name="Kim", phone="call me")).code is ErrorCode.VALIDATION
    assert front.money.database.queries.find_clients("Kim") == []


def test_a_service_that_needs_a_station_takes_a_free_unit_until_there_is_none(front: Front) -> None:
    service = _seated(front)
    artists = [front.money.book.ana.id, front.money.book.bo.id]
    units = {
        front.book(service_id=service.id, artist_id=artist, request_key=f"seat {artist}").booking.station_id
        for artist in artists
    }
    assert units == set(front.money.book.station.unit_ids)
    with front.money.database.write() as uow:
        third = uow.artists.add(replace(front.money.book.bo, id=0, name="Cy", resource_id=0))
        uow.commit()
    error = refused(front, service_id=service.id, artist_id=third.id, override_reason="on my lap")
    assert error.code is ErrorCode.SLOT_TAKEN


def test_without_a_key_a_link_is_refused_before_anything_is_stored(front: Front) -> None:
    def no_gateway() -> NoReturn:
        raise StripeNotConfigured(message("No key."))

    money, desk = front.money, front.money.database
    payments = PaymentService(desk.write, desk.read, no_gateway, money.clock, money.server.success_url)
    keyless = Front(money, BookingService(desk.write, money.clock, payments, LibraryPhoneNumbers()))
    assert refused(keyless, choice=DepositChoice.LINK).code is ErrorCode.STRIPE_NOT_CONFIGURED
    assert keyless.book(choice=DepositChoice.CASH).booking.status is BookingStatus.CONFIRMED


# A slot that only an overdue hold keeps


def test_an_overdue_hold_is_let_go_after_asking_and_the_slot_is_booked(front: Front) -> None:
    held, session_id = front.money.held_link()
    front.money.pass_time(minutes=31)

    booked = front.book()

    assert front.money.status(held) is BookingStatus.LAPSED
    assert front.money.gateway.session(session_id).status.value == "expired"
    assert booked.booking.status is BookingStatus.CONFIRMED
    assert booked.changes.bookings == {held, booked.booking.id}


def test_an_overdue_hold_that_was_paid_keeps_its_slot(front: Front) -> None:
    held, session_id = front.money.held_link()
    front.money.server.pay(session_id)
    front.money.pass_time(minutes=31)
    assert refused(front).code is ErrorCode.SLOT_TAKEN
    assert front.money.status(held) is BookingStatus.CONFIRMED


def test_one_overdue_hold_that_stays_keeps_the_slot_although_another_goes(front: Front) -> None:
    gone, _ = front.money.held_link(TUESDAY)
    stays, session_id = front.money.held_link(TUESDAY + timedelta(hours=2))
    front.money.server.pay_later(session_id)
    front.money.pass_time(minutes=31)

    error = refused(front, starts_at=TUESDAY + timedelta(hours=1))

    assert error.code is ErrorCode.SLOT_TAKEN
    assert front.money.status(gone) is BookingStatus.LAPSED
    assert front.money.status(stays) is BookingStatus.PENDING_PAYMENT


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


def _seated(front: Front) -> Service:
    """A service that needs a chair."""
    with front.money.database.write() as uow:
        service = uow.catalogue.add_service(
            replace(front.money.book.service, id=0, name="Chair piece", station_kind="chair")
        )
        uow.commit()
    return service
