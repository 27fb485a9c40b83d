"""Bookings that claim several artists or units, and the money that takes them all or none. Both engines."""

from dataclasses import replace

import pytest
from support.book import HOUR, TUESDAY
from support.front import euros
from support.series_desk import LATER, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken, ValidationError
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.sitting import Processing
from inkdesk.domain.spans import to_seconds

# Several artists, several units


def test_both_artists_are_kept_each_with_their_own_pause(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    booking = desk.front.book(with_artist_ids=(book.bo.id,)).booking
    assert booking.with_artist_ids == (book.bo.id,)
    with desk.front.money.database.read() as uow:
        claims = uow.bookings.claims_of(booking.id)
    start, end = to_seconds(TUESDAY) - 600, to_seconds(TUESDAY) + 3600 + 1200
    assert claims == [(book.ana.resource_id, (start, end + 900)), (book.bo.resource_id, (start, end))]
    for artist in (book.ana, book.bo):
        with pytest.raises(SlotTaken, match=f"{artist.name} is taken"):
            desk.front.book(artist_id=artist.id, request_key="probe")


def test_one_of_two_artists_taken_refuses_both(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    desk.front.book(artist_id=book.bo.id)
    with pytest.raises(SlotTaken, match="Bo is taken"):
        desk.front.book(with_artist_ids=(book.bo.id,), request_key="both")
    desk.front.book(request_key="ana is free")


def test_an_artist_named_twice_is_refused(desk: SeriesDesk) -> None:
    with pytest.raises(ValidationError) as caught:
        desk.front.book(with_artist_ids=(desk.front.money.book.ana.id,))
    assert caught.value.field == "with_artist_ids"


def test_both_artists_move_and_a_taken_one_keeps_both(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    booking = desk.front.book(with_artist_ids=(book.bo.id,)).booking
    desk.front.book(artist_id=book.bo.id, starts_at=LATER, request_key="other")
    with pytest.raises(SlotTaken, match="Bo is taken"):
        desk.move(booking, LATER)
    desk.move(booking, TUESDAY + 4 * HOUR)
    moved = desk.now(booking)
    assert moved.with_artist_ids == (book.bo.id,)
    for artist in (book.ana, book.bo):
        with pytest.raises(SlotTaken):
            desk.front.book(artist_id=artist.id, starts_at=moved.starts_at, request_key="probe")
    desk.front.book(with_artist_ids=(book.bo.id,), request_key="again")


def test_two_units_are_claimed_and_let_go_together(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    wide = desk.seated_service(units=2, name="Two chairs")
    single = desk.seated_service()
    booking = desk.front.book(service_id=wide.id).booking
    with desk.front.money.database.read() as uow:
        units = {claim.resource_id for claim in uow.bookings.claims_of(booking.id)} - {book.ana.resource_id}
    assert units == set(book.station.unit_ids)
    with pytest.raises(SlotTaken):
        desk.front.book(service_id=single.id, artist_id=book.bo.id, request_key="probe")
    desk.move(booking, LATER)
    desk.front.book(service_id=single.id, artist_id=book.bo.id, request_key="free now")


def test_a_station_is_kept_for_its_own_spans(desk: SeriesDesk) -> None:
    service = replace(
        desk.seated_service(),
        station_prep_s=0,
        station_clean_up_s=1800,
        processing=Processing(1200, 600, keeps_station=False),
    )
    with desk.front.money.database.write() as uow:
        uow.catalogue.save_service(service)
        uow.commit()
    booking = desk.front.book(service_id=service.id).booking
    with desk.front.money.database.read() as uow:
        claims = [claim for claim in uow.bookings.claims_of(booking.id) if claim.resource_id == booking.station_id]
    start = to_seconds(TUESDAY)
    assert [claim.span for claim in claims] == [(start, start + 1200), (start + 1800, start + 3600 + 1800)]


# Money that takes a time with several claims


def test_who_pays_second_loses_over_a_shared_further_artist(desk: SeriesDesk) -> None:
    money, book = desk.front.money, desk.front.money.book
    money.first_to_pay_wins()
    both = desk.front.book(choice=DepositChoice.LINK, with_artist_ids=(book.bo.id,), request_key="both")
    alone = desk.front.book(choice=DepositChoice.LINK, artist_id=book.bo.id, request_key="alone")
    assert both.payment_id is not None
    assert alone.payment_id is not None
    sessions = [money.payments.open_link(one).payment.session_id for one in (both.payment_id, alone.payment_id)]
    money.server.pay(sessions[0])
    money.pass_time(seconds=60)
    money.server.pay(sessions[1])
    money.look()
    assert money.status(both.booking.id) is BookingStatus.CONFIRMED
    assert money.status(alone.booking.id) is BookingStatus.LAPSED
    assert money.task_kinds() == ["second_payer"]


def test_a_rival_for_a_further_artist_stands_aside_for_cash(desk: SeriesDesk) -> None:
    money, book = desk.front.money, desk.front.money.book
    money.first_to_pay_wins()
    alone = desk.front.book(choice=DepositChoice.LINK, artist_id=book.bo.id, request_key="alone")
    assert alone.payment_id is not None
    session = money.payments.open_link(alone.payment_id).payment.session_id
    both = desk.front.book(choice=DepositChoice.LINK, with_artist_ids=(book.bo.id,), request_key="both")
    desk.front.money.payments.record_by_hand(both.booking.id, PaymentMethod.CASH, euros(50), "cash")
    assert money.status(both.booking.id) is BookingStatus.CONFIRMED
    assert money.status(alone.booking.id) is BookingStatus.LAPSED
    assert money.gateway.session(session).status.value == "expired"


def test_a_rival_that_was_moved_away_meanwhile_keeps_its_new_time(desk: SeriesDesk) -> None:
    """Its link was ended for the payer, but then it does not stand in the way any more."""
    money = desk.front.money
    paid, session = money.held_link()
    rival, _ = money.held_link(LATER)
    money.server.pay(session)
    facts = money.gateway.session(session)
    money.payments.settlement.settle(money.payment(paid).id, facts, is_live=False, lapse=False, rivals=[rival])
    assert (money.status(paid), money.status(rival)) == (BookingStatus.CONFIRMED, BookingStatus.PENDING_PAYMENT)
    assert desk.front.is_kept(LATER)


def test_a_lapsed_booking_of_two_comes_back_only_if_both_are_free(desk: SeriesDesk) -> None:
    money, book = desk.front.money, desk.front.money.book
    booked = desk.front.book(choice=DepositChoice.LINK, with_artist_ids=(book.bo.id,))
    assert booked.payment_id is not None
    money.payments.open_link(booked.payment_id)
    money.pass_time(minutes=31)
    money.look()
    assert money.status(booked.booking.id) is BookingStatus.LAPSED
    other = desk.front.book(artist_id=book.bo.id, request_key="bo").booking
    with pytest.raises(SlotTaken, match="Bo is taken"):
        money.payments.resend_link(booked.booking.id)
    desk.move(other, LATER)
    money.payments.resend_link(booked.booking.id)
    assert money.status(booked.booking.id) is BookingStatus.PENDING_PAYMENT
    assert desk.front.is_kept()


def test_a_lapsed_booking_comes_back_on_another_unit(desk: SeriesDesk) -> None:
    money, book = desk.front.money, desk.front.money.book
    service = desk.seated_service()
    booked = desk.front.book(choice=DepositChoice.LINK, service_id=service.id)
    assert booked.payment_id is not None
    money.payments.open_link(booked.payment_id)
    money.pass_time(minutes=31)
    money.look()
    other = desk.front.book(service_id=service.id, artist_id=book.bo.id, request_key="bo").booking
    assert other.station_id == booked.booking.station_id
    money.payments.resend_link(booked.booking.id)
    revived = desk.now(booked.booking)
    assert {other.station_id, revived.station_id} == set(book.station.unit_ids)
