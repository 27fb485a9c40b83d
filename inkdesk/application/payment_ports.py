"""What the use cases of money need of the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from inkdesk.domain.payments import DeskTask, LedgerEntry, Payment
from inkdesk.domain.refunds import Refund


class PaymentRepository(Protocol):
    """Payment attempts, refunds, ledger, desk tasks, and what the poller remembers."""

    def get(self, payment_id: int) -> Payment:
        """One payment; ValidationError if there is none."""
        ...

    def add(self, payment: Payment) -> Payment:
        """Store a new attempt; the answer has its id."""
        ...

    def save(self, payment: Payment) -> Payment:
        """Store changes; StaleRecord on a version conflict."""
        ...

    def of_booking(self, booking_id: int) -> list[Payment]:
        """All attempts of a booking, oldest first."""
        ...

    def by_session(self, session_ids: Sequence[str]) -> list[Payment]:
        """Attempts with these Stripe session ids."""
        ...

    def by_intent(self, intent_ids: Sequence[str]) -> list[Payment]:
        """Attempts with these Stripe payment intent ids."""
        ...

    def unfinished(self) -> list[Payment]:
        """Attempts in CREATING, OPEN, PROCESSING, REFUND_DUE or REFUND_PENDING, oldest first."""
        ...

    def refunds_of(self, payment_id: int) -> list[Refund]:
        """Refunds of one payment, oldest first."""
        ...

    def unfinished_refunds(self) -> list[Refund]:
        """Refunds in CREATING or PENDING, oldest first."""
        ...

    def add_refund(self, refund: Refund) -> Refund:
        """Store a new refund; the answer has its id."""
        ...

    def save_refund(self, refund: Refund) -> Refund:
        """Store changes; StaleRecord on a version conflict."""
        ...

    def write_ledger(self, entry: LedgerEntry) -> bool:
        """Append a fact; False if a fact with this key stands there already."""
        ...

    def open_task(self, task: DeskTask) -> bool:
        """Tell the desk; False if a task with this key exists already (open or closed)."""
        ...

    def close_task(self, fact_key: str, closed_at: datetime) -> None:
        """The fact is gone; unknown keys are ignored."""
        ...

    def poll_state(self) -> Mapping[str, str]:
        """What the payment poller remembers (event cursor, read counters ...)."""
        ...

    def set_poll_state(self, values: Mapping[str, str]) -> None:
        """Remember these; other keys stay."""
        ...

    def add_to_poll_state(self, key: str, count: int) -> None:
        """Add to a remembered number (0 at first), in the database: what other desks add meanwhile is kept."""
        ...
