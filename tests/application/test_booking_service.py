"""Booking: both engines, the real payments, the practice Stripe."""

from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
from support.book import TUESDAY
from support.front import Front, euros

from inkdesk.application.booking_commands import (
    DepositChoice,
    NewClient,
)
from inkdesk.application.booking_service import BookingService
from inkdesk.application.changes import Changes
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.catalogue import CancellationPolicy, Service
from inkdesk.domain.errors import (
    ErrorCode,
    InkDeskError,
    SlotUnavailable,
    StripeNotConfigured,
)
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

NIGHT = TUESDAY.replace(hour=21)


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


def _seated(front: Front) -> Service:
    """A service that needs a chair."""
    with front.money.database.write() as uow:
        service = uow.catalogue.add_service(
            replace(front.money.book.service, id=0, name="Chair piece", station_kind="chair")
        )
        uow.commit()
    return service
