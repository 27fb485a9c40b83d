"""The month by keys and pointer, and what it says."""

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.application.calendar import CalendarRange
from inkdesk.domain.artists import Leave
from inkdesk.ui.calendar.month_view import MonthView
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.ranges import Mode

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
FULL_DAY = date(2026, 11, 26)
FIRST, LAST = date(2026, 10, 26), date(2026, 12, 6)


def november() -> CalendarRange:
    """Twelve bookings on one date, one on each Monday, and leave over a weekend."""
    morning = datetime(2026, 11, 26, 9, tzinfo=sample.PARIS)
    cards = [
        sample.card(100 + n, 1 + n % 2, morning + timedelta(hours=n // 2), 30, client=f"Guest {n}") for n in range(12)
    ]
    mondays = [datetime(2026, 11, day, 14, tzinfo=sample.PARIS) for day in (2, 9, 16, 23, 30)]
    cards += [sample.card(200 + n, 2, start, 120, client=f"Monday {n}") for n, start in enumerate(mondays)]
    away = Leave(
        artist_id=1,
        starts_at=datetime(2026, 11, 7, tzinfo=sample.PARIS),
        ends_at=datetime(2026, 11, 9, tzinfo=sample.PARIS),
        reason="Convention",
    )
    return CalendarRange(
        zone=sample.ZONE, first=FIRST, last=LAST, artists=sample.ARTISTS, cards=cards, hours={}, leaves=[away]
    )


@pytest.fixture
def month(qtbot: QtBot) -> MonthView:
    """November in front, keys going to it."""
    page = CalendarPage(sample.ZONE, sample.NOW)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    page.activateWindow()
    asked: list[tuple[date, date]] = []
    page.range_requested.connect(lambda first, last: asked.append((first, last)))
    page.show_mode(Mode.MONTH)
    assert asked == [(FIRST, LAST)]
    page.show_range(november())
    view = page.views.currentWidget()
    assert isinstance(view, MonthView)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def press(month: MonthView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(month, key)


def test_weeks_begin_on_the_readers_first_weekday_and_hold_the_whole_month(month: MonthView) -> None:
    weeks = month.month.weeks(3)
    assert [week.days[0] for week in weeks] == [FIRST + timedelta(weeks=n) for n in range(6)]
    assert [month.month.is_of_month(day) for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1))] == [
        False,
        True,
        False,
    ]


def test_a_full_date_says_how_many_more_there_are(month: MonthView) -> None:
    week = next(week for week in month.month.weeks(4) if FULL_DAY in week.days)
    assert week.rows.more == (0, 0, 0, 9, 0, 0, 0)
    shown = [month.month.line(strip.entry.what) for strip in week.rows.strips if strip.entry.first == 3]
    assert shown == ["08:00 Guest 0", "08:00 Guest 1", "09:00 Guest 2"]  # plain formats show UTC


def test_leave_until_midnight_ends_on_the_date_before(month: MonthView) -> None:
    (strip,) = [
        strip for week in month.month.weeks(4) for strip in week.rows.strips if isinstance(strip.entry.what, Leave)
    ]
    assert (strip.entry.first, strip.entry.last) == (5, 6)
    assert month.month.line(strip.entry.what) == "Mia Laurent · Convention"


def test_arrows_go_by_dates_and_weeks_and_turn_the_month_at_its_edge(month: MonthView) -> None:
    start = month.presenter.day
    press(month, KEY.Key_Right, KEY.Key_Down, KEY.Key_Left, KEY.Key_Left)
    assert month.presenter.day == start + timedelta(days=6)
    press(month, KEY.Key_Down)
    assert month.presenter.mode is Mode.MONTH
    assert month.presenter.anchor == start + timedelta(days=13)


def test_a_page_is_a_month_and_the_last_day_stays_the_last(month: MonthView) -> None:
    month.act(lambda: month.presenter.go_to(date(2026, 10, 31)))
    press(month, KEY.Key_PageDown)
    assert month.presenter.day == date(2026, 11, 30)


def test_enter_opens_the_date_by_itself(qtbot: QtBot, month: MonthView) -> None:
    with qtbot.waitSignal(month.day_requested) as asked:
        press(month, KEY.Key_Return)
    assert asked.args == [date(2026, 11, 25)]
    assert month.presenter.mode is Mode.DAY
    assert month.presenter.day == date(2026, 11, 25)


def test_tab_walks_the_bookings_and_enter_opens_one(qtbot: QtBot, month: MonthView) -> None:
    press(month, KEY.Key_Tab)
    card = month.presenter.selected_booking()
    assert card is not None
    assert card.client_name == "Monday 0"
    assert month.cursor_words().startswith("confirmed, Monday 0")
    with qtbot.waitSignal(month.booking_requested) as asked:
        press(month, KEY.Key_Return)
    assert asked.args == [200]
    press(month, KEY.Key_Escape)
    assert month.presenter.selected() is None


def test_the_day_is_said_with_how_many_bookings_it_has(month: MonthView) -> None:
    press(month, KEY.Key_Right)
    assert month.cursor_words() == "2026-11-26, 12 bookings"
    press(month, KEY.Key_Right)
    assert month.cursor_words() == "2026-11-27, nothing booked"


def test_the_pointer_does_what_the_keys_do(qtbot: QtBot, month: MonthView) -> None:
    place = next(place for place in month.places() if not isinstance(place.what, Leave))
    QTest.mouseClick(month, Qt.MouseButton.LeftButton, pos=place.rect.center())
    assert month.presenter.selected() == place.what
    with qtbot.waitSignal(month.booking_requested):
        QTest.mouseDClick(month, Qt.MouseButton.LeftButton, pos=place.rect.center())
    empty = month.rect_of(2, 2).center()
    QTest.mouseClick(month, Qt.MouseButton.LeftButton, pos=empty)
    assert month.presenter.selected() is None
    assert month.presenter.day == date(2026, 11, 11)


def test_a_click_on_more_opens_the_date(qtbot: QtBot, month: MonthView) -> None:
    week = next(n for n, one in enumerate(month._weeks) if FULL_DAY in one.days)
    with qtbot.waitSignal(month.day_requested) as asked:
        QTest.mouseClick(month, Qt.MouseButton.LeftButton, pos=month._more_rect(week, 3).center())
    assert asked.args == [FULL_DAY]


def test_clock_and_artist_are_the_same_after_a_look_at_the_month(month: MonthView) -> None:
    presenter = month.presenter
    presenter.set_mode(Mode.WEEK)
    presenter.step_lanes(1)
    presenter.step_slots(5)
    assert presenter.cursor is not None
    lane, minute = presenter.lane, presenter.minute
    presenter.set_mode(Mode.MONTH)
    assert presenter.cursor is None
    presenter.set_mode(Mode.WEEK)
    assert (presenter.lane, presenter.minute) == (lane, minute)


def test_every_block_that_shows_is_told_to_a_screen_reader(month: MonthView) -> None:
    lines = [place for place in month.places() if not isinstance(place.what, Leave)]
    assert [card for card, _ in month.visible_cards()] == [place.what for place in lines]
    assert all(month.rect().contains(QPoint(box.x, box.y)) for _, box in month.visible_cards())
