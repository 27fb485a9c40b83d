"""Moving a booking: what is free for it, what its series would meet, and doing it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import MoveCommand
from inkdesk.application.calendar import BookingCard
from inkdesk.application.changes import Changes
from inkdesk.application.changing import ChangeLook
from inkdesk.application.series_commands import MoveSeriesCommand, PlannedDate
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.series import Scope
from inkdesk.domain.spans import to_seconds
from inkdesk.ui.booking.presenter.times import TimesPresenter
from inkdesk.ui.booking.presenter.verdicts import Wish
from inkdesk.ui.booking.presenter.writes import Writes


@dataclass(frozen=True, slots=True)
class Movable:
    """The booking to be moved, as it was booked."""

    card: BookingCard
    service: Service
    settings: StudioSettings

    @property
    def artists(self) -> list[Artist]:
        """Who could do it: those who do the service and are not at it already as further artists."""
        return [
            one
            for one in self.settings.artists
            if (one.is_active and self.service.is_done_by(one.id) and one.id not in self.card.with_artist_ids)
            or one.id == self.card.artist_id
        ]


@dataclass(frozen=True, slots=True)
class SeriesVerdict:
    """What a move of the whole series would meet, in one sentence; ``can_override``: a reason is enough."""

    sentence: str
    is_free: bool
    can_override: bool = False


class MoveView(Protocol):
    """The dialog."""

    def show_movable(self, movable: Movable) -> None:
        """Show the booking and let a time be chosen."""
        ...

    def show_series(self, verdict: SeriesVerdict | None) -> None:
        """Show what the companions meet; None if they stay where they are."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong; everything typed stays."""
        ...

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while it is being saved."""
        ...

    def close_moved(self) -> None:
        """The booking is moved."""
        ...


class MovePresenter:
    """Decides for one dialog, about the booking of ``look``. The latest answer about the series wins."""

    def __init__(
        self,
        view: MoveView,
        services: Services,
        look: ChangeLook,
        background: Background,
        times: TimesPresenter,
        writes: Writes,
    ) -> None:
        self._view = view
        self._services = services
        self._look = look
        self._background = background
        self._times = times
        self._writes = writes
        self._movable: Movable | None = None
        self._artist_id = 0
        self._asked = 0
        self.scope = Scope.ONE
        self.is_busy = False

    def begin(self) -> None:
        """Read the booking and who could do it."""
        self._background.read(self._read, self._show, self._view.show_error)

    def choose_artist(self, artist_id: int) -> None:
        """Somebody else, or the artist it was booked with; another artist is for this sitting alone."""
        self._artist_id = artist_id
        if self.is_other_artist():
            self._set_scope(Scope.ONE)
        self._wish()

    def choose_scope(self, scope: Scope) -> None:
        """How far the series goes along."""
        if scope is not self.scope:
            self._set_scope(scope)
            self._wish()

    def is_other_artist(self) -> bool:
        """Whether it would be done by somebody else."""
        return self._movable is not None and self._artist_id != self._movable.card.artist_id

    def wish(self) -> Wish | None:
        """With whom and for what a time is sought; None until the booking is read."""
        if self._movable is None:
            return None
        return Wish(self._artist_id, self._movable.service.id, self._movable.card.with_artist_ids)

    def judge_series(self) -> None:
        """Look what the companions meet at the chosen time."""
        self._asked += 1
        number = self._asked
        if self.scope is Scope.ONE:
            self._view.show_series(None)
            return
        try:
            starts_at = self._times.starts_at()
        except InkDeskError:
            return  # the verdict on the time itself says so

        def done(dates: list[PlannedDate]) -> None:
            if number == self._asked:
                self._view.show_series(series_verdict(dates))

        self._background.read(lambda: self._look.companions(starts_at), done, self._view.show_error)

    def save(self, reason: str) -> None:
        """Move it to the chosen time."""
        if self.is_busy or self._movable is None:
            return
        card = self._movable.card
        try:
            starts_at = self._times.starts_at()
            if to_seconds(starts_at) == to_seconds(card.starts_at) and not self.is_other_artist():
                raise ValidationError(message("The booking stands there already. Choose another time."))
        except InkDeskError as error:
            self._view.show_error(error)
            return
        self._set_busy(is_busy=True)
        work = self._work(card, starts_at, reason)
        self._writes.run(work, lambda changes: changes, lambda _changes: self._view.close_moved(), self._failed)

    def _work(self, card: BookingCard, starts_at: datetime, reason: str) -> Callable[[], Changes]:
        if self.scope is Scope.ONE:
            artist_id = self._artist_id if self.is_other_artist() else None
            one = MoveCommand(
                booking_id=card.booking_id,
                version=card.version,
                starts_at=starts_at,
                artist_id=artist_id,
                override_reason=reason,
            )
            return lambda: self._services.moves.move(one)
        command = MoveSeriesCommand(
            booking_id=card.booking_id,
            version=card.version,
            starts_at=starts_at,
            scope=self.scope,
            override_reason=reason,
        )
        return lambda: self._services.series.move(command)

    def _read(self) -> Movable:
        service = self._look.movable()
        card = self._services.queries.booking(self._look.booking_id).card
        return Movable(card, service, self._services.studio.settings(self._services.clock.now().date()))

    def _show(self, movable: Movable) -> None:
        self._movable, self._artist_id = movable, movable.card.artist_id
        self._view.show_movable(movable)
        zone = movable.settings.studio.zone_info
        today = self._services.clock.now().astimezone(zone).date()
        self._times.begin(zone, movable.settings.artists, [movable.service], today, movable.card.starts_at)
        self._wish()

    def _wish(self) -> None:
        wish = self.wish()
        if wish is not None:
            self._times.set_wish(wish)

    def _set_scope(self, scope: Scope) -> None:
        self.scope = self._look.scope = scope

    def _failed(self, error: InkDeskError) -> None:
        self._set_busy(is_busy=False)
        self._view.show_error(error)
        if error.code is ErrorCode.STALE_RECORD:
            self._background.read(self._read, self._refresh, self._view.show_error)
        elif error.code in {ErrorCode.SLOT_TAKEN, ErrorCode.SLOT_UNAVAILABLE}:
            self._times.refresh()

    def _refresh(self, movable: Movable) -> None:
        """The booking as it is now; what was chosen stays."""
        self._movable = movable
        self._times.refresh()

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self._view.show_busy(is_busy=is_busy)


def series_verdict(dates: Sequence[PlannedDate]) -> SeriesVerdict:
    """All companions in one sentence: free, or the first that is not, and how many more."""
    refused = [one for one in dates if not one.is_free]
    if not dates:
        return SeriesVerdict(tr("No other sitting of the series is still to come."), is_free=True)
    if not refused:
        count = len(dates)
        return SeriesVerdict(
            ntr("The other sitting is free at its new time.", "The {n} other sittings are free at their times.", count),
            is_free=True,
        )
    first = refused[0]
    why = render(first.sentence) if first.sentence else ""
    sentence = tr("{day}: {why}", day=first.wall.date(), why=why)
    if len(refused) > 1:
        sentence += " " + ntr("One more date is not free.", "{n} more dates are not free.", len(refused) - 1)
    return SeriesVerdict(sentence, is_free=False, can_override=all(one.can_override for one in refused))
