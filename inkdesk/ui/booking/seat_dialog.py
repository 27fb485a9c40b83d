"""Seating a client in a group sitting: who, all the time or a part of it, how many seats."""

import uuid
from datetime import datetime, time, timedelta

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import Booked
from inkdesk.application.changes import EVERYTHING
from inkdesk.application.group_commands import SeatCommand
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.groups import GroupFull
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.series import at_wall
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.booking.client_field import ClientField
from inkdesk.ui.booking.deposit_ways import DepositWays
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.presenter.groups import KnownGroup, part_words, room_words
from inkdesk.ui.booking.waiting_notice import WaitingNotice
from inkdesk.ui.booking.when_field import FREE, REFUSED
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import Form, PushButton, plain_label, set_role
from inkdesk.ui.common.time_edit import TimeEdit

SCROLL_BAR = 8
"""Pixels that the form's column keeps free for its scroll bar: the buttons below end where the inputs end."""


class SeatDialog(QDialog):
    """Books seats; delete it after ``finished``.

    ``booked`` carries the ``Booked`` and comes before ``accepted``; ``changed`` the ``Changes`` that a refused
    booking may have made.
    """

    booked = Signal(object)
    changed = Signal(object)

    def __init__(
        self, services: Services, background: Background, known: KnownGroup, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a client: {group}", group=known.group.title))
        self._services = services
        self._background = WhileAlive(background, self)
        self._known = known
        self._zone = known.settings.studio.zone_info
        self._request_key = uuid.uuid4().hex
        self._is_saving = False
        self.client = ClientField(services, self._background)
        self.client.use_region(known.settings.studio.phone_region)
        self.ways = DepositWays()
        self._make()
        self._arrange()
        self._show_room()
        self._background.call(
            lambda: services.payments.check_ready(known.group.artist_id),
            lambda _ready: self.ways.show_link_trouble(""),
            lambda error: self.ways.show_link_trouble(render(error.message)),
        )
        self.client.setFocus()

    def show_known(self, known: KnownGroup) -> None:
        """The group sitting as it stands now, also by what other desks did; everything typed stays.

        More seats than there are now are refused in words, not changed.
        """
        self._known = known
        self.setWindowTitle(tr("Add a client: {group}", group=known.group.title))
        self.when.setText(part_words(known.group.span))
        self.seats.setMaximum(max(known.group.seats, self.seats.value()))
        if self.whole.isChecked():
            self._show_times()
        if not self._is_saving:
            self._show_room()

    def _span(self) -> tuple[datetime, datetime]:
        """The chosen time; ValidationError for one that does not exist."""
        group = self._known.group
        if self.whole.isChecked():
            return group.starts_at, group.ends_at
        start = self._instant(self.start.minute(), "starts_at")
        return start, self._instant(self.end.minute(), "ends_at", after=start)

    def _instant(self, minute: int, field: str, after: datetime | None = None) -> datetime:
        """A clock time on the group's first day, or on a later one if it lies before the group's start."""
        begin = (after or self._known.group.starts_at).astimezone(self._zone)
        wall = datetime.combine(begin.date(), time(*divmod(minute, 60)))
        if wall < begin.replace(tzinfo=None):
            wall += timedelta(days=1)
        instant = at_wall(wall, self._zone)
        if instant is None:
            sentence = message("This time does not exist: the clock is put forward over it. Choose another time.")
            raise ValidationError(sentence, field=field)
        return instant

    def _show_times(self) -> None:
        group = self._known.group
        with QSignalBlocker(self.start), QSignalBlocker(self.end):
            self.start.set_clock(group.starts_at.astimezone(self._zone).time())
            self.end.set_clock(group.ends_at.astimezone(self._zone).time())

    def _show_room(self) -> None:
        """Say at once whether the party fits, and what it is asked for; a refusal of something else is over."""
        self.form.mark("seats", "")
        is_part = not self.whole.isChecked()
        self.start.setEnabled(is_part)
        self.end.setEnabled(is_part)
        sentence, fits = self._verdict()
        set_role(self.room, "success" if fits else "error")
        self.room.setText((FREE if fits else REFUSED) + sentence)
        self._show_deposit()

    def _verdict(self) -> tuple[str, bool]:
        if self._known.group.is_cancelled:
            return tr("This group sitting is cancelled."), False
        try:
            start, end = self._span()
        except InkDeskError as error:
            return render(error.message), False
        return room_words(self._known, Span(to_seconds(start), to_seconds(end)), self.seats.value())

    def _show_deposit(self) -> None:
        services = (one for one in self._known.settings.services if one.id == self._known.group.service_id)
        service = next(services, None)
        if service is not None:
            deposit = Money(service.deposit.amount_minor * self.seats.value(), service.deposit.currency)
            self.ways.show_amount(deposit, tr("Deposit {deposit}:", deposit=deposit))

    def _save(self) -> None:
        if self._is_saving:
            return
        self.form.clear_errors()
        self.client.new_form.clear_errors()
        self.notice.show_text("")
        try:
            command = self._command()
        except InkDeskError as error:
            self._fail(error)
            return
        self._set_saving(is_saving=True)
        self._background.call(lambda: self._services.groups.seat(command), self._done, self._fail)

    def _command(self) -> SeatCommand:
        start, end = self._span()
        return SeatCommand(
            request_key=self._request_key,
            group_id=self._known.group.id,
            client=self.client.client(),
            starts_at=start,
            ends_at=end,
            seats=self.seats.value(),
            choice=self.ways.choice(),
            note=self.note.text(),
        )

    def _done(self, booked: Booked) -> None:
        self._set_saving(is_saving=False)
        self.booked.emit(booked)
        self.accept()

    def _fail(self, error: InkDeskError) -> None:
        was_saving = self._is_saving
        self._set_saving(is_saving=False)
        if error.code is ErrorCode.STRIPE_NOT_CONFIGURED:
            self.ways.show_link_trouble(render(error.message))
        if isinstance(error, GroupFull):
            self._show_full(error)
        elif not (self.form.show_error(error) or self.client.new_form.show_error(error)):
            self.notice.show_text(render(error.message), "error")
        if was_saving and error.code is not ErrorCode.VALIDATION:
            self.changed.emit(EVERYTHING)

    def _show_full(self, error: GroupFull) -> None:
        """Say it once, where it can be mended: the times are not even open for a party that comes all the time."""
        self.room.setText("")
        self.form.mark("seats", render(error.message))
        self.seats.setFocus(Qt.FocusReason.OtherFocusReason)
        self.seats.selectAll()

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.notice.wait(is_waiting=is_saving)
        self.form.setEnabled(not is_saving)
        self.save_button.setEnabled(not is_saving)

    @override
    def reject(self) -> None:
        """Close; while something is being saved its answer is awaited."""
        if not self._is_saving:
            super().reject()

    def _make(self) -> None:
        group = self._known.group
        self.whole = QRadioButton(tr("&All the time"))
        self.part = QRadioButton(tr("A &part of it"))
        self.whole.setChecked(True)
        self.whole.toggled.connect(self._show_room)
        self.start, self.end = TimeEdit(), TimeEdit()
        self._show_times()
        self.seats = QSpinBox()
        self.seats.setRange(1, group.seats)
        self.seats.valueChanged.connect(self._show_room)
        for edit in (self.start, self.end):
            edit.timeChanged.connect(self._show_room)
        self.when = plain_label(part_words(group.span), "muted")
        self.room = plain_label()
        self.room.setAccessibleName(tr("Verdict"))
        self.note = QLineEdit()
        self.notice = WaitingNotice()
        self.save_button = QPushButton(tr("&Save booking"))
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._save)
        self.cancel_button = PushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self.form = Form()
        self.form.add_row("client", tr("&Client"), self.client, focus=self.client.line)
        self.client.named.connect(lambda _name: self.form.mark("client", ""))
        self.form.add_wide(self.whole)
        self.form.add_wide(self.part)
        self.form.add_row("starts_at", tr("&Begins"), self.start)
        self.form.add_row("ends_at", tr("En&d"), self.end)
        self.form.add_row("seats", tr("Numbe&r of seats"), self.seats)
        self.form.add_wide(self.room)
        self.form.add_wide(self.ways)
        self.form.add_row("note", tr("No&te"), self.note)
        footer = QHBoxLayout()
        footer.addStretch(1)
        footer.addWidget(self.save_button)
        footer.addWidget(self.cancel_button)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, SCROLL_BAR, 0)
        below.setSpacing(12)
        below.addWidget(self.notice)
        below.addLayout(footer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20 - SCROLL_BAR, 16)
        layout.setSpacing(12)
        layout.addWidget(self.when)
        layout.addWidget(FormColumn(self.form), 1)
        layout.addLayout(below)
        self.resize(480, 500)
