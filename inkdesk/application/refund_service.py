"""Giving money back: saved with its request first, done once, followed until the bank said so."""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inkdesk.application import bank_tasks, desk_tasks
from inkdesk.application.changes import Changes, of_payment
from inkdesk.application.money_ties import lock_money, take_back_uses
from inkdesk.application.open_tasks import close_gone
from inkdesk.application.payment_gateway import GatewayMissing, GatewayOf, GatewayRefused, PaymentGateway
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.refund_request import mark_of, may_try, next_key, next_try, refund_request
from inkdesk.application.units import afresh
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentPurpose
from inkdesk.domain.reconciling import RefundFacts
from inkdesk.domain.refunds import (
    REFUND_FAILURES,
    REFUND_TRANSITIONS,
    Refund,
    RefundStatus,
    advance_refund,
    is_slow,
    not_yet_returned,
    with_refunds,
)


def new_key() -> str:
    """A key that no other request of any studio has."""
    return secrets.token_hex(16)


def due_refund(uow: UnitOfWork, payment: Payment, amount: Money, why: str, *, now: datetime, key: str = "") -> Payment:
    """Save that ``amount`` of a collected payment is to be given back; by hand it is given back at once.

    For the caller's unit of work; Stripe is asked later by ``RefundService.pay``. ValidationError if the amount
    is not what is left or less. ``key`` is the request's key, a new one by default.
    """
    if payment.purpose is PaymentPurpose.TIP:
        raise ValidationError(message("A tip is the artist's. Give it back in cash."), field="amount")
    refunds = uow.payments.refunds_of(payment.id)
    left = not_yet_returned(payment, refunds)
    is_possible = payment.status in COLLECTED and amount.currency == left.currency
    if not is_possible or not 0 < amount.amount_minor <= left.amount_minor:
        raise ValidationError(message("At most {left} can be given back.", left=left), field="amount")
    wish = Refund(
        payment_id=payment.id,
        amount=amount,
        reason=why,
        idempotency_key=key or new_key(),
        created_at=now,
        who=uow.who,
    )
    refund = uow.payments.add_refund(replace(wish, params=refund_request(payment, wish)))
    if payment.method is not PaymentMethod.LINK:
        refund = uow.payments.save_refund(advance_refund(refund, RefundStatus.SUCCEEDED))
        write_refunded(uow, payment, refund, now)
    saved = uow.payments.save(with_refunds(payment, [*refunds, refund]))
    close_gone(uow, [payment.booking_id], now)
    return saved


def write_refunded(uow: UnitOfWork, payment: Payment, refund: Refund, now: datetime) -> None:
    """The ledger's line of a refund that reached the client, once; what it was used for before is taken back."""
    _write_line(uow, payment, refund.amount, refund.reason, f"refunded:{refund.id}", now)
    take_back_uses(uow, payment, refund.reason, now)


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
    """What Stripe says of a payment's refunds, and how it refused the one that was tried."""

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
            payment = _locked(uow, payment_id)
            known = {mark_of(refund) for refund in uow.payments.refunds_of(payment_id)}
            if request_key in known:
                return payment
            return due_refund(uow, payment, amount, reason, now=self._clock.now(), key=request_key)

        return of_payment(afresh(self._write, work)) | self.pay(payment_id)

    def pay(self, payment_id: int) -> Changes:
        """Carry out what is due of one payment, also what becomes due on the way."""
        changes, tried = Changes(), set[int]()
        while due := self._due(payment_id, tried):
            payment, refund = due
            tried.add(refund.id)
            changes |= self._settle(payment.id, self._send(self._gateway(), payment, refund), refund.id)
        return changes

    def learn(self, payment_id: int) -> Changes:
        """Take over how every refund of a payment stands at Stripe, those made in its dashboard included."""
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
        facts = self._gateway().refunds_of(payment.intent_id, payment.account)
        return self._settle(payment_id, _Seen(facts), None)

    def _due(self, payment_id: int, tried: Collection[int]) -> tuple[Payment, Refund] | None:
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
            if payment.method is not PaymentMethod.LINK or not payment.intent_id:
                return None
            due = [one for one in uow.payments.refunds_of(payment_id) if one.status is RefundStatus.CREATING]
        now = self._clock.now()
        return next(((payment, one) for one in due if one.id not in tried and may_try(one, now)), None)

    def _send(self, gateway: PaymentGateway, payment: Payment, refund: Refund) -> _Seen:
        """Stripe is always asked first: no clock tells whether an earlier call worked and its key is forgotten."""
        facts = gateway.refunds_of(payment.intent_id, payment.account)
        if any(fact.key == mark_of(refund) for fact in facts):
            return _Seen(facts)
        sent = refund.params or self._saved_request(payment, refund)
        try:
            made = gateway.create_refund(json.loads(sent), refund.idempotency_key, payment.account)
        except GatewayMissing:
            raise  # another account's payment: nothing can be said about its refunds
        except GatewayRefused as refusal:
            return _Seen(gateway.refunds_of(payment.intent_id, payment.account), refusal)
        return _Seen([*facts, made])

    def _saved_request(self, payment: Payment, refund: Refund) -> str:
        """The request of a refund that was due before requests were kept, saved before it is sent."""

        def work(uow: UnitOfWork) -> str:
            stored = uow.payments.refund(refund.id)
            return uow.payments.save_refund(
                replace(stored, params=stored.params or refund_request(payment, stored))
            ).params

        return afresh(self._write, work)

    def _settle(self, payment_id: int, seen: _Seen, tried_id: int | None) -> Changes:
        now = self._clock.now()

        def work(uow: UnitOfWork) -> Changes:
            payment = _locked(uow, payment_id)
            changes = _write(uow, payment, seen, tried_id, now)
            return changes | Changes(tasks=close_gone(uow, [payment.booking_id], now, answered=[payment_id]))

        return afresh(self._write, work)


