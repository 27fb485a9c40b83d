"""``inkdesk init``: a first studio, its own or the practice studio's data."""

import uuid
from dataclasses import dataclass

from inkdesk.application.studio_service import SetUpCommand
from inkdesk.application.text import tr
from inkdesk.bootstrap import OpenStudio, store_sample
from inkdesk.cli.output import Answer
from inkdesk.domain.artists import Artist, check_artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, exponent
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.studio import Mode, Studio, check_studio
from inkdesk.infrastructure.zones import country_of_zone

FIRST_HOURS = ((), *((WallSpan(600, 1140),),) * 5, ())
"""Tuesday to Saturday, 10:00 to 19:00; the settings change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioWish:
    """A studio as it was typed; "" is what was left out."""

    name: str
    zone: str
    currency: str
    artist: str
    mode: Mode


def first_studio(wish: StudioWish) -> SetUpCommand:
    """The checked studio with one artist and two services. ValidationError before any file is made."""
    for field, value in (
        ("name", wish.name),
        ("zone", wish.zone),
        ("currency", wish.currency),
        ("artist", wish.artist),
    ):
        if not value.strip():
            raise ValidationError(
                message("A new studio needs --{option}. Or use --sample to look around first.", option=field),
                field=field,
            )
    studio = Studio(
        uid=uuid.uuid4().hex,
        name=" ".join(wish.name.split()),
        zone=wish.zone,
        currency=wish.currency,
        mode=wish.mode,
        phone_region=country_of_zone(wish.zone),
    )
    check_studio(studio)
    artist = Artist(name=" ".join(wish.artist.split()), plans=every_week(FIRST_HOURS))
    check_artist(artist)
    return SetUpCommand(studio=studio, artists=(artist,), services=_first_services(wish.currency))


def make(opened: OpenStudio, command: SetUpCommand | None) -> Answer:
    """Store the studio; None stores the practice studio's data."""
    studio = store_sample(opened) if command is None else opened.services.studio.set_up(command)
    data = {
        "studio": studio.name,
        "zone": studio.zone,
        "currency": studio.currency,
        "mode": studio.mode.value,
        "database": opened.database.url_shown,
    }
    return Answer(
        data, [tr("{studio} is ready in {database}.", studio=studio.name, database=opened.database.url_shown)]
    )


def _first_services(currency: str) -> tuple[Service, ...]:
    """A tattoo and a talk about one, priced in round sums of any currency."""
    hundred = 10_000 if exponent(currency) < 3 else 100_000
    tattoo = Service(
        name=tr("Tattoo, 2 hours"),
        sitting=Sitting(900, 7200, 900),
        price=Money(2 * hundred, currency),
        deposit=Money(hundred // 2, currency),
    )
    talk = Service(
        name=tr("Consultation, 30 minutes"),
        sitting=Sitting(0, 1800, 0),
        price=Money(0, currency),
        deposit=Money(0, currency),
    )
    return (tattoo, talk)
