"""Group sittings, bookings of several artists and bookings of a series, in lanes, words, pixels and keys."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from support import sample_week as sample

from inkdesk.application.calendar import BookingCard, CalendarRange, GroupCard
from inkdesk.domain.capacity import Party
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar.geometry import Box, Lane
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Filter, GroupId, ShownId, id_of
from inkdesk.ui.common.theme import DARK, LIGHT, Theme, apply_theme

MakePage = Callable[[CalendarRange], CalendarPage]
MONDAY_LANES = [Lane(sample.MONDAY, artist.id) for artist in sample.ARTISTS]
TOGETHER = replace(sample.card(31, 1, sample.at(0, 15), 120, client="Ada Nyström"), with_artist_ids=(3,))
SECOND_OF_FIVE = replace(
    sample.card(32, 2, sample.at(1, 16), 120, client="Noor Haddad"), series_id=4, series_number=2, series_count=5
)
SEATED = [replace(sample.card(40 + n, 2, sample.at(0, 10 + n), 120, client=f"Guest {n}"), group_id=7) for n in range(3)]


def party(card: BookingCard) -> Party:
    return Party(card.booking_id, Span(to_seconds(card.starts_at), to_seconds(card.ends_at)), 1)


def flash_day(*, is_cancelled: bool = False) -> GroupCard:
    """Tom's on Monday from 10 to 16; at most two of the three sit at once."""
    starts_at, ends_at = sample.at(0, 10), sample.at(0, 16)
    return GroupCard(
        group_id=7,
        artist_id=2,
        title="Flash day",
        service_name="Flash",
        starts_at=starts_at,
        ends_at=ends_at,
        occupied=Span(to_seconds(starts_at) - 900, to_seconds(ends_at) + 1800),
        seats=8,
        unit_ids=tuple(range(100, 108)),
        parties=tuple(party(card) for card in SEATED),
        is_cancelled=is_cancelled,
        note="Bring the stencils",
        version=1,
    )


def week(cards: Sequence[BookingCard] = (), group: GroupCard | None = None) -> CalendarRange:
    return replace(sample.week(cards), groups=(group,) if group else ())


def shown(data: CalendarRange) -> CalendarPresenter:
    presenter = CalendarPresenter(data.zone, sample.NOW)
    presenter.go_to(data.first)
    assert presenter.show(data)
    return presenter


def lanes_with(presenter: CalendarPresenter, shown_id: ShownId) -> list[Lane]:
    index = presenter.board.index
    return [lane for lane in presenter.board.lanes if any(id_of(p.what.card) == shown_id for p in index.all(lane))]


def box_of(page: CalendarPage, shown_id: ShownId) -> Box:
    return next(box for card, box in page.view.visible_cards() if id_of(card) == shown_id)


def test_a_booking_of_two_artists_stands_in_both_lanes_and_is_one() -> None:
    presenter = shown(week([TOGETHER]))
    assert lanes_with(presenter, 31) == [MONDAY_LANES[0], MONDAY_LANES[2]]
    assert presenter.board.cards == (TOGETHER,)
    assert presenter.text(TOGETHER, 1).details == ("with Yuki Tanaka", "Sleeve")
    assert presenter.text(TOGETHER, 3).details == ("with Mia Laurent", "Sleeve")
    assert ", with Mia Laurent and Yuki Tanaka, " in presenter.spoken(TOGETHER)
    assert "Mia Laurent and Yuki Tanaka" in presenter.tip(TOGETHER)
    assert presenter.step_bookings(1)
    assert not presenter.step_bookings(1)


def test_an_artist_who_only_works_along_has_a_lane() -> None:
    archived = replace(sample.YUKI, is_active=False)
    data = replace(week([TOGETHER]), artists=(sample.MIA, sample.TOM, archived))
    assert archived in shown(data).artists
    assert archived not in shown(replace(data, cards=())).artists


