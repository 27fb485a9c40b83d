"""One consistent reading of hours, leave and claims: what availability is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Slot, StationUnits, Verdict, free_slots, verdict
from inkdesk.domain.catalogue import Service
from inkdesk.domain.hours import ArtistHours, WallSpan
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.studio import Studio

LONGEST_REACH_S = 3 * 86400
"""How far an occupancy or a night's hours may reach into the searched range."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything availability needs of a range, read in a fixed number of queries."""

    studio: Studio
    service: Service
    within: Span
    hours: dict[int, ArtistHours]
    busy: dict[int, list[Span]]
    units: StationUnits | None

    @classmethod
    def of(
        cls, uow: UnitOfWork, studio: Studio, artists: Sequence[Artist], service: Service, within: Span
    ) -> "Picture":
        """Read hours, leave and claims around ``within``."""
        reach = Span(within.start_s - LONGEST_REACH_S, within.end_s + LONGEST_REACH_S)
        units = unit_ids(uow, service)
        busy = uow.bookings.busy([*(artist.resource_id for artist in artists), *units], reach)
        return cls(
            studio=studio,
            service=service,
            within=within,
            hours=_hours(uow, studio, artists, reach),
            busy={artist.id: busy[artist.resource_id] for artist in artists},
            units={unit: busy[unit] for unit in units} if service.station_kind else None,
        )

    def slots(self, artist: Artist, now_s: int) -> list[Slot]:
        """Every free start of ``artist`` in the range."""
        return free_slots(
            self.hours[artist.id],
            self.busy[artist.id],
            self.units,
            self.service.sitting,
            self.studio.slot_rules,
            self.within,
            now_s,
        )

    def verdict(self, artist: Artist, start_s: int, now_s: int) -> Verdict:
        """Judge one start of ``artist``."""
        return verdict(
            self.hours[artist.id],
            self.busy[artist.id],
            self.units,
            self.service.sitting,
            self.studio.slot_rules,
            start_s,
            now_s,
        )


def _hours(uow: UnitOfWork, studio: Studio, artists: Sequence[Artist], reach: Span) -> dict[int, ArtistHours]:
    ids = [artist.id for artist in artists]
    first, last = (
        to_instant(reach.start_s).date() - timedelta(days=1),
        to_instant(reach.end_s).date() + timedelta(days=1),
    )
    overrides: dict[int, dict[date, tuple[WallSpan, ...]]] = {one: {} for one in ids}
    for override in uow.artists.overrides(ids, first, last):
        overrides[override.artist_id][override.on] = override.spans
    leaves = [
        (leave.artist_id, Span(to_seconds(leave.starts_at), to_seconds(leave.ends_at)))
        for leave in uow.artists.leaves(reach)
    ]
    return {
        artist.id: ArtistHours(
            artist_id=artist.id,
            zone=artist.zone_info or studio.zone_info,
            weekly=artist.weekly,
            overrides=overrides[artist.id],
            leave=tuple(span for who, span in leaves if who is None or who == artist.id),
            stays_from=artist.stays_from,
            stays_until=artist.stays_until,
            pause_s=artist.pause_s,
        )
        for artist in artists
    }


def unit_ids(uow: UnitOfWork, service: Service) -> list[int]:
    """The resources of all station units that would do for ``service``; none if it needs no station."""
    if not service.station_kind:
        return []
    return [
        unit
        for station in uow.catalogue.stations()
        if station.kind == service.station_kind
        for unit in station.unit_ids
    ]
