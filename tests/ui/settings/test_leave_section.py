"""How a leave reads in its list; without a locale installed times are shown in UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk

from inkdesk.application.changes import Changes
from inkdesk.domain.artists import Leave

PARIS = ZoneInfo("Europe/Paris")


def wall(day: int, hour: int = 0) -> datetime:
    """A clock time of December 2026 in the studio's zone."""
    return datetime(2026, 12, day, hour, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "end", "reason", "words"),
    [
        (wall(2), wall(3), "flu", "Studio closed: 2026-12-02 (flu)"),
        (wall(2), wall(5), "", "Studio closed: from 2026-12-02 to 2026-12-04"),
        (wall(2, 14), wall(3), "", "Studio closed: from 2026-12-02 13:00 to 2026-12-02 23:00"),
    ],
)
def test_whole_days_read_as_dates_and_hours_as_times(
    qtbot: QtBot, desk: Desk, start: datetime, end: datetime, reason: str, words: str
) -> None:
    assert desk.book.studio.zone == PARIS.key
    shown = desk.page.leave.list
    desk.studio.add_leave(Leave(artist_id=None, starts_at=start, ends_at=end, reason=reason))
    desk.feed.announce(Changes(settings=True))
    qtbot.waitUntil(lambda: shown.count() == 1)
    assert shown.item(0).text() == words
