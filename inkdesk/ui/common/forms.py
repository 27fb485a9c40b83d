"""Rows of a form: a label that belongs to its input, and the error beside it.

Labels never interpret markup, so a name such as ``<b>`` is shown as it was typed.
"""

from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.text import language, render, tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, parse_amount
from inkdesk.ui.common.theme import restyle

FIRST_DAY, LAST_DAY = QDate(2000, 1, 1), QDate(2199, 12, 31)
"""Bookings lie between these; anything else is a slip of the finger."""
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_KEEPS_SECTION = frozenset(
    {Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
)


def plain_label(text: str = "", role: str = "", *, wraps: bool = True) -> QLabel:
    """A label that shows its text literally; ``role`` as in ``theme``."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    if role:
        label.setProperty("role", role)
    return label


def set_role(label: QLabel, role: str) -> None:
    """Give a visible label another ``role`` of ``theme``."""
    if label.property("role") != role:
        label.setProperty("role", role)
        restyle(label)


def set_invalid(editor: QWidget, *, is_invalid: bool) -> None:
    """Frame an input red, or no more."""
    if bool(editor.property("invalid")) != is_invalid:
        editor.setProperty("invalid", is_invalid)
        restyle(editor)


class PushButton(QPushButton):
    """A button that Enter presses while it has the focus; elsewhere in a dialog Enter means the default button."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()


class ErrorLine(QLabel):
    """The sentence under an input; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "error")
        self.hide()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence, or nothing for ""; a screen reader is told."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class Form(QWidget):
    """A column of rows, each with a field name that errors (``InkDeskError.field``) refer to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._editors: dict[str, QWidget] = {}
        self._errors: dict[str, ErrorLine] = {}
        self._labels: dict[str, QWidget] = {}
        self._inner: list[Form] = []

    def add_row(self, field: str, label: str, editor: QWidget, *, focus: QWidget | None = None) -> None:
        """Append a row. ``focus`` is the input inside a compound ``editor``; ``label`` may hold a mnemonic (&)."""
        target = focus or editor
        caption = QLabel(label)
        caption.setBuddy(target)
        if not target.accessibleName():
            target.setAccessibleName(label.replace("&", ""))
        caption.setContentsMargins(0, 7 if focus or isinstance(editor, QPlainTextEdit) else 0, 0, 0)
        self._place(field, caption, editor, target)

    def add_optional(self, field: str, label: str, editor: QWidget) -> QCheckBox:
        """Append a row whose caption is a tick box: the input takes part only while it is ticked."""
        box = QCheckBox(label)
        editor.setAccessibleName(label.replace("&", ""))
        editor.setEnabled(False)
        box.toggled.connect(editor.setEnabled)
        self._place(field, box, editor, editor)
        return box

    def add_field(self, field: str, editor: QWidget, *, row: str) -> None:
        """Give a further input of the row ``row`` a field of its own; the row's error line serves both."""
        self._editors[field], self._errors[field], self._labels[field] = editor, self._errors[row], self._labels[row]

    def add_form(self, form: "Form") -> None:
        """Append a form over both columns; its fields are this form's, too."""
        self._grid.addWidget(form, self._grid.rowCount(), 0, 1, 2)
        self._inner.append(form)

    def remove_form(self, form: "Form") -> None:
        """Take an added form away, with all that was typed in it."""
        self._inner.remove(form)
        form.setParent(None)
        form.deleteLater()

    def _place(self, field: str, caption: QWidget, editor: QWidget, target: QWidget) -> None:
        row = self._grid.rowCount()
        is_line = target is editor and not isinstance(editor, QPlainTextEdit)
        alignment = Qt.AlignmentFlag.AlignVCenter if is_line else Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(caption, row, 0, alignment)
        self._grid.addWidget(editor, row, 1)
        error = ErrorLine()
        self._grid.addWidget(error, row + 1, 1)
        self._grid.setRowMinimumHeight(row + 1, 2)
        self._editors[field], self._errors[field], self._labels[field] = target, error, caption

    def add_wide(self, widget: QWidget, *, is_over_labels: bool = False) -> None:
        """Append a widget without a label, over the inputs' column or the labels' as well."""
        row, first = self._grid.rowCount(), 0 if is_over_labels else 1
        self._grid.addWidget(widget, row, first, 1, 2 - first)

    def set_row_visible(self, field: str, *, is_visible: bool) -> None:
        """Show or hide a row whose editor is one plain input."""
        self._labels[field].setVisible(is_visible)
        self._editors[field].setVisible(is_visible)
        if not is_visible:
            self.mark(field, "")

    def has_field(self, field: str) -> bool:
        """Whether one of this form's own rows is for ``field``."""
        return field in self._editors

    def show_error(self, error: InkDeskError) -> bool:
        """Show ``error`` beside its field and go there; False if this form has no such field."""
        if not self.has_field(error.field):
            return any(form.show_error(error) for form in self._inner)
        self.mark(error.field, render(error.message))
        editor = self._editors[error.field]
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, QLineEdit):
            editor.selectAll()
        return True

    def mark(self, field: str, sentence: str) -> None:
        """Show what is wrong with a field, nothing for ""; the focus stays where it is."""
        if self._errors[field].text() != sentence:
            self._errors[field].show_sentence(sentence)
        set_invalid(self._editors[field], is_invalid=bool(sentence))

    def clear_errors(self) -> None:
        """Forget every error."""
        for field in self._errors:
            self.mark(field, "")
        for form in self._inner:
            form.clear_errors()

    def label_width(self) -> int:
        """How wide the labels' column wants to be, in pixels."""
        return max((label.sizeHint().width() for label in self._labels.values()), default=0)

    def set_label_width(self, width: int) -> None:
        """Make the labels' column at least so wide, e.g. as that of the form around this one."""
        self._grid.setColumnMinimumWidth(0, width)

    def typed(self) -> tuple[str, ...]:
        """What every input shows, in a fixed order: equal to an earlier answer if nothing was changed since."""
        inputs = (one for one in self.findChildren(QWidget) if one.window() is self.window())  # no open lists
        return tuple(text for one in inputs if (text := _shown(one)) is not None)


