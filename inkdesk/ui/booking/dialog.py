"""The booking dialog: who, what, when, and how the deposit is paid."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import Booked, DepositChoice
from inkdesk.application.finder_service import FoundOffer
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.money import Money
from inkdesk.ui.booking.client_field import ClientField
from inkdesk.ui.booking.finder_panel import FinderPanel
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.inputs import in_a_row
from inkdesk.ui.booking.length_field import LengthField
from inkdesk.ui.booking.others_field import OthersField
from inkdesk.ui.booking.presenter.booking import BookingInput, BookingPresenter, amount_errors
from inkdesk.ui.booking.presenter.free_times import TimesToBook
from inkdesk.ui.booking.presenter.verdicts import Wish
from inkdesk.ui.booking.waiting_notice import WaitingNotice
from inkdesk.ui.booking.when_field import FIND_KEYS, WhenField
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import ErrorLine, Form, MoneyEdit, Notice, PushButton, plain_label
from inkdesk.ui.common.prompts import confirm


class BookingDialog(QDialog):
    """Books one sitting. Open it with ``open()`` or ``show()``; delete it after ``finished``.

    ``booked`` carries the ``Booked`` and comes before ``accepted``; ``changed`` the ``Changes`` that a refused Save
    may have made. ``artist_id`` None means anyone, ``starts_at`` None the first free slot.
    """

    booked = Signal(object)
    changed = Signal(object)

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        artist_id: int | None = None,
        starts_at: datetime | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New booking"))
        alive = WhileAlive(background, self)
        self.client = ClientField(services, alive)
        self.when = WhenField(TimesToBook(services.availability), alive)
        self.finder = FinderPanel(services, alive)
        self._presenter = BookingPresenter(
            self,
            services,
            alive,
            self.when.presenter,
            request_key=uuid.uuid4().hex,
            artist_id=artist_id,
            starts_at=starts_at,
            announce=self.changed.emit,
        )
        self._make_inputs()
        self._make_buttons()
        self._arrange()
        self._was_typed_in: QWidget | None = None
        self._was_before: QWidget | None = None
        self._wants_reason = False
        self.save_button.setEnabled(False)
        self.when.setEnabled(False)
        self._presenter.begin()
        self.client.setFocus()

    def show_catalogue(self, artists: Sequence[Artist], services: Sequence[Service], region: str, today: date) -> None:
        """Fill the choices; from now on the form can be saved. Numbers are written as in ``region``."""
        self.save_button.setEnabled(True)
        self.client.use_region(region)
        self.others.show_artists(artists)
        self.finder.show_artists(artists, today)
        with QSignalBlocker(self.artist), QSignalBlocker(self.service):
            self.artist.addItem(tr("Any artist"), None)
            for artist in artists:
                self.artist.addItem(artist.name, artist.id)
            for service in services:
                self.service.addItem(service.name, service.id)
        if not services:
            self.notice.show_text(tr("The price list is empty. Enter a service in the settings first."), "warning")

    def show_wish(self, wish: Wish) -> None:
        """Choose the artists and the service; from now on there are times to choose from."""
        self.when.setEnabled(True)
        self.when.name_artists(is_anyone=wish.artist_id is None)
        self.others.show_chosen(wish.artist_id, wish.with_artist_ids)
        with QSignalBlocker(self.artist), QSignalBlocker(self.service):
            self.artist.setCurrentIndex(self.artist.findData(wish.artist_id))
            self.service.setCurrentIndex(self.service.findData(wish.service_id))
        if self.is_finding():
            self.finder.look(wish, self.when.presenter.asked_at())

    def show_length(self, sitting_s: int) -> None:
        """Show the service's length."""
        self.length.show_length(sitting_s)

    def show_money(self, price: Money, deposit: Money) -> None:
        """Show the service's price and deposit; an amount that was typed stays."""
        self.price.offer(price)
        self.deposit.offer(deposit)
        self._check_amounts()

    def show_peek(self, line: str) -> None:
        """Show what is known of the chosen client."""
        self.client.show_peek(line)

    def show_credit(self, sentence: str) -> None:
        """Say what credit the client has; "" if there is none."""
        self.credit.show_text(sentence)

    def show_error(self, error: InkDeskError) -> None:
        """Show an error beside its field, or under the form if it has none; everything typed stays."""
        if error.field == "starts_at":
            self._refuse_time(error)
        elif error.code is ErrorCode.STRIPE_NOT_CONFIGURED:
            self._is_way_chosen = True
            self.choices[DepositChoice.LINK].setFocus()
        elif not (self.form.show_error(error) or self.client.new_form.show_error(error)):
            self.notice.show_text(render(error.message), "error")

    def show_saving(self, *, is_saving: bool) -> None:
        """Keep the form still while it is being saved; afterwards the keys go where they went before."""
        if is_saving:
            self._was_typed_in = self.focusWidget()
        self.notice.wait(is_waiting=is_saving)
        self._body.setEnabled(not is_saving)
        self.save_button.setEnabled(not is_saving)
        self.save_button.setText(tr("Saving…") if is_saving else tr("&Save booking"))
        was = self._was_typed_in
        if not is_saving and was is not None and isValid(was):  # offered times come and go
            was.setFocus()

    def show_link_trouble(self, sentence: str) -> None:
        """Say why no link can be made; no deposit is preset then, unless a way was chosen already."""
        self._link_trouble = sentence
        if not self._is_way_chosen:  # never cash: nobody has said that it came
            self._wanted = DepositChoice.NONE if sentence else DepositChoice.LINK
        self._show_choice()

    def close_with(self, booked: Booked) -> None:
        """The booking is stored."""
        self.booked.emit(booked)
        self.accept()

    def is_finding(self) -> bool:
        """Whether the finder stands in the place of the chosen time."""
        return self._right.currentWidget() is self.finder

    def find_a_time(self) -> None:
        """Open the finder and look at once; what stands in the form is what is sought."""
        wish = self._presenter.wish()
        if not self._body.isEnabled() or not wish.service_id:
            return
        if self.is_finding():
            self.finder.go_to_offers()
            return
        focus = self.focusWidget()
        self._was_before = None if focus is None or self.when.isAncestorOf(focus) else focus
        self._right.setCurrentWidget(self.finder)
        self.save_button.setEnabled(False)  # nobody saves a time that is not to be seen
        self.finder.setFocus()
        self.finder.look(wish, self.when.presenter.asked_at())

    def _stop_finding(self) -> None:
        """Back to the chosen time, and to where the keys went before."""
        self.finder.stop()
        self._right.setCurrentIndex(0)
        self.save_button.setEnabled(True)
        was = self._was_before
        (was if was is not None and was.isVisible() else self.when.clock).setFocus()

    def _take_offer(self, offer: FoundOffer) -> None:
        self._wants_reason = bool(offer.overrode)
        self._stop_finding()
        self._presenter.take(offer.slot)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_finding():
            self._stop_finding()
        else:
            super().keyPressEvent(event)

    @override
    def reject(self) -> None:
        if self._presenter.is_saving():
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

    def _save(self) -> None:
        self.form.clear_errors()
        self.client.new_form.clear_errors()
        self.notice.show_text("")
        self.length.flush()
        self.when.flush()
        try:
            self._presenter.save(self._input())
        except InkDeskError as error:
            self.show_error(error)

    def _input(self) -> BookingInput:
        return BookingInput(
            client=self.client.client(),
            price=self.price.money(),
            deposit=self.deposit.money(),
            choice=self._choice(),
            note=self.note.text(),
            override_reason=self.reason.text() if self.reason.isVisible() else "",
        )

    def _choice(self) -> DepositChoice:
        return next(choice for choice, button in self.choices.items() if button.isChecked())

    def is_typed_in(self) -> bool:
        """Whether closing would lose something that was typed."""
        texts = (*self.client.typed(), self.note.text(), self.reason.text())
        is_longer = self._presenter.wish().sitting_s is not None
        return any(texts) or is_longer or self.price.is_edited() or self.deposit.is_edited()

    def _check_amounts(self) -> None:
        """Say beside an amount what is wrong with it once it is typed; the focus goes on."""
        wrong = amount_errors(self.price.money, self.deposit.money)
        for field in ("price", "deposit"):
            self.form.mark(field, render(wrong[field].message) if field in wrong else "")

    def _refuse_time(self, error: InkDeskError) -> None:
        """Say why Save refused the time, until another one is chosen, and go where it can be mended."""
        self._refused_start = self.when.start()
        self.notice.show_text(render(error.message), "error")
        if self.reason.isVisible() and not self.reason.text().strip():
            self.form.mark("override_reason", tr("Say why this time is right, or choose another time."))
        (self.reason if self.reason.isVisible() else self.when.clock).setFocus()

    def _show_title(self, client: str) -> None:
        self._presenter.forget_client()
        self.form.mark("client", "")
        self.setWindowTitle(tr("New booking - {client}", client=client) if client else tr("New booking"))

    def _choose(self, choice: DepositChoice) -> None:
        self._is_way_chosen = True
        self._wanted = choice
        self._show_choice()

    def _show_choice(self) -> None:
        """The three ways count only if there is something to pay; the chosen one comes back with the deposit."""
        asks = self._asks_deposit()
        shown = self._wanted if asks else DepositChoice.NONE
        self.choices[shown].setChecked(True)
        for button in self.choices.values():
            button.setEnabled(asks)
        self.no_deposit.setVisible(not asks)
        is_link = shown is DepositChoice.LINK
        self._link_error.show_sentence(self._link_trouble if is_link else "")
        self.link_hint.setText(tr("No payment by link yet. {why}", why=self._link_trouble))
        self.link_hint.setVisible(asks and bool(self._link_trouble) and not is_link)

    def _asks_deposit(self) -> bool:
        try:
            return bool(self.deposit.money().amount_minor)
        except InkDeskError:
            return True

    def _show_override(self, is_allowed: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.form.set_row_visible("override_reason", is_visible=is_allowed)
        if self._wants_reason and is_allowed:
            self.reason.setFocus()
        self._wants_reason = False
        if self.when.start() != self._refused_start:
            self.notice.show_text("")  # it was about another time

    def _make_inputs(self) -> None:
        self.client.picked.connect(self._presenter.pick_client)
        self.client.named.connect(self._show_title)
        self.when.override_allowed.connect(self._show_override)
        self.when.length_refused.connect(lambda sentence: self.form.mark("sitting_s", sentence))
        self.when.taken.connect(self._presenter.take)
        self.when.find_requested.connect(self.find_a_time)
        QShortcut(QKeySequence(FIND_KEYS), self, self.find_a_time)
        self.finder.taken.connect(self._take_offer)
        self.finder.closed.connect(self._stop_finding)
        self.others = OthersField()
        self.others.chosen.connect(self._presenter.choose_others)
        self.length = LengthField()
        self.length.chosen.connect(self._presenter.choose_length)
        self.artist, self.service = QComboBox(), QComboBox()
        self.artist.currentIndexChanged.connect(lambda: self._presenter.choose_artist(self.artist.currentData()))
        self.service.currentIndexChanged.connect(lambda: self._presenter.choose_service(self.service.currentData()))
        self.price, self.deposit = MoneyEdit("price"), MoneyEdit("deposit")
        self.note, self.reason = QLineEdit(), QLineEdit()
        self.reason.setPlaceholderText(tr("Why this time is right all the same"))
        self.choices = {
            DepositChoice.LINK: QRadioButton(tr("By lin&k")),
            DepositChoice.CASH: QRadioButton(tr("Cash, paid no&w")),
            DepositChoice.NONE: QRadioButton(tr("N&one")),
        }
        self._link_trouble = ""
        self._link_error = ErrorLine()
        self._wanted = DepositChoice.LINK
        self._is_way_chosen = False
        self._refused_start = (date.min, 0)
        self.link_hint = plain_label(role="muted")
        self.credit = Notice("info")
        self.no_deposit = plain_label(tr("No deposit is asked for this booking."), "muted")
        self._group = QButtonGroup(self)
        for choice, button in self.choices.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _checked, chosen=choice: self._choose(chosen))
        self.deposit.textChanged.connect(self._show_choice)
        for edit in (self.price, self.deposit):
            edit.editingFinished.connect(self._check_amounts)
        self._show_choice()

    def _make_buttons(self) -> None:
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
        self.form.add_row("artist_id", tr("&Artist"), self.artist)
        self.form.add_wide(self.others)
        self.form.add_row("service_id", tr("Serv&ice"), self.service)
        self.form.add_row("price", tr("&Price"), self.price)
        self.form.add_row("deposit", tr("&Deposit"), self.deposit)
        self.form.add_wide(in_a_row(*self.choices.values()))
        for line in (self.no_deposit, self.credit, self._link_error, self.link_hint):
            self.form.add_wide(line)
        self.form.add_row("note", tr("No&te"), self.note)
        self.form.add_row("sitting_s", tr("&Length"), self.length, focus=self.length.hours)
        self.form.add_field("processing", self.length.hours, row="sitting_s")
        self.form.add_row("override_reason", tr("O&verride"), self.reason)
        self.form.set_row_visible("override_reason", is_visible=False)
        self._right = QStackedWidget()
        self._right.addWidget(FormColumn(self.when, is_filled=True))
        self._right.addWidget(self.finder)
        self._body = QWidget()
        columns = QHBoxLayout(self._body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addWidget(FormColumn(self.form), 1)
        columns.addWidget(self._right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.notice)
        footer = QHBoxLayout()
        footer.addStretch(1)
        footer.addWidget(self.save_button)
        footer.addWidget(self.cancel_button)
        layout.addLayout(footer)
        self.resize(880, 540)
