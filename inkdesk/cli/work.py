"""What each command does with an opened studio; pure of terminals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from inkdesk.application.booking_commands import BookCommand, CancelCommand, DepositChoice, NewClient
from inkdesk.application.calendar import BookingDetail
from inkdesk.application.look_result import Wish
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import formats, ntr, render, tr
from inkdesk.application.undecided import held_words
from inkdesk.bootstrap import OpenStudio
from inkdesk.cli.finding import slot_cells, slot_data, stations_of
from inkdesk.cli.inputs import one_named, read_date, read_start
from inkdesk.cli.output import Answer, columns, instant
from inkdesk.cli.views import artists_answer, booking_data, bookings_answer, services_answer
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import InkDeskError, SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.message import Message, Value, message
from inkdesk.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BookWish:
    """A booking as it was typed."""

    artist: str
    service: str
    start: str
    client_name: str
    client_phone: str
    client_email: str
    deposit: DepositChoice
    note: str
    override: str
    request_key: str
    also: Sequence[str] = ()
    minutes: int | None = None


def artists(services: Services) -> Answer:
    """List the artists who work here."""
    return artists_answer(active_artists(settings_of(services)))


def price_list(services: Services) -> Answer:
    """List the services."""
    settings = settings_of(services)
    names = {one.id: one.name for one in active_artists(settings)}
    return services_answer(active_services(settings), names)


def bookings(services: Services, first: str, last: str) -> Answer:
    """List the bookings between two dates, both included."""
    start, end = read_date(first, "from"), read_date(last, "to")
    if end < start:
        raise ValidationError(message("The last date lies before the first. Swap them."), field="to")
    settings = settings_of(services)
    book = services.queries.calendar(start, end)
    return bookings_answer(book.cards, names_of(settings), settings.studio.zone_info)


def book(services: Services, wish: BookWish) -> Answer:
    """Book, and make the link if the deposit is taken by one.

    A refused start is answered with the nearest free ones. If the link cannot be made now the booking stands all the
    same, and so says the answer: the same request key tries again.
    """
    settings = settings_of(services)
    active = active_artists(settings)
    command = BookCommand(
        request_key=wish.request_key,
        artist_id=one_named(wish.artist, active, "artist").id,
        with_artist_ids=tuple(one_named(name, active, "with").id for name in wish.also),
        service_id=one_named(wish.service, active_services(settings), "service").id,
        starts_at=read_start(wish.start, settings.studio.zone_info),
        client=NewClient(name=wish.client_name, phone=wish.client_phone, email=wish.client_email),
        choice=wish.deposit,
        note=wish.note,
        override_reason=wish.override,
        sitting_s=wish.minutes * 60 if wish.minutes else None,
    )
    try:
        booked = services.bookings.book(command)
    except (SlotTaken, SlotUnavailable) as refused:
        return _instead(services, settings, command, refused)
    link, failure = link_of(services, booked.payment_id)
    detail = services.queries.booking(booked.booking.id)
    data = {**detail_data(detail, settings), "link": link, "request_key": wish.request_key}
    lines = [_booked_line(detail, settings)]
    if link is not None:
        lines += [tr("The client pays here:"), link]
    return Answer(data, lines, failure)


def cancel(services: Services, booking_id: int, fate: DepositFate | None, reason: str) -> Answer:
    """Cancel a booking. A deposit that is in needs its fate said."""
    settings = settings_of(services)
    detail = services.queries.booking(booking_id)
    there = services.deposits.undecided([booking_id])[booking_id]
    if there.in_all.amount_minor and fate is None:
        raise ValidationError(_fate_missing(there.in_all, held_words([there.held])), field="fate")
    services.bookings.cancel(
        CancelCommand(
            booking_id=booking_id,
            version=detail.card.version,
            fate=fate,
            reason=reason,
        )
    )
    after = services.queries.booking(booking_id)
    line = tr("Booking {id} of {client} is cancelled.", id=booking_id, client=after.card.client_name)
    return Answer(detail_data(after, settings), [line, *held_lines(services, [booking_id])])


def held_lines(services: Services, booking_ids: Collection[int]) -> list[str]:
    """What is said of money of these bookings that a bank holds in a dispute, if it holds any."""
    held = held_words(one.held for one in services.deposits.undecided(booking_ids).values())
    return [held] if held else []


def settings_of(services: Services) -> StudioSettings:
    """The studio with everything that is set up."""
    return services.studio.settings(services.clock.now().date())


def active_artists(settings: StudioSettings) -> list[Artist]:
    """Who works here now."""
    return [one for one in settings.artists if one.is_active]


def active_services(settings: StudioSettings) -> list[Service]:
    """What is on the price list now."""
    return [one for one in settings.services if one.is_active]


def names_of(settings: StudioSettings) -> Mapping[int, str]:
    """The artists' names by id."""
    return {one.id: one.name for one in settings.artists}


