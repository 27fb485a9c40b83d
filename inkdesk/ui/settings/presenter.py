"""What the settings page decides: reading and saving through the services, and what a Stripe key must pass."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookingCard, BookQueries
from inkdesk.application.changes import Changes
from inkdesk.application.entry import parse_web_address
from inkdesk.application.payment_gateway import GatewayBusy, GatewayUnreachable
from inkdesk.application.ports import Clock, SecretStore
from inkdesk.application.stripe_key import check_key, key_name, shown_key
from inkdesk.application.studio_service import StudioService, StudioSettings
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Mode, Studio

Saved = Callable[[], None]
Failed = Callable[[InkDeskError], None]
KeyProbe = Callable[[str, Mode], Sequence[str]]
"""Asks Stripe which of the needed rights (``rak_...``) a key lacks; raises InkDeskError if it cannot be asked."""


_LIVE = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})


class SettingsPresenter:
    """Loads and saves settings off the window's thread; ``announce`` is told what each save changed."""

    def __init__(
        self,
        studio: StudioService,
        secrets: SecretStore,
        clock: Clock,
        background: Background,
        announce: Callable[[Changes], None],
        probe: KeyProbe,
        queries: BookQueries,
    ) -> None:
        self._studio = studio
        self._queries = queries
        self._secrets = secrets
        self._clock = clock
        self._background = background
        self._announce = announce
        self._probe = probe

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
        """Answer with the studio's stored Stripe key as it may be shown, "" if there is none."""

        def work() -> str:
            key = self._secrets.get(key_name(studio))
            return shown_key(key) if key else ""

        self._background.read(work, done, failed)

    def save_access(
        self, key: str, page: str, studio: Studio, done: Callable[[str, Studio], None], failed: Failed
    ) -> None:
        """Check both, ask Stripe for the key's rights, and only then keep them.

        ``page`` is where clients go after paying. No ``key`` means the stored one. Answers with the key as shown and
        the studio as it is stored now. Asking Stripe may take seconds, so it does not wait in the line of writes.
        """

        def work() -> tuple[str, Studio]:
            changed = _with_page(studio, page)
            return self._checked_and_kept(key.strip(), studio), changed

        def kept(answer: tuple[str, Studio]) -> None:
            shown, changed = answer
            if changed == studio:
                done(shown, studio)
            else:
                stored = replace(changed, version=changed.version + 1)
                self.save_studio(changed, lambda: done(shown, stored), failed)

        self._background.read(work, kept, failed)

    def remove_key(self, studio: Studio, done: Saved, failed: Failed) -> None:
        """Forget the stored key."""
        self._background.read(lambda: self._secrets.delete(key_name(studio)), lambda _: done(), failed)

    def _checked_and_kept(self, typed: str, studio: Studio) -> str:
        key = typed or self._secrets.get(key_name(studio)) or ""
        _refuse_key(key, studio.mode)
        missing = self._missing_rights(key, studio.mode)
        if missing:
            raise InkDeskError(
                ErrorCode.STRIPE_NOT_CONFIGURED,
                message(
                    "The key lacks these rights: {rights}. Edit it at Stripe or make a new one, then enter it again.",
                    rights=", ".join(map(right_words, missing)),
                ),
                field="stripe_key",
            )
        if typed:
            self._secrets.set(key_name(studio), typed)
        return shown_key(key)

    def _missing_rights(self, key: str, mode: Mode) -> Sequence[str]:
        try:
            return self._probe(key, mode)
        except (GatewayUnreachable, GatewayBusy) as failure:
            # Its own sentence promises to try again, which only the monitor does.
            raise InkDeskError(
                failure.code,
                message(
                    "Stripe could not be reached, so the key was not checked and nothing was saved. "
                    "Press Save and check again."
                ),
            ) from failure

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


def _refuse_key(key: str, mode: Mode) -> None:
    if not key:
        raise ValidationError(message("No key was typed. Paste the one Stripe shows."), field="stripe_key")
    check_key(key, mode)


def right_words(right: str) -> str:
    """A right in the words of Stripe's page, e.g. ``rak_payment_intent_read`` -> ``Payment intent: read``."""
    what, _, access = right.removeprefix("rak_").rpartition("_")
    return f"{what.replace('_', ' ').capitalize()}: {access}"
