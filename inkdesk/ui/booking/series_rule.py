"""How the sittings of a series follow each other: by a rule that repeats, or with days to heal in between."""

from PySide6.QtWidgets import QComboBox, QWidget

from inkdesk.application.text import tr
from inkdesk.domain.series import MOST_DATES, MOST_GAP_DAYS, Repeat, RepeatUnit
from inkdesk.ui.booking.inputs import in_a_row, number_input
from inkdesk.ui.common.forms import DateEdit, Form

FEWEST, USUAL_SITTINGS, USUAL_GAP_DAYS, USUAL_WEEKS = 2, 3, 21, 4


class RepeatForm(Form):
    """Every so many weeks or months, so many times or until a date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.every, self.unit = number_input(1, MOST_DATES, USUAL_WEEKS), QComboBox()
        self.unit.setAccessibleName(tr("Weeks or months"))
        self.unit.addItem(tr("weeks"), RepeatUnit.WEEKS)
        self.unit.addItem(tr("months"), RepeatUnit.MONTHS)
        self.ends = QComboBox()
        self.ends.addItems([tr("after so many dates"), tr("on a date")])
        self.ends.currentIndexChanged.connect(self._show_end)
        self.count, self.until = number_input(FEWEST, MOST_DATES, USUAL_SITTINGS), DateEdit()
        self.count.setAccessibleName(tr("Number of dates"))
        self.until.setAccessibleName(tr("Last date"))
        self.add_row("every", tr("Eve&ry"), in_a_row(self.every, self.unit), focus=self.every)
        self.add_row("count", tr("En&ds"), in_a_row(self.ends, self.count, self.until), focus=self.ends)
        self.add_field("until", self.until, row="count")
        self._show_end()

    def repeat(self) -> Repeat:
        """The rule that stands in the form."""
        is_count = self.ends.currentIndex() == 0
        return Repeat(
            every=self.every.value(),
            unit=RepeatUnit(self.unit.currentData()),
            count=self.count.value() if is_count else None,
            until=None if is_count else self.until.day(),
        )

    def _show_end(self) -> None:
        is_count = self.ends.currentIndex() == 0
        self.count.setVisible(is_count)
        self.until.setVisible(not is_count)


class ProjectForm(Form):
    """So many sittings, with days to heal between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sittings = number_input(FEWEST, MOST_DATES, USUAL_SITTINGS)
        self.gap = number_input(1, MOST_GAP_DAYS, USUAL_GAP_DAYS)
        self.add_row("sittings", tr("Numbe&r of sittings"), self.sittings)
        self.add_row("gap_days", tr("&Days to heal"), self.gap)
