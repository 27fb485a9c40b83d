"""Card pieces made ready to paint, kept for as long as the board and its geometry stand."""

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QPoint, QRect, QRectF

from inkdesk.application.calendar import GroupCard
from inkdesk.domain.bookings import SETTLED, BookingStatus
from inkdesk.ui.calendar.board import Board, CardPiece
from inkdesk.ui.calendar.geometry import Box, Geometry
from inkdesk.ui.calendar.ink import Sheet, TextCache
from inkdesk.ui.calendar.layout import Placed
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Look, Shown, look_of
from inkdesk.ui.calendar.words import Mark, mark_of

STRIPE = 4
"""Width of the artist's stripe, px."""
PAD = 4
"""Space between a card's stripe and its text, px."""
NARROW = 38
"""A piece below this width shows its colours and mark only, px."""
MARK_ROOM = 14
"""Width that a tick or cross, or the links of a series, take beside the text, px."""
METER = 4
"""Height of the bar that shows how many seats of a group sitting are taken, px."""
DASH = 5
"""Length of a dash, px."""
STRUCK = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
SIGNS = frozenset({Mark.TICK, Mark.DONE, Mark.CROSS})


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece in content px: ``frame`` is what it covers, ``fill`` the same with its right corners taken off.

    ``stripes`` are the artist's colour beside the card and, thin, beside its preparation and clean-up. ``meter`` is
    the share of a group sitting's seats that are taken. ``mark_room`` is the width its signs take of the first line.
    """

    card: Shown
    look: Look
    artist_id: int
    box: Box
    colour: str
    mark: Mark
    frame: QRect
    fill: tuple[QRect, ...]
    dashes: tuple[QRect, ...]
    stripes: tuple[QRect, ...]
    strokes: tuple[QLineF, ...]
    meter: tuple[QRect, ...]
    mark_room: int
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
        """The tiles that touch ``area``, with what stands out of them, lane by lane, each lane by start."""
        board = self._presenter.board
        self._keep_for(board, geometry)
        start_min = area.y / geometry.scale - board.reach_min
        end_min = (area.y + area.height) / geometry.scale + board.reach_min
        tiles = self._tiles
        return [
            tiles.get(id(placed)) or self._make(geometry, lane, placed)
            for lane in geometry.lanes_between(area.x, area.x + area.width)
            for placed in board.index.between(board.lanes[lane], start_min, end_min)
        ]

    def inside(self, geometry: Geometry, area: Box) -> list[Tile]:
        """The tiles that touch ``area`` themselves."""
        found = self.within(geometry, area)
        return [one for one in found if one.box.y < area.y + area.height and one.box.y + one.box.height > area.y]

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
        text = self._presenter.text(tile.card, tile.artist_id)
        sheet = self._texts.sheet(text, tile.text_width, tile.box.height - 4, tile.mark_room)
        self._sheets[id(tile)] = sheet
        return sheet

    def _make(self, geometry: Geometry, lane: int, placed: Placed[CardPiece]) -> Tile:
        card, mark = placed.what.card, mark_of(placed.what.card)
        artist_id = self._presenter.board.lanes[lane].artist_id
        box = geometry.box(lane, placed.start_min, placed.end_min, placed.left, placed.width)
        frame = QRect(box.x + 1, box.y + 1, max(1, box.width - 2), max(1, box.height - 1))
        colours = (artist.colour for artist in self._presenter.data.artists if artist.id == artist_id)
        tile = Tile(
            card=card,
            look=look_of(card),
            artist_id=artist_id,
            box=box,
            colour=next(colours, self._no_colour),
            mark=mark,
            frame=frame,
            fill=(frame.adjusted(0, 0, -1, 0), QRect(frame.right(), frame.top() + 1, 1, max(1, frame.height() - 2))),
            dashes=_dashes(frame.adjusted(STRIPE, 0, 0, 0)) if mark is Mark.DASHED else (),
            stripes=_stripes(geometry, placed, frame),
            strokes=(*_strokes(mark, frame), *_links(card, mark, frame)),
            meter=_meter(card, frame),
            mark_room=MARK_ROOM * ((mark in SIGNS) + _is_of_series(card)),
            text_at=QPoint(frame.left() + STRIPE + PAD, frame.top() + 1),
            text_width=frame.width() - STRIPE - PAD - 2,
        )
        self._tiles[id(placed)] = tile
        return tile


def _stripes(geometry: Geometry, placed: Placed[CardPiece], frame: QRect) -> tuple[QRect, ...]:
    beside = QRect(frame.left(), frame.top(), STRIPE, frame.height())
    piece = placed.what
    if look_of(piece.card) not in {*SETTLED, None} or not (piece.head_min or piece.tail_min):
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
    if mark is Mark.GROUP:
        return _outline(QRectF(frame).adjusted(STRIPE, 0.5, -0.5, -0.5))
    if mark not in SIGNS or frame.width() < NARROW // 2 or frame.height() < 12:
        return ()
    x, y = frame.right() - 5.0, frame.top() + 4.0
    if mark is Mark.CROSS:
        return QLineF(x - 7, y, x, y + 7), QLineF(x - 7, y + 7, x, y)
    tick = (QLineF(x - 8, y + 4, x - 5, y + 7), QLineF(x - 5, y + 7, x, y))
    if mark is Mark.DONE:
        return *tick, QLineF(x - 3, y + 7, x + 2, y)
    return tick


def _links(card: Shown, mark: Mark, frame: QRect) -> tuple[QLineF, ...]:
    """Two links of a chain at the top right: the booking belongs to a series."""
    if not _is_of_series(card) or frame.width() < NARROW // 2 or frame.height() < 12:
        return ()
    right = frame.right() - 4.0 - (MARK_ROOM if mark in SIGNS else 0)
    top = frame.top() + 4.0
    return *_outline(QRectF(right - 9, top, 6, 6)), *_outline(QRectF(right - 6, top + 3, 6, 6))


def _is_of_series(card: Shown) -> bool:
    return not isinstance(card, GroupCard) and card.series_count > 0


def _meter(card: Shown, frame: QRect) -> tuple[QRect, ...]:
    """A bar along the lower edge, as long as the share of seats that are taken at the busiest moment."""
    if not isinstance(card, GroupCard) or card.is_cancelled or not card.seats_taken_peak:
        return ()
    width = frame.width() - STRIPE
    taken = max(METER, round(width * min(1.0, card.seats_taken_peak / card.seats)))
    return (QRect(frame.left() + STRIPE, frame.bottom() - METER + 1, taken, METER),)


def _outline(rect: QRectF) -> tuple[QLineF, ...]:
    corners = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft(), rect.topLeft())
    return tuple(QLineF(one, other) for one, other in pairwise(corners))
