"""A series moved and cancelled: from here on, all, or one. Both engines, the real payments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.book import TUESDAY
from support.front import Front, euros
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.application.series_commands import BookedSeries
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.domain.series import Scope

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOUR = [TUESDAY + n * WEEK for n in range(4)]
C, X = BookingStatus.CONFIRMED, BookingStatus.CANCELLED


@pytest.fixture
def desk(front: Front) -> SeriesDesk:
    return SeriesDesk(front)


def statuses(desk: SeriesDesk, booked: BookedSeries) -> list[BookingStatus]:
    return [desk.now(one).status for one in booked.bookings]


def kept(desk: SeriesDesk, start: datetime) -> bool:
    """Whether the artist is taken; asks by booking over it."""
    try:
        desk.front.book(starts_at=start, request_key=f"probe {start}")
    except SlotTaken:
        return True
    return False


def always_open(desk: SeriesDesk) -> None:
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        uow.artists.save(replace(ana, plans=every_week(((WallSpan(0, 1440),),) * 7)))
        uow.commit()


def pay_cash(desk: SeriesDesk, booking: Booking, amount: int) -> None:
    desk.front.money.payments.record_by_hand(booking.id, PaymentMethod.CASH, euros(amount), f"cash {booking.id}")


# Moving


@pytest.mark.parametrize(
    ("scope", "moved"),
    [
        (Scope.ONE, [False, True, False, False]),
        (Scope.FROM_HERE, [False, True, True, True]),
        (Scope.ALL, [True, True, True, True]),
    ],
)
def test_a_move_reaches_as_far_as_it_is_asked_to(desk: SeriesDesk, scope: Scope, moved: list[bool]) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    second = booked.bookings[1]
    by = DAY + 2 * HOUR

    changes = desk.move_series(second, second.starts_at + by, scope)

    assert desk.starts(booked) == [start + by if goes else start for start, goes in zip(FOUR, moved, strict=True)]
    gone = {one.id for one, goes in zip(booked.bookings, moved, strict=True) if goes}
    assert changes == Changes(bookings=frozenset(gone))
    for one, start in zip(booked.bookings, FOUR, strict=True):
        now = desk.now(one)
        assert replace(now, starts_at=start, version=1) == one
        assert desk.front.is_kept(now.starts_at)
        assert len(desk.front.history(one.id)) == (2 if one.id in gone else 1)
    assert [desk.front.money.ledger(one.id) for one in booked.bookings] == [["paid"], [], [], []]


def test_sittings_may_move_onto_each_others_old_times(desk: SeriesDesk) -> None:
    days = [TUESDAY + n * DAY for n in range(3)]
    booked = desk.book(starts=tuple(days))
    desk.move_series(booked.bookings[0], days[1], Scope.ALL)
    assert desk.starts(booked) == [*days[1:], days[2] + DAY]
    desk.move_series(desk.now(booked.bookings[2]), days[2], Scope.ALL)
    assert desk.starts(booked) == days


def test_one_date_in_the_way_keeps_all_where_they_are(desk: SeriesDesk) -> None:
    booked = desk.book()
    desk.front.book(starts_at=FOUR[3] + DAY)
    before = [desk.now(one) for one in booked.bookings]
    with pytest.raises(SlotTaken, match=r"2026-12-16.*Ana is taken by Zoé Müller.*No sitting was changed"):
        desk.move_series(booked.bookings[1], FOUR[1] + DAY, Scope.FROM_HERE, reason="please")
    assert [desk.now(one) for one in booked.bookings] == before
    assert [desk.front.is_kept(start) for start in FOUR] == [True] * 4


def test_a_further_artist_in_the_way_keeps_all_where_they_are(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo
    booked = desk.book(with_artist_ids=(bo.id,))
    desk.front.book(starts_at=FOUR[2] + DAY, artist_id=bo.id)
    with pytest.raises(SlotTaken, match="Bo is taken"):
        desk.move_series(booked.bookings[0], FOUR[0] + DAY, Scope.ALL)
    assert desk.starts(booked) == FOUR


def test_a_rule_of_the_house_is_overridden_for_all_with_one_reason(desk: SeriesDesk) -> None:
    booked = desk.book()
    saturday = FOUR[0] + 4 * DAY
    with pytest.raises(SlotUnavailable, match="2026-11-28"):
        desk.move_series(booked.bookings[0], saturday, Scope.ALL)
    desk.move_series(booked.bookings[0], saturday, Scope.ALL, reason="convention")
    assert desk.starts(booked) == [start + 4 * DAY for start in FOUR]
    assert {desk.now(one).override_reason for one in booked.bookings} == {"convention"}


def test_what_is_past_or_cancelled_stays(desk: SeriesDesk) -> None:
    booked = desk.book()
    desk.front.cancel(booked.bookings[2], DepositFate.KEEP)
    desk.front.money.clock.advance(days=4)
    desk.move_series(booked.bookings[3], FOUR[3] + DAY, Scope.ALL)
    assert desk.starts(booked) == [FOUR[0], FOUR[1] + DAY, FOUR[2], FOUR[3] + DAY]
    with pytest.raises(ValidationError, match="has begun"):
        desk.move_series(desk.now(booked.bookings[0]), FOUR[0] + 10 * DAY, Scope.ALL)
    with pytest.raises(ValidationError, match="CANCELLED cannot be moved"):
        desk.move_series(desk.now(booked.bookings[2]), FOUR[2] + DAY, Scope.FROM_HERE)


def test_the_time_of_day_moves_not_the_hours_gone_by(desk: SeriesDesk) -> None:
    first = datetime(2027, 3, 23, 10, tzinfo=PARIS)
    booked = desk.book(starts=tuple(first + n * WEEK for n in range(3)))
    desk.move_series(booked.bookings[0], first + timedelta(hours=3, minutes=30), Scope.ALL)
    assert [f"{one.astimezone(UTC):%m-%d %H:%M}" for one in desk.starts(booked)] == [
        "03-23 12:30",
        "03-30 11:30",
        "04-06 11:30",
    ]


def test_a_move_into_the_missing_hour_moves_nothing(desk: SeriesDesk) -> None:
    always_open(desk)
    first = datetime(2027, 3, 21, 10, tzinfo=PARIS)
    booked = desk.book(starts=(first, first + WEEK))
    with pytest.raises(SlotUnavailable, match="2027-03-28 02:30 does not exist"):
        desk.move_series(booked.bookings[0], datetime(2027, 3, 21, 2, 30, tzinfo=PARIS), Scope.ALL)
    assert desk.starts(booked) == [first, first + WEEK]


def test_a_move_of_holds_asks_no_money_and_keeps_the_deadline(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK)
    before = desk.front.money.attempts(booked.bookings[0].id)
    desk.move_series(booked.bookings[0], FOUR[0] + DAY, Scope.ALL)
    assert desk.front.money.attempts(booked.bookings[0].id) == before
    assert desk.now(booked.bookings[0]).hold_until == booked.bookings[0].hold_until
    assert desk.now(booked.bookings[0]).status is BookingStatus.PENDING_PAYMENT
    assert desk.front.is_kept(FOUR[0] + DAY)


def test_a_booking_in_no_series_moves_alone(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    desk.move_series(booking, TUESDAY + DAY, Scope.ALL)
    assert desk.now(booking).starts_at == TUESDAY + DAY


def test_a_form_that_saw_an_older_booking_moves_nothing(desk: SeriesDesk) -> None:
    booked = desk.book()
    desk.move(booked.bookings[1], FOUR[1] + HOUR)
    with pytest.raises(StaleRecord):
        desk.move_series(booked.bookings[1], FOUR[1] + DAY, Scope.ALL)
    assert desk.move_series(desk.now(booked.bookings[1]), FOUR[1] + HOUR, Scope.ALL) == Changes()
    assert desk.starts(booked) == [FOUR[0], FOUR[1] + HOUR, *FOUR[2:]]


# Cancelling


@pytest.mark.parametrize(
    ("scope", "after"),
    [(Scope.ONE, [C, X, C, C]), (Scope.FROM_HERE, [C, X, X, X]), (Scope.ALL, [X, X, X, X])],
)
def test_a_cancel_reaches_as_far_as_it_is_asked_to(desk: SeriesDesk, scope: Scope, after: list[BookingStatus]) -> None:
    booked = desk.book()
    desk.cancel_series(booked.bookings[1], scope)
    assert statuses(desk, booked) == after
    assert [kept(desk, start) for start in FOUR] == [status is C for status in after]


def test_each_deposit_goes_back_once(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    money = desk.front.money
    money.server.pay(money.payments.open_link(booked.payment_id).payment.session_id)
    money.look()
    pay_cash(desk, booked.bookings[2], 30)

    changes = desk.cancel_series(desk.now(booked.bookings[0]), Scope.ALL)

    assert statuses(desk, booked) == [X] * 4
    assert [money.ledger(one.id) for one in booked.bookings] == [
        ["asked", "paid", "refunded"],
        [],
        ["paid", "refunded"],
        [],
    ]
    payments = [payment for one in booked.bookings for payment in money.attempts(one.id)]
    assert [one.status for one in payments] == [PaymentStatus.REFUNDED] * 2
    assert changes.payments == {one.id for one in payments}
    with pytest.raises(ValidationError):
        desk.cancel_series(desk.now(booked.bookings[0]), Scope.ALL)
    assert [len(money.refunds(one.id)) for one in payments] == [1, 1]


def test_a_deposit_before_here_stays(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    pay_cash(desk, booked.bookings[3], 30)
    desk.cancel_series(booked.bookings[1], Scope.FROM_HERE)
    assert [desk.front.money.ledger(one.id) for one in booked.bookings] == [["paid"], [], [], ["paid", "refunded"]]


@pytest.mark.parametrize(
    ("refund", "returned", "kinds"),
    [
        (euros(60), [5000, 1000], [["refunded"], ["refunded", "forfeited"]]),
        (euros(0), [0, 0], [["forfeited"], ["forfeited"]]),
    ],
)
def test_a_part_goes_back_in_all_the_earliest_sitting_first(
    desk: SeriesDesk, refund: Money, returned: list[int], kinds: list[list[str]]
) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    pay_cash(desk, booked.bookings[1], 30)
    desk.cancel_series(desk.now(booked.bookings[0]), Scope.ALL, refund=refund)
    paid = [desk.front.money.payment(one.id).refunded_minor for one in booked.bookings[:2]]
    assert paid == returned
    assert [desk.front.money.ledger(one.id)[1:] for one in booked.bookings[:2]] == kinds


def test_more_than_was_paid_cannot_go_back(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    with pytest.raises(ValidationError, match="between 0 and what was paid"):
        desk.cancel_series(booked.bookings[0], Scope.ALL, refund=euros(51))
    assert statuses(desk, booked) == [C] * 4


def test_an_open_link_dies_first(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    session = desk.front.money.payments.open_link(booked.payment_id).payment.session_id
    desk.cancel_series(desk.now(booked.bookings[0]), Scope.ALL)
    assert statuses(desk, booked) == [X] * 4
    assert desk.front.money.gateway.session(session).status.value == "expired"


def test_a_link_paid_meanwhile_cancels_nothing(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    session = desk.front.money.payments.open_link(booked.payment_id).payment.session_id
    seen = desk.now(booked.bookings[0])
    desk.front.money.server.pay(session)
    with pytest.raises(StaleRecord, match="paid a moment ago"):
        desk.cancel_series(seen, Scope.ALL)
    assert statuses(desk, booked) == [C] * 4
    assert desk.front.money.payment(seen.id).refunded_minor == 0


def test_sittings_that_took_place_stay(desk: SeriesDesk) -> None:
    booked = desk.book()
    desk.front.money.clock.advance(days=4)
    desk.front.cancel(booked.bookings[2], DepositFate.KEEP)
    desk.cancel_series(booked.bookings[3], Scope.ALL)
    assert statuses(desk, booked) == [C, X, X, X]
    assert [len(desk.front.history(one.id)) for one in booked.bookings] == [1, 2, 2, 2]
