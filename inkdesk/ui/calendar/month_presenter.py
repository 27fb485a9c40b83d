"""What the month shows: weeks of dates, and on them leave, bookings and group sittings. No Qt."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.artists import Leave
from inkdesk.ui.calendar.all_day import OnDates, line, on_dates
from inkdesk.ui.calendar.month_layout import DAYS, DateRows, Entry, lay_dates
from inkdesk.ui.calendar.presenter import CalendarPresenter


class Week(NamedTuple):
    """Seven dates and what is on them, as many rows as fit."""

    days: tuple[date, ...]
    rows: DateRows[OnDates]


class MonthPresenter:
    """The calendar's month; range, filters, selection and data are the calendar's."""

    def __init__(self, calendar: CalendarPresenter) -> None:
        self.calendar = calendar

    def days(self) -> list[date]:
        """Every date shown, week by week."""
        first, last = self.calendar.first, self.calendar.last
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def weeks(self, rows: int) -> list[Week]:
        """The weeks, each date with at most ``rows`` rows."""
        days, found = self.days(), on_dates(self.calendar)
        starts = range(0, len(days), DAYS)
        return [_week(tuple(days[start : start + DAYS]), found, rows) for start in starts]

    def is_of_month(self, day: date) -> bool:
        """Whether a date is of the month itself and not of its neighbours."""
        return (day.year, day.month) == (self.calendar.anchor.year, self.calendar.anchor.month)

    def step_days(self, days: int) -> None:
        """Go some dates on, or back; beyond the edge the month turns."""
        self.calendar.put_day(self.calendar.day + timedelta(days=days))

    def line(self, what: OnDates) -> str:
        """What stands on one line."""
        return line(self.calendar, what)

    def day_words(self) -> str:
        """The keys' date for a screen reader: how many bookings it has, or the selected one."""
        calendar = self.calendar
        if card := calendar.selected():
            return calendar.spoken(card)
        day = calendar.day
        count = sum(
            first <= day <= last and not isinstance(what, Leave) for first, last, what in on_dates(self.calendar)
        )
        booked = ntr("{n} booking", "{n} bookings", count) if count else tr("nothing booked")
        return tr("{day}, {booked}", day=formats().full_day(day), booked=booked)


def _week(days: tuple[date, ...], found: Sequence[tuple[date, date, OnDates]], rows: int) -> Week:
    entries = [
        Entry(max(0, (first - days[0]).days), min(DAYS - 1, (last - days[0]).days), what)
        for first, last, what in found
        if first <= days[-1] and last >= days[0]
    ]
    return Week(days, lay_dates(entries, rows))
