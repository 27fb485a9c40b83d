"""The book as a look at Stripe finds it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inkdesk.application.poll_state import WINDOW_DAYS, PollState, allowance_of
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import Booking
from inkdesk.domain.connect import asked_accounts
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.reconciling import is_overdue
from inkdesk.domain.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One consistent reading.

    ``accounts`` are connected ones with events of their own; ``share`` is spent of the ``allowance`` of reads.
    """

    studio: Studio
    state: PollState
    unfinished: Sequence[Payment]
    holds: Mapping[int, Booking]
    accounts: Collection[str]
    allowance: int
    share: float

    def links(self, *statuses: PaymentStatus) -> list[Payment]:
        """Unfinished payments by link in one of these states."""
        return [one for one in self.unfinished if one.status in statuses and one.method is PaymentMethod.LINK]

    def is_awaited(self, payment: Payment, stripe_now: datetime) -> bool:
        """Whether its booking still waits for this payment."""
        hold = self.holds.get(payment.booking_id)
        return hold is not None and not is_overdue(hold, stripe_now)

    def over(self, stripe_now: datetime) -> set[int]:
        """Open links whose hold is past its deadline, or whose booking does not wait for them any more."""
        return {one.id for one in self.links(PaymentStatus.OPEN) if not self.is_awaited(one, stripe_now)}


def take_picture(uow: UnitOfWork, now: datetime) -> Picture:
    """Read it; ``now`` is this computer's clock."""
    state = PollState.parse(uow.payments.poll_state())
    allowance = allowance_of(uow.payments.count_charged_since(now - timedelta(days=WINDOW_DAYS)))
    unfinished = uow.payments.unfinished()
    return Picture(
        studio=uow.studio.get(),
        state=state,
        unfinished=unfinished,
        holds={booking.id: booking for booking in uow.bookings.holds()},
        accounts=asked_accounts(uow.accounts.all(), unfinished),
        allowance=allowance,
        share=state.reads_share(now.date(), allowance),
    )
