"""Which bookings and artists show: a button with a menu of ticks that stays open while they are set."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.shown import GONE, Filter
from inkdesk.ui.calendar.words import status_words
from inkdesk.ui.common.forms import ENTER


class FilterButton(QToolButton):
    """``changed`` carries the ``Filter`` as it is ticked; the button says when it hides more than usual."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = Filter()
        self.setToolTip(tr("Which bookings and artists show"))
        self.setAccessibleName(tr("Filter"))
        self.clicked.connect(self.open_menu)
        self.ticks = _Ticks(self)
        self.on_shift = self._tick(tr("Only artists who work then"), is_on=False)
        self.ticks.addSeparator()
        self.statuses = {one: self._tick(status_words(one), is_on=one not in GONE) for one in BookingStatus}
        self.ticks.addSeparator()
        self.ticks.addAction(tr("As usual"), self.forget)
        self._say()

    def filter(self) -> Filter:
        """What is ticked now."""
        return self._filter

    def open_menu(self) -> None:
        """Show the ticks under the button."""
        self.ticks.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def forget(self) -> None:
        """Tick what is ticked usually."""
        self.on_shift.setChecked(False)
        for status, tick in self.statuses.items():
            tick.setChecked(status not in GONE)
        self._read()

    def _tick(self, words: str, *, is_on: bool) -> QAction:
        tick = QAction(words, self.ticks, checkable=True, checked=is_on)
        tick.triggered.connect(self._read)
        self.ticks.addAction(tick)
        return tick

    def _read(self) -> None:
        hidden = frozenset(status for status, tick in self.statuses.items() if not tick.isChecked())
        found = Filter(hidden=hidden, is_on_shift=self.on_shift.isChecked())
        if found != self._filter:
            self._filter = found
            self._say()
            self.changed.emit(found)

    def _say(self) -> None:
        self.setText(tr("Filter") if self._filter == Filter() else tr("Filtered"))
        self.setProperty("kind", "" if self._filter == Filter() else "on")


class _Ticks(QMenu):
    """A menu in which a tick is set without closing it, by the pointer, Space or Enter."""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._set(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in {Qt.Key.Key_Space, *ENTER} or not self._set(self.activeAction()):
            super().keyPressEvent(event)

    def _set(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.trigger()
        return True
