"""A clock time in the reader's 12 or 24 hours, typed in either."""

import re
from datetime import time
from typing import Final

from PySide6.QtCore import QTime
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QTimeEdit, QWidget
from typing_extensions import override

from inkdesk.application.text import formats

_NEXT_SECTION = dict.fromkeys(":.h", QTimeEdit.Section.MinuteSection) | {" ": QTimeEdit.Section.AmPmSection}
_OF_24_HOURS: Final = re.compile(
    r"(?P<hour>0\d?|1[3-9]|2[0-3])[:.h]|(?P<first>0\d|1[3-9]|2[0-3])(?P<minute>[0-5]\d)", re.ASCII
)
"""An hour that is not of a 12-hour clock with what follows it, or four figures that begin with one."""
_THREE_FIGURES: Final = re.compile(r"(?P<hour>1(?=[3-5])|2)(?P<minute>[0-5]\d)", re.ASCII)
"""An hour of one figure with its minutes, where two figures could be no hour: Qt would forget the others."""


class TimeEdit(QTimeEdit):
    """A clock time; all of it marked, typing starts at the hours.

    Where it shows 12 hours, ``14:07``, ``1407`` and ``09:05`` are taken all the same, as those of the 24-hour clock;
    ``2:45``, ``245`` and ``1130`` are of the half of the day that is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._before = QTime(0, 0)
        is_24_hours = formats().clock(13 * 60).startswith("13")
        self.setDisplayFormat("HH:mm" if is_24_hours else "h:mm AP")

    def minute(self) -> int:
        """Minutes after midnight."""
        return self.time().hour() * 60 + self.time().minute()

    def set_clock(self, clock: time) -> None:
        """Show a clock time, seconds cut."""
        self.setTime(QTime(clock.hour, clock.minute))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_all_marked():
            self._typed = ""
            if event.text().isdigit():
                self.setSelectedSection(QTimeEdit.Section.HourSection)
        if self._takes(event.text()):
            return
        if event.text() in _NEXT_SECTION:  # Qt would go to the next field of the form
            self.setSelectedSection(_NEXT_SECTION[event.text()])
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._typed = ""
        super().focusInEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._typed = ""
        super().mousePressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        # Tab leaves the field; Left and Right go through hours and minutes.
        return QWidget.focusNextPrevChild(self, next)

    def _is_all_marked(self) -> bool:
        return self.lineEdit().selectedText() == self.text()

    def _takes(self, key: str) -> bool:
        """Whether what was typed from the hours on is a time that Qt's 12 hours would not take; it is shown then."""
        if "AP" not in self.displayFormat() or not key or key not in "0123456789:.h":
            self._typed = ""
            return False
        if not self._typed:
            if self.currentSection() != QTimeEdit.Section.HourSection:
                return False
            self._before = self.time()
        self._typed += key
        found = _typed_time(self._typed, self._before)
        if found is None:
            return False
        if not (self._typed.isdigit() and len(self._typed) == 3):  # to which a fourth figure may come
            self._typed = ""
        self.setTime(found)
        self.setSelectedSection(QTimeEdit.Section.MinuteSection)
        return True


def _typed_time(typed: str, before: QTime) -> QTime | None:
    """The time of the 24-hour clock, or of its half that was shown ``before``; None for what Qt understands, too."""
    if whole := _OF_24_HOURS.fullmatch(typed):
        hour, minute = whole["hour"] or whole["first"], whole["minute"]
        return QTime(int(hour), before.minute() if minute is None else int(minute))
    if short := _THREE_FIGURES.fullmatch(typed):
        return QTime(int(short["hour"]) + before.hour() // 12 * 12, int(short["minute"]))
    return None
