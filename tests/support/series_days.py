"""The days of a series: open, closed or on leave, and what is stored of it in the end."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inkdesk.domain.artists import Leave
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.slot_rules import Limits
from support.book import TUESDAY
from support.series_desk import WEEK, SeriesDesk

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
FOUR = tuple(TUESDAY + n * WEEK for n in range(4))
"""The dates of the series that a desk books if not told otherwise."""


def stored(desk: SeriesDesk) -> list[int]:
    """Ids of all bookings."""
    cards = desk.front.money.database.queries.calendar(date(2026, 11, 1), date(2027, 6, 30)).cards
    return sorted(card.booking_id for card in cards)


def refused(desk: SeriesDesk, **how: object) -> InkDeskError:
    """The error of a series that must not be booked; nothing may be stored."""
    before = stored(desk)
    with pytest.raises(InkDeskError) as caught:
        desk.book(**how)
    assert stored(desk) == before
    with desk.front.money.database.read() as uow:
        assert uow.series.by_request_key("series") is None
    return caught.value


def away(desk: SeriesDesk, day: datetime, artist_id: int | None) -> None:
    """An artist, or with ``None`` everybody, is on leave from four hours before ``day`` to a day after it."""
    with desk.front.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=artist_id, starts_at=day - 4 * timedelta(hours=1), ends_at=day + DAY, reason="flu")
        )
        uow.commit()


def closed(desk: SeriesDesk, *days: datetime) -> None:
    """The studio is closed on these dates, from midnight to midnight."""
    with desk.front.money.database.write() as uow:
        for day in days:
            uow.artists.add_leave(Leave(artist_id=None, starts_at=day, ends_at=day + DAY, reason="works"))
        uow.commit()


def always_open(desk: SeriesDesk, pause_s: int = 0, limits: Limits | None = None) -> None:
    """Ana works day and night."""
    whole_days = every_week(((WallSpan(0, 1440),),) * 7)
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        uow.artists.save(replace(ana, plans=whole_days, pause_s=pause_s, limits=limits or ana.limits))
        uow.commit()


def in_paris(*parts: int) -> datetime:
    """An instant by the studio's clock: year, month, day, hour, minute."""
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[arg-type, misc]
