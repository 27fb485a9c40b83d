"""The price list and the stations."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import ntr, tr
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Sitting
from inkdesk.ui.settings.presenter import Failed, Saved, SettingsPresenter
from inkdesk.ui.settings.record_section import RecordSection
from inkdesk.ui.settings.service_dialog import ServiceDialog
from inkdesk.ui.settings.station_dialog import NewStation, StationDialog

NEW_SITTING = Sitting(0, 3600, 900)


class ServicesSection(RecordSection[Service]):
    """The price list."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            presenter,
            tr("Services"),
            tr("What can be booked. Bookings already made keep their price, deposit and times."),
            tr("No service yet. Add one: nothing can be booked without."),
            tr("&Add service"),
            parent,
        )

    @override
    def records(self, settings: StudioSettings) -> Sequence[Service]:
        return settings.services

    @override
    def new(self, settings: StudioSettings) -> Service:
        nothing = Money(0, settings.studio.currency)
        return Service(name="", sitting=NEW_SITTING, price=nothing, deposit=nothing)

    @override
    def row_text(self, record: Service) -> str:
        if not record.is_active:
            return tr("{name}, archived", name=record.name)
        return tr(
            "{name}: {minutes} min, {price}, deposit {deposit}",
            name=record.name,
            minutes=record.sitting.sitting_s // 60,
            price=record.price,
            deposit=record.deposit,
        )

    @override
    def dialog(self, record: Service, settings: StudioSettings, today: date) -> ServiceDialog:
        artists, stations = settings.artists, settings.stations
        return ServiceDialog(record, artists, stations, self.save, lambda: self.reopen(record.id), self.window())

    @override
    def save(self, record: Service, done: Saved, failed: Failed) -> None:
        self.presenter.save_service(record, done, failed)


class StationsSection(RecordSection[Station]):
    """Chairs, rooms and machines."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            presenter,
            tr("Stations"),
            tr("Chairs, rooms and machines. A service that asks for one is booked only while one is free."),
            tr("No station yet. Without stations only the artists' time counts."),
            tr("&Add station"),
            parent,
        )

    @override
    def records(self, settings: StudioSettings) -> Sequence[Station]:
        return settings.stations

    @override
    def new(self, settings: StudioSettings) -> Station:
        return Station(name="", kind="")

    @override
    def row_text(self, record: Station) -> str:
        if not record.is_active:
            return tr("{name}, archived", name=record.name)
        n = len(record.unit_ids)
        return ntr("{name}: {kind}, {n} unit", "{name}: {kind}, {n} units", n, name=record.name, kind=record.kind)

    @override
    def dialog(self, record: Station, settings: StudioSettings, today: date) -> StationDialog:
        kinds = sorted({station.kind for station in settings.stations})
        return StationDialog(record, kinds, self._save_new, lambda: self.reopen(record.id), self.window())

    @override
    def save(self, record: Station, done: Saved, failed: Failed) -> None:
        self.presenter.save_station(record, 1, done, failed)

    def _save_new(self, new: NewStation, done: Saved, failed: Failed) -> None:
        self.presenter.save_station(new[0], new[1], done, failed)
