"""The working hours of an artist: one plan, or several that follow each other."""

from datetime import date, timedelta
from itertools import count, pairwise

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.hours import Plans, WeeklyPlan
from inkdesk.ui.common.forms import Form, PushButton, plain_label
from inkdesk.ui.common.prompts import confirm
from inkdesk.ui.settings.plan_form import PlanForm


class PlansEdit(Form):
    """Shows one plan at a time, chosen by tabs once there are several; each keeps what was typed in it.

    Plans stand in the order of their dates, also while a date is being changed. ``plans`` must not be empty.
    """

    def __init__(self, plans: Plans, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._numbers = count()
        self._label_width = 0
        self._add_head()
        self._forms: list[PlanForm] = []
        for plan in plans:
            self._append(plan)
        self._arrange(self._forms[_held_on(plans, today)])

    def plans(self) -> Plans:
        """The plans as typed, by date; ValidationError for hours that are none."""
        return tuple(form.plan() for form in self._forms)

    @override
    def show_error(self, error: InkDeskError) -> bool:
        """Show the plan with the field and the error beside it; two plans on one date are the later one's error."""
        if error.field == "plans":
            error = ValidationError(error.message, field=self._doubled().starts_field)
        for form in self._forms:
            if form.has_field(error.field):
                self._arrange(form)
                return form.show_error(error)
        return False

    @override
    def set_label_width(self, width: int) -> None:
        self._label_width = width
        for form in self._forms:
            form.set_label_width(width)

    def _add_head(self) -> None:
        self._add = PushButton(tr("Oth&er hours from a date on"))
        self._remove = PushButton(tr("Re&move"))
        self._remove.setProperty("kind", "danger")
        self._add.clicked.connect(self._add_plan)
        self._remove.clicked.connect(self._ask_to_remove)
        self._tabs = QTabBar()
        self._tabs.setAccessibleName(tr("Plans of working hours"))
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs.currentChanged.connect(self._show_chosen)
        head = QWidget()
        layout = QHBoxLayout(head)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(plain_label(tr("Working hours"), "heading", wraps=False), 1)
        layout.addWidget(self._remove)
        layout.addWidget(self._add)
        self.add_wide(head, is_over_labels=True)
        hint = tr("Like 10:00-13:00, 14:00-19:00. 20:00-02:00 ends the next day. Empty: a day off.")
        self.add_wide(plain_label(hint, "muted"), is_over_labels=True)
        self.add_wide(self._tabs, is_over_labels=True)

    def _append(self, plan: WeeklyPlan) -> PlanForm:
        form = PlanForm(f"plan{next(self._numbers)}_", plan, self._today)
        form.set_label_width(self._label_width)
        form.starts_changed.connect(lambda: self._arrange(form))
        self._forms.append(form)
        self.add_form(form)
        return form

    def _chosen(self) -> PlanForm:
        return self._forms[self._tabs.currentIndex()]

    def _add_plan(self) -> None:
        """A plan from the next free Monday on; it begins with the hours of the last one."""
        last = self._forms[-1]
        after = max(self._today, last.starts_on or self._today)
        form = self._append(WeeklyPlan(starts_on=after + timedelta(days=7 - after.weekday())))
        form.copy(last)
        self._arrange(form)
        form.begin()

    def _ask_to_remove(self) -> None:
        chosen = self._chosen()
        confirm(
            self,
            tr("Remove the hours from {day} on?", day=chosen.starts_on or self._today),
            yes=tr("Remove"),
            done=lambda: self._remove_plan(chosen),
            is_danger=True,
        )

    def _remove_plan(self, form: PlanForm) -> None:
        number = self._forms.index(form)
        self._forms.remove(form)
        self.remove_form(form)
        self._arrange(self._forms[max(number - 1, 0)])

    def _arrange(self, chosen: PlanForm) -> None:
        """Put the plans in order and show one of them."""
        self._forms.sort(key=lambda form: form.starts_on or date.min)
        blocker = QSignalBlocker(self._tabs)
        while self._tabs.count():
            self._tabs.removeTab(0)
        for form in self._forms:
            self._tabs.addTab(_tab_text(form.starts_on))
        self._tabs.setCurrentIndex(self._forms.index(chosen))
        blocker.unblock()
        self._tabs.setVisible(len(self._forms) > 1)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        for form in self._forms:
            form.setVisible(form is chosen)
        self._remove.setVisible(len(self._forms) > 1 and chosen.starts_on is not None)

    def _doubled(self) -> PlanForm:
        """The later one of two plans that begin on the same date."""
        same = (later for one, later in pairwise(self._forms) if one.starts_on == later.starts_on)
        return next(same, self._forms[-1])


def _held_on(plans: Plans, day: date) -> int:
    """The number of the plan that holds on ``day``, of the first one if none does yet."""
    begun = [number for number, plan in enumerate(plans) if plan.starts_on is None or plan.starts_on <= day]
    return begun[-1] if begun else 0


def _tab_text(starts_on: date | None) -> str:
    return tr("So far") if starts_on is None else tr("From {day}", day=starts_on)
