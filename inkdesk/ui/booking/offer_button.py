"""One offer of the finder: a big row with its key, its time, the artist and why it is offered."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.booking.presenter.finder import OfferWords
from inkdesk.ui.common.forms import PushButton, plain_label

MARGINS = (14, 5, 14, 5)
SPACING = 10
LEAST_LETTERS = 30
"""The key, a day with its year, the time from and to: these are never cut."""


class OfferButton(PushButton):
    """A button that shows an offer in two lines beside the ``number`` (from 1) that chooses it.

    What a narrow window has no room for is cut with an ellipsis, and whole in the tool tip.
    """

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._number = number
        self._offer = OfferWords("", "", "")
        self._key, self._when, self._rules = _line("title"), _line("heading"), _line("warning")
        self._why, self._who = _line("muted", is_cut=True), _line("", is_cut=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._key.setText(str(number))
        lines = QVBoxLayout()
        lines.setSpacing(1)
        for left, right in ((self._when, self._why), (self._who, self._rules)):
            line = QHBoxLayout()
            line.setSpacing(SPACING)
            line.addWidget(left, int(left is self._who))
            line.addWidget(right, int(right is self._why))
            lines.addLayout(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*MARGINS)
        layout.setSpacing(SPACING)
        layout.addWidget(self._key)
        layout.addLayout(lines, 1)
        self._keep_room()

    def show_offer(self, offer: OfferWords) -> None:
        """Show another offer."""
        self._offer = offer
        self._when.setText(offer.when)
        self._rules.setText(offer.rules)
        self._cut()
        why = " · ".join(filter(None, (offer.why, offer.rules)))
        spoken = {"time": offer.when, "artist": offer.who, "why": why}
        self.setAccessibleName(tr("{number}: {time}, {artist}. {why}", number=self._number, **spoken))
        self.setToolTip(f"{offer.who}\n{why}")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = self.width() - MARGINS[0] - MARGINS[2] - self._key.width() - SPACING
        for label, text, whole in ((self._why, self._offer.why, self._when), (self._who, self._offer.who, self._rules)):
            width = max(room - whole.sizeHint().width() - SPACING, 0)
            label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width))

    def _keep_room(self) -> None:
        """Never be lower than both lines, nor indent them differently: the style sheet's height is for one line."""
        for label in (self._when, self._who, self._why, self._rules, self._key):
            label.ensurePolished()
        height = self._when.fontMetrics().height() + self._why.fontMetrics().height()
        width = self._when.fontMetrics().horizontalAdvance("0") * LEAST_LETTERS
        self.setStyleSheet(f"OfferButton {{ min-height: {height}px; min-width: {width}px; }}")
        self._key.setFixedWidth(self._key.fontMetrics().horizontalAdvance("0") + 4)


def _line(role: str, *, is_cut: bool = False) -> QLabel:
    label = plain_label(role=role, wraps=False)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    if is_cut:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
