"""Any of several artists, all of them at once, and stations in concrete units: nobody changes the chair."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import HALF_HOURLY, HOUR, MONDAY, H, artist, at, request, shown, span, starts

from inkdesk.domain.availability import (
    ArtistTime,
    Cause,
    Obstacle,
    Slot,
    StationPool,
    free_slots,
    slots_of_any,
    verdict,
)
from inkdesk.domain.sitting import Processing, Sitting, StationNeed, kept_from, station_needs
from inkdesk.domain.slot_rules import Alignment, SlotRules
from inkdesk.domain.spans import Span

DAY = span("01.00:00 02.00:00")


def chairs(*busy: Sequence[str], units: int = 1, sitting: Sitting = HOUR) -> StationPool:
    """Chairs 11, 12, ..., each with what is booked on it."""
    (need,) = station_needs("chair", sitting, units=units)
    return StationPool(need, {11 + number: [span(one) for one in spans] for number, spans in enumerate(busy)})


def seats(pools: Sequence[StationPool], one: ArtistTime, sitting: Sitting = HOUR) -> list[tuple[str, tuple[int, ...]]]:
    """Time and units of every slot of the Monday."""
    found = free_slots([one], request(sitting, HALF_HOURLY, *pools), DAY)
    return [(shown(slot.start_s).removeprefix("01."), slot.station_ids) for slot in found]


# --- any of them -----------------------------------------------------------------------------------------------


def test_anyone_is_each_alone_by_start_then_artist() -> None:
    ana = artist("10:00-12:00", artist_id=2)
    bo = artist("11:00-13:00", "01.11:30 01.12:00", artist_id=1)
    cy = artist("11:00-12:00", artist_id=3)
    found = slots_of_any([ana, bo, cy], request(rules=SlotRules(step_s=1800)), DAY)
    assert [(shown(slot.start_s), slot.artist_ids) for slot in found] == [
        ("01.10:00", (2,)),
        ("01.10:30", (2,)),
        ("01.11:00", (2,)),
        ("01.11:00", (3,)),
        ("01.12:00", (1,)),
    ]
    assert slots_of_any([cy, bo, ana], request(rules=SlotRules(step_s=1800)), DAY) == found


def test_no_slot_straddles_two_artists() -> None:
    """Each is there for an hour, one after the other: nobody does two hours."""
    first, second = artist("10:00-11:00"), artist("11:00-12:00", artist_id=2)
    assert slots_of_any([first, second], request(Sitting(0, 2 * H, 0)), DAY) == []
    assert free_slots([first, second], request(), DAY) == []


def test_anyone_keeps_their_own_grid_zone_and_pause() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")  # 3:45 ahead of Paris
    guest = artist("14:00-16:00", artist_id=1, zone=kathmandu)
    ana = artist("10:00-12:00", "01.11:10 01.12:00", artist_id=2, pause_s=600)
    found = slots_of_any([guest, ana], request(rules=SlotRules(step_s=H)), DAY)
    assert [(shown(slot.start_s), slot.artist_id) for slot in found] == [
        ("01.10:00", 2),
        ("01.10:15", 1),
        ("01.11:15", 1),
    ]


# --- all of them at once ---------------------------------------------------------------------------------------


def test_both_at_once_is_the_common_free_time() -> None:
    ana = artist("10:00-14:00", "01.12:30 01.13:00", artist_id=5)
    bo = artist("11:00-16:00", artist_id=3)
    found = free_slots([ana, bo], request(), DAY)
    assert found == [
        Slot(at("01.11:00"), at("01.12:00"), (5, 3), ()),
        Slot(at("01.11:30"), at("01.12:30"), (5, 3), ()),
        Slot(at("01.13:00"), at("01.14:00"), (5, 3), ()),
    ]
    assert [slot.artist_ids for slot in free_slots([bo, ana], request(), DAY)] == [(3, 5)] * 3


def test_each_of_both_has_their_own_pause_leave_and_stay() -> None:
    quick = artist("10:00-16:00", "01.12:00 01.13:00", artist_id=1)
    slow = artist("10:00-16:00", "01.12:00 01.13:00", artist_id=2, pause_s=1800)
    assert starts([quick, slow]) == "01.10:00 01.10:30 01.13:00 01.13:30 01.14:00 01.14:30 01.15:00"
    away = artist("10:00-16:00", artist_id=3, leave=["01.14:30 01.15:00"])
    assert starts([quick, slow, away]) == "01.10:00 01.10:30 01.13:00 01.13:30 01.15:00"
    gone = artist("10:00-16:00", artist_id=4, stay=(MONDAY + timedelta(days=1), None))
    assert starts([quick, gone]) == ""


def test_all_of_them_are_asked_on_the_first_ones_clock() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    guest, ana = artist("13:00-17:00", artist_id=1, zone=kathmandu), artist("10:00-16:00", artist_id=2)
    hourly = request(rules=SlotRules(step_s=H))
    assert [shown(slot.start_s) for slot in free_slots([guest, ana], hourly, DAY)] == [
        "01.10:15",
        "01.11:15",
        "01.12:15",
    ]
    assert [shown(slot.start_s) for slot in free_slots([ana, guest], hourly, DAY)] == [
        "01.10:00",
        "01.11:00",
        "01.12:00",
    ]


def test_the_verdict_says_who_cannot() -> None:
    ana = artist("10:00-14:00", "01.11:00 01.12:00", artist_id=5)
    bo = artist("12:00-16:00", artist_id=3)
    answer = verdict([ana, bo], request(), at("01.11:30"))
    assert sorted(answer.obstacles, key=lambda one: one.cause.value) == [
        Obstacle(Cause.ARTIST_TAKEN, 5, span("01.11:00 01.12:00")),
        Obstacle(Cause.OUTSIDE_HOURS, 3, None),
    ]
    assert verdict([ana, bo], request(), at("01.12:00")).is_free


# --- units of a kind -------------------------------------------------------------------------------------------


def test_the_first_free_unit_in_the_pools_order_is_taken() -> None:
    pool = chairs(["01.10:30 01.11:00"], ["01.12:00 01.13:00"])
    assert seats([pool], artist("10:00-14:00")) == [
        ("10:00", (12,)),
        ("10:30", (12,)),
        ("11:00", (11,)),
        ("11:30", (11,)),
        ("12:00", (11,)),
        ("12:30", (11,)),
        ("13:00", (11,)),
    ]
    turned = StationPool(pool.need, {unit: pool.units[unit] for unit in (12, 11)})
    assert seats([turned], artist("10:00-14:00")) == [
        ("10:00", (12,)),
        ("10:30", (12,)),
        ("11:00", (12,)),
        ("11:30", (11,)),
        ("12:00", (11,)),
        ("12:30", (11,)),
        ("13:00", (12,)),
    ]


def test_no_slot_straddles_two_units() -> None:
    """One chair is free until eleven, the other from eleven on: an hour over eleven has none."""
    pool = chairs(["01.11:00 01.14:00"], ["01.08:00 01.11:00"])
    assert seats([pool], artist("10:00-13:00")) == [
        ("10:00", (11,)),
        ("11:00", (12,)),
        ("11:30", (12,)),
        ("12:00", (12,)),
    ]
    over = verdict([artist("10:00-13:00")], request(HOUR, HALF_HOURLY, pool), at("01.10:30"))
    assert over.obstacles == (Obstacle(Cause.STATION_TAKEN, None, span("01.08:00 01.11:00"), "chair"),)


def test_two_units_at_once_are_two_that_are_free_all_the_time() -> None:
    pool = chairs(["01.11:00 01.11:30"], ["01.12:30 01.13:00"], ["01.10:00 01.11:15"], units=2)
    assert seats([pool], artist("10:00-15:00")) == [
        ("10:00", (11, 12)),
        ("11:30", (11, 12)),
        ("12:00", (11, 13)),
        ("12:30", (11, 13)),
        ("13:00", (11, 12)),
        ("13:30", (11, 12)),
        ("14:00", (11, 12)),
    ]


def test_a_house_full_of_chairs_is_looked_through() -> None:
    pool = chairs(*([["01.09:00 01.15:00"]] * 1500), ["01.12:00 01.15:00"])
    assert seats([pool], artist("10:00-14:00")) == [("10:00", (1511,)), ("10:30", (1511,)), ("11:00", (1511,))]


@pytest.mark.parametrize(("units", "wanted"), [(0, 1), (1, 2), (2, 3)])
def test_too_few_units_are_never_enough(units: int, wanted: int) -> None:
    pool = chairs(*([()] * units), units=wanted)
    assert seats([pool], artist("10:00-14:00")) == []
    answer = verdict([artist("10:00-14:00")], request(HOUR, HALF_HOURLY, pool), at("01.10:00"))
    assert answer == ((Obstacle(Cause.STATION_TAKEN, None, None, "chair"),), ())


def test_a_chair_has_spans_of_its_own() -> None:
    """The artist needs half an hour before; the chair is only needed for the sitting and ten minutes of wiping."""
    sitting = Sitting(1800, H, 1800)
    (need,) = station_needs("chair", sitting, prep_s=0, clean_up_s=600)
    pool = StationPool(need, {11: [span("01.12:00 01.13:00")]})
    found = free_slots([artist("10:00-15:00")], request(sitting, SlotRules(step_s=600), pool), DAY)
    assert [shown(slot.start_s).removeprefix("01.") for slot in found] == [
        *("10:00 10:10 10:20 10:30 10:40 10:50".split()),
        *("13:00 13:10 13:20 13:30 13:40 13:50 14:00".split()),
    ]


# --- processing: the client waits, the artist stays, the chair may go -------------------------------------------

LONG = Sitting(0, 3 * H, 0)


@pytest.mark.parametrize(
    ("processing", "expected"),
    [
        (None, {"chair": ["0-180"]}),
        (Processing(3600, 3600), {"chair": ["0-180"]}),
        (Processing(3600, 3600, keeps_station=False), {"chair": ["0-60", "120-180"]}),
        (Processing(3600, 3600, "sink"), {"chair": ["0-180"], "sink": ["60-120"]}),
        (Processing(3600, 3600, "sink", keeps_station=False), {"chair": ["0-60", "120-180"], "sink": ["60-120"]}),
        (Processing(0, 3600, keeps_station=False), {"chair": ["60-180"]}),
        (Processing(7200, 3600, keeps_station=False), {"chair": ["0-120"]}),
    ],
)
def test_what_a_sitting_needs_of_stations(processing: Processing | None, expected: dict[str, list[str]]) -> None:
    found = station_needs("chair", LONG, processing=processing)
    assert {need.kind: [f"{start // 60}-{end // 60}" for start, end in need.kept] for need in found} == expected


def test_a_processing_may_need_a_station_though_the_sitting_does_not() -> None:
    (need,) = station_needs("", Sitting(600, 2 * H, 600), processing=Processing(1800, 1200, "sink"))
    assert need == StationNeed("sink", (Span(1800, 3000),))
    assert kept_from(1_000_000, need) == (Span(1_001_800, 1_003_000),)
    assert station_needs("", LONG) == ()


def test_prep_and_clean_up_of_a_released_chair_stay_on_the_outer_pieces() -> None:
    (need,) = station_needs("chair", Sitting(600, 3 * H, 900), processing=Processing(3600, 1800, keeps_station=False))
    assert need.kept == (Span(-600, 3600), Span(5400, 3 * H + 900))


def test_a_chair_is_free_for_others_while_something_works_by_itself() -> None:
    """The chair is booked 11:00 to 12:00: only a sitting whose processing covers that hour fits."""
    one = artist("09:00-14:00")
    (keeps,) = station_needs("chair", LONG, processing=Processing(3600, 3600))
    (leaves,) = station_needs("chair", LONG, processing=Processing(3600, 3600, keeps_station=False))
    busy = {11: [span("01.11:00 01.12:00")]}
    assert seats([StationPool(keeps, busy)], one, LONG) == []
    assert seats([StationPool(leaves, busy)], one, LONG) == [("10:00", (11,))]
    longer = {11: [span("01.11:00 01.12:01")]}
    assert seats([StationPool(leaves, longer)], one, LONG) == []


def test_the_same_chair_before_and_after_the_processing() -> None:
    """Two chairs, one free before, one after: nobody moves over, so there is no slot."""
    (leaves,) = station_needs("chair", LONG, processing=Processing(3600, 3600, keeps_station=False))
    pool = StationPool(leaves, {11: [span("01.11:00 01.14:00")], 12: [span("01.08:00 01.11:00")]})
    assert seats([pool], artist("10:00-13:00"), LONG) == []
    shorter = StationPool(leaves, {11: [span("01.11:00 01.12:00")], 12: [span("01.08:00 01.11:00")]})
    assert seats([shorter], artist("10:00-13:00"), LONG) == [("10:00", (11,))]


def test_two_sittings_may_share_a_chair_one_in_the_others_processing() -> None:
    """Ana's client leaves the chair from 11:00 to 12:00; Bo's hour fits in there exactly, and not five minutes off."""
    (leaves,) = station_needs("chair", LONG, processing=Processing(3600, 3600, keeps_station=False))
    kept = kept_from(at("01.10:00"), leaves)
    (hour,) = station_needs("chair", HOUR)
    pool = StationPool(hour, {11: kept})
    found = free_slots([artist("09:30-13:30", artist_id=2)], request(HOUR, SlotRules(step_s=300), pool), DAY)
    assert [shown(slot.start_s) for slot in found] == ["01.11:00"]


def test_the_artist_stays_kept_through_the_processing() -> None:
    pools = [
        StationPool(need, {11: ()})
        for need in station_needs("chair", LONG, processing=Processing(3600, 3600, keeps_station=False))
    ]
    busy = artist("10:00-13:00", "01.11:15 01.11:30")
    assert seats(pools, busy, LONG) == []
    answer = verdict([busy], request(LONG, HALF_HOURLY, *pools), at("01.10:00"))
    assert answer == ((Obstacle(Cause.ARTIST_TAKEN, 1, span("01.11:15 01.11:30")),), (11,))


def test_the_processings_own_kind_is_asked_just_for_its_time() -> None:
    needs = station_needs("chair", LONG, processing=Processing(3600, 3600, "sink", keeps_station=False))
    units = {"chair": {11: [span("01.11:00 01.12:00")], 12: ()}, "sink": {21: [span("01.11:30 01.12:00")], 22: ()}}
    pools = [StationPool(need, units[need.kind]) for need in needs]
    found = seats(pools, artist("09:00-14:00"), LONG)
    assert found == [
        ("09:00", (12, 21)),
        ("09:30", (12, 21)),
        ("10:00", (11, 22)),
        ("10:30", (12, 22)),
        ("11:00", (12, 21)),
    ]
    only = [StationPool(need, {one: spans for one, spans in units[need.kind].items() if one != 22}) for need in needs]
    assert seats(only, artist("09:00-14:00"), LONG) == [("09:00", (12, 21)), ("09:30", (12, 21)), ("11:00", (12, 21))]
    answer = verdict([artist("09:00-14:00")], request(LONG, HALF_HOURLY, *only), at("01.10:00"))
    assert answer.obstacles == (Obstacle(Cause.STATION_TAKEN, None, span("01.11:30 01.12:00"), "sink"),)


def test_both_artists_with_a_chair_each() -> None:
    ana, bo = artist("10:00-14:00", artist_id=1), artist("10:00-14:00", "01.13:00 01.13:30", artist_id=2)
    pool = chairs(["01.10:00 01.10:45"], (), ["01.11:30 01.12:00"], units=2)
    found = free_slots([ana, bo], request(HOUR, HALF_HOURLY, pool), DAY)
    assert found == [
        Slot(at("01.10:00"), at("01.11:00"), (1, 2), (12, 13)),
        Slot(at("01.10:30"), at("01.11:30"), (1, 2), (12, 13)),
        Slot(at("01.11:00"), at("01.12:00"), (1, 2), (11, 12)),
        Slot(at("01.11:30"), at("01.12:30"), (1, 2), (11, 12)),
        Slot(at("01.12:00"), at("01.13:00"), (1, 2), (11, 12)),
    ]


def test_windows_of_both_artists_and_a_chair_begin_where_all_are_free() -> None:
    ana, bo = artist("10:05-15:00", artist_id=1), artist("10:20-14:30", artist_id=2)
    pool = chairs(["01.09:00 01.10:35", "01.12:50 01.13:05"])
    asked = request(HOUR, SlotRules(step_s=2400, alignment=Alignment.WINDOW), pool)
    assert starts([ana, bo], asked, DAY) == "01.10:35 01.11:15 01.13:05"
    assert starts([ana, bo], asked, Span(DAY.start_s, at("01.11:15"))) == "01.10:35"
