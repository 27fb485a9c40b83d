"""Finding the client of a booking by name or phone, or making one of what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import NewClient
from inkdesk.application.calendar import BookQueries, ClientMatch
from inkdesk.application.ports import PhoneNumbers
from inkdesk.application.text import ntr, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.money import Money

MOST_MATCHES = 8
FEWEST_PHONE_DIGITS = 3


class ClientView(Protocol):
    """What shows the matches."""

    def show_matches(self, matches: Sequence["Found"]) -> None:
        """Show the clients that fit what is typed now."""
        ...

    def show_trouble(self, error: InkDeskError) -> None:
        """Say that searching failed, and show no matches: they answered an older text."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A match with its number as people here write it."""

    match: ClientMatch
    phone: str


class ClientPresenter:
    """Answers each typed text once; an answer to an older text is dropped."""

    def __init__(
        self,
        view: ClientView,
        queries: BookQueries,
        phones: PhoneNumbers,
        background: Background,
        picked: Callable[["Found"], None],
        wanted_new: Callable[[], None],
    ) -> None:
        self._view = view
        self._queries = queries
        self._phones = phones
        self._background = background
        self._picked = picked
        self._wanted_new = wanted_new
        self._asked = 0
        self._answered = 0
        self._matches: list[Found] = []
        self._picks_first = False
        self._region = ""

    def use_region(self, region: str) -> None:
        """Show numbers as people of ``region`` (ISO 3166) write them."""
        self._region = region

    def search(self, typed: str) -> None:
        """Look for clients; "" finds the latest ones."""
        self._asked += 1
        number = self._asked
        self._picks_first = False
        self._background.read(
            lambda: self._find(typed),
            lambda matches: self._found(number, matches),
            lambda error: self._failed(number, error),
        )

    def enter(self, row: int) -> None:
        """Take a shown row; the one after the matches is a new client.

        If the answer to the last key is not there yet, the best match is taken when it comes.
        """
        if self._answered != self._asked:
            self._picks_first = True
        elif row >= len(self._matches):
            self._wanted_new()
        elif row >= 0:
            self._picked(self._matches[row])

    def _find(self, typed: str) -> list["Found"]:
        matches = self._queries.find_clients(typed, MOST_MATCHES)
        return [Found(match, self._shown(match.client.phone)) for match in matches]

    def _shown(self, phone: str) -> str:
        return self._phones.show(phone, self._region) if phone and self._region else phone

    def _found(self, number: int, matches: list[Found]) -> None:
        if number != self._asked:
            return
        self._answered = number
        self._matches = matches
        self._view.show_matches(matches)
        if self._picks_first:
            self._picks_first = False
            self.enter(0)

    def _failed(self, number: int, error: InkDeskError) -> None:
        if number == self._asked:
            self._answered = number
            self._matches = []
            self._view.show_trouble(error)


def new_client_from(typed: str) -> NewClient:
    """What was typed, sorted into name and phone: words with digits are the phone, the others the name."""
    if sum(sign.isdigit() for sign in typed) < FEWEST_PHONE_DIGITS:
        return NewClient(name=typed.strip())
    name = [word for word in typed.split() if any(sign.isalpha() for sign in word)]
    phone = [word for word in typed.split() if word not in name]
    return NewClient(name=" ".join(name), phone=" ".join(phone))


def credit_words(credit: Money) -> str:
    """What credit a client has and how a booking is paid with it; "" without any."""
    if not credit.amount_minor:
        return ""
    return tr(
        "Credit: {credit}. To use it, choose None and save; then pay with it by Money… in the booking.", credit=credit
    )


def peek(match: ClientMatch, artist_names: dict[int, str]) -> str:
    """What the desk wants to know of a client first, in one line."""
    facts: list[str] = []
    if match.last_artist_id in artist_names:
        facts.append(tr("Last with {artist}", artist=artist_names[match.last_artist_id]))
    if match.next_starts_at is not None:
        facts.append(tr("Next booking {time}", time=match.next_starts_at))
    if match.no_shows:
        facts.append(ntr("{n} no-show", "{n} no-shows", match.no_shows))
    return " · ".join(facts) or tr("No earlier booking")