def link_of(services: Services, payment_id: int | None) -> tuple[str | None, InkDeskError | None]:
    """The link of an attempt, or why it could not be made; neither without an attempt."""
    if payment_id is None:
        return None, None
    try:
        return services.payments.open_link(payment_id).url, None
    except InkDeskError as failure:
        return None, failure


def detail_data(detail: BookingDetail, settings: StudioSettings) -> dict[str, object]:
    """One booking for programs."""
    return booking_data(detail.card, names_of(settings), settings.studio.zone_info)


def _instead(services: Services, settings: StudioSettings, command: BookCommand, refused: InkDeskError) -> Answer:
    """The refusal, and the nearest starts that are free."""
    nearest = services.availability.alternatives(
        command.artist_id,
        command.service_id,
        command.starts_at,
        with_artist_ids=command.with_artist_ids,
        sitting_s=command.sitting_s,
    )
    stations = stations_of(settings)
    lines = columns([tr("The nearest free starts"), "", ""], map(slot_cells, nearest)) if nearest else []
    return Answer({"alternatives": [slot_data(one, stations) for one in nearest]}, lines, refused)


def _fate_missing(paid: Money, held: str) -> Message:
    if not held:
        return message(
            "A deposit of {paid} is in. Say what becomes of it: --fate refund, keep, credit or roll.", paid=paid
        )
    return message(
        "A deposit of {paid} is in. {held} Say what becomes of it: --fate refund, keep, credit or roll.",
        paid=paid,
        held=held,
    )


def _booked_line(detail: BookingDetail, settings: StudioSettings) -> str:
    card = detail.card
    values: dict[str, Value] = {
        "id": card.booking_id,
        "client": card.client_name,
        "artist": names_of(settings)[card.artist_id],
        "start": card.starts_at,
    }
    if card.status is BookingStatus.PENDING_PAYMENT and card.hold_until is not None:
        until = formats().time(card.hold_until)
        return tr("Booking {id}: {client} with {artist}, {start}, held until {until}.", until=until, **values)
    return tr("Booking {id}: {client} with {artist}, {start}.", **values)


def reconcile(opened: OpenStudio) -> Answer:
    """Look once at Stripe, at every open attempt; exit code 1 if Stripe could not be asked now."""
    poller = opened.services.poller
    result = poller.look(Wish(sweep=True, is_asked=True))
    poller.leave()
    data = {
        "asked": not result.is_trouble,
        "paid": list(result.paid),
        "changed": sorted(result.changes.bookings),
        "next_deadline": instant(result.deadline) if result.deadline else None,
        "message": render(result.banner) if result.banner else None,
    }
    line = ntr("One booking was paid.", "{n} bookings were paid.", len(result.paid))
    if result.banner is None or not result.is_trouble:
        return Answer(data, [line, *([render(result.banner)] if result.banner else [])])
    try:
        opened.gateway()
    except InkDeskError as failure:  # a missing key has a code of its own
        return Answer(data, [line], failure)
    return Answer(data, [line, render(result.banner)], exit_code=1)
