"""A busy studio's whole book for the benchmarks: years of bookings with their claims, money and history.

The small tables are filled through the repositories, the large ones in bulk through the same table objects, so the
guard sees every claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table, func, select

from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.clients import Client
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, PaymentMethod, PaymentStatus
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.addresses import parse_address
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.engines import make_engine, open_connection
from inkdesk.infrastructure.db.names import name_tokens
from inkdesk.infrastructure.db.repositories import bookings as booking_repository
from inkdesk.infrastructure.db.repositories import clients as client_repository
from inkdesk.infrastructure.system_clock import SystemClock

BOOKINGS = 50_000
CLIENTS = 20_000
ARTISTS = 10
WEEKS_BEHIND = 104
"""How many weeks of the book lie before the week of ``around``; the rest is to come."""

_DAYS = range(6)
_PLACES = 8
_SITTING = Sitting(600, 3600, 600)
_FIRST_MIN = 9 * 60 + 15
_PLACE_MIN = 80
_BATCH = 5000
_FIRST_NAMES = (
    "Amélie Kwame Lucas Fatima Siobhán Yuki Mateo Chloé Zoë Priya Thomas Leïla Inès Malik Hannah Noah".split()
)
_LAST_NAMES = "Rousseau Mensah Bernard O'Brien Tanaka García Lefèvre Haddad Wójcik Moreau Traoré Schröder Petit".split()
_STUDIO = Studio(
    uid="big",
    name="Big Studio",
    zone="Europe/Paris",
    currency="EUR",
    mode=Mode.LIVE,
    horizon_days=None,
    success_url="https://example.org/",
    phone_region="FR",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BigStudio:
    """What the benchmarks need to know of the studio: ``plain`` needs no station, ``seated`` takes a chair."""

    studio: Studio
    artists: Sequence[Artist]
    plain: Service
    seated: Service
    chairs: Sequence[int]


def fill(url: str, around: date, bookings: int = BOOKINGS, clients: int = CLIENTS, artists: int = ARTISTS) -> BigStudio:
    """Make the schema in an empty database and write the studio's book around one date."""
    database = Database.open(url, who="benchmark", clock=SystemClock())
    try:
        big = _found(database, around, artists)
    finally:
        database.close()
    engine = make_engine(parse_address(url, None))
    try:
        with open_connection(engine, is_read=False) as connection, connection.begin():
            _write_clients(connection, big.studio.id, clients)
            _write_bookings(connection, big, around, bookings, clients)
        with open_connection(engine, is_read=False) as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    finally:
        engine.dispose()
    return big


def _found(database: Database, around: date, count: int) -> BigStudio:
    """The studio with artists, hours, a leave, services and a chair for each artist."""
    week = (*[(WallSpan(540, 1200),)] * len(_DAYS), ())
    plain = Service(name="Half sleeve", sitting=_SITTING, price=Money(30000, "EUR"), deposit=Money(10000, "EUR"))
    with database.write() as uow:
        studio = uow.studio.add(_STUDIO)
        artists = [
            uow.artists.add(Artist(name=f"Artist {n}", colour=f"#{n * 1999999 % 0xFFFFFF:06x}", plans=every_week(week)))
            for n in range(1, count + 1)
        ]
        away = datetime.combine(around + timedelta(days=10), time(), UTC)
        uow.artists.add_leave(
            Leave(artist_id=artists[0].id, starts_at=away, ends_at=away + timedelta(days=3), reason="Convention")
        )
        big = BigStudio(
            studio=studio,
            artists=artists,
            plain=uow.catalogue.add_service(plain),
            seated=uow.catalogue.add_service(replace(plain, name="Half sleeve, in a chair", station_kind="chair")),
            chairs=uow.catalogue.add_station(Station(name="Chair", kind="chair"), count).unit_ids,
        )
        uow.commit()
    return big


def _write_clients(connection: Connection, studio_id: int, clients: int) -> None:
    people = [
        Client(
            name=f"{_FIRST_NAMES[n % len(_FIRST_NAMES)]} {_LAST_NAMES[n % len(_LAST_NAMES)]} {n}",
            phone=f"+336{n:08d}",
        )
        for n in range(1, clients + 1)
    ]
    mark = {"studio_id": studio_id, "version": 1}
    _insert(connection, t.client, ({**client_repository._values(client), **mark} for client in people))
    tokens = (
        {"studio_id": studio_id, "token": token, "client_id": client_id}
        for client_id, client in enumerate(people, start=1)
        for token in name_tokens(client.name)
    )
    _insert(connection, t.client_name_token, tokens)


