"""The three offers against a slow reading of their rules that sorts every slot with plain datetimes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from inkdesk.domain.availability import Slot
from inkdesk.domain.finder import Offer, SlotKey, Wish, choose, three_offers
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.spans import Span

DAYS = 6
STEP_S = 1800
WEEKS = [
    ("Europe/Paris", date(2026, 3, 26)),
    ("Europe/Paris", date(2026, 10, 22)),
    ("Australia/Lord_Howe", date(2026, 10, 1)),
    ("Africa/Cairo", date(2026, 4, 21)),
    ("Pacific/Apia", date(2011, 12, 27)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
]


@dataclass(frozen=True)
class Case:
    """One question."""

    zone: ZoneInfo
    first: date
    slots: list[Slot]
    wish: Wish

    def midnight(self, day: int) -> int:
        on = self.first + timedelta(days=day)
        return int(datetime(on.year, on.month, on.day, tzinfo=self.zone).timestamp())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name, first = draw(st.sampled_from(WEEKS))
    zone = ZoneInfo(name)
    begin = int(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp())
    steps = st.integers(0, DAYS * 86400 // STEP_S)
    artists = st.sampled_from([(1,), (2,), (3,), (1, 2)])
    chosen = draw(st.lists(st.tuples(steps, artists), max_size=14, unique=True))
    window = draw(st.none() | st.builds(lambda a, b: WallSpan(a, a + b), st.integers(0, 1439), st.integers(60, 1440)))
    near = draw(st.none() | st.integers(-2 * 86400, (DAYS + 2) * 86400))
    wish = Wish(
        window=window,
        weekdays=draw(st.just(frozenset()) | st.frozensets(st.integers(0, 6), min_size=2)),
        near_s=None if near is None else begin + near,
        preferred_artist_id=draw(st.sampled_from([None, 1, 2])),
    )
    return Case(zone, first, [Slot(begin + n * STEP_S, begin + n * STEP_S + 3600, who, ()) for n, who in chosen], wish)


def fits(case: Case, slot: Slot) -> bool:
    """Whether the window of some wanted date holds the start."""
    start = datetime.fromtimestamp(slot.start_s, case.zone).replace(tzinfo=None)
    window = case.wish.window or WallSpan(0, 1440)
    for back in (0, 1):
        midnight = datetime(start.year, start.month, start.day) - timedelta(days=back)  # noqa: DTZ001
        opens, closes = (midnight + timedelta(minutes=minute) for minute in window)
        if opens <= start < closes:
            return not case.wish.weekdays or midnight.weekday() in case.wish.weekdays
    return False


@dataclass
class SlowOffers:
    """The rules, read aloud."""

    case: Case
    left: list[Slot]
    spare: list[Slot]
    made: list[Slot] = field(default_factory=list)

    def day(self, slot: Slot) -> date:
        return self.shown(slot.start_s).date()

    def second(self, instant_s: int) -> int:
        shown = self.shown(instant_s)
        return shown.hour * 3600 + shown.minute * 60 + shown.second

    def shown(self, instant_s: int) -> datetime:
        return datetime.fromtimestamp(instant_s, self.case.zone)

    def unloved(self, slot: Slot) -> bool:
        return self.case.wish.preferred_artist_id not in slot.artist_ids

    def other_artist(self, slot: Slot) -> bool:
        return all(slot.artist_ids != one.artist_ids for one in self.made)

    def other_day(self, slot: Slot) -> bool:
        return all(self.day(slot) != self.day(one) for one in self.made)

    def other_start(self, slot: Slot) -> bool:
        return all(slot.start_s != one.start_s for one in self.made)

    def all(self) -> list[Slot]:
        self.made = [min(self.left, key=lambda slot: (slot.start_s, self.unloved(slot), slot.artist_ids))]
        near_s = self.case.wish.near_s
        if near_s is not None:
            nearest = min(
                self.left,
                key=lambda slot: (abs(slot.start_s - near_s), slot.start_s, self.unloved(slot), slot.artist_ids),
            )
            self.made += [nearest] if nearest not in self.made else []
        wants: list[tuple[Callable[[Slot], bool], list[Slot]]] = [
            (lambda slot: self.other_start(slot) and (self.other_day(slot) or self.other_artist(slot)), self.left),
            (lambda slot: self.other_start(slot) and self.other_day(slot), self.left),
            *[(self.other_start, self.left)] * 2,
            *[(self.other_start, self.spare)] * 2,
            *[(lambda slot: slot not in self.made, self.left)] * 2,
            *[(lambda slot: slot not in self.made, self.spare)] * 2,
        ]
        for want, whole in wants:
            found = [slot for slot in whole if want(slot)]
            if found and len(self.made) < 3:
                self.made.append(min(found, key=self.rank))
        return self.made

    def rank(self, slot: Slot) -> tuple[object, ...]:
        near_s = self.case.wish.near_s
        asked_day = self.shown(self.made[0].start_s if near_s is None else near_s).date()
        return (
            abs((self.day(slot) - asked_day).days),
            self.day(slot),
            not self.other_artist(slot),
            self.unloved(slot),
            abs(self.second(slot.start_s) - (0 if near_s is None else self.second(near_s))),
            slot.start_s,
            slot.artist_ids,
        )


def slow_offers(case: Case, declined: Sequence[Slot]) -> list[Slot]:
    left = [slot for slot in case.slots if slot not in declined and fits(case, slot)]
    spare = [slot for slot in left if any(is_same_half(case, slot, one) for one in declined)]
    fresh = [slot for slot in left if slot not in spare]
    if not left:
        return []
    return SlowOffers(case, fresh or spare, spare if fresh else []).all()


def is_same_half(case: Case, slot: Slot, declined: Slot) -> bool:
    """Whether both are of the same artists on the same morning, or on the same afternoon."""
    one, other = (datetime.fromtimestamp(start, case.zone) for start in (slot.start_s, declined.start_s))
    is_same_time = one.date() == other.date() and (one.hour < 13) == (other.hour < 13)
    return is_same_time and slot.artist_ids == declined.artist_ids


def offered(offers: Sequence[Offer]) -> list[Slot]:
    return [one.slot for one in offers]


def keys(slots: Sequence[Slot]) -> list[SlotKey]:
    return [SlotKey(slot.start_s, slot.artist_ids) for slot in slots]


@settings(max_examples=400, deadline=None)
@given(cases(), st.data())
def test_the_offers_are_those_of_the_rules(case: Case, data: st.DataObject) -> None:
    declined = data.draw(st.lists(st.sampled_from(case.slots), unique=True)) if case.slots else []
    offers = offered(three_offers(case.slots, case.wish, case.zone, keys(declined)))
    assert offers == slow_offers(case, declined)
    assert offered(three_offers(data.draw(st.permutations(case.slots)), case.wish, case.zone, keys(declined))) == offers


@settings(max_examples=200, deadline=None)
@given(cases())
def test_declining_until_nothing_is_left_offers_every_slot_that_fits_once(case: Case) -> None:
    declined: list[Slot] = []
    while offers := offered(three_offers(case.slots, case.wish, case.zone, keys(declined))):
        left = len({slot.start_s for slot in case.slots if slot not in declined and fits(case, slot)})
        assert len({slot.start_s for slot in offers}) == min(3, left)
        declined += offers
    assert sorted(declined) == sorted(slot for slot in case.slots if fits(case, slot))


@settings(max_examples=400, deadline=None)
@given(cases(), st.frozensets(st.integers(0, DAYS)), st.data())
def test_a_certain_answer_is_the_answer_of_all_slots(
    case: Case, unread_days: frozenset[int], data: st.DataObject
) -> None:
    declined = keys(data.draw(st.lists(st.sampled_from(case.slots), unique=True, max_size=4))) if case.slots else []
    unread = [Span(case.midnight(day), case.midnight(day + 1)) for day in sorted(unread_days)]
    unread = [span for span in unread if span.start_s < span.end_s]
    known = [slot for slot in case.slots if not any(span.start_s <= slot.start_s < span.end_s for span in unread)]
    choice = choose(known, case.wish, case.zone, declined, unread)
    whole = choose(case.slots, case.wish, case.zone, declined)
    if choice.is_certain:
        assert choice.offers == whole.offers
