"""One plan of working hours: from when it holds, how many weeks take turns, and the hours of each day."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from inkdesk.application.entry import format_hours, parse_hours
from inkdesk.application.text import formats, tr
from inkdesk.domain.hours import WeeklyHours, WeeklyPlan
from inkdesk.ui.common.forms import DateEdit, Form, plain_label

USUAL_WEEKS = 2
"""How many weeks in turn a form offers; a plan that has more, made elsewhere, shows all of them."""


class PlanForm(Form):
    """``key`` sets the fields of this plan apart from those of the others: ``<key>starts_on``, ``<key>hours_A_0``.

    A week that is not shown keeps what was typed in it.
    """

    starts_changed = Signal()

    def __init__(self, key: str, plan: WeeklyPlan, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._plan = plan
        self._letters = [chr(ord("A") + number) for number in range(max(USUAL_WEEKS, len(plan.weeks)))]
        self._starts_on = DateEdit()
        self.weeks, self.week_a = QComboBox(), DateEdit()
        self.lines = [[_hours_line() for _day in range(7)] for _week in self._letters]
        self._add_rows()
        self._fill(plan, today)

    @property
    def starts_on(self) -> date | None:
        """The first date on which the plan holds, None if it has always held."""
        return None if self._plan.starts_on is None else self._starts_on.day()

    @property
    def starts_field(self) -> str:
        """The field of the date on which the plan begins."""
        return f"{self._key}starts_on"

    def plan(self) -> WeeklyPlan:
        """The plan as typed; ValidationError, beside its line, for hours that are none."""
        weeks = tuple(self._week(week) for week in range(self.weeks.currentData()))
        return WeeklyPlan(weeks, self.starts_on, self._first_week(len(weeks)))

    def copy(self, other: "PlanForm") -> None:
        """Take over what is typed in another plan, its first date apart."""
        self.weeks.setCurrentIndex(self.weeks.findData(other.weeks.currentData()))
        if other.weeks.currentData() > 1:
            self.week_a.setDate(other.week_a.date())
        for lines, others in zip(self.lines, other.lines, strict=False):
            for line, typed in zip(lines, others, strict=True):
                line.setText(typed.text())

    def begin(self) -> None:
        """Give the keys to the first input."""
        first = self.weeks if self._plan.starts_on is None else self._starts_on
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_rows(self) -> None:
        if self._plan.starts_on is not None:
            self.add_row(self.starts_field, tr("&Begins on"), self._starts_on)
            self._starts_on.dateChanged.connect(self._start_changed)
        self.add_row(f"{self._key}weeks", tr("Wee&ks"), self.weeks)
        self.add_row(f"{self._key}week_a", tr("Week &A is that of"), self.week_a)
        self._headings = [plain_label(tr("Week {letter}", letter=one), "muted") for one in self._letters]
        self.add_wide(_columns(self._headings))
        for day in range(7):
            lines = [week[day] for week in self.lines]
            first = self._field(0, day)
            self.add_row(first, formats().weekday(day).capitalize(), _columns(lines), focus=lines[0])
            for week, line in enumerate(lines[1:], start=1):
                self.add_field(self._field(week, day), line, row=first)

    def _fill(self, plan: WeeklyPlan, today: date) -> None:
        self.weeks.addItem(tr("Every week the same"), 1)
        self.weeks.addItem(tr("Two weeks in turn (A, B)"), 2)
        if len(plan.weeks) > USUAL_WEEKS:
            self.weeks.addItem(tr("{n} weeks in turn", n=len(plan.weeks)), len(plan.weeks))
        self.weeks.currentIndexChanged.connect(self._show_weeks)
        self.weeks.setCurrentIndex(self.weeks.findData(len(plan.weeks)))
        self._starts_on.set_day(plan.starts_on or today)
        self._shown_a = _latest_week_a(plan, today) if len(plan.weeks) > 1 else plan.starts_on or today
        self.week_a.set_day(self._shown_a)
        for week, lines in zip(plan.weeks, self.lines, strict=False):
            for spans, line in zip(week, lines, strict=True):
                line.setText(format_hours(spans))
        self._show_weeks()

    def _start_changed(self) -> None:
        """Until weeks take turns, the first one would be week A."""
        if self.weeks.currentData() == 1:
            self.week_a.setDate(self._starts_on.date())
        self.starts_changed.emit()

    def _show_weeks(self) -> None:
        shown: int = self.weeks.currentData()
        is_alternate = shown > 1
        self.set_row_visible(f"{self._key}week_a", is_visible=is_alternate)
        for number, heading in enumerate(self._headings):
            heading.setVisible(is_alternate and number < shown)
            for day, line in enumerate(self.lines[number]):
                line.setVisible(number < shown)
                line.setAccessibleName(_name(day, self._letters[number] if is_alternate or number else ""))

    def _first_week(self, number: int) -> date:
        """A date of a week A; the stored one as long as it says the same, so that nothing changes by itself."""
        was_alternate = len(self._plan.weeks) > 1
        is_same = number == len(self._plan.weeks) and self.week_a.day() == self._shown_a
        return self._plan.week_a if number == 1 or (was_alternate and is_same) else self.week_a.day()

    def _week(self, week: int) -> WeeklyHours:
        return tuple(parse_hours(line.text(), self._field(week, day)) for day, line in enumerate(self.lines[week]))

    def _field(self, week: int, day: int) -> str:
        return f"{self._key}hours_{self._letters[week]}_{day}"


def _name(day: int, letter: str) -> str:
    """What a screen reader calls the line of a weekday, in the week ``letter`` if weeks take turns."""
    name = formats().weekday(day).capitalize()
    return tr("{day}, week {letter}", day=name, letter=letter) if letter else name


def _latest_week_a(plan: WeeklyPlan, today: date) -> date:
    """The Monday of the last week up to today's in which the plan's first week holds."""
    monday = today - timedelta(days=today.weekday())
    weeks_since = (monday - plan.week_a + timedelta(days=plan.week_a.weekday())).days // 7
    return monday - timedelta(weeks=weeks_since % len(plan.weeks))


def _hours_line() -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(tr("Day off"))
    return line


def _columns(widgets: Sequence[QWidget]) -> QWidget:
    """Inputs of equal width side by side."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return row
