"""Moving a booking, alone or with its series, by keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from support.alt_keys import press
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice, MoveCommand
from inkdesk.application.changes import Changes
from inkdesk.application.series_commands import BookSeriesCommand
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.series import Scope, SeriesKind
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog
from inkdesk.ui.booking.move_dialog import MoveDialog
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.booking.when_field import FREE, REFUSED
from inkdesk.ui.common.time_edit import TimeEdit

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def book(desk: Desk, starts_at: datetime = TEN, **how: object) -> Booking:
    command = BookCommand(
        request_key=f"{starts_at}{how}",
        artist_id=how.get("artist_id", desk.book.ana.id),  # type: ignore[arg-type]
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=DepositChoice.CASH,
    )
    return desk.services.bookings.book(command).booking


def book_series(desk: Desk, count: int = 3) -> list[Booking]:
    command = BookSeriesCommand(
        request_key="series",
        kind=SeriesKind.REPEAT,
        rule="FREQ=WEEKLY",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts=tuple(TEN + n * WEEK for n in range(count)),
        client=desk.book.client.id,
        choice=DepositChoice.CASH,
    )
    return list(desk.services.series.book(command).bookings)


def opened(qtbot: QtBot, desk: Desk, booking: Booking) -> MoveDialog:
    dialog = MoveDialog(desk.services, desk.background, booking_id=booking.id)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.save_button.isEnabled() and bool(dialog.when.verdict.text()), timeout=5000)
    qtbot.waitUntil(lambda: dialog.when.verdict.text()[:2] in {FREE, REFUSED}, timeout=5000)
    return dialog


def is_offered(dialog: MoveDialog) -> bool:
    """Whether there are other times to choose from on the screen."""
    return any(button.isVisible() for button in dialog.when.alternatives.findChildren(QPushButton))


def starts(desk: Desk, booking: Booking) -> datetime:
    return desk.services.queries.booking(booking.id).card.starts_at.astimezone(UTC)


def type_clock(qtbot: QtBot, dialog: MoveDialog, digits: str) -> None:
    """Alt and the letter of Start, then the digits, until the verdict on that time is there."""
    before = dialog.when.start()
    press(qtbot, dialog, Qt.Key.Key_R)
    assert dialog.when.clock.hasFocus()
    dialog.when.clock.setSelectedSection(TimeEdit.Section.HourSection)
    QTest.keyClicks(dialog.when.clock, digits)
    qtbot.waitUntil(lambda: dialog.when.start() != before, timeout=5000)
    qtbot.waitUntil(lambda: dialog.when.verdict.text()[:2] in {FREE, REFUSED}, timeout=5000)


def test_half_an_hour_later_is_free_although_it_overlaps_itself(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    told: list[Changes] = []
    dialog = opened(qtbot, desk, booking)
    dialog.changed.connect(told.append)
    assert dialog.client.text() == "Zoé Müller: Small piece"
    assert dialog.present.text() == "Now: 2026-11-24 10:00, Ana"
    assert dialog.when.day.hasFocus()
    type_clock(qtbot, dialog, "1130")  # Paris: 10:30 UTC
    assert dialog.when.verdict.text().startswith(FREE)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert starts(desk, booking) == TEN + timedelta(minutes=30)
    assert told == [Changes(bookings=frozenset({booking.id}))]
    payments = desk.services.queries.booking(booking.id).payments
    assert [one.status for one in payments] == [PaymentStatus.PAID]


def test_a_taken_time_is_refused_with_alternatives_on_keys(qtbot: QtBot, desk: Desk) -> None:
    booking, other = book(desk), book(desk, TEN + timedelta(hours=3))
    dialog = opened(qtbot, desk, booking)
    type_clock(qtbot, dialog, "1400")
    assert dialog.when.verdict.text().startswith(REFUSED)
    qtbot.waitUntil(lambda: is_offered(dialog), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert starts(desk, booking) == TEN
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(REFUSED), timeout=5000)
    assert "Zoé Müller" in dialog.when.verdict.text()
    assert dialog.notice.text() == "The booking was not moved."
    qtbot.waitUntil(lambda: is_offered(dialog), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(FREE), timeout=5000)
    QTest.keyClick(dialog.when.clock, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert starts(desk, booking) not in {TEN, starts(desk, other)}


def test_a_time_taken_meanwhile_is_refused_in_one_place(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, book(desk))
    type_clock(qtbot, dialog, "1400")
    assert dialog.when.verdict.text().startswith(FREE)
    book(desk, TEN + timedelta(hours=3))
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(REFUSED), timeout=5000)
    assert "Zoé Müller" in dialog.when.verdict.text()
    assert dialog.notice.text() == "The booking was not moved."


def test_outside_the_hours_a_reason_is_asked_and_kept(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    dialog = opened(qtbot, desk, booking)
    type_clock(qtbot, dialog, "2000")
    qtbot.waitUntil(dialog.reason.isVisible, timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_V)
    assert dialog.reason.hasFocus()
    QTest.keyClicks(dialog.reason, "late train")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert starts(desk, booking) == TEN + timedelta(hours=9)
    assert desk.services.queries.booking(booking.id).history[-1][3] == "late train"


def test_another_artist_takes_over_and_the_history_says_so(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    dialog = opened(qtbot, desk, booking)
    press(qtbot, dialog, Qt.Key.Key_A)
    assert dialog.artist.hasFocus()
    QTest.keyClick(dialog.artist, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "Bo" in dialog.when.verdict.text(), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert desk.services.queries.booking(booking.id).card.artist_id == desk.book.bo.id
    detail = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(detail)
    qtbot.waitUntil(lambda: bool(detail.history.toPlainText()), timeout=5000)
    shown = "Moved from 2026-11-24 10:00 with Ana to 2026-11-24 10:00 with Bo"
    assert shown in detail.history.toPlainText()


def test_a_time_is_found_and_taken_by_keys(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    dialog = opened(qtbot, desk, booking)
    QTest.keyClick(dialog.when.clock, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.is_finding()
    assert not dialog.save_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.finder.offers[1].isHidden(), timeout=5000)
    assert clashes(dialog) == {}
    first = dialog.finder._presenter.offer(0)
    assert first is not None
    assert first.slot.starts_at != booking.starts_at
    QTest.keyClick(dialog.finder, Qt.Key.Key_1)
    assert not dialog.is_finding()
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(FREE), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert starts(desk, booking) == first.slot.starts_at


def test_an_offer_of_another_artist_chooses_both(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    dialog = opened(qtbot, desk, booking)
    dialog.find_a_time()
    dialog.finder.who.setCurrentIndex(1)  # anyone
    offers = dialog.finder._presenter

    def of_bo() -> list[int]:
        found = [offers.offer(number) for number in range(3)]
        return [n for n, one in enumerate(found) if one is not None and one.slot.artist_id == desk.book.bo.id]

    qtbot.waitUntil(lambda: bool(of_bo()), timeout=5000)
    number = of_bo()[0]
    offer = offers.offer(number)
    assert offer is not None
    QTest.keyClicks(dialog.finder, str(number + 1))
    assert dialog.artist.currentData() == desk.book.bo.id
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(FREE), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    card = desk.services.queries.booking(booking.id).card
    assert (card.artist_id, card.starts_at) == (desk.book.bo.id, offer.slot.starts_at)


def test_escape_leaves_the_finder_first(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, book(desk))
    dialog.find_a_time()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.is_finding(), dialog.isVisible(), dialog.save_button.isEnabled()) == (False, True, True)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_becomes_of_a_link_that_is_out_is_said_before_the_move(qtbot: QtBot, desk: Desk) -> None:
    stored = book(desk)
    with desk.database.write() as uow:
        booking = uow.bookings.save(
            replace(uow.bookings.get(stored.id), status=BookingStatus.PENDING_PAYMENT, hold_until=TEN)
        )
        uow.commit()
    assert "names the old one" in opened(qtbot, desk, booking).money.text()
    assert "names the old one" not in opened(qtbot, desk, book(desk, TEN + WEEK)).money.text()


def test_where_it_stands_is_no_move(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, book(desk))
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert dialog.notice.text() == "The booking stands there already. Choose another time."
    assert dialog.isVisible()


def test_what_has_begun_cannot_be_moved(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    desk.clock.at = TEN + timedelta(minutes=5)
    dialog = MoveDialog(desk.services, desk.background, booking_id=booking.id)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert dialog.notice.text() == "This sitting has begun, so it cannot be moved any more."
    assert not dialog.save_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_stale_booking_is_said_and_the_next_try_moves_it(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    dialog = opened(qtbot, desk, booking)
    move = MoveCommand(booking_id=booking.id, version=booking.version, starts_at=TEN + timedelta(hours=1))
    desk.services.moves.move(move)
    type_clock(qtbot, dialog, "1400")
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert "changed meanwhile" in dialog.notice.text()
    qtbot.waitUntil(lambda: dialog.save_button.isEnabled() and not dialog._presenter.is_busy, timeout=5000)
    qtbot.waitUntil(lambda: dialog._presenter._movable.card.version > booking.version, timeout=5000)  # type: ignore[union-attr]
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    assert starts(desk, booking) == TEN + timedelta(hours=3)


@pytest.mark.parametrize(
    ("key", "moved"), [(Qt.Key.Key_O, [1]), (Qt.Key.Key_H, [1, 2]), (Qt.Key.Key_I, [0, 1, 2])], ids=["one", "on", "all"]
)
def test_a_series_moves_as_far_as_asked(qtbot: QtBot, desk: Desk, key: Qt.Key, moved: list[int]) -> None:
    series = book_series(desk)
    dialog = opened(qtbot, desk, series[1])
    assert dialog.scope is not None
    assert dialog.scope.scope() is Scope.ONE
    assert clashes(dialog) == {}
    press(qtbot, dialog, key)
    type_clock(qtbot, dialog, "1130")
    if len(moved) > 1:
        qtbot.waitUntil(lambda: dialog.series.isVisible() and dialog.series.text().startswith(FREE), timeout=5000)
    else:
        assert not dialog.series.isVisible()
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=5000)
    later = timedelta(minutes=30)
    assert [starts(desk, one) for one in series] == [TEN + n * WEEK + later * (n in moved) for n in range(3)]


def test_a_companion_in_trouble_is_named_before_it_is_tried(qtbot: QtBot, desk: Desk) -> None:
    series = book_series(desk)
    book(desk, TEN + 2 * WEEK + timedelta(hours=3))
    dialog = opened(qtbot, desk, series[0])
    press(qtbot, dialog, Qt.Key.Key_I)
    type_clock(qtbot, dialog, "1400")
    assert dialog.when.verdict.text().startswith(FREE)
    qtbot.waitUntil(lambda: dialog.series.text().startswith(REFUSED + "2026-12-08: "), timeout=5000)
    press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert "No sitting was changed." in dialog.notice.text()
    assert [starts(desk, one) for one in series] == [TEN + n * WEEK for n in range(3)]


def test_only_one_sitting_can_be_given_to_somebody_else(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, book_series(desk)[1])
    assert dialog.scope is not None
    press(qtbot, dialog, Qt.Key.Key_I)
    dialog.artist.setCurrentIndex(1)
    assert dialog.scope.scope() is Scope.ONE
    assert not dialog.scope.buttons[Scope.ALL].isEnabled()
    assert dialog.alone.isVisible()
    dialog.artist.setCurrentIndex(0)
    assert dialog.scope.buttons[Scope.ALL].isEnabled()


def test_a_series_is_cancelled_from_here_on_and_the_deposit_stays_asked_for_once(qtbot: QtBot, desk: Desk) -> None:
    series = book_series(desk)
    detail = BookingDetailDialog(desk.services, desk.background, booking_id=series[1].id, open_url=desk.open_url)
    qtbot.addWidget(detail)
    detail.open()
    qtbot.waitUntil(lambda: bool(detail.client.text()), timeout=5000)
    assert "sitting 2 of 3" in [label.text() for label in detail.findChildren(type(detail.client))]
    press(qtbot, detail, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: detail.findChild(CancelDialog) is not None, timeout=5000)
    question = detail.findChild(CancelDialog)
    assert isinstance(question, CancelDialog)
    assert clashes(question) == {}
    assert not question.policy.isVisible()
    press(qtbot, question, Qt.Key.Key_I)
    qtbot.waitUntil(question.policy.isVisible, timeout=5000)
    assert question.policy.text() == "50.00 EUR were paid. By the policy 25.00 EUR go back."
    assert question.fates[DepositFate.REFUND].isChecked()
    press(qtbot, question, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: not question.policy.isVisible(), timeout=5000)
    assert not question.fates[DepositFate.REFUND].isVisible()
    press(qtbot, question, Qt.Key.Key_C)
    cancelled = [BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.CANCELLED]
    qtbot.waitUntil(
        lambda: [desk.services.queries.booking(one.id).card.status for one in series] == cancelled, timeout=5000
    )


def test_move_is_offered_for_what_is_still_to_come(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk)
    detail = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(detail)
    detail.open()
    qtbot.waitUntil(detail.buttons[BookingAction.MOVE].isVisible, timeout=5000)
    press(qtbot, detail, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: detail.findChild(MoveDialog) is not None, timeout=5000)
    dialog = detail.findChild(MoveDialog)
    assert isinstance(dialog, MoveDialog)
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith(FREE), timeout=5000)
    type_clock(qtbot, dialog, "1400")
    with qtbot.waitSignal(dialog.finished):
        press(qtbot, dialog, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: "Moved from" in detail.history.toPlainText(), timeout=5000)
