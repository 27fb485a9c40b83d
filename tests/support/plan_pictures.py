"""Pictures of moves, series and group sittings; and waiting for the program on the way to any picture."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QWidget

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.calendar import BookingCard
from inkdesk.application.changes import EVERYTHING
from inkdesk.application.group_commands import CreateGroup, SeatCommand
from inkdesk.application.series_commands import BookedSeries
from inkdesk.application.text import language
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.series import Scope, SeriesKind
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.group_dialog import EndGroupDialog, GroupDialog
from inkdesk.ui.booking.group_form import GroupForm
from inkdesk.ui.booking.move_dialog import MoveDialog
from inkdesk.ui.booking.seat_dialog import SeatDialog
from inkdesk.ui.booking.series_dialog import SeriesDialog
from inkdesk.ui.main_window import MainWindow

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
"""When every picture is taken."""
PATIENCE_S = 20
QUIET_S = 0.4
Picture = tuple[str, QWidget]


def moving(window: MainWindow) -> Iterator[Picture]:
    """A booking on its way to a time that is taken, and one of a series."""
    dialog = window.dialogs.move(card_of(window, BookingStatus.CONFIRMED).booking_id)
    assert isinstance(dialog, MoveDialog)
    wait(lambda: bool(dialog.when.verdict.text()), "the verdict of the move")
    dialog.when.day.setDate(dialog.when.day.date().addDays(1))
    wait(lambda: dialog.when.verdict.text()[:1] in {"✓", "✕"}, "the verdict of the other day")
    yield "move", dialog
    dialog.done(0)


def series(window: MainWindow) -> Iterator[Picture]:
    """A series as its form opens, planned, in a small window, as a project, and booked."""
    dialog = window.dialogs.plan_series(resident_card(window).booking_id)
    assert isinstance(dialog, SeriesDialog)
    wait(dialog.pattern.isVisible, "the booking that the series repeats")
    yield "series-empty", dialog
    dialog.first_day.set_day(NOW.date() + timedelta(days=1))
    dialog.every.setValue(1)
    dialog.count.setValue(5)
    dialog.plan_button.click()
    wait(dialog.book_button.isEnabled, "the dates of the series")
    yield "series-planned", dialog
    size = dialog.size()
    dialog.resize(dialog.minimumSizeHint())
    yield "series-small", dialog
    dialog.resize(size)
    dialog.kinds[SeriesKind.PROJECT].click()
    dialog.plan_button.click()
    wait(lambda: is_project_planned(dialog), "the dates of the project")
    yield "series-project", dialog
    dialog.ways.buttons[DepositChoice.NONE].click()
    booked: list[BookedSeries] = []
    dialog.booked.connect(booked.append)
    dialog.book_button.click()
    wait(lambda: bool(booked), "the booked project")
    settle()
    first = booked[0].bookings[0].id
    detail = window.dialogs.show_booking(first)
    assert isinstance(detail, BookingDetailDialog)
    wait(lambda: bool(detail.client.text()), "the first sitting of the project")
    yield "detail-series", detail
    detail.done(0)
    move = window.dialogs.move(first)
    assert isinstance(move, MoveDialog)
    wait(lambda: move.scope is not None and bool(move.when.verdict.text()), "the verdict of the sitting's move")
    assert move.scope is not None
    move.scope.buttons[Scope.ALL].click()
    move.when.day.setDate(move.when.day.date().addDays(1))
    wait(move.series.isVisible, "the other sittings of the move")
    yield "move-series", move
    move.done(0)


def groups(window: MainWindow) -> Iterator[Picture]:
    """A flash day: its form, its dialog empty and filled, a client who takes a part, and the end of it."""
    services = window._desk.services
    artist = window.calendar.presenter.data.artists[0]
    group = flash_day(window, artist.id)
    starts_at = group.starts_at
    form = window.dialogs.plan_group(artist.id, starts_at)
    assert isinstance(form, GroupForm)
    wait(form.save_button.isEnabled, "the form of a flash day")
    form.title.setText(flash_title())
    yield "group-form", form
    form.done(0)
    dialog = window.dialogs.show_group(group.id)
    assert isinstance(dialog, GroupDialog)
    wait(lambda: bool(dialog.title.text()), "the flash day")
    yield "group-empty", dialog
    for number, name in enumerate(("Ada Nyström", "Noor Haddad", "Léa Fontaine")):
        services.groups.seat(
            SeatCommand(
                request_key=name,
                group_id=group.id,
                client=NewClient(name=name, phone=f"061122334{number}"),
                starts_at=starts_at + timedelta(hours=number),
                seats=1 + number % 2,
                choice=DepositChoice.CASH,
            )
        )
    window._desk.feed.announce(EVERYTHING)
    wait(lambda: dialog.table.rowCount() == 3, "the three parties of the flash day")
    yield "group", dialog
    dialog.add_button.click()
    seat = next(one for one in dialog.findChildren(SeatDialog) if one.isVisible())
    seat.part.click()
    yield "group-seat", seat
    seat.done(0)
    dialog.end_button.click()
    wait(lambda: bool(dialog.findChildren(EndGroupDialog)), "the question that ends the flash day")
    yield "group-end", next(one for one in dialog.findChildren(EndGroupDialog) if one.isVisible())
    dialog.findChildren(EndGroupDialog)[0].done(0)
    dialog.done(0)
    yield "week-groups", window
    window.calendar.go_to(starts_at.date())
    window.calendar.day.click()
    yield "day-groups", window
    window.calendar.week.click()


def flash_title() -> str:
    """What a studio that reads the program's language would call it."""
    return "Journée flash" if language() == "fr" else "Flash day"


def flash_day(window: MainWindow, artist_id: int) -> GroupSitting:
    """A group sitting on the first day on which the artist has room for it."""
    services = window._desk.services
    for days in range(2, 60):
        starts_at = NOW.replace(hour=10, minute=0) + timedelta(days=days)
        command = CreateGroup(
            request_key="flash",
            artist_id=artist_id,
            service_id=services.studio.settings(NOW.date()).services[0].id,
            title=flash_title(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=5),
            seats=8,
        )
        with suppress(InkDeskError):
            return services.groups.create(command).group
    raise RuntimeError("no day has room for a flash day")


def card_of(window: MainWindow, status: BookingStatus) -> BookingCard:
    """A booking of this week that is still to come, in this status."""
    cards = window.calendar.presenter.data.cards
    return next(card for card in cards if card.status is status and card.starts_at > NOW)


def resident_card(window: MainWindow) -> BookingCard:
    """A confirmed booking of this week, still to come, of an artist whose stay has no end."""
    settings = window._desk.services.studio.settings(NOW.date())
    residents = {one.id for one in settings.artists if one.stays_until is None}
    cards = [card for card in window.calendar.presenter.data.cards if card.artist_id in residents]
    return next(card for card in cards if card.status is BookingStatus.CONFIRMED and card.starts_at > NOW)


def is_project_planned(dialog: SeriesDialog) -> bool:
    """Whether the dates of the form's project are there, all of them."""
    return dialog.book_button.isEnabled() and dialog.dates.table.rowCount() == dialog.sittings.value()


def wait(until: Callable[[], bool], what: str) -> None:
    """Let the program work until it has shown ``what``."""
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{PATIENCE_S} s passed without {what}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def settle() -> None:
    """Let everything that was begun be shown."""
    deadline = time.monotonic() + QUIET_S
    QCoreApplication.processEvents()
    while time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
