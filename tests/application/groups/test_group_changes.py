"""Changing a group: more seats, fewer seats, another time. Both engines, the practice Stripe."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.book import HOUR
from support.flash_day import FOUR, TEN, FlashDesk, at, book_ana, host_busy, lapsed_hold, let_go, span

from inkdesk.application.changes import Changes
from inkdesk.application.seating import seat_again
from inkdesk.domain.artists import Leave
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.spans import Span, to_instant, to_seconds

PARIS = ZoneInfo("Europe/Paris")


def test_more_seats(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    desk.seat(group)
    saved = desk.change(group, seats=3)
    assert (saved.group.seats, len(saved.group.unit_ids), saved.group.version) == (3, 3, 2)
    assert saved.group.unit_ids[0] == group.unit_ids[0]
    assert desk.group(group.id) == saved.group
    desk.seat(group, seats=2, request_key="two more")


def test_fewer_seats_down_to_the_true_peak(desk: FlashDesk) -> None:
    """Three bookings overlap the day, but never more than two at a time."""
    group = desk.plan(seats=4)
    desk.seat(group, "10:00", "12:00", seats=2)
    first = desk.seat(group, "12:00", "14:00", seats=2)
    second = desk.seat(group, "14:00", "16:00", request_key="later")
    with pytest.raises(ValidationError, match="2 seats are taken") as refused:
        desk.change(group, seats=1)
    assert refused.value.field == "seats"
    saved = desk.change(group, seats=2)
    assert (saved.group.seats, len(saved.group.unit_ids)) == (2, 2)
    assert desk.seats_of(group)[first.booking.id] == (1, 2)
    assert desk.seats_of(group)[second.booking.id] == (1,)


def test_fewer_seats_move_who_has_not_begun(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    morning = desk.seat(group, "10:00", "13:00", seats=2)
    third = desk.seat(group, "10:00", "12:00")
    let_go(desk, desk.booking(morning))
    assert desk.seats_of(group) == {third.booking.id: (3,)}
    desk.change(group, seats=1)
    assert desk.seats_of(group) == {third.booking.id: (1,)}


def test_fewer_seats_let_who_has_begun_sit(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    two = desk.seat(group, "10:00", "11:00", seats=2)
    long = desk.seat(group, "10:00", "16:00")
    later = desk.seat(group, "12:00", "16:00", request_key="later")
    unit = group.unit_ids[2]
    let_go(desk, desk.booking(two))
    desk.money.clock.at = at("11:00")
    saved = desk.change(group, seats=2)
    assert unit in saved.group.unit_ids
    assert {one.key: one.units for one in desk.parties(group)}[long.booking.id] == (unit,)
    assert set(desk.seats_of(group)[later.booking.id]) <= {1, 2}


def test_a_lapsed_hold_on_a_seat_that_is_gone_comes_back_on_one_that_stays(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    first = desk.seat(group, "10:00", "11:00")
    lapsed = lapsed_hold(desk, group)
    saved = desk.change(group, seats=1)
    let_go(desk, desk.booking(first))
    with desk.money.database.write() as uow:
        assert {one.resource_id for one in uow.bookings.claims_of(lapsed.id)} == set(saved.group.unit_ids)
        seat_again(uow, lapsed, desk.money.clock.now())
        uow.commit()
    assert desk.seats_of(group) == {lapsed.id: (1,)}


def test_a_moved_group_takes_everybody_along(desk: FlashDesk) -> None:
    group = desk.plan(starts_at=at("10:00"), ends_at=at("12:00"))
    seated = desk.seat(group, "10:30", "11:00")
    lapsed = lapsed_hold(desk, group)
    gone = desk.seat(group, "11:00", "12:00", request_key="gone")
    let_go(desk, gone.booking)

    saved = desk.change(group, starts_at=at("13:00"), ends_at=at("15:00"), title="Later")

    assert saved.changes == Changes(bookings=frozenset({seated.booking.id, lapsed.id}), settings=True)
    assert [one.span for one in desk.parties(group)] == [span("13:30", "14:00")]
    assert desk.booking(seated).starts_at == at("13:30")
    assert desk.money.booking(lapsed.id).starts_at == at("13:00")
    assert desk.booking(gone).starts_at == at("11:00")
    history = desk.money.database.queries.booking(seated.booking.id).history
    assert history[-1][2] == "MOVED 2026-11-24T09:30+00:00 2026-11-24T12:30+00:00"
    assert host_busy(desk) == [Span(to_seconds(at("13:00")) - 600, to_seconds(at("15:00")) + 2100)]
    with desk.money.database.read() as uow:
        assert {one.span for one in uow.bookings.claims_of(lapsed.id)} == {span("13:00", "15:00")}


def test_a_group_may_be_moved_over_its_own_old_time(desk: FlashDesk) -> None:
    group = desk.plan()
    assert desk.change(group, starts_at=TEN + HOUR / 2, ends_at=FOUR + HOUR / 2).group.starts_at == TEN + HOUR / 2


def test_a_group_is_not_moved_over_a_booking_of_its_host(desk: FlashDesk) -> None:
    group = desk.plan(ends_at=at("11:00"))
    book_ana(desk, "13:00")
    seated = desk.seat(group)
    before = host_busy(desk)
    with pytest.raises(SlotTaken, match="Ana is taken by Zoé Müller"):
        desk.change(group, starts_at=at("13:00"), ends_at=at("14:00"))
    with pytest.raises(SlotUnavailable, match="Ana does not work"):
        desk.change(group, starts_at=at("17:00"), ends_at=at("18:00"))
    assert (host_busy(desk), desk.group(group.id)) == (before, group)
    assert desk.booking(seated) == seated.booking


def test_a_stretched_group_leaves_everybody_where_they_are(desk: FlashDesk) -> None:
    group = desk.plan(starts_at=at("11:00"), ends_at=at("13:00"))
    seated = desk.seat(group, "11:00", "12:00")
    longer = desk.change(group, starts_at=at("10:00"), ends_at=at("15:00")).group
    assert desk.booking(seated) == seated.booking
    with pytest.raises(ValidationError, match="1 bookings lie outside"):
        desk.change(longer, starts_at=at("11:30"))
    shorter = desk.change(longer, starts_at=at("11:00"), ends_at=at("12:00")).group
    assert host_busy(desk) == [Span(to_seconds(at("11:00")) - 600, to_seconds(at("12:00")) + 2100)]
    assert shorter.version == 3


@pytest.mark.parametrize(("night", "would"), [(date(2027, 3, 27), "7"), (date(2027, 10, 30), "9")])
def test_a_night_that_the_clock_makes_longer_or_shorter_is_no_place_for_a_booked_one(
    desk: FlashDesk, night: date, would: str
) -> None:
    """By the clock it is a move, but nobody was asked to sit longer or shorter; with an end as late it is one."""
    with desk.money.database.write() as uow:
        ana = uow.artists.get(desk.money.book.ana.id)
        uow.artists.save(replace(ana, plans=every_week(((WallSpan(18 * 60, 36 * 60),),) * 7)))
        uow.commit()
    evening = datetime(2027, 2, 26, 22, tzinfo=PARIS)
    group = desk.plan(starts_at=evening, ends_at=datetime(2027, 2, 27, 6, tzinfo=PARIS))
    start = datetime.combine(night, time(22), PARIS)
    morning = datetime.combine(night + timedelta(days=1), time(6), PARIS)
    seated = desk.seat(group)
    with pytest.raises(ValidationError) as refused:
        desk.change(group, starts_at=start, ends_at=morning)
    assert refused.value.message.plain() == (
        f"The clock changes in that night, so Flash day would last {would} hours instead of 8, and its 1 bookings "
        "cannot move with it. Choose an end 8 hours after the start, or another day."
    )
    assert desk.booking(seated) == seated.booking
    ends_at = to_instant(to_seconds(start) + 8 * 3600)
    moved = desk.change(group, starts_at=start, ends_at=ends_at).group
    assert desk.booking(seated).starts_at == start
    assert [one.span for one in desk.parties(moved)] == [moved.span]


def test_an_empty_group_goes_to_any_night(desk: FlashDesk) -> None:
    group = desk.plan(starts_at=TEN, ends_at=at("13:00"))
    start, end = datetime(2027, 3, 28, 1, tzinfo=PARIS), datetime(2027, 3, 28, 4, tzinfo=PARIS)
    with desk.money.database.write() as uow:
        ana = uow.artists.get(desk.money.book.ana.id)
        uow.artists.save(replace(ana, plans=every_week(((WallSpan(0, 24 * 60),),) * 7)))
        uow.commit()
    moved = desk.change(group, starts_at=start, ends_at=end).group
    assert moved.span.end_s - moved.span.start_s == 2 * 3600


def test_a_shorter_group_is_not_judged_again(desk: FlashDesk) -> None:
    group = desk.plan()
    with desk.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=group.artist_id, starts_at=at("14:00"), ends_at=at("18:00"), reason="ill since two")
        )
        uow.commit()
    shorter = desk.change(group, ends_at=at("15:00")).group
    with pytest.raises(SlotUnavailable, match="ill since two"):
        desk.change(shorter, ends_at=at("15:30"))


def test_a_group_that_has_begun_can_be_made_longer_but_not_moved(desk: FlashDesk) -> None:
    group = desk.plan(ends_at=at("12:00"))
    desk.money.clock.at = at("11:00")
    longer = desk.change(group, ends_at=at("15:00")).group
    with pytest.raises(ValidationError, match="has begun"):
        desk.change(longer, starts_at=at("11:30"))
    book_ana(desk, "15:45", "afterwards")
    with pytest.raises(SlotTaken):
        desk.change(longer, ends_at=at("16:00"))
    assert desk.change(longer, title="Long day").group.title == "Long day"


def test_stale_changes_are_refused(desk: FlashDesk) -> None:
    group = desk.plan()
    desk.change(group, seats=3)
    with pytest.raises(StaleRecord):
        desk.change(group, seats=4)
    with pytest.raises(StaleRecord):
        desk.cancel(group)