def write_refunds(uow: UnitOfWork, payment: Payment, facts: Sequence[RefundFacts], now: datetime) -> Changes:
    """Take over how all refunds of a collected payment stand at Stripe, within a unit of work that locked its money."""
    return _write(uow, payment, _Seen(facts), None, now)


def _write(uow: UnitOfWork, payment: Payment, seen: _Seen, tried_id: int | None, now: datetime) -> Changes:
    before = uow.payments.refunds_of(payment.id)
    rows = [_as_seen(uow, payment, refund, seen.facts, now) for refund in before]
    rows += _strangers(uow, payment, rows, seen.facts, now)
    has_task = False
    if seen.refusal is not None and tried_id is not None:
        rows, has_task = _refused(uow, payment, rows, tried_id, seen.refusal, now)
    has_task |= _tell_slow(uow, payment, rows, now)
    if rows == before:
        return Changes(tasks=has_task)
    after = uow.payments.save(with_refunds(payment, rows))
    has_task |= _tell_failures(uow, after, before, rows, now)
    return of_payment(payment) | Changes(tasks=has_task)


def _locked(uow: UnitOfWork, payment_id: int) -> Payment:
    """The payment, its booking kept from other writers."""
    lock_money(uow, [uow.payments.get(payment_id).booking_id])
    return uow.payments.get(payment_id)


def _tell_failures(
    uow: UnitOfWork, payment: Payment, before: Sequence[Refund], after: Sequence[Refund], now: datetime
) -> bool:
    """A task for every refund that has just failed, unless all the money goes back otherwise; whether one is new."""
    if not not_yet_returned(payment, after).amount_minor:
        return False
    known = {refund.id for refund in before if refund.status in REFUND_FAILURES}
    failed = [refund for refund in after if refund.status in REFUND_FAILURES and refund.id not in known]
    told = [desk_tasks.refund_failed(uow, payment, refund, now) for refund in failed]
    return any(told)


def _tell_slow(uow: UnitOfWork, payment: Payment, refunds: Sequence[Refund], now: datetime) -> bool:
    """A task for every refund that Stripe has and that does not arrive; whether one is new."""
    told = [desk_tasks.refund_slow(uow, payment, one, now) for one in refunds if is_slow(one, now)]
    return any(told)


def _as_seen(uow: UnitOfWork, payment: Payment, refund: Refund, facts: Sequence[RefundFacts], now: datetime) -> Refund:
    for fact in facts:
        if fact.refund_id == refund.stripe_id or fact.key == mark_of(refund):
            return _save(uow, payment, refund, fact, now)
    return refund


def _save(uow: UnitOfWork, payment: Payment, refund: Refund, fact: RefundFacts, now: datetime) -> Refund:
    if fact.status is not refund.status and fact.status not in REFUND_TRANSITIONS[refund.status]:
        return refund  # an answer from before the last one
    seen = replace(
        refund,
        status=fact.status,
        stripe_id=fact.refund_id,
        failure=fact.failure,
        balance_id=fact.balance_id or refund.balance_id,
        try_after=None,
    )
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
        seen = Refund(
            payment_id=payment.id,
            amount=fact.amount,
            reason="Stripe",
            idempotency_key=f"stripe:{fact.refund_id}",
            stripe_id=fact.refund_id,
            created_at=now,
        )
        made = uow.payments.add_refund_once(seen)
        if made is not None:  # else another desk has just taken it in
            adopted.append(_save(uow, payment, made, fact, now))
    return adopted


def _refused(
    uow: UnitOfWork,
    payment: Payment,
    rows: Sequence[Refund],
    tried_id: int,
    refusal: GatewayRefused,
    now: datetime,
) -> tuple[list[Refund], bool]:
    """A refund that Stripe will not make waits or fails; the refunds, and whether the desk has a new task."""
    tried = next(one for one in rows if one.id == tried_id)
    if tried.status is not RefundStatus.CREATING:
        return list(rows), False
    if refusal.is_for_now:
        again = replace(tried, idempotency_key=next_key(tried), failure=refusal.reason, try_after=next_try(tried, now))
        waits = uow.payments.save_refund(again)
        is_new = bank_tasks.refund_waits(uow, payment, waits, refusal, now)
        return [waits if one.id == tried_id else one for one in rows], is_new
    failed = advance_refund(replace(tried, failure=refusal.reason, try_after=None), RefundStatus.FAILED)
    failed = uow.payments.save_refund(failed)
    return _with_rest(uow, payment, [failed if one.id == tried_id else one for one in rows], tried, now)


def _with_rest(
    uow: UnitOfWork, payment: Payment, rows: list[Refund], tried: Refund, now: datetime
) -> tuple[list[Refund], bool]:
    """If others, e.g. Stripe's dashboard, gave a part of the money back first, what is left of it is due instead."""
    left = not_yet_returned(payment, rows)
    if not 0 < left.amount_minor < tried.amount.amount_minor:
        return rows, False
    wish = replace(
        tried, id=0, amount=left, idempotency_key=new_key(), created_at=now, params="", failure="", try_after=None
    )
    rest = uow.payments.add_refund(replace(wish, params=refund_request(payment, wish)))
    return [*rows, rest], desk_tasks.refund_shortened(uow, payment, tried, rest, now)
