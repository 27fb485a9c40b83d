"""The page of what needs a person, by keys and by mouse."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application import text
from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.application.inbox_service import InboxItem
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.clients import Client
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, PaymentMethod, PaymentStatus
from inkdesk.domain.tasks import TaskAction, TaskKind
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.payments.inbox_page import InboxPage
from inkdesk.ui.payments.inbox_words import _EFFECTS, _LABELS, _TITLES, label

KEY = Qt.Key
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
A, K = TaskAction, TaskKind
TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"
Speak = Callable[[str], None]


def tell(desk: Desk, client: str, kind: str, hours: int = 0) -> int:
    """A task about the paid deposit of a cancelled booking; the booking's id."""
    with desk.database.write() as uow:
        client_id = uow.clients.add(Client(name=client, phone="+33611112222")).id
        uow.commit()
    command = BookCommand(
        request_key=client,
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=TEN + timedelta(hours=hours),
        client=client_id,
        choice=DepositChoice.CASH,
    )
    booking_id = desk.services.bookings.book(command).booking.id
    with desk.database.write() as uow:
        uow.bookings.save(replace(uow.bookings.get(booking_id), status=BookingStatus.CANCELLED))
        uow.bookings.set_blocks(booking_id, blocks=False)
        payment_id = uow.payments.of_booking(booking_id)[0].id
        task = DeskTask(
            kind=kind,
            booking_id=booking_id,
            payment_id=payment_id,
            sentence=message("{client} paid late.", client=client),
            opened_at=desk.clock.now(),
            fact_key=f"{kind}:{payment_id}",
        )
        assert uow.payments.open_task(task)
        uow.commit()
    return booking_id


@pytest.fixture
def speak() -> Iterator[Speak]:
    yield lambda code: install_language(code, code, ZoneInfo("Europe/Paris"), TRANSLATIONS)
    text.install(NullTranslations(), text.PlainFormats(), "en")


@pytest.fixture
def open_page(qtbot: QtBot, desk: Desk) -> Callable[[int], InboxPage]:
    def opened(count: int) -> InboxPage:
        page = InboxPage(desk.services, desk.background)
        qtbot.addWidget(page)
        page.resize(900, 600)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: page.isActiveWindow() and page.list.count() == count, timeout=5000)
        page.setFocus()
        return page

    return opened


def question(page: InboxPage) -> QMessageBox:
    (box,) = [one for one in page.findChildren(QMessageBox) if one.isVisible()]
    return box


def answer(box: QMessageBox, text: str) -> None:
    (button,) = [one for one in box.buttons() if one.text() == text]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def status(desk: Desk, booking_id: int) -> PaymentStatus:
    with desk.database.read() as uow:
        return uow.payments.of_booking(booking_id)[0].status


def test_a_task_says_what_happened_and_what_can_be_done(desk: Desk, open_page: Callable[[int], InboxPage]) -> None:
    tell(desk, "<b>Kim</b>", "paid_after_end")
    page = open_page(1)
    assert page.list.item(0).text() == "<b>Kim</b> · 50.00 EUR\nPaid too late · 2026-11-23 09:00"
    assert page.panel.heading.text() == "Paid too late"
    assert page.panel.facts.text() == "<b>Kim</b> · 06 11 11 22 22 · 50.00 EUR · since 2026-11-23 09:00"
    assert page.panel.what.text() == "<b>Kim</b> paid late."
    assert [one.text().replace("&", "") for one in page.panel.buttons.values()] == [
        "Refund 50.00 EUR",
        "Open booking",
        "Done",
    ]
    assert page.list.hasFocus()


def test_nothing_to_do_says_so_kindly(qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]) -> None:
    page = open_page(0)
    assert page.empty.isVisible()
    assert page.empty.text().startswith("Nothing needs you.")
    QTest.keyClick(page, KEY.Key_Return)
    QTest.keyClick(page, KEY.Key_Delete)
    tell(desk, "Kim", "paid_after_end")
    page.reload(Changes(settings=True))
    page.reload(Changes(tasks=True))
    qtbot.waitUntil(page.list.isVisible, timeout=5000)
    assert page.list.hasFocus()


