"""What links need: which keys and pages are refused and why, what is asked, and where both go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from support.book import a_booking, a_payment, put
from support.settings_desk import Desk

from inkdesk.application.changes import Changes
from inkdesk.application.checkout import success_page
from inkdesk.application.payment_gateway import GatewayNotAllowed, GatewayUnreachable
from inkdesk.application.stripe_key import RIGHTS, check_key, key_link, key_name, right_words
from inkdesk.domain.errors import SecretStoreUnavailable, StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.domain.studio import Mode
from inkdesk.ui.common.forms import Notice

GOOD = "rk_test_51abcdEFGHijklMNOPa1b2"
PAGE = "https://ink.example/thanks"
TODAY = date(2026, 11, 23)


def line_of(desk: Desk, name: str) -> QLineEdit:
    return next(one for one in desk.page.stripe.findChildren(QLineEdit) if one.accessibleName() == name)


def type_key(qtbot: QtBot, desk: Desk, key: str, page: str = PAGE) -> QLineEdit:
    line = line_of(desk, "Stripe key")
    line.setText(key)
    line_of(desk, "Page after paying").setText(page)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return line


def button(desk: Desk, text: str) -> QPushButton:
    return next(one for one in desk.page.stripe.findChildren(QPushButton) if one.text().replace("&", "") == text)


def shown(desk: Desk) -> str:
    return "\n".join(one.text() for one in desk.page.stripe.findChildren(QLabel) if not one.isHidden())


def notice(desk: Desk) -> str:
    return desk.page.stripe.findChildren(Notice)[0].text()


def test_a_good_key_is_checked_kept_and_shown_masked(qtbot: QtBot, test_desk: Desk) -> None:
    test_desk.page.open_section("stripe")
    with qtbot.waitSignal(test_desk.page.key_changed):
        line = type_key(qtbot, test_desk, f"  {GOOD} ")
    assert test_desk.secrets.kept == {key_name(test_desk.book.studio): GOOD}
    assert test_desk.stripe.asked == [GOOD]
    assert line.text() == ""
    assert line.echoMode() is QLineEdit.EchoMode.Password
    assert "rk_test_...a1b2" in shown(test_desk)
    assert GOOD not in shown(test_desk)


def test_a_studio_made_by_the_welcome_can_ask_for_deposits_once_key_and_page_are_kept(
    qtbot: QtBot, test_desk: Desk
) -> None:
    before = test_desk.studio.settings(TODAY).studio
    with pytest.raises(StripeNotConfigured, match="Settings, Stripe"):
        success_page(before, "")
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, GOOD)
    after = test_desk.studio.settings(TODAY).studio
    assert success_page(after, "") == PAGE
    check_key(test_desk.secrets.kept[key_name(after)], after.mode)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("", "Stripe needs a page"),
        ("http://ink.example/", "http://ink.example/ is not the address"),
        ("javascript:x", "javascript:x is not the address"),
    ],
)
def test_without_a_page_to_return_to_nothing_is_kept(qtbot: QtBot, test_desk: Desk, page: str, words: str) -> None:
    type_key(qtbot, test_desk, GOOD, page)
    qtbot.waitUntil(lambda: words in shown(test_desk))
    assert line_of(test_desk, "Page after paying").property("invalid") is True
    assert (test_desk.stripe.asked, test_desk.secrets.kept) == ([], {})


def test_the_page_is_changed_without_typing_the_key_again(qtbot: QtBot, test_desk: Desk) -> None:
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, GOOD)
    other = "https://ink.example/merci"
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, "", other)
    assert test_desk.studio.settings(TODAY).studio.success_url == other
    assert test_desk.stripe.asked == [GOOD, GOOD]
    assert test_desk.secrets.kept == {key_name(test_desk.book.studio): GOOD}


def test_a_page_being_typed_survives_a_change_elsewhere(qtbot: QtBot, test_desk: Desk) -> None:
    line = line_of(test_desk, "Page after paying")
    line.setText("https://half")
    test_desk.studio.save_studio(replace(test_desk.book.studio, name="Theirs", success_url=PAGE))
    test_desk.feed.announce(Changes(settings=True))
    name = next(one for one in test_desk.page.studio.findChildren(QLineEdit) if one.accessibleName() == "Name")
    qtbot.waitUntil(lambda: name.text() == "Theirs")
    assert line.text() == "https://half"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "No key was typed"),
        ("sk_live_51abcdEFGHijklMNOP", "can do everything with your money"),
        ("pk_test_51abcdEFGHijklMNOP", "publishable key"),
        ("whsec_51abcdEFGHijklMNOP", "webhook secret"),
        ("sk_org_51abcdEFGHijklMNOP", "every account of an organisation"),
        ("rk_live_51abcdEFGHijklMNOP", "live key"),
        ("hello", "not a Stripe key"),
        ("rk_test_ünïcode", "not a Stripe key"),
    ],
)
def test_a_refused_key_is_told_why_and_never_leaves(qtbot: QtBot, test_desk: Desk, key: str, words: str) -> None:
    line = type_key(qtbot, test_desk, key)
    qtbot.waitUntil(lambda: words in shown(test_desk))
    assert line.text() == key
    assert test_desk.stripe.asked == []
    assert test_desk.secrets.kept == {}


def test_a_test_key_is_refused_where_money_is_real(qtbot: QtBot, open_desk: Callable[[Mode], Desk]) -> None:
    desk = open_desk(Mode.LIVE)
    type_key(qtbot, desk, GOOD)
    qtbot.waitUntil(lambda: "this is a test key" in shown(desk))
    assert desk.secrets.kept == {}


def test_missing_rights_are_named(qtbot: QtBot, test_desk: Desk) -> None:
    test_desk.stripe.missing = ("rak_refund_write", "rak_event_read")
    line = type_key(qtbot, test_desk, GOOD)
    qtbot.waitUntil(lambda: "Refund: write, Event: read" in shown(test_desk))
    assert line.text() == GOOD
    assert test_desk.secrets.kept == {}


@pytest.mark.parametrize(
    ("failure", "words"),
    [(GatewayUnreachable(), "Press Save and check again"), (GatewayNotAllowed(), "Stripe does not accept the key")],
)
def test_a_key_that_cannot_be_checked_is_not_kept(
    qtbot: QtBot, test_desk: Desk, failure: Exception, words: str
) -> None:
    test_desk.stripe.failure = failure  # type: ignore[assignment]
    line = type_key(qtbot, test_desk, GOOD)
    qtbot.waitUntil(lambda: words in notice(test_desk))
    assert line.text() == GOOD
    assert test_desk.secrets.kept == {}


def test_no_keyring_is_said(qtbot: QtBot, test_desk: Desk) -> None:
    test_desk.secrets.failure = SecretStoreUnavailable(message("There is no keyring."))
    type_key(qtbot, test_desk, GOOD)
    qtbot.waitUntil(lambda: notice(test_desk) == "There is no keyring.")


def test_the_key_is_removed_after_a_question(qtbot: QtBot, test_desk: Desk) -> None:
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, GOOD)
    QTest.keyClick(button(test_desk, "Remove key"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(test_desk.page.stripe.findChildren(QMessageBox)))
    question = test_desk.page.stripe.findChildren(QMessageBox)[0]
    assert "can still be paid" not in question.text()
    with qtbot.waitSignal(test_desk.page.key_changed):
        QTest.keyClick(next(one for one in question.buttons() if one.text() == "Remove key"), Qt.Key.Key_Space)
    assert test_desk.secrets.kept == {}
    assert "No key is stored yet." in shown(test_desk)


def hold_a_link(desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.payments.add(a_payment(put(uow, a_booking(desk.book), desk.book.ana)))
        uow.commit()


def test_removing_a_key_warns_of_links_that_can_be_paid(qtbot: QtBot, test_desk: Desk) -> None:
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, GOOD)
    hold_a_link(test_desk)
    QTest.keyClick(button(test_desk, "Remove key"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(test_desk.page.stripe.findChildren(QMessageBox)))
    question = test_desk.page.stripe.findChildren(QMessageBox)[0]
    assert "Links that can still be paid: 1. Refunds under way: 0." in question.text()


def test_a_key_of_another_account_is_refused_beside_its_field(qtbot: QtBot, test_desk: Desk) -> None:
    with qtbot.waitSignal(test_desk.page.key_changed):
        type_key(qtbot, test_desk, GOOD)
    hold_a_link(test_desk)
    test_desk.stripe.account_id = "acct_elsewhere"
    other = "rk_test_51otherOTHERotherOTHER"
    line = type_key(qtbot, test_desk, other)
    qtbot.waitUntil(lambda: "another Stripe account" in shown(test_desk))
    assert line.text() == other
    assert line.property("invalid") is True
    assert test_desk.secrets.kept == {key_name(test_desk.book.studio): GOOD}


def test_the_rights_and_the_way_to_a_key_are_shown(qtbot: QtBot, test_desk: Desk) -> None:
    assert all(right_words(right) in shown(test_desk) for right in RIGHTS)
    with qtbot.waitSignal(test_desk.page.link_requested) as asked:
        QTest.keyClick(button(test_desk, "Open Stripe's page for a new key"), Qt.Key.Key_Space)
    assert asked.args == [key_link()]
    QTest.keyClick(button(test_desk, "Copy its address"), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == key_link()


def test_a_practice_studio_asks_for_no_key(desk: Desk) -> None:
    assert "practice studio" in shown(desk)
    assert not button(desk, "Save and check").isVisibleTo(desk.page.stripe)
