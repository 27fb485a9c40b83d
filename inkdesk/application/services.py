"""All use cases of one opened studio, as the window and the command line are given them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.application.booking_service import BookingService
from inkdesk.application.calendar import BookQueries
from inkdesk.application.ports import Clock, PhoneNumbers, SecretStore
from inkdesk.application.studio_service import StudioService

if TYPE_CHECKING:
    from inkdesk.application.payment_service import PaymentService
    from inkdesk.application.reconcile_service import ReconcileService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The one argument that pages and commands take."""

    studio: StudioService
    availability: AvailabilityService
    bookings: BookingService
    payments: "PaymentService"
    reconcile: "ReconcileService"
    queries: BookQueries
    phones: PhoneNumbers
    secrets: SecretStore
    clock: Clock
