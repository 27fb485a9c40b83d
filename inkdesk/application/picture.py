"""One consistent reading of hours, leave and claims: what availability is computed from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import ArtistTime, Cause, Slot, SlotRequest, StationPool, Verdict, verdict
from inkdesk.domain.catalogue import Service
from inkdesk.domain.hours import DAY_S, ArtistHours, WallSpan, WorkingTime
from inkdesk.domain.sitting import Sitting, StationNeed, kept_from, occupied_by_artist
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.studio import Studio

_AROUND_DAYS = 2
"""A window of free starts, and a night's hours, reach at most so far into a searched range."""
_LONG_S = 366 * DAY_S
_PART_S = _LONG_S // 12
"""Working time is kept by parts of a year, up to ``_MOST_PARTS`` in one: a longer one takes long to answer anyway."""
_MOST_PARTS = 3
_WEEK_S = 8 * DAY_S
"""A limit per week looks at the whole week, wherever its Monday begins."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything availability needs of a range, read in a fixed number of queries."""

    studio: Studio
    sitting: Sitting
    times: Mapping[int, ArtistTime]
    pools: tuple[StationPool, ...]

    @classmethod
    def of(
        cls,
        uow: UnitOfWork,
        studio: Studio,
        artists: Sequence[Artist],
        service: Service,
        within: Span,
        now_s: int,
        *,
        without: Collection[int] = (),
    ) -> "Picture":
        """Read what decides about starts within ``within``.

        Claims of the bookings ``without`` do not count: they are about to move.
        """
        if studio.open_days is not None:
            within = Span(min(within.start_s, now_s), within.end_s)
        needs = units_of(uow, service)
        pause_s = max((artist.pause_s for artist in artists), default=0)
        reach = _reach(studio, service.sitting, [need for need, _ in needs], pause_s, within)
        units = [unit for _, ids in needs for unit in ids]
        sittings = _sittings(uow, artists, reach, without)
        hours = _hours(uow, studio, artists, reach)
        working = _working(uow, hours, reach)
        busy = uow.bookings.busy([*(artist.resource_id for artist in artists), *units], reach, without=without)
        return cls(
            studio=studio,
            sitting=service.sitting,
            times={
                artist.id: ArtistTime(
                    hours=hours[artist.id],
                    busy=busy[artist.resource_id],
                    limits=artist.limits,
                    sittings=sittings.get(artist.id, ()),
                    working=working.get(artist.id),
                )
                for artist in artists
            },
            pools=tuple(StationPool(need, {unit: busy[unit] for unit in ids}) for need, ids in needs),
        )

    def request(self, now_s: int, waived: frozenset[Cause] = frozenset()) -> SlotRequest:
        """What is sought, by the studio's rules."""
        return SlotRequest(
            sitting=self.sitting,
            zone=self.studio.zone_info,
            now_s=now_s,
            pools=self.pools,
            rules=self.studio.slot_rules,
            waived=waived,
        )

    def verdict(self, artist_ids: Sequence[int], now_s: int, start_s: int) -> Verdict:
        """Judge one start for all of these artists, who must be in the picture."""
        return verdict([self.times[one] for one in artist_ids], self.request(now_s), start_s)

    def taking(self, slot: Slot) -> "Picture":
        """The same once ``slot`` is booked: its artists and units are busy then, and it counts for the limits."""
        busier = {one: _busier(self.times[one], self.sitting, slot) for one in slot.artist_ids}
        pools = tuple(_fuller(pool, slot) for pool in self.pools)
        return replace(self, times={**self.times, **busier}, pools=pools)


def units_of(uow: UnitOfWork, service: Service) -> list[tuple[StationNeed, list[int]]]:
    """What a sitting needs of stations, each with the resource ids of all units that would do."""
    needs = service.station_needs
    if not needs:
        return []
    stations = uow.catalogue.stations()
    return [
        (need, [unit for station in stations if station.kind == need.kind for unit in station.unit_ids])
        for need in needs
    ]


def unit_ids(uow: UnitOfWork, service: Service) -> list[int]:
    """The resources of all station units that would do for ``service``; none if it needs no station."""
    return [unit for _, ids in units_of(uow, service) for unit in ids]


