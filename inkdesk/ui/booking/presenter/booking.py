"""The booking form: its defaults, what Save does, and where an error belongs."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.background import Background
from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice, NewClient
from inkdesk.application.calendar import ClientMatch
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import render
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.ui.booking.presenter.clients import credit_words, peek
from inkdesk.ui.booking.presenter.times import TimesPresenter
from inkdesk.ui.booking.presenter.verdicts import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingInput:
    """What the form holds when Save is pressed; the time is with the ``TimesPresenter``."""

    client: int | NewClient
    price: Money
    deposit: Money
    choice: DepositChoice
    note: str
    override_reason: str


class BookingView(Protocol):
    """The form."""

    def show_catalogue(self, artists: Sequence[Artist], services: Sequence[Service], region: str, today: date) -> None:
        """Fill the choices; numbers are written as in ``region``."""
        ...

    def show_wish(self, wish: Wish) -> None:
        """Choose the artists and the service."""
        ...

    def show_length(self, sitting_s: int) -> None:
        """Show the service's length, in seconds."""
        ...

    def show_money(self, price: Money, deposit: Money) -> None:
        """Show the service's price and deposit; an amount that was typed stays."""
        ...

    def show_credit(self, sentence: str) -> None:
        """Say what credit the client has; "" if there is none."""
        ...

    def show_peek(self, line: str) -> None:
        """Show what is known of the chosen client."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Show an error beside its field; everything typed stays."""
        ...

    def show_saving(self, *, is_saving: bool) -> None:
        """Keep the form still while it is being saved."""
        ...

    def show_link_trouble(self, sentence: str) -> None:
        """Say why no link can be made; "" if one can."""
        ...

    def close_with(self, booked: Booked) -> None:
        """The booking is stored."""
        ...


