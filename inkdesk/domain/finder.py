"""The finder: three offers out of all free slots, and three others for whoever declines them.

A person on the phone is not read a list. They hear three offers: *the earliest fit*, *the nearest to the asked day
and hour*, and *another artist or the next best day*. Who declines hears three others, and so on, until every slot
that fits was offered once. The rules, which do not depend on the order of the slots:

* A slot fits if it starts within the wish's window of the day and on one of its weekdays, and was not declined.
* EARLIEST is the first start. NEAREST is the start with the least real time between it and the asked instant, the
  earlier of two. If no instant was asked, or the earliest is the nearest, there is one OTHER more instead.
* OTHER differs from every offer before it in the artists or in the day. The nearest day to the asked one comes first
  (to the earliest offer's, if none was asked), the earlier of two; on that day an artist not offered yet; then the
  preferred artist; then the nearest hour on the clock. A second OTHER is on another day than all the others.
* If there is no such slot, the same order chooses from what is left; a start is offered a second time, with another
  artist, only if no other start is left.
* Who declines 14:00 does not want 14:15: a slot in the half-day of a declined one of the same artists (the same date,
  both before or both from 13:00 on the clock) is spare. All of the above chooses among the others; spare slots only
  fill up what is missing to three, in the order of OTHER, and have all offers if nothing else is left.
* Among slots of one start the preferred artist's comes first, then the lowest artist id.

Instants are POSIX seconds, days are those of the zone's calendar, weekdays count from 0 = Monday.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from inkdesk.domain.availability import Cause, Slot
from inkdesk.domain.hours import DAY_S, MINUTES_A_DAY, WallSpan, offset_spans
from inkdesk.domain.slot_rules import YEARS
from inkdesk.domain.spans import Span

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_KEPT_S = range(*(int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (YEARS.start, YEARS.stop)))

_AFTERNOON_S = 13 * 3600
"""The second of the day that parts its halves."""

OFFERS = 3
"""How many offers are made at a time."""


class OfferKind(StrEnum):
    """Why a slot is offered."""

    EARLIEST = "earliest"
    NEAREST = "nearest"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the client asks for, apart from service and artists.

    ``window``: the sitting starts at or after its first and before its last wall-clock minute; it may cross midnight,
    and what starts after that midnight belongs to the day before. ``weekdays``: on one of these (empty: on any).
    ``near_s``: the asked instant, None for as soon as possible. ``preferred_artist_id`` decides between slots that
    are equally good otherwise.

    Raises ValueError for a window that is empty, longer than a day or starts on another day, for a weekday that is
    none, and for an instant in a year in which nobody books.
    """

    window: WallSpan | None = None
    weekdays: frozenset[int] = frozenset()
    near_s: int | None = None
    preferred_artist_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse what nothing can fit."""
        window = self.window or WallSpan(0, MINUTES_A_DAY)
        if not 0 <= window.start_min < MINUTES_A_DAY:
            raise ValueError("a window starts within its day")
        if not window.start_min < window.end_min <= window.start_min + MINUTES_A_DAY:
            raise ValueError("a window lasts longer than nothing and at most a day")
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("a weekday is a number from 0 to 6")
        if self.near_s is not None and self.near_s not in _KEPT_S:
            raise ValueError("the asked instant lies in a year in which nobody books")

    def is_met(self, day: int, second: int) -> bool:
        """Whether a start at ``second`` of the ``day`` (counted from 1970-01-01) lies in window and weekdays."""
        window = self.window
        if window is not None and not window.start_min * 60 <= second < window.end_min * 60:
            day, second = day - 1, second + DAY_S
            if second >= window.end_min * 60:
                return False
        return not self.weekdays or (day + 3) % 7 in self.weekdays  # 1970-01-01 was a Thursday

    def is_met_at(self, shown: datetime) -> bool:
        """The same for a start as the zone's clock and calendar show it."""
        return self.is_met(shown.toordinal() - _EPOCH_DAY, shown.hour * 3600 + shown.minute * 60 + shown.second)


ANY_TIME = Wish()
"""As soon as possible, on any day at any time, with whom it may be."""


class SlotKey(NamedTuple):
    """What makes two slots the same offer: start and artists. The station units may change meanwhile."""

    start_s: int
    artist_ids: tuple[int, ...]


class Offer(NamedTuple):
    """A slot with the reason for offering it, and the rules of the house it needs an override for."""

    slot: Slot
    kind: OfferKind
    overrode: tuple[Cause, ...] = ()


