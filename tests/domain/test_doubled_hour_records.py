"""What begins and ends while a clock shows an hour twice is judged by real time, not by what the clock shows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.clock import START

from inkdesk.domain.artists import Leave, check_leave
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.groups import LONGEST_GROUP, GroupSitting, check_group

PARIS = ZoneInfo("Europe/Paris")
HALF_PAST, QUARTER_PAST_AGAIN = (
    datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
    datetime(2026, 10, 25, 2, 15, tzinfo=PARIS, fold=1),
)
MOMENT = timedelta(microseconds=9)


def group(starts_at: datetime, ends_at: datetime) -> GroupSitting:
    return GroupSitting(
        artist_id=1,
        service_id=1,
        title="Night",
        starts_at=starts_at,
        ends_at=ends_at,
        seats=2,
        created_at=START,
        request_key="night",
    )


def leave(starts_at: datetime, ends_at: datetime) -> Leave:
    return Leave(artist_id=1, starts_at=starts_at, ends_at=ends_at, reason="ill")


def test_from_the_first_half_past_two_to_the_second_quarter_past_is_45_minutes() -> None:
    check_group(group(HALF_PAST, QUARTER_PAST_AGAIN))
    check_leave(leave(HALF_PAST, QUARTER_PAST_AGAIN))


@pytest.mark.parametrize("ends_at", [HALF_PAST, QUARTER_PAST_AGAIN, QUARTER_PAST_AGAIN + MOMENT])
def test_what_ends_in_the_first_showing_cannot_begin_in_the_second(ends_at: datetime) -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        check_group(group(QUARTER_PAST_AGAIN, ends_at))
    with pytest.raises(ValidationError, match="ends before it begins"):
        check_leave(leave(QUARTER_PAST_AGAIN, ends_at))


def test_six_days_are_counted_in_real_hours() -> None:
    starts_at = datetime(2026, 10, 20, 12, tzinfo=PARIS)
    with pytest.raises(ValidationError, match="at most 6 days"):
        check_group(group(starts_at, starts_at + LONGEST_GROUP))
