"""A list of records that can be added, changed and archived."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QWidget

from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service, Station
from inkdesk.ui.settings.list_section import ListSection
from inkdesk.ui.settings.presenter import Failed, Saved, SettingsPresenter

R = TypeVar("R", Artist, Service, Station)


class RecordSection(ListSection, Generic[R]):
    """Subclasses say which records, how a row reads, and which dialog changes one."""

    def __init__(
        self,
        presenter: SettingsPresenter,
        heading: str,
        explanation: str,
        empty: str,
        add: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(heading, explanation, empty, parent)
        self.presenter = presenter
        self._settings: StudioSettings | None = None
        self._today = date.min
        self._records: Sequence[R] = ()
        self.add = self.add_button(add, "primary")
        self.change = self.add_button(tr("&Change"))
        self.archive = self.add_button(tr("A&rchive"))
        self.add.setEnabled(False)
        self.add.clicked.connect(self._add)
        self.change.clicked.connect(lambda: self._change(self.list.currentRow()))
        self.archive.clicked.connect(self._archive)
        self.opened.connect(self._change)
        self.row_changed.connect(self._row_changed)
        self._row_changed(-1)

    def records(self, settings: StudioSettings) -> Sequence[R]:
        """The section's records, archived ones included."""
        raise NotImplementedError

    def new(self, settings: StudioSettings) -> R:
        """What a new record begins with."""
        raise NotImplementedError

    def row_text(self, record: R) -> str:
        """A record in one line."""
        raise NotImplementedError

    def row_icon(self, record: R) -> QIcon | None:  # noqa: ARG002 - of the row, if a subclass has one
        """A record's picture."""
        return None

    def dialog(self, record: R, settings: StudioSettings, today: date) -> QDialog:
        """The form of a record, not open yet; what it saves goes to ``presenter``, its ``newest`` to ``reopen``."""
        raise NotImplementedError

    def save(self, record: R, done: Saved, failed: Failed) -> None:
        """Store a record as it is."""
        raise NotImplementedError

    def show_settings(self, settings: StudioSettings, today: date) -> None:
        """Show the records of ``settings``."""
        self._settings, self._today, self._records = settings, today, self.records(settings)
        rows = [(self.row_text(one), self.row_icon(one), one.is_active) for one in self._records]
        self.show_rows(rows, [one.id for one in self._records])
        self.add.setEnabled(True)
        self._row_changed(self.list.currentRow())

    def reopen(self, record_id: int) -> None:
        """Read everything again and open one record's form anew."""

        def loaded(settings: StudioSettings) -> None:
            self.show_settings(settings, self._today)
            for record in self._records:
                if record.id == record_id:
                    self._open(record, settings)

        self.presenter.load(loaded, self.show_error)

    def _chosen(self, row: int) -> R | None:
        return self._records[row] if 0 <= row < len(self._records) else None

    def _add(self) -> None:
        if self._settings is not None:
            self._open(self.new(self._settings), self._settings).accepted.connect(self.await_new)

    def _change(self, row: int) -> None:
        record = self._chosen(row)
        if record is not None and self._settings is not None:
            self._open(record, self._settings)

    def _open(self, record: R, settings: StudioSettings) -> QDialog:
        self.clear_error()
        dialog = self.dialog(record, settings, self._today)
        dialog.open()
        return dialog

    def _archive(self) -> None:
        record = self._chosen(self.list.currentRow())
        if record is not None:
            self.clear_error()
            self.save(replace(record, is_active=not record.is_active), self.clear_error, self.show_error)

    def _row_changed(self, row: int) -> None:
        record = self._chosen(row)
        self.change.setEnabled(record is not None)
        self.archive.setEnabled(record is not None)
        self.archive.setText(tr("A&rchive") if record is None or record.is_active else tr("B&ring back"))
