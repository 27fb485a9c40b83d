"""Clock minutes on ordinary and on strange days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar.wallclock import (
    day_slots,
    day_span,
    is_repeated,
    missing_minutes,
    slot_at,
    stretches,
    wall_pieces,
)

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
PARIS = "Europe/Paris"
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "UTC")


def seconds(text: str) -> int:
    return to_seconds(datetime.fromisoformat(text))


def test_an_ordinary_day_is_one_stretch_of_1440_minutes() -> None:
    (only,) = stretches(date(2026, 11, 24), PARIS)
    assert (only.wall_min, only.wall_end_min, only.fold) == (0, 1440, 0)
    assert missing_minutes(date(2026, 11, 24), PARIS) == []


def test_the_missing_hour_lies_in_no_stretch() -> None:
    assert [(s.wall_min, s.wall_end_min) for s in stretches(SPRING, PARIS)] == [(0, 120), (180, 1440)]
    assert missing_minutes(SPRING, PARIS) == [(120, 180)]
    assert slot_at(SPRING, PARIS, 150, 0, 15) is None


def test_the_repeated_hour_is_two_instants() -> None:
    assert [(s.wall_min, s.wall_end_min, s.fold) for s in stretches(AUTUMN, PARIS)] == [(0, 180, 0), (120, 1440, 1)]
    first, second = slot_at(AUTUMN, PARIS, 130, 0, 15), slot_at(AUTUMN, PARIS, 130, 1, 15)
    assert first is not None
    assert second is not None
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert is_repeated(AUTUMN, PARIS, 130)
    assert not is_repeated(AUTUMN, PARIS, 180)


def test_a_span_over_the_repeated_hour_falls_into_two_pieces() -> None:
    span = Span(seconds("2026-10-25T01:30:00+02:00"), seconds("2026-10-25T02:30:00+01:00"))
    assert [tuple(p) for p in wall_pieces(span, AUTUMN, PARIS)] == [(90, 180, 0), (120, 150, 1)]


def test_a_span_over_midnight_shows_on_both_days() -> None:
    span = Span(seconds("2026-11-24T22:00:00+01:00"), seconds("2026-11-25T02:00:00+01:00"))
    assert [tuple(p)[:2] for p in wall_pieces(span, date(2026, 11, 24), PARIS)] == [(1320, 1440)]
    assert [tuple(p)[:2] for p in wall_pieces(span, date(2026, 11, 25), PARIS)] == [(0, 120)]


@pytest.mark.parametrize(
    ("day", "zone", "missing"),
    [
        (date(2026, 4, 24), "Africa/Cairo", [(0, 60)]),
        (date(2026, 10, 4), "Australia/Lord_Howe", [(120, 150)]),
        (date(2011, 12, 30), "Pacific/Apia", [(0, 1440)]),
    ],
)
def test_strange_days(day: date, zone: str, missing: list[tuple[int, int]]) -> None:
    assert missing_minutes(day, zone) == missing
    assert (day_span(day, zone) is None) == (missing == [(0, 1440)])


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.sampled_from(ZONES))
def test_slots_tell_the_time_that_the_zone_tells(day: date, zone: str) -> None:
    slots = day_slots(day, zone, 15)
    assert [slot.starts_at for slot in slots] == sorted({slot.starts_at for slot in slots})
    for slot in slots:
        local = slot.starts_at.astimezone(ZoneInfo(zone))
        assert (local.date(), local.hour * 60 + local.minute) == (day, slot.minute)


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.sampled_from(ZONES))
def test_days_join_without_gap(day: date, zone: str) -> None:
    today, tomorrow = day_span(day, zone), day_span(day + timedelta(days=1), zone)
    assert today is not None
    assert tomorrow is not None
    assert today.end_s == tomorrow.start_s
    parts = stretches(day, zone)
    assert all(a.end_s == b.start_s for a, b in pairwise(parts))
    assert datetime.fromtimestamp(today.start_s, UTC).astimezone(ZoneInfo(zone)).date() == day
