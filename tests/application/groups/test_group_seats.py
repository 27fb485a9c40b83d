"""Taking seats of a group: who sits where, and when it is full. Both engines, the practice Stripe."""

from datetime import timedelta

import pytest
from support.flash_day import FOUR, TEN, FlashDesk, at, host_busy, let_go, span
from support.front import euros

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ErrorCode, SlotUnavailable, ValidationError
from inkdesk.domain.groups import GroupFull


def test_a_seat_for_all_of_the_time(desk: FlashDesk) -> None:
    group = desk.plan()
    booked = desk.seat(group, note=" left arm ")
    booking = desk.booking(booked)
    assert (booking.artist_id, booking.group_id, booking.starts_at, booking.ends_at) == (
        group.artist_id,
        group.id,
        TEN,
        FOUR,
    )
    assert (booking.status, booking.note, booking.price) == (BookingStatus.CONFIRMED, "left arm", euros(120))
    assert desk.seats_of(group) == {booking.id: (1,)}
    assert booked.changes == Changes(frozenset({booking.id}), frozenset({booking.client_id}))
    assert [what for _, _, what, _ in desk.money.database.queries.booking(booking.id).history] == ["BOOKED CONFIRMED"]


def test_the_host_is_claimed_once_however_many_sit(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    before = host_busy(desk)
    for start in ("10:00", "10:10", "10:20"):
        desk.seat(group, start, "12:00")
    assert host_busy(desk) == before


def test_parts_that_follow_each_other_share_a_seat(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    first, second = desk.seat(group, "10:20", "11:00"), desk.seat(group, "11:00", "11:40")
    assert desk.seats_of(group) == {first.booking.id: (1,), second.booking.id: (1,)}


def test_a_party_sits_together_and_pays_for_every_seat(desk: FlashDesk) -> None:
    group = desk.plan(seats=4)
    booked = desk.seat(group, "10:00", "11:00", seats=3, choice=DepositChoice.CASH)
    assert (booked.booking.price, booked.booking.deposit) == (euros(360), euros(150))
    assert desk.seats_of(group) == {booked.booking.id: (1, 2, 3)}
    assert desk.money.payment(booked.booking.id).amount == euros(150)
    own = desk.seat(group, "11:00", "12:00", seats=2, price=euros(100), deposit=euros(0))
    assert (own.booking.price, own.booking.deposit) == (euros(100), euros(0))


def test_a_full_group_says_when_it_is_full_and_where_there_is_room(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    desk.seat(group, "14:00", "15:00", seats=2)
    with pytest.raises(GroupFull) as refused:
        desk.seat(group, "14:30", "15:30")
    full = refused.value
    assert full.message.plain() == ("All 2 seats are taken from 14:30 to 15:00. There is room at 13:00, 15:00.")
    assert (full.code, full.left, full.when) == (ErrorCode.SLOT_TAKEN, 0, span("14:30", "15:00"))
    assert full.nearest == (span("13:00", "14:00"), span("15:00", "16:00"))


def test_too_few_seats_for_a_party_are_told(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    desk.seat(group, seats=2)
    with pytest.raises(GroupFull) as refused:
        desk.seat(group, "10:00", "11:00", seats=2)
    assert refused.value.message.plain() == (
        "Only 1 of 3 seats are free from 10:00 to 11:00. Take fewer, or choose another time."
    )
    assert (refused.value.left, refused.value.nearest) == (1, ())


def test_a_room_in_the_past_is_not_offered(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    desk.seat(group, "12:00", "16:00")
    desk.money.clock.at = at("11:30")
    with pytest.raises(GroupFull) as refused:
        desk.seat(group, "12:00", "13:00")
    assert refused.value.message.plain() == "All 1 seats are taken from 12:00 to 13:00. Choose another time."


def test_split_room_is_put_together_and_bookings_stay(desk: FlashDesk) -> None:
    """One for the morning on seat 1, one for the afternoon on seat 2: somebody for all day still fits."""
    group = desk.plan(seats=2)
    early = desk.seat(group, "10:00", "13:00")
    short = desk.seat(group, "12:00", "14:00")
    late = desk.seat(group, "14:30", "16:00", request_key="late")
    let_go(desk, desk.booking(early))
    again = desk.seat(group, "10:00", "12:00", request_key="again")
    # 1: again until 12:00, late from 14:30; 2: short from 12:00 to 14:00
    assert desk.seats_of(group) == {again.booking.id: (1,), short.booking.id: (2,), late.booking.id: (1,)}
    before = [desk.booking(one) for one in (again, short, late)]

    long = desk.seat(group, "12:00", "16:00", request_key="long")

    seats = desk.seats_of(group)
    assert [seats[one.booking.id] for one in (again, short, long, late)] == [(1,), (1,), (2,), (1,)]
    assert [desk.booking(one) for one in (again, short, late)] == before


def test_who_has_begun_keeps_their_seat_when_others_are_moved(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    first, second = (desk.seat(group, "10:00", "13:00", request_key=key) for key in "ab")
    late = desk.seat(group, "13:00", "16:00")
    let_go(desk, first.booking)
    assert desk.seats_of(group) == {second.booking.id: (2,), late.booking.id: (1,)}
    desk.money.clock.at = at("10:30")
    long = desk.seat(group, "11:00", "16:00")
    assert desk.seats_of(group) == {second.booking.id: (2,), late.booking.id: (2,), long.booking.id: (1,)}


def test_who_has_begun_is_not_moved(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    first = desk.seat(group, "10:00", "13:00")
    second = desk.seat(group, "10:00", "14:00")
    late = desk.seat(group, "13:00", "16:00", request_key="late")
    let_go(desk, desk.booking(first))
    third = desk.seat(group, "10:00", "11:00", request_key="third")
    assert desk.seats_of(group) == {second.booking.id: (2,), late.booking.id: (1,), third.booking.id: (1,)}
    desk.money.clock.at = at("13:10")
    with pytest.raises(GroupFull):
        desk.seat(group, "13:10", "14:10", request_key="no")
    fits = desk.seat(group, "14:00", "16:00", request_key="fits")
    assert desk.seats_of(group)[fits.booking.id] == (2,)
    assert desk.seats_of(group)[late.booking.id] == (1,)


def test_one_form_seats_once(desk: FlashDesk) -> None:
    group = desk.plan()
    first = desk.seat(group, choice=DepositChoice.LINK, request_key="one form")
    again = desk.seat(group, choice=DepositChoice.LINK, request_key="one form")
    assert (again.booking.id, again.payment_id, again.changes) == (first.booking.id, first.payment_id, Changes())
    assert len(desk.parties(group)) == 1


def test_a_new_client_is_made_once(desk: FlashDesk) -> None:
    group = desk.plan()
    twin = NewClient(name="Lea Roux", phone="06 12 34 56 79")
    first, second = (desk.seat(group, client=twin, request_key=key) for key in "ab")
    assert first.booking.client_id == second.booking.client_id
    assert [one.client_name for one in desk.groups.seated(group.id)] == ["Lea Roux", "Lea Roux"]


@pytest.mark.parametrize(
    ("start", "end", "how", "field"),
    [
        ("09:59", "11:00", {}, "starts_at"),
        ("15:00", "16:01", {}, "starts_at"),
        ("11:00", "11:00", {}, "ends_at"),
        ("11:00", "12:00", {"seats": 0}, "seats"),
        ("11:00", "12:00", {"seats": 3}, "seats"),
        ("11:00", "12:00", {"deposit": euros(999)}, "deposit"),
        ("", "", {"starts_at": TEN.replace(tzinfo=None)}, "starts_at"),
    ],
)
def test_a_seat_that_cannot_be_is_refused(
    desk: FlashDesk, start: str, end: str, how: dict[str, object], field: str
) -> None:
    group = desk.plan()
    with pytest.raises(ValidationError) as refused:
        desk.seat(group, start, end, **how)
    assert refused.value.field == field
    assert desk.parties(group) == []


def test_no_seat_in_the_past(desk: FlashDesk) -> None:
    group = desk.plan()
    desk.money.clock.at = TEN + timedelta(seconds=1)
    with pytest.raises(SlotUnavailable, match="in the past"):
        desk.seat(group)
