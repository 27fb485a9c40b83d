"""What the agenda lists: every block of four weeks, one under the other. No Qt."""

from collections.abc import Sequence

from inkdesk.application.calendar import GroupCard
from inkdesk.application.text import formats, tr
from inkdesk.ui.calendar import words
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown, artists_of

CLIENT, SERVICE, STATE, NOTE = 2, 3, 5, 6


def headings() -> tuple[str, ...]:
    """The columns' names."""
    return tr("Date"), tr("Time"), tr("Client"), tr("Service"), tr("Artist"), tr("State"), tr("Note")


class AgendaPresenter:
    """The calendar's list; range, filters, selection and data are the calendar's."""

    def __init__(self, calendar: CalendarPresenter) -> None:
        self.calendar = calendar

    @property
    def cards(self) -> Sequence[Shown]:
        """The blocks, row by row."""
        return self.calendar.cards

    def rows(self) -> list[tuple[str, ...]]:
        """The cells; a date stands in its first row only."""
        rows: list[tuple[str, ...]] = []
        before = None
        for card in self.cards:
            day = self.calendar.day_of(card.starts_at)
            rows.append(self._cells(card, formats().day(day) if day != before else ""))
            before = day
        return rows

    def row(self) -> int:
        """The row of the selected block, else of the first one from the keys' date on; -1 if there is none."""
        selected = self.calendar.selected()
        if selected is not None:
            return self.cards.index(selected)
        days = (self.calendar.day_of(card.starts_at) for card in self.cards)
        return next((row for row, day in enumerate(days) if day >= self.calendar.day), -1)

    def select_row(self, row: int) -> None:
        """Select the block of a row."""
        if 0 <= row < len(self.cards):
            self.calendar.select(self.cards[row])

    def _cells(self, card: Shown, day: str) -> tuple[str, ...]:
        calendar = self.calendar
        if isinstance(card, GroupCard):
            state = tr("cancelled") if card.is_cancelled else words.seats_words(card)
        else:
            state = words.state_words(card, calendar.now)
        team = words.together([calendar.artist_name(one) for one in artists_of(card)])
        times = tr("{start} – {end}", start=formats().time(card.starts_at), end=formats().time(card.ends_at))
        note = " ".join(card.note.split())
        return day, times, words.name_of(card), card.service_name, team, state, note
