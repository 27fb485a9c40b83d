"""The window's actions as Qt has them: each once, in the menu bar and by key, with the keys of the key map."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from inkdesk.ui.common.actions import BY_NAME, Where
from inkdesk.ui.common.key_press import native
from inkdesk.ui.common.keymap import KeyMap, with_french_digits


class WindowActions(QObject):
    """Makes actions and keeps their keys; they belong to the window, its parent."""

    def __init__(self, keymap: KeyMap, window: QObject) -> None:
        super().__init__(window)
        self._keymap = keymap
        self._made: dict[str, tuple[QAction, str]] = {}

    def make(self, name: str, text: str, act: Callable[[], object]) -> QAction:
        """The action of that name; ``text`` is the menu's, with its mnemonic."""
        action = QAction(text, self)
        if BY_NAME[name].where is Where.ANYWHERE:
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # also while a dialog has the keys
        action.triggered.connect(lambda _checked=False: act())
        self._made[name] = action, text
        self._show_keys(name, action, text)
        return action

    def use_keys(self, keymap: KeyMap) -> None:
        """Let other keys mean the actions from now on."""
        self._keymap = keymap
        for name, (action, text) in self._made.items():
            self._show_keys(name, action, text)

    def named(self, name: str) -> QAction | None:
        """The window's action of that name; None for one that only the calendar has."""
        made = self._made.get(name)
        return made[0] if made else None

    def _show_keys(self, name: str, action: QAction, text: str) -> None:
        keys = self._keymap.keys(name)
        if BY_NAME[name].where is Where.CALENDAR:  # the calendar hears its keys itself; the menu names the first
            action.setText("\t".join((text, *map(native, keys[:1]))))
            return
        spelled = [one for key in keys for one in with_french_digits(key)]
        action.setText(text)
        action.setShortcuts([QKeySequence(key, QKeySequence.SequenceFormat.PortableText) for key in spelled])
