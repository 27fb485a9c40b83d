"""How long the calendar takes to paint: a week with 500 visible bookings, beside the same rectangles drawn bare.

Run it with ``python tests/benchmarks/bench_calendar.py``; it prints a table of milliseconds per full repaint or step.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inkdesk.application.calendar import BookingCard, CalendarRange
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.money import Money
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.view import CalendarView
from inkdesk.ui.common.theme import LIGHT, apply_theme, load_fonts, use_font

MONDAY = date(2026, 11, 23)
FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
ARTISTS = tuple(Artist(id=n, name=f"Artist {n}", colour=f"#{n * 1999999 % 0xFFFFFF:06x}") for n in range(1, 9))
STATUSES = (
    *[BookingStatus.CONFIRMED] * 5, *[BookingStatus.COMPLETED] * 2,
    BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED, BookingStatus.NO_SHOW,
)  # fmt: skip


def busy_week(per_lane: int) -> CalendarRange:
    """``per_lane`` bookings for every artist on every day, end to end from 9:00."""
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    cards = [
        _card(number, artist, day, number % per_lane, 660 // per_lane)
        for number, (artist, day, _) in enumerate((a, d, k) for d in days for a in ARTISTS for k in range(per_lane))
    ]
    hours = {(artist.id, day): (WallSpan(540, 1200),) for artist in ARTISTS for day in days}
    return CalendarRange(
        zone="Europe/Paris", first=days[0], last=days[-1], artists=ARTISTS, cards=cards, hours=hours, leaves=()
    )


def _card(number: int, artist: Artist, day: date, nth: int, minutes: int) -> BookingCard:
    starts_at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=nth * minutes)
    ends_at = starts_at + timedelta(minutes=minutes)
    return BookingCard(
        booking_id=number + 1,
        artist_id=artist.id,
        client_id=1,
        client_name=f"Client Number{number}",
        service_name="Half sleeve, session two",
        starts_at=starts_at,
        ends_at=ends_at,
        occupied=Span(to_seconds(starts_at), to_seconds(ends_at)),
        status=STATUSES[number % len(STATUSES)],
        hold_until=datetime(2026, 11, 25, 13, tzinfo=UTC),
        price=Money(30000, "EUR"),
        deposit=Money(10000, "EUR"),
        paid_minor=0,
        note="",
        checked_in_at=None,
        version=1,
    )


def cpu_ms(step: Callable[[], object], rounds: int = 60) -> float:
    """Median CPU milliseconds of ``step`` after a warm-up."""
    for _ in range(5):
        step()
    taken = []
    for _ in range(rounds):
        before = time.process_time_ns()
        step()
        taken.append((time.process_time_ns() - before) / 1e6)
    return statistics.median(taken)


def main() -> int:
    """Print the table."""
    app = QApplication(sys.argv[:1])
    use_font(app, load_fonts(FONTS))
    apply_theme(app, LIGHT)
    print(f"{'bookings shown':>16} {'floor':>8} {'repaint':>8} {'at 2x':>8} {'scroll':>8} {'relay':>8}   (CPU ms)")
    for per_lane in (9, 20, 36):
        view = CalendarView(CalendarPresenter("Europe/Paris", datetime(2026, 11, 25, 12, tzinfo=UTC)))
        view.resize(1600, 900)
        view.show()
        view.show_range(busy_week(per_lane))
        app.processEvents()
        measure(app, view)
        view.close()
    return 0


def measure(app: QApplication, view: CalendarView) -> None:
    """One line of the table."""
    boxes = [QRect(*box) for _, box in view.visible_cards()]
    image = QImage(view.viewport().size(), QImage.Format.Format_ARGB32_Premultiplied)
    double = QImage(view.viewport().size() * 2, QImage.Format.Format_ARGB32_Premultiplied)
    double.setDevicePixelRatio(2)
    area = view.viewport().rect()
    bar = view.verticalScrollBar()

    def floor() -> None:
        with QPainter(image) as painter:
            painter.fillRect(area, QColor("white"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#cfe3b4"))
            painter.translate(-view.offset())
            painter.drawRects(boxes)

    def repaint(target: QImage) -> None:
        with QPainter(target) as painter:
            view.paint(painter, area)

    def scroll() -> None:
        bar.setValue(bar.value() + (20 if bar.value() % 40 < 20 else -20))
        app.processEvents()

    figures = [cpu_ms(floor), cpu_ms(lambda: repaint(image)), cpu_ms(lambda: repaint(double)), cpu_ms(scroll)]
    figures.append(cpu_ms(lambda: view.presenter.show(view.presenter.data), 10))
    print(f"{len(boxes):>16} " + " ".join(f"{figure:8.2f}" for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
