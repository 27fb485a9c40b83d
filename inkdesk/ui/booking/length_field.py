"""How long a sitting lasts, in hours and minutes."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import MinutesEdit

DELAY_MS = 80
MOST_HOURS, MOST_MINUTES = 999, 999
"""More than can be booked, and more than an hour has: 90 minutes can be typed so, and a slip gets its sentence."""


class LengthField(QWidget):
    """Shows the service's length until another one is typed. ``chosen`` carries the typed one in seconds.

    Nothing at all (0 h 0 min) is what one passes through on the way to 30 minutes, so it counts only once the focus
    has left the field.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hours, self.minutes = QSpinBox(), MinutesEdit(most=MOST_MINUTES)
        self.hours.setRange(0, MOST_HOURS)
        self.hours.setSuffix(tr(" h"))
        self.hours.setAccessibleName(tr("Length, hours"))
        self.minutes.setAccessibleName(tr("Length, minutes"))
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._take)
        self._known_s = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for edit in (self.hours, self.minutes):
            edit.valueChanged.connect(lambda _value: self._timer.start())
            edit.editingFinished.connect(self._timer.start)
            layout.addWidget(edit)
        layout.addStretch(1)
        self.setEnabled(False)

    def show_length(self, sitting_s: int) -> None:
        """Show a length, cut to whole minutes; from now on another one can be typed."""
        hours, minutes = divmod(sitting_s // 60, 60)
        with QSignalBlocker(self.hours), QSignalBlocker(self.minutes):
            self.hours.setValue(hours)
            self.minutes.setValue(minutes)
        self._known_s = self.seconds()
        self.setEnabled(True)

    def seconds(self) -> int:
        """The length that stands in the field, in seconds."""
        return self.hours.value() * 3600 + self.minutes.seconds()

    def flush(self) -> None:
        """Take what stands in the field, though the focus may still be there."""
        self._timer.stop()
        if self.seconds() != self._known_s:
            self._known_s = self.seconds()
            self.chosen.emit(self._known_s)

    def _take(self) -> None:
        is_typing = self.hours.hasFocus() or self.minutes.hasFocus()
        if self.seconds() or not is_typing:
            self.flush()
        if not is_typing:
            self.show_length(self.seconds())  # 90 minutes are 1 h 30 min
