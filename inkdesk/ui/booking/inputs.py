"""Small inputs of the booking forms."""

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget


def number_input(least: int, most: int, value: int) -> QSpinBox:
    """A whole number from ``least`` to ``most``."""
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setValue(value)
    return spin


def in_a_row(*widgets: QWidget) -> QWidget:
    """The widgets side by side, from the left."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return row
