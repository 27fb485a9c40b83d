"""Payments: attempts to take money, refunds, the ledger. Money states only move forward."""

from dataclasses import dataclass
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
    which tells who paid first; ``fee_minor`` is in the payment's currency.
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
    """A fact about money, never changed. ``fact_key`` is unique: the same fact seen twice is written once."""

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
