"""What the desk reads instead of codes."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from inkdesk.application.desk_tasks import OUTPAID, TAKEN_FIRST
from inkdesk.application.holds import EXTENDED, FREED, RELEASED
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.message import message
from inkdesk.domain.payments import PaymentMethod, PaymentStatus

_BOOKINGS = {
    BookingStatus.REQUESTED: message("Requested: waits for the artist's yes"),
    BookingStatus.PENDING_PAYMENT: message("Held: waits for the deposit"),
    BookingStatus.CONFIRMED: message("Confirmed"),
    BookingStatus.COMPLETED: message("Done"),
    BookingStatus.NO_SHOW: message("No-show"),
    BookingStatus.CANCELLED: message("Cancelled"),
    BookingStatus.LAPSED: message("Lapsed: the deposit was not paid in time"),
}
_METHODS = {
    PaymentMethod.LINK: message("Link"),
    PaymentMethod.CASH: message("Cash"),
    PaymentMethod.TRANSFER: message("Transfer"),
    PaymentMethod.TERMINAL: message("Card terminal"),
}
_PAYMENTS = {
    PaymentStatus.CREATING: message("link is being made"),
    PaymentStatus.OPEN: message("waits to be paid"),
    PaymentStatus.PROCESSING: message("the bank is working on it"),
    PaymentStatus.PAID: message("paid"),
    PaymentStatus.EXPIRED: message("expired, not paid"),
    PaymentStatus.FAILED: message("failed, not paid"),
    PaymentStatus.REFUND_DUE: message("refund is due"),
    PaymentStatus.REFUND_PENDING: message("refund is on its way"),
    PaymentStatus.PARTIALLY_REFUNDED: message("refunded in part"),
    PaymentStatus.REFUNDED: message("refunded"),
    PaymentStatus.REFUND_FAILED: message("refund failed"),
    PaymentStatus.DISPUTED: message("disputed by the payer"),
}
_HISTORY = {
    "CHECKED_IN": message("Arrived"),
    "PENDING_PAYMENT": message("Held again for a new link"),
    "BOOKED CONFIRMED": message("Booked and confirmed"),
    "BOOKED PENDING_PAYMENT": message("Booked, waits for the deposit"),
    "BOOKED REQUESTED": message("Requested"),
    FREED: message("Given free by hand"),
    RELEASED: message("Let go by hand; Stripe could not be asked"),
    "TASK_DONE": message("Task done"),
}
_MOVED = "MOVED "
_ENDS_OF_A_HOLD = frozenset({FREED, RELEASED, BookingStatus.LAPSED.value})
_WHYS = {
    one.template: one
    for one in (
        message("the deposit was paid"),
        message("paid by cash"),
        message("paid by transfer"),
        message("paid by terminal"),
        message("new link"),
        message("somebody else paid first"),
        message("the time was taken first"),
        message("the deposit was not paid in time"),
        message("paid with credit"),
        message("paid with another sitting's deposit"),
        message("confirmed all the same"),
    )
}
"""The reasons that the program itself writes."""
_LOST = {
    OUTPAID: message("Time lost: somebody else paid first"),
    TAKEN_FIRST: message("Time lost: it was taken before the payment came"),
}
"""Why a time went although nobody was late."""


def status_words(status: BookingStatus) -> str:
    """A booking's status."""
    return render(_BOOKINGS[status])


def standing_words(status: BookingStatus, history: Sequence[tuple[str, str]]) -> str:
    """A booking's status, knowing its ``history`` of codes and reasons, newest last.

    A hold ends by a person's hand, by the time, or by somebody else who paid first.
    """
    ends = [one for one in history if one[0] in _ENDS_OF_A_HOLD]
    if status is not BookingStatus.LAPSED or not ends:
        return status_words(status)
    what, why = ends[-1]
    if what != BookingStatus.LAPSED.value:
        return tr("Given free by hand, not paid")
    return render(_LOST[why]) if why in _LOST else status_words(status)


def method_words(method: PaymentMethod) -> str:
    """How money came."""
    return render(_METHODS[method])


def payment_words(status: PaymentStatus) -> str:
    """A payment's status, to follow its amount."""
    return render(_PAYMENTS[status])


def history_words(what: str) -> str:
    """A line of a booking's history; a line this version does not know is shown as it stands."""
    if what in _HISTORY:
        return render(_HISTORY[what])
    if what.startswith(_MOVED):
        with suppress(ValueError):
            return _moved_words(what.removeprefix(_MOVED))
    if what.startswith(EXTENDED):
        with suppress(ValueError):
            return tr("Held until {end}", end=datetime.fromisoformat(what.removeprefix(EXTENDED)))
    return status_words(BookingStatus(what)) if what in BookingStatus.__members__ else what


_LENGTH = re.compile(r"(\d+)s(?: |$)")
"""The new length in seconds, where a move stored one."""


def _moved_words(what: str) -> str:
    """A move as it is stored: two UTC instants, its new length if it changed, and both artists' names if they did.

    ValueError if it is stored otherwise.
    """
    old, new, rest = (*what.split(" ", 2), "")[:3]
    start, end = datetime.fromisoformat(old), datetime.fromisoformat(new)
    length = _LENGTH.match(rest)
    before, _, after = rest[length.end() if length else 0 :].partition(" > ")
    words = tr("Moved from {old} to {new}", old=start, new=end)
    if after:
        words = tr(
            "Moved from {old} with {before} to {new} with {after}", old=start, new=end, before=before, after=after
        )
    if not length:
        return words
    hours, minutes = divmod(int(length[1]) // 60, 60)
    return tr("{moved}, now {hours}:{minutes} long", moved=words, hours=hours, minutes=f"{minutes:02}")


def why_words(why: str) -> str:
    """The reason of a history line; what a person typed is shown as typed."""
    return render(_WHYS[why]) if why in _WHYS else why


def time_left_words(hold_until: datetime | None, now: datetime) -> str:
    """How long a hold can still be paid; a started minute counts as whole. "" without a deadline."""
    if hold_until is None:
        return ""
    left_s = (hold_until - now).total_seconds()
    if left_s <= 0:
        return tr("The time is over. InkDesk asks Stripe whether it was paid.")
    hours, minutes = divmod(-(-int(left_s) // 60), 60)
    if not hours:
        return ntr("{n} minute left to pay.", "{n} minutes left to pay.", minutes)
    return tr("{hours} h {minutes} min left to pay.", hours=hours, minutes=f"{minutes:02}")
