"""Writes the practice studio into an empty database, through the same repositories that every day uses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inkdesk.application.deposits import Deposits
from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.application.sample import (
    CLIENTS,
    SERVICES,
    STATIONS,
    STUDIO,
    SampleBooking,
    sample_artists,
    sample_bookings,
    sample_leave,
)
from inkdesk.application.text import render, show_times_in
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate, keeps_slot
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.domain.sitting import kept_from, occupied_by_artist
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Studio

_LEDGER_OF_STATUS = {
    BookingStatus.COMPLETED: LedgerKind.APPLIED,
    BookingStatus.NO_SHOW: LedgerKind.FORFEITED,
}
_LEDGER_OF_FATE = {
    DepositFate.KEEP: LedgerKind.FORFEITED,
    DepositFate.CREDIT: LedgerKind.CREDITED,
}


def write_sample(uow: UnitOfWork, deposits: Deposits, now: datetime) -> Studio:
    """Store the practice studio as it stands at ``now``; the caller commits.

    Holds are stored as attempts that Stripe has not seen yet, so the first look makes their links. Payments that
    are done came without Stripe, and links that ended carry ids of no server: nobody asks for them. Sentences show the
    sample's zone from here on: the links that are saved name times of day. ValidationError if there is a studio.
    """
    if uow.studio.find() is not None:
        raise ValidationError(
            message("This database holds a studio already. The sample needs a new file: name one with --database.")
        )
    show_times_in(STUDIO.zone_info)
    return _Writer(uow, deposits, now).write()


class _Writer:
    """One pass over the sample's tables; counted places become stored ids."""

    def __init__(self, uow: UnitOfWork, deposits: Deposits, now: datetime) -> None:
        self._uow = uow
        self._deposits = deposits
        self._now = now

    def write(self) -> Studio:
        today = self._now.astimezone(STUDIO.zone_info).date()
        studio = self._uow.studio.add(STUDIO)
        artists = [self._uow.artists.add(_said_artist(artist)) for artist in sample_artists(today)]
        leave = sample_leave(today)
        artist_id = artists[(leave.artist_id or 1) - 1].id
        self._uow.artists.add_leave(replace(leave, artist_id=artist_id, reason=_said(leave.reason)))
        units = [
            unit for one, n in STATIONS for unit in self._uow.catalogue.add_station(_said_station(one), n).unit_ids
        ]
        services = [self._uow.catalogue.add_service(_of_artists(service, artists)) for service in SERVICES]
        clients = [self._uow.clients.add(replace(client, note=_said(client.note))) for client in CLIENTS]
        for number, wanted in enumerate(sample_bookings(self._now), start=1):
            draft = _draft(number, wanted, artists[wanted.artist], services[wanted.service], clients, units)
            claims = _claims(draft, artists[wanted.artist], services[wanted.service])
            self._write_booking(studio, draft, wanted, claims)
        return studio

    def _write_booking(self, studio: Studio, draft: Booking, wanted: SampleBooking, claims: Sequence[Claim]) -> None:
        booking = self._uow.bookings.add(draft)
        self._uow.bookings.claim(booking.id, claims, blocks=keeps_slot(booking.status, holds_block=True))
        for what in _history(booking.status):
            self._uow.bookings.note_history(booking.id, what, "")
        if booking.status is BookingStatus.PENDING_PAYMENT:
            self._deposits.ask_for_deposit(self._uow, booking, studio, self._now)
        elif wanted.method is not None and booking.deposit.amount_minor:
            self._write_payment(booking, wanted.method, wanted.fate)

    def _write_payment(self, booking: Booking, method: PaymentMethod, fate: DepositFate | None) -> None:
        is_paid = booking.status is not BookingStatus.LAPSED
        is_returned = fate is DepositFate.REFUND
        payment = self._uow.payments.add(_payment(booking, method, is_paid=is_paid, is_returned=is_returned))
        if method is PaymentMethod.LINK:
            self._note(LedgerKind.ASKED, payment, payment.created_at)
        if not is_paid:
            return
        paid_at = payment.created_at + timedelta(minutes=6)
        self._note(LedgerKind.PAID, payment, paid_at)
        then = _LEDGER_OF_FATE.get(fate) if fate is not None else _LEDGER_OF_STATUS.get(booking.status)
        if is_returned:
            refund = self._uow.payments.add_refund(_refund(payment, paid_at))
            self._note(LedgerKind.REFUNDED, payment, refund.created_at, refund.id)
        elif then is not None:
            self._note(then, payment, min(booking.ends_at, self._now))

    def _note(self, kind: LedgerKind, payment: Payment, at: datetime, fact_id: int = 0) -> None:
        self._uow.payments.write_ledger(
            LedgerEntry(
                kind=kind,
                booking_id=payment.booking_id,
                payment_id=payment.id,
                amount=payment.amount,
                at=at,
                who=self._uow.who,
                why="",
                fact_key=f"{kind.value}:{fact_id or payment.id}",
            )
        )


