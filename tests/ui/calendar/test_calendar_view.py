"""Keys, clicks, scrolling and pixels of the real, shown calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.application.calendar import CalendarRange
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.geometry import Box
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.picture import Picture
from inkdesk.ui.calendar.ranges import Mode
from inkdesk.ui.calendar.shown import id_of
from inkdesk.ui.calendar.view import CalendarView
from inkdesk.ui.common.theme import DARK, LIGHT, Theme, apply_theme

MakePage = Callable[[CalendarRange], CalendarPage]
CTRL = Qt.KeyboardModifier.ControlModifier
_S = BookingStatus
Reason = QContextMenuEvent.Reason


def heard(view: CalendarView | CalendarPage) -> list[tuple[object, ...]]:
    """Everything the view asks for from now on."""
    said: list[tuple[object, ...]] = []
    view.slot_requested.connect(lambda artist, start: said.append(("slot", artist, start)))
    view.booking_requested.connect(lambda booking: said.append(("booking", booking)))
    view.move_requested.connect(lambda booking: said.append(("move", booking)))
    view.repeat_requested.connect(lambda booking: said.append(("repeat", booking)))
    view.new_group_requested.connect(lambda artist, start: said.append(("new group", artist, start)))
    view.range_requested.connect(lambda first, last: said.append(("range", first, last)))
    return said


def point_of(view: CalendarView, booking_id: int) -> QPoint:
    """The middle of a visible booking, in the viewport."""
    box = box_of(view, booking_id)
    return QPoint(box.x + box.width // 2, box.y + box.height // 2) - view.offset()


def box_of(view: CalendarView, booking_id: int) -> Box:
    return next(box for card, box in view.visible_cards() if id_of(card) == booking_id)


def free_point(view: CalendarView, day: date, artist_id: int, minute: int) -> QPoint:
    lane = next(n for n, at in enumerate(view.presenter.board.lanes) if at == (day, artist_id))
    box = view.geometry_px.box(lane, minute, minute + 15)
    return QPoint(box.x + box.width // 2, box.y + box.height // 2) - view.offset()


def grab(view: CalendarView) -> QImage:
    return view.viewport().grab().toImage()


def test_a_click_on_a_free_place_asks_once_for_that_artist_and_quarter(page: CalendarPage) -> None:
    said = heard(page)
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=free_point(page.view, sample.MONDAY, 2, 607))
    assert said == [("slot", 2, sample.at(0, 10))]
    QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=free_point(page.view, sample.MONDAY, 2, 607))
    assert len(said) == 1


def test_a_click_never_scrolls_what_it_hits_away(page: CalendarPage) -> None:
    said = heard(page)
    view = page.view
    view.verticalScrollBar().setValue(660)
    place = view.offset()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 3))
    low = QPoint(free_point(view, sample.MONDAY, 2, 600).x(), view.viewport().height() - 3)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=low)
    assert view.offset() == place
    assert [entry[:2] for entry in said] == [("slot", 2)]


def test_a_press_that_is_dragged_away_asks_for_nothing(page: CalendarPage) -> None:
    said = heard(page)
    port = page.view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=free_point(page.view, sample.MONDAY, 2, 600))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=free_point(page.view, sample.MONDAY, 2, 640))
    assert said == []


def test_a_click_selects_a_booking_and_a_double_click_opens_it(page: CalendarPage, qtbot: QtBot) -> None:
    said = heard(page)
    with qtbot.waitSignal(page.selection_changed) as caught:
        QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page.view, 9))
    assert caught.args is not None
    assert caught.args[0].booking_id == 9
    assert said == []
    QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page.view, 9))
    assert said == [("booking", 9)]


def test_enter_creates_on_a_free_slot_and_opens_a_booking(page: CalendarPage) -> None:
    said = heard(page)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    for _ in range(4):
        QTest.keyClick(page.view, Qt.Key.Key_Down)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    QTest.keyClick(page.view, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert said == [("slot", 1, sample.at(0, 9)), ("booking", 1), ("slot", 1, sample.at(0, 10))]


def test_arrows_move_by_quarter_and_lane(page: CalendarPage) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(page.view, key)
    assert page.presenter.lane == (sample.MONDAY, 2)
    assert page.presenter.minute == 555


def test_pages_weeks_and_home(page: CalendarPage) -> None:
    said = heard(page)
    QTest.keyClick(page.view, Qt.Key.Key_PageDown)
    down = page.presenter.minute
    QTest.keyClick(page.view, Qt.Key.Key_PageUp)
    assert (down > 700, page.presenter.minute) == (True, 540)
    QTest.keyClick(page.view, Qt.Key.Key_Right, CTRL)
    QTest.keyClick(page.view, Qt.Key.Key_Left, CTRL)
    QTest.keyClick(page.view, Qt.Key.Key_Left, CTRL)
    QTest.keyClick(page.view, Qt.Key.Key_T)
    starts = [entry[1] for entry in said]
    assert starts == [sample.MONDAY + timedelta(days=n) for n in (7, 0, -7, 0)]
    QTest.keyClick(page.view, Qt.Key.Key_Home)
    assert page.presenter.lane is not None
    assert page.presenter.lane.day == sample.NOW.date()


def test_zoom_by_keys_and_wheel_keeps_the_middle(page: CalendarPage, qtbot: QtBot) -> None:
    view = page.view

    def middle() -> float:
        return (view.verticalScrollBar().value() + view.viewport().height() / 2) / view.geometry_px.scale

    view.verticalScrollBar().setValue(500)
    before, scale = middle(), view.geometry_px.scale
    QTest.keyClick(view, Qt.Key.Key_Plus, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert view.geometry_px.scale > scale
    assert middle() == pytest.approx(before, abs=1.5)
    view.zoom(-1)
    QTest.keyClick(view, Qt.Key.Key_Minus, CTRL)
    assert view.geometry_px.scale < scale
    QTest.keyClick(view, Qt.Key.Key_0, CTRL)
    assert view.geometry_px.scale == scale
    QTest.wheelEvent(view.windowHandle() or page.windowHandle(), view.viewport().mapTo(page, QPoint(300, 300)),
                     QPoint(0, 120), QPoint(), CTRL)  # fmt: skip
    qtbot.waitUntil(lambda: view.geometry_px.scale > scale)


def test_tab_walks_the_bookings_then_leaves_the_calendar(qtbot: QtBot, make_page: MakePage) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page = make_page(sample.week(sample.CARDS[:2]))
    after = QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(page)
    column.addWidget(after)
    window.show()
    window.activateWindow()
    page.view.setFocus()
    qtbot.waitUntil(page.view.hasFocus)
    seen = []
    for _ in range(2):
        QTest.keyClick(page.view, Qt.Key.Key_Tab)
        seen.append(page.presenter.selected_id)
    QTest.keyClick(page.view, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    seen.append(page.presenter.selected_id)
    QTest.keyClick(page.view, Qt.Key.Key_Tab)
    QTest.keyClick(page.view, Qt.Key.Key_Tab)
    assert seen == [1, 2, 1]
    qtbot.waitUntil(after.hasFocus)


def test_letters_outside_the_calendar_do_nothing(page: CalendarPage) -> None:
    said = heard(page)
    QTest.keyClick(page.view, Qt.Key.Key_Right, CTRL)
    page.filter.setFocus()
    QTest.keyClick(page.filter, Qt.Key.Key_T)
    assert len(said) == 1


def test_the_first_look_begins_before_the_first_hours_and_a_reload_keeps_the_place(page: CalendarPage) -> None:
    view = page.view
    assert view.verticalScrollBar().value() == view.geometry_px.y_of(570)
    view.verticalScrollBar().setValue(700)
    page.select_booking(13)
    place = view.verticalScrollBar().value()
    page.show_range(sample.week())
    assert (view.verticalScrollBar().value(), page.presenter.selected_id) == (place, 13)


def test_selection_is_announced_when_its_booking_vanishes(page: CalendarPage, qtbot: QtBot) -> None:
    page.select_booking(13)
    with qtbot.waitSignal(page.selection_changed) as caught:
        page.show_range(sample.week(()))
    assert caught.args == [None]


def test_a_selected_booking_comes_into_sight(page: CalendarPage) -> None:
    page.resize(900, 600)
    page.view.verticalScrollBar().setValue(0)
    page.select_booking(21)
    assert 21 in {id_of(card) for card, _ in page.view.visible_cards()}


def test_t_brings_today_and_now_into_sight_in_a_small_window(page: CalendarPage) -> None:
    page.resize(620, 420)
    view = page.view
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    view.verticalScrollBar().setValue(0)
    QTest.keyClick(view, Qt.Key.Key_T)
    today, minute = page.presenter.now_line() or pytest.fail("now is not in the sample week")
    lane = next(n for n, one in enumerate(page.presenter.board.lanes) if one.day == today)
    seen = view.visible_box()
    assert seen.x <= view.geometry_px.edges[lane] < seen.x + seen.width
    assert seen.y < view.geometry_px.y_of(minute) < seen.y + seen.height


def test_the_tools_turn_filter_and_switch(page: CalendarPage) -> None:
    said = heard(page)
    QTest.mouseClick(page.forth, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.day, Qt.MouseButton.LeftButton)
    assert [entry[1:] for entry in said] == [
        (date(2026, 11, 30), date(2026, 12, 6)),
        (date(2026, 11, 23), date(2026, 11, 29)),
        (date(2026, 11, 23), date(2026, 11, 23)),
    ]
    QTest.mouseClick(page.week, Qt.MouseButton.LeftButton)
    page.show_range(sample.week())
    page.filter.statuses[BookingStatus.CANCELLED].trigger()
    assert page.presenter.board.find(5) is not None
    page.artists.setFocus()
    QTest.keyClick(page.artists, Qt.Key.Key_Down)
    assert {lane.artist_id for lane in page.presenter.board.lanes} == {1}
    QTest.mouseClick(page.today, Qt.MouseButton.LeftButton)
    said.clear()
    QTest.mouseClick(page.new, Qt.MouseButton.LeftButton)
    assert [entry[:2] for entry in said] == [("slot", 1)]
    assert page.presenter.mode is Mode.WEEK


def test_the_page_asks_for_its_dates_on_reload(page: CalendarPage) -> None:
    said = heard(page)
    page.reload()
    assert said == [("range", sample.MONDAY, sample.MONDAY + timedelta(days=6))]


def test_the_menu_opens_by_key_at_the_cursor_and_acts(page: CalendarPage, monkeypatch: pytest.MonkeyPatch) -> None:
    popped: list[tuple[QMenu, QPoint]] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: popped.append((menu, at)))
    said = heard(page)
    page.select_booking(9)
    QApplication.sendEvent(page.view.viewport(), QContextMenuEvent(Reason.Keyboard, QPoint(), QPoint()))
    QApplication.sendEvent(page.view.viewport(), QContextMenuEvent(Reason.Mouse, QPoint(), QPoint(7, 8)))
    (menu, by_key), (_, by_mouse) = popped
    box = box_of(page.view, 9)
    assert by_key == page.view.viewport().mapToGlobal(QPoint(box.x + 8, box.y + 8) - page.view.offset())
    assert by_mouse == QPoint(7, 8)
    actions = [action for action in menu.actions() if not action.isSeparator()]
    words = ["&Open booking", "&Move…", "&Repeat…", "&New booking here", "New &group sitting here…"]
    assert [(action.text(), action.isEnabled()) for action in actions] == [(text, True) for text in words]
    for action in actions:
        action.trigger()
    start = sample.at(2, 13)
    assert said == [("booking", 9), ("move", 9), ("repeat", 9), ("slot", 1, start), ("new group", 1, start)]


def test_the_tip_is_plain_text_whatever_the_name(page: CalendarPage, monkeypatch: pytest.MonkeyPatch) -> None:
    tips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, widget: tips.append(text))
    for at in (point_of(page.view, 17), free_point(page.view, sample.MONDAY, 2, 600)):
        QApplication.sendEvent(page.view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, page.view.mapToGlobal(at)))
    assert "&lt;b&gt;Tim" in tips[0]
    assert tips[1] == ""


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_cards_are_painted_with_their_status_fill_and_artist_stripe(
    page: CalendarPage, qapp: QApplication, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    try:
        image = grab(page.view)
        offset = page.view.offset()
        for booking_id, status, stripe in ((9, _S.CONFIRMED, "#0072b2"), (7, _S.COMPLETED, "#009e73")):
            box = box_of(page.view, booking_id)
            inside = QPoint(box.x + box.width - 6, box.y + box.height - 8) - offset
            edge = QPoint(box.x + 2, box.y + box.height - 8) - offset
            assert image.pixelColor(inside) == QColor(theme.status[status].fill)
            assert image.pixelColor(edge) == QColor(stripe)
        off = free_point(page.view, sample.MONDAY, 1, 585)
        assert image.pixelColor(off) == QColor(theme.off_hours)
    finally:
        apply_theme(qapp, LIGHT)


def test_a_hold_is_hatched_a_request_dashed_and_now_is_a_line(page: CalendarPage) -> None:
    image, offset = grab(page.view), page.view.offset()
    held = box_of(page.view, 10)
    corner = QPoint(held.x + held.width - 24, held.y + held.height - 24) - offset
    colours = {image.pixelColor(corner + QPoint(dx, dy)).name() for dx in range(16) for dy in range(16)}
    assert len(colours) >= 2
    asked = box_of(page.view, 12)
    edge = [image.pixelColor(QPoint(asked.x + 4 + n, asked.y + 2) - offset).name() for n in range(2, 50)]
    assert LIGHT.status[_S.REQUESTED].mark in edge
    assert LIGHT.status[_S.REQUESTED].fill in edge
    now = page.view.geometry_px.y_of(13 * 60 + 20)
    line = QPoint(box_of(page.view, 10).x + 20, now) - offset
    assert image.pixelColor(line) == QColor(LIGHT.now)


def on_screen(page: CalendarPage) -> QImage:
    """What the screen shows, without asking for a repaint."""
    QApplication.processEvents()
    return page.screen().grabWindow(page.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def greatest_difference(one: QImage, other: QImage) -> int:
    """The largest difference of any colour channel, 0 to 255."""
    with QPainter(one) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        painter.drawImage(0, 0, other)
    shades = bytes(one.constBits())
    return max(max(shades[channel::4]) for channel in range(3))


@pytest.mark.parametrize("steps", [(37, 0), (-90, 0), (110, 0), (0, 25), (-15, -9)])
def test_scrolled_pixels_are_those_of_a_whole_repaint(page: CalendarPage, steps: tuple[int, int]) -> None:
    """Antialiased ticks may differ by a shade or two where the strip cuts them; nothing else may."""
    page.resize(900, 600)
    across, down = page.view.horizontalScrollBar(), page.view.verticalScrollBar()
    across.setValue(60)
    before = on_screen(page)
    down.setValue(down.value() + steps[0])
    across.setValue(across.value() + steps[1])
    scrolled = on_screen(page)
    page.view.viewport().update()
    assert greatest_difference(before, scrolled) > 40
    assert greatest_difference(scrolled, on_screen(page)) <= 6


def test_the_countdown_is_repainted_when_the_minute_changes(page: CalendarPage) -> None:
    before = grab(page.view)
    page.set_now(sample.NOW + timedelta(minutes=40))
    assert before != grab(page.view)


def test_an_empty_week_shows_its_hint(page: CalendarPage) -> None:
    page.show_range(sample.week(()))
    port = page.view.viewport().rect()
    image = grab(page.view)
    colours = {image.pixelColor(x, port.bottom() - 40).name() for x in range(port.width() // 3, port.width() // 2)}
    assert len(colours) > 3


def test_half_painted_trouble_ends_in_a_band_and_a_log_line(
    page: CalendarPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(picture: Picture, painter: QPainter, *args: object, **kwargs: object) -> None:
        painter.translate(500, 500)
        painter.setClipRect(0, 0, 1, 1)
        raise RuntimeError("a bug in the picture")

    monkeypatch.setattr(Picture, "draw", broken)
    image = grab(page.view)
    assert image.pixelColor(3, 3) == QColor(LIGHT.error_soft)
    assert "could not be painted" in caplog.text


def test_the_smallest_window_keeps_lanes_readable_and_scrolls_sideways(page: CalendarPage) -> None:
    page.resize(900, 600)
    edges = page.view.geometry_px.edges
    widths = [b - a for a, b in pairwise(edges)]
    opened = [w for w, is_open in zip(widths, page.presenter.board.is_open, strict=True) if is_open]
    assert min(opened) >= 62
    assert page.view.horizontalScrollBar().maximum() > 0
    QTest.keyClick(page.view, Qt.Key.Key_Left)
    assert page.view.geometry_px.width >= page.view.viewport().width()


def test_a_point_beside_the_lanes_is_nothing(qtbot: QtBot) -> None:
    page = CalendarPage(sample.ZONE, datetime(2026, 11, 25, 12, tzinfo=sample.PARIS))
    qtbot.addWidget(page)
    page.show()
    said = heard(page)
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert (page.view.card_at(QPoint(50, 50)), said, page.new.isEnabled()) == (None, [], False)
