"""A long duration, typed in hours."""

from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import reader_locale

A_YEAR_H = 8760


class HoursEdit(QDoubleSpinBox):
    """A duration, typed in hours (1.5 is an hour and a half) and read in seconds, to the minute."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(reader_locale())
        # Two decimals tell every minute of an hour apart.
        self.setDecimals(2)
        self.setRange(0, A_YEAR_H)
        self.setSuffix(tr(" h"))

    def seconds(self) -> int:
        """The duration in seconds."""
        return round(self.value() * 60) * 60

    def set_seconds(self, seconds: int) -> None:
        """Show a duration, rounded to a minute."""
        self.setValue(seconds / 3600)

    @override
    def textFromValue(self, value: float) -> str:
        """Whole hours without decimals: ``24``, ``1.5``."""
        shown = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return shown.rstrip("0").rstrip(point) if point in shown else shown
