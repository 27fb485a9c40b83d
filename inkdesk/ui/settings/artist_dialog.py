"""One artist: name, colour, stay, pause and weekly hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from typing_extensions import override

from inkdesk.application.entry import format_hours, parse_hours
from inkdesk.application.text import formats, tr
from inkdesk.domain.artists import Artist, check_artist
from inkdesk.ui.common.choices import ZoneCombo
from inkdesk.ui.common.forms import DateEdit, MinutesEdit, plain_label
from inkdesk.ui.settings.record_dialog import RecordDialog, Save

DEFAULT_STAY = timedelta(days=13)


def colour_names() -> tuple[tuple[str, str], ...]:
    """Okabe and Ito's colours, which colour-blind eyes tell apart, each with its name."""
    return (
        ("#0072b2", tr("Blue")),
        ("#e69f00", tr("Orange")),
        ("#009e73", tr("Green")),
        ("#cc79a7", tr("Pink")),
        ("#56b4e9", tr("Sky blue")),
        ("#d55e00", tr("Vermilion")),
        ("#f0e442", tr("Yellow")),
        ("#7f7f7f", tr("Grey")),
    )


def swatch(colour: str) -> QIcon:
    """A small square of one colour (``#rrggbb``)."""
    picture = QPixmap(14, 14)
    picture.fill(QColor(colour))
    return QIcon(picture)


class ArtistDialog(RecordDialog[Artist]):
    """Adds (``artist`` with id 0) or changes an artist."""

    def __init__(
        self,
        artist: Artist,
        today: date,
        save: Save[Artist],
        newest: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Change artist") if artist.id else tr("New artist"), save, newest, parent)
        self._artist = artist
        self._today = today
        self._add_person_rows()
        self._hours = [self._add_hours_row(weekday) for weekday in range(7)]
        self._fill(artist)
        self.add_buttons()

    def _add_person_rows(self) -> None:
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._colour = QComboBox()
        self._guest = QCheckBox(tr("A &guest with a bounded stay"))
        self._from, self._until = DateEdit(), DateEdit()
        self._zone = ZoneCombo(tr("The studio's time zone"))
        self._pause = MinutesEdit()
        self.form.add_row("name", tr("&Name"), self._name)
        self.form.add_row("colour", tr("C&olour"), self._colour)
        self.form.add_wide(self._guest)
        self.form.add_row("stays_from", tr("Stays &from"), self._from)
        self.form.add_row("stays_until", tr("Stays &until"), self._until)
        self.form.add_row("zone", tr("Time &zone of the hours"), self._zone)
        self.form.add_row("pause_s", tr("&Pause after a sitting"), self._pause)
        self._guest.toggled.connect(self._show_stay)

    def _add_hours_row(self, weekday: int) -> QLineEdit:
        if weekday == 0:
            self.form.add_wide(plain_label(tr("Working hours"), "heading"))
            self.form.add_wide(
                plain_label(
                    tr("Like 10:00-13:00, 14:00-19:00. 20:00-02:00 ends the next day. Empty: a day off."), "muted"
                )
            )
        line = QLineEdit()
        self.form.add_row(f"hours_{weekday}", formats().weekday(weekday).capitalize(), line)
        line.setPlaceholderText(tr("Day off"))
        return line

    def _fill(self, artist: Artist) -> None:
        self._name.setText(artist.name)
        for colour, name in colour_names():
            self._colour.addItem(swatch(colour), name, colour)
        if self._colour.findData(artist.colour) < 0:
            self._colour.addItem(swatch(artist.colour), tr("Another colour"), artist.colour)
        self._colour.setCurrentIndex(self._colour.findData(artist.colour))
        self._from.set_day(artist.stays_from or self._today)
        self._until.set_day(artist.stays_until or (artist.stays_from or self._today) + DEFAULT_STAY)
        self._guest.setChecked(artist.is_guest)
        self._show_stay(is_guest=artist.is_guest)
        self._zone.set_value(artist.zone)
        self._pause.set_seconds(artist.pause_s)
        for line, spans in zip(self._hours, artist.weekly, strict=True):
            line.setText(format_hours(spans))

    def _show_stay(self, is_guest: bool) -> None:  # noqa: FBT001 - a signal calls it
        for field in ("stays_from", "stays_until"):
            self.form.set_row_visible(field, is_visible=is_guest)

    @override
    def record(self) -> Artist:
        """The artist as typed; ValidationError for what cannot be."""
        is_guest = self._guest.isChecked()
        artist = replace(
            self._artist,
            name=" ".join(self._name.text().split()),
            colour=self._colour.currentData(),
            is_guest=is_guest,
            stays_from=self._from.day() if is_guest else None,
            stays_until=self._until.day() if is_guest else None,
            zone=self._zone.value(),
            pause_s=self._pause.seconds(),
            weekly=tuple(parse_hours(line.text(), f"hours_{day}") for day, line in enumerate(self._hours)),
        )
        check_artist(artist)
        return artist
