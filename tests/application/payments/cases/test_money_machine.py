"""Everything that can happen to money, in any order; when it has come to rest, every promise holds to the cent.

Clients pay, decline, pay late and pay twice; two desks book, move, cancel, release, take cash and give back; time
jumps; network and programs die, also in the middle of what they do; refunds wait and fail; news doubles, reverses and
vanishes; the studio uses Stripe's own dashboard. Then the program is let look until nothing changes, and what Stripe
has is compared with the ledger: payment by payment, and the whole account with the whole book.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings, stateful
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from support.book import TUESDAY
from support.case_steps import BEGINNING, check_promises, in_ledger
from support.clock import START, StandingClock
from support.dying import dying_after
from support.payment_desk import PaymentDesk
from support.postgres import PostgresServer
from typing_extensions import override

from inkdesk.application.booking_commands import BookCommand, CancelCommand, DepositChoice, MoveCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.holds import RELEASED
from inkdesk.application.move_service import MoveService
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import ASKING, COLLECTED, LedgerKind, Payment, PaymentMethod
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer, RefundOutcome
from inkdesk.practice.errors import ApiError, WrongStateError

PLACES = [TUESDAY + timedelta(hours=hours) for hours in (0, 2, 24)]  # few: they meet
LIVING = {BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED}
FATES = [DepositFate.REFUND, DepositFate.KEEP, DepositFate.CREDIT]
RELEASE_WHY = "gone"
numbers = st.integers(0, 50)
pytestmark = pytest.mark.timeout(500)


@dataclass
class Program:
    """One desk's program as it runs now; ``desk`` is replaced when it dies."""

    desk: PaymentDesk

    @property
    def bookings(self) -> BookingService:
        desk = self.desk
        return BookingService(desk.database.write, desk.clock, desk.payments, LibraryPhoneNumbers())

    @property
    def moves(self) -> MoveService:
        return MoveService(self.desk.database.write, self.desk.clock, self.desk.payments)


