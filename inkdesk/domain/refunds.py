"""Refunds: giving collected money back. A refund's states only move forward, and they say how its payment stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentStatus, advance


class RefundStatus(StrEnum):
    """Where one refund stands; CREATING means saved here, not yet answered by Stripe."""

    CREATING = "CREATING"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


_R = RefundStatus
REFUND_TRANSITIONS: dict[RefundStatus, frozenset[RefundStatus]] = {
    _R.CREATING: frozenset({_R.PENDING, _R.SUCCEEDED, _R.FAILED, _R.CANCELED}),
    _R.PENDING: frozenset({_R.SUCCEEDED, _R.FAILED, _R.CANCELED}),
    _R.SUCCEEDED: frozenset({_R.FAILED, _R.CANCELED}),
    _R.FAILED: frozenset(),
    _R.CANCELED: frozenset(),
}
"""Which refund status may follow which; a bank can send a succeeded refund back."""

CLIENT_MUST_ACT: Final = "requires_action"
"""Stripe's word for a refund that is pending until the client has told it a bank account; kept as its ``failure``."""
SLOW_AFTER: Final = timedelta(days=7)
"""A refund that is pending so long is told: a bank takes days, not weeks."""
REFUND_FAILURES = frozenset({_R.FAILED, _R.CANCELED})
"""The money did not go back, or came back again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund, saved with its key and ``params`` (the whole request as JSON) before Stripe is called.

    ``failure`` is Stripe's word for why it failed or waits; ``try_after``: not to be sent again before, None: at once.
    """

    id: int = 0
    payment_id: int
    amount: Money
    reason: str
    idempotency_key: str
    status: RefundStatus = RefundStatus.CREATING
    stripe_id: str = ""
    created_at: datetime
    version: int = 1
    params: str = field(default="", repr=False)
    who: str = ""
    failure: str = ""
    balance_id: str = ""
    try_after: datetime | None = None


def advance_refund(refund: Refund, status: RefundStatus) -> Refund:
    """The refund in ``status``; the same refund if it stands there. ValueError for a step the table forbids."""
    if refund.status is status:
        return refund
    if status not in REFUND_TRANSITIONS[refund.status]:
        raise ValueError(f"a refund does not go from {refund.status} to {status}")
    return replace(refund, status=status)


def is_slow(refund: Refund, now: datetime) -> bool:
    """Whether a person should ask where the money is: it waits for the client, or has been on its way for long."""
    if refund.status is not _R.PENDING:
        return False
    return refund.failure == CLIENT_MUST_ACT or now - refund.created_at >= SLOW_AFTER


def not_yet_returned(payment: Payment, refunds: Sequence[Refund]) -> Money:
    """What of a collected payment is neither given back nor on its way back."""
    on_its_way = _sum(payment, (refund for refund in refunds if refund.status not in REFUND_FAILURES))
    return Money(max(0, payment.amount.amount_minor - on_its_way), payment.amount.currency)


def _sum(payment: Payment, refunds: Iterable[Refund]) -> int:
    """Minor units of the payment's currency; an amount in another one is no part of this money."""
    currency = payment.amount.currency
    return sum(refund.amount.amount_minor for refund in refunds if refund.amount.currency == currency)


def with_refunds(payment: Payment, refunds: Sequence[Refund], *, is_disputed: bool | None = None) -> Payment:
    """A collected payment as its refunds (oldest first) leave it: status and sum given back.

    A dispute stays shown until it is over or its money is back; what is still due or pending is never shown as
    refunded. ``is_disputed`` None: as it stands.
    """
    is_open = payment.status is PaymentStatus.DISPUTED if is_disputed is None else is_disputed
    returned = _sum(payment, (refund for refund in refunds if refund.status is _R.SUCCEEDED))
    status = _money_stands(payment, refunds, returned, is_disputed=is_open)
    return replace(advance(payment, status), refunded_minor=returned)


def _money_stands(payment: Payment, refunds: Sequence[Refund], returned: int, *, is_disputed: bool) -> PaymentStatus:
    if returned and returned >= payment.amount.amount_minor:
        return PaymentStatus.REFUNDED
    if is_disputed:
        return PaymentStatus.DISPUTED
    return _refunds_say(refunds) if refunds else PaymentStatus.PAID


def _refunds_say(refunds: Sequence[Refund]) -> PaymentStatus:
    waiting = {refund.status for refund in refunds}
    if _R.CREATING in waiting:
        return PaymentStatus.REFUND_DUE
    if _R.PENDING in waiting:
        return PaymentStatus.REFUND_PENDING
    if refunds[-1].status in REFUND_FAILURES:
        return PaymentStatus.REFUND_FAILED
    return PaymentStatus.PARTIALLY_REFUNDED
