"""The dates of a series in their table: every sentence of a verdict can be read."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from inkdesk.application.series_commands import PlannedDate
from inkdesk.domain.message import message
from inkdesk.ui.booking.series_dates import SeriesDates
from inkdesk.ui.common.theme import LIGHT, style_sheet

CELL_MARGIN, MOST_LINES_HEIGHT = 20, 1000
FIRST = datetime(2026, 11, 25, 14, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def dates(qtbot: QtBot) -> SeriesDates:
    shown = SeriesDates()
    qtbot.addWidget(shown)
    shown.setStyleSheet(style_sheet(LIGHT, 10))
    shown.resize(520, 500)
    shown.show()
    return shown


def planned(names: int) -> PlannedDate:
    """A refused date whose sentence grows by the number of names."""
    who = " and ".join(["Maximiliane Featherstonehaugh"] * names)
    refused = message("Ana is taken by {who}, 15:00 to 15:30. Choose another time.", who=who)
    return PlannedDate(wall=FIRST + timedelta(days=names), starts_at=None, sentence=refused)


@pytest.mark.parametrize("width", [520, 380, 700])
def test_every_line_of_a_verdict_has_room_at_any_width(dates: SeriesDates, qtbot: QtBot, width: int) -> None:
    dates.show_dates([planned(names) for names in range(1, 9)], "Ana", "")
    dates.resize(width, 500)
    table = dates.table

    def missing() -> list[int]:
        room = QRect(0, 0, table.columnWidth(1) - CELL_MARGIN, MOST_LINES_HEIGHT)
        texts = [table.model().index(row, 1).data() for row in range(table.rowCount())]
        needed = [table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() for text in texts]
        return [row for row, height in enumerate(needed) if table.rowHeight(row) < height]

    qtbot.waitUntil(lambda: dates.width() == width and missing() == [], timeout=2000)
    heights = [table.rowHeight(row) for row in range(table.rowCount())]
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]


def test_the_count_of_one_date_is_a_sentence_too(dates: SeriesDates) -> None:
    dates.show_dates([planned(1)], "Ana", "")
    assert dates.status.text() == "0 of 1 date is free, with Ana."
