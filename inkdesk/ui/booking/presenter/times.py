"""Choosing the time of a booking: free slots, free choice, and the verdict about it at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from inkdesk.application.availability_service import AvailabilityService, FreeSlot, Judgement
from inkdesk.application.background import Background
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import InkDeskError, SlotTaken, ValidationError
from inkdesk.domain.hours import wall_to_seconds
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import to_instant, to_seconds

SEARCH_DAYS = 28
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeVerdict:
    """What is known about the chosen time. ``can_override``: a reason would be enough to book it."""

    sentence: str
    is_free: bool
    can_override: bool = False
    alternatives: tuple[FreeSlot, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall do what; ``artist_id`` None means anyone who does the service."""

    artist_id: int | None
    service_id: int


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

    def __init__(self, view: TimesView, availability: AvailabilityService, background: Background) -> None:
        self._view = view
        self._availability = availability
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
        self._verdict: TimeVerdict | None = None

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
        self._read_slots(first, last, lambda slots: self._stepped(direction, slots))

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

    def choose(self, slot: FreeSlot) -> None:
        """Take an offered slot."""
        local = slot.starts_at.astimezone(self._zone)
        self._is_chosen = True
        self._set(local.date(), local.hour * 60 + local.minute, local.fold)
        if self._first <= local.date() <= self._last:
            self._show_day()
        else:
            self._load(local.date())
        self._judge()

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
        artist_id, judged = self._ask(wish, starts_at)
        if not judged.is_free:
            raise SlotTaken(_nobody(starts_at))
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

        def found(slots: list[FreeSlot]) -> None:
            if number == self._slots_asked:
                self._first, self._last, self._slots = day, day + timedelta(days=SEARCH_DAYS - 1), slots
                self._loaded()
                self._settle()

        self._read_slots(day, day + timedelta(days=SEARCH_DAYS - 1), found)

    def _settle(self) -> None:
        self._is_loading = False
        act, self._then = self._then, None
        if act is not None:
            act()

    def _read_slots(self, first: date, last: date, found: Callable[[list[FreeSlot]], None]) -> None:
        wish = self._wished()
        self._background.read(
            lambda: self._availability.slots(wish.artist_id, wish.service_id, first, last), found, self._failed
        )

    def _loaded(self) -> None:
        if not self._is_chosen and self._slots:
            self.choose(self._slots[0])
            self._is_chosen = False
            return
        self._show_day()
        self._offer_again()

    def _show_day(self) -> None:
        of_day = [slot for slot in self._slots if slot.starts_at.astimezone(self._zone).date() == self._day]
        self._view.show_day(list(_by_start(of_day).values()), self._nothing())

    def _nothing(self) -> str:
        wish = self._wished()
        if wish.artist_id in self._artists and not self._services[wish.service_id].is_done_by(wish.artist_id):
            return render(_not_offered(self._artists[wish.artist_id], self._services[wish.service_id]))
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
        self._verdict = None
        self._view.show_verdict(None)
        self._background.read(
            lambda: self._ask(wish, starts_at),
            lambda answer: self._answered(number, wish, starts_at, *answer),
            lambda error: self._refused(number, error),
        )

    def _ask(self, wish: Wish, starts_at: datetime) -> tuple[int, Judgement]:
        if wish.artist_id is not None:
            return wish.artist_id, self._availability.judge(wish.artist_id, wish.service_id, starts_at)
        able = [one for one in self._artists if self._services[wish.service_id].is_done_by(one)]
        if not able:
            raise ValidationError(message("No artist does this service. Choose another service."), field="service_id")
        answers = [(one, self._availability.judge(one, wish.service_id, starts_at)) for one in able]
        return next((answer for answer in answers if answer[1].is_free), answers[0])

    def _answered(self, number: int, wish: Wish, starts_at: datetime, artist_id: int, judged: Judgement) -> None:
        if number != self._judged:
            return
        self._verdict = self._put(wish, starts_at, artist_id, judged)
        self._view.show_verdict(self._verdict)

    def _put(self, wish: Wish, starts_at: datetime, artist_id: int, judged: Judgement) -> TimeVerdict:
        if judged.is_free:
            ends_at = starts_at + timedelta(seconds=self._services[wish.service_id].sitting.sitting_s)
            who = self._artists[artist_id].name if artist_id in self._artists else ""
            sentence = tr("Free: {artist}, {start} to {end}.", artist=who, start=starts_at, end=formats().time(ends_at))
            return TimeVerdict(sentence=sentence, is_free=True)
        named = judged.sentence if wish.artist_id is not None else None
        return TimeVerdict(
            sentence=render(named or _nobody(starts_at)),
            is_free=False,
            can_override=judged.can_override and wish.artist_id is not None,
            alternatives=self._near(starts_at),
        )

    def _offer_again(self) -> None:
        """The slots came after the verdict: its alternatives were not known yet."""
        if self._verdict is not None and not self._verdict.is_free and self._instants():
            self._verdict = replace(self._verdict, alternatives=self._near(self.starts_at()))
            self._view.show_verdict(self._verdict)

    def _near(self, starts_at: datetime) -> tuple[FreeSlot, ...]:
        firsts, wanted_s = _by_start(self._slots), to_seconds(starts_at)
        near = sorted(firsts, key=lambda start_s: abs(start_s - wanted_s))[:MOST_ALTERNATIVES]
        return tuple(firsts[start_s] for start_s in sorted(near))

    def _refused(self, number: int, error: InkDeskError) -> None:
        if number == self._judged:
            self._verdict = None
            self._view.show_verdict(TimeVerdict(sentence=render(error.message), is_free=False))

    def _failed(self, error: InkDeskError) -> None:
        self._view.show_day([], render(error.message))
        self._settle()


def _by_start(slots: Sequence[FreeSlot]) -> dict[int, FreeSlot]:
    """The first slot of each start, by POSIX seconds: datetimes of one zone compare equal in a doubled hour."""
    found: dict[int, FreeSlot] = {}
    for slot in slots:
        found.setdefault(to_seconds(slot.starts_at), slot)
    return found


def _nobody(starts_at: datetime) -> Message:
    return message("No artist is free at {time}. Choose another time.", time=starts_at)


def _not_offered(artist: Artist, service: Service) -> Message:
    return message(
        "{artist} does not offer {service}. Choose another artist.", artist=artist.name, service=service.name
    )


def _no_day(direction: int) -> str:
    if direction > 0:
        return tr("No free day in the next four weeks.")
    return tr("No free day in the four weeks before.")
