"""One laid-out range: lanes, what lies behind them, what stands in them, and where each booking begins.

A board is made whole from the data and the filters on every change, and then only read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import CalendarRange
from inkdesk.domain.artists import Artist
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar.bands import Band, lane_bands, open_minutes
from inkdesk.ui.calendar.geometry import Lane
from inkdesk.ui.calendar.layout import Interval, LayoutIndex
from inkdesk.ui.calendar.shown import Shown, ShownId, artists_of, id_of
from inkdesk.ui.calendar.wallclock import MINUTES_A_DAY, Slot, day_slots, slot_at, wall_pieces

STEP_MIN = 15
"""The grid of the cursor and of clicks, in clock minutes."""
SHORTEST_MIN = 15
"""A shorter piece is shown as long as this, so that it can be read and hit."""


class CardPiece(NamedTuple):
    """The part of a block that one lane shows; ``head_min`` and ``tail_min`` are prep and clean-up around it."""

    card: Shown
    fold: int
    head_min: int
    tail_min: int


class Cursor(NamedTuple):
    """The place the keys act on: a lane's number and a slot of its day."""

    lane: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class Board:
    """``cards`` are in reading order (day, start, lane); ``places`` is where each begins first, by its id.

    ``reach_min`` is how far anything beside a block, its preparation or clean-up, stands out of it (clock minutes).
    """

    lanes: tuple[Lane, ...]
    is_open: tuple[bool, ...]
    bands: tuple[tuple[Band, ...], ...]
    index: LayoutIndex[Lane, CardPiece]
    cards: tuple[Shown, ...]
    places: Mapping[ShownId, Cursor]
    reach_min: int

    def find(self, shown_id: ShownId | None) -> Shown | None:
        """The block of that id, if it is shown."""
        return next((card for card in self.cards if id_of(card) == shown_id), None)

    def at(self, cursor: Cursor) -> Shown | None:
        """The block that is under way at a slot, the earliest if several are."""
        for placed in self.index.between(self.lanes[cursor.lane], cursor.slot.minute, cursor.slot.minute + 0.001):
            card = placed.what.card
            if placed.what.fold == cursor.slot.fold and card.ends_at > cursor.slot.starts_at:
                return card
        return None

    def start_in(self, lane: int, shown_id: ShownId, zone: str) -> Cursor | None:
        """Where a block begins in one lane; None if it does not stand there."""
        for placed in self.index.all(self.lanes[lane]):
            if id_of(placed.what.card) == shown_id:
                return _place((lane, placed.start_min, placed.what.fold), self.lanes, zone)
        return None


def lay_board(data: CalendarRange, artists: Sequence[Artist], days: Sequence[date], cards: Iterable[Shown]) -> Board:
    """Lay ``cards`` into a lane for each day and artist; a booking of several artists stands in the lane of each."""
    lanes = tuple(Lane(day, artist.id) for day in days for artist in artists)
    pieces = _pieces(lanes, cards, data.zone)
    index = LayoutIndex(pieces)
    shown = _in_order(lanes, index)
    return Board(
        lanes=lanes,
        is_open=tuple(bool(pieces[lane] or open_minutes(data, lane)) for lane in lanes),
        bands=tuple(lane_bands(data, artist, day) for day in days for artist in artists),
        index=index,
        cards=tuple(card for card, _ in shown),
        places={id_of(card): cursor for card, start in shown if (cursor := _place(start, lanes, data.zone))},
        reach_min=max((max(one.what.head_min, one.what.tail_min) for run in pieces.values() for one in run), default=0),
    )


def nearest_slot(day: date, zone: str, minute: int, fold: int = 0) -> Slot | None:
    """The slot of ``day`` next to a clock minute; None if the zone skipped the date."""
    slots = day_slots(day, zone, STEP_MIN)
    return min(slots, key=lambda slot: (abs(slot.minute - minute), slot.fold != fold), default=None)


def _pieces(lanes: Sequence[Lane], cards: Iterable[Shown], zone: str) -> dict[Lane, list[Interval[CardPiece]]]:
    found: dict[Lane, list[Interval[CardPiece]]] = {lane: [] for lane in lanes}
    local = ZoneInfo(zone)
    for card in cards:
        day, last = card.starts_at.astimezone(local).date(), card.ends_at.astimezone(local).date()
        while day <= last:
            for lane in (Lane(day, artist_id) for artist_id in artists_of(card)):
                if lane in found:
                    found[lane].extend(_intervals(card, day, zone, is_last=day == last))
            day += timedelta(days=1)
    return found


def _intervals(card: Shown, day: date, zone: str, *, is_last: bool) -> Iterable[Interval[CardPiece]]:
    span = Span(to_seconds(card.starts_at), to_seconds(card.ends_at))
    pieces = wall_pieces(span, day, zone)
    for n, piece in enumerate(pieces):
        begins = n == 0 and not wall_pieces(span, day - timedelta(days=1), zone)
        head_min = (span.start_s - card.occupied.start_s) // 60 if begins else 0
        tail_min = (card.occupied.end_s - span.end_s) // 60 if is_last and n == len(pieces) - 1 else 0
        end_min = min(max(piece.end_min, piece.start_min + SHORTEST_MIN), MINUTES_A_DAY)
        yield Interval(piece.start_min, end_min, CardPiece(card, piece.fold, head_min, tail_min))


Start = tuple[int, int, int]
"""A lane's number, a clock minute and its fold."""


def _in_order(lanes: Sequence[Lane], index: LayoutIndex[Lane, CardPiece]) -> list[tuple[Shown, Start]]:
    starts = [
        (lane.day, placed.what.fold, placed.start_min, n, placed.what.card)
        for n, lane in enumerate(lanes)
        for placed in index.all(lane)
    ]
    starts.sort(key=lambda start: start[:4])
    first: dict[ShownId, tuple[Shown, Start]] = {}
    for _, fold, minute, lane, card in starts:
        first.setdefault(id_of(card), (card, (lane, minute, fold)))
    return list(first.values())


def _place(start: Start, lanes: Sequence[Lane], zone: str) -> Cursor | None:
    lane, minute, fold = start
    slot = slot_at(lanes[lane].day, zone, minute, fold, STEP_MIN)
    return Cursor(lane, slot) if slot else None
