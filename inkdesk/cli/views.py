"""How records are told to programs and shown in columns."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from inkdesk.application.booking_words import short_words
from inkdesk.application.calendar import BookingCard
from inkdesk.application.text import tr
from inkdesk.cli.output import Answer, amount, columns, instant
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.money import Money


def artists_answer(artists: Sequence[Artist]) -> Answer:
    """The artists who work here."""
    heads = [tr("Id"), tr("Artist"), tr("From"), tr("Until")]
    rows = [[str(one.id), one.name, str(one.stays_from or ""), str(one.stays_until or "")] for one in artists]
    return Answer([_artist(one) for one in artists], columns(heads, rows))


def _artist(artist: Artist) -> dict[str, object]:
    return {
        "id": artist.id,
        "name": artist.name,
        "is_guest": artist.is_guest,
        "stays_from": artist.stays_from.isoformat() if artist.stays_from else None,
        "stays_until": artist.stays_until.isoformat() if artist.stays_until else None,
    }


def services_answer(services: Sequence[Service], artists: Mapping[int, str]) -> Answer:
    """The price list; ``artists`` are names by id."""
    heads = [tr("Id"), tr("Service"), tr("Minutes"), tr("Price"), tr("Deposit")]
    rows = [
        [str(one.id), one.name, str(one.sitting.sitting_s // 60), one.price.plain(), one.deposit.plain()]
        for one in services
    ]
    return Answer([_service(one, artists) for one in services], columns(heads, rows))


def _service(service: Service, artists: Mapping[int, str]) -> dict[str, object]:
    return {
        "id": service.id,
        "name": service.name,
        "prep_s": service.sitting.prep_s,
        "sitting_s": service.sitting.sitting_s,
        "clean_up_s": service.sitting.clean_up_s,
        "price": amount(service.price),
        "deposit": amount(service.deposit),
        "artists": [name for artist_id, name in artists.items() if service.is_done_by(artist_id)],
    }


def bookings_answer(cards: Sequence[BookingCard], artists: Mapping[int, str], zone: ZoneInfo) -> Answer:
    """Bookings of any status, by start."""
    ordered = sorted(cards, key=lambda card: (card.starts_at, card.booking_id))
    heads = [tr("Id"), tr("Start"), tr("Artist"), tr("Client"), tr("Service"), tr("Status"), tr("Paid")]
    rows = [booking_row(card, artists, zone) for card in ordered]
    lines = columns(heads, rows) if rows else [tr("There is no booking on these dates.")]
    return Answer([booking_data(card, artists, zone) for card in ordered], lines)


def booking_row(card: BookingCard, artists: Mapping[int, str], zone: ZoneInfo) -> list[str]:
    """One booking as the cells of a line."""
    return [
        str(card.booking_id),
        short(card.starts_at.astimezone(zone).isoformat()),
        artists.get(card.artist_id, str(card.artist_id)),
        card.client_name,
        card.service_name,
        short_words(card.status),
        Money(card.paid_minor, card.deposit.currency).plain() if card.paid_minor else "",
    ]


def booking_data(card: BookingCard, artists: Mapping[int, str], zone: ZoneInfo) -> dict[str, object]:
    """One booking for programs, times in the studio's zone."""
    return {
        "id": card.booking_id,
        "artist": artists.get(card.artist_id, str(card.artist_id)),
        "with": [artists.get(one, str(one)) for one in card.with_artist_ids],
        "client": card.client_name,
        "service": card.service_name,
        "start": instant(card.starts_at.astimezone(zone)),
        "end": instant(card.ends_at.astimezone(zone)),
        "status": card.status.value,
        "hold_until": instant(card.hold_until.astimezone(zone)) if card.hold_until else None,
        "price": amount(card.price),
        "deposit": amount(card.deposit),
        "paid_minor": card.paid_minor,
        "note": card.note,
        "series": card.series_id,
        "version": card.version,
    }


def short(iso: str) -> str:
    """An ISO instant as a column shows it: without seconds and offset."""
    return iso[:16].replace("T", " ")
