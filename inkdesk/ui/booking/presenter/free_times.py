"""Where the times come from that a form offers and judges: for a new booking, or for one that moves."""

from datetime import date, datetime
from typing import Protocol

from inkdesk.application.availability_service import AvailabilityService, FreeSlot, Judgement
from inkdesk.application.changing import ChangeLook
from inkdesk.ui.booking.presenter.verdicts import Wish


class FreeTimes(Protocol):
    """What is free for a wish. Every answer reads: ask in the background. InkDeskError if it cannot be wished for."""

    def slots(self, wish: Wish, first: date, last: date) -> list[FreeSlot]:
        """Free starts between two dates of the studio's zone, both included, by start, then artist."""
        ...

    def judge(self, wish: Wish, starts_at: datetime) -> tuple[int, Judgement]:
        """Whether this start is free, and with whom: the artist wished for, or of anyone the first who is free."""
        ...

    def alternatives(self, wish: Wish, near: datetime, count: int) -> list[FreeSlot]:
        """The free starts nearest to ``near``, before and after it, the nearest first."""
        ...


class TimesToBook:
    """For a new booking."""

    def __init__(self, availability: AvailabilityService) -> None:
        self._availability = availability

    def slots(self, wish: Wish, first: date, last: date) -> list[FreeSlot]:
        """See ``FreeTimes``."""
        return self._availability.slots(
            wish.artist_id,
            wish.service_id,
            first,
            last,
            with_artist_ids=wish.with_artist_ids,
            sitting_s=wish.sitting_s,
        )

    def judge(self, wish: Wish, starts_at: datetime) -> tuple[int, Judgement]:
        """See ``FreeTimes``."""
        others, sitting_s = wish.with_artist_ids, wish.sitting_s
        if wish.artist_id is None:
            return self._availability.judge_any(wish.service_id, starts_at, with_artist_ids=others, sitting_s=sitting_s)
        judged = self._availability.judge(
            wish.artist_id, wish.service_id, starts_at, with_artist_ids=others, sitting_s=sitting_s
        )
        return wish.artist_id, judged

    def alternatives(self, wish: Wish, near: datetime, count: int) -> list[FreeSlot]:
        """See ``FreeTimes``."""
        return self._availability.alternatives(
            wish.artist_id,
            wish.service_id,
            near,
            with_artist_ids=wish.with_artist_ids,
            sitting_s=wish.sitting_s,
            count=count,
        )


class TimesToMove:
    """For the booking of ``look``, which lasts as it was booked and keeps its further artists: a wish names the first.

    ValueError for a wish of anyone: a booking has its artist.
    """

    def __init__(self, look: ChangeLook) -> None:
        self._look = look

    def slots(self, wish: Wish, first: date, last: date) -> list[FreeSlot]:
        """See ``FreeTimes``."""
        return self._look.slots(_artist_of(wish), first, last)

    def judge(self, wish: Wish, starts_at: datetime) -> tuple[int, Judgement]:
        """See ``FreeTimes``."""
        artist_id = _artist_of(wish)
        return artist_id, self._look.judge(artist_id, starts_at)

    def alternatives(self, wish: Wish, near: datetime, count: int) -> list[FreeSlot]:
        """See ``FreeTimes``."""
        return self._look.alternatives(_artist_of(wish), near, count)


def _artist_of(wish: Wish) -> int:
    if wish.artist_id is None:
        raise ValueError("a booking that moves has its artist")
    return wish.artist_id
