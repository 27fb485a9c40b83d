"""What a cancel or a no-show decides about money: what is here, and what the frozen policy gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.calendar import BookingDetail
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.deposits import left_of, preset
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentPurpose, PaymentStatus
from inkdesk.domain.series import Scope

_REFUNDABLE = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What is in for a booking, and what its policy gives back now; ``paid`` 0 means nothing to decide.

    ``has_heir``: a sitting of its series can carry the money on.
    """

    paid: Money
    refund: Money
    has_heir: bool = False

    @property
    def fate(self) -> DepositFate:
        """The policy's answer."""
        return DepositFate.REFUND if self.refund.amount_minor else DepositFate.KEEP


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """What a cancel of one sitting decides about its series: the money that is concerned, by how far it goes."""

    number: int
    count: int
    terms: Mapping[Scope, CancelTerms]


def cancel_terms(detail: BookingDetail, now: datetime, *, has_heir: bool = False) -> CancelTerms:
    """What is here for a booking or on its way, and what the policy gives back at ``now``.

    The policy is the deposit's: what was paid of the rest goes back whole.
    """
    rest = _money(detail, is_rest=True)
    answer = preset(detail.policy, _money(detail, is_rest=False), detail.card.starts_at, now)
    paid = answer.paid + rest
    return CancelTerms(paid, answer.refund + rest, has_heir and bool(paid.amount_minor))


def money_here(detail: BookingDetail) -> Money:
    """What is here for a booking, or on its way, and has no use yet."""
    return _money(detail, is_rest=False) + _money(detail, is_rest=True)


def terms_in_all(terms: Sequence[CancelTerms]) -> CancelTerms:
    """What is here for several bookings of one currency, and what their policies give back; at least one."""
    currency = terms[0].paid.currency
    paid, refund = sum(one.paid.amount_minor for one in terms), sum(one.refund.amount_minor for one in terms)
    return CancelTerms(Money(paid, currency), Money(refund, currency))


def _money(detail: BookingDetail, *, is_rest: bool) -> Money:
    own = {one.id: one for one in detail.payments}
    currency = detail.card.price.currency
    left = sum(
        portion.amount.amount_minor
        for portion in left_of(detail.card.booking_id, detail.ledger)
        if portion.amount.currency == currency and _counts(own.get(portion.payment_id), is_rest=is_rest)
    )
    coming = (
        one for one in own.values() if one.status is PaymentStatus.PROCESSING and _counts_as(one, is_rest=is_rest)
    )
    return Money(left + sum(one.amount.amount_minor for one in coming), currency)


def _counts(payment: Payment | None, *, is_rest: bool) -> bool:
    """Money that came from another booking (no payment of ours) counts as deposit; what is going back does not."""
    if payment is None:
        return not is_rest
    return payment.status in _REFUNDABLE and _counts_as(payment, is_rest=is_rest)


def _counts_as(payment: Payment, *, is_rest: bool) -> bool:
    return (payment.purpose is PaymentPurpose.REST) is is_rest