def test_enter_does_what_fits_best_and_asks_before_money_moves(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]
) -> None:
    first, second = tell(desk, "Kim", "paid_after_end"), tell(desk, "Zoe", "paid_after_end", 3)
    page = open_page(2)
    QTest.keyClick(page.list, KEY.Key_Down)
    assert "Zoe" in page.panel.facts.text()
    page.panel.note.setText("They moved away")

    QTest.keyClick(page.list, KEY.Key_Return)
    box = question(page)
    assert box.text() == "Refund 50.00 EUR to Zoe?"
    QTest.keyClick(box, KEY.Key_Escape)
    assert (status(desk, second), page.list.count()) == (PaymentStatus.PAID, 2)

    QTest.keyClick(page.list, KEY.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    with qtbot.waitSignal(page.changed) as told:
        answer(question(page), "Refund")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    assert told.args is not None
    assert second in told.args[0].bookings
    assert (status(desk, first), status(desk, second)) == (PaymentStatus.PAID, PaymentStatus.REFUNDED)
    assert "Kim" in page.panel.facts.text()
    assert page.panel.note.text() == ""
    assert page.focusWidget() is page.list
    refunded = [one for one in desk.services.queries.booking(second).ledger if one.kind.value == "refunded"]
    assert [one.why for one in refunded] == ["They moved away"]


def test_del_closes_news_at_once_and_asks_if_money_waits(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]
) -> None:
    tell(desk, "Kim", "paid_twice")
    tell(desk, "Zoe", "paid_after_end", 3)
    page = open_page(2)

    QTest.keyClick(page.list, KEY.Key_Delete)
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)

    QTest.keyClick(page.list, KEY.Key_Delete)
    answer(question(page), "Close the task")
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert desk.services.queries.open_tasks() == []


@pytest.mark.parametrize("kind", ["disputed", "refund_waits"])
def test_del_asks_while_stripe_has_not_decided(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage], kind: str
) -> None:
    booking_id = tell(desk, "Kim", kind)
    with desk.database.write() as uow:
        (payment,) = uow.payments.of_booking(booking_id)
        uow.payments.save(replace(payment, method=PaymentMethod.LINK, status=PaymentStatus.DISPUTED))
        uow.commit()
    page = open_page(1)

    QTest.keyClick(page.list, KEY.Key_Delete)
    box = question(page)
    assert box.text() == "This is not over yet. Close the task all the same?"
    QTest.keyClick(box, KEY.Key_Return)
    assert (page.list.count(), len(desk.services.queries.open_tasks())) == (1, 1)

    QTest.keyClick(page.list, KEY.Key_Delete)
    answer(question(page), "Close the task")
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)


def test_buttons_do_the_same_and_keys_come_back_to_the_list(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]
) -> None:
    booking_id = tell(desk, "Kim", "paid_twice")
    tell(desk, "Zoe", "paid_twice", 3)
    page = open_page(2)
    page.panel.buttons[A.OPEN_BOOKING].setFocus()
    with qtbot.waitSignal(page.booking_requested) as asked:
        QTest.keyClick(page.panel.buttons[A.OPEN_BOOKING], KEY.Key_Return)
    assert asked.args == [booking_id]
    page.panel.buttons[A.ACKNOWLEDGE].setFocus()
    QTest.keyClick(page.panel.buttons[A.ACKNOWLEDGE], KEY.Key_Space)
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    assert page.list.hasFocus()
    assert "Zoe" in page.panel.facts.text()


