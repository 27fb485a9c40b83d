"""Imports ahead of need."""

import importlib
from typing import Final

FIRST_BOOKING: Final = (
    "inkdesk.application.availability_service",
    "inkdesk.application.booking_service",
    "inkdesk.application.studio_service",
    "inkdesk.infrastructure.db.queries.search",
    "inkdesk.infrastructure.db.repositories.bookings",
    "inkdesk.infrastructure.db.repositories.catalogue",
    "inkdesk.ui.booking.dialog",
    "phonenumbers",
)


def warm_up() -> None:
    """Import what the first booking dialog needs, so that the first ring of the telephone does not wait for it."""
    for name in FIRST_BOOKING:
        importlib.import_module(name)
