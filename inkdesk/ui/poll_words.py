"""What the window says about the looks at Stripe: sentences that stand still until something changes."""

from datetime import datetime, timedelta

from inkdesk.application.look_result import LookResult
from inkdesk.application.text import formats, ntr, render, tr

_SAME_DAY = timedelta(hours=12)


def status_words(result: LookResult, now: datetime) -> str | None:
    """The status line after a look: when it was good, or since when it is not and what waits; None: as it was."""
    if result.trouble_since is not None:
        since = _when(result.trouble_since, now)
        if not result.waiting:
            return tr("Stripe unreachable since {time}", time=since)
        return ntr(
            "Stripe unreachable since {time}, one payment waits",
            "Stripe unreachable since {time}, {n} payments wait",
            result.waiting,
            time=since,
        )
    good_at = result.last_good_at
    if good_at is None and result.was_asked and not result.is_trouble:
        good_at = now
    return None if good_at is None else tr("Payments checked at {time}", time=_when(good_at, now))


def banner_words(result: LookResult, now: datetime) -> str:
    """The notice above the page, "" if all is well. Its time is when the trouble began, so it is announced once."""
    if result.banner is None:
        return ""
    words = render(result.banner)
    if result.trouble_since is None:
        return words
    return tr("{trouble} Since {time}.", trouble=words, time=_when(result.trouble_since, now))


def _when(at: datetime, now: datetime) -> str:
    """A time; with its day if that may be another one."""
    return formats().time(at) if abs(now - at) < _SAME_DAY else formats().moment(at)
