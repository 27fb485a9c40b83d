"""What a first studio is made of: a few typed answers become a studio, an artist and two services."""

import uuid
from dataclasses import dataclass

from inkdesk.application.entry import parse_hours, parse_region
from inkdesk.application.studio_service import SetUpCommand
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WeeklyHours, every_week
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, exponent
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.studio import Mode, Studio, check_studio

FIRST_DAYS = frozenset({1, 2, 3, 4, 5})
"""Tuesday to Saturday."""
FIRST_HOURS = "10:00-19:00"
USUAL_PRICE = 200
"""What two hours cost, in whole units, where ``_PRICES`` knows no better; a studio changes it at once anyway."""
_PRICES = {
    "JPY": 30000, "KRW": 300000, "HUF": 80000, "ISK": 30000, "CZK": 5000, "SEK": 2400, "NOK": 2400, "DKK": 1600,
    "PLN": 800, "RON": 1000, "MXN": 4000, "BRL": 1000, "INR": 16000, "ZAR": 4000, "THB": 8000, "PHP": 12000,
    "TWD": 8000, "HKD": 1600, "TRY": 8000, "UAH": 8000, "CLP": 200000, "COP": 800000, "ARS": 200000, "IDR": 3200000,
    "VND": 5000000,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was typed; weekdays count from Monday = 0, ``is_live`` means real money."""

    name: str
    region: str
    zone: str
    currency: str
    is_live: bool
    artist_name: str
    weekdays: frozenset[int]
    hours: str


def set_up_command(answers: Answers) -> SetUpCommand:
    """The studio to make; ValidationError with its field (an attribute of ``Answers``) for what cannot be."""
    studio = Studio(
        uid=uuid.uuid4().hex,
        name=" ".join(answers.name.split()),
        zone=answers.zone.strip(),
        currency=answers.currency.strip().upper(),
        mode=Mode.LIVE if answers.is_live else Mode.TEST,
        phone_region=parse_region(answers.region, "region"),
    )
    check_studio(studio)
    artist_name = " ".join(answers.artist_name.split())
    if not artist_name:
        raise ValidationError(message("The artist needs a name."), field="artist_name")
    artist = Artist(name=artist_name, plans=every_week(_weekly(answers)))
    return SetUpCommand(studio=studio, artists=(artist,), services=_services(studio.currency))


def _weekly(answers: Answers) -> WeeklyHours:
    spans = parse_hours(answers.hours, "hours")
    if not spans or not answers.weekdays:
        raise ValidationError(
            message("Without working hours nothing can be booked. Tick a day and type hours like 10:00-19:00."),
            field="hours",
        )
    return tuple(spans if weekday in answers.weekdays else () for weekday in range(7))


def _services(currency: str) -> tuple[Service, ...]:
    price = _PRICES.get(currency, USUAL_PRICE) * 10 ** exponent(currency)
    return (
        Service(
            name=tr("Tattoo, 2 hours"),
            sitting=Sitting(900, 7200, 900),
            price=Money(price, currency),
            deposit=Money(price // 4, currency),
        ),
        Service(
            name=tr("Consultation, 30 minutes"),
            sitting=Sitting(0, 1800, 0),
            price=Money(0, currency),
            deposit=Money(0, currency),
        ),
    )