class Notice(QFrame):
    """A coloured sentence inside a page or dialog; ``kind`` is a ``panel`` of ``theme``. Hidden while empty."""

    def __init__(self, kind: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", kind)
        self._label = plain_label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self._label)
        self.hide()

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def show_text(self, text: str, kind: str = "") -> None:
        """Show a sentence (nothing for ""), as another ``kind`` if one is given."""
        if kind and kind != self.property("panel"):
            self.setProperty("panel", kind)
            restyle(self)
        self._label.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class MoneyEdit(QLineEdit):
    """An amount in one currency, typed with a comma or a point."""

    def __init__(self, field: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._currency = "EUR"
        self._filled = ""
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._code = plain_label(role="muted", wraps=False)
        self._code.setParent(self)
        self._code.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_money(self, amount: Money) -> None:
        """Show an amount; what is typed from now on is in its currency."""
        self._currency = amount.currency
        point = reader_locale().decimalPoint()
        self._filled = str(amount.decimal()).replace(".", point)
        self.setText(self._filled)
        self._code.setText(amount.currency)
        self._place_code()

    def offer(self, amount: Money) -> None:
        """Show an amount, or keep the one that was typed; that one is in the new currency from now on."""
        typed = self.text() if self.is_edited() else None
        self.set_money(amount)
        if typed is not None:
            self.setText(typed)

    def is_edited(self) -> bool:
        """Whether something else stands there than what it was filled with last."""
        return self.text() != self._filled

    def money(self) -> Money:
        """The amount; ValidationError beside the field if it is none. An empty input is 0."""
        typed = self.text().strip()
        try:
            return parse_amount(typed or "0", self._currency)
        except ValueError:
            raise ValidationError(
                message("{typed} is not an amount. Type it like 120 or 12.50.", typed=typed), field=self._field
            ) from None

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_code()

    def _place_code(self) -> None:
        self._code.adjustSize()
        width = self._code.width()
        self.setTextMargins(0, 0, width + 8, 0)
        self._code.move(self.width() - width - 10, (self.height() - self._code.height()) // 2)


class MinutesEdit(QSpinBox):
    """A duration, typed in minutes and read in seconds."""

    def __init__(self, parent: QWidget | None = None, *, most: int = 1440) -> None:
        super().__init__(parent)
        self.setRange(0, most)
        self.setSingleStep(5)
        self.setSuffix(tr(" min"))

    def seconds(self) -> int:
        """The duration in seconds."""
        return self.value() * 60

    def set_seconds(self, seconds: int) -> None:
        """Show a duration, cut to whole minutes."""
        self.setValue(seconds // 60)


class DateEdit(QDateEdit):
    """A date as the reader writes it, with its weekday and a calendar to choose from; typing starts at the day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCalendarPopup(True)
        self.setDateRange(FIRST_DAY, LAST_DAY)
        locale = reader_locale()
        self.setLocale(locale)
        pattern = locale.dateFormat(QLocale.FormatType.ShortFormat)
        self.setDisplayFormat("ddd " + (pattern if "yyyy" in pattern else pattern.replace("yy", "yyyy")))
        sections = sorted("dMy", key=pattern.index)
        self._day_section = 1 + sections.index("d")  # the weekday is a section, too, and Qt calls both DaySection
        self._was_entered = False

    def day(self) -> date:
        """The date shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def set_day(self, day: date) -> None:
        """Show a date."""
        self.setDate(QDate(day.year, day.month, day.day))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        is_first, self._was_entered = not self._was_entered, True
        opens = is_first and event.reason() == Qt.FocusReason.ActiveWindowFocusReason  # Qt begins at the weekday
        if opens or event.reason() not in _KEEPS_SECTION:
            self.setCurrentSectionIndex(self._day_section)
            self.setSelectedSection(QDateEdit.Section.DaySection)  # marks the current one, if it is of this kind

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        # Tab leaves the field; Left and Right go through day, month and year.
        return QWidget.focusNextPrevChild(self, next)


def _shown(widget: QWidget) -> str | None:
    """What an input shows; numbers and dates show it in a line of their own. None if it takes no input."""
    match widget:
        case QLineEdit():
            return widget.text()
        case QComboBox():
            return widget.currentText()
        case QAbstractButton() if widget.isCheckable():
            return str(widget.isChecked())
        case _:
            return None


def reader_locale() -> QLocale:
    """Qt's locale of the installed language as the system's territory writes it, Europe's if that is unknown."""
    territory = QLocale.system().territory()
    if territory == QLocale.Country.AnyCountry:
        return QLocale("en_150") if language() == "en" else QLocale(language())
    return QLocale(QLocale(language()).language(), territory)
