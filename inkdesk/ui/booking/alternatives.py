"""The nearest free starts of a refused time: a row of buttons, one key each."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.text import formats, tr
from inkdesk.ui.booking.presenter.verdicts import team
from inkdesk.ui.common.forms import PushButton, plain_label

MOST_WIDTH = 280
"""In pixels: a long name is cut then, and whole in the tool tip."""
TIMES_A_ROW, DATES_A_ROW, PEOPLE_A_ROW = 3, 2, 1


class Alternatives(QWidget):
    """Offers up to three starts, by Tab or by Alt and their number. ``taken`` carries the chosen ``FreeSlot``."""

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(TIMES_A_ROW, 1)

    def show_slots(self, slots: Sequence[FreeSlot], day: date, *, is_naming: bool, after: QWidget) -> None:
        """Show other starts for one on ``day``, with their artist if ``is_naming``; Tab comes here from ``after``."""
        self.clear()
        if not slots:
            return
        self._grid.addWidget(plain_label(tr("Free instead:"), "muted"), 0, 0, 1, TIMES_A_ROW + 1)
        columns = TIMES_A_ROW if all(slot.starts_at.date() == day for slot in slots) else DATES_A_ROW
        for number, slot in enumerate(slots):
            button = self._button(number + 1, slot, day, is_naming=is_naming)
            row, column = divmod(number, PEOPLE_A_ROW if is_naming else columns)
            self._grid.addWidget(button, row + 1, column)
            QWidget.setTabOrder(after, button)
            after = button

    def clear(self) -> None:
        """Offer nothing."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _button(self, number: int, slot: FreeSlot, day: date, *, is_naming: bool) -> QPushButton:
        is_same_day = slot.starts_at.date() == day
        time = formats().time(slot.starts_at) if is_same_day else formats().moment(slot.starts_at)
        who = team(slot.artist_names)
        text = f"{time} · {slot.artist_name}" if is_naming else time
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, MOST_WIDTH)
        button = PushButton(f"&{number}  " + shown.replace("&", "&&"))
        named = tr("Take {time} with {artist} instead", time=slot.starts_at, artist=who)
        button.setAccessibleName(named if is_naming else tr("Take {time} instead", time=slot.starts_at))
        button.setToolTip(f"{time} · {who}")
        button.clicked.connect(lambda: self.taken.emit(slot))
        return button
