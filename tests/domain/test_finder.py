"""The three offers, by whole answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inkdesk.domain.availability import Slot
from inkdesk.domain.finder import ANY_TIME, OfferKind, SlotKey, Wish, choose, three_offers
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.spans import Span

PARIS = ZoneInfo("Europe/Paris")
ANA, BO, CY = (1,), (2,), (3,)
EARLIEST, NEAREST, OTHER = OfferKind.EARLIEST, OfferKind.NEAREST, OfferKind.OTHER


def at(text: str, zone: ZoneInfo = PARIS) -> int:
    """POSIX seconds of ``24 14:30`` in November 2026 or of a whole ISO time."""
    whole = text if len(text) > 8 else f"2026-11-{text.replace(' ', 'T')}"
    start = datetime.fromisoformat(whole)
    return int((start if start.tzinfo else start.replace(tzinfo=zone)).timestamp())


def slots(*starts: str, artists: tuple[int, ...] = ANA, zone: ZoneInfo = PARIS) -> list[Slot]:
    """Slots of an hour."""
    return [Slot(at(one, zone), at(one, zone) + 3600, artists, ()) for one in starts]


def told(free: Sequence[Slot], wish: Wish = ANY_TIME, *declined: Slot) -> list[tuple[str, str, tuple[int, ...]]]:
    """The offers as kind, ``24 14:30`` and artists."""
    keys = [SlotKey(one.start_s, one.artist_ids) for one in declined]
    return [
        (kind.value, datetime.fromtimestamp(slot.start_s, PARIS).strftime("%d %H:%M"), slot.artist_ids)
        for slot, kind, _ in three_offers(free, wish, PARIS, keys)
    ]


def test_nothing_free_is_no_offer() -> None:
    assert told([]) == []


def test_as_soon_as_possible_offers_another_artist_and_another_day() -> None:
    free = [
        *slots("24 10:00", "24 10:15", "24 10:30", "25 09:00", "25 10:00"),
        *slots("24 10:00", "24 15:00", "26 09:00", artists=BO),
    ]
    assert told(free) == [("earliest", "24 10:00", ANA), ("other", "24 15:00", BO), ("other", "25 09:00", ANA)]


def test_one_artist_is_offered_on_three_days() -> None:
    free = slots("24 10:00", "24 10:15", "27 11:00", "27 12:00", "30 09:00", "30 10:00")
    assert told(free) == [("earliest", "24 10:00", ANA), ("other", "27 11:00", ANA), ("other", "30 09:00", ANA)]


def test_the_nearest_comes_second_and_the_next_day_keeps_the_asked_hour() -> None:
    free = slots("24 09:00", "26 09:00", "26 14:15", "26 18:00", "27 09:00", "27 14:00", "27 18:00")
    wish = Wish(near_s=at("26 14:00"))
    assert told(free, wish) == [
        ("earliest", "24 09:00", ANA),
        ("nearest", "26 14:15", ANA),
        ("other", "27 14:00", ANA),
    ]


def test_another_artist_on_the_asked_day_comes_before_the_next_day() -> None:
    free = [*slots("24 09:00", "26 14:00", "27 14:00"), *slots("26 18:00", "27 14:00", artists=BO)]
    wish = Wish(near_s=at("26 14:00"))
    assert told(free, wish)[2] == ("other", "26 18:00", BO)


def test_the_nearest_is_so_in_real_time_across_midnight() -> None:
    free = slots("24 09:00", "26 10:00", "27 00:15")
    assert told(free, Wish(near_s=at("26 23:00")))[1] == ("nearest", "27 00:15", ANA)


@pytest.mark.parametrize("asked", ["26 14:00", "2026-11-26T13:00:00+00:00"])
def test_of_two_equally_near_the_earlier_is_offered(asked: str) -> None:
    free = slots("24 09:00", "26 13:00", "26 15:00")
    assert told(free, Wish(near_s=at(asked)))[1] == ("nearest", "26 13:00", ANA)


def test_an_earliest_that_is_the_nearest_is_offered_once() -> None:
    free = [*slots("24 14:00", "24 14:15", "25 09:00", "25 14:15"), *slots("24 16:00", artists=BO)]
    assert told(free, Wish(near_s=at("24 14:00"))) == [
        ("earliest", "24 14:00", ANA),
        ("other", "24 16:00", BO),
        ("other", "25 14:15", ANA),
    ]


def test_what_is_asked_in_the_past_or_beyond_everything_still_has_a_nearest() -> None:
    free = slots("24 10:00", "25 10:00", "26 10:00")
    assert [kind for kind, _, _ in told(free, Wish(near_s=at("01 10:00")))] == ["earliest", "other", "other"]
    late = told(free, Wish(near_s=at("2027-05-01T10:00")))
    assert late == [("earliest", "24 10:00", ANA), ("nearest", "26 10:00", ANA), ("other", "25 10:00", ANA)]


def test_a_start_is_offered_twice_only_if_no_other_is_left() -> None:
    both = [*slots("24 10:00", "24 10:15"), *slots("24 10:00", artists=BO)]
    assert told(both) == [("earliest", "24 10:00", ANA), ("other", "24 10:15", ANA), ("other", "24 10:00", BO)]
    assert told([*both, *slots("24 11:00")])[2] == ("other", "24 11:00", ANA)


def test_the_preferred_artist_decides_between_equals_only() -> None:
    free = [*slots("24 09:00", artists=BO), *slots("24 10:00", "26 14:00"), *slots("24 10:00", "26 14:00", artists=BO)]
    free += slots("24 17:00", artists=CY)
    wish = Wish(preferred_artist_id=1)
    assert told(free, wish) == [("earliest", "24 09:00", BO), ("other", "24 10:00", ANA), ("other", "26 14:00", ANA)]
    late = Wish(preferred_artist_id=2, near_s=at("26 14:00"))
    assert told(free, late)[:2] == [("earliest", "24 09:00", BO), ("nearest", "26 14:00", BO)]


def test_two_artists_at_once_are_offered_as_they_are() -> None:
    together = slots("24 10:00", "24 10:15", "25 09:00", "26 09:00", artists=(1, 2))
    assert [start for _, start, _ in told(together)] == ["24 10:00", "25 09:00", "26 09:00"]


def test_who_declines_an_afternoon_hears_of_another_half_day_first() -> None:
    free = slots("24 10:00", "24 12:45", "24 14:00", "24 14:15", "24 14:30", "26 14:00", "26 14:15", "27 09:00")
    wish = Wish(near_s=at("24 14:00"))
    assert told(free, wish, *slots("24 14:00", "26 14:00")) == [
        ("earliest", "24 10:00", ANA),
        ("nearest", "24 12:45", ANA),
        ("other", "27 09:00", ANA),
    ]


def test_only_the_artists_whose_half_day_was_declined_step_back() -> None:
    free = [*slots("24 14:15", "25 09:00"), *slots("24 14:15", artists=BO), *slots("24 14:30", artists=(1, 2))]
    assert told(free, ANY_TIME, *slots("24 14:00")) == [
        ("earliest", "24 14:15", BO),
        ("other", "24 14:30", (1, 2)),
        ("other", "25 09:00", ANA),
    ]


def test_declined_half_days_fill_up_and_come_when_nothing_else_is_left() -> None:
    free = slots("24 14:15", "24 14:30", "24 14:45", "25 09:00")
    declined = slots("24 14:00")
    first = [("earliest", "25 09:00", ANA), ("other", "24 14:15", ANA), ("other", "24 14:30", ANA)]
    assert told(free, ANY_TIME, *declined) == first
    assert told(free, ANY_TIME, *declined, *slots("24 14:15", "24 14:30", "25 09:00")) == [
        ("earliest", "24 14:45", ANA)
    ]


def test_what_is_left_of_declined_half_days_is_never_certain_before_the_rest_is_read() -> None:
    declined = [SlotKey(one.start_s, one.artist_ids) for one in slots("24 10:00", "25 10:00", "26 10:00")]
    free, later = slots("24 10:15", "25 10:15", "26 10:15"), [Span(at("30 00:00"), at("30 23:00"))]
    assert choose(free, ANY_TIME, PARIS, (), later).is_certain
    assert not choose(free, ANY_TIME, PARIS, declined, later).is_certain
    others = slots("24 14:00", "25 14:00", "26 14:00")
    assert choose([*free, *others], ANY_TIME, PARIS, declined, later).is_certain


WEEK = ["23 09:00", "24 12:45", "24 13:00", "25 17:45", "25 18:00", "26 23:30", "27 00:30", "27 02:00", "28 01:45"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(window=WallSpan(780, 1080)), ["24 13:00", "25 17:45"]),
        (Wish(weekdays=frozenset({1, 2})), ["24 12:45", "24 13:00", "25 17:45", "25 18:00"]),
        (Wish(window=WallSpan(1320, 1560)), ["26 23:30", "27 00:30", "28 01:45"]),
        (Wish(window=WallSpan(1320, 1560), weekdays=frozenset({3})), ["26 23:30", "27 00:30"]),
        (Wish(window=WallSpan(1320, 1560), weekdays=frozenset({4})), ["28 01:45"]),
        (Wish(window=WallSpan(0, 1440)), WEEK),
        (Wish(window=WallSpan(1080, 2520), weekdays=frozenset({3})), ["26 23:30", "27 00:30", "27 02:00"]),
    ],
)
def test_only_what_starts_in_the_window_on_a_weekday_fits(wish: Wish, expected: list[str]) -> None:
    free = slots(*WEEK)
    declined: list[Slot] = []
    while offers := three_offers(free, wish, PARIS, [SlotKey(one.start_s, one.artist_ids) for one in declined]):
        declined += [one.slot for one in offers]
    offered = sorted(datetime.fromtimestamp(one.start_s, PARIS).strftime("%d %H:%M") for one in declined)
    assert offered == expected


def test_both_showings_of_a_doubled_hour_are_in_the_window() -> None:
    first, second = at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00")
    free = [Slot(start, start + 3600, ANA, ()) for start in (first - 5400, first, second, second + 5400)]
    offers = three_offers(free, Wish(window=WallSpan(120, 180)), PARIS)
    assert [one.slot.start_s for one in offers] == [first, second]


@pytest.mark.parametrize("zone", ["Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_window_and_weekday_are_those_of_the_zones_clock(zone: str) -> None:
    there = ZoneInfo(zone)
    start = datetime(2026, 4, 23, tzinfo=there)
    instants = [int(start.timestamp()) + 1800 * n for n in range(4 * 48)]
    free = [Slot(one, one + 3600, ANA, ()) for one in instants]
    wish = Wish(window=WallSpan(600, 660), weekdays=frozenset({4, 5}))
    found = [datetime.fromtimestamp(one.slot.start_s, there) for one in three_offers(free, wish, there)]
    assert [one.strftime("%a %H:%M") for one in found] == ["Fri 10:00", "Sat 10:00", "Fri 10:30"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": WallSpan(-1, 60)},
        {"window": WallSpan(1440, 1500)},
        {"window": WallSpan(600, 600)},
        {"window": WallSpan(600, 2041)},
        {"weekdays": frozenset({7})},
    ],
)
def test_a_wish_that_means_nothing_is_refused(wrong: dict[str, WallSpan]) -> None:
    with pytest.raises(ValueError, match=r"window|weekday"):
        Wish(**wrong)  # type: ignore[arg-type]


def day(number: int, days: int = 1) -> Span:
    """Whole days of November 2026."""
    start = datetime(2026, 11, number, tzinfo=PARIS)
    return Span(int(start.timestamp()), int((start + timedelta(days=days)).timestamp()))


SOON = slots("24 10:00", "25 10:00", "26 10:00")
AROUND = slots("24 10:00", "26 14:00", "26 14:15", "27 14:00")
LATE = [*slots("20 10:00", "26 11:00"), *slots("26 10:00", artists=BO)]


@pytest.mark.parametrize(
    ("free", "wish", "unread", "is_certain"),
    [
        (SOON, ANY_TIME, [], True),
        (SOON, ANY_TIME, [day(27, 300)], True),
        (SOON, ANY_TIME, [day(23)], False),
        (SOON, ANY_TIME, [day(26)], False),
        (SOON[:2], ANY_TIME, [day(27)], False),
        (SOON[:2], ANY_TIME, [], True),
        ([], ANY_TIME, [day(27)], False),
        ([], ANY_TIME, [], True),
        (slots("24 10:00", "24 11:00", "24 12:00"), ANY_TIME, [day(25)], False),
        (AROUND, Wish(near_s=at("26 14:00")), [day(28)], True),
        (AROUND, Wish(near_s=at("26 14:00")), [day(25), day(28)], False),
        (AROUND, Wish(near_s=at("26 14:00")), [day(27)], False),
        (AROUND, Wish(near_s=at("26 14:00")), [day(23)], False),
        (slots("20 10:00", "26 11:00", "27 09:00"), Wish(near_s=at("26 23:00")), [day(28, 9)], True),
        (LATE, Wish(near_s=at("26 23:00")), [day(27, 9)], False),
        (LATE, Wish(near_s=at("26 22:00")), [day(28, 9)], True),
    ],
)
def test_an_answer_is_certain_once_no_unread_day_can_change_it(
    free: list[Slot], wish: Wish, unread: list[Span], is_certain: bool
) -> None:
    assert choose(free, wish, PARIS, (), unread).is_certain is is_certain


def test_what_is_left_is_counted() -> None:
    assert choose(AROUND, ANY_TIME, PARIS).more == 1
    assert choose(AROUND[:2], ANY_TIME, PARIS).more == 0
