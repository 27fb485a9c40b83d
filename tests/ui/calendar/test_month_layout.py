"""Rows of a week of the month: whole layouts, and what holds for every week."""

from hypothesis import given
from hypothesis import strategies as st

from inkdesk.ui.calendar.month_layout import DAYS, DateRows, Entry, Strip, lay_dates


def one(day: int, what: str) -> Entry[str]:
    return Entry(day, day, what)


def test_what_fits_stands_row_by_row_in_the_order_given() -> None:
    early, late, other = one(1, "early"), one(1, "late"), one(2, "other")
    assert lay_dates([early, late, other], 3) == DateRows((Strip(0, early), Strip(1, late), Strip(0, other)), (0,) * 7)


def test_a_date_that_is_too_full_counts_the_rest_in_its_last_row() -> None:
    full = [one(3, str(n)) for n in range(5)]
    assert lay_dates(full, 3) == DateRows((Strip(0, full[0]), Strip(1, full[1])), (0, 0, 0, 3, 0, 0, 0))
    assert lay_dates(full, 5).more == (0,) * 7


def test_a_bar_over_several_dates_keeps_one_row_and_comes_first() -> None:
    bar, day = Entry(0, 4, "leave"), one(2, "sitting")
    assert lay_dates([day, bar], 2) == DateRows((Strip(0, bar), Strip(1, day)), (0,) * 7)


def test_a_bar_that_does_not_fit_on_one_of_its_dates_shows_on_none() -> None:
    bars = [Entry(0, 6, "a"), Entry(0, 5, "b"), Entry(0, 4, "c")]
    assert lay_dates(bars, 2) == DateRows((Strip(0, bars[0]),), (2, 2, 2, 2, 2, 1, 0))


def test_a_date_beside_a_full_one_counts_what_is_hidden_with_it() -> None:
    bar, rest = Entry(2, 3, "bar"), [one(2, "x"), one(2, "y"), Entry(1, 4, "long")]
    laid = lay_dates([bar, *rest], 2)
    assert laid.more == (0, 0, 3, 1, 0, 0, 0)
    assert [strip.entry.what for strip in laid.strips] == ["long"]


ENTRIES = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)).map(lambda ends: Entry(min(ends), max(ends), ends)),
    max_size=14,
)


@given(ENTRIES, st.integers(0, 6))
def test_nothing_is_lost_and_nothing_overlaps(entries: list[Entry[tuple[int, int]]], rows: int) -> None:
    laid = lay_dates(entries, rows)
    for day in range(DAYS):
        here = [strip for strip in laid.strips if strip.entry.first <= day <= strip.entry.last]
        assert len({strip.row for strip in here}) == len(here)
        assert len(here) + laid.more[day] == sum(entry.first <= day <= entry.last for entry in entries)
        assert all(strip.row < rows - (laid.more[day] > 0) for strip in here)


@given(ENTRIES)
def test_with_room_for_all_everything_shows(entries: list[Entry[tuple[int, int]]]) -> None:
    assert lay_dates(entries, len(entries)).more == (0,) * DAYS