class MoneyMachine(stateful.RuleBasedStateMachine):
    """``fresh_url`` makes an empty, migrated database."""

    fresh_url: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.url: str = self.stack.enter_context(type(self).fresh_url())
        self.server = self.stack.enter_context(PracticeServer())
        self.clock = StandingClock(START)
        first = PaymentDesk.open(self.server, self._database("Desk 1"), self.clock)
        self.programs = [Program(first), Program(self._beside(first, "Desk 2"))]
        self.forms, self.collected = 0, set[int]()

    def _database(self, who: str) -> Database:
        return Database.open(self.url, who=who, clock=self.clock)

    def _beside(self, first: PaymentDesk, who: str) -> PaymentDesk:
        """A program that is started anew: it knows nothing but what is stored."""
        gateway = StripeGateway(
            self.server.key, first.book.studio.mode, base_url=self.server.url, retries=0, monotonic=first.monotonic
        )
        return PaymentDesk.on(self.server, self._database(who), self.clock, first.monotonic, gateway, first.book)

    @property
    def desk(self) -> PaymentDesk:
        return self.programs[0].desk

    @override
    def teardown(self) -> None:
        try:
            self._come_to_rest()
            self._check()
        finally:
            for program in self.programs:
                program.desk.close()
                program.desk.database.close()
            self.stack.close()

    # The desks.

    @initialize(links=st.integers(1, 2))
    def begin(self, links: int) -> None:
        for number in range(links):
            self.book(PLACES[number], who=True, desk=False, choice=DepositChoice.LINK)

    @rule(at=st.sampled_from(PLACES), who=st.booleans(), desk=st.booleans(), choice=st.sampled_from(DepositChoice))
    def book(self, at: datetime, who: bool, desk: bool, choice: DepositChoice) -> None:
        book = self.desk.book
        command = BookCommand(
            request_key=f"form-{self._form()}",
            artist_id=(book.ana if who else book.bo).id,
            service_id=book.service.id,
            starts_at=at,
            client=book.client.id,
            choice=choice,
            override_reason="asked for",
        )
        with suppress(InkDeskError):
            booked = self.programs[desk].bookings.book(command)
            if booked.payment_id is not None:
                self.programs[desk].desk.payments.open_link(booked.payment_id)

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, fate=st.sampled_from(FATES), desk=st.booleans())
    def cancel(self, which: int, fate: DepositFate, desk: bool) -> None:
        booking = self._one(which)
        command = CancelCommand(booking_id=booking.id, version=booking.version, fate=fate, reason="ill")
        with suppress(InkDeskError):
            self.programs[desk].bookings.cancel(command)

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, to=st.sampled_from(PLACES), desk=st.booleans())
    def move(self, which: int, to: datetime, desk: bool) -> None:
        booking, why = self._one(which), "asked for"
        command = MoveCommand(booking_id=booking.id, version=booking.version, starts_at=to, override_reason=why)
        with suppress(InkDeskError):
            self.programs[desk].moves.move(command)

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, desk=st.booleans())
    def send_a_new_link(self, which: int, desk: bool) -> None:
        with suppress(InkDeskError):
            self.programs[desk].desk.payments.resend_link(self._one(which).id)

    @precondition(lambda self: self._payments(COLLECTED))
    @rule(which=numbers, minor=st.integers(1, 5000), desk=st.booleans())
    def give_back(self, which: int, minor: int, desk: bool) -> None:
        payments = self._payments(COLLECTED)
        payment = payments[which % len(payments)]
        amount = type(payment.amount)(minor, payment.amount.currency)
        with suppress(InkDeskError):
            self.programs[desk].desk.payments.refund(payment.id, amount, "ill", f"{payment.id}:{minor}")

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, desk=st.booleans(), offline=st.booleans())
    def release(self, which: int, desk: bool, offline: bool = False) -> None:
        self.network(offline=offline)
        with suppress(InkDeskError):
            holds = self.programs[desk].desk.payments.holds
            holds.release(self._one(which).id, RELEASE_WHY, f"release-{self._form()}")

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, seconds=st.sampled_from([60, 1800, 20_000]), desk=st.booleans())
    def extend(self, which: int, seconds: int, desk: bool) -> None:
        with suppress(InkDeskError):
            holds = self.programs[desk].desk.payments.holds
            holds.extend(self._one(which).id, seconds, f"extend-{self._form()}")

    @precondition(lambda self: self._bookings())
    @rule(which=numbers, desk=st.booleans())
    def take_cash(self, which: int, desk: bool) -> None:
        booking, payments = self._one(which), self.programs[desk].desk.payments
        with suppress(InkDeskError):
            payments.record_by_hand(booking.id, PaymentMethod.CASH, booking.deposit, f"cash-{self._form()}")

    @rule(desk=st.booleans(), sweep=st.booleans())
    def look(self, desk: bool, sweep: bool) -> None:
        self.programs[desk].desk.look(sweep=sweep)

    # The clients, their banks, the studio's owner in the dashboard, and the world.

    @precondition(lambda self: self._payments(ASKING))
    @rule(which=numbers, how=st.sampled_from(["pay", "pay", "pay", "decline", "pay_later", "settle", "fail_delayed"]))
    def client(self, which: int, how: str) -> None:
        sessions = [one.session_id for one in self._payments(ASKING) if one.session_id]
        if sessions:
            with suppress(WrongStateError):
                getattr(self.server, how)(sessions[which % len(sessions)])

    @precondition(lambda self: self._charges())
    @rule(which=numbers, minor=st.sampled_from([None, 1000, 2500]))
    def refund_in_dashboard(self, which: int, minor: int | None) -> None:
        charges = self._charges()
        with suppress(ApiError, WrongStateError):
            self.server.refund_in_dashboard(charges[which % len(charges)], minor)

    @rule(outcome=st.sampled_from(["succeeded", "pending", "failed"]))
    def refunds_become(self, outcome: RefundOutcome) -> None:
        self.server.refund_next_as(outcome)

    @precondition(lambda self: self._payments(COLLECTED))
    @rule(which=numbers, how=st.sampled_from(["settle_refund", "fail_refund"]))
    def bank(self, which: int, how: str) -> None:
        refunds = [one.stripe_id for paid in self._payments(COLLECTED) for one in self.desk.refunds(paid.id)]
        made = [stripe_id for stripe_id in refunds if stripe_id]
        if made:
            with suppress(WrongStateError):
                getattr(self.server, how)(made[which % len(made)])

    @precondition(lambda self: self._charges())
    @rule(which=numbers, won=st.booleans())
    def dispute(self, which: int, won: bool) -> None:
        charges = self._charges()
        with suppress(ApiError, WrongStateError):
            dispute_id = self.server.dispute(charges[which % len(charges)])
            if won:
                self.server.close_dispute(dispute_id, won=True)

    @rule(seconds=st.sampled_from([1, 25, 300, 1500, 1900, 4000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.desk.pass_time(seconds=seconds)

    @rule(offline=st.booleans())
    def network(self, offline: bool) -> None:
        self.server.faults.set_offline(offline=offline)

    @rule(how=st.sampled_from(["hold", "release", "reverse", "duplicate", "drop"]))
    def news(self, how: str) -> None:
        events = self.server.events
        if how == "reverse":
            events.reverse(4)
        elif how == "duplicate":
            with suppress(LookupError):
                events.duplicate("checkout.session.completed")
        elif how == "drop":
            events.lose(1)
        else:
            getattr(events, how)()

    @rule(desk=st.booleans())
    def program_dies(self, desk: bool) -> None:
        old = self.programs[desk].desk
        self.programs[desk].desk = self._beside(old, "Desk")
        old.close()
        old.database.close()

    @precondition(lambda self: self._bookings())
    @rule(
        steps=st.integers(1, 5),
        act=st.sampled_from(["look", "look", "send_a_new_link", "release", "take_cash", "extend"]),
        which=numbers,
        desk=st.booleans(),
    )
    def dies_in_the_middle(self, steps: int, act: str, which: int, desk: bool) -> None:
        """The program does a few steps (a commit, a call that Stripe has carried out) and is gone."""
        more: dict[str, Any] = {"look": {"sweep": True}, "extend": {"which": which, "seconds": 20_000}}
        with dying_after(steps):
            getattr(self, act)(desk=desk, **more.get(act, {"which": which}))
        self.program_dies(desk)

    @precondition(lambda self: self._payments(COLLECTED))
    @rule(steps=st.integers(1, 3), which=numbers, minor=st.integers(1, 5000), desk=st.booleans())
    def dies_while_giving_back(self, steps: int, which: int, minor: int, desk: bool) -> None:
        with dying_after(steps):
            self.give_back(which=which, minor=minor, desk=desk)
        self.program_dies(desk)

    # What stands, and what must hold.

    @invariant()
    def money_moves_forward_and_nothing_lapses_that_can_be_paid(self) -> None:
        """At every moment: a hold lapses only once its link has ended at Stripe, or a person said why it goes."""
        bookings = self._bookings()
        with self.desk.database.read() as uow:
            attempts = {booking.id: uow.payments.of_booking(booking.id) for booking in bookings}
        collected = {one.id for every in attempts.values() for one in every if one.status in COLLECTED}
        assert self.collected <= collected
        self.collected = collected
        for booking in bookings:
            if booking.status is BookingStatus.LAPSED and not self._is_released(booking.id):
                sessions = {one.session_id for one in attempts[booking.id]} - {""}
                assert "open" not in {self.server.controls.status(one) for one in sessions}

    def _is_released(self, booking_id: int) -> bool:
        history = self.desk.database.queries.booking(booking_id).history
        return any((what, why) == (RELEASED, RELEASE_WHY) for _at, _who, what, why in history)

    def _form(self) -> int:
        self.forms += 1
        return self.forms

    def _bookings(self) -> list[Booking]:
        days = self.desk.database.queries.calendar(
            TUESDAY.date() - timedelta(days=3), TUESDAY.date() + timedelta(days=9)
        )
        with self.desk.database.read() as uow:
            return [uow.bookings.get(card.booking_id) for card in days.cards]

    def _one(self, which: int) -> Booking:
        bookings = self._bookings()
        return bookings[which % len(bookings)]

    def _payments(self, statuses: frozenset[Any]) -> list[Payment]:
        bookings = self._bookings()
        with self.desk.database.read() as uow:
            attempts = [one for booking in bookings for one in uow.payments.of_booking(booking.id)]
        return [one for one in attempts if one.status in statuses]

    def _charges(self) -> list[str]:
        return [one.charge_id for one in self._payments(COLLECTED) if one.charge_id]

    def _come_to_rest(self) -> None:
        self.server.faults.set_offline(offline=False)
        self.server.faults.clear()
        self.server.events.release()
        quiet = 0
        for _ in range(40):
            result = self.desk.look(sweep=True)
            quiet = quiet + 1 if not result.changes else 0
            if quiet == 3:
                return
            self.desk.pass_time(seconds=1900)
        raise AssertionError("it never comes to rest")

    def _check(self) -> None:
        check_promises(self.desk)
        self._nothing_sold_twice()
        self._whole_account_equals_the_book()
        for payment in self._payments(frozenset(COLLECTED | ASKING)):
            if payment.session_id:
                self._equals_stripe(payment)

    def _nothing_sold_twice(self) -> None:
        places = [(one.artist_id, one.starts_at) for one in self._bookings() if one.status in LIVING]
        assert len(set(places)) == len(places)

    def _whole_account_equals_the_book(self) -> None:
        """Nobody else uses this account: what moved in it is what the book says, also money nobody thinks of."""
        by_link = [one for one in self._payments(COLLECTED) if one.method is PaymentMethod.LINK]
        book = {
            kind: sum(in_ledger(self.desk, one, kind) for one in by_link)
            for kind in (LedgerKind.PAID, LedgerKind.REFUNDED, LedgerKind.DISPUTED)
        }
        moved = {"charge": 0, "refund": 0, "refund_failure": 0, "adjustment": 0}
        for line in self.desk.gateway.balance_lines(BEGINNING, self.clock.now() + timedelta(days=1)):
            moved[line.kind] += line.amount.amount_minor
        assert book[LedgerKind.PAID] == moved["charge"]
        assert book[LedgerKind.REFUNDED] == -moved["refund"] - moved["refund_failure"]
        assert book[LedgerKind.DISPUTED] == -moved["adjustment"]

    def _equals_stripe(self, payment: Payment) -> None:
        facts = self.desk.gateway.session(payment.session_id)
        came = facts.amount.amount_minor if facts.amount is not None and facts.is_paid else 0
        assert in_ledger(self.desk, payment, LedgerKind.PAID) == came
        refunds = self.desk.gateway.refunds_of(payment.intent_id) if payment.intent_id else []
        back = sum(one.amount.amount_minor for one in refunds if one.status.value == "SUCCEEDED")
        assert in_ledger(self.desk, payment, LedgerKind.REFUNDED) == back


def run(fresh_url: Callable[[], Any], examples: int) -> None:
    machine = type("MoneyMachine", (MoneyMachine,), {"fresh_url": staticmethod(fresh_url)})
    stateful.run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # a story of thirty steps is read faster than it is shortened
        ),
    )


def test_every_cent_on_sqlite(sqlite_template: Path) -> None:
    @contextmanager
    def fresh() -> Iterator[str]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(sqlite_template, Path(folder) / "studio.db")
            yield f"sqlite:///{Path(folder) / 'studio.db'}"

    run(fresh, 20)


def test_every_cent_on_postgresql(postgres_server: PostgresServer) -> None:
    @contextmanager
    def fresh() -> Iterator[str]:
        postgres_server.execute("DROP DATABASE IF EXISTS machine WITH (FORCE)")
        postgres_server.execute("CREATE DATABASE machine TEMPLATE inkdesk_template")
        yield postgres_server.url("machine")

    run(fresh, 8)
