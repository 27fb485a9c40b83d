"""What the month shows: weeks of dates, and on them leave, bookings and group sittings. No Qt."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.artists import Leave
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar import words
from inkdesk.ui.calendar.month_layout import DAYS, Entry, WeekRows, lay_week
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown
from inkdesk.ui.calendar.wallclock import wall_pieces

OnDates: TypeAlias = "Leave | Shown"
"""What stands on dates."""


class Week(NamedTuple):
    """Seven dates and what is on them, as many rows as fit."""

    days: tuple[date, ...]
    rows: WeekRows[OnDates]


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
        days, found = self.days(), self._on_dates()
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
        if isinstance(what, Leave):
            name = self.calendar.artist_name(what.artist_id) if what.artist_id is not None else ""
            return " · ".join(filter(None, (name, words.leave_words(what))))
        return f"{formats().time(what.starts_at)} {words.name_of(what)}"

    def day_words(self) -> str:
        """The keys' date for a screen reader: how many bookings it has, or the selected one."""
        calendar = self.calendar
        if card := calendar.selected():
            return calendar.spoken(card)
        day = calendar.day
        count = sum(first <= day <= last and not isinstance(what, Leave) for first, last, what in self._on_dates())
        booked = ntr("{n} booking", "{n} bookings", count) if count else tr("nothing booked")
        return tr("{day}, {booked}", day=formats().full_day(day), booked=booked)

    def _on_dates(self) -> list[tuple[date, date, OnDates]]:
        """First and last date of everything, leave first, then by start."""
        calendar = self.calendar
        named = {artist.id for artist in calendar.artists}
        leaves = [one for one in calendar.data.leaves if one.artist_id is None or one.artist_id in named]
        found: list[OnDates] = [*leaves, *calendar.cards]
        return [(*self._dates(one), one) for one in found]

    def _dates(self, what: OnDates) -> tuple[date, date]:
        zone = self.calendar.data.zone
        span = Span(to_seconds(what.starts_at), to_seconds(what.ends_at))
        first = self.calendar.day_of(what.starts_at)
        last = self.calendar.day_of(what.ends_at)
        if last > first and not wall_pieces(span, last, zone):  # it ends with the midnight before
            last -= timedelta(days=1)
        return first, last


def _week(days: tuple[date, ...], found: Sequence[tuple[date, date, OnDates]], rows: int) -> Week:
    entries = [
        Entry(max(0, (first - days[0]).days), min(DAYS - 1, (last - days[0]).days), what)
        for first, last, what in found
        if first <= days[-1] and last >= days[0]
    ]
    return Week(days, lay_week(entries, rows))
