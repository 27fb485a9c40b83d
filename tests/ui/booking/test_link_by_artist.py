"""Whether a link is offered depends on the artist: one with an account that is not ready cannot be paid by one."""

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.practice import PracticeServer
from inkdesk.ui.booking.dialog import BookingDialog

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MISSING = "Ana's Stripe account lacks the capability card_payments (inactive)"


def test_the_form_says_at_the_choice_of_the_artist_that_no_link_can_be_paid(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    practice.connect("acct_ana")
    practice.set_capability("card_payments", "inactive", "acct_ana")
    book = paying_desk.book
    with paying_desk.database.write() as uow:
        uow.accounts.save(StripeAccount(artist_id=book.ana.id, account_id="acct_ana", way=ChargeWay.DIRECT))
        uow.commit()
    dialog = BookingDialog(paying_desk.services, paying_desk.background, starts_at=TEN, artist_id=book.ana.id)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.when.verdict.text()[:1] in {"✓", "✕"}, timeout=5000)
    qtbot.waitUntil(lambda: MISSING in dialog._link_trouble, timeout=5000)

    dialog._presenter.choose_artist(book.bo.id)
    qtbot.waitUntil(lambda: not dialog._link_trouble, timeout=5000)

    dialog._presenter.choose_artist(book.ana.id)
    qtbot.waitUntil(lambda: MISSING in dialog._link_trouble, timeout=5000)
    practice.set_capability("card_payments", "active", "acct_ana")
    dialog._presenter.choose_artist(None)
    dialog._presenter.choose_artist(book.ana.id)
    qtbot.waitUntil(lambda: not dialog._link_trouble, timeout=5000)
