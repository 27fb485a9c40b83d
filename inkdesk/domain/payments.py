"""Payments: attempts to take money, the ledger, what the desk must look at. Money states only move forward."""

from dataclasses import dataclass, field, replace
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


class PaymentPurpose(StrEnum):
    """What the money is for."""

    DEPOSIT = "deposit"
    REST = "rest"
    TIP = "tip"


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


_P = PaymentStatus
_GIVING_BACK = frozenset({_P.REFUND_PENDING, _P.PARTIALLY_REFUNDED, _P.REFUNDED, _P.REFUND_FAILED, _P.DISPUTED})
PAYMENT_TRANSITIONS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    _P.CREATING: frozenset({_P.OPEN, _P.PROCESSING, _P.PAID, _P.EXPIRED, _P.FAILED}),
    _P.OPEN: frozenset({_P.PROCESSING, _P.PAID, _P.EXPIRED, _P.FAILED}),
    _P.PROCESSING: frozenset({_P.PAID, _P.FAILED}),
    _P.PAID: _GIVING_BACK | {_P.REFUND_DUE},
    _P.EXPIRED: frozenset({_P.PROCESSING, _P.PAID}),
    _P.FAILED: frozenset({_P.PROCESSING, _P.PAID}),
    _P.REFUND_DUE: _GIVING_BACK,
    _P.REFUND_PENDING: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.REFUND_PENDING},
    _P.PARTIALLY_REFUNDED: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.PARTIALLY_REFUNDED},
    _P.REFUNDED: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.REFUNDED},
    _P.REFUND_FAILED: (_GIVING_BACK | {_P.REFUND_DUE}) - {_P.REFUND_FAILED},
    _P.DISPUTED: (_GIVING_BACK | {_P.PAID, _P.REFUND_DUE}) - {_P.DISPUTED},
}
"""Which status may follow which: asking, then the outcome, then giving back; never the other way.

An attempt that InkDesk took for ended (Stripe did not know it, or its answer was lost) can turn out paid: money
beats an end without money, never the reverse. Inside giving back the order is the bank's: a refund that succeeded can
still fail days later, another one may be on its way by then, and a dispute that was won leaves the money as it was.
"""

ASKING = frozenset({_P.CREATING, _P.OPEN, _P.PROCESSING})
"""The client may still pay by this attempt."""
COLLECTED = frozenset(_P) - ASKING - {_P.EXPIRED, _P.FAILED}
"""Money came in by this attempt, whatever became of it."""
KEPT = COLLECTED - {_P.REFUNDED}
"""Money of this attempt is with the studio, or nobody knows yet that all of it is with the client again."""


class LedgerKind(StrEnum):
    """What happened to a deposit."""

    ASKED = "asked"
    PAID = "paid"
    APPLIED = "applied"
    CREDITED = "credited"
    REFUNDED = "refunded"
    FORFEITED = "forfeited"
    ROLLED_OVER = "rolled_over"
    CREDIT_USED = "credit_used"
    DISPUTED = "disputed"
    TIP = "tip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt. Key, ``params`` (the whole request as JSON) and ``expires_at`` are saved before the first call.

    ``account`` is the connected Stripe account ("" = the studio's own); ``charged_at`` is Stripe's charge time,
    which tells who paid first. ``amount`` is what was asked for, and from the charge on what really came: only that can
    be given back. ``fee_minor`` is Stripe's fee and ``net_minor`` what it added to the balance, both in
    ``fee_currency`` ("" = the payment's own), by the balance transaction ``balance_id``. ``looked_at`` is Stripe's time
    of its last word about the payment. ``destination`` is the connected account of a destination charge, and
    ``app_fee_minor`` what the studio keeps of it. ``params`` and ``url`` are kept only while they are needed: they hold
    the client's address and the payable link, and no log shows them.
    """

    id: int = 0
    booking_id: int
    attempt: int
    method: PaymentMethod
    status: PaymentStatus
    amount: Money
    idempotency_key: str
    params: str = field(default="", repr=False)
    expires_at: datetime | None = None
    account: str = ""
    session_id: str = ""
    url: str = field(default="", repr=False)
    intent_id: str = ""
    charge_id: str = ""
    charged_at: datetime | None = None
    fee_minor: int | None = None
    refunded_minor: int = 0
    created_at: datetime
    version: int = 1
    purpose: PaymentPurpose = PaymentPurpose.DEPOSIT
    net_minor: int | None = None
    fee_currency: str = ""
    balance_id: str = ""
    looked_at: datetime | None = None
    destination: str = ""
    app_fee_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A fact about money, never changed. ``fact_key`` is unique: the same fact seen twice is written once.

    A negative ``amount`` takes an earlier line of its kind back. ``to_booking_id`` is where rolled-over money went.
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
    to_booking_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTask:
    """Something a person must look at, e.g. "paid, amount differs"; unique by ``fact_key``.

    ``closed_by`` is who closed it, "" if the fact went away by itself.
    """

    id: int = 0
    kind: str
    booking_id: int | None
    payment_id: int | None
    sentence: Message
    opened_at: datetime
    closed_at: datetime | None = None
    fact_key: str
    closed_by: str = ""


def advance(payment: Payment, status: PaymentStatus) -> Payment:
    """The payment in ``status``; the same payment if it stands there. ValueError for a step the table forbids."""
    if payment.status is status:
        return payment
    if status not in PAYMENT_TRANSITIONS[payment.status]:
        raise ValueError(f"a payment does not go from {payment.status} to {status}")
    return replace(payment, status=status)