class Choice(NamedTuple):
    """Up to three offers; whether no slot elsewhere could replace one of them; how many more slots fit here."""

    offers: list[Offer]
    is_certain: bool
    more: int


def three_offers(slots: Iterable[Slot], wish: Wish, zone: ZoneInfo, declined: Collection[SlotKey] = ()) -> list[Offer]:
    """The three offers of ``slots`` by the rules above; fewer only if no more fit.

    ``zone`` is the studio's, whose clock and calendar the wish means. ``declined`` are all offers made before: adding
    those of each answer and asking again yields every slot that fits exactly once.
    """
    return choose(slots, wish, zone, declined).offers


def choose(
    slots: Iterable[Slot], wish: Wish, zone: ZoneInfo, declined: Collection[SlotKey] = (), unread: Sequence[Span] = ()
) -> Choice:
    """The three offers of the slots known so far, and whether they are what all slots together would give.

    ``unread`` is the real time, in whole days of ``zone``, whose slots are not among ``slots``.
    """
    fits = _Fits(slots, wish, zone, declined)
    if not fits.ordered:
        return Choice([], not unread, 0)
    chooser = _Chooser(fits, wish, zone)
    offers = chooser.choose()
    return Choice(offers, not unread or chooser.is_certain(unread), fits.count - len(offers))


_Days = dict[int, list[tuple[int, Slot]]]
_Start = TypeVar("_Start", Slot, SlotKey)


class _Fits:
    """The slots to choose from: by start, and by day with the second of the day that the clock shows.

    ``spare`` are those of declined half-days, by day. If nothing else is left they are what is chosen from, and
    ``is_only_spare`` says so.
    """

    def __init__(self, slots: Iterable[Slot], wish: Wish, zone: ZoneInfo, declined: Collection[SlotKey]) -> None:
        refused = frozenset(declined)
        halves = {_half(*one) for one in _on_the_calendar(sorted(refused), zone)}
        self.ordered: list[Slot] = []
        self.days: _Days = {}
        self.spare: _Days = {}
        spare: list[Slot] = []
        for day, second, slot in _on_the_calendar(sorted(slots), zone):
            if wish.is_met(day, second) and not (refused and (slot.start_s, slot.artist_ids) in refused):
                is_spare = bool(halves) and _half(day, second, slot) in halves
                (spare if is_spare else self.ordered).append(slot)
                (self.spare if is_spare else self.days).setdefault(day, []).append((second, slot))
        self.count = len(self.ordered) + len(spare)
        self.is_only_spare = not self.ordered
        if self.is_only_spare:
            self.ordered, self.days, self.spare = spare, self.spare, {}

    def of_start(self, start_s: int) -> list[Slot]:
        """All slots of one start."""
        first, end = bisect_left(self.ordered, (start_s,)), bisect_left(self.ordered, (start_s + 1,))
        return self.ordered[first:end]

    def nearest_start(self, near_s: int) -> int:
        """The start with the least real time between it and ``near_s``, the earlier of two."""
        after = bisect_left(self.ordered, (near_s,))
        around = self.ordered[max(after - 1, 0) : after + 1]
        return min((slot.start_s for slot in around), key=lambda start: (abs(start - near_s), start))


def _half(day: int, second: int, one: Slot | SlotKey) -> tuple[int, bool, tuple[int, ...]]:
    """Whose half of which day it is in."""
    return day, second >= _AFTERNOON_S, one.artist_ids


def _on_the_calendar(slots: Sequence[_Start], zone: ZoneInfo) -> Iterable[tuple[int, int, _Start]]:
    """Each slot with its day (from 1970-01-01) and second of the day on the zone's clock."""
    if not slots:
        return
    first = 0
    for piece in offset_spans(zone, Span(slots[0].start_s, slots[-1].start_s)):
        end = bisect_left(slots, (piece.end_s,), first)
        for slot in slots[first:end]:
            day, second = divmod(slot.start_s + piece.offset_s, DAY_S)
            yield day, second, slot
        first = end


def _shown(instant_s: int, zone: ZoneInfo) -> tuple[int, int]:
    """Day (from 1970-01-01) and second of the day that the zone's clock shows."""
    for piece in offset_spans(zone, Span(instant_s, instant_s)):
        if piece.start_s <= instant_s < piece.end_s:
            return divmod(instant_s + piece.offset_s, DAY_S)
    raise ValueError("the offsets have a gap")


_Test = Callable[[int, Slot], bool]


