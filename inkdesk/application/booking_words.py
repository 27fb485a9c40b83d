"""How a booking stands, in the few words of a table's cell: on the screen and on the command line."""

from typing import Final

from inkdesk.application.text import render
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.message import message

_STATUSES: Final = {
    BookingStatus.REQUESTED: message("Requested"),
    BookingStatus.PENDING_PAYMENT: message("Held, not paid"),
    BookingStatus.CONFIRMED: message("Confirmed"),
    BookingStatus.COMPLETED: message("Done"),
    BookingStatus.NO_SHOW: message("No-show"),
    BookingStatus.CANCELLED: message("Cancelled"),
    BookingStatus.LAPSED: message("Not paid, given free"),
}


def short_words(status: BookingStatus) -> str:
    """A status. Whether the time or a person ended a hold stands in the history, which a table does not read."""
    return render(_STATUSES[status])
