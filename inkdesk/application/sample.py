"""The practice studio: who works there, what it offers, who comes and when; the same for a given instant.

Everything here is content and pure placing. Dates are relative to "now", starts are found by the same rules that
book (``inkdesk.domain.availability``), so nothing collides on any date. ``sample_store`` writes it down, its words in
the reader's language: here they are English templates.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.availability import ArtistTime, Slot, SlotRequest, StationPool, free_slots
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.catalogue import CancellationPolicy, Service, Station
from inkdesk.domain.clients import Client
from inkdesk.domain.hours import ArtistHours, WallSpan, WeeklyHours, every_week
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod
from inkdesk.domain.sitting import Sitting, kept_from, occupied_by_artist
from inkdesk.domain.slot_rules import SlotRules
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.studio import Mode, Studio

STUDIO = Studio(
    uid="practice",
    name="Blackbird Tattoo",
    zone="Europe/Paris",
    currency="EUR",
    mode=Mode.PRACTICE,
    phone_region="FR",
)
CHAIR = message("chair")
ROOM = message("room")


def _station(name: Message, kind: Message) -> Station:
    return Station(name=name.template, kind=kind.template)


STATIONS = ((_station(message("Chair"), CHAIR), 2), (_station(message("Private room"), ROOM), 1))
"""Stations with their number of units."""
UNIT_KINDS = tuple(station.kind for station, units in STATIONS for _ in range(units))
"""The kind of every unit, in the order in which they are made."""


FINE_LINE = message("fine line")
BLACKWORK = message("blackwork")
REALISM = message("realism")
IREZUMI = message("irezumi")


def _hours(text: str) -> WeeklyHours:
    """Seven days, Monday first, parted by ``|``; spans as ``10-13``, in full hours."""
    return tuple(tuple(_span(span) for span in day.split()) for day in text.split("|"))


def _span(text: str) -> WallSpan:
    start, end = text.split("-")
    return WallSpan(int(start) * 60, int(end) * 60)


def _styles(*styles: Message) -> tuple[str, ...]:
    return tuple(style.template for style in styles)


def sample_artists(today: date) -> tuple[Artist, ...]:
    """Two residents and a guest whose stay has an end; for each style there is somebody, for two of them a choice."""
    return (
        Artist(
            name="Maya Lindqvist",
            styles=_styles(FINE_LINE, BLACKWORK),
            colour="#0072b2",
            pause_s=600,
            plans=every_week(_hours("|10-13 14-19|10-13 14-19|10-13 14-19|10-13 14-19|10-18|")),
        ),
        Artist(
            name="Jonas Okafor",
            styles=_styles(REALISM, BLACKWORK),
            colour="#d55e00",
            pause_s=900,
            plans=every_week(_hours("11-20||11-20|11-20|12-15 16-22|12-15 16-22|")),
        ),
        Artist(
            name="Sakura Ito",
            styles=_styles(IREZUMI, FINE_LINE),
            colour="#009e73",
            is_guest=True,
            stays_from=today - timedelta(days=9),
            stays_until=today + timedelta(days=19),
            pause_s=600,
            plans=every_week(_hours("12-18|12-18|12-18|12-18|12-18|13-17|")),
        ),
    )


def sample_leave(today: date) -> Leave:
    """Maya (id 1 here; the store puts the stored one) is at a convention for three days."""
    return Leave(
        artist_id=1,
        starts_at=_midnight(today + timedelta(days=8)),
        ends_at=_midnight(today + timedelta(days=11)),
        reason=message("Tattoo convention, Lyon").template,
    )


def _euro(amount: int) -> Money:
    return Money(amount * 100, STUDIO.currency)


def _service(
    name: Message, minutes: tuple[int, int, int], price: int, deposit: int, kind: Message | None = None
) -> Service:
    sitting = Sitting(*(60 * minute for minute in minutes))
    station_kind = kind.template if kind else ""
    return Service(
        name=name.template,
        sitting=sitting,
        price=_euro(price),
        deposit=_euro(deposit),
        station_kind=station_kind,
    )


SERVICES = (
    _service(message("Consultation"), (0, 30, 0), 0, 0),
    _service(message("Small tattoo, 1 hour"), (15, 60, 15), 120, 30, CHAIR),
    _service(message("Tattoo, 2.5 hours"), (15, 150, 20), 350, 80, CHAIR),
    replace(_service(message("Cover-up, 3 hours"), (20, 180, 20), 450, 120, ROOM), policy=CancellationPolicy(72, 50)),
    replace(_service(message("Full day"), (30, 360, 30), 900, 250, CHAIR), artist_ids=(2,)),
    replace(_service(message("Irezumi, 4 hours"), (20, 240, 20), 640, 160, ROOM), artist_ids=(3,)),
)
"""The price list; ``artist_ids`` count the artists from 1 (the store puts the stored ids)."""

_NAMES = """
Amélie Rousseau|Kwame Mensah|Nguyễn Thị Mai|Lucas Bernard|Fatima Zahra El Amrani|Siobhán O'Brien|Yuki Tanaka|
Mateo García López|Chloé Lefèvre|Ayodele Balogun|Zoë van den Berg|Priya Raghunathan|Thomas Girard|Leïla Haddad|
Krzysztof Wójcik|Inès Moreau|Malik Traoré|Hannah Schröder|Noah Petit|Anaïs Fontaine|Dmytro Kovalenko|Léa Marchand|
Sofía Hernández|Ibrahim Diallo|Camille Dubois|Emre Yılmaz|Julie Perrin|Aaliyah Johnson|Hugo Lambert|Giulia Conti|
Mohamed Ben Salah|Élodie Garnier|Seán Murphy|Linh Phạm|Antoine Faure|Nia Davies|Baptiste Roux|Svetlana Petrova|
Manon Chevalier|João Silva Santos|Océane Blanchard|Rania Khoury|Maxime Gauthier|Astrid Nyström|Théo Mercier|
Adaeze Nwosu|Clara Robin|Tomáš Novák|Pauline Morel|Viktor Lindgren|Jade Laurent|Omar Farouk|Sarah Cohen|
Gabriel Simon|Mei-Ling Chen|Romane Michel|Aleksandra Nowak|Jules Lemaire|Esra Demir|Rémi Boucher
"""


_NUMBERS = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
"""Beginnings of the numbers that France keeps for films and books: they look right and ring nobody."""


def _client(number: int, name: str) -> Client:
    """A client with an address at a name that is reserved for examples; some have none, some a note."""
    email = f"client{number:02d}@example.org" if number % 3 else ""
    note = {
        4: message("Allergic to latex gloves.").template,
        11: message("Prefers evenings.").template,
        27: message("Bring the design as a stencil.").template,
    }.get(number)
    phone = f"{_NUMBERS[number % len(_NUMBERS)]}{number * 1637 % 10000:04d}"
    return Client(name=name, phone=phone, email=email, note=note or "")


CLIENTS = tuple(_client(n, name) for n, name in enumerate(_NAMES.replace("\n", "").split("|"), start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBooking:
    """One booking; artist, client, service and station unit are counted from 0 in the tables above."""

    artist: int
    client: int
    service: int
    unit: int | None
    starts_at: datetime
    status: BookingStatus
    method: PaymentMethod | None
    fate: DepositFate | None
    created_at: datetime
    hold_until: datetime | None
    checked_in_at: datetime | None


_PLAN = """
0 -12 10 2 COMPLETED terminal|1 -12 11 4 COMPLETED terminal|0 -10 14 1 COMPLETED cash|1 -9 12 2 COMPLETED terminal
2 -8 12 5 COMPLETED terminal|0 -8 10 3 NO_SHOW terminal|1 -7 16 1 COMPLETED cash|2 -7 13 2 CANCELLED terminal refund
0 -6 10 1 COMPLETED terminal|0 -6 14 2 COMPLETED terminal|2 -5 12 1 COMPLETED transfer|1 -5 11 2 LAPSED link
1 -4 13 3 COMPLETED terminal|0 -4 15 0 COMPLETED|2 -3 12 5 COMPLETED terminal|1 -3 16 2 NO_SHOW cash
0 -2 10 2 COMPLETED terminal|1 -2 12 1 CANCELLED cash keep|2 -2 15 1 COMPLETED terminal|0 -1 14 3 COMPLETED terminal
1 -1 11 2 COMPLETED terminal|2 -1 12 2 COMPLETED cash
0 0 10 1 CONFIRMED cash|0 0 14 2 CONFIRMED transfer|1 0 12 2 CONFIRMED cash|2 0 13 1 CONFIRMED terminal
1 0 17 1 CONFIRMED
0 1 10 2 PENDING_PAYMENT link|1 1 12 4 CONFIRMED transfer|2 1 12 5 CONFIRMED cash|0 1 15 0 CONFIRMED
0 2 14 1 CONFIRMED cash|1 2 16 2 PENDING_PAYMENT link|2 2 12 2 REQUESTED|2 2 15 1 CONFIRMED terminal
0 3 10 3 CONFIRMED transfer|1 3 12 1 REQUESTED|2 3 13 5 PENDING_PAYMENT link|1 4 13 2 CANCELLED terminal credit
0 5 10 2 CONFIRMED cash|2 5 12 1 LAPSED link|1 6 11 3 REQUESTED|0 7 14 2 CONFIRMED transfer
1 9 12 4 CONFIRMED cash|2 10 12 5 CONFIRMED transfer|0 13 10 2 CONFIRMED cash
"""
"""Artist, day from today, earliest hour, service, status, method, fate. Nothing was paid by link yet: the practice
Stripe was not there when this past was made, and has none of its money."""


def sample_bookings(now: datetime) -> tuple[SampleBooking, ...]:
    """Every booking of the practice studio as it stands at ``now``, in the order of the plan."""
    placing = _Placing(now)
    rows = _PLAN.strip().replace("\n", "|").split("|")
    return tuple(placing.place(number, row.split()) for number, row in enumerate(rows))


_LETS_GO = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
"""Others may sit where these were; a request keeps its place, so that a trainee can say yes to it."""


class _Placing:
    """Finds a free place for one wanted booking after the other."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._today = now.astimezone(STUDIO.zone_info).date()
        leave = sample_leave(self._today)
        away = Span(to_seconds(leave.starts_at), to_seconds(leave.ends_at))
        self._hours = [
            _artist_hours(number, artist, (away,) if number == leave.artist_id else ())
            for number, artist in enumerate(sample_artists(self._today), start=1)
        ]
        self._busy: list[list[Span]] = [[] for _ in self._hours]
        self._units: list[list[Span]] = [[] for _ in UNIT_KINDS]
        self._holds = 0

    def place(self, number: int, row: list[str]) -> SampleBooking:
        """The booking for one row of the plan; what it keeps is busy from then on."""
        artist, day, hour, service = (int(cell) for cell in row[:4])
        status = BookingStatus(row[4])
        slot = self._slot(artist, day, hour, SERVICES[service])
        starts_at = to_instant(slot.start_s)
        if status not in _LETS_GO:
            self._keep(artist, SERVICES[service], slot)
        hold_until = self._deadline() if status is BookingStatus.PENDING_PAYMENT else None
        return SampleBooking(
            artist=artist,
            client=number * 7 % len(CLIENTS),
            service=service,
            unit=slot.station_id,
            starts_at=starts_at,
            status=status,
            method=PaymentMethod(row[5]) if len(row) > 5 else None,
            fate=DepositFate(row[6]) if len(row) > 6 else None,
            created_at=hold_until - timedelta(seconds=STUDIO.hold_s)
            if hold_until
            else min(starts_at, self._now) - timedelta(days=2 + number % 9, minutes=7 * number),
            hold_until=hold_until,
            checked_in_at=self._checked_in(starts_at, status),
        )

    def _slot(self, artist: int, day: int, hour: int, service: Service) -> Slot:
        """The first free start from the wanted day and hour on; the past is searched backwards."""
        time = ArtistTime(hours=self._hours[artist], busy=self._busy[artist])
        request = SlotRequest(
            sitting=service.sitting,
            zone=STUDIO.zone_info,
            now_s=0,
            pools=self._pools(service),
            rules=SlotRules(step_s=STUDIO.slot_step_s),
        )
        step = 1 if day >= 0 else -1
        for distance in range(30):
            on = self._today + timedelta(days=day + step * distance)
            within = Span(to_seconds(_midnight(on)) + (0 if distance else hour * 3600), to_seconds(_midnight(on, 1)))
            free = free_slots([time], request, within)
            if free:
                return free[0]
        raise AssertionError("the practice studio's plan does not fit")

    def _pools(self, service: Service) -> tuple[StationPool, ...]:
        return tuple(
            StationPool(need, {n: self._units[n] for n, kind in enumerate(UNIT_KINDS) if kind == need.kind})
            for need in service.station_needs
        )

    def _keep(self, artist: int, service: Service, slot: Slot) -> None:
        pause_s = self._hours[artist].pause_s
        self._busy[artist].append(occupied_by_artist(slot.start_s, service.sitting, pause_s))
        if slot.station_id is not None:
            self._units[slot.station_id].extend(kept_from(slot.start_s, service.station_needs[0]))

    def _deadline(self) -> datetime:
        """Holds end one after the other, so that a trainee sees minutes run down."""
        self._holds += 1
        return self._now + timedelta(seconds=STUDIO.hold_s - 360 * self._holds)

    def _checked_in(self, starts_at: datetime, status: BookingStatus) -> datetime | None:
        has_come = status in {BookingStatus.CONFIRMED, BookingStatus.COMPLETED} and starts_at <= self._now
        return starts_at - timedelta(minutes=4) if has_come else None


def _artist_hours(number: int, artist: Artist, leave: tuple[Span, ...]) -> ArtistHours:
    return ArtistHours(
        artist_id=number,
        zone=STUDIO.zone_info,
        plans=artist.plans,
        leave=leave,
        stays_from=artist.stays_from,
        stays_until=artist.stays_until,
        pause_s=artist.pause_s,
    )


def _midnight(day: date, days: int = 0) -> datetime:
    """When ``day``, or a day so many days later, begins in the studio."""
    later = day + timedelta(days=days)
    return datetime(later.year, later.month, later.day, tzinfo=STUDIO.zone_info)
