"""Units of work that touch slots and money take their locks in one order: desks queue, and none is thrown back."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from support.book import TUESDAY, occupied
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.race import at_once
from support.turns import DEADLOCK, crossed, failures

from inkdesk.application.cancelling import Settling, cancel_in, seen_in
from inkdesk.application.ports import Claim
from inkdesk.application.units import in_unit
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.reconciling import SessionFacts
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository
from inkdesk.practice import PracticeServer

DAY = timedelta(days=1)


@pytest.fixture
def pg_desk(server: PracticeServer, postgres_url: str, clock: StandingClock) -> Iterator[PaymentDesk]:
    """On PostgreSQL, where desks write side by side."""
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    opened = PaymentDesk.open(server, database, clock)
    yield opened
    opened.close()
    database.close()


def keep(desk: PaymentDesk, starts_at: datetime, artists: Sequence[Artist]) -> int:
    """An unpaid hold of these artists that does not block, with its saved attempt."""
    booking, _ = desk.hold(starts_at, artist=artists[0], blocks=False)
    with desk.database.write() as uow:
        claims = [Claim(one.resource_id, occupied(booking)) for one in artists]
        uow.bookings.claim(booking.id, claims, blocks=False)
        uow.commit()
    return booking.id


def pay(desk: PaymentDesk, booking_id: int) -> SessionFacts:
    session_id = desk.payments.open_link(desk.payment(booking_id).id).payment.session_id
    desk.server.pay(session_id)
    return desk.gateway.session(session_id)


def settling(desk: PaymentDesk, booking_id: int, facts: SessionFacts, rivals: Sequence[int]) -> Callable[[], object]:
    payment_id = desk.payment(booking_id).id
    return lambda: desk.payments.settlement.settle(payment_id, facts, is_live=False, lapse=True, rivals=rivals)


def test_two_payers_whose_rivals_cross_never_wait_for_each_other(
    pg_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = pg_desk.book.ana, pg_desk.book.bo
    one = keep(pg_desk, TUESDAY, [ana, bo])
    other = keep(pg_desk, TUESDAY + DAY, [ana, bo])
    for_one = [keep(pg_desk, TUESDAY, [bo]), keep(pg_desk, TUESDAY, [ana])]
    for_other = [keep(pg_desk, TUESDAY + DAY, [ana]), keep(pg_desk, TUESDAY + DAY, [bo])]
    facts = {paid: pay(pg_desk, paid) for paid in (one, other)}
    told = failures(pg_desk.database)

    answers = crossed(
        pg_desk.database,
        monkeypatch,
        (SqlBookingRepository, "set_blocks"),
        settling(pg_desk, one, facts[one], for_one),
        settling(pg_desk, other, facts[other], for_other),
    )

    assert told == []
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    assert {pg_desk.status(paid) for paid in (one, other)} == {BookingStatus.CONFIRMED}


def expired_hold(desk: PaymentDesk) -> int:
    """A hold past its deadline whose link has ended, and nobody has let it go yet."""
    booking_id, session_id = desk.held_link()
    payment = desk.payment(booking_id)
    desk.gateway.expire_session(session_id)
    facts = desk.gateway.session(session_id)
    desk.payments.settlement.settle(payment.id, facts, is_live=False, lapse=False)
    return booking_id


def test_cash_and_the_end_of_its_hold_never_wait_for_each_other(
    pg_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id = expired_hold(pg_desk)
    deposit = pg_desk.booking(booking_id).deposit
    told = failures(pg_desk.database)

    crossed(
        pg_desk.database,
        monkeypatch,
        (SqlBookingRepository, "save"),
        lambda: pg_desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, deposit, "cash"),
        lambda: pg_desk.payments.settlement.lapse(booking_id, TUESDAY),
    )

    assert told == []
    assert pg_desk.status(booking_id) is BookingStatus.CONFIRMED
    assert pg_desk.payment(booking_id).status is PaymentStatus.PAID


def test_two_links_of_a_confirmed_booking_settled_at_once_keep_one(
    pg_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Confirmed already, so neither payment writes the booking: they meet at its row all the same."""
    booking_id, session_id = pg_desk.held_link()
    with pg_desk.database.write() as uow:
        booking = uow.bookings.save(replace(uow.bookings.get(booking_id), status=BookingStatus.CONFIRMED))
        second = pg_desk.payments.ask_for_deposit(uow, booking, uow.studio.get(), pg_desk.clock.now())
        uow.commit()
    sessions = [session_id, pg_desk.payments.open_link(second.id).payment.session_id]
    for one in sessions:
        pg_desk.server.pay(one)

    def settle(payment: Payment) -> object:
        facts = pg_desk.gateway.session(payment.session_id)
        return pg_desk.payments.settlement.settle(payment.id, facts, is_live=False, lapse=False, rivals=())

    first, other = pg_desk.attempts(booking_id)
    crossed(
        pg_desk.database,
        monkeypatch,
        (SqlPaymentRepository, "of_booking"),
        lambda: settle(first),
        lambda: settle(other),
    )

    assert sorted(one.status for one in pg_desk.attempts(booking_id)) == [PaymentStatus.PAID, PaymentStatus.REFUND_DUE]
    assert pg_desk.task_kinds() == ["paid_twice"]


