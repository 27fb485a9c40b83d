"""A studio's week for calendar tests: three artists, one a guest with an end date, bookings in every status."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import BookingCard, CalendarRange
from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.money import Money
from inkdesk.domain.spans import Span, to_seconds

ZONE = "Europe/Paris"
PARIS = ZoneInfo(ZONE)
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 25, 13, 20, tzinfo=PARIS)
MIA = Artist(id=1, resource_id=1, name="Mia Laurent", colour="#0072b2")
TOM = Artist(id=2, resource_id=2, name="Tom Okafor", colour="#d55e00")
YUKI = Artist(
    id=3, resource_id=3, name="Yuki Tanaka", colour="#009e73", is_guest=True,
    stays_from=date(2026, 11, 16), stays_until=date(2026, 11, 27),
)  # fmt: skip
ARTISTS = (MIA, TOM, YUKI)
_S = BookingStatus


def card(
    booking_id: int,
    artist_id: int,
    starts_at: datetime,
    minutes: int,
    status: BookingStatus = _S.CONFIRMED,
    client: str = "Anna Rossi",
    service: str = "Sleeve",
    *,
    tail_min: int = 0,
    arrived: bool = False,
    hold_until: datetime | None = None,
) -> BookingCard:
    """One booking of ``minutes`` real minutes."""
    ends_at = starts_at.astimezone(UTC) + timedelta(minutes=minutes)
    return BookingCard(
        booking_id=booking_id,
        artist_id=artist_id,
        client_id=booking_id,
        client_name=client,
        service_name=service,
        starts_at=starts_at.astimezone(UTC),
        ends_at=ends_at,
        occupied=Span(to_seconds(starts_at), to_seconds(ends_at) + 60 * tail_min),
        status=status,
        hold_until=hold_until,
        price=Money(30000, "EUR"),
        deposit=Money(10000, "EUR"),
        paid_minor=0,
        note="",
        checked_in_at=starts_at if arrived else None,
        version=1,
    )


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A clock time of the week, ``day`` 0 = Monday, in Paris."""
    on = MONDAY + timedelta(days=day)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=PARIS)


CARDS = (
    card(1, 1, at(0, 10), 180, _S.COMPLETED, "Anna Rossi", "Half sleeve, session 2", tail_min=30),
    card(2, 1, at(0, 14), 90, _S.NO_SHOW, "Karim B.", "Small piece"),
    card(3, 2, at(0, 11), 240, _S.COMPLETED, "Elodie Marchand", "Back piece"),
    card(4, 1, at(1, 10, 30), 120, _S.COMPLETED, "Louis Petit", "Lettering", tail_min=15),
    card(5, 2, at(1, 13), 60, _S.CANCELLED, "Sara Novak", "Flash"),
    card(6, 2, at(1, 13, 30), 120, _S.COMPLETED, "Jonas Weber", "Touch-up"),
    card(7, 3, at(1, 12), 300, _S.COMPLETED, "Maëlle Dubois", "Irezumi sleeve"),
    card(8, 1, at(2, 10), 150, _S.COMPLETED, "Nina Simonet", "Floral", tail_min=30),
    card(9, 1, at(2, 13), 180, _S.CONFIRMED, "Paul Girard", "Cover-up", tail_min=30, arrived=True),
    card(10, 2, at(2, 15), 120, _S.PENDING_PAYMENT, "Zoé Lambert", "Dotwork", hold_until=at(2, 13, 55)),
    card(11, 3, at(2, 12), 240, _S.CONFIRMED, "Omar Haddad", "Koi", tail_min=30),
    card(12, 1, at(3, 11), 120, _S.REQUESTED, "Ines Caron", "Fine line"),
    card(13, 2, at(3, 10), 180, _S.CONFIRMED, "Robert Klein", "Portrait"),
    card(14, 2, at(3, 14), 45, _S.CONFIRMED, "Ava", "Flash"),
    card(15, 2, at(3, 15), 30, _S.LAPSED, "Leo", "Flash"),
    card(16, 3, at(3, 13), 180, _S.PENDING_PAYMENT, "Chloé Fontaine", "Mandala", hold_until=at(2, 13, 30)),
    card(17, 1, at(4, 10), 240, _S.CONFIRMED, "<b>Tim</b> \u05d3\u05d5\u05d3", "Blackwork", tail_min=30),
    card(18, 3, at(4, 11), 300, _S.CONFIRMED, "Hugo Blanc", "Dragon"),
    card(19, 1, at(5, 11), 180, _S.CONFIRMED, "Emma Roux", "Script"),
    card(20, 2, at(5, 10), 60, _S.REQUESTED, "Fatou Diop", "Consultation"),
    card(21, 2, at(5, 12), 240, _S.CONFIRMED, "Max Brandt", "Chest piece", tail_min=30),
)
LEAVES = (
    Leave(id=1, artist_id=2, starts_at=at(4, 0), ends_at=at(5, 0), reason="Convention"),
    Leave(id=2, artist_id=1, starts_at=at(3, 16), ends_at=at(3, 19), reason="Dentist"),
)


def week(
    cards: Sequence[BookingCard] = CARDS,
    *,
    monday: date = MONDAY,
    zone: str = ZONE,
    artists: Sequence[Artist] = ARTISTS,
    leaves: Sequence[Leave] = LEAVES,
) -> CalendarRange:
    """Seven days: residents work Monday to Saturday 10 to 19, the guest 12 to 20 while here."""
    days = [monday + timedelta(days=n) for n in range(7)]
    return CalendarRange(
        zone=zone,
        first=days[0],
        last=days[-1],
        artists=artists,
        cards=cards,
        hours={(artist.id, day): _hours(artist, day) for artist in artists for day in days},
        leaves=leaves,
    )


def _hours(artist: Artist, day: date) -> tuple[WallSpan, ...]:
    if day.weekday() == 6 or (artist.stays_until and day > artist.stays_until):
        return ()
    if artist.is_guest:
        return (WallSpan(12 * 60, 20 * 60),)
    return (WallSpan(10 * 60, 13 * 60), WallSpan(13 * 60, 19 * 60))
