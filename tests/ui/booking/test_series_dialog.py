"""Planning and booking a series by keys: a verdict per date, all or nothing."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import text
from support.alt_keys import press
from support.book import a_service
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.series_commands import BookedSeries, PlannedDate, PlanSeries
from inkdesk.application.series_service import SeriesService
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.series import RepeatUnit, SeriesKind
from inkdesk.ui.booking.series_dialog import SeriesDialog
from inkdesk.ui.booking.when_field import FREE, REFUSED

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""11:00 in Paris."""
WEEK = timedelta(weeks=1)
TUESDAY = date(2026, 11, 24)


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    if request.param == "fr":
        request.getfixturevalue("french")
    return str(request.param)


def book(desk: Desk, starts_at: datetime) -> Booking:
    command = BookCommand(
        request_key=f"{starts_at}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
    )
    return desk.services.bookings.book(command).booking


def opened(qtbot: QtBot, desk: Desk, pattern_id: int | None = None) -> SeriesDialog:
    dialog = SeriesDialog(desk.services, desk.background, pattern_id=pattern_id)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.plan_button.isEnabled, timeout=5000)
    qtbot.waitUntil(lambda: pattern_id is None or dialog.pattern.isVisible(), timeout=5000)
    return dialog


def choose_client(qtbot: QtBot, dialog: SeriesDialog) -> None:
    press(qtbot, dialog, Qt.Key.Key_C)
    QTest.keyClicks(dialog.client.line, "zo")
    qtbot.waitUntil(lambda: dialog.client.matches.count() > 1, timeout=5000)
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.client.peek.isHidden, timeout=5000)


def four_tuesdays(dialog: SeriesDialog) -> None:
    dialog.first_day.set_day(TUESDAY)
    dialog.clock.set_clock(time(11))
    dialog.every.setValue(1)
    dialog.count.setValue(4)


def show_dates(qtbot: QtBot, dialog: SeriesDialog) -> None:
    press(qtbot, dialog, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: dialog.book_button.isEnabled() or dialog.notice.isVisible(), timeout=5000)


def table(dialog: SeriesDialog) -> list[tuple[str, str]]:
    shown = dialog.dates.table
    texts = [[shown.item(row, column) for column in (0, 1)] for row in range(shown.rowCount())]
    return [(one.text(), other.text()) for one, other in texts if one and other]


def book_all(qtbot: QtBot, dialog: SeriesDialog) -> BookedSeries:
    with qtbot.waitSignal(dialog.booked, timeout=5000) as booked:
        press(qtbot, dialog, Qt.Key.Key_B)
    assert booked.args is not None
    (series,) = booked.args
    assert isinstance(series, BookedSeries)
    return series


