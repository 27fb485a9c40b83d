"""A press of a key as the key map writes it."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from inkdesk.ui.common.keymap import FRENCH_DIGITS

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def key_names(event: QKeyEvent) -> tuple[str, ...]:
    """What was pressed, as the key map may write it, the exact name first.

    The keypad's keys are the others'. Shift does not count for a sign that some keyboards have only with Shift, nor on
    a French keyboard for a digit.
    """
    counted = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    exact = key_name(counted, event.key())
    without = key_name(counted & ~Qt.KeyboardModifier.ShiftModifier, event.key())
    is_mark = len(event.text()) == 1 and not event.text().isalpha() and event.text().isprintable()
    names = [exact]
    if is_mark or 0x20 < event.key() < 0x41:
        names.append(without)
    if counted & _COMMANDS and (digit := FRENCH_DIGITS.get(without[-1:].lower())):
        names.append(without[:-1] + digit)
    return tuple(dict.fromkeys(names))


def key_name(modifiers: Qt.KeyboardModifier, key: int) -> str:
    """One key with its modifiers, portably; "" for a modifier alone or a key without a name."""
    if key in _BARE:
        return ""
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(key))).toString(_PORTABLE)


def native(key: str) -> str:
    """A key as this platform and language write it."""
    return QKeySequence(key, _PORTABLE).toString(_NATIVE)


_BARE = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_unknown,
}
