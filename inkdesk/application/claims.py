"""What a sitting claims: the one place that turns artists, spans and station units into the guard's rows."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from inkdesk.application.picture import unit_ids
from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.sitting import kept_from, occupied_by_artist
from inkdesk.domain.spans import to_seconds


def claims_for(
    artists: Sequence[Artist], service: Service, starts_at: datetime, station_ids: Sequence[int]
) -> list[Claim]:
    """Everything that one sitting of ``service`` keeps.

    Each of its artists for the occupancy with the artist's own pause, and each placed unit for all spans of its need.
    ``station_ids`` are by need, in the order of ``service.station_needs``, as a verdict gives them.
    """
    start_s = to_seconds(starts_at)
    claims = [
        Claim(artist.resource_id, occupied_by_artist(start_s, service.sitting, artist.pause_s)) for artist in artists
    ]
    units = iter(station_ids)
    for need in service.station_needs:
        kept = kept_from(start_s, need)
        claims += [Claim(unit, span) for unit in islice(units, need.units) for span in kept]
    return claims


def alike(uow: UnitOfWork) -> dict[int, tuple[int, ...]]:
    """By station unit: the units that would do in its place, itself first. Only active stations give others."""
    stations = uow.catalogue.stations(with_inactive=True)
    by_kind: dict[str, list[int]] = {}
    for station in stations:
        by_kind.setdefault(station.kind, []).extend(station.unit_ids if station.is_active else ())
    return {
        unit: (unit, *(other for other in by_kind[station.kind] if other != unit))
        for station in stations
        for unit in station.unit_ids
    }


def candidates(uow: UnitOfWork, artists: Sequence[Artist], service: Service) -> list[int]:
    """Every resource that a sitting of ``service`` may claim: these artists, and all units that would do."""
    return [*(artist.resource_id for artist in artists), *unit_ids(uow, service)]
