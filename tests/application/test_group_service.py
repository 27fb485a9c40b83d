"""Group sittings: both engines, the real payments, the practice Stripe."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.flash_day import FOUR, TEN, FlashDesk, at, span
from support.front import euros
from support.payment_desk import PaymentDesk

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.application.booking_commands import BookCommand, CancelCommand, DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.application.seating import seat_again
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import (
    ErrorCode,
    InkDeskError,
    SlotTaken,
    SlotUnavailable,
    StaleRecord,
    ValidationError,
)
from inkdesk.domain.groups import GroupFull, GroupSitting
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[FlashDesk]:
    money = PaymentDesk.open(server, database, clock)
    yield FlashDesk.open(money)
    money.close()


def book_ana(desk: FlashDesk, start: str, key: str = "beside") -> None:
    book = desk.money.book
    desk.bookings.book(
        BookCommand(
            request_key=key,
            artist_id=book.ana.id,
            service_id=book.service.id,
            starts_at=at(start),
            client=book.client.id,
            choice=DepositChoice.NONE,
        )
    )


def host_busy(desk: FlashDesk) -> list[tuple[int, int]]:
    host = desk.money.book.ana.resource_id
    with desk.money.database.read() as uow:
        return uow.bookings.busy([host], Span(0, 2**32))[host]


def let_go(desk: FlashDesk, booking: Booking) -> None:
    desk.bookings.cancel(
        CancelCommand(booking_id=booking.id, version=booking.version, fate=DepositFate.KEEP, reason="ill")
    )


# Planning


def test_a_group_keeps_its_host_with_what_is_done_before_and_after(desk: FlashDesk) -> None:
    saved = desk.groups.create(desk.plan_command(title="  Flash day ", seats=3, note=" bring tape "))
    group = saved.group
    assert (group.title, group.note, group.seats, len(group.unit_ids)) == ("Flash day", "bring tape", 3, 3)
    assert saved.changes == Changes(settings=True)
    assert desk.group(group.id) == group
    # 10 minutes of preparation, 20 of clean-up and Ana's pause of 15
    assert host_busy(desk) == [Span(to_seconds(TEN) - 600, to_seconds(FOUR) + 1200 + 900)]


def test_one_form_plans_once(desk: FlashDesk) -> None:
    first = desk.groups.create(desk.plan_command(request_key="one form"))
    again = desk.groups.create(desk.plan_command(request_key="one form"))
    assert (again.group, again.changes) == (first.group, Changes())
    assert len(desk.groups.groups(TEN.date(), TEN.date())) == 1


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"title": "  "}, "title"),
        ({"ends_at": TEN}, "ends_at"),
        ({"ends_at": TEN + timedelta(days=7)}, "ends_at"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"starts_at": TEN.replace(tzinfo=None)}, "starts_at"),
    ],
)
def test_what_cannot_be_is_refused(desk: FlashDesk, how: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        desk.plan(**how)
    assert refused.value.field == field
    assert host_busy(desk) == []


def test_a_host_who_does_not_work_then_is_not_taken(desk: FlashDesk) -> None:
    with pytest.raises(SlotUnavailable, match="Ana does not work"):
        desk.plan(ends_at=at("19:00"))
    with desk.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=desk.money.book.ana.id, starts_at=at("14:00"), ends_at=at("15:00"), reason="dentist")
        )
        uow.commit()
    with pytest.raises(SlotUnavailable, match="dentist"):
        desk.plan()
    assert host_busy(desk) == []


def test_the_rules_for_clients_starts_do_not_bind_a_group(desk: FlashDesk) -> None:
    with desk.money.database.write() as uow:
        studio = uow.studio.get()
        uow.studio.save(replace(studio, minimum_notice_s=30 * 86400, horizon_days=0, open_days=1))
        uow.commit()
    assert desk.plan().id


def test_no_group_in_the_past(desk: FlashDesk) -> None:
    desk.money.clock.at = TEN + HOUR
    with pytest.raises(SlotUnavailable, match="in the past"):
        desk.plan()


def test_a_group_and_a_booking_of_its_host_exclude_each_other(desk: FlashDesk) -> None:
    book_ana(desk, "11:00")
    with pytest.raises(SlotTaken, match="Ana is taken by Zoé Müller"):
        desk.plan()
    desk.plan(starts_at=at("13:00"), ends_at=at("16:00"))
    with pytest.raises(SlotTaken, match=r'Ana holds "Flash day", .* 13:00.* to 16:00'):
        book_ana(desk, "14:00", "over it")
    with pytest.raises(SlotTaken, match='Ana holds "Flash day"'):
        desk.plan(starts_at=at("15:00"), ends_at=at("16:00"))


# Taking seats


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


# Deposits


def test_a_hold_keeps_its_seats_and_money_confirms_it(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    booked = desk.seat(group, seats=2, choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    assert desk.booking(booked).status is BookingStatus.PENDING_PAYMENT
    with pytest.raises(SlotTaken):
        desk.seat(group, "10:00", "11:00")
    link = desk.money.payments.open_link(booked.payment_id).payment
    assert link.amount == euros(100)
    desk.money.server.pay(link.session_id)
    desk.money.look()
    assert desk.booking(booked).status is BookingStatus.CONFIRMED
    assert desk.seats_of(group) == {booked.booking.id: (1, 2)}


def test_a_hold_in_a_group_keeps_its_seat_also_where_the_first_to_pay_wins(desk: FlashDesk) -> None:
    desk.money.first_to_pay_wins()
    group = desk.plan(seats=1)
    desk.seat(group, choice=DepositChoice.LINK)
    with pytest.raises(GroupFull):
        desk.seat(group, request_key="second")


def test_paying_for_one_seat_ends_no_other_link(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    one, other = (desk.seat(group, choice=DepositChoice.LINK, request_key=key) for key in "ab")
    for booked in (one, other):
        assert booked.payment_id is not None
        desk.money.payments.open_link(booked.payment_id)
    for booked in (one, other):
        desk.money.server.pay(desk.money.payment(booked.booking.id).session_id)
        desk.money.look()
    assert {desk.booking(one).status, desk.booking(other).status} == {BookingStatus.CONFIRMED}


def test_an_overdue_hold_that_nobody_paid_makes_room(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    hold = desk.seat(group, choice=DepositChoice.LINK)
    assert hold.payment_id is not None
    desk.money.payments.open_link(hold.payment_id)
    desk.money.pass_time(minutes=31)
    booked = desk.seat(group, request_key="next")
    assert desk.booking(hold).status is BookingStatus.LAPSED
    assert desk.seats_of(group) == {booked.booking.id: (1,)}
    assert hold.booking.id in booked.changes.bookings


def test_an_overdue_hold_that_is_not_in_the_way_is_left_alone(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    hold = desk.seat(group, "10:00", "11:00", choice=DepositChoice.LINK)
    desk.seat(group, "12:00", "13:00")
    desk.money.pass_time(minutes=31)
    with pytest.raises(GroupFull):
        desk.seat(group, "12:00", "13:00", request_key="late")
    assert desk.booking(hold).status is BookingStatus.PENDING_PAYMENT


def test_a_cancelled_seat_is_free_again(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    first = desk.seat(group)
    let_go(desk, first.booking)
    assert desk.parties(group) == []
    assert desk.seats_of(group) == {}
    desk.seat(group, request_key="next")


def lapsed_hold(desk: FlashDesk, group: GroupSitting) -> Booking:
    hold = desk.seat(group, choice=DepositChoice.LINK, request_key="hold")
    assert hold.payment_id is not None
    desk.money.payments.open_link(hold.payment_id)
    desk.money.pass_time(minutes=31)
    desk.money.look()
    booking = desk.booking(hold)
    assert booking.status is BookingStatus.LAPSED
    return booking


def test_a_lapsed_hold_comes_back_on_any_free_seat(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, request_key="other")
    assert desk.seats_of(group) == {other.booking.id: (1,)}
    with desk.money.database.write() as uow:
        seat_again(uow, lapsed, desk.money.clock.now())
        uow.commit()
    assert desk.seats_of(group) == {other.booking.id: (1,), lapsed.id: (2,)}


def test_a_lapsed_hold_does_not_come_back_over_others(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    desk.seat(group, "12:00", "13:00")
    with desk.money.database.write() as uow, pytest.raises(GroupFull):
        seat_again(uow, lapsed, desk.money.clock.now())
    assert len(desk.parties(group)) == 1


def test_a_lapsed_hold_does_not_come_back_to_a_cancelled_group(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    desk.cancel(group)
    with desk.money.database.write() as uow, pytest.raises(SlotTaken, match="cancelled"):
        seat_again(uow, lapsed, desk.money.clock.now())


def test_cash_for_a_lapsed_hold_takes_nobodys_seat(desk: FlashDesk) -> None:
    """Its old seat is somebody's who is about to pay: that link stays open, and there is room for both."""
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, choice=DepositChoice.LINK, request_key="other")
    assert other.payment_id is not None
    link = desk.money.payments.open_link(other.payment_id).payment
    desk.money.payments.record_by_hand(lapsed.id, PaymentMethod.CASH, lapsed.deposit, "till")
    desk.money.server.pay(link.session_id)
    desk.money.look()
    assert {desk.money.status(one) for one in (lapsed.id, other.booking.id)} == {BookingStatus.CONFIRMED}
    assert desk.seats_of(group) == {other.booking.id: (1,), lapsed.id: (2,)}