def _write_bookings(connection: Connection, big: BigStudio, around: date, bookings: int, clients: int) -> None:
    rows = [
        _booking_row(big, number, artist, starts_at, around, clients)
        for number, (artist, starts_at) in enumerate(islice(_places(big, around), bookings), start=1)
    ]
    _insert(connection, t.booking, iter(rows))
    if connection.execute(select(func.max(t.booking.c.id))).scalar_one() != bookings:
        raise RuntimeError("an empty database counts its bookings from 1")
    _insert(connection, t.occupancy, (claim for n, row in enumerate(rows, 1) for claim in _claim_rows(big, n, row)))
    _insert(connection, t.booking_history, (_history_row(number, row) for number, row in enumerate(rows, start=1)))
    _insert(connection, t.payment, (_payment_row(number, row) for number, row in enumerate(rows, start=1)))
    _insert(connection, t.ledger_entry, (line for n, row in enumerate(rows, 1) for line in _ledger_rows(n, row)))


def _places(big: BigStudio, around: date) -> Iterator[tuple[int, datetime]]:
    """Artist (counted from 0) and start, oldest first: six of the eight places of every working day."""
    monday = around - timedelta(days=around.weekday(), weeks=WEEKS_BEHIND)
    for week in count():
        for day in _DAYS:
            on = datetime.combine(monday + timedelta(weeks=week, days=day), time(), big.studio.zone_info)
            for artist in range(len(big.artists)):
                hole = (week * 5 + day * 3 + artist) % _PLACES
                for place in range(_PLACES):
                    if place not in {hole, (hole + 1 + day % 3) % _PLACES}:
                        yield artist, on + timedelta(minutes=_FIRST_MIN + _PLACE_MIN * place)


def _booking_row(
    big: BigStudio, number: int, artist: int, starts_at: datetime, around: date, clients: int
) -> dict[str, Any]:
    booking = Booking(
        artist_id=big.artists[artist].id,
        client_id=number * 7919 % clients + 1,
        service_id=big.seated.id,
        station_id=big.chairs[artist],
        starts_at=starts_at.astimezone(UTC),
        sitting=_SITTING,
        pause_s=0,
        status=BookingStatus.COMPLETED if starts_at.date() < around else BookingStatus.CONFIRMED,
        price=big.seated.price,
        deposit=big.seated.deposit,
        policy=big.seated.policy,
        created_at=starts_at.astimezone(UTC) - timedelta(days=20),
        request_key=f"key-{number}",
    )
    return {
        **booking_repository._values(booking),
        "studio_id": big.studio.id,
        "created_at": booking.created_at,
        "request_key": booking.request_key,
        "version": 1,
    }


def _claim_rows(big: BigStudio, number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    artist = next(one for one in big.artists if one.id == row["artist_id"])
    claim = {"studio_id": row["studio_id"], "booking_id": number, "ends_at": row["occupied_until"], "blocks": True}
    yield {**claim, "resource_id": artist.resource_id, "starts_at": row["occupied_from"]}
    yield {**claim, "resource_id": row["station_id"], "starts_at": row["occupied_from"]}


def _history_row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "studio_id": row["studio_id"], "booking_id": number, "at": row["created_at"], "who": "desk",
        "what": f"BOOKED {BookingStatus.CONFIRMED.value}", "why": "",
    }  # fmt: skip


def _payment_row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "studio_id": row["studio_id"], "booking_id": number, "attempt": 1, "method": PaymentMethod.CASH.value,
        "status": PaymentStatus.PAID.value, "amount_minor": row["deposit_minor"], "currency": row["currency"],
        "idempotency_key": f"pay-{number}", "params": "", "account": "", "session_id": "", "url": "",
        "intent_id": "", "charge_id": "", "refunded_minor": 0, "created_at": row["created_at"], "version": 1,
    }  # fmt: skip


def _ledger_rows(number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    is_done = row["status"] == BookingStatus.COMPLETED.value
    for kind, at in ((LedgerKind.PAID, row["created_at"]), (LedgerKind.APPLIED, row["starts_at"]))[: 1 + is_done]:
        yield {
            "studio_id": row["studio_id"], "kind": kind.value, "booking_id": number, "payment_id": number,
            "amount_minor": row["deposit_minor"], "currency": row["currency"], "at": at, "who": "desk", "why": "",
            "fact_key": f"{kind.value}:{number}",
        }  # fmt: skip


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _BATCH)):
        connection.execute(table.insert(), batch)