def test_a_click_in_either_lane_selects_it_and_leaves_the_cursor_there(make_page: MakePage) -> None:
    page = make_page(week([TOGETHER]))
    lane = page.presenter.board.lanes.index(MONDAY_LANES[2])
    box = page.view.geometry_px.box(lane, 15 * 60, 17 * 60)
    QTest.mouseClick(
        page.view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(box.x + box.width // 2, box.y + 30) - page.view.offset(),
    )
    assert page.presenter.selected_id == 31
    assert page.presenter.lane == MONDAY_LANES[2]
    assert page.presenter.minute == 15 * 60


def test_a_group_sitting_is_one_block_and_its_seats_have_none() -> None:
    presenter = shown(week(SEATED, flash_day()))
    assert presenter.board.cards == (flash_day(),)
    assert lanes_with(presenter, GroupId(7)) == [MONDAY_LANES[1]]
    (block,) = presenter.board.index.all(MONDAY_LANES[1])
    assert (block.start_min, block.end_min, block.left, block.width) == (600, 960, 0.0, 1.0)
    assert (block.what.head_min, block.what.tail_min) == (15, 30)
    assert presenter.text(flash_day(), 2) == ("Flash day", ("2 of 8 seats", "Flash"), "10:00 – 16:00", "10:00")
    assert presenter.spoken(flash_day()) == (
        "group sitting, Flash day, 2 of 8 seats taken, Flash, with Tom Okafor, 2026-11-23, 10:00 to 16:00"
    )
    assert presenter.tip(flash_day()).splitlines() == [
        "Flash day", "Flash · Tom Okafor", "10:00 – 16:00", "2 of 8 seats", "Bring the stencils",
    ]  # fmt: skip


def test_a_seat_is_found_in_its_group_sitting() -> None:
    presenter = shown(week([*SEATED, TOGETHER], flash_day()))
    assert presenter.find_booking(41) == flash_day()
    assert presenter.find_booking(31) == TOGETHER
    assert presenter.find_booking(999) is None


def test_a_cancelled_group_sitting_is_shown_on_demand() -> None:
    presenter = shown(week([], flash_day(is_cancelled=True)))
    assert presenter.board.cards == ()
    presenter.use_filter(Filter(hidden=frozenset()))
    group = presenter.board.find(GroupId(7))
    assert group is not None
    assert presenter.spoken(group).startswith("cancelled group sitting, Flash day, ")
    assert presenter.tip(group).splitlines()[3] == "cancelled"


def test_a_booking_of_a_series_says_which_one_it_is() -> None:
    presenter = shown(week([SECOND_OF_FIVE]))
    assert presenter.text(SECOND_OF_FIVE, 2).details == ("Sleeve", "2 of 5")
    assert presenter.spoken(SECOND_OF_FIVE).endswith(", 15:00 to 17:00, sitting 2 of 5")
    assert "sitting 2 of 5" in presenter.tip(SECOND_OF_FIVE)
    alone = replace(SECOND_OF_FIVE, series_number=0, series_count=0)
    assert "sitting" not in presenter.spoken(alone)


def test_keys_walk_over_groups_and_open_them(make_page: MakePage) -> None:
    page = make_page(week([*SEATED, SECOND_OF_FIVE], flash_day()))
    said: list[tuple[str, int]] = []
    page.group_requested.connect(lambda group: said.append(("group", group)))
    page.booking_requested.connect(lambda booking: said.append(("booking", booking)))
    page.move_requested.connect(lambda booking: said.append(("move", booking)))
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_M, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_M):
        QTest.keyClick(page.view, key)
    assert said == [("group", 7), ("booking", 32), ("move", 32)]
    page.select_booking(42)
    assert page.presenter.selected_id == GroupId(7)


def test_a_screen_reader_meets_the_group_once(make_page: MakePage) -> None:
    page = make_page(week([*SEATED, TOGETHER], flash_day()))
    tree = QAccessible.queryAccessibleInterface(page.view)
    assert tree is not None
    children = [tree.child(n) for n in range(tree.childCount())]
    names = [child.text(QAccessible.Text.Name).partition(", 2026")[0] for child in children if child]
    assert names == [
        "group sitting, Flash day, 2 of 8 seats taken, Flash, with Tom Okafor",
        "confirmed, Ada Nyström, Sleeve, with Mia Laurent and Yuki Tanaka",
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_group_is_framed_with_a_meter_of_its_seats(make_page: MakePage, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    try:
        page = make_page(week(SEATED, flash_day()))
        image, box = page.view.viewport().grab().toImage(), box_of(page, GroupId(7))
        foot = box.y + box.height - 3
        taken, free = (QPoint(box.x + 1 + round(box.width * share), foot) - page.view.offset() for share in (0.15, 0.6))
        assert image.pixelColor(taken) == QColor(theme.group.mark)
        assert image.pixelColor(free) == QColor(theme.group.fill)
        edge = QPoint(box.x + 2, foot - 20) - page.view.offset()
        assert image.pixelColor(edge) == QColor(sample.TOM.colour)
    finally:
        apply_theme(qapp, LIGHT)


def test_a_series_has_a_sign_of_its_own(make_page: MakePage) -> None:
    pictures = []
    for card in (SECOND_OF_FIVE, replace(SECOND_OF_FIVE, series_number=0, series_count=0)):
        page = make_page(week([card]))
        page.view.clearFocus()
        box = box_of(page, 32)
        at = QPoint(box.x + box.width - 20, box.y + 2) - page.view.offset()
        pictures.append(page.view.viewport().grab().toImage().copy(at.x(), at.y(), 16, 16))
    assert pictures[0] != pictures[1]


def test_a_sitting_over_midnight_of_two_artists_has_two_pieces_in_each_lane() -> None:
    night = replace(TOGETHER, starts_at=sample.at(0, 22), ends_at=sample.at(0, 22) + timedelta(hours=4))
    tuesday = sample.MONDAY + timedelta(days=1)
    assert lanes_with(shown(week([night])), 31) == [
        Lane(sample.MONDAY, 1), Lane(sample.MONDAY, 3), Lane(tuesday, 1), Lane(tuesday, 3),
    ]  # fmt: skip
