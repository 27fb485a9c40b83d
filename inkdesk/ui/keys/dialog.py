"""Every key with what it does, in chapters; a key can be changed, and found by typing."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.actions import ACTIONS, FIXED, Group, group_words
from inkdesk.ui.common.forms import Notice, PushButton, plain_label
from inkdesk.ui.common.key_press import key_name, native
from inkdesk.ui.common.keymap import KeyMap, may_have

NAME = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT, INDENT = 620, 640, 10
ROOMY = "QTreeView::item { padding: 3px 2px; }"


class KeysDialog(QDialog):
    """Shows a key map. ``changed`` carries the ``KeyMap`` that a user made of it; every change holds at once."""

    changed = Signal(object)

    def __init__(self, keymap: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.keymap = keymap
        self._make_list()
        self._make_changing()
        self._arrange()
        self.show_keys()
        self.search.setFocus()

    def show_keys(self) -> None:
        """Write the chapters anew; the chosen action stays chosen."""
        chosen = self.chosen()
        self.list.clear()
        for group in Group:
            chapter = QTreeWidgetItem(self.list, [group_words(group)])
            chapter.setFlags(Qt.ItemFlag.ItemIsEnabled)
            chapter.setFirstColumnSpanned(True)
            chapter.setFont(0, self._heading)
            for words, keys, name in _lines(self.keymap, group):
                item = QTreeWidgetItem(chapter, [words, keys])
                item.setData(0, NAME, name)
                if name and name == chosen:
                    self.list.setCurrentItem(item)
        self.list.expandAll()
        self._filter()

    def chosen(self) -> str:
        """The name of the chosen action; "" for none, or one whose key is fixed."""
        item = self.list.currentItem()
        return item.data(0, NAME) or "" if item else ""

    def _filter(self) -> None:
        """Show what has the typed words in its name or its keys; the first of it is chosen."""
        typed = self.search.text().casefold().split()
        first: QTreeWidgetItem | None = None
        for chapter in _children(self.list.invisibleRootItem()):
            shown = 0
            for item in _children(chapter):
                line = f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(not all(word in line for word in typed))
                shown += not item.isHidden()
                first = first or (None if item.isHidden() else item)
            chapter.setHidden(not shown)
        current = self.list.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)
        self._enable()

    def _enable(self) -> None:
        self.change.setEnabled(bool(self.chosen()))
        self.usual.setEnabled(self.chosen() in self.keymap.changed)

    # Changing

    def begin(self) -> None:
        """Wait for the new key of the chosen action."""
        if name := self.chosen():
            self.notice.show_text("")
            self.question.setText(tr("Press the new key for “{action}”. Esc leaves it as it is.", action=_words(name)))
            self.asking.show()
            self.press.setFocus()

    def take(self, key: str) -> None:
        """Give the chosen action that key, or say why it cannot have it."""
        name = self.chosen()
        other = self.keymap.clash(name, key)
        if not may_have(name, key):
            self._refuse(tr("{key} cannot be used here. Take another key, for example with Ctrl.", key=native(key)))
        elif other is not None:
            words = tr(
                "{key} means “{action}” already. Give that another key first.", key=native(key), action=other.words()
            )
            self._refuse(words)
        else:
            self._use(self.keymap.with_keys(name, [key]))

    def use_usual(self) -> None:
        """Give the chosen action the key back that it came with, if nobody else has it now."""
        name = self.chosen()
        usual = self.keymap.with_keys(name, KeyMap().keys(name))
        taken = [one for key in usual.keys(name) if (one := usual.clash(name, key))]
        if taken:
            self._refuse(tr("“{action}” has this key now. Give that another key first.", action=taken[0].words()))
        else:
            self._use(usual)

    def stop(self) -> None:
        """Wait for no key any more."""
        self.asking.hide()
        self.list.setFocus()

    def _refuse(self, sentence: str) -> None:
        self.notice.show_text(sentence, "error")
        self.stop()

    def _use(self, keymap: KeyMap) -> None:
        self.keymap = keymap
        self.notice.show_text("")
        self.stop()
        self.show_keys()
        self.changed.emit(keymap)

    def _use_letters(self, on: bool) -> None:  # noqa: FBT001 - a slot of toggled(bool)
        self._use(self.keymap.with_letters(on=on))

    # Making it

    def _make_list(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find an action or a key"))
        self.search.setAccessibleName(tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self.list.setAccessibleName(tr("Keys"))
        self.list.setHeaderLabels([tr("Action"), tr("Key")])
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setUniformRowHeights(True)
        self.list.setIndentation(INDENT)
        self.list.setStyleSheet(ROOMY)
        self._heading = QFont(self.font())
        self._heading.setWeight(QFont.Weight.DemiBold)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.currentItemChanged.connect(self._enable)
        self.list.itemActivated.connect(self.begin)
        self.search.returnPressed.connect(self.begin)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search, self.list.setFocus)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _make_changing(self) -> None:
        self.notice = Notice()
        self.question = plain_label()
        self.press = PressField()
        self.press.pressed.connect(self.take)
        self.press.cancelled.connect(self.stop)
        self.asking = QWidget()
        row = QHBoxLayout(self.asking)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.question, 1)
        row.addWidget(self.press)
        self.asking.hide()
        self.letters = QCheckBox(tr("Single &letters act in the calendar"))
        self.letters.setChecked(self.keymap.has_letters)
        self.letters.toggled.connect(self._use_letters)
        self.change, self.usual, self.close_button = (
            PushButton(words) for words in (tr("C&hange…"), tr("&Usual key"), tr("&Close"))
        )
        self.change.clicked.connect(self.begin)
        self.usual.clicked.connect(self.use_usual)
        self.close_button.clicked.connect(self.close)
        self.close_button.setShortcut(QKeySequence.StandardKey.Close)

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.change)
        foot.addWidget(self.usual)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        for widget in (self.search, self.notice, self.list, self.asking, self.letters):
            column.addWidget(widget, int(widget is self.list))
        column.addLayout(foot)


class PressField(QLineEdit):
    """Takes the next key that is pressed: ``pressed`` has its name; ``cancelled`` is Escape, or the focus gone."""

    pressed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(tr("The new key"))
        self.setMaximumWidth(120)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the window's own keys are only named here, not done
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key := key_name(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key()):
            self.pressed.emit(key)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        self.cancelled.emit()
        return True


def _lines(keymap: KeyMap, group: Group) -> list[tuple[str, str, str]]:
    """Words, keys and name of each line of a chapter; a fixed key has no name."""
    lines = [(one.words(), _shown(keymap.keys(one.name)), one.name) for one in ACTIONS if one.group is group]
    return lines + [(words(), _shown(keys), "") for chapter, keys, words in FIXED if chapter is group]


def _shown(keys: tuple[str, ...]) -> str:
    return ", ".join(map(native, keys)) or tr("no key")


def _words(name: str) -> str:
    return next(one.words() for one in ACTIONS if one.name == name)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(number) for number in range(item.childCount()))
    return [child for child in children if child is not None]