# Changing


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


# Cancelling


def test_an_empty_group_is_cancelled_and_its_host_free(desk: FlashDesk) -> None:
    group = desk.plan()
    desk.cancel(group)
    assert host_busy(desk) == []
    cancelled = desk.group(group.id)
    assert cancelled.is_cancelled
    for refused in (lambda: desk.change(cancelled, seats=3), lambda: desk.cancel(cancelled)):
        with pytest.raises(ValidationError, match="Flash day is cancelled"):
            refused()
    with pytest.raises(SlotUnavailable, match="Flash day is cancelled"):
        desk.seat(group)
    assert desk.groups.openings(group.id, 3600) == []
    book_ana(desk, "11:00")


def test_a_booked_group_is_cancelled_only_with_a_fate(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    cash = desk.seat(group, choice=DepositChoice.CASH)
    link = desk.seat(group, choice=DepositChoice.LINK)
    assert link.payment_id is not None
    desk.money.payments.open_link(link.payment_id)
    with pytest.raises(ValidationError, match="Flash day has 2 bookings") as refused:
        desk.cancel(group)
    assert refused.value.field == "fate"
    assert len(desk.parties(group)) == 2

    desk.cancel(group, DepositFate.REFUND)

    assert {desk.booking(one).status for one in (cash, link)} == {BookingStatus.CANCELLED}
    assert desk.money.payment(link.booking.id).status.value == "EXPIRED"
    assert desk.money.ledger(cash.booking.id) == ["paid", "refunded"]
    assert (desk.parties(group), host_busy(desk)) == ([], [])


def test_a_link_paid_meanwhile_stops_the_cancel(desk: FlashDesk) -> None:
    group = desk.plan()
    link = desk.seat(group, choice=DepositChoice.LINK)
    assert link.payment_id is not None
    desk.money.server.pay(desk.money.payments.open_link(link.payment_id).payment.session_id)
    with pytest.raises(StaleRecord, match="paid a moment ago"):
        desk.cancel(group, DepositFate.KEEP)
    assert desk.booking(link).status is BookingStatus.CONFIRMED
    assert not desk.group(group.id).is_cancelled


def test_a_group_that_took_place_is_not_cancelled(desk: FlashDesk) -> None:
    group = desk.plan()
    booked = desk.seat(group)
    with desk.money.database.write() as uow:
        uow.bookings.save(replace(booked.booking, status=BookingStatus.COMPLETED))
        uow.commit()
    with pytest.raises(ValidationError, match="has taken place"):
        desk.cancel(group, DepositFate.KEEP)


# Reading


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
