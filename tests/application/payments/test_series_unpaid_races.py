"""The deposit of a series comes after all, at the moment in which a desk cancels its other sittings."""

from collections.abc import Iterator

import pytest
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.series_desk import SeriesDesk
from support.till import Till
from support.turns import crossed

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.inbox_service import InboxService
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.tasks import TaskAction, TaskKind
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.practice import PracticeServer


@pytest.fixture
def series_desk(server: PracticeServer, postgres_url: str, clock: StandingClock) -> Iterator[SeriesDesk]:
    """On PostgreSQL, where desks write side by side."""
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    opened = PaymentDesk.open(server, database, clock)
    yield SeriesDesk(Till.open(opened))
    opened.close()
    database.close()


def test_no_sitting_is_cancelled_as_unpaid_while_the_deposit_is_being_written(
    series_desk: SeriesDesk, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = series_desk.front.money
    booked = series_desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    payment_id = booked.payment_id
    session_id = money.payments.open_link(payment_id).payment.session_id
    server.faults.set_offline(offline=True)
    money.payments.holds.release(booked.bookings[0].id, "gone", "release")
    server.faults.set_offline(offline=False)
    server.pay(session_id)
    inbox = InboxService(money.payments, money.database.write, money.database.read, money.clock)
    (task,) = [one for one in inbox.open() if one.kind is TaskKind.SERIES_UNPAID]

    answers = crossed(
        money.database,
        monkeypatch,
        (SqlBookingRepository, "save"),
        lambda: money.payments.contest().handle(payment_id),
        lambda: inbox.do(task.task_id, TaskAction.CANCEL_SITTINGS, "cancel", note="not paid"),
    )

    assert isinstance(answers[1], StaleRecord)
    assert {series_desk.now(one).status for one in booked.bookings} == {BookingStatus.CONFIRMED}
