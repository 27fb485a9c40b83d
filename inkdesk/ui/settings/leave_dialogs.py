"""An artist away or the studio closed, and other hours on one date."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from inkdesk.application.entry import format_hours, parse_hours
from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.artists import Artist, DateOverride, Leave, check_leave
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.hours import WallSpan, hours_on, wall_to_seconds
from inkdesk.domain.spans import to_instant
from inkdesk.ui.common.forms import DateEdit, plain_label
from inkdesk.ui.common.time_edit import TimeEdit
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


HIT_LINES = 2
"""Room kept for the sentence that comes once the bookings are counted."""
CountHit = Callable[[Leave, Callable[[int], None]], None]
"""Counts the bookings that lie in a leave, and tells the second."""


class LeaveDialog(RecordDialog[Leave]):
    """Enters a leave. It may lie over bookings: they stay, and the form says how many there are."""

    def __init__(
        self,
        artists: Sequence[Artist],
        zone: ZoneInfo,
        today: date,
        save: Save[Leave],
        count_hit: CountHit,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("New leave"), save, _nothing, parent)
        self._zone = zone
        self._count_hit = count_hit
        self._hit = plain_label(role="muted")
        self._hit.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hit.setMinimumHeight(HIT_LINES * self._hit.fontMetrics().lineSpacing())
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
        midnight = formats().clock(0)
        self.form.add_wide(plain_label(tr("{midnight} is the end of the day before.", midnight=midnight), "muted"))
        self.form.add_row("reason", tr("&Reason"), self._reason)
        self.form.add_wide(self._hit)
        self._who.currentIndexChanged.connect(self._look)
        for edit in (self._from, self._until):
            edit.day.dateChanged.connect(self._look)
            edit.clock.timeChanged.connect(self._look)
        self.add_buttons()
        self._look()

    def _look(self) -> None:
        """Count the bookings in the time that stands in the form now; a late answer for another one is dropped."""
        try:
            leave = self.record()
        except InkDeskError:
            self._hit.setText("")
            return

        def counted(n: int) -> None:
            if shiboken6.isValid(self) and self._times() == (leave.artist_id, leave.starts_at, leave.ends_at):
                self._hit.setText(_hit_words(n))

        self._count_hit(leave, counted)

    def _times(self) -> tuple[int | None, datetime, datetime]:
        return self._who.currentData(), self._from.instant(self._zone), self._until.instant(self._zone)

    @override
    def record(self) -> Leave:
        """The leave as typed; ValidationError if it ends before it begins."""
        artist_id, starts_at, ends_at = self._times()
        reason = " ".join(self._reason.text().split())
        leave = Leave(artist_id=artist_id, starts_at=starts_at, ends_at=ends_at, reason=reason)
        check_leave(leave)
        return leave


class OverrideDialog(RecordDialog[DateOverride]):
    """Gives one artist other hours on one date; says which hours the date has so far."""

    def __init__(
        self,
        artists: Sequence[Artist],
        overrides: Sequence[DateOverride],
        today: date,
        save: Save[DateOverride],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Other hours on one date"), save, _nothing, parent)
        self._plans = {artist.id: artist.plans for artist in artists}
        self._set = {(one.artist_id, one.on): one.spans for one in overrides}
        self._so_far = plain_label(role="muted")
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
        self.form.add_wide(self._so_far)
        self._who.currentIndexChanged.connect(self._show_so_far)
        self._on.dateChanged.connect(self._show_so_far)
        self._show_so_far()
        self.add_buttons()

    def _show_so_far(self) -> None:
        artist_id, on = self._who.currentData(), self._on.day()
        spans = self._set.get((artist_id, on))
        if spans is None:
            self._so_far.setText(tr("Planned: {hours}", hours=_hours_words(hours_on(self._plans[artist_id], on))))
        else:
            self._so_far.setText(tr("Entered already, and replaced by this: {hours}", hours=_hours_words(spans)))

    @override
    def record(self) -> DateOverride:
        """The date's hours as typed; ValidationError for hours that cannot be."""
        return DateOverride(
            artist_id=self._who.currentData(), on=self._on.day(), spans=parse_hours(self._hours.text(), "spans")
        )


def _hours_words(spans: tuple[WallSpan, ...]) -> str:
    return format_hours(spans) or tr("Day off")


def _hit_words(n: int) -> str:
    if not n:
        return tr("No booking lies in this time.")
    return ntr(
        "{n} booking lies in this time. It stays; the calendar shows it.",
        "{n} bookings lie in this time. They stay; the calendar shows them.",
        n,
    )


def _nothing() -> None:
    """A new record is never old."""
