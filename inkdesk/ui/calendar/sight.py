"""Scrolls the calendar so that today and now are seen."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkdesk.ui.calendar.view import CalendarView

NOW_EDGE_MIN = 15
"""How far from an edge the now line is seen, in minutes."""


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