class _Chooser:
    """Makes one answer's offers, one after the other."""

    def __init__(self, fits: _Fits, wish: Wish, zone: ZoneInfo) -> None:
        self._fits = fits
        self._wish = wish
        self._zone = zone
        self._first = self._preferred(fits.ordered[0].start_s)
        self._nearest = self._first if wish.near_s is None else self._preferred(fits.nearest_start(wish.near_s))
        asked = self._first.start_s if wish.near_s is None else wish.near_s
        self._asked_day, asked_second = _shown(asked, zone)
        self._asked_second = 0 if wish.near_s is None else asked_second
        self._order, self._spare_order = self._by_distance(fits.days), self._by_distance(fits.spare)
        self._offers: list[Offer] = []
        self._days: set[int] = set()
        self._is_makeshift = fits.is_only_spare

    def choose(self) -> list[Offer]:
        """All offers of one answer."""
        self._add(self._first, OfferKind.EARLIEST)
        if self._nearest != self._first:
            self._add(self._nearest, OfferKind.NEAREST)
        self._add_best(self._is_other)
        self._add_best(self._is_other_day)
        for test in (self._is_fresh_start, self._is_not_offered):
            while self._add_best(test) or self._add_spare(test):
                self._is_makeshift = True
        return self._offers

    def is_certain(self, unread: Sequence[Span]) -> bool:
        """Whether no slot that starts in ``unread`` could take the place of an offer."""
        if self._is_makeshift or len(self._offers) < OFFERS:
            return False
        return all(self._is_safe_from(span) for span in unread)

    def _is_safe_from(self, unread: Span) -> bool:
        first_day, last_day = (_shown(at, self._zone)[0] for at in (unread.start_s, unread.end_s - 1))
        furthest = max(abs(_shown(offer.slot.start_s, self._zone)[0] - self._asked_day) for offer in self._by_day())
        is_by_day = max(first_day - self._asked_day, self._asked_day - last_day) > furthest
        return unread.start_s > self._first.start_s and self._is_nearest_to(unread) and is_by_day

    def _by_day(self) -> list[Offer]:
        return [offer for offer in self._offers if offer.kind is OfferKind.OTHER]

    def _is_nearest_to(self, unread: Span) -> bool:
        near_s = self._wish.near_s
        if near_s is None:
            return True
        return max(unread.start_s - near_s, near_s - unread.end_s) >= abs(self._nearest.start_s - near_s)

    def _preferred(self, start_s: int) -> Slot:
        return min(self._fits.of_start(start_s), key=lambda slot: (self._is_unloved(slot), slot.artist_ids))

    def _is_unloved(self, slot: Slot) -> bool:
        return self._wish.preferred_artist_id not in slot.artist_ids

    def _add(self, slot: Slot, kind: OfferKind) -> None:
        self._offers.append(Offer(slot, kind))
        self._days.add(_shown(slot.start_s, self._zone)[0])

    def _by_distance(self, days: _Days) -> list[int]:
        return sorted(days, key=lambda day: (abs(day - self._asked_day), day))

    def _add_best(self, test: _Test) -> bool:
        """Add the best slot of the nearest day that has one to pass the test, if three are not reached yet."""
        return self._add_from(self._fits.days, self._order, test)

    def _add_spare(self, test: _Test) -> bool:
        """The same from the declined half-days."""
        return self._add_from(self._fits.spare, self._spare_order, test)

    def _add_from(self, days: _Days, order: Sequence[int], test: _Test) -> bool:
        if len(self._offers) == OFFERS:
            return False
        for day in order:
            found = [(second, slot) for second, slot in days[day] if test(day, slot)]
            if found:
                self._add(min(found, key=self._rank)[1], OfferKind.OTHER)
                return True
        return False

    def _rank(self, one: tuple[int, Slot]) -> tuple[bool, bool, int, Slot]:
        second, slot = one
        return not self._is_new_artist(slot), self._is_unloved(slot), abs(second - self._asked_second), slot

    def _is_other(self, day: int, slot: Slot) -> bool:
        return (day not in self._days or self._is_new_artist(slot)) and self._is_fresh_start(day, slot)

    def _is_other_day(self, day: int, slot: Slot) -> bool:
        return day not in self._days and self._is_fresh_start(day, slot)

    def _is_fresh_start(self, _day: int, slot: Slot) -> bool:
        return all(offer.slot.start_s != slot.start_s for offer in self._offers)

    def _is_not_offered(self, _day: int, slot: Slot) -> bool:
        return all(offer.slot != slot for offer in self._offers)

    def _is_new_artist(self, slot: Slot) -> bool:
        return all(offer.slot.artist_ids != slot.artist_ids for offer in self._offers)
