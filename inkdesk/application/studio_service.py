"""Setting a studio up and changing its settings, artists, hours, leave, services, stations and clients."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from inkdesk.application.changes import Changes
from inkdesk.application.ports import PhoneNumbers, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.artists import Artist, DateOverride, Leave, check_artist, check_leave, check_wall_spans
from inkdesk.domain.catalogue import Service, Station, check_service
from inkdesk.domain.clients import Client, check_client
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span
from inkdesk.domain.studio import Studio, check_studio

SETTINGS = Changes(settings=True)
ALL_TIME = Span(-(2**40), 2**40)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpCommand:
    """A first studio with what it needs to book: at least one artist and one service."""

    studio: Studio
    artists: tuple[Artist, ...]
    services: tuple[Service, ...]
    stations: tuple[tuple[Station, int], ...] = ()
    """Stations with their number of units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioSettings:
    """Everything the settings page shows, read in one go."""

    studio: Studio
    artists: tuple[Artist, ...]
    services: tuple[Service, ...]
    stations: tuple[Station, ...]
    leaves: tuple[Leave, ...]
    overrides: tuple[DateOverride, ...]


class StudioService:
    """The use cases of the settings. Every save checks its record first and answers with what changed."""

    def __init__(self, read: ReadUnit, write: WriteUnit, phones: PhoneNumbers) -> None:
        self._read = read
        self._write = write
        self._phones = phones

    def find(self) -> Studio | None:
        """The studio, or None before it was set up."""
        with self._read() as uow:
            return uow.studio.find()

    def set_up(self, command: SetUpCommand) -> Studio:
        """Make the studio. ValidationError if one exists already or anything in it cannot be."""

        def work(uow: UnitOfWork) -> Studio:
            check_studio(command.studio)
            studio = uow.studio.add(command.studio)
            for artist in command.artists:
                check_artist(artist)
                uow.artists.add(artist)
            for service in command.services:
                check_service(service)
                uow.catalogue.add_service(service)
            for station, units in command.stations:
                uow.catalogue.add_station(station, units)
            return studio

        return in_unit(self._write, work)

    def settings(self, today: date) -> StudioSettings:
        """Everything, archived artists and services included; leave and overrides from ``today`` on."""
        with self._read() as uow:
            artists = tuple(uow.artists.all(with_inactive=True))
            return StudioSettings(
                studio=uow.studio.get(),
                artists=artists,
                services=tuple(uow.catalogue.services(with_inactive=True)),
                stations=tuple(uow.catalogue.stations(with_inactive=True)),
                leaves=tuple(one for one in uow.artists.leaves(ALL_TIME) if one.ends_at.date() >= today),
                overrides=tuple(uow.artists.overrides([one.id for one in artists], today, date.max)),
            )

    def save_studio(self, studio: Studio) -> Changes:
        """Store changed settings. The mode stays what it was: practice, test and live money never mix."""
        check_studio(studio)

        def work(uow: UnitOfWork) -> None:
            uow.studio.save(replace(studio, mode=uow.studio.get().mode))

        return self._change(work)

    def save_artist(self, artist: Artist) -> Changes:
        """Store a new (id 0) or changed artist with plans of hours, limits and styles."""
        check_artist(artist)
        return self._change(lambda uow: uow.artists.save(artist) if artist.id else uow.artists.add(artist))

    def set_override(self, override: DateOverride) -> Changes:
        """Give one date other hours; no spans closes it."""
        check_wall_spans(override.spans)
        return self._change(lambda uow: uow.artists.set_override(override))

    def clear_override(self, artist_id: int, on: date) -> Changes:
        """Give one date its planned hours back."""
        return self._change(lambda uow: uow.artists.clear_override(artist_id, on))

    def add_leave(self, leave: Leave) -> Changes:
        """Enter a leave, also over bookings: they stay and wait to be moved."""
        check_leave(leave)
        return self._change(lambda uow: uow.artists.add_leave(leave))

    def remove_leave(self, leave_id: int) -> Changes:
        """Take a leave back."""
        return self._change(lambda uow: uow.artists.remove_leave(leave_id))

    def save_service(self, service: Service) -> Changes:
        """Store a new (id 0) or changed service. Existing bookings keep their price, deposit and spans."""
        check_service(service)

        def work(uow: UnitOfWork) -> None:
            _check_currency(uow, service)
            _check_units(uow, service)
            if service.id:
                uow.catalogue.save_service(service)
            else:
                uow.catalogue.add_service(service)

        return self._change(work)

    def save_station(self, station: Station, units: int = 1) -> Changes:
        """Store a new (id 0, with so many units) or changed station."""
        if not station.name.strip() or not station.kind.strip():
            raise ValidationError(message("A station needs a name and a kind."), field="name")
        if not 1 <= units <= 100:
            raise ValidationError(message("A station has 1 to 100 units."), field="units")
        return self._change(
            lambda uow: uow.catalogue.save_station(station) if station.id else uow.catalogue.add_station(station, units)
        )

    def save_client(self, client: Client) -> Client:
        """Store a new (id 0) or changed client; the phone is normalised."""

        def work(uow: UnitOfWork) -> Client:
            region = uow.studio.get().phone_region
            phone = self._phones.normalise(client.phone, region) if client.phone.strip() else ""
            clean = replace(client, name=" ".join(client.name.split()), phone=phone, email=client.email.strip())
            check_client(clean)
            return uow.clients.save(clean) if clean.id else uow.clients.add(clean)

        return in_unit(self._write, work)

    def _change(self, work: Callable[[UnitOfWork], object]) -> Changes:
        in_unit(self._write, work)
        return SETTINGS


def _check_currency(uow: UnitOfWork, service: Service) -> None:
    currency = uow.studio.get().currency
    if service.price.currency != currency:
        raise ValidationError(
            message("The studio takes {currency}. Enter the price in it.", currency=currency), field="price"
        )


def _check_units(uow: UnitOfWork, service: Service) -> None:
    """Several stations at once must be there at all; one may still be bought."""
    units = sum(len(one.unit_ids) for one in uow.catalogue.stations() if one.kind == service.station_kind)
    if service.station_kind and service.station_units > max(units, 1):
        raise ValidationError(
            message(
                "This service needs {count} of {kind}, and the studio has {units}. Lower the number, or add stations.",
                count=service.station_units,
                kind=service.station_kind,
                units=units,
            ),
            field="station_units",
        )
