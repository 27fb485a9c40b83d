"""What the window says about the looks at Stripe: sentences that stand still until something changes."""

from datetime import datetime, tzinfo

from inkdesk.application.look_result import LookResult
from inkdesk.application.text import formats, ntr, render, tr


def status_words(result: LookResult, now: datetime, zone: tzinfo, own: datetime | None = None) -> str | None:
    """The status line after a look: when it was good, or since when it is not and what waits; None: as it was.

    Days are those of ``zone``. ``own`` is what ``own_good_look`` says.
    """
    if result.trouble_since is not None:
        since = _when(result.trouble_since, now, zone)
        if not result.waiting:
            return tr("Stripe unreachable since {time}", time=since)
        return ntr(
            "Stripe unreachable since {time}, one payment waits",
            "Stripe unreachable since {time}, {n} payments wait",
            result.waiting,
            time=since,
        )
    good_at = own_good_look(own, result, now) or result.last_good_at
    if good_at is None:
        return None
    if _is_same_day(good_at, now, zone):
        return tr("Payments checked at {time}", time=formats().time(good_at))
    return tr("Payments checked {moment}", moment=formats().moment(good_at))


def own_good_look(before: datetime | None, result: LookResult, now: datetime) -> datetime | None:
    """When this desk itself last asked and all was well, by its own clock; None if another desk has asked since.

    The database tells the other desks in its own time, which a practice clock that was moved on has left behind.
    """
    if result.was_asked and not result.is_trouble:
        return now
    return None if result.is_follower else before


def banner_words(result: LookResult, now: datetime, zone: tzinfo) -> str:
    """The notice above the page, "" if all is well. Its time is when the trouble began, so it is announced once."""
    if result.banner is None:
        return ""
    words = render(result.banner)
    if result.trouble_since is None:
        return words
    return tr("{trouble} Since {time}.", trouble=words, time=_when(result.trouble_since, now, zone))


def _when(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A time of today; day and time of another day."""
    return formats().time(at) if _is_same_day(at, now, zone) else formats().moment(at)


def _is_same_day(at: datetime, now: datetime, zone: tzinfo) -> bool:
    return at.astimezone(zone).date() == now.astimezone(zone).date()
