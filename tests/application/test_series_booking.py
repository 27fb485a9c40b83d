"""A series is booked as a whole or not at all. Both engines, the real payments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.book import TUESDAY
from support.front import euros
from support.series_days import DAY, FOUR, PARIS, always_open, away, refused, stored
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.series import SeriesKind
from inkdesk.domain.slot_rules import Limits


def test_every_sitting_stands_in_the_book_and_belongs_to_the_series(desk: SeriesDesk) -> None:
    booked = desk.book(note=" sleeve ")
    assert desk.starts(booked) == list(FOUR)
    with desk.front.money.database.read() as uow:
        assert [one.id for one in uow.series.bookings_of(booked.series_id)] == [one.id for one in booked.bookings]
        series = uow.series.by_request_key("series")
    assert series is not None
    assert (series.id, series.kind, series.rule) == (
        booked.series_id,
        SeriesKind.REPEAT,
        "FREQ=WEEKLY;INTERVAL=1;COUNT=4",
    )
    for one in booked.bookings:
        assert (one.status, one.series_id, one.note) == (BookingStatus.CONFIRMED, booked.series_id, "sleeve")
    assert booked.changes.bookings == {one.id for one in booked.bookings}
    assert [desk.front.is_kept(start) for start in FOUR] == [True] * 4


def test_one_deposit_is_asked_with_the_first_sitting(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK, starts=FOUR[::-1])
    assert [one.starts_at for one in booked.bookings] == list(FOUR)
    assert [one.status for one in booked.bookings] == [
        BookingStatus.PENDING_PAYMENT,
        *[BookingStatus.CONFIRMED] * 3,
    ]
    assert [one.deposit for one in booked.bookings] == [euros(50), *[euros(0)] * 3]
    assert [one.price for one in booked.bookings] == [euros(120)] * 4
    attempts = [desk.front.money.attempts(one.id) for one in booked.bookings]
    assert [len(one) for one in attempts] == [1, 0, 0, 0]
    assert attempts[0][0].id == booked.payment_id


def test_a_cash_deposit_is_in_the_till_once(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    assert [desk.front.money.ledger(one.id) for one in booked.bookings] == [["paid"], [], [], []]


def test_one_taken_date_refuses_all_and_is_named(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=FOUR[2])
    error = refused(desk, client=NewClient(name="Kim"), override_reason="please")
    assert isinstance(error, SlotTaken)
    assert "2026-12-08" in error.message.plain()
    assert "Ana is taken by Zoé Müller" in error.message.plain()
    assert "No sitting was changed." in error.message.plain()
    assert desk.front.money.database.queries.find_clients("Kim") == []


def test_a_booking_that_has_the_key_of_a_sitting_is_not_taken_for_it(desk: SeriesDesk) -> None:
    desk.front.book(request_key="form#3", starts_at=FOUR[3] + WEEK)
    error = refused(desk, request_key="form")
    assert "form#3" in error.message.plain()


def test_one_date_on_leave_refuses_all_unless_a_reason_is_given(desk: SeriesDesk) -> None:
    away(desk, FOUR[1], desk.front.money.book.ana.id)
    error = refused(desk)
    assert isinstance(error, SlotUnavailable)
    assert "flu" in error.message.plain()
    booked = desk.book(override_reason="feels better")
    assert {one.override_reason for one in booked.bookings} == {"feels better"}


def test_a_further_artist_who_is_taken_once_refuses_all(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo
    desk.front.book(artist_id=bo.id, starts_at=FOUR[3])
    error = refused(desk, with_artist_ids=(bo.id,))
    assert "Bo is taken" in error.message.plain()
    assert desk.book(with_artist_ids=(bo.id,), starts=FOUR[:3]).bookings[2].with_artist_ids == (bo.id,)


def test_two_starts_of_one_series_that_meet_refuse_each_other(desk: SeriesDesk) -> None:
    close = (TUESDAY, TUESDAY + timedelta(minutes=60))
    error = refused(desk, starts=close, override_reason="please")
    assert isinstance(error, SlotTaken)


def test_a_limit_per_week_counts_the_series_itself(desk: SeriesDesk) -> None:
    always_open(desk, limits=Limits(per_week=1))
    assert isinstance(refused(desk, starts=(TUESDAY, TUESDAY + DAY)), SlotUnavailable)
    assert len(desk.book().bookings) == 4


def test_one_form_books_one_series_however_often_it_is_sent(desk: SeriesDesk) -> None:
    first = desk.book(choice=DepositChoice.LINK)
    again = desk.book(choice=DepositChoice.LINK)
    assert (again.series_id, again.payment_id) == (first.series_id, first.payment_id)
    assert [one.id for one in again.bookings] == [one.id for one in first.bookings]
    assert again.changes == Changes()
    assert stored(desk) == [one.id for one in first.bookings]


@pytest.mark.parametrize(
    "starts",
    [(), (TUESDAY, TUESDAY), (TUESDAY.replace(tzinfo=None),), tuple(TUESDAY + n * DAY for n in range(105))],
)
def test_starts_that_cannot_be_are_refused(desk: SeriesDesk, starts: tuple[datetime, ...]) -> None:
    error = refused(desk, starts=starts)
    assert isinstance(error, ValidationError)
    assert error.field == "starts"


def test_two_showings_of_one_hour_are_two_starts(desk: SeriesDesk) -> None:
    always_open(desk)
    desk.front.money.pass_time(days=300)
    first = datetime(2027, 10, 31, 2, 0, tzinfo=PARIS)
    with desk.front.money.database.write() as uow:
        service = uow.catalogue.service(desk.front.money.book.service.id)
        uow.catalogue.save_service(replace(service, sitting=service.sitting._replace(prep_s=0, clean_up_s=0)))
        uow.commit()
    booked = desk.book(starts=(first, first.replace(fold=1)))
    assert [one.starts_at.astimezone(UTC).hour for one in booked.bookings] == [0, 1]


def test_overdue_holds_on_several_dates_make_way(desk: SeriesDesk) -> None:
    held = [desk.front.money.held_link(start)[0] for start in FOUR[1:3]]
    desk.front.money.pass_time(minutes=31)
    booked = desk.book()
    assert [desk.front.money.status(one) for one in held] == [BookingStatus.LAPSED] * 2
    assert booked.changes.bookings == {*held, *(one.id for one in booked.bookings)}
