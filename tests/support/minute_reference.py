"""Availability the slow way: look at every minute of ten days with plain datetimes, and ask every rule about it.

It shares nothing with the program but its values. Minutes are counted from three days before the first date at
midnight UTC; everything in a question must be whole minutes, and what is busy or away at least five of them long.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from inkdesk.domain.availability import ArtistTime, Cause, Slot, SlotRequest, StationPool
from inkdesk.domain.hours import ArtistHours, WallSpan
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.spans import Span

DAY = timedelta(days=1)
BEFORE, AFTER = 3, 7
MINUTES = (BEFORE + AFTER) * 1440

_Walls = list[datetime]


@lru_cache(maxsize=64)
def clock(zone: ZoneInfo, first: date) -> _Walls:
    """What the clock shows at each minute."""
    origin = datetime(first.year, first.month, first.day, tzinfo=UTC) - BEFORE * DAY
    minutes = (origin + timedelta(minutes=minute) for minute in range(MINUTES))
    return [minute.astimezone(zone).replace(tzinfo=None, fold=0) for minute in minutes]


@lru_cache(maxsize=64)
def _when_shown(zone: ZoneInfo, first: date) -> dict[datetime, list[int]]:
    shown: dict[datetime, list[int]] = {}
    for minute, wall in enumerate(clock(zone, first)):
        shown.setdefault(wall, []).append(minute)
    return shown


@lru_cache(maxsize=8192)
def hours_minutes(zone: ZoneInfo, first: date, day: date, span: WallSpan) -> range:
    """From the first minute whose clock reading lies in the hours to the last such minute."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    shown = _when_shown(zone, first)
    minutes = [
        minute
        for number in range(span.start_min, span.end_min)
        for minute in shown.get(midnight + timedelta(minutes=number), ())
    ]
    return range(min(minutes), max(minutes) + 1) if minutes else range(0)


def planned(hours: ArtistHours, day: date) -> tuple[WallSpan, ...]:
    """The hours of a date: its override, or the newest plan that has begun, in the week whose turn it is."""
    if day in hours.overrides:
        return hours.overrides[day]
    begun = [plan for plan in hours.plans if (plan.starts_on or date.min) <= day]
    if not begun:
        return ()
    plan = max(begun, key=lambda one: one.starts_on or date.min)
    monday, first_monday = (one - one.weekday() * DAY for one in (day, plan.week_a))
    weeks_passed = (monday - first_monday).days // 7
    return plan.weeks[weeks_passed % len(plan.weeks)][day.weekday()]


def _stretches(minutes: Iterable[int], begin_anew: Collection[int] = ()) -> list[list[int]]:
    """Minutes in order, cut where one is missing or where a stretch must begin anew."""
    found: list[list[int]] = []
    for minute in minutes:
        if found and minute == found[-1][-1] + 1 and minute not in begin_anew:
            found[-1].append(minute)
        else:
            found.append([minute])
    return found


