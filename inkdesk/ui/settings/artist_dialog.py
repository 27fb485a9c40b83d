"""One artist: name, styles, colour, stay, pause, limits and working hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from typing_extensions import override

from inkdesk.application.entry import format_styles, parse_styles
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist, check_artist
from inkdesk.domain.hours import CLOSED_WEEK, every_week
from inkdesk.domain.slot_rules import NO_LIMITS, Limits
from inkdesk.ui.common.choices import ZoneCombo
from inkdesk.ui.common.forms import DateEdit, MinutesEdit
from inkdesk.ui.settings.limit_edit import HoursLimitEdit, LimitEdit
from inkdesk.ui.settings.plans_edit import PlansEdit
from inkdesk.ui.settings.record_dialog import RecordDialog, Save

DEFAULT_STAY = timedelta(days=13)
WIDTH_PX = 640
"""Two weeks side by side show two spans a day each."""
MOST_SITTINGS = 200
LIMIT_FIELDS = ("per_day", "per_week", "long_sitting_s")


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
        self.setMinimumWidth(WIDTH_PX)
        self._artist = artist
        self._today = today
        self._add_person_rows()
        self._add_limit_rows()
        self._plans = PlansEdit(artist.plans or every_week(CLOSED_WEEK), today)
        self.form.add_form(self._plans)
        for form in (self.form, self._plans):
            form.set_label_width(self.form.label_width())
        self._fill(artist)
        self.add_buttons()

    def _add_person_rows(self) -> None:
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._styles = QLineEdit()
        self._styles.setMaxLength(400)
        self._styles.setPlaceholderText(tr("fine line, blackwork"))
        self._colour = QComboBox()
        self._guest = QCheckBox(tr("A &guest with a bounded stay"))
        self._from, self._until = DateEdit(), DateEdit()
        self._zone = ZoneCombo(tr("The studio's time zone"))
        self._pause = MinutesEdit()
        self.form.add_row("name", tr("&Name"), self._name)
        self.form.add_row("styles", tr("S&tyles"), self._styles)
        self.form.add_row("colour", tr("C&olour"), self._colour)
        self.form.add_wide(self._guest)
        self.form.add_row("stays_from", tr("Stays &from"), self._from)
        self.form.add_row("stays_until", tr("Stays &until"), self._until)
        self.form.add_row("zone", tr("Time &zone of the hours"), self._zone)
        self.form.add_row("pause_s", tr("&Pause after a sitting"), self._pause)
        self._guest.toggled.connect(self._show_stay)

    def _add_limit_rows(self) -> None:
        self._limited = QCheckBox(tr("&Limits to what is taken on"))
        self._per_day, self._per_week = (LimitEdit(MOST_SITTINGS, tr(" sittings")) for _ in range(2))
        self._long = HoursLimitEdit()
        self.form.add_wide(self._limited)
        self.form.add_row("per_day", tr("At most a &day"), self._per_day)
        self.form.add_row("per_week", tr("At most a &week"), self._per_week)
        self.form.add_row("long_sitting_s", tr("Onl&y one a day over"), self._long)
        self._limited.toggled.connect(self._show_limits)

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
        self._styles.setText(format_styles(artist.styles))
        self._per_day.set_limit(artist.limits.per_day)
        self._per_week.set_limit(artist.limits.per_week)
        self._long.set_limit_s(artist.limits.long_sitting_s)
        self._limited.setChecked(artist.limits.are_set)
        self._show_limits(is_limited=artist.limits.are_set)

    def _show_stay(self, is_guest: bool) -> None:  # noqa: FBT001 - a signal calls it
        for field in ("stays_from", "stays_until"):
            self.form.set_row_visible(field, is_visible=is_guest)

    def _show_limits(self, is_limited: bool) -> None:  # noqa: FBT001 - a signal calls it
        for field in LIMIT_FIELDS:
            self.form.set_row_visible(field, is_visible=is_limited)

    def _limits(self) -> Limits:
        if not self._limited.isChecked():
            return NO_LIMITS
        return Limits(
            per_day=self._per_day.limit(), per_week=self._per_week.limit(), long_sitting_s=self._long.limit_s()
        )

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
            limits=self._limits(),
            styles=parse_styles(self._styles.text()),
            plans=self._plans.plans(),
        )
        check_artist(artist)
        return artist
