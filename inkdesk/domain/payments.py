"""Payments: attempts to take money, refunds, the ledger. Money states only move forward."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from inkdesk.domain.message import Message
from inkdesk.domain.money import Money


class PaymentMethod(StrEnum):
    """How the money comes."""

    LINK = "link"
    CASH = "cash"
    TRANSFER = "transfer"
    TERMINAL = "terminal"


class PaymentStatus(StrEnum):
    """Where one attempt to take money stands."""

    CREATING = "CREATING"
    OPEN = "OPEN"
    PROCESSING = "PROCESSING"
    PAID = "PAID"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"
    REFUND_DUE = "REFUND_DUE"
    REFUND_PENDING = "REFUND_PENDING"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    REFUND_FAILED = "REFUND_FAILED"
    DISPUTED = "DISPUTED"


class RefundStatus(StrEnum):
    """Where one refund stands; CREATING means saved here, not yet answered by Stripe."""

    CREATING = "CREATING"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


_P = PaymentStatus
_GIVING_BACK = frozenset({_P.REFUND_PENDING, _P.PARTIALLY_REFUNDED, _P.REFUNDED, _P.REFUND_FAILED, _P.DISPUTED})
PAYMENT_TRANSITIONS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    _P.CREATING: frozenset({_P.OPEN, _P.PROCESSING, _P.PAID, _P.EXPIRED, _P.FAILED}),
    _P.OPEN: frozenset({_P.PROCESSING, _P.PAID, _P.EXPIRED, _P.FAILED}),
    _P.PROCESSING: frozenset({_P.PAID, _P.FAILED}),
    _P.PAID: _GIVING_BACK | {_P.REFUND_DUE},
    _P.EXPIRED: frozenset(),
    _P.FAILED: frozenset(),
    _P.REFUND_DUE: _GIVING_BACK,
    _P.REFUND_PENDING: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.REFUND_PENDING},
    _P.PARTIALLY_REFUNDED: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.PARTIALLY_REFUNDED},
    _P.REFUNDED: frozenset({_P.PARTIALLY_REFUNDED, _P.REFUND_FAILED, _P.DISPUTED}),
    _P.REFUND_FAILED: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.REFUND_FAILED},
    _P.DISPUTED: (_GIVING_BACK | {_P.PAID, _P.REFUND_DUE}) - {_P.DISPUTED},
}
"""Which status may follow which: asking, then the outcome, then giving back; never the other way.

Inside giving back the order is the bank's: a refund that succeeded can still fail days later, and a dispute that
was won leaves the money as it was before it.
"""

ASKING = frozenset({_P.CREATING, _P.OPEN, _P.PROCESSING})
"""The client may still pay by this attempt."""
COLLECTED = frozenset(_P) - ASKING - {_P.EXPIRED, _P.FAILED}
"""Money came in by this attempt, whatever became of it."""

_R = RefundStatus
REFUND_TRANSITIONS: dict[RefundStatus, frozenset[RefundStatus]] = {
    _R.CREATING: frozenset({_R.PENDING, _R.SUCCEEDED, _R.FAILED, _R.CANCELED}),
    _R.PENDING: frozenset({_R.SUCCEEDED, _R.FAILED, _R.CANCELED}),
    _R.SUCCEEDED: frozenset({_R.FAILED, _R.CANCELED}),
    _R.FAILED: frozenset(),
    _R.CANCELED: frozenset(),
}
"""Which refund status may follow which; a bank can send a succeeded refund back."""


REFUND_FAILURES = frozenset({_R.FAILED, _R.CANCELED})
"""The money did not go back, or came back again."""


class LedgerKind(StrEnum):
    """What happened to a deposit."""

    ASKED = "asked"
    PAID = "paid"
    APPLIED = "applied"
    CREDITED = "credited"
    REFUNDED = "refunded"
    FORFEITED = "forfeited"
    ROLLED_OVER = "rolled_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt. Key, ``params`` (the whole request as JSON) and ``expires_at`` are saved before the first call.

    ``account`` is the connected Stripe account ("" = the studio's own); ``charged_at`` is Stripe's charge time,
    which tells who paid first; ``fee_minor`` is in the payment's currency. ``amount`` is what was asked for, and from
    the charge on what really came: only that can be given back.
    """

    id: int = 0
    booking_id: int
    attempt: int
    method: PaymentMethod
    status: PaymentStatus
    amount: Money
    idempotency_key: str
    params: str = ""
    expires_at: datetime | None = None
    account: str = ""
    session_id: str = ""
    url: str = ""
    intent_id: str = ""
    charge_id: str = ""
    charged_at: datetime | None = None
    fee_minor: int | None = None
    refunded_minor: int = 0
    created_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund, saved with its key before Stripe is called."""

    id: int = 0
    payment_id: int
    amount: Money
    reason: str
    idempotency_key: str
    status: RefundStatus = RefundStatus.CREATING
    stripe_id: str = ""
    created_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A fact about money, never changed. ``fact_key`` is unique: the same fact seen twice is written once.

    A negative ``amount`` takes an earlier line of its kind back.
    """

    id: int = 0
    kind: LedgerKind
    booking_id: int
    payment_id: int | None
    amount: Money
    at: datetime
    who: str
    why: str
    fact_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTask:
    """Something a person must look at, e.g. "paid, amount differs"; unique by ``fact_key``."""

    id: int = 0
    kind: str
    booking_id: int | None
    payment_id: int | None
    sentence: Message
    opened_at: datetime
    closed_at: datetime | None = None
    fact_key: str


