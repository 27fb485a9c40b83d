"""Services and stations."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from inkdesk.domain.catalogue import CancellationPolicy, Service, Station
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Processing, Sitting
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import YES


class SqlCatalogueRepository:
    """Services with the artists who do them, stations with their units."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def services(self, *, with_inactive: bool = False) -> list[Service]:
        """Services by id, each with the artists who do it."""
        query = _SERVICES if with_inactive else _ACTIVE_SERVICES
        return list(self._session.remembered(("services", with_inactive), lambda: self._services(query)))

    def service(self, service_id: int) -> Service:
        """One service; ValidationError if there is none."""
        found = self._session.remembered(
            ("service", service_id), lambda: self._services(_SERVICE, service_id=service_id)
        )
        if not found:
            raise ValidationError(message("This service is not in the price list any more. Choose another service."))
        return found[0]

    def add_service(self, service: Service) -> Service:
        """Store a new service; the answer has its id."""
        service_id = self._session.insert(t.service, {"version": 1, **_service_values(service)})
        self._set_artists(service_id, service.artist_ids)
        return replace(service, id=service_id, version=1)

    def save_service(self, service: Service) -> Service:
        """Store changes; StaleRecord on a version conflict."""
        version = self._session.save(
            t.service,
            service.id,
            service.version,
            _service_values(service),
            message(
                "{service} was changed at another desk. Open the service again and repeat it.", service=service.name
            ),
        )
        self._session.write(t.artist_service.delete().where(t.artist_service.c.service_id == service.id))
        self._set_artists(service.id, service.artist_ids)
        return replace(service, version=version)

    def stations(self, *, with_inactive: bool = False) -> list[Station]:
        """Stations by id, each with the resource ids of its units."""
        query = _STATIONS if with_inactive else _ACTIVE_STATIONS
        return list(self._session.remembered(("stations", with_inactive), lambda: self._stations(query)))

    def add_station(self, station: Station, units: int) -> Station:
        """Store a new station with so many units (resources)."""
        station_id = self._session.insert(t.station, {"version": 1, **_station_values(station)})
        unit_ids = tuple(self._session.insert(t.resource, {"kind": "station_unit"}) for _ in range(units))
        rows = [{"resource_id": unit_id, "station_id": station_id} for unit_id in unit_ids]
        self._session.insert_many(t.station_unit, rows)
        return replace(station, id=station_id, unit_ids=unit_ids, version=1)

    def save_station(self, station: Station) -> Station:
        """Store name, kind and activity; StaleRecord on a version conflict. Units stay."""
        version = self._session.save(
            t.station,
            station.id,
            station.version,
            _station_values(station),
            message(
                "{station} was changed at another desk. Open the station again and repeat it.", station=station.name
            ),
        )
        return replace(station, version=version)

    def _services(self, query: Select[Any], **values: object) -> list[Service]:
        return _to_services(self._session.rows(query, studio_id=self._session.studio_id, **values))

    def _stations(self, query: Select[Any]) -> list[Station]:
        found: dict[int, Station] = {}
        for row in self._session.rows(query, studio_id=self._session.studio_id):
            seen = found.setdefault(row.id, _to_station(row))
            if row.resource_id is not None:
                found[row.id] = replace(seen, unit_ids=(*seen.unit_ids, row.resource_id))
        return list(found.values())

    def _set_artists(self, service_id: int, artist_ids: Iterable[int]) -> None:
        rows = [{"service_id": service_id, "artist_id": artist_id} for artist_id in sorted(set(artist_ids))]
        self._session.insert_many(t.artist_service, rows)


_SERVICES = (
    select(t.service, t.artist_service.c.artist_id)
    .outerjoin_from(t.service, t.artist_service, t.artist_service.c.service_id == t.service.c.id)
    .where(t.service.c.studio_id == bindparam("studio_id"))
    .order_by(t.service.c.id, t.artist_service.c.artist_id)
)
_ACTIVE_SERVICES = _SERVICES.where(t.service.c.is_active == YES)
_SERVICE = _SERVICES.where(t.service.c.id == bindparam("service_id"))
_STATIONS = (
    select(t.station, t.station_unit.c.resource_id)
    .outerjoin_from(t.station, t.station_unit, t.station_unit.c.station_id == t.station.c.id)
    .where(t.station.c.studio_id == bindparam("studio_id"))
    .order_by(t.station.c.id, t.station_unit.c.resource_id)
)
_ACTIVE_STATIONS = _STATIONS.where(t.station.c.is_active == YES)


def _to_services(rows: Iterable[Row[Any]]) -> list[Service]:
    """Services with a row for each artist who does them; one without any has one row."""
    groups = (list(own) for _, own in groupby(rows, key=lambda row: row.id))
    return [_to_service(own[0], (row.artist_id for row in own if row.artist_id is not None)) for own in groups]


def _to_service(row: Row[Any], artist_ids: Iterable[int]) -> Service:
    return Service(
        id=row.id,
        name=row.name,
        sitting=Sitting(row.prep_s, row.sitting_s, row.clean_up_s),
        price=Money(row.price_minor, row.currency),
        deposit=Money(row.deposit_minor, row.currency),
        policy=CancellationPolicy(row.cutoff_hours, row.refund_percent),
        station_kind=row.station_kind,
        station_units=row.station_units,
        station_prep_s=row.station_prep_s,
        station_clean_up_s=row.station_clean_up_s,
        processing=_to_processing(row),
        artist_ids=tuple(artist_ids),
        is_active=row.is_active,
        version=row.version,
    )


def _to_processing(row: Row[Any]) -> Processing | None:
    if row.processing_s is None:
        return None
    return Processing(row.processing_after_s, row.processing_s, row.processing_kind, row.processing_keeps_station)


def _service_values(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        **service.sitting._asdict(),
        "price_minor": service.price.amount_minor,
        "deposit_minor": service.deposit.amount_minor,
        "currency": service.price.currency,
        "cutoff_hours": service.policy.cutoff_hours,
        "refund_percent": service.policy.refund_percent,
        "station_kind": service.station_kind,
        "station_units": service.station_units,
        "station_prep_s": service.station_prep_s,
        "station_clean_up_s": service.station_clean_up_s,
        **_processing_values(service.processing),
        "is_active": service.is_active,
    }


def _processing_values(processing: Processing | None) -> dict[str, Any]:
    return {
        "processing_after_s": processing and processing.after_s,
        "processing_s": processing and processing.lasts_s,
        "processing_kind": processing.station_kind if processing else "",
        "processing_keeps_station": processing is None or processing.keeps_station,
    }


def _to_station(row: Row[Any]) -> Station:
    return Station(id=row.id, name=row.name, kind=row.kind, is_active=row.is_active, version=row.version)


def _station_values(station: Station) -> dict[str, Any]:
    return {"name": station.name, "kind": station.kind, "is_active": station.is_active}
