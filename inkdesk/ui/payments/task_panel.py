"""One task: what happened, and a button with its effect for everything that can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.inbox_service import InboxItem
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.tasks import TaskAction
from inkdesk.ui.common.forms import PushButton, plain_label
from inkdesk.ui.payments.inbox_words import effect, label, question, title

MOST_NOTE = 500
GRID_GAP, NARROW_GAP = 12, 5
NARROW_PX = 460
"""A narrower panel has no room beside its buttons."""


class TaskPanel(QWidget):
    """``wished`` carries the TaskAction whose button was pressed."""

    wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: InboxItem | None = None
        self.buttons: dict[TaskAction, PushButton] = {}
        self._effects: list[QLabel] = []
        self._is_narrow = False
        self.heading = plain_label(role="title")
        self.facts = plain_label(role="muted")
        self.what = plain_label()
        self.note = QLineEdit()
        self.note.setMaxLength(MOST_NOTE)
        self.note.setPlaceholderText(tr("Why, for the booking's history; may stay empty"))
        self._actions = QWidget()
        self._arrange()

    def show_item(self, item: InboxItem) -> None:
        """Show a task; the same one again leaves keys and note where they are."""
        if item == self._item:
            return
        if self._item is None or item.task_id != self._item.task_id:
            self.note.clear()
        self._item = item
        self.heading.setText(title(item))
        self.facts.setText(_facts(item))
        self.facts.setVisible(bool(self.facts.text()))
        self.what.setText(render(item.what))
        self._make_actions(item)

    def forget(self) -> None:
        """No task is shown: the next one comes whole."""
        self._item = None
        self.note.clear()

    def set_busy(self, *, is_busy: bool) -> None:
        """Take no wish while one is carried out."""
        self._actions.setEnabled(not is_busy)
        self.note.setEnabled(not is_busy)

    def _make_actions(self, item: InboxItem) -> None:
        old = self._actions
        self._actions = QWidget()
        self.buttons = {}
        self._effects = []
        grid = QGridLayout(self._actions)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_GAP)
        grid.setColumnStretch(1, 1)
        for row, action in enumerate(item.actions):
            self._add_action(row, action, item)
        self._place(grid)
        self._layout.replaceWidget(old, self._actions)
        focused = self.window().focusWidget()
        if focused is not None and old.isAncestorOf(focused):
            self.note.setFocus()  # not another button: Space would press what was not read
        old.hide()
        old.deleteLater()

    def _add_action(self, row: int, action: TaskAction, item: InboxItem) -> None:
        button = PushButton(label(action, item))
        if row == 0:
            button.setProperty("kind", "primary")
        elif question(action, item) is not None and action is not TaskAction.ACKNOWLEDGE:
            button.setProperty("kind", "danger")
        explained = effect(action, item)
        button.setAccessibleDescription(explained)
        button.clicked.connect(lambda _checked=False: self.wished.emit(action))
        self.buttons[action] = button
        self._effects.append(plain_label(f"{_key(row, action)}{explained}", "muted"))

    def _place(self, grid: QGridLayout) -> None:
        """Each effect beside its button, or under it where there is no room."""
        grid.setVerticalSpacing(NARROW_GAP if self._is_narrow else GRID_GAP)
        for row, (button, words) in enumerate(zip(self.buttons.values(), self._effects, strict=True)):
            if self._is_narrow:
                grid.addWidget(button, 2 * row, 0, 1, 2)
                grid.addWidget(words, 2 * row + 1, 0, 1, 2)
            else:
                grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignVCenter)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < NARROW_PX
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            grid = self._actions.layout()
            if isinstance(grid, QGridLayout):
                self._place(grid)

    def _arrange(self) -> None:
        caption = QLabel(tr("&Note"))
        caption.setBuddy(self.note)
        self.note.setAccessibleName(tr("Note"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 0, 20, 16)
        self._layout.setSpacing(10)
        for widget in (self.heading, self.facts, plain_label(tr("What happened"), "heading"), self.what):
            self._layout.addWidget(widget)
        self._layout.addSpacing(8)
        self._layout.addWidget(plain_label(tr("What can be done"), "heading"))
        self._layout.addWidget(self._actions)
        self._layout.addSpacing(8)
        self._layout.addWidget(caption)
        self._layout.addWidget(self.note)
        self._layout.addStretch(1)


def _facts(item: InboxItem) -> str:
    """Whose it is, the number to call, how much, since when."""
    amount = formats().money(item.amount) if item.amount else ""
    since = tr("since {moment}", moment=formats().moment(item.since))
    return " · ".join(part for part in (item.client, item.phone, amount, since) if part)


def _key(row: int, action: TaskAction) -> str:
    """The key of the list that does it."""
    if row == 0:
        return tr("Enter: ")
    return tr("Del: ") if action is TaskAction.ACKNOWLEDGE else ""
