"""What the desk can ask of the book, as frozen commands, and the answer to a booking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.money import Money


class DepositChoice(StrEnum):
    """How the deposit of a new booking is taken."""

    LINK = "link"
    CASH = "cash"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """A client that is created with the booking; ``phone`` as it was typed."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCommand:
    """Everything a booking needs. ``request_key`` is made when the form opens: sent twice, it books once.

    ``with_artist_ids`` are further artists who must be there for the whole sitting, beside ``artist_id``.
    ``client`` is an id or a new client; ``price``, ``deposit`` and ``sitting_s`` (how many seconds the sitting lasts)
    None mean the service's; ``override_reason`` books outside hours, notice or leave, never over a real overlap.
    """

    request_key: str
    artist_id: int
    service_id: int
    starts_at: datetime
    client: int | NewClient
    choice: DepositChoice = DepositChoice.LINK
    price: Money | None = None
    deposit: Money | None = None
    note: str = ""
    override_reason: str = ""
    with_artist_ids: tuple[int, ...] = ()
    sitting_s: int | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """What was stored. ``payment_id`` is the attempt whose link must be opened next, if there is one."""

    booking: Booking
    payment_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCommand:
    """Cancel a booking as the form saw it (``version``).

    ``fate`` says what becomes of the money that is in, also of what a bank holds in a dispute if it gives it back
    (None: nobody was asked, for there was none); ``refund`` how much of it goes back in all if that is REFUND (None:
    everything), taken from its payments, the oldest first.
    """

    booking_id: int
    version: int
    fate: DepositFate | None
    refund: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCommand:
    """Move a booking as the form saw it (``version``) to another start, and to another artist if one is named.

    Further artists stay; ``sitting_s`` is the length of the sitting in seconds, None for the one it has. Its price and
    its deposit stay. ``override_reason`` moves it outside hours, notice or leave, never over a real overlap.
    """

    booking_id: int
    version: int
    starts_at: datetime
    artist_id: int | None = None
    override_reason: str = ""
    sitting_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCommand:
    """Move a booking as the form saw it (``version``) to CONFIRMED, COMPLETED or NO_SHOW.

    ``fate`` and ``refund`` are as in ``CancelCommand`` and count for a no-show, ``reason`` for its history. A sitting
    that took place is paid with what is in.
    """

    booking_id: int
    version: int
    status: BookingStatus
    fate: DepositFate | None = None
    refund: Money | None = None
    reason: str = ""
