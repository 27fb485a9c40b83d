"""The practice console: a trainer plays clients, banks, the network and the time while somebody else works the desk."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from inkdesk.application.calendar import BookQueries
from inkdesk.application.practice_controls import PracticeAct, PracticeControls, PracticeRefunds, PracticeStanding
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.common.cells_table import ROW_HEIGHT, CellsTable
from inkdesk.ui.common.forms import Notice, PushButton, plain_label
from inkdesk.ui.practice.model import ConsoleModel
from inkdesk.ui.practice.presenter import DELAYS_S, JUMPS, ConsolePresenter, ConsoleRow
from inkdesk.workers.task_runner import TaskRunner

REFRESH_MS = 2000
"""Clients also pay on their own page, and time passes: the list is read again this often."""
ACT_COLUMNS = 5
LEAST_ROWS = 5


class PracticeConsole(QDialog):
    """Stands beside the window. ``time_jumped`` says that every time in the program is another one now."""

    time_jumped = Signal()

    def __init__(
        self, controls: PracticeControls, queries: BookQueries, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Practice console"))
        self.resize(760, 620)
        self._presenter = ConsolePresenter(self, controls, queries, runner.of(self), self.time_jumped.emit)
        self._make_table()
        self._make_acts()
        self._make_switches()
        self._make_jumps()
        self._arrange()
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._presenter.tick)
        self._timer.start()
        self.show_acts(frozenset())
        self.table.setFocus()
        self._presenter.reload()

    # What the presenter shows

    def show_rows(self, rows: Sequence[ConsoleRow]) -> None:
        """Show the payments; the chosen one stays chosen, else the newest is."""
        chosen = self.model.session_id(self.table.currentIndex().row())
        if self.model.show_rows(rows):
            self.table.setCurrentIndex(self.model.index(max(self.model.row_of(chosen), 0), 0))
            self._choose()
        self.empty.setVisible(not rows)

    def show_acts(self, acts: frozenset[PracticeAct]) -> None:
        """Offer what can happen to the chosen payment; the focus never stays on a button that went."""
        had_focus = any(button.hasFocus() for button in self.acts.values())
        for act, button in self.acts.items():
            button.setEnabled(act in acts)
        if had_focus and not any(button.hasFocus() for button in self.acts.values()):
            self.table.setFocus()

    def show_standing(self, standing: PracticeStanding) -> None:
        """Show the time and what is switched on."""
        self.now.setText(tr("It is {moment} now.", moment=standing.now))
        reads = ntr("{n} read in 30 days", "{n} reads in 30 days", standing.reads)
        self.reads.setText(reads)
        with QSignalBlocker(self.offline), QSignalBlocker(self.delay), QSignalBlocker(self.refunds):
            self.offline.setChecked(standing.is_offline)
            self.delay.setCurrentIndex(max(self.delay.findData(standing.delay_s), 0))
            self.refunds.setCurrentIndex(self.refunds.findData(standing.refunds))

    def tell(self, words: str) -> None:
        """Say what was done."""
        self.notice.show_text(words, "info")

    def show_error(self, error: InkDeskError) -> None:
        """Say what was refused."""
        self.notice.show_text(render(error.message), "error")

    # Making it

    def _make_table(self) -> None:
        self.model = ConsoleModel(self)
        self.table = CellsTable(self.model, tr("Payments at the practice Stripe"))
        self.table.setMinimumHeight(LEAST_ROWS * ROW_HEIGHT)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.empty = plain_label(tr("Nobody was asked for money yet. Book with a link, and it stands here."), "muted")

    def _choose(self, *_changed: QModelIndex) -> None:
        self._presenter.choose(self.model.session_id(self.table.currentIndex().row()))

    def _make_acts(self) -> None:
        words = {
            PracticeAct.PAY: tr("&Pay"),
            PracticeAct.DECLINE: tr("&Decline"),
            PracticeAct.PAY_LATER: tr("Pay &later"),
            PracticeAct.SETTLE: tr("Let it arri&ve"),
            PracticeAct.FAIL: tr("Let it &fail"),
            PracticeAct.REFUND: tr("&Refund"),
            PracticeAct.REFUND_HALF: tr("Refund &half"),
            PracticeAct.DISPUTE: tr("Dispu&te"),
            PracticeAct.WIN: tr("&Win dispute"),
            PracticeAct.LOSE: tr("Los&e dispute"),
        }
        hints = {
            PracticeAct.PAY_LATER: tr("With a delayed method: the money is on its way."),
            PracticeAct.REFUND: tr("In Stripe's dashboard, all that is left."),
            PracticeAct.REFUND_HALF: tr("In Stripe's dashboard, half of what is left."),
        }
        self.acts = {act: PushButton(text) for act, text in words.items()}
        for act, button in self.acts.items():
            button.setToolTip(hints.get(act, ""))
            button.setAccessibleDescription(hints.get(act, ""))
            button.clicked.connect(lambda _checked=False, act=act: self._presenter.act(act))

    def _make_switches(self) -> None:
        self.offline = QCheckBox(tr("Stripe cannot be reached (&offline)"))
        self.offline.toggled.connect(lambda is_on: self._presenter.set_offline(is_offline=is_on))
        self.delay = QComboBox()
        for seconds in DELAYS_S:
            self.delay.addItem(ntr("{n} second", "{n} seconds", seconds) if seconds else tr("at once"), seconds)
        self.delay.currentIndexChanged.connect(lambda _: self._presenter.set_delay(self.delay.currentData()))
        self.refunds = QComboBox()
        for text, chosen in (
            (tr("arrive at once"), PracticeRefunds.AT_ONCE),
            (tr("stay on their way"), PracticeRefunds.LATER),
            (tr("fail"), PracticeRefunds.FAIL),
        ):
            self.refunds.addItem(text, chosen)
        self.refunds.currentIndexChanged.connect(lambda _: self._set_refunds())
        self.reads = plain_label(role="muted", wraps=False)

    def _set_refunds(self) -> None:
        self._presenter.set_refunds(PracticeRefunds(self.refunds.currentData()))

    def _make_jumps(self) -> None:
        self.now = plain_label(wraps=False)
        words = (tr("+ 10 &min"), tr("+ 1 ho&ur"), tr("+ 1 da&y"), tr("+ &31 days"))
        names = (tr("10 minutes on"), tr("1 hour on"), tr("1 day on"), tr("31 days on"))
        self.jumps = dict(zip(JUMPS, (PushButton(text) for text in words), strict=True))
        for (by, button), name in zip(self.jumps.items(), names, strict=True):
            button.setAccessibleName(name)
            button.clicked.connect(lambda _checked=False, by=by: self._jump(by))

    def _jump(self, by: timedelta) -> None:
        self._presenter.jump(by)

    def _arrange(self) -> None:
        self.notice = Notice("info")
        close = PushButton(tr("&Close"))
        close.clicked.connect(self.close)
        heading = QLabel(tr("Payme&nts at the practice Stripe"))
        heading.setBuddy(self.table)
        heading.setProperty("role", "heading")
        acts = QGridLayout()
        for place, button in enumerate(self.acts.values()):
            acts.addWidget(button, *divmod(place, ACT_COLUMNS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for item in (heading, self.table, self.empty):
            layout.addWidget(item, 1 if item is self.table else 0)
        layout.addLayout(acts)
        layout.addWidget(self.notice)
        layout.addLayout(self._switches())
        layout.addLayout(_row(self.now, None, *self.jumps.values()))
        layout.addLayout(_row(self.reads, None, close))

    def _switches(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(3, 1)
        grid.addWidget(self.offline, 0, 0, 1, 4)
        for column, (text, box) in enumerate(((tr("&Answers come"), self.delay), (tr("Refund&s"), self.refunds))):
            label = QLabel(text)
            label.setBuddy(box)
            box.setAccessibleName(text.replace("&", ""))
            grid.addWidget(label, 1, 2 * column, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(box, 1, 2 * column + 1, Qt.AlignmentFlag.AlignLeft)
        return grid


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is the free room between them."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
