"""The rows of a service's form that say which stations it needs, and when."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox

from inkdesk.application.text import tr
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.sitting import Processing
from inkdesk.ui.common.forms import Form, MinutesEdit, plain_label

MOST_UNITS = 100
USUAL_PROCESSING = Processing(after_s=0, lasts_s=1800)
OWN_FIELDS = ("station_units", "station_prep_s", "station_clean_up_s")
PROCESSING_FIELDS = ("processing_after_s", "processing", "processing_kind")


class StationRows:
    """Adds its rows to ``form``. Only what is used is shown; what was typed and is hidden again is kept.

    ``kinds`` are the kinds of station there are.
    """

    def __init__(self, form: Form, service: Service, kinds: Sequence[str]) -> None:
        self._form = form
        self._kinds = sorted({*kinds, service.station_kind, _processing(service).station_kind} - {""})
        self._add_own_rows()
        self._add_processing_rows()
        self._fill(service)

    def put_into(self, service: Service) -> Service:
        """``service`` with what these rows say."""
        kind: str = self._kind.currentData()
        if not kind:
            return replace(
                service,
                station_kind="",
                station_units=1,
                station_prep_s=None,
                station_clean_up_s=None,
                processing=self._processing(),
            )
        return replace(
            service,
            station_kind=kind,
            station_units=self._units.value(),
            station_prep_s=self._prep.seconds() if self._own_prep.isChecked() else None,
            station_clean_up_s=self._clean_up.seconds() if self._own_clean_up.isChecked() else None,
            processing=self._processing(),
        )

    def follow_artist(self, prep_s: int, clean_up_s: int) -> None:
        """Show the artist's preparation and clean-up where the station has none of its own."""
        for box, edit, seconds in (
            (self._own_prep, self._prep, prep_s),
            (self._own_clean_up, self._clean_up, clean_up_s),
        ):
            if not box.isChecked():
                edit.set_seconds(seconds)

    def placed(self, error: InkDeskError) -> InkDeskError:
        """``error`` beside the row that can mend it: all errors of a processing time have the field ``processing``."""
        kind: str = self._kind.currentData()
        if error.field == "processing" and kind and kind == self._other_kind.currentData():
            return ValidationError(error.message, field="processing_kind")
        return error

    def _add_own_rows(self) -> None:
        self._kind = self._kind_combo()
        self._units = QSpinBox()
        self._units.setRange(1, MOST_UNITS)
        self._prep, self._clean_up = MinutesEdit(), MinutesEdit()
        self._form.add_row("station_kind", tr("Stati&on"), self._kind)
        self._form.add_row("station_units", tr("Ho&w many of it"), self._units)
        self._own_prep = self._form.add_optional("station_prep_s", tr("Its own pr&eparation"), self._prep)
        self._own_clean_up = self._form.add_optional("station_clean_up_s", tr("Its own c&lean-up"), self._clean_up)
        self._own_words = plain_label(tr("Not ticked: kept as long as the artist, without the pause."), "muted")
        self._form.add_wide(self._own_words)
        self._kind.currentIndexChanged.connect(self._show_used)

    def _add_processing_rows(self) -> None:
        self._has_processing = QCheckBox(tr("A pro&cessing time within the sitting"))
        self._processing_words = plain_label(
            tr("The client waits, for example for numbing cream or a stencil. The artist stays booked."), "muted"
        )
        self._after, self._lasts = MinutesEdit(), MinutesEdit()
        self._keeps = QComboBox()
        self._keeps.addItem(tr("Stays kept"), True)  # noqa: FBT003 - what the entry stands for
        self._keeps.addItem(tr("Is free for others"), False)  # noqa: FBT003
        self._other_kind = self._kind_combo()
        self._form.add_wide(self._has_processing)
        self._form.add_wide(self._processing_words)
        self._form.add_row("processing_after_s", tr("&Begins after"), self._after)
        self._form.add_row("processing", tr("Lasts"), self._lasts)
        self._form.add_row("processing_keeps", tr("&Meanwhile the station"), self._keeps)
        self._form.add_row("processing_kind", tr("Other station t&hen"), self._other_kind)
        self._has_processing.toggled.connect(self._show_used)

    def _kind_combo(self) -> QComboBox:
        combo = QComboBox()
        combo.addItem(tr("None needed"), "")
        for kind in self._kinds:
            combo.addItem(kind, kind)
        return combo

    def _fill(self, service: Service) -> None:
        self._kind.setCurrentIndex(self._kind.findData(service.station_kind))
        self._units.setValue(service.station_units)
        self._own_prep.setChecked(service.station_prep_s is not None)
        self._prep.set_seconds(service.station_prep_s or 0)
        self._own_clean_up.setChecked(service.station_clean_up_s is not None)
        self._clean_up.set_seconds(service.station_clean_up_s or 0)
        processing = _processing(service)
        self._has_processing.setChecked(service.processing is not None)
        self._after.set_seconds(processing.after_s)
        self._lasts.set_seconds(processing.lasts_s)
        self._keeps.setCurrentIndex(self._keeps.findData(processing.keeps_station))
        self._other_kind.setCurrentIndex(self._other_kind.findData(processing.station_kind))
        self._show_used()

    def _show_used(self) -> None:
        has_kind, has_processing = bool(self._kind.currentData()), self._has_processing.isChecked()
        for field in OWN_FIELDS:
            self._form.set_row_visible(field, is_visible=has_kind)
        for field in PROCESSING_FIELDS:
            self._form.set_row_visible(field, is_visible=has_processing)
        self._form.set_row_visible("processing_keeps", is_visible=has_kind and has_processing)
        self._own_words.setVisible(has_kind)
        self._processing_words.setVisible(has_processing)

    def _processing(self) -> Processing | None:
        if not self._has_processing.isChecked():
            return None
        has_kind = bool(self._kind.currentData())
        return Processing(
            after_s=self._after.seconds(),
            lasts_s=self._lasts.seconds(),
            station_kind=self._other_kind.currentData(),
            keeps_station=not has_kind or self._keeps.currentData(),
        )


def _processing(service: Service) -> Processing:
    return service.processing or USUAL_PROCESSING
