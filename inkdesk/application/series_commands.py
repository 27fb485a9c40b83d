"""What the desk can ask of a series, as frozen commands, and the answers."""

from dataclasses import dataclass
from datetime import date, datetime

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.message import Message
from inkdesk.domain.money import Money
from inkdesk.domain.series import Repeat, Scope, SeriesKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeries:
    """The same sitting on every date of a rule, beginning with ``first`` (aware).

    ``sitting_s`` is how many seconds each lasts, None for the service's own.
    """

    artist_id: int
    service_id: int
    first: datetime
    repeat: Repeat
    with_artist_ids: tuple[int, ...] = ()
    sitting_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSittings:
    """A project of ``count`` sittings, each at least ``gap_days`` dates after the one before.

    The first is the first free start on ``from_date`` (of the studio's zone) or later. ``artist_id`` None is whoever
    is free first and has the ``style`` ("" = any); all sittings are with the same artist. Each lasts ``sitting_s``
    seconds, None for the service's own.
    """

    artist_id: int | None
    service_id: int
    count: int
    gap_days: int
    from_date: date
    with_artist_ids: tuple[int, ...] = ()
    sitting_s: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDate:
    """The verdict about one date of a series.

    ``wall`` is what the studio's clock shall show; ``starts_at`` is None if the clock is put forward over it.
    ``sentence`` says what is in the way (None: it is free); ``can_override``: a reason is enough to book it;
    ``alternatives`` are the nearest free starts.
    """

    wall: datetime
    starts_at: datetime | None
    sentence: Message | None = None
    can_override: bool = False
    alternatives: tuple[FreeSlot, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether it can be booked as it is."""
        return self.sentence is None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSeriesCommand:
    """Book all of ``starts`` or none. ``request_key`` is made when the form opens: sent twice, it books once.

    The deposit is asked once, by ``choice``, with the first sitting; the others are confirmed without one, as it is
    carried on from sitting to sitting. ``rule`` says how the starts were found. The rest is as in ``BookCommand``;
    ``sitting_s`` counts for each sitting.
    """

    request_key: str
    kind: SeriesKind
    rule: str
    artist_id: int
    service_id: int
    starts: tuple[datetime, ...]
    client: int | NewClient
    with_artist_ids: tuple[int, ...] = ()
    choice: DepositChoice = DepositChoice.LINK
    note: str = ""
    override_reason: str = ""
    sitting_s: int | None = None


@dataclass(frozen=True, slots=True)
class BookedSeries:
    """What was stored, by start. ``payment_id`` is the attempt whose link must be opened next, if there is one."""

    series_id: int
    bookings: tuple[Booking, ...]
    payment_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSeriesCommand:
    """Move a booking as the form saw it (``version``) to ``starts_at``, and its series with it as far as ``scope``.

    The others move by as many days and as much time of day on the studio's clock.
    """

    booking_id: int
    version: int
    starts_at: datetime
    scope: Scope
    override_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSeriesCommand:
    """Cancel a booking as the form saw it (``version``), and its series with it as far as ``scope``.

    ``fate`` and ``refund`` are as in ``CancelCommand``; ``refund`` is what goes back in all.
    """

    booking_id: int
    version: int
    scope: Scope
    fate: DepositFate | None
    refund: Money | None = None
    reason: str = ""
