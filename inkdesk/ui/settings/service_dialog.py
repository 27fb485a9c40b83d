"""One service: its spans, price, deposit, cancellation policy, stations, processing time and artists."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import CancellationPolicy, Service, Station, check_service
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.sitting import Sitting
from inkdesk.ui.common.forms import MinutesEdit, MoneyEdit, plain_label
from inkdesk.ui.settings.record_dialog import RecordDialog, Save
from inkdesk.ui.settings.station_rows import StationRows


class ServiceDialog(RecordDialog[Service]):
    """Adds (``service`` with id 0) or changes an entry of the price list."""

    def __init__(
        self,
        service: Service,
        artists: Sequence[Artist],
        stations: Sequence[Station],
        save: Save[Service],
        newest: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Change service") if service.id else tr("New service"), save, newest, parent)
        self._service = service
        self._add_spans()
        self._add_money()
        kinds = sorted({station.kind for station in stations if station.is_active})
        self._stations = StationRows(self.form, service, kinds)
        for edit in (self._prep, self._clean_up):
            edit.valueChanged.connect(self._follow_artist)
        self._add_artists(service, artists)
        self._fill(service)
        self.form.set_label_width(self.form.label_width())
        self.add_buttons()

    def _add_spans(self) -> None:
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._prep, self._sitting, self._clean_up = MinutesEdit(), MinutesEdit(), MinutesEdit()
        self.form.add_row("name", tr("&Name"), self._name)
        self.form.add_row("prep_s", tr("Pre&paration"), self._prep)
        self.form.add_row("sitting_s", tr("S&itting"), self._sitting)
        self.form.add_row("clean_up_s", tr("Clean-&up"), self._clean_up)

    def _add_money(self) -> None:
        self._price, self._deposit = MoneyEdit("price"), MoneyEdit("deposit")
        self._cutoff, self._refund = QSpinBox(), QSpinBox()
        self._cutoff.setRange(0, 8760)
        self._cutoff.setSuffix(tr(" hours before"))
        self._refund.setRange(0, 100)
        self._refund.setSuffix(tr(" %"))
        self.form.add_row("price", tr("P&rice"), self._price)
        self.form.add_row("deposit", tr("&Deposit"), self._deposit)
        self.form.add_row("policy", tr("Cancel in &time: until"), self._cutoff)
        self.form.add_row("refund_percent", tr("Then &give back"), self._refund)
        self.form.add_wide(plain_label(tr("Of the deposit. Whoever cancels later gets nothing back."), "muted"))

    def _add_artists(self, service: Service, artists: Sequence[Artist]) -> None:
        self._artists = dict[int, QCheckBox]()
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for artist in artists:
            is_chosen = artist.id in service.artist_ids
            if artist.is_active or is_chosen:
                box = QCheckBox(artist.name.replace("&", "&&"))
                box.setAccessibleName(artist.name)
                box.setChecked(is_chosen)
                layout.addWidget(box)
                self._artists[artist.id] = box
        first = next(iter(self._artists.values()), column)
        self.form.add_row("artist_ids", tr("&Artists"), column, focus=first)
        self.form.add_wide(plain_label(tr("Tick who does it (space bar). None ticked: every artist does."), "muted"))

    def _fill(self, service: Service) -> None:
        self._name.setText(service.name)
        self._prep.set_seconds(service.sitting.prep_s)
        self._sitting.set_seconds(service.sitting.sitting_s)
        self._clean_up.set_seconds(service.sitting.clean_up_s)
        self._price.set_money(service.price)
        self._deposit.set_money(service.deposit)
        self._cutoff.setValue(service.policy.cutoff_hours)
        self._refund.setValue(service.policy.refund_percent)
        self._follow_artist()

    def _follow_artist(self) -> None:
        self._stations.follow_artist(self._prep.seconds(), self._clean_up.seconds())

    @override
    def record(self) -> Service:
        """The service as typed; ValidationError for what cannot be."""
        service = replace(
            self._service,
            name=" ".join(self._name.text().split()),
            sitting=Sitting(self._prep.seconds(), self._sitting.seconds(), self._clean_up.seconds()),
            price=self._price.money(),
            deposit=self._deposit.money(),
            policy=CancellationPolicy(self._cutoff.value(), self._refund.value()),
            artist_ids=self._ticked(),
        )
        service = self._stations.put_into(service)
        check_service(service)
        return service

    @override
    def show_error(self, error: InkDeskError) -> None:
        super().show_error(self._stations.placed(error))

    def _ticked(self) -> tuple[int, ...]:
        return tuple(artist_id for artist_id, box in self._artists.items() if box.isChecked())
