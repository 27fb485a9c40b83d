"""The studio's own settings: name, zone, rules of booking, language."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from inkdesk.application.entry import parse_region
from inkdesk.application.receipts import check_header
from inkdesk.application.text import language, render, tr
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.studio import HoldPolicy, Studio, check_studio
from inkdesk.ui.common.choices import RegionCombo, ZoneCombo
from inkdesk.ui.common.forms import DateEdit, Form, MinutesEdit, Notice, plain_label
from inkdesk.ui.settings.close_guard import CloseGuard
from inkdesk.ui.settings.hours_edit import HoursEdit
from inkdesk.ui.settings.limit_edit import LimitEdit
from inkdesk.ui.settings.presenter import SettingsPresenter
from inkdesk.ui.settings.record_dialog import ask_for_newest, scrolled

A_DECADE_DAYS = 3650
HEADER_ROOM = 18
"""Pixels around the lines of the receipts' header."""
LANGUAGES = (("en", "English"), ("fr", "Français"))


class StudioSection(QWidget):
    """``language_chosen`` carries the code ("en", "fr") for the next start; it belongs to this computer."""

    language_chosen = Signal(str)
    reload_requested = Signal()

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._studio: Studio | None = None
        self._today = date.min
        self._notice = Notice("error")
        self.form = Form()
        self._add_studio_rows()
        self._add_deposit_rows()
        self._add_grid_rows()
        self._add_horizon_rows()
        self._add_reach_rows()
        self._lay_out()
        self._filled = self._typed()
        CloseGuard(self, tr("Studio"), self.is_typed_in, self._forget_typed)

    def is_typed_in(self) -> bool:
        """Whether something was typed and not saved yet."""
        return self._typed() != self._filled

    def show_studio(self, studio: Studio, today: date) -> None:
        """Show ``studio``, unless something was typed here and not saved yet; dates begin at ``today``."""
        self._today = today
        known = self._studio
        if known is None or not self.is_typed_in():
            self._fill(studio)
        elif replace(known, success_url=studio.success_url, version=studio.version) == studio:
            # Only what the Stripe section saves has changed: what is typed here still fits the newest version.
            self._studio = studio

    def submit(self) -> None:
        """Save what was typed, or show beside its field what is wrong."""
        if self._studio is None or not self._save.isEnabled():
            return
        self.form.clear_errors()
        self._notice.show_text("")
        try:
            studio = self.typed_studio(self._studio)
        except InkDeskError as error:
            self._failed(error)
            return
        self._save.setEnabled(False)
        self._presenter.save_studio(studio, lambda: self._saved(studio), self._failed)

    def typed_studio(self, studio: Studio) -> Studio:
        """``studio`` as it was changed here; ValidationError for what cannot be."""
        changed = replace(
            studio,
            name=" ".join(self._name.text().split()),
            zone=self._zone.value(),
            hold_policy=HoldPolicy(self._policy.currentData()),
            hold_s=self._hold.seconds(),
            slot_step_s=self._step.seconds(),
            alignment=Alignment(self._alignment.currentData()),
            minimum_notice_s=self._notice_time.seconds(),
            horizon_days=self._horizon.limit(),
            first_date=self._first.day() if self._has_first.isChecked() else None,
            last_date=self._last.day() if self._has_last.isChecked() else None,
            open_days=self._open_days.limit(),
            phone_region=parse_region(self._region.value()),
            receipt_header=check_header(self._header.toPlainText()),
        )
        check_studio(changed)
        return changed

    def _add_studio_rows(self) -> None:
        self._name, self._zone, self._currency = QLineEdit(), ZoneCombo(), QLineEdit()
        self._name.setMaxLength(200)
        self._currency.setReadOnly(True)
        self.form.add_row("name", tr("&Name"), self._name)
        self.form.add_row("zone", tr("Time &zone"), self._zone)
        self.form.add_row("currency", tr("Currency (fixed)"), self._currency)
        self._header = QPlainTextEdit(tabChangesFocus=True)
        self._header.setPlaceholderText(tr("Address and tax number"))
        self._header.setFixedHeight(4 * self._header.fontMetrics().lineSpacing() + HEADER_ROOM)
        self.form.add_row("receipt_header", tr("Receipt te&xt"), self._header)

    def _add_deposit_rows(self) -> None:
        self._policy, self._policy_words = QComboBox(), plain_label(role="muted")
        self._policy.addItem(tr("Hold while paying"), HoldPolicy.HOLD_WHILE_PAYING.value)
        self._policy.addItem(tr("First to pay wins"), HoldPolicy.FIRST_TO_PAY_WINS.value)
        self._policy.currentIndexChanged.connect(self._explain)
        self._hold = MinutesEdit()
        self.form.add_row("hold_policy", tr("Unpaid &deposit"), self._policy)
        self.form.add_wide(self._policy_words)
        self.form.add_row("hold_s", tr("A h&old lasts"), self._hold)

    def _add_grid_rows(self) -> None:
        self._step = MinutesEdit()
        self._alignment, self._alignment_words = QComboBox(), plain_label(role="muted")
        self._alignment.addItem(tr("By the clock"), Alignment.CLOCK.value)
        self._alignment.addItem(tr("Close to the sitting before"), Alignment.WINDOW.value)
        self._alignment.addItem(tr("Close, but at a round time"), Alignment.ROUND.value)
        self._alignment.currentIndexChanged.connect(self._explain)
        self.form.add_row("slot_step_s", tr("A slot &every"), self._step)
        self.form.add_row("alignment", tr("Slots beg&in"), self._alignment)
        self.form.add_wide(self._alignment_words)

    def _add_horizon_rows(self) -> None:
        self._notice_time, self._horizon = HoursEdit(), LimitEdit(A_DECADE_DAYS, tr(" days ahead"))
        self._first, self._last = DateEdit(), DateEdit()
        self._open_days = LimitEdit(A_DECADE_DAYS, tr(" of them"))
        self._open_days.setPrefix(tr("Only the next "))
        self.form.add_row("minimum_notice_s", tr("&Minimum notice"), self._notice_time)
        self.form.add_row("horizon_days", tr("&Furthest date"), self._horizon)
        self._has_first = self.form.add_optional("first_date", tr("Not befo&re"), self._first)
        self._has_last = self.form.add_optional("last_date", tr("Not af&ter"), self._last)
        self.form.add_row("open_days", tr("Da&ys with a free slot"), self._open_days)

    def _add_reach_rows(self) -> None:
        self._region, self._language = RegionCombo(), QComboBox()
        for code, name in LANGUAGES:
            self._language.addItem(name, code)
        self._language.setCurrentIndex(self._language.findData(language()))
        self._language.activated.connect(lambda: self.language_chosen.emit(self._language.currentData()))
        self.form.add_row("phone_region", tr("Phone &country"), self._region)
        self.form.add_row("language", tr("&Language"), self._language)
        self.form.add_wide(plain_label(tr("On this computer, from the next start on."), "muted"))

    def _lay_out(self) -> None:
        self._save = QPushButton(tr("&Save"))
        self._save.setProperty("kind", "primary")
        self._save.clicked.connect(self.submit)
        self._state = plain_label(role="success")
        buttons = QHBoxLayout()
        buttons.addWidget(self._save)
        buttons.addWidget(self._state, 1)
        column = QWidget()
        inner = QVBoxLayout(column)
        inner.setContentsMargins(24, 20, 24, 8)
        inner.setSpacing(12)
        for widget in (plain_label(tr("Studio"), "title"), self._notice, self.form):
            inner.addWidget(widget)
        inner.addStretch(1)
        column.setMaximumWidth(720)
        buttons.setContentsMargins(24, 8, 24, 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(column), 1)
        layout.addLayout(buttons)

    def _fill(self, studio: Studio) -> None:
        self._studio = studio
        self._name.setText(studio.name)
        self._zone.set_value(studio.zone)
        self._currency.setText(studio.currency)
        self._policy.setCurrentIndex(self._policy.findData(studio.hold_policy.value))
        self._hold.set_seconds(studio.hold_s)
        self._step.set_seconds(studio.slot_step_s)
        self._notice_time.set_seconds(studio.minimum_notice_s)
        self._alignment.setCurrentIndex(self._alignment.findData(studio.alignment.value))
        self._horizon.set_limit(studio.horizon_days)
        self._has_first.setChecked(studio.first_date is not None)
        self._first.set_day(studio.first_date or self._today)
        self._has_last.setChecked(studio.last_date is not None)
        self._last.set_day(studio.last_date or date(self._today.year, 12, 31))
        self._open_days.set_limit(studio.open_days)
        self._region.set_value(studio.phone_region)
        self._header.setPlainText(studio.receipt_header)
        self._explain()
        self._filled = self._typed()

    def _typed(self) -> tuple[str, ...]:
        combos = (self._zone, self._policy, self._alignment, self._region)
        numbers = (self._hold, self._step, self._notice_time, self._horizon, self._open_days, self._first, self._last)
        return (
            self._name.text(),
            self._header.toPlainText(),
            *(combo.currentText() for combo in combos),
            *(number.text() for number in numbers),
            *(str(box.isChecked()) for box in (self._has_first, self._has_last)),
        )

    def _explain(self) -> None:
        self._policy_words.setText(_policy_words(HoldPolicy(self._policy.currentData())))
        self._alignment_words.setText(_alignment_words(Alignment(self._alignment.currentData())))

    def _saved(self, studio: Studio) -> None:
        # What is typed before the page is read anew belongs to the version just written.
        self._studio = replace(studio, version=studio.version + 1)
        self._filled = self._typed()
        self._save.setEnabled(True)
        self._state.setText(tr("Saved."))

    def _failed(self, error: InkDeskError) -> None:
        self._save.setEnabled(True)
        self._state.setText("")
        if self.form.show_error(error):
            return
        self._notice.show_text(render(error.message))
        if error.code is ErrorCode.STALE_RECORD:
            ask_for_newest(self, error, self._forget_typed)

    def _forget_typed(self) -> None:
        self._notice.show_text("")
        self._filled = self._typed()
        self.reload_requested.emit()


def _policy_words(policy: HoldPolicy) -> str:
    match policy:
        case HoldPolicy.HOLD_WHILE_PAYING:
            return tr(
                "An unpaid booking keeps its slot until the hold ends; then it lapses and the slot is free again."
            )
        case HoldPolicy.FIRST_TO_PAY_WINS:
            return tr("An unpaid booking does not keep its slot. Who pays second is refunded and told.")


def _alignment_words(alignment: Alignment) -> str:
    """An example in a slot of half an hour."""
    match alignment:
        case Alignment.CLOCK:
            return tr("With a slot every 30 min: 10:00, 10:30, 11:00, whatever stands before.")
        case Alignment.WINDOW:
            return tr("Free from 10:10, a slot every 30 min: 10:10, 10:40, 11:10. No minute is lost.")
        case Alignment.ROUND:
            return tr("Free from 10:10, a slot every 30 min: 10:30, 11:00; 10:10 only where that gains a slot.")
