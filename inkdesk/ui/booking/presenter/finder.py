"""Finding a time: three offers, three others for whoever declines them, and why each is offered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.finder_service import FINDER_OVERRIDES, FindCommand, FinderService, Found, FoundOffer
from inkdesk.application.text import formats, render, tr
from inkdesk.domain import finder
from inkdesk.domain.availability import Cause
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.finder import OfferKind, SlotKey
from inkdesk.domain.hours import MINUTES_A_DAY, WallSpan
from inkdesk.domain.spans import to_seconds
from inkdesk.ui.booking.presenter.verdicts import Wish, team


class PartOfDay(StrEnum):
    """When a sitting shall start. The evening goes on after midnight, as a night's hours do."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    BETWEEN = "between"


PARTS: Mapping[PartOfDay, WallSpan] = {
    PartOfDay.MORNING: WallSpan(5 * 60, 12 * 60),
    PartOfDay.AFTERNOON: WallSpan(12 * 60, 17 * 60),
    PartOfDay.EVENING: WallSpan(17 * 60, 29 * 60),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the panel holds. ``artist_id`` None means anyone who has the ``style`` ("" = any).

    ``between`` are the minutes of the day that PartOfDay.BETWEEN means, the second not included; a second one that
    is not later is on the next day. ``is_beyond`` looks also where the studio's notice and horizon do not book.
    """

    artist_id: int | None = None
    style: str = ""
    part: PartOfDay = PartOfDay.ANY
    between: tuple[int, int] = (0, 0)
    weekdays: frozenset[int] = frozenset()
    earliest: date | None = None
    is_beyond: bool = False

    def window(self) -> WallSpan | None:
        """In which minutes of the day the sitting shall start; None for any."""
        if self.part is not PartOfDay.BETWEEN:
            return PARTS.get(self.part)
        first, end = self.between
        return WallSpan(first, end if end > first else end + MINUTES_A_DAY)


@dataclass(frozen=True, slots=True)
class OfferWords:
    """One offer, as it is read out: day and time, with whom, why just this one, and the rules of the studio against it.

    ``rules`` is "" if there are none.
    """

    when: str
    who: str
    why: str
    rules: str = ""


class FinderView(Protocol):
    """The panel."""

    def show_looking(self) -> None:
        """The offers that are shown answered another question; the right ones are on their way."""
        ...

    def show_offers(self, offers: Sequence[OfferWords], sentence: str, *, has_more: bool, can_start_over: bool) -> None:
        """Show the offers, a sentence about them ("" for none), and whether three others can be asked for.

        ``can_start_over``: nothing is left, but there are declined offers to go back to.
        """
        ...


class FinderPresenter:
    """Asks for offers and remembers which were made. Only the latest question's answer counts.

    ``moving`` is the booking that shall have the time, None for a new one.
    """

    def __init__(
        self, view: FinderView, service: FinderService, background: Background, moving: int | None = None
    ) -> None:
        self._view = view
        self._service = service
        self._background = background
        self._moving = moving
        self._asked = 0
        self._is_looking = False
        self._command: FindCommand | None = None
        self._declined: list[SlotKey] = []
        self._offers: tuple[FoundOffer, ...] = ()
        self._has_more = False

    def find(self, wish: Wish, criteria: Criteria, near: datetime | None) -> None:
        """Look for the first three; ``near`` is the instant that was asked for, None for as soon as possible."""
        self._declined = []
        self._command = FindCommand(
            service_id=wish.service_id,
            artist_id=criteria.artist_id,
            with_artist_ids=tuple(one for one in wish.with_artist_ids if one != criteria.artist_id),
            style=criteria.style,
            earliest=criteria.earliest,
            sitting_s=wish.sitting_s,
            wish=finder.Wish(
                window=criteria.window(),
                weekdays=criteria.weekdays,
                near_s=None if near is None else to_seconds(near),
                preferred_artist_id=wish.artist_id,
            ),
            overrides=FINDER_OVERRIDES if criteria.is_beyond else frozenset(),
            moving=self._moving,
        )
        self._ask(self._command)

    def more(self) -> None:
        """Three others; nothing happens while an answer is on its way or if there are none."""
        if self._command is None or self._is_looking or not self._has_more:
            return
        self._declined += [offer.key for offer in self._offers]
        self._ask(self._command)

    def start_over(self) -> None:
        """Make the declined offers again, from the first on; nothing happens while an answer is on its way."""
        if self._command is None or self._is_looking:
            return
        self._declined = []
        self._ask(self._command)

    def offer(self, number: int) -> FoundOffer | None:
        """The offer at this place (0 is the first); None if there is none, or if it answers an older question."""
        if self._is_looking or number >= len(self._offers):
            return None
        return self._offers[number]

    def stop(self) -> None:
        """Forget the question: an answer that comes now is for nobody."""
        self._asked += 1
        self._is_looking = False
        self._command, self._offers = None, ()

    def _ask(self, command: FindCommand) -> None:
        self._asked += 1
        number, declined = self._asked, tuple(self._declined)
        self._is_looking = True
        self._view.show_looking()

        def found(answer: Found) -> None:
            if number == self._asked:
                self._show(answer)

        def failed(error: InkDeskError) -> None:
            if number == self._asked:
                self._show_nothing(error)

        self._background.read(lambda: self._service.find_next(command, declined), found, failed)

    def _show(self, found: Found) -> None:
        self._is_looking = False
        self._offers, self._has_more = found.offers, bool(found.offers) and not found.is_exhausted
        if found.sentence is not None:
            sentence = render(found.sentence)
        elif found.is_exhausted:
            sentence = tr("Nothing else fits until {day}.", day=found.searched_until)
        else:
            sentence = ""
        words = list(_words(found.offers, self._command, is_first=not self._declined))
        can_start_over = bool(self._declined) and not self._has_more
        self._view.show_offers(words, sentence, has_more=self._has_more, can_start_over=can_start_over)

    def _show_nothing(self, error: InkDeskError) -> None:
        self._is_looking = False
        self._offers, self._has_more = (), False
        can_start_over = bool(self._declined)
        self._view.show_offers([], render(error.message), has_more=False, can_start_over=can_start_over)


def _words(offers: Sequence[FoundOffer], command: FindCommand | None, *, is_first: bool) -> Iterator[OfferWords]:
    near_s = command.wish.near_s if command is not None else None
    for number, offer in enumerate(offers):
        slot = offer.slot
        when = tr("{start} to {end}", start=slot.starts_at, end=formats().time(slot.ends_at))
        why = _why(offer, offers[:number], is_first=is_first)
        if near_s is not None and to_seconds(slot.starts_at) == near_s:
            why = tr("The time asked for")
        yield OfferWords(when, team(slot.artist_names), why, " · ".join(map(_overrode, offer.overrode)))


def _why(offer: FoundOffer, before: Sequence[FoundOffer], *, is_first: bool) -> str:
    if offer.kind is OfferKind.EARLIEST:
        return tr("The earliest") if is_first else tr("Next earliest")
    if offer.kind is OfferKind.NEAREST:
        return tr("Nearest in time")
    if all(offer.slot.artist_ids != one.slot.artist_ids for one in before):
        return tr("Another artist")
    if all(offer.slot.starts_at.date() != one.slot.starts_at.date() for one in before):
        return tr("Another day")
    return tr("Another time")


def _overrode(cause: Cause) -> str:
    """Which rule of the studio the offer needs a reason against."""
    if cause is Cause.TOO_SOON:
        return tr("sooner than the notice: needs a reason")
    return tr("further than the studio books: needs a reason")
