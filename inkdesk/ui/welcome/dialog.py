"""The first start: a few questions, then the book opens."""

from PySide6.QtCore import QLocale, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.studio_service import StudioService
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.studio import Studio
from inkdesk.ui.common.choices import CurrencyCombo, RegionCombo, ZoneCombo, zone_names
from inkdesk.ui.common.forms import Form, Notice, plain_label
from inkdesk.ui.common.prompts import confirm
from inkdesk.ui.welcome.presenter import FIRST_DAYS, FIRST_HOURS, Answers, set_up_command
from inkdesk.workers.task_runner import TaskRunner


class WelcomeDialog(QDialog):
    """Makes the first studio. Accepted once it is saved; ``studio_made`` carries the Studio."""

    studio_made = Signal(object)

    def __init__(self, studio: StudioService, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Welcome to InkDesk"))
        self.setMinimumWidth(600)
        self._service = studio
        self._background = runner.of(self)
        self._is_saving = False
        self._notice = Notice("error")
        self.form = Form()
        self._add_studio_rows()
        self._add_artist_rows()
        self._lay_out()
        self._forget_errors_once_corrected()
        self._fill(QLocale.system())
        self._filled = self.answers()

    @override
    def reject(self) -> None:
        """Leave without a studio, asked if something was typed; while one is being saved its answer is awaited."""
        if self._is_saving:
            return
        if self.answers() == self._filled:
            super().reject()
            return
        confirm(
            self,
            tr("Quit without a studio? What you typed is lost."),
            yes=tr("Quit"),
            no=tr("Go on"),
            is_danger=True,
            done=super().reject,
        )

    def submit(self) -> None:
        """Make the studio, or show beside its field what is wrong."""
        if self._is_saving:
            return
        self.form.clear_errors()
        self._notice.show_text("")
        try:
            command = set_up_command(self.answers())
        except InkDeskError as error:
            self._failed(error)
            return
        self._set_saving(is_saving=True)
        self._background.write(lambda: self._service.set_up(command), self._made, self._failed)

    def answers(self) -> Answers:
        """What is typed now."""
        return Answers(
            name=self._name.text(),
            region=self._region.value(),
            zone=self._zone.value(),
            currency=self._currency.value(),
            is_live=bool(self._mode.currentData()),
            artist_name=self._artist.text(),
            weekdays=frozenset(day for day, box in self._days.items() if box.isChecked()),
            hours=self._hours.text(),
        )

    def _add_studio_rows(self) -> None:
        self._name, self._region, self._zone = QLineEdit(), RegionCombo(), ZoneCombo()
        self._currency, self._mode = CurrencyCombo(), QComboBox()
        self._name.setMaxLength(200)
        self._mode.addItem(tr("Real money"), True)  # noqa: FBT003 - an item's data
        self._mode.addItem(tr("Stripe's test mode: no money moves"), False)  # noqa: FBT003 - an item's data
        self._region.activated.connect(self._take_currency)
        self.form.add_row("name", tr("&Studio name"), self._name)
        self.form.add_row("region", tr("C&ountry"), self._region)
        self.form.add_row("zone", tr("Time &zone"), self._zone)
        self.form.add_row("currency", tr("&Currency"), self._currency)
        self.form.add_row("mode", tr("&Payments"), self._mode)
        self.form.add_wide(
            plain_label(tr("Currency and payments stay as chosen. To try things out, choose the test mode."), "muted")
        )

    def _add_artist_rows(self) -> None:
        self._artist, self._hours, self._days = QLineEdit(), QLineEdit(), dict[int, QCheckBox]()
        self._artist.setMaxLength(200)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        first = formats().first_weekday
        for weekday in ((first + n) % 7 for n in range(7)):
            box = QCheckBox(formats().weekday(weekday)[:3].capitalize())
            box.setAccessibleName(formats().weekday(weekday))
            box.setChecked(weekday in FIRST_DAYS)
            layout.addWidget(box)
            self._days[weekday] = box
        layout.addStretch(1)
        self.form.add_row("artist_name", tr("First &artist"), self._artist)
        self.form.add_row("weekdays", tr("Works on"), row, focus=self._days[first])
        self.form.add_row("hours", tr("&Hours"), self._hours)
        self.form.add_wide(plain_label(tr("Like 10:00-13:00, 14:00-19:00."), "muted"))

    def _lay_out(self) -> None:
        make = QPushButton(tr("Open my &book"))
        make.setProperty("kind", "primary")
        make.setDefault(True)
        self._buttons = QDialogButtonBox()
        self._buttons.addButton(make, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(QPushButton(tr("Quit")), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.submit)
        self._buttons.rejected.connect(self.reject)
        words = tr(
            "A few answers, and the book is open. Everything else, and most of this, can be changed in Settings."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        for widget in (plain_label(tr("Welcome to InkDesk"), "title"), plain_label(words, "muted"), self._notice):
            layout.addWidget(widget)
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(self._buttons)

    def _fill(self, locale: QLocale) -> None:
        region = QLocale.territoryToCode(locale.territory())
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode()
        self._region.set_value(region if len(region) == 2 and region != "ZZ" else "")
        self._zone.set_value(zone if zone in zone_names() else "UTC")
        self._currency.set_value(_currency_of(locale) or "EUR")
        self._hours.setText(FIRST_HOURS)
        self._name.setFocus()

    def _take_currency(self) -> None:
        territory = QLocale.codeToTerritory(self._region.value())
        code = _currency_of(QLocale(QLocale.Language.AnyLanguage, territory))
        if code:
            self._currency.set_value(code)

    def _made(self, studio: Studio) -> None:
        self._set_saving(is_saving=False)
        self.studio_made.emit(studio)
        self.accept()

    def _failed(self, error: InkDeskError) -> None:
        self._set_saving(is_saving=False)
        if not self.form.show_error(error):
            self._notice.show_text(render(error.message))
        self._make_room()

    def _make_room(self) -> None:
        """Grow by the sentences that wrap: a layout's minimum does not count their lines."""
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _forget_errors_once_corrected(self) -> None:
        for field, line in (("name", self._name), ("artist_name", self._artist), ("hours", self._hours)):
            line.textEdited.connect(lambda _text, field=field: self.form.mark(field, ""))
        for field, box in (("region", self._region), ("zone", self._zone), ("currency", self._currency)):
            box.editTextChanged.connect(lambda _text, field=field: self.form.mark(field, ""))

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        self._buttons.setEnabled(not is_saving)


def _currency_of(locale: QLocale) -> str:
    return locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode)
