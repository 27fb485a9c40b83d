"""Card pieces made ready to paint, kept for as long as the board and its geometry stand."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPoint, QRect

from inkdesk.application.calendar import BookingCard
from inkdesk.domain.bookings import SETTLED, BookingStatus
from inkdesk.ui.calendar.board import Board, CardPiece
from inkdesk.ui.calendar.geometry import Box, Geometry
from inkdesk.ui.calendar.ink import Sheet, TextCache
from inkdesk.ui.calendar.layout import Placed
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.words import Mark, mark_of

STRIPE = 4
"""Width of the artist's stripe, px."""
PAD = 4
"""Space between a card's stripe and its text, px."""
NARROW = 38
"""A piece below this width shows its colours and mark only, px."""
MARK_ROOM = 14
"""Width that a tick or cross takes beside the text, px."""
DASH = 5
"""Length of a dash, px."""
STRUCK = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
SIGNS = frozenset({Mark.TICK, Mark.DONE, Mark.CROSS})


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece in content px: ``frame`` is what it covers, ``fill`` the same with its right corners taken off.

    ``stripes`` are the artist's colour beside the card and, thin, beside its preparation and clean-up.
    """

    card: BookingCard
    box: Box
    colour: str
    mark: Mark
    frame: QRect
    fill: tuple[QRect, ...]
    dashes: tuple[QRect, ...]
    stripes: tuple[QRect, ...]
    strokes: tuple[QLineF, ...]
    text_at: QPoint
    text_width: int


class Tiles:
    """The tiles of a presenter's board, made when they first come into sight."""

    def __init__(self, presenter: CalendarPresenter, texts: TextCache, no_colour: str) -> None:
        self._presenter = presenter
        self._texts = texts
        self._no_colour = no_colour
        self._of: tuple[Board, Geometry] | None = None
        self._tiles: dict[int, Tile] = {}
        self._sheets: dict[int, Sheet] = {}
        self._minute = -1

    def within(self, geometry: Geometry, area: Box) -> list[Tile]:
        """The tiles that touch ``area``, lane by lane, each lane by start."""
        board = self._presenter.board
        self._keep_for(board, geometry)
        start_min, end_min = area.y / geometry.scale, (area.y + area.height) / geometry.scale
        tiles = self._tiles
        return [
            tiles.get(id(placed)) or self._make(geometry, lane, placed)
            for lane in geometry.lanes_between(area.x, area.x + area.width)
            for placed in board.index.between(board.lanes[lane], start_min, end_min)
        ]

    def sheet(self, tile: Tile) -> Sheet | None:
        """The tile's text, laid out anew each minute (holds count down); None where it is too narrow for any."""
        if tile.frame.width() < NARROW:
            return None
        return self._sheets.get(id(tile)) or self._lay_out(tile)

    def _keep_for(self, board: Board, geometry: Geometry) -> None:
        if self._of is None or self._of[0] is not board or self._of[1] is not geometry:
            self._of = (board, geometry)
            self._tiles.clear()
            self._sheets.clear()
        minute = int(self._presenter.now.timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._sheets.clear()

    def _lay_out(self, tile: Tile) -> Sheet:
        room = MARK_ROOM if tile.mark in SIGNS else 0
        sheet = self._texts.sheet(self._presenter.text(tile.card), tile.text_width, tile.box.height - 4, room)
        self._sheets[id(tile)] = sheet
        return sheet

    def _make(self, geometry: Geometry, lane: int, placed: Placed[CardPiece]) -> Tile:
        card, mark = placed.what.card, mark_of(placed.what.card)
        box = geometry.box(lane, placed.start_min, placed.end_min, placed.left, placed.width)
        frame = QRect(box.x + 1, box.y + 1, max(1, box.width - 2), max(1, box.height - 1))
        colours = (artist.colour for artist in self._presenter.data.artists if artist.id == card.artist_id)
        tile = Tile(
            card=card,
            box=box,
            colour=next(colours, self._no_colour),
            mark=mark,
            frame=frame,
            fill=(frame.adjusted(0, 0, -1, 0), QRect(frame.right(), frame.top() + 1, 1, max(1, frame.height() - 2))),
            dashes=_dashes(frame.adjusted(STRIPE, 0, 0, 0)) if mark is Mark.DASHED else (),
            stripes=_stripes(geometry, placed, frame),
            strokes=_strokes(mark, frame),
            text_at=QPoint(frame.left() + STRIPE + PAD, frame.top() + 1),
            text_width=frame.width() - STRIPE - PAD - 2,
        )
        self._tiles[id(placed)] = tile
        return tile


def _stripes(geometry: Geometry, placed: Placed[CardPiece], frame: QRect) -> tuple[QRect, ...]:
    beside = QRect(frame.left(), frame.top(), STRIPE, frame.height())
    piece = placed.what
    if piece.card.status not in SETTLED or not (piece.head_min or piece.tail_min):
        return (beside,)
    top, bottom = geometry.y_of(placed.start_min - piece.head_min), geometry.y_of(placed.end_min + piece.tail_min)
    return beside, QRect(frame.left(), top, 2, bottom - top)


def _dashes(frame: QRect) -> tuple[QRect, ...]:
    """A dashed frame, dash by dash: Qt's own dashes wander when a scrolled frame is cut."""
    across = [(x, min(DASH, frame.right() - x + 1)) for x in range(frame.left(), frame.right() + 1, 2 * DASH - 1)]
    down = [(y, min(DASH, frame.bottom() - y + 1)) for y in range(frame.top(), frame.bottom() + 1, 2 * DASH - 1)]
    rows = [QRect(x, y, length, 2) for y in (frame.top(), frame.bottom() - 1) for x, length in across]
    return *rows, *(QRect(x, y, 2, length) for x in (frame.left(), frame.right() - 1) for y, length in down)


def _strokes(mark: Mark, frame: QRect) -> tuple[QLineF, ...]:
    """A tick, two ticks or a cross at the card's top right corner; a struck card without a name is struck itself."""
    if mark is Mark.STRIKE and frame.width() < NARROW:
        return (QLineF(frame.left() + STRIPE + 2, frame.top() + 8, frame.right() - 2, frame.top() + 8),)
    if mark not in SIGNS or frame.width() < NARROW // 2 or frame.height() < 12:
        return ()
    x, y = frame.right() - 5.0, frame.top() + 4.0
    if mark is Mark.CROSS:
        return QLineF(x - 7, y, x, y + 7), QLineF(x - 7, y + 7, x, y)
    tick = (QLineF(x - 8, y + 4, x - 5, y + 7), QLineF(x - 5, y + 7, x, y))
    if mark is Mark.DONE:
        return *tick, QLineF(x - 3, y + 7, x + 2, y)
    return tick
