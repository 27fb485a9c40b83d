"""An unpaid hold: more time, another link, let go while Stripe is away; and a fate chosen before its money came."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.front import euros
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application import holds
from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.payment_gateway import GatewayUnreachable
from inkdesk.application.ports import UnitOfWork, WriteUnit
from inkdesk.application.units import afresh
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import SlotTaken, StaleRecord, ValidationError
from inkdesk.domain.payments import PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"
TEN_MINUTES = 600
TEN_HOURS = 36_000


def kept_until(desk: PaymentDesk, booking_id: int) -> float:
    """How many minutes from now a hold waits."""
    until = desk.booking(booking_id).hold_until
    assert until is not None
    return (until - desk.clock.now()).total_seconds() / 60


def session_status(desk: PaymentDesk, session_id: str) -> str:
    return desk.gateway.session(session_id).status.value


def history(desk: PaymentDesk, booking_id: int) -> list[tuple[str, str]]:
    return [(what, why) for _at, _who, what, why in desk.database.queries.booking(booking_id).history]


def test_a_short_extension_keeps_the_link(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold(minutes=10)
    session_id = lone_desk.payments.open_link(payment.id).payment.session_id
    for _ in range(2):
        extended = lone_desk.payments.holds.extend(booking.id, TEN_MINUTES, "more")
        assert extended.opened is None
    assert kept_until(lone_desk, booking.id) == 20
    assert session_status(lone_desk, session_id) == "open"
    assert len(lone_desk.attempts(booking.id)) == 1
    assert history(lone_desk, booking.id)[-1][0].startswith("EXTENDED 2026-")
    lone_desk.pass_time(minutes=15)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT
    lone_desk.pass_time(minutes=6)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking.id) is BookingStatus.LAPSED


def test_without_stripe_a_short_extension_works(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold(minutes=10)
    lone_desk.payments.open_link(payment.id)
    lone_desk.server.stop()
    lone_desk.payments.holds.extend(booking.id, TEN_MINUTES, "more")
    assert kept_until(lone_desk, booking.id) == 20


def test_beyond_its_links_life_the_old_link_dies_before_the_new_one(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    first = lone_desk.payments.holds.extend(booking_id, 3600, "more")
    again = lone_desk.payments.holds.extend(booking_id, 3600, "more")
    assert first.opened is not None
    assert again.opened is not None
    assert first.opened.url == again.opened.url
    assert session_status(lone_desk, session_id) == "expired"
    assert kept_until(lone_desk, booking_id) == 90
    old, new = lone_desk.attempts(booking_id)
    assert (old.status, new.status) == (PaymentStatus.EXPIRED, PaymentStatus.OPEN)
    assert new.expires_at is not None
    assert new.expires_at > lone_desk.clock.now() + timedelta(minutes=90)


def test_an_extended_hold_whose_links_answer_was_lost_keeps_its_time(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, SESSIONS, "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.holds.extend(booking_id, TEN_HOURS, "more")
    lone_desk.pass_time(minutes=1)
    lone_desk.look(sweep=True)

    again = lone_desk.payments.holds.extend(booking_id, TEN_HOURS, "more")

    assert again.until - lone_desk.clock.now() == timedelta(minutes=629)
    lone_desk.pass_time(hours=10)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    lone_desk.pass_time(minutes=30)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_an_extended_hold_whose_first_key_is_broken_has_a_link_as_long(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, SESSIONS, "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.holds.extend(booking_id, TEN_HOURS, "more")
    lone_desk.pass_time(minutes=15)

    opened = lone_desk.payments.open_link(lone_desk.payment(booking_id).id)

    until = lone_desk.booking(booking_id).hold_until
    assert until is not None
    assert opened.payment.expires_at is not None
    assert kept_until(lone_desk, booking_id) == 615
    assert opened.payment.expires_at > until


def test_a_short_extension_beside_a_long_one_adds_to_it(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id, _ = lone_desk.held_link()
    extend, waiting = lone_desk.payments.holds.extend, [TEN_HOURS]

    def after_the_other(write: WriteUnit, work: Callable[[UnitOfWork], object]) -> object:
        if waiting:
            extend(booking_id, waiting.pop(), "long")
        return afresh(write, work)

    monkeypatch.setattr(holds, "afresh", after_the_other)
    extended = extend(booking_id, 60, "short")
    assert kept_until(lone_desk, booking_id) == 631
    assert extended.until == lone_desk.booking(booking_id).hold_until
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN


def test_a_link_paid_in_the_moment_it_is_extended_confirms(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    with pytest.raises(StaleRecord):
        lone_desk.payments.holds.extend(booking_id, 3600, "more")
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
    assert len(lone_desk.attempts(booking_id)) == 1


@pytest.mark.parametrize("seconds", [0, -60, 24 * 3600])
def test_a_hold_waits_at_most_a_day(lone_desk: PaymentDesk, seconds: int) -> None:
    booking_id, _ = lone_desk.held_link()
    with pytest.raises(ValidationError) as refused:
        lone_desk.payments.holds.extend(booking_id, seconds, "more")
    assert refused.value.field == "minutes"


def test_what_is_not_held_is_not_extended(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    with pytest.raises(StaleRecord):
        lone_desk.payments.holds.extend(booking_id, 60, "more")


def test_a_link_sent_twice_by_one_form_is_one_link(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    first = lone_desk.payments.holds.resend(booking_id, "again")
    second = lone_desk.payments.holds.resend(booking_id, "again")
    assert (first.payment.id, first.url) == (second.payment.id, second.url)
    assert session_status(lone_desk, session_id) == "expired"
    assert session_status(lone_desk, first.payment.session_id) == "open"


def test_a_lapsed_hold_is_revived_only_while_its_time_is_free(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.pass_time(minutes=40)
    lone_desk.look(sweep=True)
    lone_desk.payments.holds.resend(booking_id, "again")
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    lone_desk.pass_time(minutes=40)
    lone_desk.look(sweep=True)
    Till.open(lone_desk).book()
    with pytest.raises(SlotTaken):
        lone_desk.payments.holds.resend(booking_id, "once more")


def test_a_person_releases_a_hold_while_stripe_is_away(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.server.access.revoke(lone_desk.server.key)
    for _ in range(2):
        lone_desk.payments.holds.release(booking_id, "phoned off", "go")
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED
    assert history(lone_desk, booking_id)[-1] == ("RELEASED", "phoned off")
    assert lone_desk.task_kinds() == ["watch_link"]
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN
    Till.open(lone_desk).book(request_key="the time is free")


def test_a_release_needs_a_reason(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    with pytest.raises(ValidationError) as refused:
        lone_desk.payments.holds.release(booking_id, "  ", "go")
    assert refused.value.field == "reason"
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT


def test_while_stripe_answers_a_release_ends_the_link(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.payments.holds.release(booking_id, "phoned off", "go")
    assert session_status(lone_desk, session_id) == "expired"
    assert (lone_desk.status(booking_id), lone_desk.task_kinds()) == (BookingStatus.LAPSED, [])
    assert history(lone_desk, booking_id)[-1] == ("FREED", "phoned off")


def test_a_link_that_was_paid_is_not_released(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    with pytest.raises(StaleRecord):
        lone_desk.payments.holds.release(booking_id, "phoned off", "go")
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED


def test_money_for_a_released_hold_whose_time_was_sold_goes_back(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.access.revoke(desk.server.key)
    desk.payments.holds.release(booking_id, "phoned off", "go")
    till = Till.open(desk)
    till.book(choice=DepositChoice.CASH, request_key="sold")
    desk.server.access.grant(desk.server.key)
    desk.server.pay(session_id)
    for _ in range(2):
        desk.look(sweep=True)
    assert desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert "second_payer" in desk.task_kinds()


def being_paid(desk: PaymentDesk) -> tuple[Till, Booking, str]:
    """A hold whose client pays by a method that takes days."""
    booking_id, session_id = desk.held_link()
    desk.server.pay_later(session_id)
    desk.look(sweep=True)
    assert desk.payment(booking_id).status is PaymentStatus.PROCESSING
    return Till.open(desk), desk.booking(booking_id), session_id


@pytest.mark.parametrize(
    ("fate", "refund", "sums"),
    [
        (DepositFate.REFUND, None, {"paid": 50, "returned": 50}),
        (DepositFate.REFUND, 20, {"paid": 50, "returned": 20, "forfeited": 30}),
        (DepositFate.KEEP, None, {"paid": 50, "forfeited": 50}),
        (DepositFate.CREDIT, None, {"paid": 50, "credited": 50}),
    ],
)
def test_money_that_was_on_its_way_follows_what_was_decided(
    lone_desk: PaymentDesk, fate: DepositFate, refund: int | None, sums: dict[str, int]
) -> None:
    till, booking, session_id = being_paid(lone_desk)
    till.cancel(booking, fate, None if refund is None else euros(refund))
    assert till.sums(booking) == {}
    lone_desk.server.settle(session_id)
    for _ in range(2):
        lone_desk.look(sweep=True)
    assert till.sums(booking) == sums
    assert lone_desk.task_kinds() == []


def test_a_fate_of_money_that_never_comes_does_nothing(lone_desk: PaymentDesk) -> None:
    till, booking, session_id = being_paid(lone_desk)
    till.cancel(booking, DepositFate.CREDIT)
    lone_desk.server.fail_delayed(session_id)
    lone_desk.look(sweep=True)
    assert till.sums(booking) == {}
    assert till.look(booking).credit == euros(0)


def test_the_first_sittings_deposit_is_carried_on_when_only_it_is_cancelled(lone_desk: PaymentDesk) -> None:
    till = Till.open(lone_desk)
    first, second = in_series(till, TUESDAY, TUESDAY + timedelta(days=1))
    till.cancel(first, DepositFate.ROLL)
    assert till.sums(first) == {"paid": 50, "rolled_out": 50}
    assert till.sums(second) == {"rolled_in": 50, "left": 50}


def test_with_no_sitting_left_nothing_is_carried_on(lone_desk: PaymentDesk) -> None:
    till = Till.open(lone_desk)
    first, second = in_series(till, TUESDAY, TUESDAY + timedelta(days=1))
    till.cancel(second, DepositFate.KEEP)
    with pytest.raises(ValidationError) as refused:
        till.cancel(first, DepositFate.ROLL)
    assert refused.value.field == "fate"
    assert till.fresh(first).status is BookingStatus.CONFIRMED


def in_series(till: Till, *starts: object) -> list[Booking]:
    """Sittings of one project, the first with a deposit in cash."""
    from inkdesk.application.series_commands import BookSeriesCommand
    from inkdesk.application.series_service import SeriesService
    from inkdesk.domain.series import SeriesKind

    money = till.money
    series = SeriesService(money.database.write, money.database.read, money.clock, till.bookings, money.payments)
    command = BookSeriesCommand(
        request_key="project",
        kind=SeriesKind.PROJECT,
        rule="",
        artist_id=money.book.ana.id,
        service_id=money.book.service.id,
        starts=tuple(starts),  # type: ignore[arg-type]
        client=money.book.client.id,
        choice=DepositChoice.CASH,
    )
    return list(series.book(command).bookings)
