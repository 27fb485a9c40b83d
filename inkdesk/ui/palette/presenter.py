"""What a typed text finds: dates and actions at once, clients and bookings when the book has answered. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol, TypeAlias

from inkdesk.application.background import Background
from inkdesk.application.booking_words import short_words
from inkdesk.application.calendar import BookingCard, BookQueries, ClientMatch
from inkdesk.application.day_entry import days_meant
from inkdesk.application.text import formats, ntr, render, tr
from inkdesk.domain.bookings import SETTLED
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.folding import fold
from inkdesk.ui.palette.kinds import EVERYTHING, PEOPLE, Kind

MOST_FOUND = 6
"""So many of each kind are shown: a list that must be read is no quick way."""
MOST_ACTIONS = 40
FEWEST_SIGNS = 2
"""Clients and bookings are looked for from so many signs on."""


What: TypeAlias = "date | str | Client | BookingCard"
"""A date, an action's name, a client or a booking."""


class Doing(NamedTuple):
    """An action that can be done now: its name, its words and its key ("" for none)."""

    name: str
    words: str
    key: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: what it is in words, and beside it what helps to choose."""

    kind: Kind
    words: str
    detail: str
    what: What


class PaletteView(Protocol):
    """What shows the lines."""

    def show_hits(self, hits: Sequence[Hit], sentence: str) -> None:
        """Show the lines, or the sentence if there is none or something is missing."""
        ...


class PalettePresenter:
    """Answers each typed text; an answer of the book to an older text is dropped."""

    def __init__(
        self,
        view: PaletteView,
        queries: BookQueries,
        background: Background,
        doings: Sequence[Doing],
        *,
        today: date,
        kinds: frozenset[Kind] = EVERYTHING,
    ) -> None:
        self._view = view
        self._queries = queries
        self._background = background
        self._doings = doings
        self._today = today
        self._kinds = kinds
        self._asked = 0

    def search(self, typed: str) -> None:
        """Find what fits."""
        self._asked += 1
        number, sought = self._asked, typed.strip()
        at_once = [*self._dates(sought), *self._actions(sought)]
        if not self._kinds & PEOPLE or len(sought) < FEWEST_SIGNS:
            self._show(at_once, self._nothing(sought) if not at_once else "")
            return
        self._show(at_once, tr("Looking…"))
        self._background.read(
            lambda: (self._queries.find_bookings(sought, MOST_FOUND), self._queries.find_clients(sought, MOST_FOUND)),
            lambda found: self._found(number, at_once, sought, *found),
            lambda error: self._failed(number, at_once, error),
        )

    def _found(
        self, number: int, at_once: list[Hit], sought: str, cards: list[BookingCard], matches: list[ClientMatch]
    ) -> None:
        if number == self._asked:
            coming = [one for one in cards if one.starts_at.date() >= self._today]
            past = [one for one in cards if one.starts_at.date() < self._today]
            # what is to come first: who looks for a booking and presses Enter shall not begin another one
            hits = [*at_once, *map(_booking, coming), *map(_client, matches), *map(_booking, past)]
            self._show(hits, "" if hits else self._nothing(sought))

    def _failed(self, number: int, at_once: list[Hit], error: InkDeskError) -> None:
        if number == self._asked:
            self._show(at_once, render(error.message))

    def _show(self, hits: list[Hit], sentence: str) -> None:
        self._view.show_hits(hits, sentence)

    def _dates(self, sought: str) -> list[Hit]:
        if Kind.DATE not in self._kinds:
            return []
        meant = days_meant(sought, self._today) if sought else [self._today]
        return [Hit(Kind.DATE, formats().full_day(day), _away(day, self._today), day) for day in meant]

    def _actions(self, sought: str) -> list[Hit]:
        if Kind.ACTION not in self._kinds:
            return []
        words = fold(sought).split()
        fits = [one for one in self._doings if all(word in fold(one.words) for word in words)]
        fits.sort(key=lambda one: not fold(one.words).startswith(fold(sought)))
        return [Hit(Kind.ACTION, one.words, one.key, one.name) for one in fits[:MOST_ACTIONS]]

    def _nothing(self, sought: str) -> str:
        if sought:
            return tr("Nothing fits. Type a part of a name, the last digits of a number, or a date.")
        return "" if Kind.ACTION in self._kinds else tr("Type a part of a name, or the last digits of a number.")


def _client(match: ClientMatch) -> Hit:
    facts = [tr("next booking {time}", time=match.next_starts_at)] if match.next_starts_at is not None else []
    facts += [ntr("{n} no-show", "{n} no-shows", match.no_shows)] if match.no_shows else []
    words = tr("Book for {client}", client=match.client.name)
    return Hit(Kind.CLIENT, words, " · ".join(facts) or match.client.phone, match.client)


def _booking(card: BookingCard) -> Hit:
    state = "" if card.status in SETTLED else short_words(card.status)
    detail = " · ".join(filter(None, (card.service_name, state)))
    return Hit(Kind.BOOKING, tr("{client}, {time}", client=card.client_name, time=card.starts_at), detail, card)


def _away(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return tr("today")
    if days > 0:
        return ntr("in {n} day", "in {n} days", days)
    return ntr("{n} day ago", "{n} days ago", -days)