def _reach(studio: Studio, sitting: Sitting, needs: Sequence[StationNeed], pause_s: int, within: Span) -> Span:
    """The real time in which something may stand in the way of a start within ``within``."""
    kept = [Span(-sitting.prep_s, sitting.sitting_s + sitting.clean_up_s + pause_s)]
    kept += [span for need in needs for span in need.kept]
    around_s = 0 if studio.alignment is Alignment.CLOCK else _AROUND_DAYS * DAY_S
    return Span(
        within.start_s - around_s + min(span.start_s for span in kept),
        within.end_s + around_s + max(span.end_s for span in kept),
    )


def _sittings(
    uow: UnitOfWork, artists: Sequence[Artist], reach: Span, without: Collection[int]
) -> Mapping[int, Sequence[Span]]:
    """What counts for the limits of the artists who have some."""
    limited = [artist.id for artist in artists if artist.limits.are_set]
    if not limited:
        return {}
    weeks = Span(reach.start_s - _WEEK_S, reach.end_s + _WEEK_S)
    return uow.bookings.sittings(limited, weeks, without=without)


def _hours(uow: UnitOfWork, studio: Studio, artists: Sequence[Artist], reach: Span) -> Mapping[int, ArtistHours]:
    """When each artist works in ``reach``, and for the whole years around it: so the next question finds it known."""
    first, last = reach.start_s // _LONG_S, reach.end_s // _LONG_S
    years = Span(first * _LONG_S - _AROUND_DAYS * DAY_S, (last + 1) * _LONG_S + _AROUND_DAYS * DAY_S)
    asked = ("hours", first, last, *(artist.id for artist in artists))
    return uow.remembered(asked, lambda: _hours_of(uow, studio, artists, years))


def _working(uow: UnitOfWork, hours: Mapping[int, ArtistHours], reach: Span) -> Mapping[int, WorkingTime]:
    """The hours in ``reach`` as real time, in whole parts of the years that ``hours`` knows; none of a long range."""
    first, last = reach.start_s // _PART_S, reach.end_s // _PART_S
    if last - first >= _MOST_PARTS:
        return {}
    parts = Span(first * _PART_S, (last + 1) * _PART_S)
    asked = ("working", first, last, *hours)
    return uow.remembered(asked, lambda: {one: WorkingTime.of(known, parts) for one, known in hours.items()})


def _hours_of(uow: UnitOfWork, studio: Studio, artists: Sequence[Artist], years: Span) -> dict[int, ArtistHours]:
    overrides: dict[int, dict[date, tuple[WallSpan, ...]]] = {artist.id: {} for artist in artists}
    for override in uow.artists.overrides(list(overrides), _day(years.start_s, -1), _day(years.end_s, 1)):
        overrides[override.artist_id][override.on] = override.spans
    leaves = [
        (leave.artist_id, Span(to_seconds(leave.starts_at), to_seconds(leave.ends_at)))
        for leave in uow.artists.leaves(years)
    ]
    return {
        artist.id: ArtistHours(
            artist_id=artist.id,
            zone=artist.zone_info or studio.zone_info,
            plans=artist.plans,
            overrides=overrides[artist.id],
            leave=tuple(span for who, span in leaves if who is None or who == artist.id),
            stays_from=artist.stays_from,
            stays_until=artist.stays_until,
            pause_s=artist.pause_s,
        )
        for artist in artists
    }


def _day(instant_s: int, beside: int) -> date:
    """The date of an instant, and so many times the reach of a night beside it."""
    return to_instant(instant_s).date() + timedelta(days=beside * (_AROUND_DAYS + 1))


def _busier(time: ArtistTime, sitting: Sitting, slot: Slot) -> ArtistTime:
    occupied = occupied_by_artist(slot.start_s, sitting, time.hours.pause_s)
    return replace(time, busy=(*time.busy, occupied), sittings=(*time.sittings, Span(slot.start_s, slot.end_s)))


def _fuller(pool: StationPool, slot: Slot) -> StationPool:
    kept = kept_from(slot.start_s, pool.need)
    units = {unit: (*busy, *kept) if unit in slot.station_ids else busy for unit, busy in pool.units.items()}
    return StationPool(pool.need, units)
