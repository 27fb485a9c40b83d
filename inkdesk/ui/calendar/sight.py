"""How wide lanes are, and what is scrolled into sight: today and now."""

from typing import TYPE_CHECKING

from inkdesk.ui.calendar.board import STEP_MIN
from inkdesk.ui.calendar.geometry import Box, Geometry, lane_edges
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.ranges import Mode

if TYPE_CHECKING:
    from inkdesk.ui.calendar.view import CalendarView

NOW_EDGE_MIN = 15
"""How far from an edge the now line is seen, in minutes."""


MINIMUM_LANE = {Mode.WEEK: 62, Mode.DAY: 150}
"""The least width of an open lane (px)."""
CLOSED_PX, CLOSED_DAY_PX = 22, 46
"""The least width of a lane nobody works in, and of all such lanes of a day together."""


def geometry_for(presenter: CalendarPresenter, width: int, scale: float) -> Geometry:
    """The sizes of the board's lanes in a view of ``width`` px, at ``scale`` px a minute."""
    is_open = presenter.board.is_open
    if not is_open:
        return Geometry((0,), scale)
    closed = max(CLOSED_PX, CLOSED_DAY_PX // max(1, len(presenter.artists)))
    return Geometry(lane_edges(is_open, width, MINIMUM_LANE[presenter.mode], closed), scale)


def slots_of_a_page(height: int, scale: float) -> int:
    """How many slots fit a view of ``height`` px at ``scale`` px a minute, two less for the reader's bearings."""
    return max(1, int(height / scale / STEP_MIN) - 2)


def reveal_box(view: "CalendarView", box: Box) -> None:
    """Scroll, no further than needed, until a place of the content and what is around it are seen (px)."""
    across, down = view.horizontalScrollBar(), view.verticalScrollBar()
    seen = view.visible_box()
    across.setValue(min(max(seen.x, box.x + box.width - seen.width), box.x))
    down.setValue(min(max(seen.y, box.y + box.height * 3 - seen.height), max(0, box.y - box.height)))


def reveal_today(view: "CalendarView") -> None:
    """Scroll sideways, no further than needed, until today's lanes are seen: the first ones if not all fit."""
    today = [n for n, lane in enumerate(view.presenter.board.lanes) if lane.day == view.presenter.today]
    if not today:
        return
    edges, seen, across = view.geometry_px.edges, view.visible_box(), view.horizontalScrollBar()
    across.setValue(min(max(seen.x, edges[today[-1] + 1] - seen.width), edges[today[0]]))


def reveal_now(view: "CalendarView") -> None:
    """Scroll up or down until the now line is seen; nothing happens if now is not shown."""
    at = view.presenter.now_line()
    if at is None:
        return
    bar, height = view.verticalScrollBar(), view.viewport().height()
    y, edge = view.geometry_px.y_of(at[1]), view.geometry_px.y_of(NOW_EDGE_MIN)
    if y - edge < bar.value():
        bar.setValue(y - edge)
    elif y + edge > bar.value() + height:
        bar.setValue(y - height // 2)