def test_every_week_all_free_is_booked_as_one(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    four_tuesdays(dialog)
    show_dates(qtbot, dialog)
    assert table(dialog) == [(f"{TUESDAY + n * WEEK}, 11:00", FREE + "free") for n in range(4)]
    assert dialog.dates.status.text() == "4 of 4 dates are free, with Ana."
    assert dialog.dates.table.hasFocus()
    assert dialog.book_button.text() == "&Book all 4 sittings"
    series = book_all(qtbot, dialog)
    assert [one.starts_at.astimezone(UTC) for one in series.bookings] == [TEN + n * WEEK for n in range(4)]
    card = desk.services.queries.booking(series.bookings[1].id).card
    assert (card.series_number, card.series_count) == (2, 4)
    assert not dialog.isVisible()


def test_who_becomes_the_first_artist_does_not_work_along_unseen(qtbot: QtBot, desk: Desk) -> None:
    """Ticked and then hidden, nobody could take the tick away, and every plan would name the artist twice."""
    ana, bo = desk.book.ana.id, desk.book.bo.id
    dialog = opened(qtbot, desk)
    dialog.artist.setCurrentIndex(dialog.artist.findData(ana))
    dialog.others.box.setChecked(True)
    dialog.others.show_chosen(ana, (bo,))
    assert dialog.others.ids() == (bo,)
    dialog.artist.setCurrentIndex(dialog.artist.findData(bo))
    assert dialog.others.ids() == ()
    show_dates(qtbot, dialog)
    assert {verdict for _, verdict in table(dialog)} == {FREE + "free"}


def test_what_is_not_free_says_why_and_offers_others_on_keys(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN + WEEK)
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    four_tuesdays(dialog)
    show_dates(qtbot, dialog)
    assert table(dialog)[1][1].startswith(REFUSED)
    assert "Zoé Müller" in table(dialog)[1][1]
    assert dialog.dates.status.text() == "3 of 4 dates are free, with Ana."
    press(qtbot, dialog, Qt.Key.Key_B)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert dialog.notice.text().startswith("2026-12-01 10:00: ")
    assert dialog.notice.text().endswith("No sitting was changed.")
    qtbot.waitUntil(lambda: "Looking" not in str(table(dialog)), timeout=5000)
    dialog.dates.table.setFocus()
    QTest.keyClick(dialog.dates.table, Qt.Key.Key_Down)
    offered = dialog.dates.alternatives.findChildren(QPushButton)
    qtbot.waitUntil(lambda: len(offered) == 3 and offered[0].isVisible(), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: table(dialog)[1][1] == FREE + "free", timeout=5000)
    assert len(book_all(qtbot, dialog).bookings) == 4


def test_a_date_is_left_out_or_changed_by_keys(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    four_tuesdays(dialog)
    show_dates(qtbot, dialog)
    QTest.keyClick(dialog.dates.table, Qt.Key.Key_Delete)
    assert table(dialog)[0][0] == "2026-12-01, 11:00"
    assert dialog.book_button.text() == "&Book all 3 sittings"
    QTest.keyClick(dialog.dates.table, Qt.Key.Key_Return)
    assert dialog.dates.day.hasFocus()
    dialog.dates.clock.set_clock(time(15, 30))
    press(qtbot, dialog, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: table(dialog)[0] == ("2026-12-01, 15:30", FREE + "free"), timeout=5000)
    starts = [one.starts_at.astimezone(UTC) for one in book_all(qtbot, dialog).bookings]
    assert starts == [TEN + WEEK + timedelta(hours=4, minutes=30), TEN + 2 * WEEK, TEN + 3 * WEEK]


def test_outside_the_hours_one_reason_serves_all_dates(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    four_tuesdays(dialog)
    dialog.clock.set_clock(time(20))
    show_dates(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_V)
    assert dialog.reason.hasFocus()
    QTest.keyClicks(dialog.reason, "evenings only")
    series = book_all(qtbot, dialog)
    assert {one.override_reason for one in series.bookings} == {"evenings only"}


def test_sittings_of_a_project_are_proposed_with_time_to_heal(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_J)
    qtbot.waitUntil(dialog.project_form.isVisible, timeout=5000)
    assert not dialog.repeat_form.isVisible()
    dialog.artist.setCurrentIndex(dialog.artist.findData(None))
    dialog.first_day.set_day(TUESDAY)
    press(qtbot, dialog, Qt.Key.Key_D)
    assert dialog.gap.hasFocus()
    show_dates(qtbot, dialog)
    series = book_all(qtbot, dialog)
    assert len(series.bookings) == 3
    gaps = [later.starts_at - one.starts_at for one, later in zip(series.bookings, series.bookings[1:], strict=False)]
    assert all(gap >= timedelta(days=21) for gap in gaps)
    with desk.database._engine.connect() as connection:
        assert connection.execute(text("SELECT kind FROM series")).scalars().all() == [SeriesKind.PROJECT.value]


def test_a_rule_that_cannot_be_is_said_beside_its_field(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    four_tuesdays(dialog)
    dialog.ends.setCurrentIndex(1)
    dialog.until.set_day(TUESDAY - WEEK)
    show_dates_fails = "The series ends before it begins. Choose a later last date."
    press(qtbot, dialog, Qt.Key.Key_S)
    qtbot.waitUntil(dialog.until.hasFocus, timeout=5000)
    assert show_dates_fails in [one.text() for one in dialog.repeat_form._errors.values()]
    assert not dialog.book_button.isEnabled()


def test_without_a_client_nothing_is_booked(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    four_tuesdays(dialog)
    show_dates(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_B)
    qtbot.waitUntil(dialog.client.line.hasFocus, timeout=5000)
    assert dialog.isVisible()


def test_planning_can_be_given_up(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_service: SeriesService, _command: PlanSeries) -> list[PlannedDate]:
        begun.set()
        go_on.wait(10)
        return []

    monkeypatch.setattr(SeriesService, "plan", slow)
    dialog = opened(qtbot, desk)
    press(qtbot, dialog, Qt.Key.Key_S)
    qtbot.waitUntil(begun.is_set, timeout=5000)
    assert dialog.dates.progress.isVisible()
    assert dialog.dates.stop_button.hasFocus()
    QTest.keyClick(dialog.dates.stop_button, Qt.Key.Key_Return)
    assert not dialog.dates.progress.isVisible()
    assert dialog.plan_button.isEnabled()
    go_on.set()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_booking_is_repeated_as_it_is(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, TEN)
    dialog = opened(qtbot, desk, booking.id)
    assert dialog.pattern.text() == "The booking of 2026-11-24 10:00 stays as it is; the series follows it."
    assert (dialog.first_day.day(), dialog.clock.minute()) == (date(2026, 12, 22), 660)
    assert not dialog.is_typed_in()
    show_dates(qtbot, dialog)
    dialog.ways.buttons[DepositChoice.NONE].click()
    series = book_all(qtbot, dialog)
    assert {one.client_id for one in series.bookings} == {desk.book.client.id}
    assert len(series.bookings) == 3


@pytest.fixture
def second_service(desk: Desk) -> Service:
    """A service that only Bo does, and which the client had last."""
    with desk.database.write() as uow:
        wanted = replace(a_service("Sleeve"), artist_ids=(desk.book.bo.id,))
        service = uow.catalogue.add_service(wanted)
        uow.commit()
    command = BookCommand(
        request_key="last",
        artist_id=desk.book.bo.id,
        service_id=service.id,
        starts_at=TEN,
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
    )
    desk.services.bookings.book(command)
    return service


def test_a_client_brings_the_last_artist_and_service(qtbot: QtBot, desk: Desk, second_service: Service) -> None:
    dialog = opened(qtbot, desk)
    assert (dialog.artist.currentText(), dialog.service.currentText()) == ("Ana", "Small piece")
    choose_client(qtbot, dialog)
    assert (dialog.artist.currentText(), dialog.service.currentData()) == ("Bo", second_service.id)


@pytest.mark.usefixtures("second_service")
def test_what_the_desk_chose_stays_when_a_client_is_picked(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    press(qtbot, dialog, Qt.Key.Key_A)
    QTest.keyClick(dialog.artist, Qt.Key.Key_Down)
    QTest.keyClick(dialog.artist, Qt.Key.Key_Up)
    choose_client(qtbot, dialog)
    assert (dialog.artist.currentText(), dialog.service.currentText()) == ("Ana", "Small piece")


def test_a_series_begins_on_a_day_that_has_room(qtbot: QtBot, desk: Desk) -> None:
    desk.clock.at = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # a Friday; nobody works before Monday
    dialog = opened(qtbot, desk)
    qtbot.waitUntil(lambda: dialog.first_day.day() == date(2026, 11, 30), timeout=5000)
    with desk.database.write() as uow:
        day = (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
        uow.artists.add_leave(Leave(artist_id=desk.book.bo.id, starts_at=day[0], ends_at=day[1], reason="fair"))
        uow.commit()
    dialog.artist.setCurrentIndex(dialog.artist.findText("Bo"))
    qtbot.waitUntil(lambda: dialog.first_day.day() == date(2026, 12, 1), timeout=5000)


def test_a_first_date_that_the_desk_chose_stays(qtbot: QtBot, desk: Desk) -> None:
    desk.clock.at = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    dialog = opened(qtbot, desk)
    qtbot.waitUntil(lambda: dialog.first_day.day() == date(2026, 11, 30), timeout=5000)
    dialog.first_day.set_day(date(2026, 12, 5))
    dialog.show_first_day(date(2026, 12, 1))
    assert dialog.first_day.day() == date(2026, 12, 5)


def test_closing_asks_before_typed_words_are_lost(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    QTest.keyClicks(dialog.note, "sleeve")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.note.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_alt_reaches_one_thing_each(qtbot: QtBot, desk: Desk, language: str) -> None:
    book(desk, TEN + WEEK)
    dialog = opened(qtbot, desk)
    four_tuesdays(dialog)
    dialog.unit.setCurrentIndex(dialog.unit.findData(RepeatUnit.WEEKS))
    dialog.clock.set_clock(time(20))
    dialog._plan()
    qtbot.waitUntil(dialog.reason.isVisible, timeout=5000)
    assert clashes(dialog) == {}, language
    dialog.client._start_new()
    assert clashes(dialog) == {}
    dialog.kinds[SeriesKind.PROJECT].click()
    assert clashes(dialog) == {}


def test_a_form_changed_after_the_dates_were_shown_books_nothing_before_they_are_shown_again(
    qtbot: QtBot, desk: Desk
) -> None:
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    four_tuesdays(dialog)
    show_dates(qtbot, dialog)
    assert dialog.book_button.isDefault()
    dialog.first_day.set_day(TUESDAY + WEEK)
    assert not dialog.book_button.isEnabled()
    assert dialog.plan_button.isDefault()
    dialog.first_day.set_day(TUESDAY)
    assert dialog.book_button.isEnabled()
    dialog.kinds[SeriesKind.PROJECT].click()
    assert not dialog.book_button.isEnabled()


@pytest.mark.usefixtures("language")
def test_a_refused_date_and_all_its_buttons_fit_a_small_screen(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    dialog = opened(qtbot, desk)
    choose_client(qtbot, dialog)
    dialog.first_day.set_day(TUESDAY)
    dialog.clock.set_clock(time(11))
    dialog.plan_button.click()
    qtbot.waitUntil(dialog.dates.drop_button.isVisible, timeout=5000)
    assert dialog.minimumSizeHint().width() <= 1024