class BookingPresenter:
    """Decides for one form. ``request_key`` is the form's own: however often Save is pressed, it books once.

    ``announce`` is told what a refused Save may have written: an overdue hold that was let go, or that is paid now.
    """

    def __init__(
        self,
        view: BookingView,
        services: Services,
        background: Background,
        times: TimesPresenter,
        *,
        request_key: str,
        artist_id: int | None,
        starts_at: datetime | None,
        announce: Callable[[Changes], None],
    ) -> None:
        self._view = view
        self._announce = announce
        self._parts = services
        self._background = background
        self._times = times
        self._request_key = request_key
        self._wish = Wish(artist_id, 0)
        self._keeps_artist = artist_id is not None
        self._keeps_service = False
        self._credit_asked = 0
        self._starts_at = starts_at
        self._artists: dict[int, Artist] = {}
        self._services: dict[int, Service] = {}
        self._is_saving = False
        self._links_asked = 0

    def begin(self) -> None:
        """Read what there is to choose from, and whether a link could be made."""
        today = self._parts.clock.now().date()
        self._background.read(lambda: self._parts.studio.settings(today), self._show_settings, self._view.show_error)
        self._ask_about_link()

    def pick_client(self, match: ClientMatch) -> None:
        """Show the client's line; artist and service follow the last visit where the desk chose none and they fit."""
        self._view.show_peek(peek(match, {one.id: one.name for one in self._artists.values()}))
        self._ask_credit(match.client.id)
        artist_id, service_id = self._wish.artist_id, self._wish.service_id
        if not self._keeps_service and match.last_service_id in self._services:
            service_id = match.last_service_id
        if not self._keeps_artist and match.last_artist_id in self._artists:
            artist_id = match.last_artist_id
        ways = ((artist_id, service_id), (self._wish.artist_id, service_id), (artist_id, self._wish.service_id))
        fitting = next((way for way in ways if self._is_done(*way)), None)
        if fitting is not None:
            self._take(replace(self._wish, artist_id=fitting[0], service_id=fitting[1]))

    def forget_client(self) -> None:
        """Somebody else is sought: what was said of the last client's money is over."""
        self._credit_asked += 1
        self._view.show_credit("")

    def _ask_credit(self, client_id: int) -> None:
        number = self._credit_asked

        def done(credit: Money) -> None:
            if number == self._credit_asked:
                self._view.show_credit(credit_words(credit))

        self._background.read(lambda: self._parts.deposits.credit_of(client_id), done, self._view.show_error)

    def choose_artist(self, artist_id: int | None) -> None:
        """The desk chose an artist; None is anyone."""
        self._keeps_artist = True
        self._take(replace(self._wish, artist_id=artist_id))

    def choose_service(self, service_id: int) -> None:
        """The desk chose a service."""
        self._keeps_service = True
        self._take(replace(self._wish, service_id=service_id))

    def choose_length(self, sitting_s: int) -> None:
        """The desk typed a length in whole minutes; if it is the service's own, it goes on following the service."""
        service = self._services.get(self._wish.service_id)
        is_own = service is not None and sitting_s == service.sitting.sitting_s // 60 * 60
        self._take(replace(self._wish, sitting_s=None if is_own else sitting_s))

    def choose_others(self, artist_ids: Collection[int]) -> None:
        """The desk chose who else works at the same time."""
        self._keeps_artist = True
        self._take(replace(self._wish, with_artist_ids=tuple(artist_ids)))

    def take(self, slot: FreeSlot) -> None:
        """The desk took an offer: its day, time and artist. Who works along was asked for with it."""
        self._keeps_artist = self._keeps_service = True
        self._wish = replace(self._wish, artist_id=slot.artist_id, with_artist_ids=slot.artist_ids[1:])
        self._ask_about_link()
        self._view.show_wish(self._wish)
        self._times.choose(slot, self._wish)

    def wish(self) -> Wish:
        """Who shall do what, how long; its service is 0 while the price list is not there or empty."""
        return self._wish

    def save(self, typed: BookingInput) -> None:
        """Book what is in the form. While an answer is on its way, pressing again does nothing."""
        if self._is_saving:
            return
        if not self._wish.service_id:
            self._view.show_error(
                ValidationError(message("Enter a service in the settings first."), field="service_id")
            )
            return
        self._set_saving(is_saving=True)
        self._times.when_known(lambda: self._book(typed))

    def _book(self, typed: BookingInput) -> None:
        wish = self._wish
        try:
            starts_at = self._times.starts_at().astimezone(UTC)
        except ValidationError as error:
            self._save_failed(error)
            return

        def work() -> Booked:
            return self._parts.bookings.book(
                BookCommand(
                    request_key=self._request_key,
                    artist_id=self._times.who_is_free(wish, starts_at),
                    service_id=wish.service_id,
                    starts_at=starts_at,
                    client=typed.client,
                    choice=typed.choice,
                    price=typed.price,
                    deposit=typed.deposit,
                    note=typed.note,
                    override_reason=typed.override_reason,
                    with_artist_ids=wish.with_artist_ids,
                    sitting_s=wish.sitting_s,
                )
            )

        self._background.call(work, self._view.close_with, self._save_failed)

    def is_saving(self) -> bool:
        """Whether an answer is on its way."""
        return self._is_saving

    def _show_settings(self, settings: StudioSettings) -> None:
        self._artists = {one.id: one for one in settings.artists if one.is_active}
        self._services = {one.id: one for one in settings.services if one.is_active}
        artists, services = list(self._artists.values()), list(self._services.values())
        zone = settings.studio.zone_info
        today = self._parts.clock.now().astimezone(zone).date()
        self._view.show_catalogue(artists, services, settings.studio.phone_region, today)
        self._times.begin(zone, artists, services, today, self._starts_at)
        if services:
            self._take(replace(self._wish, service_id=self._likeliest(services).id))

    def _likeliest(self, services: Sequence[Service]) -> Service:
        """What the form begins with: the first that the artist does, rather one with a deposit."""
        able = [one for one in services if self._is_done(self._wish.artist_id, one.id)] or services
        return next((one for one in able if one.deposit.amount_minor), able[0])

    def _is_done(self, artist_id: int | None, service_id: int) -> bool:
        return artist_id is None or (service_id in self._services and self._services[service_id].is_done_by(artist_id))

    def _take(self, wish: Wish) -> None:
        wish = replace(wish, with_artist_ids=tuple(one for one in wish.with_artist_ids if one != wish.artist_id))
        if wish.service_id not in self._services or wish == self._wish:
            return
        is_other_service = wish.service_id != self._wish.service_id
        is_other_artist = wish.artist_id != self._wish.artist_id
        self._wish = wish
        if is_other_artist:
            self._ask_about_link()
        self._view.show_wish(wish)
        if is_other_service:
            service = self._services[wish.service_id]
            self._view.show_money(service.price, service.deposit)
            if wish.sitting_s is None:
                self._view.show_length(service.sitting.sitting_s)
        self._times.set_wish(wish)

    def _ask_about_link(self) -> None:
        """Whether a link could be made depends on the artist, who may be paid by an account of their own."""
        artist_id = self._wish.artist_id
        self._links_asked += 1
        number = self._links_asked

        def told(sentence: str) -> None:
            if number == self._links_asked:
                self._view.show_link_trouble(sentence)

        self._background.call(
            lambda: self._parts.payments.check_ready(artist_id),
            lambda _ready: told(""),
            lambda error: told(render(error.message)),
        )

    def _save_failed(self, error: InkDeskError) -> None:
        self._set_saving(is_saving=False)
        self._view.show_error(error)
        if error.code is not ErrorCode.VALIDATION:
            self._announce(EVERYTHING)
        if error.code in {ErrorCode.SLOT_TAKEN, ErrorCode.SLOT_UNAVAILABLE}:
            self._times.refresh()
        if error.code is ErrorCode.STRIPE_NOT_CONFIGURED:
            self._view.show_link_trouble(render(error.message))

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        self._view.show_saving(is_saving=is_saving)


def amount_errors(price: Callable[[], Money], deposit: Callable[[], Money]) -> dict[str, InkDeskError]:
    """What is wrong with the typed amounts, by field; each is read by its function, which raises if it is none."""
    wrong: dict[str, InkDeskError] = {}
    read: dict[str, Money] = {}
    for field, amount in (("price", price), ("deposit", deposit)):
        try:
            read[field] = amount()
        except InkDeskError as error:
            wrong[field] = error
    if "price" in read and read["price"].amount_minor < 0:
        wrong["price"] = ValidationError(message("A price cannot be negative. Enter 0 or more."), field="price")
    elif len(read) == 2 and not 0 <= read["deposit"].amount_minor <= read["price"].amount_minor:
        sentence = message("Enter a deposit between 0 and the price, {price}.", price=read["price"])
        wrong["deposit"] = ValidationError(sentence, field="deposit")
    return wrong
