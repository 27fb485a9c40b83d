"""What the calendar shows and where keys and clicks lead; no Qt, no database.

The presenter holds the chosen range, filters, cursor and selection; the view paints what it says.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import BookingCard, CalendarRange
from inkdesk.application.text import formats, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.spans import to_instant
from inkdesk.ui.calendar import words
from inkdesk.ui.calendar.bands import is_here, open_minutes
from inkdesk.ui.calendar.board import STEP_MIN, Board, Cursor, lay_board, nearest_slot
from inkdesk.ui.calendar.geometry import Lane
from inkdesk.ui.calendar.ranges import Mode, first_shown, last_shown, turned
from inkdesk.ui.calendar.shown import Filter, GroupId, Shown, ShownId, artists_of, id_of
from inkdesk.ui.calendar.wallclock import day_slots, day_span, days_between, slot_at

MORNING_MIN = 9 * 60
"""Where the cursor begins."""
WITH_CLOCK = frozenset({Mode.DAY, Mode.WEEK})
"""Views with a lane for each day and artist."""


class Place(NamedTuple):
    """Where the cursor is on any date: with an artist (None: nobody yet) at a clock minute."""

    artist_id: int | None
    minute: int


class CalendarPresenter:
    """State and decisions of the calendar; ``now`` is aware, dates are those of ``zone`` (IANA)."""

    def __init__(self, zone: str, now: datetime) -> None:
        today = now.astimezone(ZoneInfo(zone)).date()
        self.mode = Mode.WEEK
        self.artist_id: int | None = None
        self.filter = Filter()
        self.now = now
        self.anchor = today
        self._day, self._place = today, Place(None, MORNING_MIN)
        self.selected_id: ShownId | None = None
        self.data = CalendarRange(zone=zone, first=today, last=today, artists=(), cards=(), hours={}, leaves=())
        self.board = self._lay()
        self.cursor = self._cursor_at(today, None, MORNING_MIN)

    # The range

    @property
    def first(self) -> date:
        """The first date shown."""
        return first_shown(self.mode, self.anchor, formats().first_weekday)

    @property
    def last(self) -> date:
        """The last date shown."""
        return last_shown(self.mode, self.anchor, formats().first_weekday)

    @property
    def today(self) -> date:
        """The date of ``now`` in the studio's zone."""
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        """The date of an instant in the studio's zone."""
        return instant.astimezone(ZoneInfo(self.data.zone)).date()

    @property
    def day(self) -> date:
        """The date the keys act on."""
        return self.lane.day if self.lane else self._day

    def title(self) -> str:
        """The range in words, for the toolbar."""
        return words.title(self.mode, self.anchor, self.first, self.last)

    def go_to(self, day: date) -> None:
        """Show the range that holds ``day``, the cursor on it at the same clock time."""
        self.anchor = day
        self._lay_again(day)

    def turn(self, ranges: int) -> None:
        """Turn the page by ``ranges``, back if negative."""
        self.go_to(turned(self.mode, self.day, ranges))

    def set_mode(self, mode: Mode) -> None:
        """Look at the cursor's day in another way."""
        day = self.day
        self.mode = mode
        self.go_to(day)

    # The data

    def show(self, data: CalendarRange) -> bool:
        """Take new data; False, and nothing changes, if it does not cover the range shown (a late answer)."""
        if data.first > self.first or data.last < self.last:
            return False
        self.data = data
        if self.artist_id is not None and all(artist.id != self.artist_id for artist in data.artists):
            self.artist_id = None
        self._lay_again(self.day)
        return True

    def filter_artist(self, artist_id: int | None) -> None:
        """Show one artist, or all (None)."""
        self.artist_id = artist_id
        self._lay_again(self.day)

    def use_filter(self, filter_: Filter) -> None:
        """Show other bookings and artists."""
        self.filter = filter_
        self._lay_again(self.day)

    @property
    def artists(self) -> list[Artist]:
        """The artists with a lane: those who are here or booked in the range, or the one asked for."""
        if self.artist_id is not None:
            return [artist for artist in self.data.artists if artist.id == self.artist_id]
        days = days_between(self.first, self.last)
        if self.filter.is_on_shift:
            return [one for one in self.data.artists if any(open_minutes(self.data, Lane(day, one.id)) for day in days)]
        booked = {artist_id for card in self._cards() for artist_id in artists_of(card)}
        return [
            artist
            for artist in self.data.artists
            if artist.id in booked or (artist.is_active and any(is_here(artist, day) for day in days))
        ]

    def empty_words(self) -> str:
        """What to say where nothing is shown; "" if there is something."""
        if not self.data.artists:
            return tr("No artists yet. Add the first one under Settings.")
        return "" if self.cards else words.nothing_booked(self.mode)

    # Cursor and selection

    @property
    def lane(self) -> Lane | None:
        """The cursor's lane; None while there is none."""
        return self.board.lanes[self.cursor.lane] if self.cursor else None

    @property
    def minute(self) -> int:
        """The cursor's clock minute."""
        return self.cursor.slot.minute if self.cursor else MORNING_MIN

    def selected(self) -> Shown | None:
        """The selected booking or group sitting, if it is shown."""
        return self._find(self.selected_id)

    def selected_booking(self) -> BookingCard | None:
        """The selected block, if it is a booking."""
        card = self.selected()
        return card if isinstance(card, BookingCard) else None

    def select(self, card: Shown | None, lane: int | None = None) -> None:
        """Select a block and put the cursor on its start (in ``lane``, of those it stands in), or select nothing."""
        self.selected_id = id_of(card) if card else None
        if card is None:
            return
        self._day = min(max(self.day_of(card.starts_at), self.first), self.last)
        there = None if lane is None else self.board.start_in(lane, id_of(card), self.data.zone)
        self._put(there or self.board.places.get(id_of(card), self.cursor))

    def find_booking(self, booking_id: int) -> Shown | None:
        """The block of a booking, if it is shown: its own, or the group sitting's in which it has a seat."""
        groups = (card.group_id for card in self.data.cards if card.booking_id == booking_id)
        group_id = next(groups, None)
        return self._find(booking_id if group_id is None else GroupId(group_id))

    def put_cursor(self, cursor: Cursor) -> None:
        """Move the cursor; a block under it becomes selected."""
        self._put(cursor)
        card = self.board.at(cursor)
        self.selected_id = id_of(card) if card else None

    def put_free(self, cursor: Cursor) -> None:
        """Move the cursor to a free place and select nothing."""
        self._put(cursor)
        self.selected_id = None

    def put_day(self, day: date) -> None:
        """Go to a date of a view that has no clock, and select nothing; beyond its edge the page turns."""
        self.selected_id = None
        if self.first <= day <= self.last:
            self._day = day
        else:
            self.go_to(day)

    def step_slots(self, slots: int) -> None:
        """Move the cursor down by ``slots`` in real time (up if negative), within its day."""
        if not self.cursor or not self.lane:
            return
        run = day_slots(self.lane.day, self.data.zone, STEP_MIN)
        at = run.index(self.cursor.slot) + slots
        self.put_cursor(Cursor(self.cursor.lane, run[min(max(at, 0), len(run) - 1)]))

    def step_lanes(self, lanes: int) -> None:
        """Move the cursor sideways by 1 or -1; beyond the edge of the range the page turns."""
        if not self.cursor or not self.lane:
            return
        to = self.cursor.lane + lanes
        minute, fold = self.minute, self.cursor.slot.fold
        if not 0 <= to < len(self.board.lanes):
            self.go_to(self.lane.day + timedelta(days=lanes))
            days = [n for n, lane in enumerate(self.board.lanes) if lane.day == self.anchor]
            if not days:
                return
            to = days[0 if lanes > 0 else -1]
        if slot := nearest_slot(self.board.lanes[to].day, self.data.zone, minute, fold):
            self.put_cursor(Cursor(to, slot))

    def step_bookings(self, step: int) -> bool:
        """Select the next block (``step`` 1) or the one before (-1); False if there is none."""
        ids = [id_of(card) for card in self.cards]
        outside = -1 if step > 0 else len(ids)
        to = (ids.index(self.selected_id) if self.selected_id in ids else outside) + step
        if not 0 <= to < len(ids):
            return False
        self.select(self.cards[to])
        return True

    def slot(self, lane: int, minute: float, share: float) -> Cursor | None:
        """The slot under a point; in a repeated hour the left half of a lane is its first run."""
        if not 0 <= lane < len(self.board.lanes):
            return None
        slot = slot_at(self.board.lanes[lane].day, self.data.zone, int(minute), int(share >= 0.5), STEP_MIN)
        return Cursor(lane, slot) if slot else None

    # Words

    def text(self, card: Shown, artist_id: int) -> words.CardText:
        """The card's lines now, in this artist's lane."""
        others = [self.artist_name(one) for one in artists_of(card) if one != artist_id]
        return words.card_text(card, others, self.now)

    def spoken(self, card: Shown) -> str:
        """The block for a screen reader."""
        day = card.starts_at.astimezone(ZoneInfo(self.data.zone)).date()
        return words.spoken(card, self._team(card), self.now, formats().full_day(day))

    def tip(self, card: Shown) -> str:
        """The block for a resting pointer."""
        return words.tip(card, self._team(card), self.now)

    def cursor_words(self) -> str:
        """The cursor's place for a screen reader: the booking there, or the free slot."""
        card = self.selected()
        if card or not self.cursor or not self.lane:
            return self.spoken(card) if card else self.empty_words()
        return tr(
            "free place, {artist}, {day}, {time}",
            artist=self.artist_name(self.lane.artist_id),
            day=formats().full_day(self.lane.day),
            time=formats().clock(self.cursor.slot.minute),
        )

    def artist_name(self, artist_id: int) -> str:
        """An artist's name."""
        names = (artist.name for artist in self.data.artists if artist.id == artist_id)
        return next(names, tr("unknown artist"))

    def now_line(self) -> tuple[date, int] | None:
        """Date and clock minute of now, if shown."""
        if not self.first <= self.today <= self.last:
            return None
        local = self.now.astimezone(ZoneInfo(self.data.zone))
        return self.today, local.hour * 60 + local.minute

    def first_minute(self) -> int:
        """The clock minute that a first look begins with: half an hour before the first hours, 8:00 if none."""
        starts = [span.start_s for lane in self.board.lanes for span in open_minutes(self.data, lane)]
        return max(0, min(starts) - 30) if starts else 8 * 60

    # Inside

    def _team(self, card: Shown) -> str:
        return words.together([self.artist_name(one) for one in artists_of(card)])

    def _cards(self) -> list[Shown]:
        spans = [span for day in days_between(self.first, self.last) if (span := day_span(day, self.data.zone))]
        start, end = (to_instant(spans[0].start_s), to_instant(spans[-1].end_s)) if spans else (self.now, self.now)
        found: list[Shown] = [card for card in self.data.cards if card.group_id is None]
        found += self.data.groups
        return [card for card in found if card.starts_at < end and card.ends_at > start and self.filter.shows(card)]

    def _find(self, shown_id: ShownId | None) -> Shown | None:
        return next((card for card in self.cards if id_of(card) == shown_id), None)

    def _lay(self) -> Board:
        """The board of a view with a clock; the others have no lanes."""
        if self.mode in WITH_CLOCK:
            board = lay_board(self.data, self.artists, days_between(self.first, self.last), self._cards())
            self.cards: Sequence[Shown] = board.cards
            return board
        named = {artist.id for artist in self.artists}
        shown = [card for card in self._cards() if named.intersection(artists_of(card))]
        self.cards = sorted(shown, key=lambda card: (card.starts_at, card.artist_id))
        return lay_board(self.data, (), (), ())

    def _lay_again(self, day: date) -> None:
        """Lay the board anew; the cursor goes to ``day`` and stays with its artist and clock time."""
        self._day = day
        self.board = self._lay()
        self.cursor = self._cursor_at(day, self._place.artist_id, self._place.minute)
        if self.selected() is None:
            self.selected_id = None

    def _put(self, cursor: Cursor | None) -> None:
        """Place the cursor; artist and clock time are kept for a view that has them."""
        self.cursor = cursor
        if self.lane:
            self._place = Place(self.lane.artist_id, self.minute)

    def _cursor_at(self, day: date, artist_id: int | None, minute: int) -> Cursor | None:
        lanes = [n for n, lane in enumerate(self.board.lanes) if lane.day == day]
        lane = next((n for n in lanes if self.board.lanes[n].artist_id == artist_id), lanes[0] if lanes else None)
        slot = nearest_slot(day, self.data.zone, minute)
        return None if lane is None or slot is None else Cursor(lane, slot)
