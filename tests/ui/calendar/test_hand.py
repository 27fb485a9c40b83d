"""A booking is carried by keys and by the pointer alike: same change, same verdict."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from support import sample_week as sample

from inkdesk.application.calendar import BookingCard, CalendarRange
from inkdesk.application.proposed import Change
from inkdesk.ui.calendar.ghost import ghost_rects
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.pointer import FASTEST_PX_S, SCROLL_MS, ZONE_PX, scroll_step

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
CTRL_ALT = ALT | Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
START = sample.at(2, 10)
CARD = sample.card(1, 1, START, 60, client="Ada")
WEEK = CalendarRange(
    zone=sample.ZONE,
    first=sample.MONDAY,
    last=sample.MONDAY + timedelta(days=6),
    artists=sample.ARTISTS,
    cards=[CARD, sample.card(2, 2, sample.at(2, 12), 60, client="Bo")],
    hours={},
    leaves=[],
)


class Heard:
    """What the page asked for."""

    def __init__(self, page: CalendarPage) -> None:
        self.wanted: list[int] = []
        self.changes: list[tuple[BookingCard, Change]] = []
        self.refused: list[str] = []
        page.proposal_wanted.connect(lambda booking_id, _first, _last: self.wanted.append(booking_id))
        page.change_requested.connect(lambda card, change: self.changes.append((card, change)))
        page.refused.connect(self.refused.append)


@pytest.fixture
def heard(page: CalendarPage) -> Heard:
    """The week with Ada's booking selected."""
    page.go_to(sample.MONDAY)
    page.show_range(WEEK)
    page.select_booking(1)
    return Heard(page)


def press(page: CalendarPage, *keys: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key, modifiers in keys:
        QTest.keyClick(page.view, key, modifiers)


def change(start: datetime, minutes: int = 60, artist_id: int = 1) -> Change:
    return Change(artist_id, start, minutes * 60)


def asked(heard: Heard) -> list[tuple[int, int, int, int]]:
    return [
        (card.booking_id, one.artist_id, int((one.starts_at - START).total_seconds() // 60), one.sitting_s // 60)
        for card, one in heard.changes
    ]


def test_keys_carry_a_booking_and_enter_puts_it_down(page: CalendarPage, heard: Heard) -> None:
    press(page, (KEY.Key_Down, ALT), (KEY.Key_Down, ALT), (KEY.Key_Right, ALT))
    assert heard.wanted == [1]
    assert heard.changes == []
    press(page, (KEY.Key_Return, Qt.KeyboardModifier.NoModifier))
    assert asked(heard) == [(1, 2, 30, 60)]
    assert page.view.hand.carrying.ghost is None


def test_escape_leaves_it_where_it_was(page: CalendarPage, heard: Heard) -> None:
    press(page, (KEY.Key_Up, ALT), (KEY.Key_Escape, Qt.KeyboardModifier.NoModifier))
    assert page.view.hand.carrying.ghost is None
    assert page.presenter.selected_id == 1
    press(page, (KEY.Key_Escape, Qt.KeyboardModifier.NoModifier))
    assert page.presenter.selected_id is None
    assert heard.changes == []


def test_keys_make_it_longer_and_never_shorter_than_a_slot(page: CalendarPage, heard: Heard) -> None:
    press(page, (KEY.Key_Down, CTRL_ALT), (KEY.Key_Down, CTRL_ALT), (KEY.Key_Return, Qt.KeyboardModifier.NoModifier))
    assert asked(heard) == [(1, 1, 0, 90)]
    press(page, *[(KEY.Key_Up, CTRL_ALT)] * 9)
    ghost = page.view.hand.carrying.ghost
    assert ghost is not None
    assert ghost.sitting_s == 15 * 60


def test_put_down_where_it_stands_asks_for_nothing(page: CalendarPage, heard: Heard) -> None:
    press(page, (KEY.Key_Down, ALT), (KEY.Key_Up, ALT), (KEY.Key_Return, Qt.KeyboardModifier.NoModifier))
    assert heard.changes == []
    assert page.view.hand.carrying.ghost is None


def test_nothing_is_carried_without_a_selected_booking(page: CalendarPage, heard: Heard) -> None:
    page.view.act(lambda: page.presenter.select(None))
    press(page, (KEY.Key_Down, ALT))
    assert heard.wanted == []
    assert page.view.hand.carrying.ghost is None


def middle(page: CalendarPage, booking_id: int) -> QPoint:
    box = next(box for card, box in page.view.visible_cards() if getattr(card, "booking_id", 0) == booking_id)
    return QPoint(box.x + box.width // 2, box.y + box.height // 2) - page.view.offset()


def drag(page: CalendarPage, start: QPoint, by: QPoint, *, drop: bool = True) -> None:
    area = page.view.viewport()
    QTest.mousePress(area, LEFT, pos=start)
    for share in (1, 2, 3, 4):
        QTest.mouseMove(area, start + by * share / 4)
    if drop:
        QTest.mouseRelease(area, LEFT, pos=start + by)


def test_the_pointer_carries_as_the_keys_do(page: CalendarPage, heard: Heard) -> None:
    start = middle(page, 1)
    down = page.view.geometry_px.y_of(30)
    edges, lane = page.view.geometry_px.edges, page.presenter.cursor.lane if page.presenter.cursor else 0
    drag(page, start, QPoint(edges[lane + 1] - edges[lane], down))
    assert asked(heard) == [(1, 2, 30, 60)]
    assert heard.wanted == [1]


def test_the_lower_edge_makes_it_longer(page: CalendarPage, heard: Heard) -> None:
    box = next(box for card, box in page.view.visible_cards() if getattr(card, "booking_id", 0) == 1)
    edge = QPoint(box.x + box.width // 2, box.y + box.height - 2) - page.view.offset()
    drag(page, edge, QPoint(0, page.view.geometry_px.y_of(30)))
    assert asked(heard) == [(1, 1, 0, 90)]


def test_a_short_pull_is_a_click(page: CalendarPage, heard: Heard) -> None:
    drag(page, middle(page, 1), QPoint(2, 2))
    assert heard.wanted == []
    assert heard.changes == []


def test_escape_ends_a_drag(page: CalendarPage, heard: Heard) -> None:
    start, by = middle(page, 1), QPoint(0, page.view.geometry_px.y_of(60))
    drag(page, start, by, drop=False)
    assert ghost_rects(page.view.hand.carrying, page.view.geometry_px)
    press(page, (KEY.Key_Escape, Qt.KeyboardModifier.NoModifier))
    QTest.mouseRelease(page.view.viewport(), LEFT, pos=start + by)
    assert heard.changes == []


@pytest.mark.parametrize(
    ("at", "share"), [(ZONE_PX, 0), (300, 0), (0, -1.0), (ZONE_PX // 2, -0.25), (599, 1.0), (-200, -1.0), (900, 1.0)]
)
def test_the_nearer_the_edge_the_faster_by_the_square(at: int, share: float) -> None:
    assert scroll_step(at, 600) == round(FASTEST_PX_S * SCROLL_MS / 1000 * share)