def advance(payment: Payment, status: PaymentStatus) -> Payment:
    """The payment in ``status``; the same payment if it stands there. ValueError for a step the table forbids."""
    if payment.status is status:
        return payment
    if status not in PAYMENT_TRANSITIONS[payment.status]:
        raise ValueError(f"a payment does not go from {payment.status} to {status}")
    return replace(payment, status=status)


def advance_refund(refund: Refund, status: RefundStatus) -> Refund:
    """The refund in ``status``; the same refund if it stands there. ValueError for a step the table forbids."""
    if refund.status is status:
        return refund
    if status not in REFUND_TRANSITIONS[refund.status]:
        raise ValueError(f"a refund does not go from {refund.status} to {status}")
    return replace(refund, status=status)


def not_yet_returned(payment: Payment, refunds: Sequence[Refund]) -> Money:
    """What of a collected payment is neither given back nor on its way back."""
    on_its_way = sum(refund.amount.amount_minor for refund in refunds if refund.status not in REFUND_FAILURES)
    return Money(max(0, payment.amount.amount_minor - on_its_way), payment.amount.currency)


def with_refunds(payment: Payment, refunds: Sequence[Refund], *, is_disputed: bool | None = None) -> Payment:
    """A collected payment as its refunds (oldest first) leave it: status and sum given back.

    A dispute stays shown until it is over or its money is back; what is still due or pending is never shown as
    refunded. ``is_disputed`` None: as it stands.
    """
    is_open = payment.status is _P.DISPUTED if is_disputed is None else is_disputed
    returned = sum(refund.amount.amount_minor for refund in refunds if refund.status is _R.SUCCEEDED)
    status = _money_stands(payment, refunds, returned, is_disputed=is_open)
    return replace(advance(payment, status), refunded_minor=returned)


def _money_stands(payment: Payment, refunds: Sequence[Refund], returned: int, *, is_disputed: bool) -> PaymentStatus:
    if returned and returned >= payment.amount.amount_minor:
        return _P.REFUNDED
    if is_disputed:
        return _P.DISPUTED
    return _refunds_say(refunds) if refunds else _P.PAID


def _refunds_say(refunds: Sequence[Refund]) -> PaymentStatus:
    waiting = {refund.status for refund in refunds}
    if _R.CREATING in waiting:
        return _P.REFUND_DUE
    if _R.PENDING in waiting:
        return _P.REFUND_PENDING
    if refunds[-1].status in REFUND_FAILURES:
        return _P.REFUND_FAILED
    return _P.PARTIALLY_REFUNDED