def test_a_booking_that_moves_while_its_locks_are_awaited_is_locked_where_it_is(
    pg_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, _ = pg_desk.hold()
    bo = pg_desk.book.bo
    locked: list[set[int]] = []

    def move() -> None:
        with pg_desk.database.write() as uow:
            uow.bookings.lock_resources([pg_desk.book.ana.resource_id, bo.resource_id])
            uow.bookings.claim(booking.id, [Claim(bo.resource_id, occupied(booking))], blocks=True)
            uow.commit()

    def let_go() -> None:
        with pg_desk.database.write() as uow:
            uow.bookings.set_blocks(booking.id, blocks=False)
            locked.append(set(uow.bookings._claims._session.locked))  # type: ignore[attr-defined]

    crossed(pg_desk.database, monkeypatch, (SqlBookingRepository, "claim"), move, let_go)

    assert bo.resource_id in locked[0]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_desks_do_at_once_nobody_deadlocks_and_a_slot_is_sold_once(pg_desk: PaymentDesk, seed: int) -> None:
    """Four desks confirm, cancel, take cash and let go in random orders over the same two artists."""
    ana, bo = pg_desk.book.ana, pg_desk.book.bo
    teams = [[ana, bo], [ana], [bo], [ana, bo]]
    starts = [TUESDAY, TUESDAY + DAY]
    holds = {start: [keep(pg_desk, start, team) for team in teams] for start in starts}
    ids = [one for several in holds.values() for one in several]
    facts = {one: pay(pg_desk, one) for one in ids}
    told = failures(pg_desk.database)
    begin = Barrier(4, timeout=30)

    def cancel(booking_id: int) -> object:
        with pg_desk.database.read() as uow:
            seen = [seen_in(uow, uow.bookings.get(booking_id))]
        how = Settling(DepositFate.REFUND, None, "")
        return in_unit(pg_desk.database.write, lambda uow: cancel_in(uow, seen, how, pg_desk.clock.now()))

    def work(number: int, _: Barrier) -> list[object]:
        chance = random.Random(seed * 10 + number)
        begin.wait()
        answers: list[object] = []
        for one in chance.sample(ids, len(ids)):
            rivals = chance.sample(ids, len(ids))
            deposit = facts[one].amount
            assert deposit is not None
            ways: list[Callable[[], object]] = [
                settling(pg_desk, one, facts[one], rivals),
                settling(pg_desk, one, facts[one], rivals),
                partial(cancel, one),
                partial(pg_desk.payments.settlement.lapse, one, TUESDAY),
            ]
            try:
                answers.append(chance.choice(ways)())
            except InkDeskError as refusal:
                answers.append(refusal.code)
        return answers

    answers = at_once(4, work)

    assert DEADLOCK not in told
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    for start in starts:
        first, second, third, fourth = (pg_desk.status(one) is BookingStatus.CONFIRMED for one in holds[start])
        assert first + fourth + max(second, third) <= 1