def test_a_click_only_chooses(qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]) -> None:
    tell(desk, "Kim", "paid_twice")
    tell(desk, "Zoe", "paid_twice", 3)
    page = open_page(2)
    place = page.list.visualItemRect(page.list.item(1)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Zoe" in page.panel.facts.text()
    assert len(desk.services.queries.open_tasks()) == 2


def test_what_another_desk_settled_is_said_and_leaves_the_list(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]
) -> None:
    tell(desk, "Kim", "paid_after_end")
    page = open_page(1)
    (item,) = desk.services.inbox.open()
    desk.services.inbox.do(item.task_id, A.REFUND, "another desk")
    QTest.keyClick(page.list, KEY.Key_Return)
    answer(question(page), "Refund")
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.notice.text() == "This was settled meanwhile. Look at the list again."


def test_a_typed_note_stays_while_others_write(qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]) -> None:
    tell(desk, "Kim", "paid_after_end")
    page = open_page(1)
    page.panel.note.setFocus()
    QTest.keyClicks(page.panel.note, "half a sen")
    tell(desk, "Zoe", "paid_after_end", 3)
    page.reload(Changes(tasks=True))
    qtbot.waitUntil(lambda: page.list.count() == 2, timeout=5000)
    focused = QApplication.focusWidget()
    assert focused is page.panel.note
    QTest.keyClicks(page.panel.note, "tence")
    assert page.panel.note.text() == "half a sentence"
    page.list.setCurrentRow(1)
    assert page.panel.note.text() == ""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_and_names(desk: Desk, open_page: Callable[[int], InboxPage], speak: Speak, language: str) -> None:
    speak(language)
    for number, kind in enumerate(("paid_after_end", "refund_failed", "amount_differs", "of_a_later_version")):
        tell(desk, f"Client {number}", kind)
    with desk.database.write() as uow:
        for payment in [one for task in uow.payments.tasks() for one in uow.payments.of_booking(task.booking_id or 0)]:
            uow.payments.save(replace(payment, method=PaymentMethod.LINK, session_id=f"cs_{payment.id}"))
            booking = uow.bookings.get(payment.booking_id)
            uow.bookings.save(replace(booking, status=BookingStatus.LAPSED))
        uow.commit()
    page = open_page(4)
    for row in range(4):
        page.list.setCurrentRow(row)
        assert clashes(page) == {}
        stops = [
            one for one in page.findChildren(QWidget) if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        nameless = [one for one in stops if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]
        assert nameless == []
        assert all(isinstance(one, QPushButton) for one in page.panel.buttons.values())


def test_every_kind_and_every_action_has_its_words() -> None:
    assert set(_TITLES) == set(TaskKind)
    assert set(_LABELS) == set(_EFFECTS) == set(TaskAction)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_two_actions_share_a_letter_also_with_the_menus(speak: Speak, language: str) -> None:
    speak(language)
    menus = [text.tr("&Book"), text.tr("&View"), text.tr("&Help"), text.tr("&Note")]
    labels = [label(action, an_item()) for action in TaskAction]
    letters = [QKeySequence.mnemonic(one).toString() for one in [*menus, *labels]]
    assert all(letters)
    assert len(set(letters)) == len(letters), letters


def an_item() -> InboxItem:
    return InboxItem(task_id=1, kind=None, what=message("Look at it."), since=TEN, actions=(), left=Money(5000, "EUR"))


def test_the_message_for_the_client_is_one_key_away(
    qtbot: QtBot, desk: Desk, open_page: Callable[[int], InboxPage]
) -> None:
    booking_id = tell(desk, "Kim", "second_payer")
    page = open_page(1)
    assert next(iter(page.panel.buttons)) is A.WRITE_TO_CLIENT
    with qtbot.waitSignal(page.letter_requested) as asked:
        QTest.keyClick(page.list, KEY.Key_Return)
    assert asked.args == [booking_id]


def test_a_narrow_list_shows_all_of_a_task(desk: Desk, open_page: Callable[[int], InboxPage]) -> None:
    tell(desk, "Kim", "amount_differs")
    page = open_page(1)
    page.resize(560, 500)
    wide_row = page.list.fontMetrics().lineSpacing() * 3
    page.list.doItemsLayout()
    assert page.list.visualItemRect(page.list.item(0)).height() >= wide_row
