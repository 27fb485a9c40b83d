"""The bar of whole dates: what is in it, and where."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from support import sample_week as sample

from inkdesk.application.calendar import CalendarRange
from inkdesk.domain.artists import Leave
from inkdesk.ui.calendar.all_day import lay_bar, line
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.ranges import Mode


def leave(artist_id: int | None, first: datetime, last: datetime, reason: str = "") -> Leave:
    return Leave(artist_id=artist_id, starts_at=first, ends_at=last, reason=reason)


NIGHT = sample.card(50, 2, sample.at(3, 22), 8 * 60, client="Night Owl")
WEEK = CalendarRange(
    zone=sample.ZONE,
    first=sample.MONDAY,
    last=sample.MONDAY + timedelta(days=6),
    artists=sample.ARTISTS,
    cards=[NIGHT, sample.card(51, 1, sample.at(1, 10), 60)],
    hours={},
    leaves=[
        leave(1, sample.at(1, 0), sample.at(3, 0), "Convention"),
        leave(2, sample.at(2, 9), sample.at(2, 12), "Dentist"),
        leave(None, sample.at(6, 0), sample.at(7, 0)),
        leave(9, sample.at(0, 0), sample.at(6, 0), "Somebody else's"),
    ],
)


@pytest.fixture
def presenter() -> CalendarPresenter:
    made = CalendarPresenter(sample.ZONE, sample.NOW)
    made.go_to(sample.MONDAY)
    assert made.show(WEEK)
    return made


def bars(presenter: CalendarPresenter) -> list[tuple[int, int, int, str]]:
    return [
        (one.entry.first, one.entry.last, one.row, line(presenter, one.entry.what)) for one in lay_bar(presenter).strips
    ]


def test_what_lasts_whole_dates_or_over_midnight_is_in_the_bar(presenter: CalendarPresenter) -> None:
    assert bars(presenter) == [
        (1, 2, 0, "Mia Laurent · Convention"),
        (3, 4, 0, "21:00 Night Owl"),
        (6, 6, 0, "closed"),
    ]


def test_a_day_has_the_bar_of_its_date(presenter: CalendarPresenter) -> None:
    presenter.set_mode(Mode.DAY)
    presenter.go_to(sample.MONDAY + timedelta(days=2))
    assert bars(presenter) == [(0, 0, 0, "Mia Laurent · Convention")]
    presenter.go_to(sample.MONDAY)
    assert bars(presenter) == []


def test_a_filtered_artist_has_nothing_in_the_bar(presenter: CalendarPresenter) -> None:
    presenter.filter_artist(2)
    assert [words for _, _, _, words in bars(presenter)] == ["21:00 Night Owl", "closed"]


def test_the_bar_takes_room_only_while_it_has_something(page: CalendarPage) -> None:
    page.go_to(sample.MONDAY)
    page.show_range(replace(WEEK, leaves=(), cards=()))
    without = page.view.viewport().height()
    page.show_range(WEEK)
    assert page.view.viewport().height() < without
    assert page.view._all_day.geometry().bottom() == page.view.viewport().geometry().top() - 1


def test_a_click_on_a_bar_selects_its_booking(page: CalendarPage) -> None:
    page.go_to(sample.MONDAY)
    page.show_range(WEEK)
    bar = page.view._all_day
    place = next(rect for what, rect in bar._places() if what == NIGHT)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y()))
    assert page.presenter.selected_id == 50
    assert page.view.hasFocus()


def test_more_bars_than_fit_are_counted(presenter: CalendarPresenter) -> None:
    many = [leave(1, sample.at(0, 0), sample.at(1, 0), str(n)) for n in range(5)]
    presenter.show(replace(WEEK, leaves=many))
    assert lay_bar(presenter).more == (3, 0, 0, 0, 0, 0, 0)
