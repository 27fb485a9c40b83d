"""All use cases of one opened studio, as the window and the command line are given them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkdesk.application.availability_service import AvailabilityService
    from inkdesk.application.booking_service import BookingService
    from inkdesk.application.calendar import BookQueries
    from inkdesk.application.deposit_service import DepositService
    from inkdesk.application.finder_service import FinderService
    from inkdesk.application.group_service import GroupService
    from inkdesk.application.inbox_service import InboxService
    from inkdesk.application.move_service import MoveService
    from inkdesk.application.payment_gateway import GatewayOf
    from inkdesk.application.payment_service import PaymentService
    from inkdesk.application.poller_service import PollerService
    from inkdesk.application.ports import Clock, PhoneNumbers, ReadUnit, SecretStore, WriteUnit
    from inkdesk.application.proposing import ProposalService
    from inkdesk.application.reads import ReadCounter
    from inkdesk.application.receipts import ReceiptService
    from inkdesk.application.reconcile_service import ReconcileService
    from inkdesk.application.series_service import SeriesService
    from inkdesk.application.statement_service import StatementService
    from inkdesk.application.studio_service import StudioService


@dataclass(frozen=True, kw_only=True)
class Services:
    """The one argument that pages and commands take.

    Each service is imported and made when it is first asked for: the first week waits for none of them.
    ``return_page`` is where a checkout page leads after paying, if the studio names no page of its own.
    """

    read: "ReadUnit"
    write: "WriteUnit"
    queries: "BookQueries"
    gateway: "GatewayOf"
    phones: "PhoneNumbers"
    secrets: "SecretStore"
    clock: "Clock"
    return_page: str

    @cached_property
    def studio(self) -> "StudioService":
        """The studio's settings."""
        from inkdesk.application.studio_service import StudioService  # noqa: PLC0415 - see the class

        return StudioService(self.read, self.write, self.phones)

    @cached_property
    def availability(self) -> "AvailabilityService":
        """What is free."""
        from inkdesk.application.availability_service import AvailabilityService  # noqa: PLC0415 - see the class

        return AvailabilityService(self.read, self.clock)

    @cached_property
    def finder(self) -> "FinderService":
        """The next openings, three at a time."""
        from inkdesk.application.finder_service import FinderService  # noqa: PLC0415 - see the class

        return FinderService(self.read, self.clock)

    @cached_property
    def bookings(self) -> "BookingService":
        """Making and ending bookings."""
        from inkdesk.application.booking_service import BookingService  # noqa: PLC0415 - see the class

        return BookingService(self.write, self.clock, self.payments, self.phones)

    @cached_property
    def moves(self) -> "MoveService":
        """Giving one booking another time or artist."""
        from inkdesk.application.move_service import MoveService  # noqa: PLC0415 - see the class

        return MoveService(self.write, self.clock, self.payments)

    @cached_property
    def proposals(self) -> "ProposalService":
        """Judging a move while it is still in the hand."""
        from inkdesk.application.proposing import ProposalService  # noqa: PLC0415 - see the class

        return ProposalService(self.read, self.clock)

    @cached_property
    def series(self) -> "SeriesService":
        """Several sittings as one: planned, booked, moved, cancelled."""
        from inkdesk.application.series_service import SeriesService  # noqa: PLC0415 - see the class

        return SeriesService(self.write, self.read, self.clock, self.bookings, self.payments)

    @cached_property
    def groups(self) -> "GroupService":
        """Flash days and workshops: planning them, taking seats in them."""
        from inkdesk.application.group_service import GroupService  # noqa: PLC0415 - see the class

        return GroupService(self.write, self.read, self.clock, self.payments, self.phones)

    @cached_property
    def payments(self) -> "PaymentService":
        """Taking deposits and giving them back."""
        from inkdesk.application.payment_service import PaymentService  # noqa: PLC0415 - see the class

        return PaymentService(self.write, self.read, self.gateway, self.clock, self.return_page)

    @cached_property
    def deposits(self) -> "DepositService":
        """What becomes of money that is in."""
        from inkdesk.application.deposit_service import DepositService  # noqa: PLC0415 - see the class

        return DepositService(self.write, self.read, self.clock, self.payments)

    @cached_property
    def reconcile(self) -> "ReconcileService":
        """Asking Stripe what was paid."""
        from inkdesk.application.reconcile_service import ReconcileService  # noqa: PLC0415 - see the class

        return ReconcileService(self.payments, self.write, self.read, self.clock, reads=self.reads)

    @cached_property
    def reads(self) -> "ReadCounter":
        """What this program read at Stripe."""
        from inkdesk.application.reads import ReadCounter  # noqa: PLC0415 - see the class

        return ReadCounter(self.write, self.clock)

    @cached_property
    def poller(self) -> "PollerService":
        """Asking Stripe for every desk, or following the desk that does."""
        from secrets import token_hex  # noqa: PLC0415 - see the class

        from inkdesk.application.poller_service import PollerService  # noqa: PLC0415 - see the class

        return PollerService(
            self.read,
            self.write,
            token_hex(8),
            desk=self.reconcile,
            make=self._reconcile_by,
            check_ready=self._check_key,
        )

    def stripe_now(self) -> datetime:
        """The present by Stripe's clock as this computer last learned it: holds end, and are counted down, by it."""
        return self.payments.links.stripe_clock.now()

    def _reconcile_by(self, write: "WriteUnit", pulse: Callable[[], None]) -> "ReconcileService":
        from inkdesk.application.payment_service import PaymentService  # noqa: PLC0415 - see the class
        from inkdesk.application.reconcile_service import ReconcileService  # noqa: PLC0415 - see the class

        payments = PaymentService(write, self.read, self.gateway, self.clock, self.return_page)
        links, desk = payments.links, self.payments.links
        links.stripe_clock = desk.stripe_clock  # what either learns, this computer knows
        links.accounts.learned = desk.accounts.learned
        return ReconcileService(payments, write, self.read, self.clock, reads=self.reads, pulse=pulse)

    def _check_key(self) -> None:
        """Raise unless there is a usable key; what was read with it meanwhile is counted."""
        with self.read() as uow:
            studio = uow.studio.get()
        self.reads.keep(self.payments.links.gateway_for(studio))

    @cached_property
    def inbox(self) -> "InboxService":
        """What needs a person."""
        from inkdesk.application.inbox_service import InboxService  # noqa: PLC0415 - see the class

        return InboxService(self.payments, self.write, self.read, self.clock)

    @cached_property
    def receipts(self) -> "ReceiptService":
        """Receipts of what was paid."""
        from inkdesk.application.receipts import ReceiptService  # noqa: PLC0415 - see the class

        return ReceiptService(self.write, self.clock)

    @cached_property
    def statements(self) -> "StatementService":
        """Months of Stripe beside the book."""
        from inkdesk.application.statement_service import StatementService  # noqa: PLC0415 - see the class

        return StatementService(self.read, self.write, self.queries, self.gateway, self.clock)
