"""Artists' accounts in the settings: chosen, refused beside their field, checked at Stripe."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk

from inkdesk.application.payment_gateway import GatewayNoAccount, GatewayNotAllowed
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.ui.common.forms import Notice
from inkdesk.ui.settings.account_dialog import AccountDialog

ANA = 1
"""The row under the studio's."""


def rows(desk: Desk) -> list[str]:
    return [desk.page.accounts.list.item(row).text() for row in range(desk.page.accounts.list.count())]


def ready(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("accounts")
    qtbot.waitUntil(lambda: desk.page.accounts.list.count() == 3)
    desk.page.accounts.list.setCurrentRow(ANA)


def opened(qtbot: QtBot, desk: Desk) -> AccountDialog:
    """Enter on the artist's row opens the form."""
    desk.page.accounts.list.setFocus()
    QTest.keyClick(desk.page.accounts.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(desk.page.window().findChildren(AccountDialog)))
    return desk.page.window().findChildren(AccountDialog)[-1]


def choose(dialog: AccountDialog, way: ChargeWay, account: str = "", fee: str = "") -> tuple[QLineEdit, QLineEdit]:
    combo = dialog.findChildren(QComboBox)[0]
    combo.setCurrentIndex(combo.findData(way.value))
    lines = {one.accessibleName(): one for one in dialog.findChildren(QLineEdit)}
    id_, keeps = lines["Stripe account"], lines["The studio keeps, in %"]
    id_.setText(account)
    keeps.setText(fee)
    return id_, keeps


def shown(dialog: AccountDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if not one.isHidden())


def stored(desk: Desk) -> StripeAccount:
    with desk.database.read() as uow:
        found = uow.accounts.of_artist(desk.book.ana.id)
    assert found is not None
    return found


def notice(desk: Desk) -> str:
    return desk.page.accounts.findChildren(Notice)[0].text()


def test_an_account_is_entered_by_keys_and_checked_at_once(qtbot: QtBot, test_desk: Desk) -> None:
    ready(qtbot, test_desk)
    assert rows(test_desk)[1:] == ["Ana: the studio's account", "Bo: the studio's account"]
    assert not test_desk.page.accounts.check.isEnabled()
    dialog = opened(qtbot, test_desk)
    id_, _ = choose(dialog, ChargeWay.DIRECT, " acct_ana ", "12,5 %")
    QTest.keyClick(id_, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Ready" in rows(test_desk)[ANA])
    assert rows(test_desk)[ANA].startswith("Ana: charged by acct_ana itself, the studio keeps 12.5 %\nReady; checked ")
    assert (stored(test_desk).fee_basis_points, stored(test_desk).is_ready) == (1250, True)
    assert notice(test_desk) == ""
    assert test_desk.page.accounts.list.currentRow() == ANA


def test_what_cannot_be_is_told_beside_its_field_and_stays(qtbot: QtBot, test_desk: Desk) -> None:
    ready(qtbot, test_desk)
    dialog = opened(qtbot, test_desk)
    id_, keeps = choose(dialog, ChargeWay.DESTINATION, "ana", "a lot")
    dialog.submit()
    assert "a lot is no part" in shown(dialog)
    assert keeps.property("invalid") is True
    keeps.setText("101")
    id_.setText("acct_ana")
    dialog.submit()
    assert "between 0 and 100 percent" in shown(dialog)
    keeps.setText("100")
    id_.setText("ana")
    dialog.submit()
    assert "An account begins with acct_" in shown(dialog)
    assert id_.property("invalid") is True
    assert (id_.text(), keeps.text()) == ("ana", "100")


def test_the_studios_own_account_is_refused_beside_the_field(qtbot: QtBot, test_desk: Desk) -> None:
    qtbot.waitUntil(lambda: test_desk.page.accounts.list.count() == 3)
    test_desk.page.accounts.list.setCurrentRow(0)
    test_desk.page.accounts.check.click()
    qtbot.waitUntil(lambda: "acct_studio" in rows(test_desk)[0])
    ready(qtbot, test_desk)
    dialog = opened(qtbot, test_desk)
    id_, _ = choose(dialog, ChargeWay.DIRECT, "acct_studio")
    dialog.submit()
    qtbot.waitUntil(lambda: "This is the studio's own account" in shown(dialog))
    assert id_.text() == "acct_studio"


def test_what_is_missing_stands_on_the_row(qtbot: QtBot, test_desk: Desk) -> None:
    test_desk.stripe.transfers = "inactive"
    ready(qtbot, test_desk)
    dialog = opened(qtbot, test_desk)
    choose(dialog, ChargeWay.DESTINATION, "acct_ana")
    dialog.submit()
    qtbot.waitUntil(lambda: "Ana's Stripe account lacks the capability transfers (inactive)" in rows(test_desk)[ANA])
    test_desk.stripe.transfers = "active"
    test_desk.page.accounts.check.click()
    qtbot.waitUntil(lambda: "Ready" in rows(test_desk)[ANA])
    test_desk.stripe.failure = GatewayNoAccount("gone")
    test_desk.page.accounts.check.click()
    qtbot.waitUntil(lambda: "InkDesk cannot reach Ana's Stripe account acct_ana" in rows(test_desk)[ANA])


def test_a_check_that_failed_says_so_and_can_be_repeated(qtbot: QtBot, test_desk: Desk) -> None:
    ready(qtbot, test_desk)
    test_desk.stripe.failure = GatewayNotAllowed("rak_connected_account_read")
    dialog = opened(qtbot, test_desk)
    choose(dialog, ChargeWay.DIRECT, "acct_ana")
    dialog.submit()
    qtbot.waitUntil(lambda: "lacks the right rak_connected_account_read" in notice(test_desk))
    qtbot.waitUntil(lambda: "Not checked yet" in rows(test_desk)[ANA])
    assert test_desk.page.accounts.check.isEnabled()


def test_the_way_back_to_the_studio_keeps_what_was_entered(qtbot: QtBot, test_desk: Desk) -> None:
    ready(qtbot, test_desk)
    dialog = opened(qtbot, test_desk)
    choose(dialog, ChargeWay.DIRECT, "acct_ana", "10")
    dialog.submit()
    qtbot.waitUntil(lambda: "Ready" in rows(test_desk)[ANA])
    dialog = opened(qtbot, test_desk)
    combo = dialog.findChildren(QComboBox)[0]
    combo.setCurrentIndex(combo.findData(ChargeWay.OWN.value))
    dialog.submit()
    qtbot.waitUntil(lambda: rows(test_desk)[ANA] == "Ana: the studio's account")
    assert (stored(test_desk).account_id, stored(test_desk).fee_basis_points) == ("acct_ana", 1000)


def test_another_desks_change_is_not_overwritten(qtbot: QtBot, test_desk: Desk) -> None:
    ready(qtbot, test_desk)
    dialog = opened(qtbot, test_desk)
    with test_desk.database.write() as uow:
        theirs = StripeAccount(artist_id=test_desk.book.ana.id, account_id="acct_theirs", way=ChargeWay.DIRECT)
        uow.accounts.save(theirs)
        uow.commit()
    choose(dialog, ChargeWay.DIRECT, "acct_mine")
    dialog.submit()
    qtbot.waitUntil(lambda: "changed at another desk" in shown(dialog))
    assert stored(test_desk).account_id == "acct_theirs"
