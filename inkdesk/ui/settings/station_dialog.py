"""One station: a chair, room or machine in so many units."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.catalogue import Station
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.ui.common.choices import SearchCombo
from inkdesk.ui.common.forms import plain_label
from inkdesk.ui.settings.record_dialog import RecordDialog, Save

NewStation = tuple[Station, int]
"""A station and, if it is new, how many units it has."""


class StationDialog(RecordDialog[NewStation]):
    """Adds (``station`` with id 0) or changes a station. The number of units is chosen once."""

    def __init__(
        self,
        station: Station,
        kinds: Sequence[str],
        save: Save[NewStation],
        newest: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Change station") if station.id else tr("New station"), save, newest, parent)
        self._station = station
        self._name = QLineEdit(station.name)
        self._kind = SearchCombo()
        for kind in kinds:
            self._kind.addItem(kind, kind)
        self._kind.set_value(station.kind)
        self._units = QSpinBox()
        self._units.setRange(1, 100)
        self._units.setValue(len(station.unit_ids) or 1)
        self._units.setEnabled(not station.id)
        self.form.add_row("name", tr("&Name"), self._name)
        self.form.add_row("kind", tr("&Kind"), self._kind)
        self.form.add_wide(plain_label(tr("Services ask for a kind, for example chair or room."), "muted"))
        self.form.add_row("units", tr("&Units"), self._units)
        self.form.add_wide(plain_label(tr("How many of it stand side by side; fixed once it is saved."), "muted"))
        self.add_buttons()

    @override
    def record(self) -> NewStation:
        """The station as typed; ValidationError without a name or kind."""
        station = replace(self._station, name=" ".join(self._name.text().split()), kind=self._kind.value())
        if not station.name:
            raise ValidationError(message("The station needs a name."), field="name")
        if not station.kind:
            raise ValidationError(message("The station needs a kind, for example chair."), field="kind")
        return station, self._units.value()
