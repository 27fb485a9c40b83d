"""Random days at the till: whatever is done with deposits, every cent is in exactly one place."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application.booking_commands import CancelCommand, DepositChoice, MarkCommand
from inkdesk.application.deposit_service import RestCommand
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.deposits import DepositBalance, balance_of, credit_portions, total
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, PaymentMethod, PaymentPurpose
from inkdesk.domain.refunds import REFUND_FAILURES

STEPS = 60
FATES = (DepositFate.REFUND, DepositFate.KEEP, DepositFate.CREDIT)


@dataclass
class Day:
    """Four bookings of one client, one of them paid by link, and a desk that tries everything."""

    till: Till
    chance: random.Random
    bookings: list[Booking] = field(default_factory=list)
    step: int = 0

    def begin(self) -> None:
        self.bookings = [self.till.paid_link()]
        for number in range(3):
            start = TUESDAY + timedelta(days=number + 1)
            choice = DepositChoice.NONE if number == 2 else DepositChoice.CASH
            self.bookings.append(self.till.book(choice=choice, starts_at=start, request_key=f"b{number}").booking)

    def one(self) -> Booking:
        return self.till.fresh(self.chance.choice(self.bookings))

    def amount(self) -> Money:
        return Money(self.chance.choice((1, 500, 2500, 5000, 12000)), "EUR")

    def act(self) -> None:
        """Try something; what cannot be is refused and changes nothing."""
        self.step += 1
        key, deposits, booking = f"step-{self.step}", self.till.deposits, self.one()
        acts: list[Callable[[], object]] = [
            lambda: deposits.take_rest(self.rest(booking, key)),
            lambda: deposits.refund(booking.id, self.amount(), "", key),
            lambda: deposits.credit(booking.id, self.amount(), "", key),
            lambda: deposits.use_credit(booking.id, self.amount(), key),
            lambda: deposits.forfeit(booking.id, self.amount(), "", key),
            lambda: deposits.roll_over(booking.id, self.one().id, self.amount(), "", key),
            lambda: self.end(booking),
            self.dashboard,
        ]
        with suppress(ValidationError, StaleRecord):
            self.chance.choices(acts, weights=(3, 3, 4, 5, 1, 5, 1, 1))[0]()

    def rest(self, booking: Booking, key: str) -> RestCommand:
        tip = Money(self.chance.choice((0, 300)), "EUR")
        return RestCommand(
            booking_id=booking.id, method=PaymentMethod.CASH, amount=self.amount(), tip=tip, request_key=key
        )

    def end(self, booking: Booking) -> None:
        """Cancel it, or say that it took place or that nobody came."""
        fate, clock = self.chance.choice(FATES), self.till.money.clock
        if self.chance.random() < 0.3:
            self.till.bookings.cancel(CancelCommand(booking_id=booking.id, version=booking.version, fate=fate))
            return
        status = self.chance.choice((BookingStatus.COMPLETED, BookingStatus.NO_SHOW))
        clock.at = max(clock.at, TUESDAY + timedelta(days=4))
        self.till.bookings.mark(MarkCommand(booking_id=booking.id, version=booking.version, status=status, fate=fate))

    def dashboard(self) -> None:
        """Somebody gives a part back in Stripe's dashboard."""
        payment = self.till.money.attempts(self.bookings[0].id)[0]
        left = payment.amount.amount_minor - payment.refunded_minor
        if left >= 1000:
            params: dict[str, object] = {"payment_intent": payment.intent_id, "amount": 1000}
            self.till.money.gateway.create_refund(params, f"dashboard-{self.step}", "")
            self.till.money.payments.refunds.learn(payment.id)

    def check(self) -> None:
        """What came is what went back and what stands somewhere; nothing is below zero or given back twice."""
        with self.till.money.database.read() as uow:
            balances = [balance_of(one.id, uow.payments.ledger_of(one.id), "EUR") for one in self.bookings]
            credit = total(credit_portions(uow.payments.credit_lines(self.bookings[0].client_id)), "EUR")
            payments = [payment for one in self.bookings for payment in uow.payments.of_booking(one.id)]
            refunds = [one for payment in payments for one in uow.payments.refunds_of(payment.id)]
        for balance in balances:
            parts = [getattr(balance, name).amount_minor for name in DepositBalance.__dataclass_fields__]
            assert min(parts) >= 0
            assert balance.left.amount_minor >= 0
        came = sum(one.amount.amount_minor for one in payments if one.purpose is not PaymentPurpose.TIP)
        tips = sum(one.amount.amount_minor for one in payments if one.purpose is PaymentPurpose.TIP)
        went = sum(one.amount.amount_minor for one in refunds if one.status not in REFUND_FAILURES)
        kept = sum((one.applied + one.forfeited + one.left).amount_minor for one in balances)
        assert came == went + kept + credit.amount_minor
        assert tips == sum(one.tips.amount_minor for one in balances)
        assert all(one.refunded_minor <= one.amount.amount_minor for one in payments)


@pytest.mark.parametrize("seed", range(5))
def test_every_cent_is_in_one_place(desk: PaymentDesk, seed: int) -> None:
    day = Day(Till.open(desk), random.Random(seed))
    day.begin()
    for _ in range(STEPS):
        day.act()
        day.check()
    done = {line.kind for one in day.bookings for line in day.till.lines(one)}
    assert done >= {LedgerKind.PAID, LedgerKind.CREDITED, LedgerKind.REFUNDED, LedgerKind.ROLLED_OVER}
