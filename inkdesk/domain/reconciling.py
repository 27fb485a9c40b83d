"""What a checkout session that was freshly fetched from Stripe means for its payment and booking.

Facts come from the gateway; the decisions here are pure, so that every desk and every pass over the same facts
comes to the same end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from inkdesk.domain.bookings import SETTLED, Booking, BookingStatus
from inkdesk.domain.disputes import DisputeFacts
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, COLLECTED, KEPT, Payment, PaymentMethod, PaymentPurpose, PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.spans import Span, overlaps
from inkdesk.domain.studio import Mode

_HUNDREDFOLD = frozenset({"ISK", "UGX"})
"""Currencies without minor units that Stripe still counts in hundredths."""


def stripe_amount(amount: Money) -> int:
    """The amount as Stripe counts it."""
    return amount.amount_minor * (100 if amount.currency in _HUNDREDFOLD else 1)


def from_stripe(amount: int, currency: str) -> Money:
    """An amount as Stripe counts it, with its lower-case code, as Money."""
    code = currency.upper()
    return Money(amount // 100 if code in _HUNDREDFOLD else amount, code)


class SessionStatus(StrEnum):
    """Where a checkout session stands at Stripe."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFacts:
    """The charge that paid a session. ``charged_at`` says who paid first.

    ``fee``, ``net`` and ``balance_id`` are of its balance transaction, None and "" until Stripe has made it; they are
    in the balance's currency. ``is_disputed``: a bank asks the money back or has taken it; False again once the dispute
    is won; ``disputes`` are all there ever were, ``refunds`` all by which money of it went back, oldest first.
    """

    charge_id: str
    charged_at: datetime
    fee: Money | None
    is_disputed: bool
    net: Money | None = None
    balance_id: str = ""
    disputes: Sequence[DisputeFacts] = ()
    refunds: Sequence["RefundFacts"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A checkout session as Stripe just told it; ``seen_at`` is Stripe's time of the answer.

    ``amount`` is None if Stripe names none; ``intent_status`` is "" until the payer starts; ``charge`` and
    ``intent_status`` are known only of a session that was fetched by itself, not of one in a list. ``marks`` are the
    metadata that it was made with; ``recovered_from`` is the expired session that Stripe made it from, "" for most.
    """

    session_id: str
    status: SessionStatus
    is_paid: bool
    is_live: bool
    amount: Money | None
    url: str = field(repr=False)
    intent_id: str
    intent_status: str
    charge: ChargeFacts | None
    seen_at: datetime
    marks: Mapping[str, str] = field(default_factory=dict)
    recovered_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFacts:
    """A refund as Stripe just told it; ``key`` is ours from its metadata, "" if it was not made by InkDesk.

    ``failure`` is Stripe's word for why it failed or waits, ``balance_id`` its balance transaction; "" for none.
    """

    refund_id: str
    status: RefundStatus
    amount: Money
    key: str
    failure: str = ""
    balance_id: str = ""
    intent_id: str = ""


def forgotten(payment: Payment, seen_at: datetime, mode: Mode) -> SessionFacts | None:
    """What it means that Stripe does not know an asking payment's session; None: nothing can be said yet.

    Past its ``expires_at`` nobody can pay by it any more. The practice server forgets everything when it ends, so
    there nothing is left to wait for, not even money that a bank was moving.
    """
    is_practice = mode is Mode.PRACTICE
    is_moving = payment.status is PaymentStatus.PROCESSING
    is_over = payment.expires_at is not None and seen_at >= payment.expires_at and not is_moving
    if not (is_practice or is_over):
        return None
    return SessionFacts(
        session_id=payment.session_id,
        status=SessionStatus.COMPLETE if is_moving else SessionStatus.EXPIRED,
        is_paid=False,
        is_live=mode is Mode.LIVE,
        amount=None,
        url="",
        intent_id=payment.intent_id,
        intent_status="canceled" if is_moving else "",
        charge=None,
        seen_at=seen_at,
    )


class Finding(StrEnum):
    """What a session says about its payment."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    DIFFERS = "differs"
    OTHER_MODE = "other_mode"
    EXPIRED = "expired"
    FAILED = "failed"


def read_session(payment: Payment, facts: SessionFacts, *, is_live: bool) -> Finding:
    """What freshly fetched facts say; money counts as paid only in the right mode, amount and currency."""
    if facts.is_live is not is_live:
        return Finding.OTHER_MODE
    if facts.status is SessionStatus.EXPIRED:
        return Finding.EXPIRED
    if facts.status is SessionStatus.OPEN:
        return Finding.OPEN
    if facts.is_paid:
        return Finding.PAID if facts.amount == payment.amount else Finding.DIFFERS
    has_failed = facts.intent_status in {"requires_payment_method", "canceled"}
    return Finding.FAILED if has_failed else Finding.PROCESSING


_FOLLOWS: dict[Finding, tuple[PaymentStatus, frozenset[PaymentStatus]]] = {
    Finding.OPEN: (PaymentStatus.OPEN, frozenset({PaymentStatus.CREATING})),
    Finding.PROCESSING: (PaymentStatus.PROCESSING, frozenset(PaymentStatus) - COLLECTED),
    Finding.EXPIRED: (PaymentStatus.EXPIRED, frozenset({PaymentStatus.CREATING, PaymentStatus.OPEN})),
    Finding.FAILED: (PaymentStatus.FAILED, ASKING),
    Finding.PAID: (PaymentStatus.PAID, frozenset(PaymentStatus) - COLLECTED),
    Finding.DIFFERS: (PaymentStatus.PAID, frozenset(PaymentStatus) - COLLECTED),
}
_ENDED = frozenset({PaymentStatus.EXPIRED, PaymentStatus.FAILED})


def status_after(payment: Payment, finding: Finding, seen_at: datetime) -> PaymentStatus:
    """Where a payment stands after a finding; where it stood if the finding is old or brings nothing new.

    Money that came in beats every end, also one that Stripe's silence was taken for. That a bank is moving money after
    an attempt has ended counts only as a later word than the one by which it ended.
    """
    if finding not in _FOLLOWS:
        return payment.status
    status, coming_from = _FOLLOWS[finding]
    if payment.status not in coming_from:
        return payment.status
    is_old = payment.looked_at is not None and seen_at <= payment.looked_at
    if finding is Finding.PROCESSING and payment.status in _ENDED and is_old:
        return payment.status
    return status


def with_facts(payment: Payment, facts: SessionFacts) -> Payment:
    """The payment with the ids, times and fees that facts tell; status and amount are for others to judge.

    The request is not needed any more once its session is known, nor the link once it cannot be paid.
    """
    known = replace(
        payment,
        session_id=facts.session_id,
        params="",
        url=facts.url,
        intent_id=facts.intent_id or payment.intent_id,
        looked_at=max(facts.seen_at, payment.looked_at or facts.seen_at),
    )
    if facts.charge is None or not facts.is_paid:
        return known
    return with_charge(known, facts.charge)


def with_charge(payment: Payment, charge: ChargeFacts) -> Payment:
    """The payment with its charge; a fee that is known stays if Stripe tells none this time."""
    known = replace(payment, charge_id=charge.charge_id, charged_at=charge.charged_at)
    if charge.fee is None:
        return known
    return replace(
        known,
        fee_minor=charge.fee.amount_minor,
        net_minor=None if charge.net is None else charge.net.amount_minor,
        fee_currency="" if charge.fee.currency == payment.amount.currency else charge.fee.currency,
        balance_id=charge.balance_id,
    )


class Outcome(StrEnum):
    """What a paid session does to its booking."""

    CONFIRM = "confirm"
    """Take the slot; if the guard refuses, the payer came second and is refunded."""
    KEEP = "keep"
    """The booking stands already; the money belongs to it."""
    REFUND = "refund"
    """The booking was paid by another attempt."""
    ASK_DESK = "ask_desk"
    """Only a person can decide, e.g. the booking was cancelled."""


def settle_paid(
    payment: Payment, booking: Booking, attempts: Iterable[Payment], *, is_covered: bool = False
) -> Outcome:
    """What to do with the money of ``payment``; ``attempts`` are all attempts of its booking.

    ``is_covered``: credit or another sitting's money is its deposit already.

    A booking that still waits takes it: nothing has paid for it then, or what did went back or was not what was asked.
    """
    if payment.purpose is PaymentPurpose.DEPOSIT:
        if booking.status in {BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED}:
            return Outcome.CONFIRM
        if is_covered or any(other.id != payment.id and _has_paid(other, booking) for other in attempts):
            return Outcome.REFUND
    return Outcome.KEEP if booking.status in SETTLED else Outcome.ASK_DESK


def _has_paid(attempt: Payment, booking: Booking) -> bool:
    """Whether an attempt is the booking's deposit: as asked by link, or in the till, where the desk agreed to it."""
    is_as_asked = attempt.method is not PaymentMethod.LINK or attempt.amount == booking.deposit
    return attempt.purpose is PaymentPurpose.DEPOSIT and attempt.status in KEPT and is_as_asked


def is_overdue(booking: Booking, stripe_now: datetime) -> bool:
    """Whether an unpaid hold is past its deadline, in Stripe's time."""
    if booking.status is not BookingStatus.PENDING_PAYMENT:
        return False
    return booking.hold_until is None or stripe_now >= booking.hold_until


def may_lapse(attempts: Iterable[Payment]) -> bool:
    """Whether no attempt can still bring money and none has left any: only then a hold may be let go."""
    return not any(payment.status in ASKING or payment.status in KEPT for payment in attempts)


def collide(one: Iterable[tuple[int, Span]], other: Iterable[tuple[int, Span]]) -> bool:
    """Whether two bookings cannot both be kept, by what each claims: one resource at overlapping times."""
    theirs = list(other)
    return any(
        resource == their_resource and overlaps(span, their_span)
        for resource, span in one
        for their_resource, their_span in theirs
    )


def by_charge(facts: SessionFacts) -> tuple[int, datetime, str]:
    """Sort key: paid sessions by who paid first (a tie by charge id), then the others."""
    if facts.charge is None or not facts.is_paid:
        return (1, facts.seen_at, facts.session_id)
    return (0, facts.charge.charged_at, facts.charge.charge_id)
