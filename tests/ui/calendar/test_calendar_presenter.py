"""What the calendar decides, without a window."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support import sample_week as sample

from inkdesk.application.calendar import BookingCard, CalendarRange
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.bands import BandKind
from inkdesk.ui.calendar.geometry import Lane
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.ranges import Mode
from inkdesk.ui.calendar.shown import Filter, id_of


def shown(data: CalendarRange) -> CalendarPresenter:
    presenter = CalendarPresenter(data.zone, sample.NOW)
    presenter.go_to(data.first)
    assert presenter.show(data)
    return presenter


def picture(presenter: CalendarPresenter) -> str:
    """The laid-out week as text: a line for each lane that holds something."""
    lines = []
    for lane in presenter.board.lanes:
        blocks = [
            f"{p.start_min // 60:02d}:{p.start_min % 60:02d}-{p.end_min // 60:02d}:{p.end_min % 60:02d}"
            f" {p.left:.2f}+{p.width:.2f} {presenter.text(p.what.card, lane.artist_id).name}"
            for p in presenter.board.index.all(lane)
        ]
        if blocks:
            lines.append(f"{lane.day:%a} {lane.artist_id}: {' | '.join(blocks)}")
    return "\n".join(lines)


WEEK = """\
Mon 1: 10:00-13:00 0.00+1.00 Anna Rossi | 14:00-15:30 0.00+1.00 Karim B.
Mon 2: 11:00-15:00 0.00+1.00 Elodie Marchand
Tue 1: 10:30-12:30 0.00+1.00 Louis Petit
Tue 2: 13:00-14:00 0.00+0.50 Sara Novak | 13:30-15:30 0.50+0.50 Jonas Weber
Tue 3: 12:00-17:00 0.00+1.00 Maëlle Dubois
Wed 1: 10:00-12:30 0.00+1.00 Nina Simonet | 13:00-16:00 0.00+1.00 Paul Girard
Wed 2: 15:00-17:00 0.00+1.00 Zoé Lambert
Wed 3: 12:00-16:00 0.00+1.00 Omar Haddad
Thu 1: 11:00-13:00 0.00+1.00 Ines Caron
Thu 2: 10:00-13:00 0.00+1.00 Robert Klein | 14:00-14:45 0.00+1.00 Ava | 15:00-15:30 0.00+1.00 Leo
Thu 3: 13:00-16:00 0.00+1.00 Chloé Fontaine
Fri 1: 10:00-14:00 0.00+1.00 <b>Tim</b> \u05d3\u05d5\u05d3
Fri 3: 11:00-16:00 0.00+1.00 Hugo Blanc
Sat 1: 11:00-14:00 0.00+1.00 Emma Roux
Sat 2: 10:00-11:00 0.00+1.00 Fatou Diop | 12:00-16:00 0.00+1.00 Max Brandt"""


def test_the_whole_week_laid_out() -> None:
    presenter = shown(sample.week())
    presenter.use_filter(Filter(hidden=frozenset()))
    assert picture(presenter) == WEEK


def test_cancelled_and_lapsed_are_hidden_and_free_their_width() -> None:
    presenter = shown(sample.week())
    names = {presenter.text(card, 0).name for card in presenter.board.cards}
    assert names.isdisjoint({"Sara Novak", "Leo"})
    (block,) = presenter.board.index.all(Lane(date(2026, 11, 24), 2))
    assert (block.left, block.width) == (0.0, 1.0)


def test_hours_stay_and_leave_shade_the_lanes() -> None:
    presenter = shown(sample.week())
    bands = dict(zip(presenter.board.lanes, presenter.board.bands, strict=True))
    assert [tuple(b) for b in bands[Lane(date(2026, 11, 26), 1)]] == [
        (0, 600, BandKind.OFF_HOURS, ""),
        (1140, 1440, BandKind.OFF_HOURS, ""),
        (960, 1140, BandKind.LEAVE, "Dentist"),
    ]
    assert [tuple(b) for b in bands[Lane(date(2026, 11, 28), 3)]] == [(0, 1440, BandKind.AWAY, "not here")]
    assert (0, 1440, BandKind.LEAVE, "Convention") in bands[Lane(date(2026, 11, 27), 2)]


def test_a_closed_studio_is_a_leave_of_everyone() -> None:
    closure = Leave(id=9, artist_id=None, starts_at=sample.at(0, 0), ends_at=sample.at(1, 0))
    presenter = shown(sample.week(leaves=(closure,)))
    monday = [bands for lane, bands in zip(presenter.board.lanes, presenter.board.bands, strict=True)
              if lane.day == sample.MONDAY]  # fmt: skip
    assert [[b.label for b in bands if b.kind is BandKind.LEAVE] for bands in monday] == [["closed"]] * 3


def test_a_guest_who_is_not_here_all_week_has_no_lane() -> None:
    presenter = shown(sample.week((), monday=date(2026, 11, 30)))
    assert [artist.id for artist in presenter.artists] == [1, 2]


def test_the_missing_hour_is_shaded_and_is_no_slot() -> None:
    presenter = shown(sample.week((), monday=date(2026, 3, 23)))
    lane = presenter.board.lanes.index(Lane(date(2026, 3, 29), 1))
    assert (120, 180, BandKind.AWAY, "") in presenter.board.bands[lane]
    assert presenter.slot(lane, 150, 0.5) is None
    assert presenter.slot(lane, 185, 0.5) is not None


def test_the_repeated_hour_stands_side_by_side_and_is_hit_by_halves() -> None:
    zone = ZoneInfo(sample.ZONE)
    first = datetime(2026, 10, 25, 2, 0, tzinfo=zone)
    cards = (sample.card(1, 1, first, 60, client="One"), sample.card(2, 1, first.replace(fold=1), 60, client="Two"))
    presenter = shown(sample.week(cards, monday=date(2026, 10, 19)))
    lane = Lane(date(2026, 10, 25), 1)
    assert [(p.start_min, p.end_min, p.left, p.width) for p in presenter.board.index.all(lane)] == [
        (120, 180, 0.0, 0.5),
        (120, 180, 0.5, 0.5),
    ]
    number = presenter.board.lanes.index(lane)
    left, right = presenter.slot(number, 130, 0.2), presenter.slot(number, 130, 0.8)
    assert left is not None
    assert right is not None
    assert right.slot.starts_at - left.slot.starts_at == timedelta(hours=1)


def test_the_cursor_walks_through_a_clock_change_in_real_time() -> None:
    presenter = shown(sample.week((), monday=date(2026, 10, 19)))
    lane = presenter.board.lanes.index(Lane(date(2026, 10, 25), 1))
    start = presenter.slot(lane, 105, 0.0)
    assert start is not None
    presenter.put_cursor(start)
    presenter.step_slots(9)
    assert presenter.cursor is not None
    assert (presenter.cursor.slot.minute, presenter.cursor.slot.fold) == (180, 1)
    assert presenter.cursor.slot.starts_at - start.slot.starts_at == timedelta(minutes=135)


def test_a_late_answer_for_other_dates_changes_nothing() -> None:
    presenter = shown(sample.week())
    presenter.turn(1)
    board = presenter.board
    assert not presenter.show(sample.week())
    assert presenter.board is board
    assert presenter.board.cards == ()


def test_cursor_and_selection_survive_new_data_and_a_vanished_booking_is_let_go() -> None:
    presenter = shown(sample.week())
    card = presenter.board.find(17)
    presenter.select(card)
    cursor = presenter.cursor
    presenter.show(sample.week([replace(c, note="changed") for c in sample.CARDS]))
    assert (presenter.selected_id, presenter.cursor) == (17, cursor)
    presenter.show(sample.week([c for c in sample.CARDS if c.booking_id != 17]))
    assert presenter.selected_id is None


def test_bookings_are_walked_in_reading_order_and_the_walk_ends() -> None:
    presenter = shown(sample.week())
    walked = []
    while presenter.step_bookings(1):
        walked.append(presenter.selected_id)
    assert walked[:6] == [1, 3, 2, 4, 7, 6]
    assert len(walked) == len(sample.CARDS) - 2
    assert presenter.step_bookings(-1)
    assert presenter.selected_id == walked[-2]


def test_arrows_select_what_they_meet_and_turn_the_page_at_the_edge() -> None:
    presenter = shown(sample.week())
    presenter.go_to(sample.MONDAY)
    presenter.step_slots(4)
    assert presenter.selected_id == 1
    presenter.step_lanes(1)
    assert presenter.selected_id is None
    presenter.step_lanes(-1)
    presenter.step_lanes(-1)
    assert presenter.last == sample.MONDAY - timedelta(days=1)
    assert presenter.lane is not None
    assert presenter.lane.day == presenter.last


def test_day_and_week_turn_by_their_own_length_around_the_cursor() -> None:
    presenter = shown(sample.week())
    presenter.go_to(date(2026, 11, 26))
    presenter.set_mode(Mode.DAY)
    assert (presenter.first, presenter.last) == (date(2026, 11, 26), date(2026, 11, 26))
    presenter.turn(-1)
    assert presenter.first == date(2026, 11, 25)
    presenter.set_mode(Mode.WEEK)
    presenter.turn(1)
    assert presenter.first == date(2026, 11, 30)


def test_one_artist_has_the_week_alone_until_gone() -> None:
    presenter = shown(sample.week())
    presenter.filter_artist(2)
    assert {lane.artist_id for lane in presenter.board.lanes} == {2}
    assert presenter.show(sample.week((), artists=(sample.MIA,)))
    assert presenter.artist_id is None


@pytest.mark.parametrize(
    ("booking_id", "state"),
    [
        (10, "held, not paid, 35 min left"),
        (12, "requested"),
        (9, "arrived"),
        (11, "confirmed"),
        (1, "completed"),
        (2, "did not come"),
        (5, "cancelled"),
        (15, "not paid, given free"),
    ],
)
def test_the_spoken_name_tells_the_state(booking_id: int, state: str) -> None:
    presenter = shown(sample.week())
    presenter.use_filter(Filter(hidden=frozenset()))
    card = presenter.board.find(booking_id)
    assert isinstance(card, BookingCard)
    spoken = presenter.spoken(card)
    assert spoken.startswith(f"{state}, {card.client_name}, {card.service_name}, with ")


def test_a_hold_counts_down_and_its_end_is_said() -> None:
    presenter = shown(sample.week())
    card = presenter.board.find(10)
    assert isinstance(card, BookingCard)
    lines = []
    for minutes in (0, 34, 35, 90):
        presenter.now = sample.NOW + timedelta(minutes=minutes)
        lines.append(presenter.text(card, card.artist_id).details[0])
    assert lines == ["35 min left", "1 min left", "time is up", "time is up"]
    assert presenter.text(replace(card, hold_until=None), card.artist_id).details[0] == "not paid"


def test_an_empty_calendar_says_what_to_do() -> None:
    assert "Settings" in CalendarPresenter(sample.ZONE, sample.NOW).empty_words()
    presenter = shown(sample.week(()))
    assert "this week" in presenter.empty_words()
    presenter.set_mode(Mode.DAY)
    assert "this day" in presenter.empty_words()
    assert shown(sample.week()).empty_words() == ""


def test_without_artists_no_key_fails() -> None:
    presenter = CalendarPresenter(sample.ZONE, sample.NOW)
    presenter.step_slots(1)
    presenter.step_lanes(1)
    presenter.turn(1)
    assert not presenter.step_bookings(1)
    assert presenter.cursor is None
    assert presenter.slot(0, 600, 0.5) is None


def test_a_filter_on_a_guest_outlives_the_page_turn_beyond_the_stay() -> None:
    presenter = shown(sample.week())
    presenter.filter_artist(3)
    presenter.turn(1)
    assert {lane.artist_id for lane in presenter.board.lanes} == {3}


def test_a_night_booking_shows_on_both_days_and_is_walked_once() -> None:
    night = sample.card(1, 1, sample.at(1, 22), 300, BookingStatus.CONFIRMED)
    presenter = shown(sample.week((night,)))
    assert [id_of(card) for card in presenter.board.cards] == [1]
    assert [p.start_min for p in presenter.board.index.all(Lane(date(2026, 11, 25), 1))] == [0]