def _said(words: str) -> str:
    """Words of the sample in the reader's language."""
    return render(Message(words)) if words else ""


def _said_station(station: Station) -> Station:
    return replace(station, name=_said(station.name), kind=_said(station.kind))


def _said_artist(artist: Artist) -> Artist:
    return replace(artist, styles=tuple(_said(style) for style in artist.styles))


def _of_artists(service: Service, artists: Sequence[Artist]) -> Service:
    ids = tuple(artists[number - 1].id for number in service.artist_ids)
    return replace(service, artist_ids=ids, name=_said(service.name), station_kind=_said(service.station_kind))


def _draft(
    number: int,
    wanted: SampleBooking,
    artist: Artist,
    service: Service,
    clients: Sequence[Client],
    units: Sequence[int],
) -> Booking:
    return Booking(
        artist_id=artist.id,
        client_id=clients[wanted.client].id,
        service_id=service.id,
        station_id=None if wanted.unit is None else units[wanted.unit],
        starts_at=wanted.starts_at,
        sitting=service.sitting,
        pause_s=artist.pause_s,
        status=wanted.status,
        price=service.price,
        deposit=service.deposit if wanted.method is not None else Money(0, service.price.currency),
        policy=service.policy,
        hold_until=wanted.hold_until,
        checked_in_at=wanted.checked_in_at,
        created_at=wanted.created_at,
        request_key=f"sample-{number}",
    )


def _claims(booking: Booking, artist: Artist, service: Service) -> list[Claim]:
    """What it takes of its artist and of its unit; a service of the sample needs at most one unit."""
    start_s = to_seconds(booking.starts_at)
    claims = [Claim(artist.resource_id, occupied_by_artist(start_s, booking.sitting, booking.pause_s))]
    if booking.station_id is not None:
        claims += [Claim(booking.station_id, span) for span in kept_from(start_s, service.station_needs[0])]
    return claims


def _history(status: BookingStatus) -> list[str]:
    """How the booking began, and what became of it."""
    if status in {BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED}:
        return [f"BOOKED {status.value}"]
    begun = BookingStatus.PENDING_PAYMENT if status is BookingStatus.LAPSED else BookingStatus.CONFIRMED
    return [f"BOOKED {begun.value}", status.value]


def _payment(booking: Booking, method: PaymentMethod, *, is_paid: bool, is_returned: bool) -> Payment:
    status = PaymentStatus.PAID if is_paid else PaymentStatus.EXPIRED
    is_link = method is PaymentMethod.LINK
    return Payment(
        booking_id=booking.id,
        attempt=1,
        method=method,
        status=PaymentStatus.REFUNDED if is_returned else status,
        amount=booking.deposit,
        idempotency_key=booking.request_key,
        session_id=f"cs_test_sample_{booking.id}" if is_link else "",
        refunded_minor=booking.deposit.amount_minor if is_returned else 0,
        created_at=booking.created_at,
    )


def _refund(payment: Payment, paid_at: datetime) -> Refund:
    return Refund(
        payment_id=payment.id,
        amount=payment.amount,
        reason="",
        idempotency_key=f"{payment.idempotency_key}-refund",
        status=RefundStatus.SUCCEEDED,
        created_at=paid_at + timedelta(hours=1),
    )
