"""The line that finds everything, by key, in the real window on the sample studio."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.story import PATIENCE_MS, type_into

from inkdesk.application.calendar import BookingCard
from inkdesk.bootstrap import OpenStudio
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.calendar.ranges import Mode
from inkdesk.ui.calendar.shown import artists_of
from inkdesk.ui.common.actions import ACTIONS
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.palette.dialog import HIT, PaletteDialog
from inkdesk.ui.palette.kinds import DATES, EVERYTHING, PEOPLE
from inkdesk.ui.palette.presenter import Hit

CLIENTS = ("Sarah Cohen", "Yuki Tanaka", "Manon Chevalier", "Malik Traoré", "Linh Phạm", "Mei-Ling Chen")
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Finding:
    """The line, opened by its key, with a person at the keys."""

    def __init__(self, qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
        self._qtbot = qtbot
        QTest.keyClick(window, key, CTRL)
        self.dialog = next(one for one in window.findChildren(PaletteDialog) if one.isVisible())
        self.dialog.activateWindow()
        qtbot.waitUntil(self.dialog.line.hasFocus)

    def type(self, text: str) -> None:
        type_into(self.dialog.line, text)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.dialog.line, key)

    def lines(self) -> list[tuple[str, str]]:
        """What is shown now."""
        items = [self.dialog.list.topLevelItem(row) for row in range(self.dialog.list.topLevelItemCount())]
        return [(item.text(0), item.text(1)) for item in items if item is not None]

    def found(self) -> list[tuple[str, str]]:
        """What is shown once the book has answered."""
        self._qtbot.waitUntil(
            lambda: not self.dialog._timer.isActive() and self.dialog.sentence.text() != "Looking…", timeout=PATIENCE_MS
        )
        return self.lines()


def shown_booking(window: MainWindow) -> BookingCard:
    """A booking that stands in the calendar by itself."""
    return next(card for card in window.calendar.presenter.cards if isinstance(card, BookingCard))


def test_every_action_that_a_studio_with_real_money_has_is_there_with_its_key(qtbot: QtBot, window: MainWindow) -> None:
    finding = Finding(qtbot, window, KEY.Key_K)
    shown = finding.lines()[1:]
    assert sorted(words for words, _ in shown) == sorted(one.words() for one in ACTIONS if one.name != "practice")
    assert ("New booking", "F2") in shown


def test_an_action_is_done_by_a_few_letters_and_enter(qtbot: QtBot, window: MainWindow) -> None:
    finding = Finding(qtbot, window, KEY.Key_K)
    finding.type("month")
    assert finding.found()[0] == ("Month", "Ctrl+3")
    finding.key(KEY.Key_Return)
    assert window.calendar.presenter.mode is Mode.MONTH


def test_enter_before_the_answer_takes_the_best_that_comes(qtbot: QtBot, window: MainWindow) -> None:
    finding = Finding(qtbot, window, KEY.Key_K)
    finding.type("mont")
    finding.key(KEY.Key_Return)
    qtbot.waitUntil(lambda: window.calendar.presenter.mode is Mode.MONTH, timeout=PATIENCE_MS)


def test_what_is_typed_after_an_enter_that_found_nothing_is_not_done_by_itself(
    qtbot: QtBot, window: MainWindow
) -> None:
    before = window.calendar.presenter.mode
    finding = Finding(qtbot, window, KEY.Key_K)
    finding.type("mzzz")
    finding.key(KEY.Key_Return)
    assert finding.found() == []
    for _ in range(3):
        finding.key(KEY.Key_Backspace)
    finding.type("onth")
    assert finding.found()[0] == ("Month", "Ctrl+3")
    assert (finding.dialog.isVisible(), window.calendar.presenter.mode) == (True, before)


def test_a_calendar_s_own_action_is_done_in_the_calendar(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("ledger")
    scale = window.calendar.view.geometry_px.scale
    finding = Finding(qtbot, window, KEY.Key_K)
    finding.type("larger")
    finding.found()
    finding.key(KEY.Key_Return)
    assert window.stack.currentWidget() is window.calendar
    assert window.calendar.view.geometry_px.scale > scale


def test_a_date_is_gone_to(qtbot: QtBot, window: MainWindow) -> None:
    today = window.calendar.presenter.today
    finding = Finding(qtbot, window, KEY.Key_G)
    assert len(finding.lines()) == 1
    finding.type("+40")
    assert [detail for _, detail in finding.found()] == ["in 40 days"]
    finding.key(KEY.Key_Return)
    assert window.calendar.presenter.day == today + timedelta(days=40)


def test_a_client_and_their_bookings_are_found_and_one_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    card = shown_booking(window)
    finding = Finding(qtbot, window, KEY.Key_F)
    finding.type(card.client_name.split()[0])
    words = [words for words, _ in finding.found()]
    assert f"Book for {card.client_name}" in words
    row = next(n for n, one in enumerate(words) if one.startswith(card.client_name))
    for _ in range(row):
        finding.key(KEY.Key_Down)
    chosen: list[Hit] = []
    finding.dialog.chosen.connect(chosen.append)
    finding.key(KEY.Key_Return)
    found = chosen[0].what
    presenter = window.calendar.presenter
    qtbot.waitUntil(lambda: presenter.selected_id == getattr(found, "booking_id", 0), timeout=PATIENCE_MS)


def test_a_booking_to_come_stands_before_a_new_one_and_what_was_after_it(
    qtbot: QtBot, window: MainWindow, opened: OpenStudio
) -> None:
    tomorrow = opened.services.clock.now() + timedelta(days=1)
    booked = {name: opened.services.queries.find_bookings(name) for name in CLIENTS}
    coming = next(name for name, cards in booked.items() if any(one.starts_at > tomorrow for one in cards))
    gone = next(name for name, cards in booked.items() if cards and cards[0].starts_at < tomorrow - timedelta(days=2))
    finding = Finding(qtbot, window, KEY.Key_F)
    for name, is_first in ((coming, True), (gone, False)):
        finding.dialog.line.clear()
        finding.type(name)
        qtbot.waitUntil(lambda name=name: f"Book for {name}" in dict(finding.found()), timeout=PATIENCE_MS)  # type: ignore[misc]
        words = [words for words, _ in finding.lines()]
        booking = next(row for row, one in enumerate(words) if one.startswith(f"{name}, "))
        assert (booking < words.index(f"Book for {name}")) == is_first


def test_a_client_is_booked_for(qtbot: QtBot, window: MainWindow) -> None:
    name = window.calendar.presenter.data.cards[0].client_name
    finding = Finding(qtbot, window, KEY.Key_F)
    finding.type(name)
    for _ in range([words for words, _ in finding.found()].index(f"Book for {name}")):
        finding.key(KEY.Key_Down)
    finding.key(KEY.Key_Return)
    (dialog,) = window.findChildren(BookingDialog)
    assert dialog.client.line.text() == name
    dialog.client.line.clear()
    dialog.done(0)


def test_a_booking_that_the_calendar_hides_is_opened(qtbot: QtBot, window: MainWindow) -> None:
    hidden = shown_booking(window)
    window.calendar.filter.statuses[hidden.status].trigger()
    window.show_place(hidden)
    (dialog,) = window.findChildren(BookingDetailDialog)
    dialog.done(0)


def test_a_booking_of_an_artist_who_is_not_shown_is_opened(qtbot: QtBot, window: MainWindow) -> None:
    hidden, presenter = shown_booking(window), window.calendar.presenter
    other = next(one.id for one in presenter.artists if one.id not in artists_of(hidden))
    window.calendar._act(lambda: presenter.filter_artist(other))
    window.show_place(hidden)
    qtbot.waitUntil(lambda: window.findChildren(BookingDetailDialog) != [], timeout=PATIENCE_MS)
    (dialog,) = window.findChildren(BookingDetailDialog)
    assert presenter.artist_id == other
    dialog.done(0)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (BookingStatus.CONFIRMED, ""),
        (BookingStatus.PENDING_PAYMENT, "Held, not paid"),
        (BookingStatus.LAPSED, "Not paid, given free"),
        (BookingStatus.CANCELLED, "Cancelled"),
    ],
)
def test_a_booking_that_does_not_stand_says_so(
    qtbot: QtBot, opened: OpenStudio, window: MainWindow, status: BookingStatus, said: str
) -> None:
    card = shown_booking(window)
    with opened.database.write() as uow:
        uow.bookings.save(replace(uow.bookings.get(card.booking_id), status=status))
        uow.commit()
    finding = Finding(qtbot, window, KEY.Key_F)
    finding.type(card.client_name)
    finding.found()
    items = [finding.dialog.list.topLevelItem(row) for row in range(finding.dialog.list.topLevelItemCount())]
    hits: list[Hit] = [item.data(0, HIT) for item in items if item is not None]
    detail = next(hit.detail for hit in hits if getattr(hit.what, "booking_id", 0) == card.booking_id)
    assert detail == " · ".join(filter(None, (card.service_name, said)))


@pytest.mark.parametrize(("typed", "sentence"), [("zzzz", "Nothing fits."), ("z", "")])
def test_nothing_found_is_said(qtbot: QtBot, window: MainWindow, typed: str, sentence: str) -> None:
    finding = Finding(qtbot, window, KEY.Key_F)
    finding.type(typed)
    assert finding.found() == []
    assert finding.dialog.sentence.text().startswith(sentence)
    finding.key(KEY.Key_Return)
    assert finding.dialog.isVisible()
    finding.key(KEY.Key_Escape)
    assert not finding.dialog.isVisible()


def test_the_kinds_are_said_in_the_title(window: MainWindow) -> None:
    titles = []
    for kinds in (EVERYTHING, PEOPLE, DATES):
        dialog = window.open_palette(kinds)
        titles.append(dialog.windowTitle())
        dialog.close()
    assert titles == ["Find anything", "Find a client or a booking", "Go to a date"]


def test_a_dialog_keeps_the_keys_it_means_something_else_by(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.dialogs.book(None, None)
    assert isinstance(dialog, BookingDialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.when.isEnabled() and dialog.client.line.hasFocus(), timeout=PATIENCE_MS)
    QTest.keyClick(dialog.client.line, KEY.Key_F, CTRL)
    assert dialog.is_finding()
    assert window.findChildren(PaletteDialog) == []
    QTest.keyClick(dialog, KEY.Key_K, CTRL)
    (palette,) = window.findChildren(PaletteDialog)
    palette.close()
    dialog.done(0)
