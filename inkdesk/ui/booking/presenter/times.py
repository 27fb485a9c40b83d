"""Choosing the time of a booking: free slots, free choice, and the verdict about it at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from inkdesk.application.availability_service import FreeSlot, Judgement
from inkdesk.application.background import Background
from inkdesk.application.reasons import nobody_is_free
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import InkDeskError, SlotTaken, ValidationError
from inkdesk.domain.hours import wall_to_seconds
from inkdesk.domain.message import message
from inkdesk.domain.spans import to_instant, to_seconds
from inkdesk.ui.booking.presenter.free_times import FreeTimes
from inkdesk.ui.booking.presenter.verdicts import TimeVerdict, Wish, not_offered, verdict_on

SEARCH_DAYS = 28
MOST_ALTERNATIVES = 3


class TimesView(Protocol):
    """What shows days, slots and the verdict."""

    def show_day(self, slots: Sequence[FreeSlot], nothing: str) -> None:
        """Show the free slots of the day, or the sentence ``nothing`` if there are none."""
        ...

    def show_start(self, day: date, minute: int) -> None:
        """Show the chosen wall-clock time."""
        ...

    def show_occurrences(self, starts: Sequence[datetime], chosen: int) -> None:
        """Offer the two instants of a doubled hour; an empty list hides the choice."""
        ...

    def show_verdict(self, verdict: TimeVerdict | None) -> None:
        """Show the verdict; None while it is being asked for."""
        ...


class TimesPresenter:
    """Keeps the wish, the chosen wall-clock time and the free slots around it. The latest answer wins."""

    def __init__(self, view: TimesView, free: FreeTimes, background: Background) -> None:
        self._view = view
        self._free = free
        self._background = background
        self._zone = ZoneInfo("UTC")
        self._artists: dict[int, Artist] = {}
        self._services: dict[int, Service] = {}
        self._wish: Wish | None = None
        self._day = date.min
        self._minute = 0
        self._occurrence = 0
        self._is_chosen = False
        self._first = self._last = date.min
        self._slots: list[FreeSlot] = []
        self._slots_asked = 0
        self._is_loading = False
        self._then: Callable[[], None] | None = None
        self._judged = 0

    def begin(
        self,
        zone: ZoneInfo,
        artists: Sequence[Artist],
        services: Sequence[Service],
        today: date,
        starts_at: datetime | None,
    ) -> None:
        """Take the studio's zone and people, and the time the form was opened with (None: the first free one)."""
        self._zone = zone
        self._artists = {artist.id: artist for artist in artists}
        self._services = {service.id: service for service in services}
        self._day = today
        if starts_at is not None:
            local = starts_at.astimezone(zone)
            self._is_chosen = True
            self._set(local.date(), local.hour * 60 + local.minute, local.fold)

    def set_wish(self, wish: Wish) -> None:
        """Ask for other slots and another verdict; a time nobody chose follows to the first free one."""
        self._wish = wish
        self._load(self._day)
        if self._is_chosen:
            self._judge()

    def set_day(self, day: date) -> None:
        """Go to a day and keep the clock time."""
        if day == self._day:
            return
        self._is_chosen = True
        self._set(day, self._minute, 0)
        if self._first <= day <= self._last:
            self._show_day()
        else:
            self._load(day)
        self._judge()

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) day with a free slot, and choose its first."""
        known = self._days_towards(direction, self._slots)
        if known:
            self.choose(known)
            return
        first, last = self._day + timedelta(days=1), self._day + timedelta(days=SEARCH_DAYS)
        if direction < 0:
            first, last = self._day - timedelta(days=SEARCH_DAYS), self._day - timedelta(days=1)
        self._read_slots(first, last, lambda slots: self._stepped(direction, slots), self._failed)

    def set_clock(self, minute: int) -> None:
        """Choose a wall-clock minute of the day."""
        if minute != self._minute or not self._is_chosen:
            self._is_chosen = True
            self._set(self._day, minute, 0)
            self._judge()

    def set_occurrence(self, occurrence: int) -> None:
        """Choose the first (0) or second (1) instant of a doubled hour."""
        if occurrence != self._occurrence:
            self._set(self._day, self._minute, occurrence)
            self._judge()

    def choose(self, slot: FreeSlot, wish: Wish | None = None) -> None:
        """Take an offered slot; ``wish`` is with whom, if that was another question than so far."""
        is_other_wish = wish is not None and wish != self._wish
        self._wish = wish or self._wish
        local = slot.starts_at.astimezone(self._zone)
        self._is_chosen = True
        self._set(local.date(), local.hour * 60 + local.minute, local.fold)
        if not is_other_wish and self._first <= local.date() <= self._last:
            self._show_day()
        else:
            self._load(local.date())
        self._judge()

    def asked_at(self) -> datetime | None:
        """The instant somebody chose; None if the form only stands at the first free one."""
        return self._named() if self._is_chosen else None

    def when_known(self, act: Callable[[], None]) -> None:
        """Call ``act`` once the time is known: at once, or when the first free slot has arrived that it shall be."""
        if self._is_chosen or not self._is_loading:
            act()
        else:
            self._then = act

    def refresh(self) -> None:
        """Somebody was faster: ask for slots and verdict again, the choice stays."""
        self._load(self._day)
        self._judge()

    def starts_at(self) -> datetime:
        """The chosen instant; ValidationError in the missing hour."""
        starts = self._instants()
        if not starts:
            raise ValidationError(
                message(
                    "{time} does not exist on {day}: the clock is put forward then. Choose another time.",
                    time=formats().clock(self._minute),
                    day=self._day,
                ),
                field="starts_at",
            )
        return starts[min(self._occurrence, len(starts) - 1)]

    def who_is_free(self, wish: Wish, starts_at: datetime) -> int:
        """The artist wished for, or the first who is free; SlotTaken if nobody is. It reads: ask in the background."""
        if wish.artist_id is not None:
            return wish.artist_id
        artist_id, judged = self._free.judge(wish, starts_at)
        if not judged.is_free:
            raise SlotTaken(nobody_is_free(starts_at))
        return artist_id

    def _wished(self) -> Wish:
        if self._wish is None:
            raise ValidationError(message("Choose a service first."), field="service_id")
        return self._wish

    def _set(self, day: date, minute: int, occurrence: int) -> None:
        self._day, self._minute, self._occurrence = day, minute, occurrence
        starts = self._instants()
        self._view.show_start(day, minute)
        self._view.show_occurrences(starts if len(starts) > 1 else [], occurrence)

    def _instants(self) -> list[datetime]:
        return [
            to_instant(start).astimezone(self._zone) for start in wall_to_seconds(self._day, self._minute, self._zone)
        ]

    def _load(self, day: date) -> None:
        self._slots_asked += 1
        self._is_loading = True
        number = self._slots_asked
        last = day + timedelta(days=SEARCH_DAYS - 1)

        def found(slots: list[FreeSlot]) -> None:
            if number == self._slots_asked:
                self._first, self._last, self._slots = day, last, slots
                self._loaded()
                self._settle()

        def failed(error: InkDeskError) -> None:
            if number == self._slots_asked:
                self._first, self._last, self._slots = date.min, date.min, []
                self._failed(error)
                self._settle()

        self._read_slots(day, last, found, failed)

    def _settle(self) -> None:
        self._is_loading = False
        act, self._then = self._then, None
        if act is not None:
            act()

    def _read_slots(
        self,
        first: date,
        last: date,
        found: Callable[[list[FreeSlot]], None],
        failed: Callable[[InkDeskError], None],
    ) -> None:
        wish = self._wished()
        self._background.read(lambda: self._free.slots(wish, first, last), found, failed)

    def _loaded(self) -> None:
        if not self._is_chosen and self._slots:
            self.choose(self._slots[0])
            self._is_chosen = False
            return
        if not self._is_chosen and self._judged:
            self._judge()  # the verdict that is shown answered another wish
        self._show_day()

    def _show_day(self) -> None:
        of_day = [slot for slot in self._slots if slot.starts_at.astimezone(self._zone).date() == self._day]
        self._view.show_day(list(_by_start(of_day).values()), self._nothing())

    def _nothing(self) -> str:
        wish = self._wished()
        if wish.artist_id in self._artists and not self._services[wish.service_id].is_done_by(wish.artist_id):
            return render(not_offered(self._artists[wish.artist_id], self._services[wish.service_id]))
        later = self._days_towards(1, self._slots)
        if later is None:
            return tr("From {day} on no slot is free for four weeks.", day=self._day)
        return tr("No free slot on {day}: the next one is {time}.", day=self._day, time=later.starts_at)

    def _days_towards(self, direction: int, slots: Sequence[FreeSlot]) -> FreeSlot | None:
        days: dict[date, FreeSlot] = {}
        for slot in slots:
            days.setdefault(slot.starts_at.astimezone(self._zone).date(), slot)
        later = [day for day in days if (day > self._day if direction > 0 else day < self._day)]
        if not later:
            return None
        return days[min(later) if direction > 0 else max(later)]

    def _stepped(self, direction: int, slots: list[FreeSlot]) -> None:
        found = self._days_towards(direction, slots)
        if found:
            self.choose(found)
        else:
            self._view.show_day([], _no_day(direction))

    def _judge(self) -> None:
        self._judged += 1
        number, wish = self._judged, self._wish
        if wish is None:
            return
        try:
            starts_at = self.starts_at()
        except ValidationError as error:
            self._refused(number, error)
            return
        service = self._services[wish.service_id]
        self._view.show_verdict(None)

        def answered(answer: tuple[int, Judgement]) -> None:
            artist_id, judged = answer
            if number == self._judged:
                self._tell(number, verdict_on(judged, artist_id, wish, self._artists, service, starts_at))

        self._background.read(
            lambda: self._free.judge(wish, starts_at), answered, lambda error: self._refused(number, error)
        )

    def _refused(self, number: int, error: InkDeskError) -> None:
        if number != self._judged:
            return
        sentence = render(error.message)
        if self._wished().is_about_length(error):
            self._view.show_verdict(TimeVerdict(sentences=(), is_free=False, length_error=sentence))
        else:
            self._tell(number, TimeVerdict(sentences=(sentence,), is_free=False))

    def _tell(self, number: int, verdict: TimeVerdict) -> None:
        """Show the verdict at once, and the nearest free starts of a refused time as soon as they are known."""
        self._view.show_verdict(verdict)
        if verdict.is_free:
            return
        wish, near = self._wished(), self._named()

        def found(slots: list[FreeSlot]) -> None:
            if number == self._judged:
                by_time = tuple(sorted(slots, key=lambda slot: to_seconds(slot.starts_at)))
                self._view.show_verdict(replace(verdict, alternatives=by_time))

        def failed(_error: InkDeskError) -> None:
            """The verdict is the answer; without alternatives it stands as it is."""

        self._background.read(lambda: self._free.alternatives(wish, near, MOST_ALTERNATIVES), found, failed)

    def _named(self) -> datetime:
        """The instant that the chosen clock time names, also in the missing hour: as far after its beginning."""
        hour, minute = divmod(self._minute, 60)
        day = self._day
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone, fold=self._occurrence)

    def _failed(self, error: InkDeskError) -> None:
        if self._wished().is_about_length(error):
            self._refused(self._judged, error)
            self._view.show_day([], tr("There are no times for this length."))
        else:
            self._view.show_day([], render(error.message))


def _by_start(slots: Sequence[FreeSlot]) -> dict[int, FreeSlot]:
    """The first slot of each start, by POSIX seconds: datetimes of one zone compare equal in a doubled hour."""
    found: dict[int, FreeSlot] = {}
    for slot in slots:
        found.setdefault(to_seconds(slot.starts_at), slot)
    return found


def _no_day(direction: int) -> str:
    if direction > 0:
        return tr("No free day in the next four weeks.")
    return tr("No free day in the four weeks before.")
