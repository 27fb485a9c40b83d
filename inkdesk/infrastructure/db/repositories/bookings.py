"""Bookings and their history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, select

from inkdesk.application.ports import Claim
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Sitting, occupied_by_artist
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.sweeps import Pair
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.repositories.claims import BLOCKING, Claims, where
from inkdesk.infrastructure.db.repositories.sittings import kept_sittings
from inkdesk.infrastructure.db.rows import artists_by_booking
from inkdesk.infrastructure.db.session import Session

OPEN = (BookingStatus.REQUESTED.value, BookingStatus.PENDING_PAYMENT.value, BookingStatus.CONFIRMED.value)


class SqlBookingRepository:
    """Bookings, their history and the guard's claims."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._claims = Claims(session)

    def get(self, booking_id: int) -> Booking:
        """One booking; ValidationError if there is none."""
        query = self._mine().where(t.booking.c.id == booking_id)
        row = self._session.one(query, message("This booking is not in the book. Reload the calendar."))
        return to_bookings(self._session, [row])[0]

    def by_ids(self, booking_ids: Collection[int]) -> list[Booking]:
        """These bookings, oldest first; one that is not in the book is left out."""
        query = self._mine().where(t.booking.c.id.in_(booking_ids)).order_by(t.booking.c.id)
        return to_bookings(self._session, self._session.rows(query))

    def by_request_key(self, key: str) -> Booking | None:
        """The booking a form with this request key already made."""
        found = to_bookings(self._session, self._session.rows(self._mine().where(t.booking.c.request_key == key)))
        return found[0] if found else None

    def add(self, booking: Booking) -> Booking:
        """Store a new booking; the answer has its id. The request key is unique."""
        values = {
            **_values(booking),
            "created_at": booking.created_at,
            "request_key": booking.request_key,
            "version": 1,
        }
        booking_id = self._session.insert(t.booking, values)
        self._add_artists(booking_id, booking.with_artist_ids)
        return replace(booking, id=booking_id, with_artist_ids=_in_order(booking.with_artist_ids), version=1)

    def save(self, booking: Booking) -> Booking:
        """Store changes; StaleRecord on a version conflict. Creation time and request key never change."""
        version = self._session.save(
            t.booking,
            booking.id,
            booking.version,
            _values(booking),
            message("This booking was changed at another desk. Look at it again and repeat the change."),
        )
        self._session.write(t.booking_artist.delete().where(t.booking_artist.c.booking_id == booking.id))
        self._add_artists(booking.id, booking.with_artist_ids)
        return replace(booking, with_artist_ids=_in_order(booking.with_artist_ids), version=version)

    def note_history(self, booking_id: int, what: str, why: str) -> None:
        """Append one line to the booking's history."""
        session = self._session
        line = {"booking_id": booking_id, "at": session.now(), "who": session.who, "what": what, "why": why}
        session.insert(t.booking_history, line)

    def lock_resources(self, resource_ids: Sequence[int]) -> None:
        """Keep other writers off these resources until this unit of work ends; taken in id order."""
        self._claims.lock(resource_ids)

    def lock_rows(self, booking_ids: Collection[int]) -> None:
        """Keep other writers off these bookings until this unit of work ends; taken in id order.

        Rows that only refer to a booking may still be written by others. SQLite has one writer anyway.
        """
        if booking_ids and self._session.connection.dialect.name == "postgresql":
            mine = t.booking.c.id.in_(sorted(set(booking_ids)))
            query = select(t.booking.c.id).where(mine).order_by(t.booking.c.id)
            self._session.rows(query.with_for_update(key_share=True))

    def busy(
        self, resource_ids: Sequence[int], within: Span, *, without: Collection[int] = ()
    ) -> dict[int, list[Pair]]:
        """Blocking spans that meet ``within`` by resource, sorted; every asked id has an entry. One query.

        Claims of the bookings ``without`` do not count.
        """
        return self._claims.busy(resource_ids, within, without)

    def sittings(
        self, artist_ids: Sequence[int], within: Span, *, without: Collection[int] = ()
    ) -> dict[int, list[Span]]:
        """Sittings that keep their slot and start in ``within``, by artist, sorted; every asked id has an entry.

        One query. Co-artists count like the first one; a group sitting counts once for its host, however many seats
        are taken. The bookings ``without`` do not count.
        """
        found: dict[int, list[Span]] = {artist_id: [] for artist_id in artist_ids}
        for row in self._session.rows(kept_sittings(self._session.studio_id, artist_ids, within, without)):
            end_s = row.end_s if row.sitting_s is None else row.start_s + row.sitting_s
            found[row.artist_id].append(Span(row.start_s, end_s))
        return found

    def blocking_bookings(self, resource_ids: Sequence[int], within: Span) -> list[Booking]:
        """Bookings whose blocking claims meet ``within``, by start."""
        query = self._mine().where(t.booking.c.id.in_(BLOCKING.with_only_columns(t.occupancy.c.booking_id)))
        ordered = query.order_by(t.booking.c.starts_at, t.booking.c.id)
        return to_bookings(self._session, self._session.rows(ordered, **where(resource_ids, within)))

    def claim(self, booking_id: int | None, claims: Sequence[Claim], *, blocks: bool) -> None:
        """Replace the booking's claims by these (None: a blocked time, added). SlotTaken if the guard refuses."""
        self._claims.claim(booking_id, claims, blocks=blocks)

    def claims_of(self, booking_id: int) -> list[Claim]:
        """What the booking claims, blocking or not, in the order in which it was claimed."""
        return self._claims.of_booking(booking_id)

    def claims_by_booking(self, booking_ids: Collection[int]) -> dict[int, list[Claim]]:
        """What each of the bookings claims, blocking or not; every asked id has an entry. One query."""
        return self._claims.of_bookings(booking_ids)

    def set_blocks(self, booking_id: int, *, blocks: bool) -> None:
        """Let the booking's claims go, or make them block; SlotTaken if the guard refuses."""
        self._claims.set_blocks(booking_id, blocks=blocks)

    def holds(self) -> list[Booking]:
        """All bookings in PENDING_PAYMENT, by deadline; those without one last."""
        query = self._mine().where(t.booking.c.status == BookingStatus.PENDING_PAYMENT.value)
        until = t.booking.c.hold_until
        return to_bookings(self._session, self._session.rows(query.order_by(until.is_(None), until, t.booking.c.id)))

    def open_of_client(self, client_id: int) -> list[Booking]:
        """A client's bookings that are requested, held or confirmed, by start."""
        booking = t.booking.c
        query = self._mine().where(booking.client_id == client_id, booking.status.in_(OPEN))
        return to_bookings(self._session, self._session.rows(query.order_by(booking.starts_at, booking.id)))

    def _add_artists(self, booking_id: int, artist_ids: Iterable[int]) -> None:
        rows = [{"booking_id": booking_id, "artist_id": artist_id} for artist_id in _in_order(artist_ids)]
        self._session.insert_many(t.booking_artist, rows)

    def _mine(self) -> Select[Any]:
        return select(t.booking).where(t.booking.c.studio_id == self._session.studio_id)


