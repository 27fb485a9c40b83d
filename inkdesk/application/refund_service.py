"""Giving money back: saved with its key first, done once, followed until the bank said so."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application import desk_tasks
from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import (
    REFUND_KEY,
    GatewayMissing,
    GatewayOf,
    GatewayRefused,
    PaymentGateway,
)
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    COLLECTED,
    REFUND_FAILURES,
    REFUND_TRANSITIONS,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
    advance_refund,
    not_yet_returned,
    with_refunds,
)
from inkdesk.domain.reconciling import RefundFacts, stripe_amount

KEY_LIFE: Final = timedelta(hours=23)
"""Stripe forgets keys after 24 hours: from here on it is asked for the refund before the call is repeated."""


def new_key() -> str:
    """A key that no other request of any studio has."""
    return secrets.token_hex(16)


def due_refund(uow: UnitOfWork, payment: Payment, amount: Money, why: str, *, now: datetime, key: str = "") -> Payment:
    """Save that ``amount`` of a collected payment is to be given back; by hand it is given back at once.

    For the caller's unit of work; Stripe is asked later by ``RefundService.pay``. ValidationError if the amount
    is not what is left or less. ``key`` is the request's key, a new one by default.
    """
    refunds = uow.payments.refunds_of(payment.id)
    left = not_yet_returned(payment, refunds)
    if payment.status not in COLLECTED or not 0 < amount.amount_minor <= left.amount_minor:
        raise ValidationError(message("At most {left} can be given back.", left=left), field="amount")
    refund = uow.payments.add_refund(
        Refund(payment_id=payment.id, amount=amount, reason=why, idempotency_key=key or new_key(), created_at=now)
    )
    if payment.method is not PaymentMethod.LINK:
        refund = uow.payments.save_refund(advance_refund(refund, RefundStatus.SUCCEEDED))
        write_refunded(uow, payment, refund, now)
    return uow.payments.save(with_refunds(payment, [*refunds, refund]))


def write_refunded(uow: UnitOfWork, payment: Payment, refund: Refund, now: datetime) -> None:
    """The ledger's line of a refund that reached the client, once."""
    _write_line(uow, payment, refund.amount, refund.reason, f"refunded:{refund.id}", now)


def write_came_back(uow: UnitOfWork, payment: Payment, refund: Refund, now: datetime) -> None:
    """The line that takes a refund out of the sum again, once: it had reached the client, but the bank sent it back."""
    back = Money(-refund.amount.amount_minor, refund.amount.currency)
    _write_line(uow, payment, back, "the refund came back", f"refund_came_back:{refund.id}", now)


