"""The strip above the page: what the desk must know now, one line each, gone when the fact is gone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inkdesk.ui.common.theme import restyle


class _Notice(QFrame):
    """One line of the banner."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(16, 6, 16, 6)
        inside.addWidget(self.label, 1)

    def say(self, text: str, kind: str) -> None:
        """Show the text and announce it, unless it stands there already."""
        if self.label.text() == text and self.property("panel") == kind:
            return
        self.setProperty("panel", kind)
        restyle(self)
        self.label.setText(text)
        self.label.setAccessibleName(text)
        QAccessible.updateAccessibility(QAccessibleEvent(self.label, QAccessible.Event.Alert))


class Banner(QWidget):
    """Holds notices by key. Setting a notice again replaces its text; an empty text takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Notice] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 12, 0)
        self._layout.setSpacing(6)
        self.setVisible(False)

    def set_notice(self, key: str, text: str, kind: str = "warning") -> None:
        """Show ``text`` as ``kind`` (info, warning, error, success of the theme's panels)."""
        row = self._rows.get(key)
        if not text:
            if row is not None:
                del self._rows[key]
                row.deleteLater()
                self.setVisible(bool(self._rows))
            return
        if row is None:
            row = self._rows[key] = _Notice(self)
            self._layout.addWidget(row)
            self.setVisible(True)
        row.say(text, kind)

    def text(self, key: str) -> str:
        """What stands under ``key``, "" if nothing does."""
        row = self._rows.get(key)
        return row.label.text() if row is not None else ""
