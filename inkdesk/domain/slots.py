"""What availability is asked with, and what it answers: plain values, no rule in them (``availability``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.domain.hours import ArtistHours, WorkingTime
from inkdesk.domain.sitting import LONGEST_S, Sitting, StationNeed
from inkdesk.domain.slot_rules import DEFAULT_RULES, NO_LIMITS, Limits, SlotRules
from inkdesk.domain.spans import Span
from inkdesk.domain.sweeps import Pair


class Cause(StrEnum):
    """Why a start is refused, most lasting first."""

    NOT_HERE = "not_here"
    OUTSIDE_HOURS = "outside_hours"
    ON_LEAVE = "on_leave"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    LONG_DAY = "long_day"
    ARTIST_TAKEN = "artist_taken"
    STATION_TAKEN = "station_taken"


TAKEN = frozenset({Cause.ARTIST_TAKEN, Cause.STATION_TAKEN})
"""Somebody else has it; nobody may override that."""
WAIVABLE = frozenset({Cause.TOO_SOON, Cause.TOO_FAR, Cause.DAY_FULL, Cause.WEEK_FULL, Cause.LONG_DAY})
"""Rules of the house that a search may leave aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistTime:
    """One artist's hours, what is booked, and how much they take on.

    ``busy`` are occupancies; ``sittings`` the sittings behind them, which only the limits look at. Both in any order.
    A plain ``(start_s, end_s)`` will do for a ``Span``. ``working`` is what of ``hours`` is worked out already: it
    changes no answer.
    """

    hours: ArtistHours
    busy: Sequence[Pair] = ()
    limits: Limits = NO_LIMITS
    sittings: Sequence[Span] = ()
    working: WorkingTime | None = None


class StationPool(NamedTuple):
    """A need and the units that would do: busy spans by resource id; the first free ones in this order are taken."""

    need: StationNeed
    units: Mapping[int, Sequence[Pair]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRequest:
    """What is sought, and the rules it is sought by.

    ``zone`` is the studio's: its calendar gives the dates of the horizon. ``now_s`` is the present, rounded up.
    ``waived`` are rules that the desk overrides. Raises ValueError for spans that make no sitting, and for waiving
    what nobody may.
    """

    sitting: Sitting
    zone: ZoneInfo
    now_s: int
    pools: tuple[StationPool, ...] = ()
    rules: SlotRules = DEFAULT_RULES
    waived: frozenset[Cause] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.sitting.sitting_s <= 0 or min(self.sitting) < 0:
            raise ValueError(f"not the spans of a sitting: {self.sitting}")
        if sum(self.sitting) > LONGEST_S:
            raise ValueError("a sitting keeps its artist for at most a week")
        if not self.waived <= WAIVABLE:
            raise ValueError(f"no search may leave aside {', '.join(sorted(self.waived - WAIVABLE))}")


class Slot(NamedTuple):
    """A start that can be booked with all of these artists, on these units (by need, in the order of the pools)."""

    start_s: int
    end_s: int
    artist_ids: tuple[int, ...]
    station_ids: tuple[int, ...]

    @property
    def artist_id(self) -> int:
        """The first artist."""
        return self.artist_ids[0]

    @property
    def station_id(self) -> int | None:
        """The first station unit, None if none is needed."""
        return self.station_ids[0] if self.station_ids else None


class Obstacle(NamedTuple):
    """One thing against a start: the cause, whose it is, and the span that is in the way (if one is)."""

    cause: Cause
    artist_id: int | None
    span: Span | None
    station_kind: str = ""


class Verdict(NamedTuple):
    """Whether a start can be booked; if not, everything against it, by cause.

    ``station_ids`` are the units that would be taken, also if something else stands against the start.
    """

    obstacles: tuple[Obstacle, ...]
    station_ids: tuple[int, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing stands against it."""
        return not self.obstacles

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The distinct causes, most lasting first."""
        found = {one.cause for one in self.obstacles}
        return tuple(cause for cause in Cause if cause in found)
