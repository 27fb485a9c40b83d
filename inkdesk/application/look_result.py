"""What is wanted of a look at Stripe, and what it brought."""

from dataclasses import dataclass, field
from datetime import datetime

from inkdesk.application.changes import Changes
from inkdesk.domain.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted: ``sweep`` asks about everything, not only by events; ``is_asked``: a person wants it.

    ``watched`` are bookings that somebody sits in front of.
    """

    sweep: bool = False
    is_asked: bool = False
    watched: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """What one look brought.

    ``paid``: bookings that money has just confirmed; ``deadline``: the next hold's end in Stripe's time; ``holds``:
    bookings whose hold is under way (one past its end waits for a bank or for the desk, not for a payer);
    ``offset_s``: Stripe's clock less this computer's; ``banner``: what the desk must know, None = all is well;
    ``is_trouble``: Stripe could not be asked, so back off; ``was_asked`` is False also where there is no key to ask
    with; ``is_refused``: Stripe does not accept the key, or not for all that is needed; ``is_whole`` is False if a list
    broke off, so that a sweep must be made again.

    Of all desks: ``last_good_at`` and ``trouble_since`` say since when Stripe answers or does not, ``waiting`` how many
    payments and refunds wait for its word. ``is_follower``: another desk asks.
    """

    changes: Changes = field(default_factory=Changes)
    paid: tuple[int, ...] = ()
    deadline: datetime | None = None
    offset_s: int = 0
    banner: Message | None = None
    is_trouble: bool = False
    was_asked: bool = True
    holds: frozenset[int] = frozenset()
    reads_share: float = 0.0
    is_refused: bool = False
    is_whole: bool = True
    last_good_at: datetime | None = None
    trouble_since: datetime | None = None
    waiting: int = 0
    is_follower: bool = False
