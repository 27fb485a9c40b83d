"""The line that finds everything, and under it what it found."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookQueries
from inkdesk.application.text import tr
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import ENTER, plain_label
from inkdesk.ui.palette.kinds import DATES, PEOPLE, Kind
from inkdesk.ui.palette.presenter import Doing, Hit, PalettePresenter

HIT = Qt.ItemDataRole.UserRole
SEARCH_DELAY_MS = 20
WIDTH, HEIGHT = 620, 420
ROOMY = "QTreeView::item { padding: 4px 4px; }"
WALKS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class PaletteDialog(QDialog):
    """Finds things of some ``kinds``; ``chosen`` carries the ``Hit`` that was taken, when it has closed.

    ``doings`` are the actions that can be found, ``today`` is the studio's date.
    """

    chosen = Signal(object)

    def __init__(
        self,
        queries: BookQueries,
        background: Background,
        doings: Sequence[Doing],
        *,
        today: date,
        kinds: frozenset[Kind],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        alive = WhileAlive(background, self)
        self._presenter = PalettePresenter(self, queries, alive, doings, today=today, kinds=kinds)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_title(kinds))
        self.resize(WIDTH, HEIGHT)
        self._takes_first = False
        self.line = QLineEdit()
        self.line.setPlaceholderText(_hint(kinds))
        self.line.setAccessibleName(_hint(kinds))
        self.line.installEventFilter(self)
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._timer.timeout.connect(self._search)
        self.line.textEdited.connect(self._edited)
        self.list = QTreeWidget()
        self.list.setAccessibleName(tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setStyleSheet(ROOMY)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemClicked.connect(lambda _item: self._take())
        self.sentence = plain_label(role="muted")
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self.sentence)
        self.line.setFocus()
        self._presenter.search("")

    def show_hits(self, hits: Sequence[Hit], sentence: str) -> None:
        """Show what was found, the first of it chosen, unless another choice is still there."""
        before = self._current()
        self.list.clear()
        for hit in hits:
            item = QTreeWidgetItem(self.list, [hit.words, hit.detail])
            item.setData(0, HIT, hit)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, hit.words)
        kept = next((row for row, hit in enumerate(hits) if hit == before), 0)
        self._go_to(kept)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        if self._takes_first and not self._timer.isActive() and hits:
            self._take()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in WALKS:
            self._go_to(self.list.currentIndex().row() + WALKS[key])
            return True
        if key in ENTER:
            self._enter()
            return True
        return False

    def _enter(self) -> None:
        """Take the chosen line; if the last keys were not looked for yet, the best of what they find."""
        if self._timer.isActive():
            self._timer.stop()
            self._takes_first = True
            self._search()
        else:
            self._take()

    def _edited(self) -> None:
        """What is typed after Enter is meant to be read first."""
        self._takes_first = False
        self._timer.start()

    def _search(self) -> None:
        self._presenter.search(self.line.text())

    def _take(self) -> None:
        hit = self._current()
        if hit is not None:
            self.close()
            self.chosen.emit(hit)

    def _current(self) -> Hit | None:
        item = self.list.currentItem()
        hit: Hit | None = item.data(0, HIT) if item else None
        return hit

    def _go_to(self, row: int) -> None:
        item = self.list.topLevelItem(min(max(row, 0), self.list.topLevelItemCount() - 1))
        if item is not None:
            self.list.setCurrentItem(item)


def _title(kinds: frozenset[Kind]) -> str:
    if kinds == PEOPLE:
        return tr("Find a client or a booking")
    return tr("Go to a date") if kinds == DATES else tr("Find anything")


def _hint(kinds: frozenset[Kind]) -> str:
    if kinds == PEOPLE:
        return tr("Name or last phone digits")
    if kinds == DATES:
        return tr("A date: 14, 3 dec, fri, +10")
    return tr("An action, a name, last phone digits, or a date")
