"""What the desk can ask of group sittings, as frozen commands, and the answers."""

from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGroup:
    """Plan a group sitting. ``request_key`` is made when the form opens: sent twice, it plans once."""

    request_key: str
    artist_id: int
    service_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroup:
    """What a group sitting becomes, over the ``version`` that the form saw.

    If it lasts as long as before, it is moved, and those who have seats move with it. Otherwise it is made longer
    or shorter, and they stay where they are.
    """

    group_id: int
    version: int
    title: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelGroup:
    """Cancel a group sitting as the form saw it (``version``).

    While seats are booked it is refused, unless ``fate`` says what becomes of their deposits: then every booking is
    cancelled like any other, all with this fate.
    """

    group_id: int
    version: int
    fate: DepositFate | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCommand:
    """Take ``seats`` together in a group sitting. ``request_key`` sent twice takes them once.

    ``starts_at`` and ``ends_at`` None are those of the group. ``price`` and ``deposit`` are for the whole party; None
    means the service's, once for each seat.
    """

    request_key: str
    group_id: int
    client: int | NewClient
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    seats: int = 1
    choice: DepositChoice = DepositChoice.LINK
    price: Money | None = None
    deposit: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupSaved:
    """The group sitting as it is stored now."""

    group: GroupSitting
    changes: Changes


@dataclass(frozen=True, slots=True)
class SeatedBooking:
    """A booking that keeps seats of a group, and how many."""

    booking: Booking
    client_name: str
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDetail:
    """A group sitting as lists show it: the most seats that are taken at one instant, and by how many bookings."""

    group: GroupSitting
    artist_name: str
    service_name: str
    taken_peak: int
    booked: int
