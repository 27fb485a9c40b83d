"""Moving one booking: both engines, the real payments, the practice Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import HOUR, TUESDAY
from support.series_desk import LATER, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.catalogue import Station
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.sitting import Processing
from inkdesk.domain.spans import to_seconds

NIGHT = TUESDAY.replace(hour=21)


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


@pytest.mark.parametrize("length", [HOUR * 2, timedelta(minutes=30)])
def test_a_sitting_gets_another_length_and_keeps_its_price(desk: SeriesDesk, length: timedelta) -> None:
    booking = desk.front.book(choice=DepositChoice.CASH).booking
    seconds = int(length.total_seconds())
    desk.move(booking, TUESDAY, sitting_s=seconds)
    longer = desk.now(booking)
    sitting = booking.sitting._replace(sitting_s=seconds)
    assert longer == replace(booking, sitting=sitting, version=booking.version + 1)
    assert desk.front.history(booking.id)[-1][0] == f"MOVED 2026-11-24T10:00+00:00 2026-11-24T10:00+00:00 {seconds}s"
    assert desk.move(longer, TUESDAY, sitting_s=seconds) == Changes()
    assert desk.move(longer, TUESDAY) == Changes()


def test_a_longer_sitting_is_refused_where_the_next_one_begins(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    desk.front.book(starts_at=LATER)
    with pytest.raises(SlotTaken):
        desk.move(booking, TUESDAY, sitting_s=3 * 3600)
    assert desk.now(booking) == booking


@pytest.mark.parametrize("seconds", [0, -60, 8 * 86400])
def test_a_length_that_cannot_be_is_refused_in_words(desk: SeriesDesk, seconds: int) -> None:
    booking = desk.front.book().booking
    with pytest.raises(ValidationError):
        desk.move(booking, TUESDAY, sitting_s=seconds)
    assert desk.now(booking) == booking
