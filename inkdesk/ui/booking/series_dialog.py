"""A series: the same sitting again and again, or the sittings of a project, booked all at once or not at all."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookingDetail, ClientMatch
from inkdesk.application.series_commands import BookedSeries, PlannedDate
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.series import SeriesKind
from inkdesk.ui.booking.client_field import ClientField
from inkdesk.ui.booking.deposit_ways import DepositWays
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.inputs import in_a_row
from inkdesk.ui.booking.length_field import LengthField
from inkdesk.ui.booking.others_field import OthersField
from inkdesk.ui.booking.presenter.series import SeriesForm, SeriesPresenter, SeriesWish
from inkdesk.ui.booking.series_dates import SeriesDates
from inkdesk.ui.booking.series_rule import USUAL_WEEKS, ProjectForm, RepeatForm
from inkdesk.ui.booking.waiting_notice import WaitingNotice
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import DateEdit, Form, PushButton, plain_label
from inkdesk.ui.common.prompts import confirm
from inkdesk.ui.common.time_edit import TimeEdit


class SeriesDialog(QDialog):
    """Plans and books a series; delete it after ``finished``.

    ``booked`` carries the ``BookedSeries`` and comes before ``accepted``; ``changed`` the ``Changes`` that a refused
    booking may have made. ``pattern_id`` names a booking whose client, artist and service are taken over.
    """

    booked = Signal(object)
    changed = Signal(object)

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        pattern_id: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New series"))
        alive = WhileAlive(background, self)
        self.client = ClientField(services, alive)
        self.others, self.dates, self.ways = OthersField(), SeriesDates(), DepositWays()
        self._services: dict[int, Service] = {}
        self._suggested = date.min
        self._presenter = SeriesPresenter(
            self, services, alive, request_key=uuid.uuid4().hex, pattern_id=pattern_id, announce=self.changed.emit
        )
        self._make_inputs()
        self._make_rule()
        self._make_buttons()
        self._arrange()
        self._watch_rule()
        self._show_kind()
        self._untouched = self._typed()
        self._presenter.begin()
        self.client.setFocus()

    def show_catalogue(self, settings: StudioSettings, today: date) -> None:
        """Fill the choices."""
        self.client.use_region(settings.studio.phone_region)
        artists = [one for one in settings.artists if one.is_active]
        self.others.show_artists(artists)
        self._services = {one.id: one for one in settings.services if one.is_active}
        with QSignalBlocker(self.artist), QSignalBlocker(self.service):
            for artist in artists:
                self.artist.addItem(artist.name, artist.id)
            for service in self._services.values():
                self.service.addItem(service.name, service.id)
        self._suggested = today + timedelta(days=1)
        self.first_day.set_day(self._suggested)
        self.until.set_day(today + timedelta(weeks=12))
        self.plan_button.setEnabled(bool(artists and self._services))
        if not self._services:
            self.notice.show_text(tr("The price list is empty. Enter a service in the settings first."), "warning")
        self._show_service()
        self._show_kind()
        self._suggest()

    def show_last_visit(self, artist_id: int | None, service_id: int) -> None:
        """Choose what the client had last."""
        self.artist.setCurrentIndex(self.artist.findData(artist_id))
        self.service.setCurrentIndex(self.service.findData(service_id))

    def show_first_day(self, day: date) -> None:
        """Begin on this day, unless the desk chose one itself or has seen dates."""
        if self.first_day.day() == self._suggested and not self._presenter.dates:
            self._suggested = day
            self.first_day.set_day(day)

    def show_pattern(self, detail: BookingDetail, first: datetime) -> None:
        """Take over client, artists and service; the series begins a while after the booking that it repeats."""
        card = detail.card
        self.client.choose(detail.client)
        self.artist.setCurrentIndex(max(0, self.artist.findData(card.artist_id)))
        if card.with_artist_ids:
            self.others.box.setChecked(True)
            self.others.show_chosen(card.artist_id, card.with_artist_ids)
        self.service.setCurrentIndex(max(0, self.service.findText(card.service_name)))
        self.length.show_length(int((card.ends_at - card.starts_at).total_seconds()))
        self._keep_length()
        self.first_day.set_day(first.date() + timedelta(weeks=USUAL_WEEKS))
        self.clock.set_clock(first.time())
        self.until.set_day(first.date() + timedelta(weeks=USUAL_WEEKS * 4))
        self.pattern.setText(tr("The booking of {start} stays as it is; the series follows it.", start=card.starts_at))
        self.pattern.show()
        self._untouched = self._typed()
        self.first_day.setFocus()

    def show_planning(self, *, is_planning: bool) -> None:
        """Say that dates are looked for, or no more."""
        self.plan_button.setEnabled(not is_planning)
        self.book_button.setEnabled(False)
        self.dates.show_planning(is_planning=is_planning)
        if is_planning:
            self.notice.show_text("")
            self.dates.stop_button.setFocus()

    def show_dates(self, dates: Sequence[PlannedDate], remark: str) -> None:
        """Show the dates with their verdicts."""
        self.dates.show_dates(dates, self._presenter.artist_name(), remark)
        self._show_ready()
        if dates:
            self.dates.table.setFocus()

    def show_date(self, row: int, planned: PlannedDate) -> None:
        """Show another verdict for one date."""
        self.dates.show_date(row, planned)
        self._show_ready()

    def show_error(self, error: InkDeskError) -> None:
        """Show an error beside its field, or above the buttons if it has none."""
        if error.code is ErrorCode.STRIPE_NOT_CONFIGURED:
            self.ways.setFocus()
        elif not (self.form.show_error(error) or self.client.new_form.show_error(error)):
            self.notice.show_text(render(error.message), "error")

    def show_saving(self, *, is_saving: bool) -> None:
        """Keep still while it is being saved."""
        self.notice.wait(is_waiting=is_saving)
        for part in (self._body, self.plan_button, self.book_button):
            part.setEnabled(not is_saving)

    def show_link_trouble(self, sentence: str) -> None:
        """Say why no link can be made."""
        self.ways.show_link_trouble(sentence)

    def close_with(self, booked: BookedSeries) -> None:
        """The series is stored."""
        self.booked.emit(booked)
        self.accept()

    def is_typed_in(self) -> bool:
        """Whether closing would lose something that was typed."""
        return self._typed() != self._untouched

    def _typed(self) -> tuple[str, ...]:
        return (*self.client.typed(), self.note.text(), self.reason.text())

    @override
    def reject(self) -> None:
        if self._presenter.is_saving:
            return
        if not self.is_typed_in():
            super().reject()
            return
        confirm(
            self,
            tr("Close without booking? What you typed is lost."),
            yes=tr("Close without booking"),
            no=tr("Keep editing"),
            is_danger=True,
            done=super().reject,
        )

    def _plan(self) -> None:
        self.form.clear_errors()
        self._presenter.plan(self._wish())

    def _wish(self) -> SeriesWish:
        return SeriesWish(
            kind=self.kind(),
            artist_id=self.artist.currentData(),
            with_artist_ids=self.others.ids(),
            service_id=self.service.currentData(),
            first=datetime.combine(self.first_day.day(), time(*divmod(self.clock.minute(), 60))),
            repeat=self.repeat_form.repeat(),
            sittings=self.sittings.value(),
            gap_days=self.gap.value(),
            sitting_s=self._sitting_s(),
        )

    def kind(self) -> SeriesKind:
        """Whether it repeats or is a project."""
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    def _book(self) -> None:
        self.form.clear_errors()
        self.client.new_form.clear_errors()
        self.notice.show_text("")
        try:
            form = SeriesForm(
                client=self.client.client(),
                choice=self.ways.choice(),
                note=self.note.text(),
                override_reason=self.reason.text() if self.reason.isVisible() else "",
            )
        except InkDeskError as error:
            self.show_error(error)
            return
        self._presenter.book(form)

    def _show_ready(self) -> None:
        """What can be booked now, and whether a reason is asked for it."""
        count = len(self._presenter.dates)
        self.book_button.setText(
            ntr("&Book {n} sitting", "&Book all {n} sittings", count) if count else tr("&Book all")
        )
        is_ready = count > 0 and self._presenter.is_planned(self._wish())
        self.book_button.setEnabled(is_ready)
        (self.book_button if is_ready else self.plan_button).setDefault(True)
        self.form.set_row_visible("override_reason", is_visible=self._presenter.can_override())

    def _rule_changed(self) -> None:
        """The dates are no more those of the form: they are asked for again before anything is booked."""
        if self._presenter.dates and self.plan_button.isEnabled():
            self._show_ready()

    def _client_picked(self, match: ClientMatch) -> None:
        self._presenter.pick_client(match, self.artist.currentData(), self.service.currentData())

    def _suggest(self) -> None:
        self._presenter.suggest_day(self.artist.currentData(), self.service.currentData())

    def _show_kind(self) -> None:
        is_repeat = self.kind() is SeriesKind.REPEAT
        self.repeat_form.setVisible(is_repeat)
        self.project_form.setVisible(not is_repeat)
        self.clock.setVisible(is_repeat)
        with QSignalBlocker(self.artist):
            anyone = self.artist.findData(None)
            if is_repeat and anyone >= 0:
                self.artist.removeItem(anyone)
            elif not is_repeat and anyone < 0:
                self.artist.addItem(tr("Any artist"), None)
        self._show_others()

    def _show_others(self) -> None:
        self.others.show_chosen(self.artist.currentData(), self.others.ids())

    def _keep_length(self) -> None:
        """A length of their own stays when the service changes."""
        self._keeps_length = self._sitting_s() is not None

    def _sitting_s(self) -> int | None:
        """What is asked for in seconds; None is the service's own, which the field shows in whole minutes."""
        service, shown_s = self._services.get(self.service.currentData()), self.length.seconds()
        return None if service is not None and shown_s == service.sitting.sitting_s // 60 * 60 else shown_s

    def _show_service(self) -> None:
        service = self._services.get(self.service.currentData())
        if service is not None and not self._keeps_length:
            self.length.show_length(service.sitting.sitting_s)
        if service is not None:
            asked = tr("Deposit {deposit}, asked once, with the first sitting:", deposit=service.deposit)
            self.ways.show_amount(service.deposit, asked)

    def _make_inputs(self) -> None:
        self.artist, self.service = QComboBox(), QComboBox()
        self.artist.currentIndexChanged.connect(self._show_others)
        self.service.currentIndexChanged.connect(self._show_service)
        self.length, self._keeps_length = LengthField(), False
        self.length.chosen.connect(self._keep_length)
        self.note, self.reason = QLineEdit(), QLineEdit()
        self.reason.setPlaceholderText(tr("Why this time is right all the same"))
        self.pattern = plain_label(role="muted")
        self.pattern.hide()

    def _make_rule(self) -> None:
        self.kinds = {
            SeriesKind.REPEAT: QRadioButton(tr("Re&peat")),
            SeriesKind.PROJECT: QRadioButton(tr("Sittings of a pro&ject")),
        }
        self._kind_group = QButtonGroup(self)
        for kind, button in self.kinds.items():
            self._kind_group.addButton(button)
            button.setChecked(kind is SeriesKind.REPEAT)
        self._kind_group.buttonClicked.connect(self._show_kind)
        self.first_day, self.clock = DateEdit(), TimeEdit()
        self.clock.setAccessibleName(tr("Start time"))
        self.clock.set_clock(time(10))
        self.repeat_form, self.project_form = RepeatForm(), ProjectForm()
        self.every, self.unit, self.ends = self.repeat_form.every, self.repeat_form.unit, self.repeat_form.ends
        self.count, self.until = self.repeat_form.count, self.repeat_form.until
        self.sittings, self.gap = self.project_form.sittings, self.project_form.gap

    def _watch_rule(self) -> None:
        for combo in (self.artist, self.service, self.unit, self.ends):
            combo.currentIndexChanged.connect(self._rule_changed)
        for combo in (self.artist, self.service):
            combo.currentIndexChanged.connect(self._suggest)
        self.artist.activated.connect(self._presenter.keep_artist)
        self.service.activated.connect(self._presenter.keep_service)
        self.client.picked.connect(self._client_picked)
        for spin in (self.every, self.count, self.sittings, self.gap, self.length.hours, self.length.minutes):
            spin.valueChanged.connect(self._rule_changed)
        for edit in (self.first_day, self.clock, self.until):
            edit.dateTimeChanged.connect(self._rule_changed)
        self.others.chosen.connect(self._rule_changed)
        self._kind_group.idToggled.connect(self._rule_changed)

    def _make_buttons(self) -> None:
        self.notice = WaitingNotice()
        self.plan_button = QPushButton(tr("&Show the dates"))
        self.plan_button.setDefault(True)
        self.plan_button.setEnabled(False)
        self.plan_button.clicked.connect(self._plan)
        self.book_button = QPushButton(tr("&Book all"))
        self.book_button.setProperty("kind", "primary")
        self.book_button.setEnabled(False)
        self.book_button.clicked.connect(self._book)
        self.cancel_button = PushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.dates.changed.connect(self._presenter.change)
        self.dates.left_out.connect(self._presenter.leave_out)
        self.dates.given_up.connect(self._presenter.give_up)

    def _arrange(self) -> None:
        self.form = Form()
        self.form.add_wide(self.pattern, is_over_labels=True)
        self.form.add_row("client", tr("&Client"), self.client, focus=self.client.line)
        self.client.named.connect(lambda _name: self.form.mark("client", ""))
        self.form.add_row("artist_id", tr("&Artist"), self.artist)
        self.form.add_wide(self.others)
        self.form.add_row("service_id", tr("Serv&ice"), self.service)
        self.form.add_row("sitting_s", tr("Length"), self.length, focus=self.length.hours)
        self.form.add_field("processing", self.length.hours, row="sitting_s")
        self.form.add_wide(in_a_row(*self.kinds.values()))
        self.form.add_row("first", tr("&First date"), in_a_row(self.first_day, self.clock), focus=self.first_day)
        self.form.add_form(self.repeat_form)
        self.form.add_form(self.project_form)
        self.form.add_wide(self.ways)
        self.form.add_row("note", tr("No&te"), self.note)
        self.form.add_row("override_reason", tr("O&verride"), self.reason)
        self.form.set_row_visible("override_reason", is_visible=False)
        width = max(one.label_width() for one in (self.form, self.repeat_form, self.project_form))
        for one in (self.form, self.repeat_form, self.project_form):
            one.set_label_width(width)
        self._body = QWidget()
        columns = QHBoxLayout(self._body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addWidget(FormColumn(self.form), 4)
        columns.addWidget(self.dates, 5)
        footer = QHBoxLayout()
        footer.addStretch(1)
        for button in (self.plan_button, self.book_button, self.cancel_button):
            footer.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.notice)
        layout.addLayout(footer)
        self.resize(1040, 580)
