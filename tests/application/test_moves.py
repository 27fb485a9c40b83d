"""Moving one booking: both engines, the real payments, the practice Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.front import Front, euros
from support.series_desk import SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.catalogue import Station
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.sitting import Processing
from inkdesk.domain.slot_rules import Limits
from inkdesk.domain.spans import to_seconds

HOUR = timedelta(hours=1)
LATER = TUESDAY + 2 * HOUR
NIGHT = TUESDAY.replace(hour=21)


@pytest.fixture
def desk(front: Front) -> SeriesDesk:
    return SeriesDesk(front)


def test_a_moved_booking_is_the_same_booking(desk: SeriesDesk) -> None:
    booking = desk.front.book(choice=DepositChoice.CASH, note="left arm").booking

    changes = desk.move(booking, LATER)

    moved = desk.now(booking)
    assert changes == Changes(bookings=frozenset({booking.id}))
    assert moved == replace(booking, starts_at=LATER, version=booking.version + 1)
    assert desk.front.history(booking.id)[-1] == ("MOVED 2026-11-24T10:00+00:00 2026-11-24T12:00+00:00", "")
    assert desk.front.is_kept(LATER)
    assert not desk.front.is_kept(TUESDAY)


def test_a_move_never_charges_again(desk: SeriesDesk) -> None:
    booking = desk.front.paid_link()
    before = (desk.front.money.attempts(booking.id), desk.front.money.ledger(booking.id))
    desk.move(booking, LATER)
    assert (desk.front.money.attempts(booking.id), desk.front.money.ledger(booking.id)) == before
    desk.front.cancel(desk.now(booking), DepositFate.REFUND)
    assert desk.front.money.payment(booking.id).refunded_minor == 5000


def test_a_moved_hold_keeps_its_deadline_and_its_link_pays_for_the_new_time(desk: SeriesDesk) -> None:
    booking_id, session_id = desk.front.money.held_link()
    held = desk.front.money.booking(booking_id)
    desk.move(held, LATER)
    assert desk.now(held).hold_until == held.hold_until
    desk.front.money.server.pay(session_id)
    desk.front.money.look()
    assert (desk.now(held).status, desk.now(held).starts_at) == (BookingStatus.CONFIRMED, LATER)


def test_a_moved_hold_keeps_nothing_where_the_first_to_pay_wins(desk: SeriesDesk) -> None:
    desk.front.money.first_to_pay_wins()
    held = desk.front.book(choice=DepositChoice.LINK).booking
    desk.move(held, LATER)
    assert not desk.front.is_kept(LATER)


@pytest.mark.parametrize("by", [timedelta(minutes=15), timedelta(minutes=-45), timedelta(hours=1)])
def test_a_booking_is_not_in_its_own_way(desk: SeriesDesk, by: timedelta) -> None:
    booking = desk.front.book().booking
    desk.move(booking, TUESDAY + by)
    assert desk.now(booking).starts_at == TUESDAY + by


def test_it_moves_to_another_artist(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    booking = desk.front.book().booking
    desk.move(booking, LATER, artist_id=book.bo.id)
    moved = desk.now(booking)
    assert (moved.artist_id, moved.pause_s) == (book.bo.id, book.bo.pause_s)
    assert desk.front.history(booking.id)[-1][0].endswith("2026-11-24T12:00+00:00 Ana > Bo")
    desk.front.book(starts_at=LATER, request_key="ana is free")
    with pytest.raises(SlotTaken, match="Bo is taken by Zoé Müller"):
        desk.front.book(starts_at=LATER, artist_id=book.bo.id, request_key="bo is not")


def test_a_taken_time_is_refused_and_nothing_moves(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    desk.front.book(starts_at=LATER, request_key="other")
    with pytest.raises(SlotTaken, match="Ana is taken by Zoé Müller"):
        desk.move(booking, LATER + HOUR, override_reason="please")
    assert desk.now(booking) == booking
    assert desk.front.is_kept(TUESDAY)


def test_a_reason_moves_it_outside_the_hours_and_stays_on_the_record(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    with pytest.raises(SlotUnavailable):
        desk.move(booking, NIGHT)
    desk.move(booking, NIGHT, override_reason=" convention ")
    assert desk.now(booking).override_reason == "convention"
    assert desk.front.history(booking.id)[-1][1] == "convention"
    desk.move(desk.now(booking), TUESDAY)
    assert desk.now(booking).override_reason == ""


def test_it_keeps_the_length_it_was_booked_with(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    with desk.front.money.database.write() as uow:
        service = uow.catalogue.service(booking.service_id)
        uow.catalogue.save_service(replace(service, sitting=service.sitting._replace(sitting_s=7200), is_active=False))
        uow.commit()
    desk.move(booking, LATER)
    assert desk.now(booking).sitting == booking.sitting
    kept = desk.front.money.database
    with kept.read() as uow:
        (claim,) = uow.bookings.claims_of(booking.id)
    start = to_seconds(LATER)
    assert claim.span == (start - 600, start + 3600 + 1200 + 900)


@pytest.mark.parametrize("keeps_station", [True, False])
def test_a_processing_that_came_later_and_does_not_fit_is_left_out(desk: SeriesDesk, keeps_station: bool) -> None:
    """The service lasts longer now, and its processing begins after the end of what was booked."""
    service = desk.seated_service()
    booking = desk.front.book(service_id=service.id).booking
    longer = service.sitting._replace(sitting_s=10800)
    processing = Processing(5400, 1800, "lamp", keeps_station=keeps_station)
    with desk.front.money.database.write() as uow:
        uow.catalogue.add_station(Station(name="Lamp", kind="lamp"), 1)
        uow.catalogue.save_service(replace(service, sitting=longer, processing=processing))
        uow.commit()
    desk.move(booking, LATER)
    start = to_seconds(LATER) - 600
    with desk.front.money.database.read() as uow:
        spans = [claim.span for claim in uow.bookings.claims_of(booking.id)]
    assert spans == [(start, start + 600 + 3600 + 1200 + 900), (start, start + 600 + 3600 + 1200)]


def test_a_processing_that_fits_what_was_booked_goes_along(desk: SeriesDesk) -> None:
    service = desk.seated_service()
    booking = desk.front.book(service_id=service.id).booking
    with desk.front.money.database.write() as uow:
        uow.catalogue.save_service(replace(service, processing=Processing(1800, 1800, keeps_station=False)))
        uow.commit()
    desk.move(booking, LATER)
    start = to_seconds(LATER)
    with desk.front.money.database.read() as uow:
        spans = [claim.span for claim in uow.bookings.claims_of(booking.id) if claim.resource_id == booking.station_id]
    assert spans == [(start - 600, start + 1800), (start + 3600, start + 3600 + 1200)]


def test_who_does_not_do_the_service_any_more_still_moves_what_was_booked(desk: SeriesDesk) -> None:
    money, book = desk.front.money, desk.front.money.book
    cyd = replace(book.bo, id=0, name="Cyd", resource_id=0)
    with money.database.write() as uow:
        cyd, dan = uow.artists.add(cyd), uow.artists.add(replace(cyd, name="Dan"))
        uow.commit()
    booking = desk.front.book(with_artist_ids=(cyd.id,)).booking
    with money.database.write() as uow:
        service = uow.catalogue.service(booking.service_id)
        uow.catalogue.save_service(replace(service, artist_ids=(book.bo.id,)))
        uow.commit()
    with pytest.raises(ValidationError, match="does not offer"):
        desk.front.book(starts_at=LATER, request_key="new")
    with pytest.raises(ValidationError, match="Dan does not offer"):
        desk.move(booking, LATER, artist_id=dan.id)
    desk.move(booking, LATER)
    assert desk.now(booking).starts_at == LATER
    desk.move(desk.now(booking), TUESDAY, artist_id=book.bo.id)
    assert desk.now(booking).artist_id == book.bo.id


def test_an_archived_artist_is_told_so(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    with desk.front.money.database.write() as uow:
        uow.artists.save(replace(uow.artists.get(booking.artist_id), is_active=False))
        uow.commit()
    with pytest.raises(ValidationError, match="Ana is archived"):
        desk.move(booking, LATER)


def test_the_same_place_is_no_change(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    assert desk.move(booking, TUESDAY) == Changes()
    assert desk.now(booking) == booking


def test_a_booking_changed_meanwhile_does_not_move(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    desk.move(booking, LATER)
    with pytest.raises(StaleRecord):
        desk.move(booking, TUESDAY)


def test_what_is_over_or_has_begun_does_not_move(desk: SeriesDesk) -> None:
    cancelled = desk.front.book().booking
    desk.front.cancel(cancelled, DepositFate.KEEP)
    with pytest.raises(ValidationError, match="CANCELLED cannot be moved"):
        desk.move(desk.now(cancelled), LATER)
    begun = desk.front.book(request_key="second").booking
    desk.front.money.clock.advance(days=1, hours=1)
    with pytest.raises(ValidationError, match="has begun"):
        desk.move(begun, LATER + timedelta(days=1))


def test_a_client_who_is_here_is_not_moved(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    desk.front.money.clock.advance(hours=24)
    desk.front.bookings.check_in(booking.id, booking.version)
    with pytest.raises(ValidationError, match="has begun"):
        desk.move(desk.now(booking), LATER)


def test_a_start_without_a_zone_is_refused(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    with pytest.raises(ValidationError) as caught:
        desk.move(booking, LATER.replace(tzinfo=None))
    assert caught.value.field == "starts_at"


def test_an_overdue_hold_makes_way_for_a_move(desk: SeriesDesk) -> None:
    held, _ = desk.front.money.held_link(LATER)
    booking = desk.front.book().booking
    desk.front.money.pass_time(minutes=31)
    changes = desk.move(booking, LATER)
    assert desk.front.money.status(held) is BookingStatus.LAPSED
    assert changes.bookings == {held, booking.id}


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


# Limits


def limited(desk: SeriesDesk, limits: Limits) -> None:
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        uow.artists.save(replace(ana, limits=limits))
        uow.commit()


def test_a_booking_does_not_count_against_its_own_move(desk: SeriesDesk) -> None:
    limited(desk, Limits(per_day=1, per_week=1))
    booking = desk.front.book().booking
    desk.move(booking, LATER)
    desk.move(desk.now(booking), LATER + timedelta(days=2))
    assert desk.now(booking).starts_at == LATER + timedelta(days=2)


def test_a_full_day_takes_no_moved_booking_without_a_reason(desk: SeriesDesk) -> None:
    limited(desk, Limits(per_day=1))
    desk.front.book()
    booking = desk.front.book(starts_at=TUESDAY + timedelta(days=1), request_key="next day").booking
    with pytest.raises(SlotUnavailable):
        desk.move(booking, LATER)
    desk.move(booking, LATER, override_reason="a small one")
    assert desk.now(booking).starts_at == LATER


def test_a_further_artists_limit_counts_too(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    limited(desk, Limits(per_day=1))
    desk.front.book(artist_id=book.bo.id, with_artist_ids=(book.ana.id,))
    with pytest.raises(SlotUnavailable):
        desk.front.book(starts_at=LATER, request_key="second")
