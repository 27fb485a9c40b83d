"""What the use cases of money need of the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inkdesk.domain.accounts import StripeAccount
from inkdesk.domain.disputes import Dispute
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

    def by_ids(self, payment_ids: Collection[int]) -> list[Payment]:
        """These payments, oldest first; one that is not in the book is left out."""
        ...

    def of_bookings(self, booking_ids: Collection[int]) -> list[Payment]:
        """All attempts of these bookings, oldest first."""
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

    def refunds_of_all(self, payment_ids: Collection[int]) -> list[Refund]:
        """Refunds of these payments, oldest first."""
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

    def refund(self, refund_id: int) -> Refund:
        """One refund; ValidationError if there is none."""
        ...

    def add_refund_once(self, refund: Refund) -> Refund | None:
        """Store a refund that Stripe told of; None if its key or Stripe's id stands there already."""
        ...

    def dispute(self, stripe_id: str) -> Dispute | None:
        """The dispute with this id of Stripe's, if it was ever seen."""
        ...

    def disputes_of(self, payment_id: int) -> list[Dispute]:
        """Disputes of one payment, oldest first."""
        ...

    def disputes_of_all(self, payment_ids: Collection[int]) -> list[Dispute]:
        """Disputes of these payments, oldest first."""
        ...

    def save_dispute(self, dispute: Dispute) -> Dispute:
        """Store what is known of a dispute now, by Stripe's id; the last word wins. The answer has its id."""
        ...

    def ledger_of(self, booking_id: int) -> list[LedgerEntry]:
        """A booking's lines and those of money rolled over to it, oldest first."""
        ...

    def ledger_of_all(self, booking_ids: Collection[int]) -> list[LedgerEntry]:
        """These bookings' lines and those of money rolled over to them, oldest first."""
        ...

    def credit_lines(self, client_id: int) -> list[LedgerEntry]:
        """Lines by which a client got or used credit, oldest first."""
        ...

    def receipt_number(self, payment_id: int, issued_at: datetime) -> int:
        """The number of a payment's receipt; the next free one if it never had one."""
        ...

    def without_fee(self) -> list[Payment]:
        """Payments by link whose money came and whose fee Stripe has not told yet, oldest first."""
        ...

    def count_charged_since(self, since: datetime) -> int:
        """How many payments by link came at ``since`` or later."""
        ...

    def write_ledger(self, entry: LedgerEntry) -> bool:
        """Append a fact; False if a fact with this key stands there already."""
        ...

    def tasks(self, booking_ids: Collection[int] | None = None) -> list[DeskTask]:
        """Open tasks, oldest first; of these bookings, or all (None)."""
        ...

    def task(self, task_id: int) -> DeskTask:
        """One task, open or closed; ValidationError if there is none."""
        ...

    def open_task(self, task: DeskTask) -> bool:
        """Tell the desk, or tell it again if the task had closed by itself; False if it is open or a person closed it.

        A task is one by its ``fact_key``.
        """
        ...

    def close_task(self, fact_key: str, closed_at: datetime, by: str = "") -> None:
        """The fact is gone, or the person ``by`` closes it; unknown keys are ignored."""
        ...

    def poll_state(self) -> Mapping[str, str]:
        """What the payment poller remembers (event cursor, read counters ...)."""
        ...

    def set_poll_state(self, values: Mapping[str, str]) -> None:
        """Remember these; other keys stay."""
        ...

    def forget_poll_state(self, keys: Collection[str]) -> None:
        """Remember these no more; unknown ones are ignored."""
        ...

    def add_to_poll_state(self, key: str, count: int) -> None:
        """Add to a remembered number (0 at first), in the database: what other desks add meanwhile is kept."""
        ...


class AccountRepository(Protocol):
    """Stripe accounts: one per artist at most, and one of the studio itself."""

    def all(self) -> list[StripeAccount]:
        """Every account, the studio's own first."""
        ...

    def of_artist(self, artist_id: int | None) -> StripeAccount | None:
        """An artist's account, or the studio's own (None), if it is known."""
        ...

    def save(self, account: StripeAccount) -> StripeAccount:
        """Store a new account or changes of one; StaleRecord on a version conflict."""
        ...

    def remove(self, account_id: int) -> None:
        """Forget an account; unknown ids are ignored."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who asks Stripe for every desk ("" = nobody), and how the last look went: ``trouble`` "" means well.

    ``epoch`` grows with every other holder. Times are the database's.
    """

    epoch: int = 0
    holder: str = ""
    is_mine: bool = False
    last_ok_at: datetime | None = None
    trouble_since: datetime | None = None
    trouble: str = ""


class PollerRepository(Protocol):
    """The lease of the one poller of a database. ``holder`` names a desk, different at every start of the program."""

    def look(self, holder: str) -> Lease:
        """Who holds it, as ``holder`` sees it; changes nothing."""
        ...

    def take(self, holder: str, lease_s: int) -> Lease:
        """Keep the lease, or take it if nobody has it or its holder was silent for ``lease_s``."""
        ...

    def is_current(self, epoch: int, holder: str) -> bool:
        """Whether ``holder`` still has the lease of ``epoch``; nobody can take it before this unit's end."""
        ...

    def note(self, epoch: int, holder: str, trouble: str) -> bool:
        """Tell every desk how the last look went ("" = well, else a sentence as JSON); False if another took over."""
        ...

    def release(self, holder: str) -> None:
        """Let it go, if ``holder`` has it: another desk takes it at once."""
        ...
