"""What booking needs of the payments: a port, so that the book knows nothing of Stripe."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from inkdesk.application.changes import Changes
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import Booking
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment
from inkdesk.domain.studio import Studio


@dataclass(frozen=True, slots=True)
class ClosedLink:
    """A link that cannot be paid any more. ``is_paid``: it turned out to be paid, and its booking is confirmed."""

    is_paid: bool
    changes: Changes = field(default_factory=Changes)


class Deposits(Protocol):
    """What booking needs of the payments."""

    def check_known(self, artist_id: int | None = None) -> None:
        """Raise StripeNotConfigured if it is known that no link can be made for this artist (None: for anybody).

        A hold is stored at once, whether Stripe answers or not; its link is asked for afterwards.
        """
        ...

    def ask_for_deposit(self, uow: UnitOfWork, booking: Booking, studio: Studio, now: datetime) -> Payment:
        """Save a new attempt by link, not yet sent to Stripe."""
        ...

    def take_cash(self, uow: UnitOfWork, booking: Booking, amount: Money, now: datetime) -> Payment:
        """Save a deposit that is in the till."""
        ...

    def close_link(self, payment_id: int) -> ClosedLink:
        """Make an open link unpayable, or learn that it was paid."""
        ...

    def pay_refunds(self) -> Changes:
        """Send due refunds to Stripe now, as far as it answers; the monitor does the rest."""
        ...

    def release_overdue(self, booking_ids: Sequence[int]) -> Changes:
        """Ask Stripe about holds past their deadline, and let those go that nobody paid."""
        ...

    def stripe_now(self, uow: UnitOfWork) -> datetime:
        """The present by Stripe's clock, as far as it is known."""
        ...
