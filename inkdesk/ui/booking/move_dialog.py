"""Moving a booking: another day, time or artist, with the verdict at once."""

import shiboken6
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.changing import ChangeLook
from inkdesk.application.finder_service import FoundOffer
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.ui.booking.finder_panel import FinderPanel
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.presenter.detail_words import error_words
from inkdesk.ui.booking.presenter.free_times import TimesToMove
from inkdesk.ui.booking.presenter.move import Movable, MovePresenter, SeriesVerdict
from inkdesk.ui.booking.presenter.verdicts import team
from inkdesk.ui.booking.presenter.writes import Announcements, Writes
from inkdesk.ui.booking.scope_field import ScopeField
from inkdesk.ui.booking.waiting_notice import WaitingNotice
from inkdesk.ui.booking.when_field import FIND_KEYS, FREE, REFUSED, WhenField
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import Form, PushButton, plain_label, set_role

GAP = 6
"""Pixels between what is said about the booking and what can be chosen."""


class MoveDialog(QDialog):
    """Moves one booking; delete it after ``finished``. ``changed`` tells the ``Changes`` of what was done."""

    def __init__(
        self, services: Services, background: Background, *, booking_id: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Move booking"))
        self._services = services
        alive = WhileAlive(background, self)
        look = ChangeLook(services.read, services.clock, booking_id)
        self.when = WhenField(TimesToMove(look), alive)
        self.finder = FinderPanel(services, alive, moving=booking_id)
        self.changed = Announcements()
        writes = Writes(background, booking_id, lambda: shiboken6.isValid(self), self.changed.emit)
        self._presenter = MovePresenter(self, services, look, alive, self.when.presenter, writes)
        self.scope: ScopeField | None = None
        self._series_can_override = False
        self._time_can_override = False
        self._refused_start = self.when.start()
        self._refusal = ""
        self._make()
        self._arrange()
        self._presenter.begin()

    def show_movable(self, movable: Movable) -> None:
        """Show the booking and let a time be chosen."""
        card = movable.card
        names = {one.id: one.name for one in movable.settings.artists}
        who = team([names.get(one, "") for one in (card.artist_id, *card.with_artist_ids)])
        self.client.setText(tr("{client}: {service}", client=card.client_name, service=card.service_name))
        self.present.setText(tr("Now: {start}, {artist}", start=card.starts_at, artist=who))
        with QSignalBlocker(self.artist):
            for artist in movable.artists:
                self.artist.addItem(artist.name, artist.id)
            self.artist.setCurrentIndex(self.artist.findData(card.artist_id))
        zone = movable.settings.studio.zone_info
        self.finder.show_artists(movable.artists, self._services.clock.now().astimezone(zone).date())
        if card.status is BookingStatus.PENDING_PAYMENT:
            self.money.setText(_link_words())
        if card.series_count > 1:
            self._add_scope(card.series_number, card.series_count)
        self._body.setEnabled(True)
        self.save_button.setEnabled(True)
        self.when.day.setFocus()

    def show_series(self, verdict: SeriesVerdict | None) -> None:
        """Show what the companions meet; None if they stay where they are."""
        self.series.setVisible(verdict is not None)
        if verdict is not None:
            set_role(self.series, "success" if verdict.is_free else "error")
            self.series.setText((FREE if verdict.is_free else REFUSED) + verdict.sentence)
        self._series_can_override = verdict is not None and verdict.can_override
        self._show_reason()

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong, and go where it can be mended; everything typed stays."""
        self._refusal = error_words(error) if error.code is ErrorCode.STALE_RECORD else render(error.message)
        self._refused_start = self.when.start()
        self._show_refusal()
        if self._body.isEnabled():
            (self.reason if self.reason.isVisible() else self.when.clock).setFocus()
        else:
            self.cancel_button.setFocus()

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while it is being saved."""
        if is_busy:
            self.notice.show_text("")
        self.notice.wait(is_waiting=is_busy)
        self._body.setEnabled(not is_busy)
        self.save_button.setEnabled(not is_busy)
        self.save_button.setText(tr("Saving…") if is_busy else tr("&Move"))

    def close_moved(self) -> None:
        """The booking is moved."""
        self.accept()

    def is_finding(self) -> bool:
        """Whether the finder stands in the place of the chosen time."""
        return self._right.currentWidget() is self.finder

    def find_a_time(self) -> None:
        """Open the finder and look at once."""
        wish = self._presenter.wish()
        if wish is None or not self._body.isEnabled():
            return
        if self.is_finding():
            self.finder.go_to_offers()
            return
        self._right.setCurrentWidget(self.finder)
        self.save_button.setEnabled(False)  # nobody moves it to a time that is not to be seen
        self.finder.setFocus()
        self.finder.look(wish, self.when.presenter.asked_at())

    @override
    def reject(self) -> None:
        """Leave the finder, or close; while something is being saved its answer is awaited."""
        if self.is_finding():
            self._stop_finding()
        elif not self._presenter.is_busy:
            super().reject()

    def _stop_finding(self) -> None:
        self.finder.stop()
        self._right.setCurrentWidget(self.when)
        self.save_button.setEnabled(True)
        self.when.clock.setFocus()

    def _take_offer(self, offer: FoundOffer) -> None:
        self._stop_finding()
        self.artist.setCurrentIndex(self.artist.findData(offer.slot.artist_id))
        self.when.presenter.choose(offer.slot, self._presenter.wish())

    def _save(self) -> None:
        self.form.clear_errors()
        self._refusal = ""
        self._show_refusal()
        self.when.flush()
        self._presenter.save(self.reason.text() if self.reason.isVisible() else "")

    def _artist_chosen(self) -> None:
        self._presenter.choose_artist(self.artist.currentData())
        wish = self._presenter.wish()
        if self.is_finding() and wish is not None:
            self.finder.look(wish, self.when.presenter.asked_at())
        is_other = self._presenter.is_other_artist()
        if self.scope is not None:
            self.scope.keep_to_one(is_kept=is_other)
            self.alone.setVisible(is_other)

    def _judged(self, can_override: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._time_can_override = can_override
        if self.when.start() != self._refused_start:
            self._refusal = ""  # it was about another time
        self._show_refusal()
        self._show_reason()
        self._presenter.judge_series()

    def _show_refusal(self) -> None:
        """Say why it was refused, once: the verdict on the time may say it already."""
        is_said = bool(self._refusal) and self._refusal in self.when.verdict.text()
        self.notice.show_text(tr("The booking was not moved.") if is_said else self._refusal)

    def _show_reason(self) -> None:
        wants = self._time_can_override or self._series_can_override
        self.form.set_row_visible("override_reason", is_visible=wants)

    def _add_scope(self, number: int, count: int) -> None:
        question = tr("Sitting {number} of {count} of a series. What shall move?", number=number, count=count)
        self.scope = ScopeField(question)
        self.scope.chosen.connect(self._presenter.choose_scope)
        self._scope_place.addWidget(self.scope)
        QWidget.setTabOrder(self.artist, self.scope.buttons[self.scope.scope()])

    def _make(self) -> None:
        self.when.find_requested.connect(self.find_a_time)
        self.finder.taken.connect(self._take_offer)
        self.finder.closed.connect(self._stop_finding)
        QShortcut(QKeySequence(FIND_KEYS), self, self.find_a_time)
        self.when.override_allowed.connect(self._judged)
        self.when.taken.connect(self.when.presenter.choose)
        self.client, self.present = plain_label(role="title"), plain_label(role="muted")
        self.artist, self.reason = QComboBox(), QLineEdit()
        self.artist.currentIndexChanged.connect(self._artist_chosen)
        self.reason.setPlaceholderText(tr("Why this time is right all the same"))
        self.alone = plain_label(tr("Only a single sitting can be given to another artist."), "muted")
        self.alone.hide()
        self.series = plain_label(role="muted")
        self.series.setAccessibleName(tr("Verdict on the series"))
        self.series.hide()
        self.money = plain_label(tr("Price and deposit stay as they are, and nothing is charged."), "muted")
        self.notice = WaitingNotice()
        self.save_button = QPushButton(tr("&Move"))
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self._save)
        self.cancel_button = PushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)

    def _arrange(self) -> None:
        self.present.setContentsMargins(0, 0, 0, GAP)
        self.money.setContentsMargins(0, GAP, 0, 0)
        self.form = Form()
        self.form.add_wide(self.present, is_over_labels=True)
        self.form.add_row("artist_id", tr("&Artist"), self.artist)
        place = QWidget()
        self._scope_place = QVBoxLayout(place)
        self._scope_place.setContentsMargins(0, GAP, 0, 0)
        self.form.add_wide(place, is_over_labels=True)
        for widget in (self.alone, self.series):
            self.form.add_wide(widget, is_over_labels=True)
        self.form.add_row("override_reason", tr("O&verride"), self.reason)
        self.form.set_row_visible("override_reason", is_visible=False)
        self.form.add_wide(self.money, is_over_labels=True)
        self._body = QWidget()
        self._body.setEnabled(False)
        columns = QHBoxLayout(self._body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addWidget(FormColumn(self.form), 1)
        self._right = QStackedWidget()
        self._right.addWidget(self.when)
        self._right.addWidget(self.finder)
        columns.addWidget(self._right, 1)
        footer = QHBoxLayout()
        footer.addStretch(1)
        footer.addWidget(self.save_button)
        footer.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.client)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.notice)
        layout.addLayout(footer)
        self.resize(800, 470)


def _link_words() -> str:
    """What a move means for a client who has the link already."""
    return tr(
        "The client's link stays, and what is paid by it counts for the new time. Its page still names the old one: "
        "send a new link after the move if the client shall read the new time there."
    )
