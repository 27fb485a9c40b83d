"""What is read of groups: lists, openings, and what the host is free for. Both engines, the practice Stripe."""

from datetime import datetime, timedelta

import pytest
from support.book import TUESDAY
from support.flash_day import FOUR, TEN, FlashDesk, at, span

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.spans import Span


def test_lists_say_the_true_peak(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    desk.plan(starts_at=TEN + timedelta(days=1), ends_at=FOUR + timedelta(days=1), title="Next day")
    for start, end in (("10:00", "11:00"), ("11:00", "12:00"), ("12:00", "13:00")):
        desk.seat(group, start, end)
    (detail,) = desk.groups.groups(TUESDAY.date(), TUESDAY.date())
    assert (detail.group, detail.artist_name, detail.service_name) == (desk.group(group.id), "Ana", "Small piece")
    assert (detail.taken_peak, detail.booked) == (1, 3)
    assert desk.groups.group(group.id) == detail
    both = desk.groups.groups(TUESDAY.date(), TUESDAY.date() + timedelta(days=1))
    assert [one.group.title for one in both] == ["Flash day", "Next day"]
    assert [one.booking.starts_at for one in desk.groups.seated(group.id)] == [at("10:00"), at("11:00"), at("12:00")]


def test_openings_are_on_the_grid_and_not_past(desk: FlashDesk) -> None:
    group = desk.plan(seats=2, ends_at=at("12:00"))
    desk.seat(group, "10:45", "11:15")
    assert desk.groups.openings(group.id, 1800, 2) == [
        span("10:00", "10:30"),
        span("10:15", "10:45"),
        span("11:15", "11:45"),
        span("11:30", "12:00"),
    ]
    desk.money.clock.at = at("10:15") + timedelta(microseconds=1)
    assert desk.groups.openings(group.id, 1800, 2) == [span("11:15", "11:45"), span("11:30", "12:00")]


def test_an_unknown_group_is_said_to_be_unknown(desk: FlashDesk) -> None:
    with pytest.raises(InkDeskError, match="not in the book"):
        desk.groups.openings(4711, 3600)


def test_no_start_of_the_host_is_offered_over_a_group(desk: FlashDesk) -> None:
    book, money = desk.money.book, desk.money
    availability = AvailabilityService(money.database.read, money.clock)

    def offered() -> list[datetime]:
        return [one.starts_at for one in availability.slots(book.ana.id, book.service.id, TEN.date(), TEN.date())]

    before = offered()
    group = desk.plan(starts_at=at("12:00"), ends_at=at("14:00"))
    # an hour, 20 minutes of clean-up and 15 of pause before 11:50; and 10 minutes of preparation after 14:35
    free = [one for one in before if one <= at("10:15") or one >= at("14:45")]
    assert offered() == free
    assert 0 < len(free) < len(before)
    desk.seat(group, "12:00", "12:30")
    assert offered() == free


def test_availability_sees_a_group_and_a_seat_is_no_second_sitting(desk: FlashDesk) -> None:
    group = desk.plan(seats=4)
    for key in "abc":
        desk.seat(group, "10:00", "11:00", request_key=key)
    with desk.money.database.read() as uow:
        counted = uow.bookings.sittings([group.artist_id], Span(0, 2**32))
    assert counted == {group.artist_id: [group.span]}
