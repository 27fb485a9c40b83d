"""An artist's hours by plans, limits and styles: what is entered by keys is stored and read back."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QTabBar,
)
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import choose, errors, input_of, opened, press, retype, save, tick

from inkdesk.domain.artists import Artist
from inkdesk.domain.hours import CLOSED_WEEK, WallSpan, WeeklyHours, WeeklyPlan, every_week
from inkdesk.domain.slot_rules import NO_LIMITS, Limits
from inkdesk.ui.settings.artist_dialog import ArtistDialog

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)

TODAY = date(2026, 11, 23)
NINE_TO_FIVE = (WallSpan(540, 1020),)
TEN_TO_TWO = (WallSpan(600, 840),)
USUAL: WeeklyHours = (NINE_TO_FIVE,) * 5 + ((), ())
ADD = "Other hours from a date on"


def ana(desk: Desk) -> Artist:
    return next(one for one in desk.studio.settings(TODAY).artists if one.id == desk.book.ana.id)


def open_ana(qtbot: QtBot, desk: Desk) -> ArtistDialog:
    desk.page.open_section("artists")
    QTest.keyClick(desk.page.artists.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ArtistDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def store(qtbot: QtBot, desk: Desk, artist: Artist) -> None:
    """As another program would; the page is read anew."""
    desk.studio.save_artist(artist)
    with qtbot.waitSignal(desk.page.artists.list.model().rowsInserted):
        desk.page.reload()


def with_day(week: WeeklyHours, day: int, spans: tuple[WallSpan, ...]) -> WeeklyHours:
    return (*week[:day], spans, *week[day + 1 :])


def tab_texts(dialog: ArtistDialog) -> list[str]:
    tabs = input_of(dialog, "Plans of working hours", QTabBar)
    return [tabs.tabText(tab) for tab in range(tabs.count())]


def test_one_week_stays_one_plan(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    assert not [bar for bar in dialog.findChildren(QTabBar) if bar.isVisible()]
    retype(qtbot, input_of(dialog, "Sat", QLineEdit), "10-14")
    save(qtbot, dialog)
    assert ana(desk).plans == every_week(with_day(USUAL, 5, TEN_TO_TWO))


def test_two_weeks_take_turns(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    choose(input_of(dialog, "Weeks", QComboBox), 1)
    QTest.keyClick(input_of(dialog, "Week A is that of", QAbstractSpinBox), Qt.Key.Key_Up)
    retype(qtbot, input_of(dialog, "Sat, week B", QLineEdit), "22:00-06:00")
    retype(qtbot, input_of(dialog, "Mon, week A", QLineEdit), "")
    save(qtbot, dialog)
    night = with_day(CLOSED_WEEK, 5, (WallSpan(1320, 1800),))
    assert ana(desk).plans == (WeeklyPlan((with_day(USUAL, 0, ()), night), None, date(2026, 11, 24)),)


def test_a_week_that_is_hidden_again_keeps_what_was_typed(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    weeks = input_of(dialog, "Weeks", QComboBox)
    choose(weeks, 1)
    retype(qtbot, input_of(dialog, "Sun, week B", QLineEdit), "noon to six")
    choose(weeks, 0)
    assert input_of(dialog, "Sun", QLineEdit).text() == ""
    choose(weeks, 1)
    assert input_of(dialog, "Sun, week B", QLineEdit).text() == "noon to six"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == ["noon to six are no hours. Type them like 10:00-13:00, 14:00-19:00."]
    assert dialog.focusWidget() is input_of(dialog, "Sun, week B", QLineEdit)
    choose(weeks, 0)
    save(qtbot, dialog)
    assert ana(desk).plans == every_week(USUAL)


def test_two_weeks_are_read_back_and_left_as_they_are(qtbot: QtBot, desk: Desk) -> None:
    stored = (WeeklyPlan((USUAL, CLOSED_WEEK), None, date(1999, 6, 2)),)
    store(qtbot, desk, replace(desk.book.ana, plans=stored))
    dialog = open_ana(qtbot, desk)
    assert input_of(dialog, "Mon, week A", QLineEdit).text() == "09:00-17:00"
    assert input_of(dialog, "Mon, week B", QLineEdit).text() == ""
    week_a = input_of(dialog, "Week A is that of", QAbstractSpinBox).text()
    weeks_since = (date(2026, 11, 23) - date(1999, 5, 31)).days // 7
    assert ("23" in week_a) == (weeks_since % 2 == 0), week_a
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Anna")
    save(qtbot, dialog)
    assert (ana(desk).name, ana(desk).plans) == ("Anna", stored)


def test_more_weeks_than_the_form_offers_are_all_shown_and_kept(qtbot: QtBot, desk: Desk) -> None:
    stored = (WeeklyPlan((USUAL, CLOSED_WEEK, USUAL, CLOSED_WEEK)),)
    store(qtbot, desk, replace(desk.book.ana, plans=stored))
    dialog = open_ana(qtbot, desk)
    assert input_of(dialog, "Weeks", QComboBox).currentText() == "4 weeks in turn"
    retype(qtbot, input_of(dialog, "Sun, week D", QLineEdit), "10-14")
    save(qtbot, dialog)
    last = with_day(CLOSED_WEEK, 6, TEN_TO_TWO)
    assert ana(desk).plans == (replace(stored[0], weeks=(USUAL, CLOSED_WEEK, USUAL, last)),)


def test_other_hours_from_a_date_on(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    press(dialog, ADD)
    assert tab_texts(dialog) == ["So far", "From 2026-11-30"]
    begins = input_of(dialog, "Begins on", QAbstractSpinBox)
    assert dialog.focusWidget() is begins
    QTest.keyClicks(begins, "16")
    assert tab_texts(dialog) == ["So far", "From 2026-11-16"]
    assert input_of(dialog, "Mon", QLineEdit).text() == "09:00-17:00"
    retype(qtbot, input_of(dialog, "Mon", QLineEdit), "10-14")
    save(qtbot, dialog)
    later = WeeklyPlan((with_day(USUAL, 0, TEN_TO_TWO),), date(2026, 11, 16))
    assert ana(desk).plans == (*every_week(USUAL), later)


def test_two_weeks_from_a_date_on_begin_with_week_a(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    press(dialog, ADD)
    QTest.keyClicks(input_of(dialog, "Begins on", QAbstractSpinBox), "07122026")
    choose(input_of(dialog, "Weeks", QComboBox), 1)
    save(qtbot, dialog)
    assert ana(desk).plans[1] == WeeklyPlan((USUAL, CLOSED_WEEK), date(2026, 12, 7), date(2026, 12, 7))


def test_each_plan_keeps_what_was_typed_in_it(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    press(dialog, ADD)
    retype(qtbot, input_of(dialog, "Tue", QLineEdit), "later")
    tabs = input_of(dialog, "Plans of working hours", QTabBar)
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    assert input_of(dialog, "Tue", QLineEdit).text() == "09:00-17:00"
    retype(qtbot, input_of(dialog, "Wed", QLineEdit), "10-14")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == ["later are no hours. Type them like 10:00-13:00, 14:00-19:00."]
    assert tabs.currentIndex() == 1, "the plan with the fault is shown"
    retype(qtbot, input_of(dialog, "Tue", QLineEdit), "")
    save(qtbot, dialog)
    first, second = ana(desk).plans
    assert first.weeks == (with_day(USUAL, 2, TEN_TO_TWO),)
    assert (second.weeks, second.starts_on) == ((with_day(USUAL, 1, ()),), date(2026, 11, 30))


def test_plans_stand_in_the_order_of_their_dates(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    for _ in range(2):
        press(dialog, ADD)
    assert tab_texts(dialog) == ["So far", "From 2026-11-30", "From 2026-12-07"]
    begins = input_of(dialog, "Begins on", QAbstractSpinBox)
    QTest.keyClicks(begins, "2511")
    assert tab_texts(dialog) == ["So far", "From 2026-11-25", "From 2026-11-30"]
    assert input_of(dialog, "Plans of working hours", QTabBar).currentIndex() == 1
    save(qtbot, dialog)
    assert [plan.starts_on for plan in ana(desk).plans] == [None, date(2026, 11, 25), date(2026, 11, 30)]


def test_two_plans_on_one_date_are_refused_at_the_date(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    press(dialog, ADD)
    press(dialog, ADD)
    QTest.keyClicks(input_of(dialog, "Begins on", QAbstractSpinBox), "3011")
    assert tab_texts(dialog) == ["So far", "From 2026-11-30", "From 2026-11-30"]
    QTest.keyClick(input_of(dialog, "Plans of working hours", QTabBar), Qt.Key.Key_Home)
    dialog.submit()
    assert errors(dialog) == ["Two plans of hours start on the same date. Change one date."]
    assert dialog.focusWidget() is input_of(dialog, "Begins on", QAbstractSpinBox)
    assert ana(desk) == desk.book.ana


def test_a_plan_is_removed_once_asked(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    press(dialog, ADD)
    press(dialog, "Remove")
    (question,) = dialog.findChildren(QMessageBox)
    assert "2026-11-30" in question.text()
    QTest.keyClick(next(one for one in question.buttons() if one.text() == "Remove"), Qt.Key.Key_Space)
    assert not [bar for bar in dialog.findChildren(QTabBar) if bar.isVisible()]
    removes = [one for one in dialog.findChildren(QPushButton) if one.text() == "Re&move"]
    assert [one.isVisible() for one in removes] == [False], "hours that have always held cannot be removed"
    save(qtbot, dialog)
    assert ana(desk).plans == every_week(USUAL)


def test_the_plan_of_today_is_shown_first(qtbot: QtBot, desk: Desk) -> None:
    plans = (*every_week(USUAL), WeeklyPlan((CLOSED_WEEK,), date(2026, 1, 5)), WeeklyPlan((USUAL,), date(2027, 1, 4)))
    store(qtbot, desk, replace(desk.book.ana, plans=plans))
    dialog = open_ana(qtbot, desk)
    assert input_of(dialog, "Plans of working hours", QTabBar).currentIndex() == 1
    QTest.keyClick(input_of(dialog, "Plans of working hours", QTabBar), Qt.Key.Key_Right)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden(), "looking at a plan is no change"


def test_limits_are_stored_and_read_back(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    tick(dialog, "Limits to what is taken on")
    retype(qtbot, spin_line(dialog, "At most a day"), "3")
    retype(qtbot, spin_line(dialog, "Only one a day over"), "4.5")
    save(qtbot, dialog)
    limits = Limits(per_day=3, long_sitting_s=16200)
    assert ana(desk).limits == limits
    with qtbot.waitSignal(desk.page.artists.list.model().rowsInserted):
        desk.page.reload()
    dialog = open_ana(qtbot, desk)
    assert spin_line(dialog, "At most a day").text() == "3 sittings"
    assert spin_line(dialog, "At most a week").text() == "No limit"
    assert spin_line(dialog, "Only one a day over").text() == "4.5 h"


def test_an_emptied_limit_limits_nothing(qtbot: QtBot, desk: Desk) -> None:
    store(qtbot, desk, replace(desk.book.ana, limits=Limits(per_day=2, per_week=5, long_sitting_s=7200)))
    dialog = open_ana(qtbot, desk)
    for name in ("At most a day", "Only one a day over"):
        retype(qtbot, spin_line(dialog, name), "")
    dialog.submit()
    with qtbot.waitSignal(dialog.accepted):
        pass
    assert ana(desk).limits == Limits(per_week=5)


def test_limits_that_are_not_ticked_are_none_and_come_back_when_ticked_again(qtbot: QtBot, desk: Desk) -> None:
    store(qtbot, desk, replace(desk.book.ana, limits=Limits(per_day=2)))
    dialog = open_ana(qtbot, desk)
    box = tick(dialog, "Limits to what is taken on")
    assert "At most a day" not in [one.accessibleName() for one in dialog.findChildren(QSpinBox) if one.isVisible()]
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert spin_line(dialog, "At most a day").text() == "2 sittings"
    QTest.keyClick(box, Qt.Key.Key_Space)
    save(qtbot, dialog)
    assert ana(desk).limits == NO_LIMITS


def test_styles_are_words_with_commas(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_ana(qtbot, desk)
    retype(qtbot, input_of(dialog, "Styles", QLineEdit), " fine  line, blackwork,, Fine Line ;")
    save(qtbot, dialog)
    assert ana(desk).styles == ("fine line", "blackwork")
    with qtbot.waitSignal(desk.page.artists.list.model().rowsInserted):
        desk.page.reload()
    assert input_of(open_ana(qtbot, desk), "Styles", QLineEdit).text() == "fine line, blackwork"


def spin_line(dialog: ArtistDialog, name: str) -> QLineEdit:
    line = input_of(dialog, name, QAbstractSpinBox).findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line
