"""Numbers that may be none: nothing in the field means no limit."""

from PySide6.QtWidgets import QSpinBox, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.settings.hours_edit import HoursEdit


class LimitEdit(QSpinBox):
    """A whole number from 1 to ``most``, or no limit: 0 or an emptied field. ``unit`` stands behind the number."""

    def __init__(self, most: int, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, most)
        self.setSuffix(unit)
        self.setSpecialValueText(tr("No limit"))

    def limit(self) -> int | None:
        """The number, None for no limit."""
        self.interpretText()
        return self.value() or None

    def set_limit(self, limit: int | None) -> None:
        """Show a number, None for no limit."""
        self.setValue(limit or 0)

    @override
    def fixup(self, input: str) -> str:
        # Left alone, Qt would bring the number before the emptied field back.
        return input if self.cleanText() else "0"


class HoursLimitEdit(HoursEdit):
    """A duration in hours, or no limit: 0 or an emptied field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSpecialValueText(tr("No limit"))

    def limit_s(self) -> int | None:
        """The duration in seconds, None for no limit."""
        self.interpretText()
        return self.seconds() or None

    def set_limit_s(self, limit_s: int | None) -> None:
        """Show a duration in seconds, None for no limit."""
        self.set_seconds(limit_s or 0)

    @override
    def fixup(self, input: str) -> str:
        # As in LimitEdit.
        return input if self.cleanText() else "0"
