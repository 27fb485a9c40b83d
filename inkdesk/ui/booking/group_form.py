"""Planning a group sitting, or changing one."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.group_commands import ChangeGroup, CreateGroup, GroupSaved
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.groups import MOST_SEATS, GroupSitting
from inkdesk.domain.message import message
from inkdesk.domain.series import at_wall
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import DateEdit, Form, Notice, PushButton, plain_label
from inkdesk.ui.common.time_edit import TimeEdit

USUAL_SEATS, USUAL_HOURS = 8, 6


class GroupForm(QDialog):
    """Asks for title, artist, service, day, times and seats; delete it after ``finished``.

    ``saved`` carries the ``GroupSaved``. With a ``group`` it changes that one: artist and service stay.
    """

    saved = Signal(object)

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        group: GroupSitting | None = None,
        artist_id: int | None = None,
        starts_at: datetime | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New group sitting") if group is None else tr("Change group sitting"))
        self._services = services
        self._background = WhileAlive(background, self)
        self._group = group
        self._artist_id = artist_id if group is None else group.artist_id
        self._starts_at = starts_at if group is None else group.starts_at
        self._zone = ZoneInfo("UTC")
        self._request_key = uuid.uuid4().hex
        self._is_saving = False
        self._make()
        self._arrange()
        today = services.clock.now().date()
        self._background.read(lambda: services.studio.settings(today), self._show, self._fail)
        self.title.setFocus()

    def _show(self, settings: StudioSettings) -> None:
        self._zone = settings.studio.zone_info
        for artist in settings.artists:
            if artist.is_active or artist.id == self._artist_id:
                self.artist.addItem(artist.name, artist.id)
        for service in settings.services:
            if service.is_active or (self._group is not None and service.id == self._group.service_id):
                self.service.addItem(service.name, service.id)
        self.artist.setCurrentIndex(max(0, self.artist.findData(self._artist_id)))
        self._show_times()
        if self._group is not None:
            self._show_group(self._group)
        self.save_button.setEnabled(bool(self.artist.count() and self.service.count()))
        if not self.service.count():
            self.notice.show_text(tr("The price list is empty. Enter a service in the settings first."), "warning")

    def _show_times(self) -> None:
        now = self._services.clock.now().astimezone(self._zone)
        start = self._starts_at.astimezone(self._zone) if self._starts_at is not None else None
        begin = start or datetime.combine(now.date() + timedelta(days=1), time(10))
        self.day.set_day(begin.date())
        self.start.set_clock(begin.time())
        self.end.set_clock((begin.replace(tzinfo=None) + timedelta(hours=USUAL_HOURS)).time())

    def _show_group(self, group: GroupSitting) -> None:
        self.service.setCurrentIndex(max(0, self.service.findData(group.service_id)))
        self.title.setText(group.title)
        self.end.set_clock(group.ends_at.astimezone(self._zone).time())
        self.seats.setValue(group.seats)
        self.note.setText(group.note)
        self.artist.setEnabled(False)
        self.service.setEnabled(False)

    def _save(self) -> None:
        if self._is_saving:
            return
        self.form.clear_errors()
        self.notice.show_text("")
        try:
            work = self._work()
        except InkDeskError as error:
            self._fail(error)
            return
        self._set_saving(is_saving=True)
        self._background.write(work, self._done, self._fail)

    def _work(self) -> Callable[[], GroupSaved]:
        groups = self._services.groups
        starts_at, ends_at = self._times()
        title, seats, note = self.title.text(), self.seats.value(), self.note.text()
        if self._group is not None:
            change = ChangeGroup(
                group_id=self._group.id,
                version=self._group.version,
                title=title,
                starts_at=starts_at,
                ends_at=ends_at,
                seats=seats,
                note=note,
            )
            return lambda: groups.change(change)
        create = CreateGroup(
            request_key=self._request_key,
            artist_id=self.artist.currentData(),
            service_id=self.service.currentData(),
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            seats=seats,
            note=note,
        )
        return lambda: groups.create(create)

    def _times(self) -> tuple[datetime, datetime]:
        """Start and end; an end that is not after the start is on the next day."""
        day, start, end = self.day.day(), self.start.minute(), self.end.minute()
        starts_at = self._instant(day, start, "starts_at")
        if self._group is not None and self._is_unmoved(day, start, end):
            return self._group.starts_at, self._group.ends_at
        return starts_at, self._instant(day if end > start else day + timedelta(days=1), end, "ends_at")

    def _is_unmoved(self, day: date, start: int, end: int) -> bool:
        """Whether the form shows the group's own times, which may last over several days."""
        if self._group is None:
            return False
        own = [one.astimezone(self._zone) for one in (self._group.starts_at, self._group.ends_at)]
        shown = [one.hour * 60 + one.minute for one in own]
        return own[0].date() == day and shown == [start, end]

    def _instant(self, day: date, minute: int, field: str) -> datetime:
        wall = datetime.combine(day, time(*divmod(minute, 60)))
        instant = at_wall(wall, self._zone)
        if instant is None:
            sentence = message("This time does not exist: the clock is put forward over it. Choose another time.")
            raise ValidationError(sentence, field=field)
        return instant

    def _done(self, saved: GroupSaved) -> None:
        self._set_saving(is_saving=False)
        self.saved.emit(saved)
        self.accept()

    def _fail(self, error: InkDeskError) -> None:
        self._set_saving(is_saving=False)
        if not self.form.show_error(error):
            self.notice.show_text(render(error.message), "error")

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.form.setEnabled(not is_saving)
        self.save_button.setEnabled(not is_saving)

    @override
    def reject(self) -> None:
        """Close; while something is being saved its answer is awaited."""
        if not self._is_saving:
            super().reject()

    def _make(self) -> None:
        self.title, self.note = QLineEdit(), QLineEdit()
        self.title.setPlaceholderText(tr("For example Flash day"))
        self.artist, self.service = QComboBox(), QComboBox()
        self.day, self.start, self.end = DateEdit(), TimeEdit(), TimeEdit()
        self.seats = QSpinBox()
        self.seats.setRange(1, MOST_SEATS)
        self.seats.setValue(USUAL_SEATS)
        self.notice = Notice("error")
        self.save_button = QPushButton(tr("&Save group sitting"))
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self._save)
        self.cancel_button = PushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self.form = Form()
        self.form.add_row("title", tr("&Title"), self.title)
        self.form.add_row("artist_id", tr("&Artist"), self.artist)
        self.form.add_row("service_id", tr("Serv&ice"), self.service)
        self.form.add_row("day", tr("Da&y"), self.day)
        self.form.add_row("starts_at", tr("&Begins"), self.start)
        self.form.add_row("ends_at", tr("En&d"), self.end)
        self.form.add_row("seats", tr("S&eats"), self.seats)
        self.form.add_row("note", tr("&Note"), self.note)
        hint = tr("An end before the start is on the next day. The artist is kept for all of it.")
        footer = QHBoxLayout()
        footer.addStretch(1)
        footer.addWidget(self.save_button)
        footer.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.form)
        layout.addWidget(plain_label(hint, "muted"))
        layout.addStretch(1)
        layout.addWidget(self.notice)
        layout.addLayout(footer)
        self.setMinimumWidth(440)