@dataclass
class MinuteReference:
    """The answers to one request; ``artists`` all at once. ``first`` is the date in the middle of it all."""

    artists: Sequence[ArtistTime]
    request: SlotRequest
    first: date

    # --- minutes ---

    @cached_property
    def origin_s(self) -> int:
        """POSIX seconds of minute 0."""
        origin = datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC) - BEFORE * DAY
        return int(origin.timestamp())

    def minute(self, instant_s: int) -> int:
        """The minute an instant begins."""
        minute, seconds = divmod(instant_s - self.origin_s, 60)
        assert seconds == 0, "a question of whole minutes"
        return minute

    def _marked(self, spans: Iterable[tuple[int, int]]) -> bytearray:
        marks = bytearray(MINUTES)
        for start_s, end_s in spans:
            for minute in range(max(0, self.minute(start_s)), min(MINUTES, self.minute(end_s))):
                marks[minute] = 1
        return marks

    def _is_clear(self, marks: bytearray, start: int, end: int) -> bool:
        return 1 not in marks[start:end]

    # --- hours ---

    @cached_property
    def _closed(self) -> list[bytearray]:
        """For each artist the minutes that are not in the hours."""
        return [self._closed_of(artist.hours) for artist in self.artists]

    def _closed_of(self, hours: ArtistHours) -> bytearray:
        closed = bytearray(b"\1" * MINUTES)
        for number in range(-BEFORE, AFTER):
            day = self.first + number * DAY
            for span in planned(hours, day):
                for minute in hours_minutes(hours.zone, self.first, day, span):
                    closed[minute] = 0
        return closed

    @cached_property
    def _away(self) -> list[bytearray]:
        return [self._marked(artist.hours.leave) for artist in self.artists]

    @cached_property
    def _busy(self) -> list[bytearray]:
        return [self._marked(artist.busy) for artist in self.artists]

    @cached_property
    def _units(self) -> list[dict[int, bytearray]]:
        return [{unit: self._marked(spans) for unit, spans in pool.units.items()} for pool in self.request.pools]

    # --- one start ---

    def _span(self, start: int) -> tuple[int, int]:
        return start, start + self.request.sitting.sitting_s // 60

    def _is_here(self, hours: ArtistHours, start: int) -> bool:
        shown = clock(hours.zone, self.first)[start].date()
        return (hours.stays_from or date.min) <= shown <= (hours.stays_until or date.max)

    def _artist_is_kept(self, number: int, start: int) -> tuple[int, int]:
        sitting, pause_s = self.request.sitting, self.artists[number].hours.pause_s
        after_s = sitting.sitting_s + sitting.clean_up_s + pause_s
        return start - sitting.prep_s // 60, start + after_s // 60

    def free_units(self, number: int, start: int) -> list[int]:
        """The units of one pool that are free in all that they would be kept for."""
        pool: StationPool = self.request.pools[number]
        return [
            unit
            for unit, busy in self._units[number].items()
            if all(self._is_clear(busy, start + begin // 60, start + end // 60) for begin, end in pool.need.kept)
        ]

    def station_ids(self, start: int) -> tuple[int, ...] | None:
        """The first free units of every need; None if some need is not met."""
        taken: tuple[int, ...] = ()
        for number, pool in enumerate(self.request.pools):
            free = self.free_units(number, start)
            if len(free) < pool.need.units:
                return None
            taken += tuple(free[: pool.need.units])
        return taken

    def standing_causes(self, start: int) -> set[Cause]:
        """What stands against a start whatever the time is now, and whatever the limits are."""
        begin, end = self._span(start)
        causes: set[Cause] = set()
        for number, artist in enumerate(self.artists):
            if not self._is_here(artist.hours, start):
                causes.add(Cause.NOT_HERE)
            if not self._is_clear(self._closed[number], begin, end):
                causes.add(Cause.OUTSIDE_HOURS)
            if not self._is_clear(self._away[number], begin, end):
                causes.add(Cause.ON_LEAVE)
            if not self._is_clear(self._busy[number], *self._artist_is_kept(number, start)):
                causes.add(Cause.ARTIST_TAKEN)
        if self.station_ids(start) is None:
            causes.add(Cause.STATION_TAKEN)
        return causes

    def rule_causes(self, start: int) -> set[Cause]:
        """What the present, the horizon and the artists' limits say, except for the open days."""
        rules, now_s = self.request.rules, self.request.now_s
        start_s = self.origin_s + start * 60
        today = datetime.fromtimestamp(now_s, UTC).astimezone(self.request.zone).date()
        shown = self.date_of(start)
        causes: set[Cause] = set()
        if start_s < now_s:
            causes.add(Cause.PAST)
        elif start_s < now_s + rules.minimum_notice_s:
            causes.add(Cause.TOO_SOON)
        if rules.horizon_days is not None and shown > today + rules.horizon_days * DAY:
            causes.add(Cause.TOO_FAR)
        if not (rules.first_date or date.min) <= shown <= (rules.last_date or date.max):
            causes.add(Cause.TOO_FAR)
        for artist in self.artists:
            causes |= self._limits(artist, start)
        return causes - self.request.waived

    def date_of(self, start: int) -> date:
        """The date in the studio."""
        return clock(self.request.zone, self.first)[start].date()

    def _limits(self, artist: ArtistTime, start: int) -> set[Cause]:
        limits, shown = artist.limits, clock(artist.hours.zone, self.first)
        on = shown[start].date()
        lengths = [
            (shown[self.minute(one.start_s)].date(), one.end_s - one.start_s)
            for one in artist.sittings
            if 0 <= self.minute(one.start_s) < MINUTES
        ]
        that_day = [length for day, length in lengths if day == on]
        that_week = [day for day, _ in lengths if day - day.weekday() * DAY == on - on.weekday() * DAY]
        causes = set()
        if limits.per_day is not None and len(that_day) >= limits.per_day:
            causes.add(Cause.DAY_FULL)
        if limits.per_week is not None and len(that_week) >= limits.per_week:
            causes.add(Cause.WEEK_FULL)
        long_s = limits.long_sitting_s
        if long_s is not None and self.request.sitting.sitting_s > long_s and any(one > long_s for one in that_day):
            causes.add(Cause.LONG_DAY)
        return causes

    # --- the whole list ---

    @cached_property
    def standing(self) -> list[int]:
        """The starts that nothing lasting stands against, free minute by free minute."""
        return [
            start
            for start in range(1440, MINUTES - 1440)
            if not any(closed[start] for closed in self._closed) and not self.standing_causes(start)
        ]

    @cached_property
    def _begin_anew(self) -> set[int]:
        """Where the dates begin within hours that last longer than a day without a break."""
        cuts: set[int] = set()
        for closed, artist in zip(self._closed, self.artists, strict=True):
            shown = clock(artist.hours.zone, self.first)
            opens = [minute for minute in range(MINUTES) if not closed[minute]]
            for stretch in _stretches(opens):
                if len(stretch) > 1440:
                    dates = {shown[one].date() for one in stretch}
                    cuts.update(next(one for one in stretch if shown[one].date() == day) for day in dates)
        return cuts

    @cached_property
    def windows(self) -> list[tuple[int, int]]:
        """First and last minute of each stretch of free starts."""
        return [(one[0], one[-1]) for one in _stretches(self.standing, self._begin_anew)]

    def grid(self) -> list[int]:
        """The starts that the alignment names, whatever else stands against them."""
        step = self.request.rules.step_s // 60
        zone = self.artists[0].hours.zone
        if self.request.rules.alignment is Alignment.CLOCK:
            shown = clock(zone, self.first)
            return [start for start in self.standing if (shown[start].hour * 60 + shown[start].minute) % step == 0]
        starts: list[int] = []
        for first, last in self.windows:
            room = (last - first) % step
            begins = first
            if self.request.rules.alignment is Alignment.ROUND:
                begins = self._roundest(range(first, first + room + 1), zone)
            starts.extend(range(begins, last + 1, step))
        return starts

    def _roundest(self, candidates: range, zone: ZoneInfo) -> int:
        shown = clock(zone, self.first)
        for round_to in (60, 30, 15, 10, 5):
            for start in candidates:
                if shown[start].minute % round_to == 0:
                    return start
        return candidates[0]

    @cached_property
    def _starts_but_for_open_days(self) -> list[int]:
        return [start for start in self.grid() if not self.rule_causes(start)]

    @cached_property
    def last_open_day(self) -> date:
        """The last of the open days; what the desk overrides does not make a date count."""
        most = self.request.rules.open_days
        if most is None or Cause.TOO_FAR in self.request.waived:
            return date.max
        nothing_waived = replace(self.request, waived=frozenset())
        plain = MinuteReference(self.artists, nothing_waived, self.first) if self.request.waived else self
        days = sorted({self.date_of(start) for start in plain._starts_but_for_open_days})
        return days[most - 1] if len(days) >= most else date.max

    def causes(self, start_s: int) -> set[Cause]:
        """Everything against one start; the grid is no cause."""
        start = self.minute(start_s)
        causes = self.standing_causes(start) | self.rule_causes(start)
        if self.date_of(start) > self.last_open_day:
            causes.add(Cause.TOO_FAR)
        return causes

    def slots(self, within: Span) -> list[Slot]:
        """The whole list of a range."""
        artist_ids = tuple(artist.hours.artist_id for artist in self.artists)
        found = []
        for start in self._starts_but_for_open_days:
            start_s = self.origin_s + start * 60
            if within.start_s <= start_s < within.end_s and self.date_of(start) <= self.last_open_day:
                units = self.station_ids(start)
                end_s = start_s + self.request.sitting.sitting_s
                found.append(Slot(start_s, end_s, artist_ids, () if units is None else units))
        return found
