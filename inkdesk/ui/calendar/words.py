"""What the calendar says about a booking: on its card, in its tip and to a screen reader."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from inkdesk.application.calendar import BookingCard
from inkdesk.application.text import formats, tr
from inkdesk.domain.bookings import BookingStatus

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


class CardText(NamedTuple):
    """The lines of a card, most telling first; the times are last, as ``span`` or, in a narrow card, ``start``."""

    name: str
    details: tuple[str, ...]
    span: str
    start: str


def mark_of(card: BookingCard) -> Mark:
    """The sign of a booking: an arrived client has a tick, whatever the colour says."""
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


def card_text(card: BookingCard, now: datetime) -> CardText:
    """The card's lines; a hold counts its minutes down before anything else."""
    start, end = formats().time(card.starts_at), formats().time(card.ends_at)
    held = (hold_words(card, now),) if card.status is _S.PENDING_PAYMENT else ()
    return CardText(card.client_name, (*held, card.service_name), tr("{start} – {end}", start=start, end=end), start)


def hold_words(card: BookingCard, now: datetime) -> str:
    """How long an unpaid hold still keeps its slot; a started minute counts as whole."""
    if card.hold_until is None:
        return tr("not paid")
    minutes = -int((now - card.hold_until).total_seconds() // 60)
    return tr("{minutes} min left", minutes=minutes) if minutes > 0 else tr("time is up")


def state_words(card: BookingCard, now: datetime) -> str:
    """The state of a booking in words."""
    match card.status:
        case BookingStatus.REQUESTED:
            words = tr("requested")
        case BookingStatus.PENDING_PAYMENT:
            words = tr("held, not paid, {left}", left=hold_words(card, now))
        case BookingStatus.CONFIRMED:
            words = tr("arrived") if card.checked_in_at else tr("confirmed")
        case BookingStatus.COMPLETED:
            words = tr("completed")
        case BookingStatus.NO_SHOW:
            words = tr("did not come")
        case BookingStatus.CANCELLED:
            words = tr("cancelled")
        case BookingStatus.LAPSED:
            words = tr("lapsed, not paid")
    return words


def spoken(card: BookingCard, artist: str, now: datetime, day: str) -> str:
    """One sentence with everything the card shows, ``day`` being its date in words."""
    return tr(
        "{state}, {client}, {service}, with {artist}, {day}, {start} to {end}",
        state=state_words(card, now),
        client=card.client_name,
        service=card.service_name,
        artist=artist,
        day=day,
        start=formats().time(card.starts_at),
        end=formats().time(card.ends_at),
    )


def tip(card: BookingCard, artist: str, now: datetime) -> str:
    """The card whole, line by line, for a pointer that rests on it; plain text."""
    times = tr("{start} – {end}", start=formats().time(card.starts_at), end=formats().time(card.ends_at))
    lines = [card.client_name, f"{card.service_name} · {artist}", times, state_words(card, now)]
    if card.note:
        lines.append(card.note)
    return "\n".join(lines)
