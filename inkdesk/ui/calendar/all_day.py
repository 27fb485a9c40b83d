"""What lasts a whole date or more: leave, closures and sittings over several dates, in a bar above the lanes. No Qt."""

from datetime import date, datetime, timedelta
from typing import TypeAlias

from inkdesk.application.text import formats
from inkdesk.domain.artists import Leave
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar import words
from inkdesk.ui.calendar.month_layout import DateRows, Entry, lay_dates
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown
from inkdesk.ui.calendar.wallclock import day_span, wall_pieces

MOST_ROWS = 3
"""So many rows the bar has at most: the lanes below need the room."""
OnDates: TypeAlias = Leave | Shown
"""What stands on dates."""


def on_dates(presenter: CalendarPresenter) -> list[tuple[date, date, OnDates]]:
    """Leave of the artists shown, then every block, each with its first and its last date."""
    named = {artist.id for artist in presenter.artists}
    leaves = [one for one in presenter.data.leaves if one.artist_id is None or one.artist_id in named]
    found: list[OnDates] = [*leaves, *presenter.cards]
    return [(*_dates(presenter, one.starts_at, one.ends_at), one) for one in found]


def line(presenter: CalendarPresenter, what: OnDates) -> str:
    """What a line on a date says."""
    if isinstance(what, Leave):
        name = presenter.artist_name(what.artist_id) if what.artist_id is not None else ""
        return " · ".join(filter(None, (name, words.leave_words(what))))
    return f"{formats().time(what.starts_at)} {words.name_of(what)}"


def lay_bar(presenter: CalendarPresenter) -> DateRows[OnDates]:
    """The rows of the bar: what covers a whole date, or more than one."""
    first, days = presenter.first, (presenter.last - presenter.first).days + 1
    entries = [
        Entry(max(0, (start - first).days), min(days - 1, (end - first).days), what)
        for start, end, what in on_dates(presenter)
        if start <= presenter.last and end >= first and (end > start or _is_whole(presenter, start, what))
    ]
    return lay_dates(entries, MOST_ROWS, days)


def _is_whole(presenter: CalendarPresenter, day: date, what: OnDates) -> bool:
    """Whether something lasts from midnight to midnight of one date."""
    span = day_span(day, presenter.data.zone)
    return span is not None and to_seconds(what.starts_at) <= span.start_s and to_seconds(what.ends_at) >= span.end_s


def _dates(presenter: CalendarPresenter, starts_at: datetime, ends_at: datetime) -> tuple[date, date]:
    first, last = presenter.day_of(starts_at), presenter.day_of(ends_at)
    if last > first and not wall_pieces(Span(to_seconds(starts_at), to_seconds(ends_at)), last, presenter.data.zone):
        last -= timedelta(days=1)  # it ends with the midnight before
    return first, last
