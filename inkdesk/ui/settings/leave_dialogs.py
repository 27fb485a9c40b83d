"""An artist away or the studio closed, and other hours on one date."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from inkdesk.application.entry import parse_hours
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist, DateOverride, Leave, check_leave
from inkdesk.domain.hours import wall_to_seconds
from inkdesk.domain.spans import to_instant
from inkdesk.ui.common.forms import DateEdit, TimeEdit, plain_label
from inkdesk.ui.settings.record_dialog import RecordDialog, Save


class MomentEdit(QWidget):
    """A date and a clock time side by side."""

    def __init__(self, day: date, clock: time, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day, self.clock = DateEdit(), TimeEdit()
        self.day.setAccessibleName(name)
        self.clock.setAccessibleName(tr("Time"))
        self.day.set_day(day)
        self.clock.set_clock(clock)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.day, 1)
        layout.addWidget(self.clock)

    def instant(self, zone: ZoneInfo) -> datetime:
        """The instant; a time the clock jumps over becomes that of the jump, a doubled one the first."""
        day, minute = self.day.day(), self.clock.minute()
        found = wall_to_seconds(day, minute, zone)
        if found:
            return to_instant(found[0])
        return datetime.combine(day, time(minute // 60, minute % 60), zone)


class LeaveDialog(RecordDialog[Leave]):
    """Enters a leave. It may lie over bookings: they stay and wait to be moved."""

    def __init__(
        self,
        artists: Sequence[Artist],
        zone: ZoneInfo,
        today: date,
        save: Save[Leave],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("New leave"), save, _nothing, parent)
        self._zone = zone
        self._who = QComboBox()
        for artist in artists:
            self._who.addItem(artist.name, artist.id)
        self._who.addItem(tr("Everybody: the studio is closed"), None)
        self._from = MomentEdit(today, time(0, 0), tr("From"))
        self._until = MomentEdit(date.fromordinal(today.toordinal() + 1), time(0, 0), tr("Until"))
        self._reason = QLineEdit()
        self._reason.setMaxLength(200)
        self.form.add_row("artist_id", tr("&Who"), self._who)
        self.form.add_row("starts_at", tr("&From"), self._from, focus=self._from.day)
        self.form.add_row("ends_at", tr("&Until"), self._until, focus=self._until.day)
        self.form.add_row("reason", tr("&Reason"), self._reason)
        self.form.add_wide(
            plain_label(tr("Bookings in this time stay as they are. Move or cancel them in the calendar."), "muted")
        )
        self.add_buttons()

    @override
    def record(self) -> Leave:
        """The leave as typed; ValidationError if it ends before it begins."""
        leave = Leave(
            artist_id=self._who.currentData(),
            starts_at=self._from.instant(self._zone),
            ends_at=self._until.instant(self._zone),
            reason=" ".join(self._reason.text().split()),
        )
        check_leave(leave)
        return leave


class OverrideDialog(RecordDialog[DateOverride]):
    """Gives one artist other hours on one date."""

    def __init__(
        self, artists: Sequence[Artist], today: date, save: Save[DateOverride], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Other hours on one date"), save, _nothing, parent)
        self._who = QComboBox()
        for artist in artists:
            self._who.addItem(artist.name, artist.id)
        self._on = DateEdit()
        self._on.set_day(today)
        self._hours = QLineEdit()
        self._hours.setPlaceholderText(tr("Day off"))
        self.form.add_row("artist_id", tr("&Who"), self._who)
        self.form.add_row("on", tr("&Date"), self._on)
        self.form.add_row("spans", tr("&Hours"), self._hours)
        self.form.add_wide(plain_label(tr("Like 10:00-13:00, 14:00-19:00. Empty: off that day."), "muted"))
        self.add_buttons()

    @override
    def record(self) -> DateOverride:
        """The date's hours as typed; ValidationError for hours that cannot be."""
        return DateOverride(
            artist_id=self._who.currentData(), on=self._on.day(), spans=parse_hours(self._hours.text(), "spans")
        )


def _nothing() -> None:
    """A new record is never old."""
