"""What was decided about money while a bank held it is done once the bank lets it go; what nobody decided is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.front import euros
from support.payment_desk import PaymentDesk
from support.till import Till
from support.turns import crossed

from inkdesk.application.booking_commands import CancelCommand, MarkCommand
from inkdesk.application.inbox_service import InboxItem, InboxService
from inkdesk.application.money_ties import lock_money
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.series import Series, SeriesKind
from inkdesk.domain.tasks import TaskAction, TaskKind
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository
from inkdesk.practice import PracticeServer
from inkdesk.practice.disputes import DisputeStatus

F, K = DepositFate, TaskKind
LATER = TUESDAY + timedelta(hours=5)


@pytest.fixture
def till(desk: PaymentDesk) -> Till:
    return Till.open(desk)


@pytest.fixture
def lone_till(lone_desk: PaymentDesk) -> Till:
    return Till.open(lone_desk)


def dispute(till: Till, booking: Booking, status: DisputeStatus = "needs_response") -> str:
    dispute_id = till.money.server.dispute(till.money.payment(booking.id).charge_id, status)
    till.money.look(sweep=True)
    return dispute_id


def decide(till: Till, dispute_id: str, *, won: bool = True) -> None:
    """The bank decides, and the worker learns of it, more than once."""
    till.money.server.close_dispute(dispute_id, won=won)
    for _ in range(3):
        till.money.look(sweep=True)
        till.money.pass_time(hours=7)


def let_go(till: Till, dispute_id: str) -> None:
    """The bank that only asked is content."""
    till.money.pass_time(seconds=5)
    till.money.server.advance_dispute(dispute_id, "warning_closed")
    till.money.look(sweep=True)


def cancel(till: Till, booking: Booking, fate: DepositFate | None, refund: Money | None = None) -> None:
    version = till.fresh(booking).version
    till.bookings.cancel(CancelCommand(booking_id=booking.id, version=version, fate=fate, refund=refund, reason="ill"))


def no_show(till: Till, booking: Booking, fate: DepositFate | None, refund: Money | None = None) -> None:
    till.money.pass_time(days=2)
    version = till.fresh(booking).version
    till.bookings.mark(
        MarkCommand(booking_id=booking.id, version=version, status=BookingStatus.NO_SHOW, fate=fate, refund=refund)
    )


def inbox(till: Till) -> InboxService:
    money = till.money
    return InboxService(money.payments, money.database.write, money.database.read, money.clock)


def only(till: Till) -> InboxItem:
    (item,) = inbox(till).open()
    return item


@pytest.mark.parametrize("end", [cancel, no_show])
def test_a_credit_of_disputed_money_follows_when_the_dispute_is_won(till: Till, end: Callable[..., None]) -> None:
    booking = till.paid_link()
    dispute_id = dispute(till, booking)
    end(till, booking, F.CREDIT)
    assert till.sums(booking) == {"paid": 50, "disputed": 50}

    decide(till, dispute_id)

    assert till.sums(booking) == {"paid": 50, "credited": 50}
    assert (till.look(booking).credit, till.money.task_kinds()) == (euros(50), [])


@pytest.mark.parametrize("end", [cancel, no_show])
def test_disputed_money_is_kept_when_it_is_won_as_the_desk_answered(till: Till, end: Callable[..., None]) -> None:
    booking = till.paid_link()
    dispute_id = dispute(till, booking)
    end(till, booking, F.KEEP)

    decide(till, dispute_id)

    assert till.sums(booking) == {"paid": 50, "forfeited": 50}
    assert till.money.task_kinds() == []


@pytest.mark.parametrize("end", [cancel, no_show])
def test_disputed_money_about_which_nobody_was_asked_is_told(lone_till: Till, end: Callable[..., None]) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    end(lone_till, booking, None)

    decide(lone_till, dispute_id)

    item = only(lone_till)
    assert (item.kind, item.left) == (K.DISPUTE_WON, euros(50))
    assert item.actions[:2] == (TaskAction.OPEN_BOOKING, TaskAction.REFUND)
    lone_till.deposits.forfeit(booking.id, euros(50), "late", "keep")
    lone_till.money.look()
    assert (lone_till.sums(booking), inbox(lone_till).open()) == ({"paid": 50, "forfeited": 50}, [])


def test_a_part_that_was_to_go_back_is_asked_about_and_the_rest_is_kept(till: Till) -> None:
    booking = till.paid_link()
    dispute_id = dispute(till, booking)
    cancel(till, booking, F.REFUND, euros(20))
    assert sorted(till.money.task_kinds()) == ["disputed", "not_refundable"]

    decide(till, dispute_id)

    item = only(till)
    assert (item.kind, item.left) == (K.NOT_REFUNDABLE, euros(20))
    assert "The dispute is over" in item.what.plain()
    assert till.sums(booking) == {"paid": 50, "forfeited": 30, "left": 20}
    inbox(till).do(item.task_id, TaskAction.GIVEN_BACK, "cash", note="Stripe refunds nothing that was disputed")
    till.money.look(sweep=True)
    assert (till.sums(booking), inbox(till).open()) == ({"paid": 50, "forfeited": 30, "returned": 20}, [])


def test_a_refund_is_told_again_when_won_although_a_person_closed_its_task(lone_till: Till) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    cancel(lone_till, booking, F.REFUND)
    for item in inbox(lone_till).open():
        inbox(lone_till).do(item.task_id, TaskAction.ACKNOWLEDGE, f"seen {item.task_id}")

    decide(lone_till, dispute_id)

    item = only(lone_till)
    assert (item.kind, item.left) == (K.NOT_REFUNDABLE, euros(50))
    inbox(lone_till).do(item.task_id, TaskAction.GIVEN_BACK, "cash", note="cash")
    assert (lone_till.sums(booking), inbox(lone_till).open()) == ({"paid": 50, "returned": 50}, [])


def test_a_task_tells_of_what_is_left_once_a_part_of_it_is_decided_otherwise(lone_till: Till) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    cancel(lone_till, booking, F.REFUND)
    decide(lone_till, dispute_id)
    assert "50.00 EUR" in only(lone_till).what.plain()
    lone_till.deposits.credit(booking.id, euros(10), "asked for", "form")
    lone_till.money.look()
    item = only(lone_till)
    assert (item.kind, item.left) == (K.NOT_REFUNDABLE, euros(40))
    assert "40.00 EUR" in item.what.plain()
    assert "50.00 EUR" not in item.what.plain()
    lone_till.deposits.credit(booking.id, euros(40), "asked for", "form-2")
    lone_till.money.look()
    assert inbox(lone_till).open() == []


def test_when_the_dispute_is_lost_nothing_is_left_to_decide(lone_till: Till) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    cancel(lone_till, booking, F.REFUND)

    decide(lone_till, dispute_id, won=False)

    assert lone_till.sums(booking) == {"paid": 50, "disputed": 50}
    assert lone_till.money.task_kinds() == ["dispute_lost"]


def test_a_sitting_that_takes_place_during_the_dispute_is_paid_when_it_is_won(till: Till) -> None:
    booking = till.paid_link()
    dispute_id = dispute(till, booking)
    till.money.pass_time(days=2)
    till.mark(till.fresh(booking), BookingStatus.COMPLETED)

    decide(till, dispute_id)

    assert till.sums(booking) == {"paid": 50, "applied": 50}
    assert (till.look(booking).rest, till.money.task_kinds()) == (euros(70), [])


def test_a_price_that_was_paid_otherwise_meanwhile_leaves_the_money_to_be_decided(lone_till: Till) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    lone_till.money.pass_time(days=2)
    lone_till.mark(lone_till.fresh(booking), BookingStatus.COMPLETED)
    lone_till.deposits.take_rest(lone_till.rest(booking, 120))

    decide(lone_till, dispute_id)

    assert (only(lone_till).kind, only(lone_till).left) == (K.DISPUTE_WON, euros(50))


def test_uses_that_a_dispute_took_back_are_told_when_it_is_won(till: Till) -> None:
    booking, other = till.paid_link(), till.book(starts_at=LATER).booking
    till.deposits.roll_over(booking.id, other.id, euros(50), "moved", "roll")
    dispute_id = dispute(till, booking)
    assert (till.sums(booking), till.sums(other)) == ({"paid": 50, "disputed": 50}, {})

    decide(till, dispute_id)

    assert (only(till).kind, only(till).left) == (K.DISPUTE_WON, euros(50))
    till.deposits.roll_over(booking.id, other.id, euros(50), "again", "roll again")
    till.money.look()
    assert (till.sums(other), till.money.task_kinds()) == ({"rolled_in": 50, "left": 50}, [])


def test_a_deposit_that_had_no_use_needs_no_decision_when_its_dispute_is_won(till: Till) -> None:
    booking = till.paid_link()
    decide(till, dispute(till, booking))
    assert (till.sums(booking), till.money.task_kinds()) == ({"paid": 50, "left": 50}, [])


@pytest.mark.parametrize(
    ("fate", "sums", "credit", "task"),
    [
        (F.CREDIT, {"rolled_in": 50, "credited": 50}, 50, None),
        (F.REFUND, {}, 0, K.NOT_REFUNDABLE),
        (F.KEEP, {"rolled_in": 50, "forfeited": 50}, 0, None),
        (None, {}, 0, K.DISPUTE_WON),
    ],
)
def test_an_inquiry_about_money_that_was_rolled_over_forgets_nothing(
    lone_till: Till, fate: DepositFate | None, sums: dict[str, int], credit: int, task: TaskKind | None
) -> None:
    booking, other = lone_till.paid_link(), lone_till.book(starts_at=LATER).booking
    lone_till.deposits.roll_over(booking.id, other.id, euros(50), "moved", "roll")
    dispute_id = dispute(lone_till, booking, "warning_needs_response")
    cancel(lone_till, other, fate)

    let_go(lone_till, dispute_id)

    assert (lone_till.sums(other), lone_till.look(other).credit) == (sums, euros(credit))
    assert [item.kind for item in inbox(lone_till).open()] == ([] if task is None else [task])
    if task is not None:
        assert only(lone_till).left == euros(50)


def test_money_that_comes_back_after_the_word_won_is_decided_about_when_it_comes(lone_till: Till) -> None:
    booking = lone_till.paid_link()
    dispute_id = dispute(lone_till, booking)
    cancel(lone_till, booking, F.CREDIT)
    lone_till.money.server.close_dispute(dispute_id, won=True)
    money, payment = lone_till.money, lone_till.money.payment(booking.id)
    whole = money.gateway.session(payment.session_id)
    assert whole.charge is not None
    (said,) = whole.charge.disputes
    early = replace(whole, charge=replace(whole.charge, disputes=[replace(said, is_reinstated=False)]))

    money.payments.settlement.settle(payment.id, early, is_live=False, lapse=False)
    assert lone_till.sums(booking) == {"paid": 50, "disputed": 50}
    money.look(sweep=True)

    assert lone_till.sums(booking) == {"paid": 50, "credited": 50}


@pytest.mark.parametrize(("won", "all_of_it", "held"), [(None, 50, 50), (True, 50, 0), (False, 0, 0)])
def test_what_an_end_decides_about_is_what_is_here_or_may_come_back(
    till: Till, won: bool | None, all_of_it: int, held: int
) -> None:
    booking = till.paid_link()
    dispute_id = dispute(till, booking)
    till.deposits.take_rest(till.rest(booking, 70))
    if won is not None:
        decide(till, dispute_id, won=won)

    there = till.deposits.undecided([booking.id])[booking.id]

    assert (there.deposit, there.rest, there.held) == (euros(all_of_it), euros(70), euros(held))
    assert till.look(booking).undecided == there


def in_a_series(till: Till, booking: Booking) -> Booking:
    """Another sitting, to come, of a project that the booking is the first sitting of."""
    with till.money.database.write() as uow:
        sleeve = Series(kind=SeriesKind.PROJECT, rule="", created_at=till.money.clock.now(), request_key="sleeve")
        made = uow.series.add(sleeve)
        uow.bookings.save(replace(uow.bookings.get(booking.id), series_id=made.id))
        uow.commit()
    other = till.book(starts_at=TUESDAY + timedelta(days=7)).booking
    with till.money.database.write() as uow:
        saved = uow.bookings.save(replace(uow.bookings.get(other.id), series_id=made.id))
        uow.commit()
    return saved


@pytest.mark.parametrize("stands", [True, False])
def test_disputed_money_is_carried_on_when_won_if_the_next_sitting_stands(till: Till, *, stands: bool) -> None:
    booking = till.paid_link()
    heir = in_a_series(till, booking)
    dispute_id = dispute(till, booking)
    cancel(till, booking, F.ROLL)
    if not stands:
        cancel(till, heir, F.KEEP)

    decide(till, dispute_id)

    assert till.sums(heir) == ({"rolled_in": 50, "left": 50} if stands else {})
    assert till.money.task_kinds() == ([] if stands else ["dispute_won"])


def test_money_that_is_rolled_on_while_its_locks_are_awaited_is_locked_where_it_came_from(
    postgres_url: str, server: PracticeServer, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    money = PaymentDesk.open(server, database, clock)
    till, locked = Till.open(money), list[set[int]]()
    source, other = till.paid_link(), till.book(artist_id=money.book.bo.id).booking

    def wait_and_lock() -> None:
        with database.write() as uow:
            lock_money(uow, [other.id])
            locked.append(set(uow.bookings._claims._session.locked))  # type: ignore[attr-defined]

    answers = crossed(
        database,
        monkeypatch,
        (SqlPaymentRepository, "write_ledger"),
        lambda: till.deposits.roll_over(source.id, other.id, euros(50), "moved", "roll"),
        wait_and_lock,
    )
    money.close()
    database.close()

    assert not isinstance(answers[0], BaseException)
    assert money.book.ana.resource_id in locked[0]
