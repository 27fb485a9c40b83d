"""Pens, brushes and prepared texts: everything that is made once and painted often."""

from collections.abc import Iterable
from functools import cache, lru_cache, partial
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QImage, QPen, QStaticText, QTextOption

from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.bands import BandKind
from inkdesk.ui.calendar.shown import Look
from inkdesk.ui.calendar.words import CardText
from inkdesk.ui.common.theme import StatusColours, Theme


class Ink:
    """Pens and brushes of one theme and the two fonts of a card."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self.small = QFont(font)
        self.small.setPointSizeF(font.pointSizeF() * 0.87)
        self.bold = QFont(self.small)
        self.bold.setWeight(QFont.Weight.DemiBold)
        self.metrics = QFontMetrics(self.small)
        self.bold_metrics = QFontMetrics(self.bold)
        self.surface = QColor(theme.surface)
        self.grid = QPen(QColor(theme.grid))
        self.lane_line = QPen(QColor(theme.grid))
        self.day_line = QPen(_between(theme.line, theme.line_strong, 0.6))
        self.now = QPen(QColor(theme.now), 2)
        self.focus = QPen(QColor(theme.focus), 2)
        looks: list[tuple[Look, StatusColours]] = [*theme.status.items(), (None, theme.group)]
        self.text = {look: QPen(QColor(colours.text)) for look, colours in looks}
        self.fill = {look: QBrush(QColor(colours.fill)) for look, colours in looks}
        self.mark = {look: QPen(QColor(colours.mark), 1.6) for look, colours in looks}
        self.meter = QBrush(QColor(theme.group.mark))
        self.dash = QBrush(QColor(theme.status[BookingStatus.REQUESTED].mark))
        held = theme.status[BookingStatus.PENDING_PAYMENT]
        self.hatch = _hatch(_between(held.fill, held.mark, 0.42))
        self.band = {
            BandKind.OFF_HOURS: QBrush(QColor(theme.off_hours)),
            BandKind.AWAY: QBrush(QColor(theme.away)),
            BandKind.LEAVE: QBrush(QColor(theme.leave)),
        }
        self.band_text = {BandKind.LEAVE: QPen(QColor(theme.leave_text)), BandKind.AWAY: QPen(QColor(theme.muted))}


def _hatch(colour: QColor, step: int = 8) -> QBrush:
    """Slanted lines as a texture: it moves with the content, where a pattern brush would stand still on the screen."""
    image = QImage(step, step, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    for n in range(step):
        image.setPixelColor(n, step - 1 - n, colour)
    return QBrush(image)


def _between(one: str, other: str, share: float) -> QColor:
    a, b = QColor(one), QColor(other)
    parts = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return QColor(*(round(x + (y - x) * share) for x, y in parts))


class Sheet(NamedTuple):
    """A card's text laid out for one size: the client's name (``name_width`` px at most) over the rest."""

    name: QStaticText
    name_width: int
    rest: QStaticText | None
    rest_y: int


class Measure:
    """Widths and cuts of one font's texts; the same services, prices and times stand on card after card."""

    def __init__(self, metrics: QFontMetrics, limit: int) -> None:
        self.advance = lru_cache(limit)(partial(_advance, metrics=metrics))
        self.elided = lru_cache(limit)(partial(elided, metrics=metrics))


def _advance(text: str, metrics: QFontMetrics) -> int:
    """How wide a text is, px.

    The cache keeps this and not Qt's own method: it would ask that one for its docstring, for which PySide6 reads
    the signatures of whole modules (25 ms of the start).
    """
    return metrics.horizontalAdvance(text)


class TextCache:
    """Laid-out card texts by content and size; emptied when it has grown past ``limit``."""

    def __init__(self, ink: Ink, limit: int = 4000) -> None:
        self._ink = ink
        self._limit = limit
        self._small, self._bold = (Measure(metrics, limit) for metrics in (ink.metrics, ink.bold_metrics))
        self._sheets: dict[tuple[CardText, int, int, int], Sheet] = {}

    def sheet(self, text: CardText, width: int, height: int, mark: int) -> Sheet:
        """``text`` elided to ``width`` px, ``mark`` less in the first line, and to the lines that fit ``height`` px."""
        key = (text, width, max(1, height // self._ink.metrics.lineSpacing()), mark)
        found = self._sheets.get(key)
        if found is None:
            if len(self._sheets) >= self._limit:
                self._sheets.clear()
            found = self._sheets[key] = self._lay_out(*key)
        return found

    def _lay_out(self, text: CardText, width: int, lines: int, mark: int) -> Sheet:
        small, bold = self._small, self._bold
        times = text.span if small.advance(text.span) <= width else text.start
        details = (*text.details, times)
        name = _wrap(text.name, (width - mark, width), 2 if lines > len(details) else 1, bold)
        rest = [small.elided(line, width) for line in details[: lines - len(name)]]
        return Sheet(
            _static(name, self._ink.bold),
            bold.advance(name[0]),
            _static(rest, self._ink.small) if rest else None,
            len(name) * self._ink.bold_metrics.lineSpacing(),
        )


def elided(text: str, width: int, metrics: QFontMetrics) -> str:
    """``text`` cut with an ellipsis to ``width`` px."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def _wrap(text: str, widths: tuple[int, int], lines: int, measure: Measure) -> list[str]:
    """``text`` in at most two lines of these ``widths``, broken after its first word if it does not fit one."""
    first, _, rest = text.partition(" ")
    if lines < 2 or not rest or measure.advance(text) <= widths[0]:
        return [measure.elided(text, widths[0])]
    return [measure.elided(first, widths[0]), measure.elided(rest, widths[1])]


def _static(lines: Iterable[str], font: QFont) -> QStaticText:
    """Lines as one prepared text; U+2028 is the only line break that it honours."""
    made = QStaticText("\u2028".join(lines))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextOption(_unwrapped())
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font)
    return made


@cache
def _unwrapped() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    return option
