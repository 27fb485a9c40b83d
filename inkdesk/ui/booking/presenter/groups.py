"""Group sittings at the desk: planning one, seating clients, and what the dialog says of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.booking_words import short_words
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.application.group_commands import CancelGroup, GroupDetail, SeatedBooking
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import formats, ntr, tr
from inkdesk.application.undecided import Undecided, held_words
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.capacity import Load, seats_left
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.spans import Span, to_instant, to_seconds


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group sitting with who sits in it, as it stood when it was read."""

    detail: GroupDetail
    seated: Sequence[SeatedBooking]
    settings: StudioSettings

    @property
    def group(self) -> GroupSitting:
        """The group sitting itself."""
        return self.detail.group

    @property
    def loads(self) -> list[Load]:
        """What the bookings take, for counting."""
        return [(span_of(one.booking), one.seats) for one in self.seated]

    def left(self, within: Span) -> int:
        """How many seats are free during all of a part."""
        return seats_left(self.group.seats, self.loads, within)


class GroupView(Protocol):
    """The dialog of one group sitting."""

    def show_known(self, known: KnownGroup) -> None:
        """Show it."""
        ...

    def ask_end(self, known: KnownGroup, *, is_paid: bool, held: str) -> None:
        """Ask whether it shall be cancelled, and if ``is_paid`` what becomes of the deposits.

        ``held`` says what a bank holds of them ("": nothing).
        """
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong."""
        ...

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while something is being saved."""
        ...


class GroupPresenter:
    """Reads one group sitting again after everything that is done with it; the latest answer wins."""

    def __init__(
        self,
        view: GroupView,
        services: Services,
        background: Background,
        group_id: int,
        announce: Callable[[Changes], None],
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._group_id = group_id
        self._announce = announce
        self._asked = 0
        self.is_busy = False
        self.known: KnownGroup | None = None

    def reload(self) -> None:
        """Read it."""
        self._asked += 1
        number = self._asked

        def done(known: KnownGroup) -> None:
            if number == self._asked:
                self.known = known
                self._view.show_known(known)

        self._background.read(self._read, done, self._view.show_error)

    def ask_end(self) -> None:
        """Look whether money is here for one of its bookings, and ask what becomes of it and of them."""
        known = self.known
        if known is None or self.is_busy:
            return

        def look() -> Collection[Undecided]:
            return self._services.deposits.undecided([one.booking.id for one in known.seated]).values()

        def ask(there: Collection[Undecided]) -> None:
            self.is_busy = False
            is_paid = any(one.in_all.amount_minor for one in there)
            self._view.ask_end(known, is_paid=is_paid, held=held_words(one.held for one in there))

        def fail(error: InkDeskError) -> None:
            self.is_busy = False
            self._view.show_error(error)

        self.is_busy = True  # pressed twice, it asks once
        self._background.read(look, ask, fail)

    def cancel(self, fate: DepositFate | None, reason: str) -> None:
        """Cancel it with all that is booked in it; ``fate`` None if nothing is."""
        if self.known is None or self.is_busy:
            return
        group = self.known.group
        command = CancelGroup(group_id=group.id, version=group.version, fate=fate, reason=reason)
        self._set_busy(is_busy=True)
        self._background.call(lambda: self._services.groups.cancel(command), self._done, self._failed)

    def _read(self) -> KnownGroup:
        groups, today = self._services.groups, self._services.clock.now().date()
        settings = self._services.studio.settings(today)
        return KnownGroup(groups.group(self._group_id), groups.seated(self._group_id), settings)

    def _done(self, changes: Changes) -> None:
        self._set_busy(is_busy=False)
        self._announce(changes)
        self.reload()

    def _failed(self, error: InkDeskError) -> None:
        self._set_busy(is_busy=False)
        self._view.show_error(error)
        if error.code is not ErrorCode.VALIDATION:
            self._announce(EVERYTHING)
        self.reload()

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self._view.show_busy(is_busy=is_busy)


def span_of(booking: Booking) -> Span:
    """When a party sits."""
    start_s = to_seconds(booking.starts_at)
    return Span(start_s, start_s + booking.sitting.sitting_s)


def group_facts(known: KnownGroup, now: datetime) -> list[tuple[str, str]]:
    """The group sitting as (caption, text) lines."""
    group, detail = known.group, known.detail
    most_left = max(0, group.seats - detail.taken_peak)
    lines = [
        (tr("When"), part_words(group.span)),
        (tr("What"), detail.service_name),
        (tr("Artist"), detail.artist_name),
        (tr("Seats"), tr("{taken} of {seats} taken at the busiest moment", taken=detail.taken_peak, seats=group.seats)),
        (tr("Free"), ntr("{n} seat all the time", "{n} seats all the time", most_left)),
        (tr("Now"), _now_words(known, to_seconds(now))),
        (tr("Note"), group.note),
    ]
    return [(caption, text) for caption, text in lines if text]


def _now_words(known: KnownGroup, now_s: int) -> str:
    """How many seats are free this moment; "" before it begins and after it ends."""
    group = known.group
    if group.is_cancelled or not group.span.start_s <= now_s < group.span.end_s:
        return ""
    left = known.left(Span(now_s, now_s + 1))
    return ntr("{n} seat free", "{n} seats free", left)


def part_words(span: Span) -> str:
    """A part of a day, or of several."""
    start, end = to_instant(span.start_s), to_instant(span.end_s)
    return tr("{start} to {end}", start=start, end=formats().time(end))


def seated_row(one: SeatedBooking) -> tuple[str, str, str, str]:
    """One booking of a group: who, when, how many seats, how it stands."""
    span = span_of(one.booking)
    start, end = (formats().time(to_instant(at_s)) for at_s in span)
    times = tr("{start} – {end}", start=start, end=end)
    return one.client_name, times, str(one.seats), short_words(one.booking.status)


def room_words(known: KnownGroup, within: Span, seats: int) -> tuple[str, bool]:
    """What is said of a part before it is booked, and whether the party fits."""
    left = known.left(within)
    if left >= seats:
        return ntr("{n} seat is free then.", "{n} seats are free then.", left), True
    if left <= 0:
        return tr("Every seat is taken at some moment of this time."), False
    return ntr("Only {n} seat is free all of this time.", "Only {n} seats are free all of this time.", left), False
