"""A series whose deposit was not paid: the others do not stand silently, a person decides. Both engines."""

from dataclasses import dataclass

import pytest
from support.book import HOUR, TUESDAY
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.inbox_service import InboxItem, InboxService
from inkdesk.application.series_commands import BookedSeries
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.series import Scope
from inkdesk.domain.tasks import TaskAction, TaskKind

CANCELLED, CONFIRMED, HELD, LAPSED = (
    BookingStatus.CANCELLED,
    BookingStatus.CONFIRMED,
    BookingStatus.PENDING_PAYMENT,
    BookingStatus.LAPSED,
)


@dataclass
class Unpaid:
    """A series of four whose hold was over unpaid."""

    desk: SeriesDesk
    booked: BookedSeries
    inbox: InboxService

    def statuses(self) -> list[BookingStatus]:
        return [self.desk.now(one).status for one in self.booked.bookings]

    def item(self) -> InboxItem:
        (item,) = self.inbox.open()
        return item

    def is_over(self) -> bool:
        """Whether no task is open, in the list and in the book."""
        self.desk.front.money.look()
        return self.inbox.open() == [] and self.desk.front.money.tasks() == []


def lapse(desk: SeriesDesk) -> None:
    desk.front.money.pass_time(minutes=45)
    desk.front.money.look()


@pytest.fixture
def unpaid(desk: SeriesDesk) -> Unpaid:
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    money = desk.front.money
    money.payments.open_link(booked.payment_id)
    lapse(desk)
    return Unpaid(desk, booked, InboxService(money.payments, money.database.write, money.database.read, money.clock))


def test_the_desk_is_asked_about_the_others(unpaid: Unpaid) -> None:
    assert unpaid.statuses() == [LAPSED, CONFIRMED, CONFIRMED, CONFIRMED]
    item = unpaid.item()
    assert (item.kind, item.booking_id) == (TaskKind.SERIES_UNPAID, unpaid.booked.bookings[0].id)
    assert item.what.plain() == (
        "The deposit of the series of Zoé Müller was not paid, so 2026-11-24 10:00:00+00:00 was given free. "
        "Its other sittings still stand (3). Talk to the client; then keep them or cancel them."
    )
    assert item.actions == (
        TaskAction.NEW_LINK,
        TaskAction.KEEP_SITTINGS,
        TaskAction.CANCEL_SITTINGS,
        TaskAction.OPEN_BOOKING,
        TaskAction.ACKNOWLEDGE,
    )


def test_kept_they_stay_and_nobody_is_asked_again(unpaid: Unpaid) -> None:
    done = unpaid.inbox.do(unpaid.item().task_id, TaskAction.KEEP_SITTINGS, "keep", note="pays on the day")
    assert done.is_over
    assert unpaid.is_over()
    assert unpaid.statuses() == [LAPSED, CONFIRMED, CONFIRMED, CONFIRMED]
    assert ("TASK_DONE", "pays on the day") in unpaid.desk.front.history(unpaid.booked.bookings[0].id)


def test_cancelled_they_all_end_once(unpaid: Unpaid) -> None:
    task_id = unpaid.item().task_id
    done = unpaid.inbox.do(task_id, TaskAction.CANCEL_SITTINGS, "cancel")
    others = [one.id for one in unpaid.booked.bookings[1:]]
    assert done.is_over
    assert done.changes.bookings.issuperset(others)
    assert unpaid.statuses() == [LAPSED, CANCELLED, CANCELLED, CANCELLED]
    assert unpaid.is_over()
    assert unpaid.inbox.do(task_id, TaskAction.CANCEL_SITTINGS, "cancel").is_over  # sent twice
    with pytest.raises(StaleRecord):
        unpaid.inbox.do(task_id, TaskAction.CANCEL_SITTINGS, "another")
    for one in others:
        assert ("CANCELLED", "the deposit of the series was not paid") in unpaid.desk.front.history(one)
    assert [unpaid.desk.front.is_kept(TUESDAY + n * WEEK) for n in range(1, 2)] == [False]


def test_what_is_paid_for_stays(unpaid: Unpaid) -> None:
    """Nobody said what shall become of that money."""
    paid = unpaid.booked.bookings[2]
    unpaid.desk.front.money.payments.record_by_hand(paid.id, PaymentMethod.CASH, paid.price, "cash")
    unpaid.inbox.do(unpaid.item().task_id, TaskAction.CANCEL_SITTINGS, "cancel")
    assert unpaid.statuses() == [LAPSED, CANCELLED, CONFIRMED, CANCELLED]
    assert unpaid.desk.front.money.ledger(paid.id) == ["paid"]


def test_a_new_link_brings_the_first_back_and_closes_the_task(unpaid: Unpaid) -> None:
    unpaid.inbox.do(unpaid.item().task_id, TaskAction.NEW_LINK, "link")
    assert unpaid.statuses() == [HELD, CONFIRMED, CONFIRMED, CONFIRMED]
    assert unpaid.is_over()
    lapse(unpaid.desk)
    assert unpaid.item().kind is TaskKind.SERIES_UNPAID  # it is asked again if that is not paid either


def test_late_cash_closes_it(unpaid: Unpaid) -> None:
    first = unpaid.booked.bookings[0]
    unpaid.desk.front.money.payments.record_by_hand(first.id, PaymentMethod.CASH, first.deposit, "cash")
    assert unpaid.statuses() == [CONFIRMED] * 4
    assert unpaid.is_over()


def test_it_closes_when_the_others_are_cancelled_one_way_or_another(unpaid: Unpaid) -> None:
    second = unpaid.desk.now(unpaid.booked.bookings[1])
    unpaid.desk.cancel_series(second, Scope.FROM_HERE, DepositFate.KEEP)
    assert unpaid.is_over()


def test_it_closes_when_they_have_begun(unpaid: Unpaid) -> None:
    unpaid.desk.front.money.clock.at = TUESDAY + 4 * WEEK
    assert unpaid.inbox.open() == []


def test_a_hold_that_a_person_gives_free_asks_too(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    money = desk.front.money
    money.payments.open_link(booked.payment_id)
    changes = money.payments.holds.release(booked.bookings[0].id, "did not answer", "release")
    assert changes.tasks
    assert money.task_kinds() == ["series_unpaid"]


def test_a_hold_that_stood_aside_for_a_payer_asks_too(desk: SeriesDesk) -> None:
    money = desk.front.money
    money.first_to_pay_wins()
    booked = desk.book(choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    money.payments.open_link(booked.payment_id)
    desk.front.paid_link(starts_at=TUESDAY + HOUR / 2)
    assert sorted(money.task_kinds()) == ["series_unpaid", "slot_lost"]


def test_a_single_booking_and_the_last_of_a_series_ask_nothing(desk: SeriesDesk) -> None:
    alone = desk.front.book(choice=DepositChoice.LINK, starts_at=TUESDAY + 3 * HOUR)
    short = desk.book(choice=DepositChoice.LINK, starts=(TUESDAY,))
    for payment_id in (alone.payment_id, short.payment_id):
        assert payment_id is not None
        desk.front.money.payments.open_link(payment_id)
    lapse(desk)
    assert desk.now(short.bookings[0]).status is LAPSED
    assert desk.front.money.tasks() == []
