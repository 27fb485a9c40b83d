"""A no-show's deposit goes on to the next sitting of its series: two desks decide about both at one moment."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import current_thread

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.till import Till
from support.turns import crossed

from inkdesk.application.booking_commands import MarkCommand
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.series import Series, SeriesKind
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.practice import PracticeServer

DAY = timedelta(days=1)


@pytest.fixture
def till(server: PracticeServer, postgres_url: str, clock: StandingClock) -> Iterator[Till]:
    """On PostgreSQL, where desks write side by side."""
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    opened = PaymentDesk.open(server, database, clock)
    yield Till.open(opened)
    opened.close()
    database.close()


def paid_project(till: Till) -> tuple[Booking, Booking]:
    """Two sittings of one project: the first is paid and has begun, the other is still to come."""
    first = till.paid_link()
    other = till.book(starts_at=TUESDAY + 7 * DAY).booking
    money = till.money
    with money.database.write() as uow:
        made = uow.series.add(
            Series(kind=SeriesKind.PROJECT, rule="", created_at=money.clock.now(), request_key="project")
        )
        for one in (first, other):
            uow.bookings.save(replace(uow.bookings.get(one.id), series_id=made.id))
        uow.commit()
    money.pass_time(days=2)
    return till.fresh(first), till.fresh(other)


def test_no_deposit_goes_on_to_a_sitting_that_is_cancelled_meanwhile(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = paid_project(till)
    no_show = MarkCommand(
        booking_id=first.id, version=first.version, status=BookingStatus.NO_SHOW, fate=DepositFate.ROLL
    )

    answers = crossed(
        till.money.database,
        monkeypatch,
        (SqlBookingRepository, "set_blocks"),
        lambda: till.cancel(other, DepositFate.KEEP),
        lambda: till.bookings.mark(no_show),
    )

    assert isinstance(answers[1], StaleRecord)
    assert till.fresh(other).status is BookingStatus.CANCELLED
    assert till.fresh(first).status is BookingStatus.CONFIRMED
    assert till.sums(first) == {"paid": 50, "left": 50}
    assert till.sums(other) == {}


def test_who_writes_what_was_decided_meanwhile_keeps_others_off_the_heir(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = paid_project(till)
    money, payment = till.money, till.money.payment(first.id)
    dispute_id = money.server.dispute(payment.charge_id)
    money.look(sweep=True)
    money.server.close_dispute(dispute_id, won=True)
    facts = money.gateway.session(payment.session_id)
    first = till.fresh(first)
    no_show = MarkCommand(
        booking_id=first.id, version=first.version, status=BookingStatus.NO_SHOW, fate=DepositFate.ROLL
    )
    locked: dict[str, set[int]] = {}
    lock_rows = SqlBookingRepository.lock_rows

    def noting(self: SqlBookingRepository, booking_ids: Collection[int]) -> None:
        lock_rows(self, booking_ids)
        locked.setdefault(current_thread().name, set()).update(booking_ids)

    def settle() -> str:
        money.payments.settlement.settle(payment.id, facts, is_live=False, lapse=False, rivals=())
        return current_thread().name

    monkeypatch.setattr(SqlBookingRepository, "lock_rows", noting)
    answers = crossed(
        money.database, monkeypatch, (SqlBookingRepository, "save"), lambda: till.bookings.mark(no_show), settle
    )

    assert locked[str(answers[1])] == {first.id, other.id}
    assert till.sums(first) == {"paid": 50, "rolled_out": 50}
    assert till.sums(other) == {"rolled_in": 50, "left": 50}