def _write_line(uow: UnitOfWork, payment: Payment, amount: Money, why: str, fact_key: str, now: datetime) -> None:
    uow.payments.write_ledger(
        LedgerEntry(
            kind=LedgerKind.REFUNDED,
            booking_id=payment.booking_id,
            payment_id=payment.id,
            amount=amount,
            at=now,
            who=uow.who,
            why=why,
            fact_key=fact_key,
        )
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What Stripe says of a payment's refunds, and the failure of the one that was tried."""

    facts: Sequence[RefundFacts]
    refusal: GatewayRefused | None = None


class RefundService:
    """Refunds at Stripe. No call is made inside a unit of work."""

    def __init__(self, write: WriteUnit, read: ReadUnit, gateway: GatewayOf, clock: Clock) -> None:
        self._write = write
        self._read = read
        self._gateway = gateway
        self._clock = clock

    def refund(self, payment_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Give ``amount`` back because of ``reason``; asked twice with one request key it is given once.

        The wish is saved before Stripe is called: a GatewayFailure means that the worker carries on.
        """

        def work(uow: UnitOfWork) -> Payment:
            payment = uow.payments.get(payment_id)
            known = {refund.idempotency_key for refund in uow.payments.refunds_of(payment_id)}
            if request_key in known:
                return payment
            return due_refund(uow, payment, amount, reason, now=self._clock.now(), key=request_key)

        return _touched(in_unit(self._write, work)) | self.pay(payment_id)

    def pay(self, payment_id: int) -> Changes:
        """Carry out what is due of one payment."""
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
            refunds = uow.payments.refunds_of(payment_id)
        if payment.method is not PaymentMethod.LINK or not payment.intent_id:
            return Changes()
        gateway = self._gateway()
        changes = Changes()
        for refund in refunds:
            if refund.status is RefundStatus.CREATING:
                changes |= self._settle(payment.id, self._send(gateway, payment, refund), refund.id)
        return changes

    def learn(self, payment_id: int) -> Changes:
        """Take over how every refund of a payment stands at Stripe, those made in its dashboard included."""
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
        facts = self._gateway().refunds_of(payment.intent_id, payment.account)
        return self._settle(payment_id, _Seen(facts), None)

    def _send(self, gateway: PaymentGateway, payment: Payment, refund: Refund) -> _Seen:
        if self._clock.now() - refund.created_at > KEY_LIFE:
            facts = gateway.refunds_of(payment.intent_id, payment.account)
            if any(fact.key == refund.idempotency_key for fact in facts):
                return _Seen(facts)
        try:
            made = gateway.create_refund(_params(payment, refund), refund.idempotency_key, payment.account)
        except GatewayMissing:
            raise  # another account's payment: nothing can be said about its refunds
        except GatewayRefused as refusal:
            return _Seen(gateway.refunds_of(payment.intent_id, payment.account), refusal)
        return _Seen([made])

    def _settle(self, payment_id: int, seen: _Seen, tried_id: int | None) -> Changes:
        now = self._clock.now()

        def work(uow: UnitOfWork) -> Changes:
            payment = uow.payments.get(payment_id)
            before = uow.payments.refunds_of(payment_id)
            rows = [_as_seen(uow, payment, refund, seen.facts, now) for refund in before]
            if seen.refusal is not None:
                rows = [_refused(uow, refund) if refund.id == tried_id else refund for refund in rows]
            rows += _strangers(uow, payment, rows, seen.facts, now)
            if rows == before:
                return Changes()
            after = uow.payments.save(with_refunds(payment, rows))
            has_task = _tell_failures(uow, after, before, rows, now)
            return _touched(payment) | Changes(tasks=has_task)

        return in_unit(self._write, work)


def _tell_failures(
    uow: UnitOfWork, payment: Payment, before: Sequence[Refund], after: Sequence[Refund], now: datetime
) -> bool:
    """A task for every refund that has just failed, unless all the money went back otherwise; whether one is new."""
    if payment.status is PaymentStatus.REFUNDED:
        return False
    known = {refund.id for refund in before if refund.status in REFUND_FAILURES}
    failed = [refund for refund in after if refund.status in REFUND_FAILURES and refund.id not in known]
    told = [desk_tasks.refund_failed(uow, payment, refund, now) for refund in failed]
    return any(told)


def _as_seen(uow: UnitOfWork, payment: Payment, refund: Refund, facts: Sequence[RefundFacts], now: datetime) -> Refund:
    for fact in facts:
        if fact.refund_id == refund.stripe_id or fact.key == refund.idempotency_key:
            return _save(uow, payment, refund, fact, now)
    return refund


def _save(uow: UnitOfWork, payment: Payment, refund: Refund, fact: RefundFacts, now: datetime) -> Refund:
    if fact.status is not refund.status and fact.status not in REFUND_TRANSITIONS[refund.status]:
        return refund  # an answer from before the last one
    seen = replace(refund, status=fact.status, stripe_id=fact.refund_id)
    if seen == refund:
        return refund
    saved = uow.payments.save_refund(seen)
    if saved.status is RefundStatus.SUCCEEDED:
        write_refunded(uow, payment, saved, now)
    if refund.status is RefundStatus.SUCCEEDED and saved.status in REFUND_FAILURES:
        write_came_back(uow, payment, saved, now)
    return saved


def _strangers(
    uow: UnitOfWork, payment: Payment, rows: Sequence[Refund], facts: Sequence[RefundFacts], now: datetime
) -> list[Refund]:
    """Refunds made in Stripe's dashboard, taken into our books."""
    known = {refund.stripe_id for refund in rows}
    adopted: list[Refund] = []
    for fact in facts:
        if fact.refund_id in known:
            continue
        made = Refund(
            payment_id=payment.id,
            amount=fact.amount,
            reason="Stripe",
            idempotency_key=f"stripe:{fact.refund_id}",
            created_at=now,
        )
        adopted.append(_save(uow, payment, uow.payments.add_refund(made), fact, now))
    return adopted


def _refused(uow: UnitOfWork, refund: Refund) -> Refund:
    """A refund that Stripe will not make: what was given back otherwise is adopted beside it."""
    if refund.status is not RefundStatus.CREATING:
        return refund
    return uow.payments.save_refund(advance_refund(refund, RefundStatus.FAILED))


def _params(payment: Payment, refund: Refund) -> dict[str, object]:
    return {
        "payment_intent": payment.intent_id,
        "amount": stripe_amount(refund.amount),
        "reason": "requested_by_customer",
        "metadata": {REFUND_KEY: refund.idempotency_key},
    }


def _touched(payment: Payment) -> Changes:
    return Changes(bookings=frozenset({payment.booking_id}), payments=frozenset({payment.id}))