def to_bookings(session: Session, rows: Sequence[Row[Any]]) -> list[Booking]:
    """Rows of ``booking`` with their further artists, which one query more reads."""
    others = further_artists(session, [row.id for row in rows])
    return [_to_booking(row, others.get(row.id, ())) for row in rows]


def further_artists(session: Session, booking_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The artists beside the first one, by booking, those without any left out."""
    if not booking_ids:
        return {}
    further = t.booking_artist.c
    query = select(t.booking_artist).where(further.booking_id.in_(booking_ids))
    return artists_by_booking(session.rows(query.order_by(further.booking_id, further.artist_id)))


def _in_order(artist_ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(artist_ids)))


def _to_booking(row: Row[Any], with_artist_ids: tuple[int, ...]) -> Booking:
    return Booking(
        id=row.id,
        artist_id=row.artist_id,
        client_id=row.client_id,
        service_id=row.service_id,
        station_id=row.station_id,
        with_artist_ids=with_artist_ids,
        series_id=row.series_id,
        group_id=row.group_id,
        starts_at=row.starts_at,
        sitting=Sitting(row.prep_s, row.sitting_s, row.clean_up_s),
        pause_s=row.pause_s,
        status=BookingStatus(row.status),
        price=Money(row.price_minor, row.currency),
        deposit=Money(row.deposit_minor, row.currency),
        policy=CancellationPolicy(row.cutoff_hours, row.refund_percent),
        hold_until=row.hold_until,
        note=row.note,
        override_reason=row.override_reason,
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        created_at=row.created_at,
        request_key=row.request_key,
        version=row.version,
    )


def _values(booking: Booking) -> dict[str, Any]:
    occupied = occupied_by_artist(to_seconds(booking.starts_at), booking.sitting, booking.pause_s)
    return {
        "artist_id": booking.artist_id,
        "client_id": booking.client_id,
        "service_id": booking.service_id,
        "station_id": booking.station_id,
        "series_id": booking.series_id,
        "group_id": booking.group_id,
        "starts_at": booking.starts_at,
        **booking.sitting._asdict(),
        "pause_s": booking.pause_s,
        "occupied_from": to_instant(occupied.start_s),
        "occupied_until": to_instant(occupied.end_s),
        "status": booking.status.value,
        "price_minor": booking.price.amount_minor,
        "deposit_minor": booking.deposit.amount_minor,
        "currency": booking.price.currency,
        "cutoff_hours": booking.policy.cutoff_hours,
        "refund_percent": booking.policy.refund_percent,
        "hold_until": booking.hold_until,
        "note": booking.note,
        "override_reason": booking.override_reason,
        "checked_in_at": booking.checked_in_at,
        "checked_out_at": booking.checked_out_at,
    }
