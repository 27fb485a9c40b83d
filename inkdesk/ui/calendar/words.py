"""What the calendar says about bookings and group sittings: on the card, in the tip and to a screen reader."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from inkdesk.application.calendar import BookingCard, GroupCard
from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.ranges import Mode
from inkdesk.ui.calendar.shown import Shown

_S = BookingStatus


class Mark(Enum):
    """The sign that tells a card's state without colour."""

    NONE = "none"
    DASHED = "dashed"
    HATCH = "hatch"
    TICK = "tick"
    DONE = "done"
    CROSS = "cross"
    STRIKE = "strike"
    GROUP = "group"


class CardText(NamedTuple):
    """The lines of a card, most telling first; the times are last, as ``span`` or, in a narrow card, ``start``."""

    name: str
    details: tuple[str, ...]
    span: str
    start: str


def title(mode: Mode, day: date, first: date, last: date) -> str:
    """What the view shows: a day, a month or two dates, and the number of the week where there is one."""
    match mode:
        case Mode.DAY:
            return tr("{range} · week {week}", range=formats().full_day(day), week=day.isocalendar().week)
        case Mode.WEEK:
            week = (first + timedelta(days=3)).isocalendar().week
            return tr("{range} · week {week}", range=formats().month(first), week=week)
        case Mode.MONTH:
            return formats().month(day)
        case Mode.AGENDA:
            return tr("{start} – {end}", start=formats().day(first), end=formats().day(last))


def nothing_booked(mode: Mode) -> str:
    """What an empty view says."""
    match mode:
        case Mode.DAY:
            return tr("Nothing is booked on this day. Click a free place, or press Enter on it, to book.")
        case Mode.WEEK:
            return tr("Nothing is booked this week. Click a free place, or press Enter on it, to book.")
        case Mode.MONTH:
            return tr("Nothing is booked this month. Press Enter on a date to see its day.")
        case Mode.AGENDA:
            return tr("Nothing is booked in these four weeks.")


def mark_of(card: Shown) -> Mark:
    """The sign of a block: an arrived client has a tick, whatever the colour says."""
    if isinstance(card, GroupCard):
        return Mark.STRIKE if card.is_cancelled else Mark.GROUP
    if card.status is _S.CONFIRMED:
        return Mark.TICK if card.checked_in_at else Mark.NONE
    return _MARKS[card.status]


_MARKS = {
    _S.REQUESTED: Mark.DASHED,
    _S.PENDING_PAYMENT: Mark.HATCH,
    _S.COMPLETED: Mark.DONE,
    _S.NO_SHOW: Mark.CROSS,
    _S.CANCELLED: Mark.STRIKE,
    _S.LAPSED: Mark.STRIKE,
}


def card_text(card: Shown, others: Sequence[str], now: datetime) -> CardText:
    """The card's lines in the lane of one artist, ``others`` being those who work along.

    A hold counts its minutes down before anything else.
    """
    start, end = formats().time(card.starts_at), formats().time(card.ends_at)
    times = tr("{start} – {end}", start=start, end=end)
    if isinstance(card, GroupCard):
        return CardText(card.title, (seats_words(card), card.service_name), times, start)
    held = (hold_words(card, now),) if card.status is _S.PENDING_PAYMENT else ()
    along = (tr("with {artist}", artist=together(others)),) if others else ()
    return CardText(card.client_name, (*held, *along, card.service_name, *_number(card)), times, start)


def name_of(card: Shown) -> str:
    """Whose the block is: the client, or a group sitting's title."""
    return card.title if isinstance(card, GroupCard) else card.client_name


def leave_words(leave: Leave) -> str:
    """Why somebody is away."""
    return leave.reason or (tr("closed") if leave.artist_id is None else tr("leave"))


def _number(card: BookingCard) -> tuple[str, ...]:
    """Its place in the series as the card shows it."""
    if not card.series_count:
        return ()
    return (tr("{number} of {count}", number=card.series_number, count=card.series_count),)


def seats_words(card: GroupCard) -> str:
    """How many seats are taken at the busiest moment."""
    return ntr("{taken} of {n} seat", "{taken} of {n} seats", card.seats, taken=card.seats_taken_peak)


def together(names: Sequence[str]) -> str:
    """Names of people in one line, e.g. ``Ana and Bo``."""
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def hold_words(card: BookingCard, now: datetime) -> str:
    """How long an unpaid hold still keeps its slot; a started minute counts as whole."""
    if card.hold_until is None:
        return tr("not paid")
    minutes = -int((now - card.hold_until).total_seconds() // 60)
    return tr("{minutes} min left", minutes=minutes) if minutes > 0 else tr("time is up")


def state_words(card: BookingCard, now: datetime) -> str:
    """The state of a booking in words."""
    if card.status is _S.PENDING_PAYMENT:
        return tr("held, not paid, {left}", left=hold_words(card, now))
    if card.status is _S.CONFIRMED and card.checked_in_at:
        return tr("arrived")
    return status_words(card.status)


def status_words(status: BookingStatus) -> str:
    """A status in words."""
    match status:
        case BookingStatus.REQUESTED:
            words = tr("requested")
        case BookingStatus.PENDING_PAYMENT:
            words = tr("held, not paid")
        case BookingStatus.CONFIRMED:
            words = tr("confirmed")
        case BookingStatus.COMPLETED:
            words = tr("completed")
        case BookingStatus.NO_SHOW:
            words = tr("did not come")
        case BookingStatus.CANCELLED:
            words = tr("cancelled")
        case BookingStatus.LAPSED:
            words = tr("not paid, given free")
    return words


def spoken(card: Shown, artist: str, now: datetime, day: str) -> str:
    """One sentence with everything the card shows, ``day`` being its date in words."""
    if isinstance(card, GroupCard):
        return _spoken_group(card, artist, day)
    sentence = tr(
        "{state}, {client}, {service}, with {artist}, {day}, {start} to {end}",
        state=state_words(card, now),
        client=card.client_name,
        service=card.service_name,
        artist=artist,
        day=day,
        start=formats().time(card.starts_at),
        end=formats().time(card.ends_at),
    )
    return ", ".join((sentence, *_series(card)))


def _spoken_group(card: GroupCard, artist: str, day: str) -> str:
    return tr(
        "{state}, {title}, {seats} taken, {service}, with {artist}, {day}, {start} to {end}",
        state=tr("cancelled group sitting") if card.is_cancelled else tr("group sitting"),
        title=card.title,
        seats=seats_words(card),
        service=card.service_name,
        artist=artist,
        day=day,
        start=formats().time(card.starts_at),
        end=formats().time(card.ends_at),
    )


def _series(card: BookingCard) -> tuple[str, ...]:
    """Its place in the series in words that stand by themselves."""
    if not card.series_count:
        return ()
    return (tr("sitting {number} of {count}", number=card.series_number, count=card.series_count),)


def tip(card: Shown, artist: str, now: datetime) -> str:
    """The card whole, line by line, for a pointer that rests on it; plain text."""
    times = tr("{start} – {end}", start=formats().time(card.starts_at), end=formats().time(card.ends_at))
    if isinstance(card, GroupCard):
        state = tr("cancelled") if card.is_cancelled else seats_words(card)
        lines = [card.title, f"{card.service_name} · {artist}", times, state, card.note]
    else:
        named = f"{card.service_name} · {artist}"
        lines = [card.client_name, named, times, state_words(card, now), *_series(card), card.note]
    return "\n".join(line for line in lines if line)
