"""Money that moves between bookings while banks dispute it: whatever happens, none is lost, doubled or forgotten.

Deposits are credited, used, kept, rolled there and back, refunded and disputed; sittings end with every fate while a
bank has the money; disputes are decided days later; links are recovered by others, more than once. At rest every cent
has one place, and what nobody has decided about is a task.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from support.book import TUESDAY
from support.case_steps import check_promises
from support.clock import START, StandingClock
from support.front import euros
from support.payment_desk import PaymentDesk
from support.postgres import PostgresServer
from support.till import Till
from typing_extensions import override

from inkdesk.application.booking_commands import CancelCommand, DepositChoice, MarkCommand
from inkdesk.application.changes import Changes
from inkdesk.application.open_tasks import amount_named
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.deposits import Portion, balance_of, credit_portions, left_of
from inkdesk.domain.disputes import is_open
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import COLLECTED, LedgerKind, Payment, PaymentMethod
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.series import Series, SeriesKind
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer
from inkdesk.practice.errors import ApiError, WrongStateError

pytestmark = pytest.mark.timeout(400)
B = BookingStatus
PLACES = [TUESDAY + timedelta(days=days) for days in (0, 1, 7, 14)]
OVER = frozenset({B.CANCELLED, B.NO_SHOW, B.COMPLETED, B.LAPSED})
NEWS = frozenset({"dispute_lost", "disputed", "paid_twice", "slot_lost", "refund_shortened"})
"""Tasks that ask nobody what becomes of money."""
numbers = st.integers(0, 50)
amounts = st.sampled_from([10, 20, 50])
parts = st.sampled_from([None, 20])
decisions = st.sampled_from(["won", "won", "lost", "warning_closed", "needs_response"])


class TiesMachine(RuleBasedStateMachine):
    """``fresh_url`` makes an empty, migrated database."""

    fresh_url: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        url: str = self.stack.enter_context(type(self).fresh_url())
        self.server = self.stack.enter_context(PracticeServer())
        self.clock = StandingClock(START)
        self.desk = PaymentDesk.open(self.server, Database.open(url, who="Desk 1", clock=self.clock), self.clock)
        self.till = Till.open(self.desk)
        self.ids: list[int] = []
        self.disputes: list[str] = []
        self.recovered: list[str] = []
        self.forms = 0
        self._book(PLACES[0], self.desk.book.ana, "paid")
        self._book(PLACES[2], self.desk.book.bo, "paid")
        self._book(PLACES[3], self.desk.book.bo, "none")

    @override
    def teardown(self) -> None:
        try:
            self._come_to_rest()
            self._check()
        finally:
            self.desk.close()
            self.desk.database.close()
            self.stack.close()

    # The desk.

    @rule(at=st.sampled_from(PLACES), who=st.booleans(), how=st.sampled_from(["paid", "paid", "link", "cash", "none"]))
    def book(self, at: datetime, who: bool, how: str) -> None:
        self._book(at, self.desk.book.ana if who else self.desk.book.bo, how)

    def _book(self, at: datetime, artist: Artist, how: str) -> None:
        choice = DepositChoice.LINK if how in {"paid", "link"} else DepositChoice[how.upper()]
        with suppress(InkDeskError):
            booked = self.till.book(
                starts_at=at, artist_id=artist.id, choice=choice, request_key=self._form(), override_reason="asked for"
            )
            self.ids.append(booked.booking.id)
            if booked.payment_id is not None:
                opened = self.desk.payments.open_link(booked.payment_id)
                if how == "paid":
                    self.server.pay(opened.payment.session_id)
                    self.desk.look()

    @rule(which=numbers, fate=st.sampled_from(DepositFate), refund=parts)
    def cancel(self, which: int, fate: DepositFate, refund: int | None) -> None:
        one = self._one(which)
        back = None if refund is None else euros(refund)
        command = CancelCommand(booking_id=one.id, version=one.version, fate=fate, refund=back, reason="ill")
        self._try(lambda: self.till.bookings.cancel(command))

    @rule(
        which=numbers,
        status=st.sampled_from([B.NO_SHOW, B.NO_SHOW, B.COMPLETED]),
        fate=st.sampled_from(DepositFate),
        refund=parts,
    )
    def mark(self, which: int, status: BookingStatus, fate: DepositFate, refund: int | None) -> None:
        one = self._one(which)
        back = None if refund is None else euros(refund)
        command = MarkCommand(booking_id=one.id, version=one.version, status=status, fate=fate, refund=back)
        self._try(lambda: self.till.bookings.mark(command))

    @rule(which=numbers, other=numbers)
    def join_in_a_series(self, which: int, other: int) -> None:
        with self.desk.database.write() as uow:
            made = uow.series.add(
                Series(kind=SeriesKind.PROJECT, rule="", created_at=self.clock.now(), request_key=self._form())
            )
            for one in {self._one(which).id, self._one(other).id}:
                uow.bookings.save(replace(uow.bookings.get(one), series_id=made.id))
            uow.commit()

    @rule(which=numbers, what=st.sampled_from(["credit", "forfeit", "refund"]), much=amounts)
    def decide(self, which: int, what: str, much: int) -> None:
        act = getattr(self.till.deposits, what)
        self._try(lambda: act(self._one(which).id, euros(much), "asked for", self._form()))

    @rule(which=numbers, much=amounts)
    def use_credit(self, which: int, much: int) -> None:
        self._try(lambda: self.till.deposits.use_credit(self._one(which).id, euros(much), self._form()))

    @rule(which=numbers, other=numbers, much=amounts, back=st.booleans(), look=st.booleans())
    def roll(self, which: int, other: int, much: int, back: bool, look: bool) -> None:
        here, there = self._one(which).id, self._one(other).id
        roll = self.till.deposits.roll_over
        self._try(lambda: roll(here, there, euros(much), "asked for", self._form()))
        if look:
            self.desk.look(sweep=True)
        if back:
            self._try(lambda: roll(there, here, euros(much), "back", self._form()))

    @rule(sweep=st.booleans())
    def look(self, sweep: bool) -> None:
        self.desk.look(sweep=sweep)

    # Clients, banks, and who uses the same Stripe account.

    @rule(which=numbers, is_inquiry=st.booleans(), is_seen=st.booleans())
    def dispute(self, which: int, is_inquiry: bool, is_seen: bool) -> None:
        charge = self._pick(which, self._charges())
        with suppress(ApiError, WrongStateError):
            if charge is not None:
                self.disputes.append(
                    self.server.dispute(charge, "warning_needs_response" if is_inquiry else "needs_response")
                )
        if is_seen:
            self.desk.look()

    @rule(which=numbers, how=decisions, fate=st.sampled_from(DepositFate), refund=parts, is_late=st.booleans())
    def sitting_ends_during_a_dispute(
        self, which: int, how: str, fate: DepositFate, refund: int | None, is_late: bool
    ) -> None:
        """What seldom comes together by chance: paid, disputed and seen, ended, decided."""
        paid = [one for one in self._paid() if one.charge_id and self.desk.status(one.booking_id) is B.CONFIRMED]
        if not paid:
            return
        one = paid[which % len(paid)]
        self.dispute(which=self._charges().index(one.charge_id), is_inquiry=how == "warning_closed", is_seen=True)
        if is_late:
            self.time_passes(seconds=200_000)
            self.mark(self.ids.index(one.booking_id), B.COMPLETED if refund is None else B.NO_SHOW, fate, refund)
        else:
            self.cancel(self.ids.index(one.booking_id), fate, refund)
        if self.disputes:
            self.bank_decides(len(self.disputes) - 1, how)

    @precondition(lambda self: self.disputes)
    @rule(which=numbers, how=decisions)
    def bank_decides(self, which: int, how: str) -> None:
        one = self.disputes[which % len(self.disputes)]
        with suppress(ApiError, WrongStateError, ValueError):
            if how in {"won", "lost"}:
                self.server.close_dispute(one, won=how == "won")
            else:
                self.server.advance_dispute(one, "warning_closed" if how == "warning_closed" else "needs_response")

    @rule(which=numbers, minor=st.sampled_from([None, 1000, 2500]))
    def refund_in_dashboard(self, which: int, minor: int | None) -> None:
        charge = self._pick(which, self._charges())
        with suppress(ApiError, WrongStateError):
            if charge is not None:
                self.server.refund_in_dashboard(charge, minor)

    @rule(which=numbers)
    def refund_fails(self, which: int) -> None:
        refund = self._pick(which, self._refunds())
        with suppress(WrongStateError):
            if refund is not None:
                self.server.fail_refund(refund)

    @rule(which=numbers, how=st.sampled_from(["open", "pay", "expire"]))
    def recover_elsewhere(self, which: int, how: str) -> None:
        session = self._pick(which, self._sessions())
        with suppress(ApiError, WrongStateError):
            if session is None:
                return
            self.recovered.append(self.server.recover(session))
            if how == "pay":
                self.server.pay(self.recovered[-1])
            elif how == "expire":
                self.desk.gateway.expire_session(self.recovered[-1])

    @rule(seconds=st.sampled_from([25, 1900, 4000, 90_000, 200_000]))
    def time_passes(self, seconds: int) -> None:
        self.desk.pass_time(seconds=seconds)

    # What stands, and what must hold.

    def _form(self) -> str:
        self.forms += 1
        return f"form-{self.forms}"

    def _try(self, act: Callable[[], Changes]) -> None:
        with suppress(InkDeskError):
            act()

    def _bookings(self) -> list[Booking]:
        with self.desk.database.read() as uow:
            return [uow.bookings.get(one) for one in self.ids]

    def _one(self, which: int) -> Booking:
        return self.desk.booking(self.ids[which % len(self.ids)])

    def _pick(self, which: int, among: Sequence[str]) -> str | None:
        return among[which % len(among)] if among else None

    def _paid(self) -> list[Payment]:
        attempts = [one for booking_id in self.ids for one in self.desk.attempts(booking_id)]
        return [one for one in attempts if one.status in COLLECTED]

    def _charges(self) -> list[str]:
        return [one.charge_id for one in self._paid() if one.charge_id]

    def _refunds(self) -> list[str]:
        return [one.stripe_id for paid in self._paid() for one in self.desk.refunds(paid.id) if one.stripe_id]

    def _sessions(self) -> list[str]:
        mine = [one.session_id for booking_id in self.ids for one in self.desk.attempts(booking_id)]
        return [*(one for one in mine if one), *self.recovered]

    def _come_to_rest(self) -> None:
        quiet = 0
        for _ in range(40):
            result = self.desk.look(sweep=True)
            quiet = quiet + 1 if not result.changes else 0
            if quiet == 3:
                return
            self.desk.pass_time(seconds=4000)
        raise AssertionError("it never comes to rest")

    def _check(self) -> None:
        check_promises(self.desk)
        bookings = {one.id: one for one in self._bookings()}
        for payment in self._paid():
            self._has_one_place(payment, bookings)
            self._equals_stripe(payment)
            if not self._is_held(payment):
                for booking in bookings.values():
                    self._is_decided_or_told(payment, booking)

    def _has_one_place(self, payment: Payment, bookings: dict[int, Booking]) -> None:
        with self.desk.database.read() as uow:
            for booking in bookings.values():
                lines = [one for one in uow.payments.ledger_of(booking.id) if one.payment_id == payment.id]
                parts = balance_of(booking.id, lines, "EUR")
                assert parts.left.amount_minor >= 0, "more was used than there is"
                for name in parts.__dataclass_fields__:
                    assert getattr(parts, name).amount_minor >= 0, f"{name} was taken back twice"
            credit = uow.payments.credit_lines(next(iter(bookings.values())).client_id)
        mine = [one for one in credit if one.payment_id == payment.id]
        given = sum(one.amount.amount_minor for one in mine if one.kind is LedgerKind.CREDITED)
        used = sum(one.amount.amount_minor for one in mine if one.kind is LedgerKind.CREDIT_USED)
        assert total_minor(credit_portions(mine)) == given - used, "more credit was used than given"

    def _is_held(self, payment: Payment) -> bool:
        with self.desk.database.read() as uow:
            return any(is_open(one.status) for one in uow.payments.disputes_of(payment.id))

    def _is_decided_or_told(self, payment: Payment, booking: Booking) -> None:
        with self.desk.database.read() as uow:
            left = total_minor(
                one for one in left_of(booking.id, uow.payments.ledger_of(booking.id)) if one.payment_id == payment.id
            )
        going = [one for one in self.desk.refunds(payment.id) if one.status is not RefundStatus.SUCCEEDED]
        tasks = [one for one in self.desk.tasks() if one.payment_id == payment.id and one.kind not in NEWS]
        named = [amount_named(one) for one in tasks if one.kind in {"not_refundable", "dispute_won"}]
        if booking.status in OVER:
            assert not left or tasks or going, f"{left} of payment {payment.id} is forgotten at {booking.status}"
        if booking.id == payment.booking_id:
            assert sum(one.amount_minor for one in named if one is not None) <= left, "the same money is told twice"

    def _equals_stripe(self, payment: Payment) -> None:
        if payment.method is not PaymentMethod.LINK:
            return
        facts = self.desk.gateway.session(payment.session_id)
        came = facts.amount.amount_minor if facts.amount is not None and facts.is_paid else 0
        assert self._in_ledger(payment, LedgerKind.PAID) == came
        refunds = self.desk.gateway.refunds_of(payment.intent_id)
        back = sum(one.amount.amount_minor for one in refunds if one.status is RefundStatus.SUCCEEDED)
        assert self._in_ledger(payment, LedgerKind.REFUNDED) == back

    def _in_ledger(self, payment: Payment, kind: LedgerKind) -> int:
        lines = self.desk.database.queries.booking(payment.booking_id).ledger
        return sum(line.amount.amount_minor for line in lines if line.payment_id == payment.id and line.kind is kind)


def total_minor(portions: Iterable[Portion]) -> int:
    return sum(one.amount.amount_minor for one in portions)


def run(fresh_url: Callable[[], Any], examples: int) -> None:
    machine = type("TiesMachine", (TiesMachine,), {"fresh_url": staticmethod(fresh_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # a story of thirty steps is read faster than it is shortened
        ),
    )


def test_no_cent_is_forgotten_on_sqlite(sqlite_template: Path) -> None:
    @contextmanager
    def fresh() -> Iterator[str]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(sqlite_template, Path(folder) / "studio.db")
            yield f"sqlite:///{Path(folder) / 'studio.db'}"

    run(fresh, 10)


def test_no_cent_is_forgotten_on_postgresql(postgres_server: PostgresServer) -> None:
    @contextmanager
    def fresh() -> Iterator[str]:
        postgres_server.execute("DROP DATABASE IF EXISTS ties WITH (FORCE)")
        postgres_server.execute("CREATE DATABASE ties TEMPLATE inkdesk_template")
        yield postgres_server.url("ties")

    run(fresh, 3)
