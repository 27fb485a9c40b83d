"""What a cancel or a no-show decides about money: what is here, and what the frozen policy gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.calendar import BookingDetail
from inkdesk.application.undecided import Undecided
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.deposits import preset
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What is in for a booking, and what its policy gives back now; ``paid`` 0 means nothing to decide.

    ``held`` is the part of it that a bank holds in a dispute (None like 0: nothing); ``has_heir``: a sitting of its
    series can carry the money on.
    """

    paid: Money
    refund: Money
    held: Money | None = None
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


def cancel_terms(detail: BookingDetail, there: Undecided, now: datetime, *, has_heir: bool = False) -> CancelTerms:
    """What is ``there`` for a booking, and what the policy gives back at ``now``.

    The policy is the deposit's: what was paid of the rest goes back whole.
    """
    answer = preset(detail.policy, there.deposit, detail.card.starts_at, now)
    return CancelTerms(
        there.in_all, answer.refund + there.rest, there.held, has_heir=has_heir and bool(there.in_all.amount_minor)
    )


def terms_in_all(terms: Sequence[CancelTerms]) -> CancelTerms:
    """What is here for several bookings of one currency, and what their policies give back; at least one."""
    nothing = Money(0, terms[0].paid.currency)
    paid = sum((one.paid for one in terms), nothing)
    refund = sum((one.refund for one in terms), nothing)
    held = sum((one.held for one in terms if one.held is not None), nothing)
    return CancelTerms(paid, refund, held)
