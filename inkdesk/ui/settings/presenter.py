"""What the settings page decides: reading and saving through the services, and what a Stripe key must pass."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookingCard, BookQueries
from inkdesk.application.changes import Changes
from inkdesk.application.entry import parse_web_address
from inkdesk.application.key_service import KeyService, Unfinished
from inkdesk.application.ports import Clock
from inkdesk.application.studio_service import StudioService, StudioSettings
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Studio

Saved = Callable[[], None]
Failed = Callable[[InkDeskError], None]

_LIVE = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})


class SettingsPresenter:
    """Loads and saves settings off the window's thread; ``announce`` is told what each save changed."""

    def __init__(
        self,
        studio: StudioService,
        keys: KeyService,
        clock: Clock,
        background: Background,
        announce: Callable[[Changes], None],
        queries: BookQueries,
    ) -> None:
        self._studio = studio
        self._queries = queries
        self._keys = keys
        self._clock = clock
        self._background = background
        self._announce = announce

    def load(self, done: Callable[[StudioSettings], None], failed: Failed) -> None:
        """Read everything the page shows."""
        today = self._today()
        self._background.read(lambda: self._studio.settings(today), done, failed)

    def save_studio(self, studio: Studio, done: Saved, failed: Failed) -> None:
        """Store the studio's settings."""
        self._write(lambda: self._studio.save_studio(studio), done, failed)

    def save_artist(self, artist: Artist, done: Saved, failed: Failed) -> None:
        """Store a new or changed artist."""
        self._write(lambda: self._studio.save_artist(artist), done, failed)

    def save_service(self, service: Service, done: Saved, failed: Failed) -> None:
        """Store a new or changed service."""
        self._write(lambda: self._studio.save_service(service), done, failed)

    def save_station(self, station: Station, units: int, done: Saved, failed: Failed) -> None:
        """Store a new station with so many units, or a changed one."""
        self._write(lambda: self._studio.save_station(station, units), done, failed)

    def add_leave(self, leave: Leave, done: Saved, failed: Failed) -> None:
        """Enter a leave or a closure."""
        self._write(lambda: self._studio.add_leave(leave), done, failed)

    def count_hit(self, leave: Leave, done: Callable[[int], None]) -> None:
        """Count the live bookings that lie in a leave; if they cannot be read nothing is said."""

        def work() -> int:
            # A day more on each side: the leave's dates are the studio's, these are UTC's.
            first, last = leave.starts_at.date() - timedelta(days=1), leave.ends_at.date() + timedelta(days=1)
            cards = self._queries.calendar(first, last).cards
            return sum(_is_hit(card, leave) for card in cards)

        self._background.read(work, done, lambda _: None)

    def remove_leave(self, leave: Leave, done: Saved, failed: Failed) -> None:
        """Take a leave back."""
        self._write(lambda: self._studio.remove_leave(leave.id), done, failed)

    def set_override(self, override: DateOverride, done: Saved, failed: Failed) -> None:
        """Give one date other hours."""
        self._write(lambda: self._studio.set_override(override), done, failed)

    def clear_override(self, override: DateOverride, done: Saved, failed: Failed) -> None:
        """Give one date its weekly hours back."""
        self._write(lambda: self._studio.clear_override(override.artist_id, override.on), done, failed)

    def load_key(self, studio: Studio, done: Callable[[str], None], failed: Failed) -> None:
        """Answer with the studio's stored Stripe key as it may be shown, "" if there is none.

        The keyring may ask a person for a password first, so nothing else waits for it; the same when it is removed.
        """
        self._background.call(lambda: self._keys.shown(studio), done, failed)

    def count_unfinished(self, done: Callable[[Unfinished], None], failed: Failed) -> None:
        """Count what a removed key would leave behind."""
        self._background.read(self._keys.unfinished, done, failed)

    def save_access(
        self, key: str, page: str, studio: Studio, done: Callable[[str, Studio], None], failed: Failed
    ) -> None:
        """Check both, ask Stripe for the key's rights, and only then keep them.

        ``page`` is where clients go after paying. No ``key`` means the stored one. Answers with the key as shown and
        the studio as it is stored now. Asking Stripe may take seconds, so nothing else waits for it.
        """

        def work() -> tuple[str, Studio, Changes]:
            changed = _with_page(studio, page)
            shown, changes = self._keys.keep(key.strip(), studio)
            return shown, changed, changes

        def kept(answer: tuple[str, Studio, Changes]) -> None:
            shown, changed, changes = answer
            if changed == studio:
                done(shown, studio)
                self._announce(changes)
            else:
                stored = replace(changed, version=changed.version + 1)
                self.save_studio(changed, lambda: done(shown, stored), failed)

        self._background.call(work, kept, failed)

    def remove_key(self, studio: Studio, done: Saved, failed: Failed) -> None:
        """Forget the stored key."""
        self._background.call(lambda: self._keys.remove(studio), lambda _: done(), failed)

    def _write(self, work: Callable[[], Changes], done: Saved, failed: Failed) -> None:
        def written(changes: Changes) -> None:
            done()
            self._announce(changes)

        self._background.write(work, written, failed)

    def _today(self) -> date:
        # One day early: the studio's zone may be behind this computer's.
        return date.fromordinal(self._clock.now().date().toordinal() - 1)


def _is_hit(card: BookingCard, leave: Leave) -> bool:
    is_theirs = leave.artist_id in {None, card.artist_id}
    return is_theirs and card.status in _LIVE and card.starts_at < leave.ends_at and card.ends_at > leave.starts_at


def _with_page(studio: Studio, typed: str) -> Studio:
    page = parse_web_address(typed, studio.mode)
    if not page:
        raise ValidationError(
            message("Stripe needs a page to send clients to after paying. Enter one that begins with https://."),
            field="success_url",
        )
    return replace(studio, success_url=page)
