"""The link on the screen, from the hold to the money, at the practice Stripe."""

from datetime import UTC, datetime, timedelta

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.gates import hold_writes

from inkdesk.application.booking_commands import BookCommand, Booked, CancelCommand, DepositChoice
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from inkdesk.ui.booking.checkout import QR_SIDE, CheckoutDialog, CheckoutPanel
from inkdesk.ui.common.qr import QUIET_MODULES, qr_pixmap
from inkdesk.ui.common.theme import DARK, LIGHT, Theme, apply_theme

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def hold(desk: Desk) -> Booked:
    command = BookCommand(
        request_key="hold",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=TEN,
        client=desk.book.client.id,
        choice=DepositChoice.LINK,
    )
    return desk.services.bookings.book(command)


def new_panel(desk: Desk, booked: Booked) -> CheckoutPanel:
    assert booked.payment_id is not None
    return CheckoutPanel(
        desk.services,
        desk.background,
        booking_id=booked.booking.id,
        payment_id=booked.payment_id,
        open_url=desk.open_url,
    )


def panel_of(qtbot: QtBot, desk: Desk, booked: Booked) -> CheckoutPanel:
    panel = new_panel(desk, booked)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def session_of(desk: Desk, booked: Booked) -> str:
    return desk.services.queries.booking(booked.booking.id).payments[-1].session_id


def test_a_hold_gets_its_link_as_text_code_and_browser_page(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = hold(paying_desk)
    changes: list[Changes] = []
    panel = panel_of(qtbot, paying_desk, booked)
    panel.changed.connect(changes.append)
    assert panel.notice.text() == "Making the link…"
    assert panel.link_part.isHidden()
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    qtbot.waitUntil(lambda: bool(paying_desk.opened_urls), timeout=5000)
    url = paying_desk.services.queries.booking(booked.booking.id).payments[-1].url
    assert "#" in url
    assert panel.url.text() == url
    assert panel.url.isReadOnly()
    assert paying_desk.opened_urls == [url]
    assert panel.notice.text() == "Waiting for the payment…"
    assert panel.qr.pixmap().deviceIndependentSize().width() >= QR_SIDE
    assert changes[0].payments == {booked.payment_id}


def test_copy_takes_the_whole_link(qtbot: QtBot, paying_desk: Desk) -> None:
    panel = panel_of(qtbot, paying_desk, hold(paying_desk))
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    assert panel.copy.hasFocus()
    panel.copy.click()
    assert QGuiApplication.clipboard().text() == panel.url.text()


def test_no_browser_leaves_copy_and_code(qtbot: QtBot, paying_desk: Desk) -> None:
    paying_desk.has_browser = False
    panel = panel_of(qtbot, paying_desk, hold(paying_desk))
    qtbot.waitUntil(panel.browser_trouble.isVisible, timeout=5000)
    assert panel.browser_trouble.text() == "No browser could be started. Copy the link or show the QR code."
    assert panel.link_part.isVisible()


def test_minutes_count_down(qtbot: QtBot, paying_desk: Desk) -> None:
    panel = panel_of(qtbot, paying_desk, hold(paying_desk))
    qtbot.waitUntil(lambda: "30 minutes left" in panel.time_left.text(), timeout=5000)
    paying_desk.clock.advance(minutes=29, seconds=10)
    panel._presenter.tick()
    assert panel.time_left.text() == "1 minute left to pay."
    paying_desk.clock.advance(minutes=1)
    panel._presenter.tick()
    assert "asks Stripe" in panel.time_left.text()


def test_minutes_are_counted_by_stripes_clock(qtbot: QtBot, paying_desk: Desk) -> None:
    panel = panel_of(qtbot, paying_desk, hold(paying_desk))
    qtbot.waitUntil(lambda: "30 minutes left" in panel.time_left.text(), timeout=5000)
    paying_desk.clock.advance(minutes=7)  # somebody sets this computer's clock
    paying_desk.services.payments.links.stripe_clock.learn(paying_desk.clock.now() - timedelta(minutes=7))
    panel._presenter.tick()
    assert panel.time_left.text() == "30 minutes left to pay."


def test_a_payment_turns_it_green_and_leaves_the_focus_alone(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    booked = hold(paying_desk)
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    elsewhere = QGuiApplication.focusObject()
    practice.pay(session_of(paying_desk, booked))
    looked = paying_desk.services.reconcile.look(sweep=True)
    panel.reload(looked.changes)
    qtbot.waitUntil(lambda: "Paid" in panel.notice.text(), timeout=5000)
    assert panel.notice.property("panel") == "success"
    assert not panel.link_part.isVisible()
    assert QGuiApplication.focusObject() in {elsewhere, None, panel.again, panel}


def test_a_lapsed_hold_says_the_way_on(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    booked = hold(paying_desk)
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    paying_desk.clock.advance(minutes=40)
    practice.clock.advance(2400)
    paying_desk.services.reconcile.look(sweep=True)
    panel.reload(EVERYTHING)
    qtbot.waitUntil(lambda: "not paid in time" in panel.notice.text(), timeout=5000)
    assert not panel.link_part.isVisible()


def test_a_cancelled_booking_takes_its_link_away(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = hold(paying_desk)
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    version = paying_desk.services.queries.booking(booked.booking.id).card.version
    paying_desk.services.bookings.cancel(
        CancelCommand(booking_id=booked.booking.id, version=version, fate=DepositFate.KEEP)
    )
    panel.follow(paying_desk.services.queries.booking(booked.booking.id))
    assert "cancelled" in panel.notice.text()


def test_a_failure_keeps_the_hold_and_can_be_repeated(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    booked = hold(paying_desk)
    practice.stop()
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.again.isVisible, timeout=20000)
    assert "cannot be reached" in panel.notice.text()
    status = paying_desk.services.queries.booking(booked.booking.id).card.status
    assert status is BookingStatus.PENDING_PAYMENT
    practice.start()
    panel.again.click()
    assert panel.notice.text() == "Making the link…"


def test_a_link_that_takes_long_is_explained_and_the_minutes_count(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = hold(paying_desk)
    gate = hold_writes(paying_desk)
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.time_left.isVisible, timeout=5000)
    assert (panel.notice.text(), panel.time_left.text()) == ("Making the link…", "30 minutes left to pay.")
    paying_desk.clock.advance(minutes=2)
    panel._timer.timeout.emit()
    assert panel.notice.text().startswith("Stripe has not answered yet.")
    assert panel.time_left.text() == "28 minutes left to pay."
    gate.set()
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    assert panel.notice.text() == "Waiting for the payment…"


def test_the_minutes_count_while_stripe_is_away(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    booked = hold(paying_desk)
    practice.stop()
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.again.isVisible, timeout=20000)
    paying_desk.clock.advance(minutes=5)
    panel._timer.timeout.emit()
    assert panel.time_left.isVisible()
    assert panel.time_left.text() == "25 minutes left to pay."
    practice.start()


def test_a_link_that_the_worker_made_since_is_shown(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    booked = hold(paying_desk)
    assert booked.payment_id is not None
    practice.stop()
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.again.isVisible, timeout=20000)
    practice.start()
    gateway = paying_desk.gateway
    paying_desk.gateway = StripeGateway(practice.key, Mode.PRACTICE, base_url=practice.url)
    paying_desk.services.payments.open_link(booked.payment_id)
    panel.reload(EVERYTHING)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    assert panel.again.isHidden()
    assert panel.url.text() == paying_desk.services.queries.booking(booked.booking.id).payments[-1].url
    paying_desk.gateway.close()
    paying_desk.gateway = gateway


def test_a_link_is_announced_though_its_dialog_is_gone(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = hold(paying_desk)
    gate = hold_writes(paying_desk)
    panel = new_panel(paying_desk, booked)
    changes: list[Changes] = []
    panel.changed.connect(changes.append)
    shiboken6.delete(panel)
    gate.set()
    qtbot.waitUntil(lambda: bool(changes), timeout=5000)
    assert changes[0].payments == {booked.payment_id}


def test_the_dialog_follows_changes_and_closes_by_escape(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = hold(paying_desk)
    assert booked.payment_id is not None
    dialog = CheckoutDialog(
        paying_desk.services,
        paying_desk.background,
        booking_id=booked.booking.id,
        payment_id=booked.payment_id,
        open_url=paying_desk.open_url,
        opens_browser=False,
    )
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.panel.link_part.isVisible, timeout=5000)
    assert paying_desk.opened_urls == []
    assert dialog.sizeHint().height() <= 600
    assert dialog.sizeHint().width() <= 900
    dialog.close_button.click()
    assert dialog.isHidden()


def test_a_payment_that_was_started_takes_link_and_minutes_away(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    booked = hold(paying_desk)
    panel = panel_of(qtbot, paying_desk, booked)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    practice.pay_later(session_of(paying_desk, booked))
    panel.reload(paying_desk.services.reconcile.look(sweep=True).changes)
    qtbot.waitUntil(panel.link_part.isHidden, timeout=5000)
    assert panel.notice.text() == "The payment was started. The bank is working on it."
    assert panel.time_left.isHidden()
    panel._timer.timeout.emit()
    assert panel.time_left.isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_whole_code_is_on_the_screen_with_its_quiet_border(
    qtbot: QtBot, paying_desk: Desk, qapp: QApplication, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    panel = panel_of(qtbot, paying_desk, hold(paying_desk))
    panel.resize(700, 200)
    qtbot.waitUntil(panel.link_part.isVisible, timeout=5000)
    panel.show_link("https://checkout.stripe.com/c/pay/cs_test_" + "a" * 320)
    panel.show_browser_trouble("No browser could be started.")
    image = panel.qr.grab().toImage()
    apply_theme(qapp, LIGHT)
    dark = [(x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).value() < 128]
    left, top = min(x for x, _y in dark), min(y for _x, y in dark)
    right, bottom = image.width() - 1 - max(x for x, _y in dark), image.height() - 1 - max(y for _x, y in dark)
    finder = next(run for run in range(image.width()) if image.pixelColor(left + run, top).value() >= 128)
    assert finder % 7 == 0
    assert {left, top, right, bottom} == {QUIET_MODULES * finder // 7}
    assert panel.qr.size() == panel.qr.pixmap().deviceIndependentSize().toSize()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_code_has_sharp_modules_and_a_quiet_border(ratio: float) -> None:
    pixmap = qr_pixmap("https://checkout.stripe.com/c/pay/cs_test_" + "a" * 320, QR_SIDE, ratio)
    assert pixmap.deviceIndependentSize().width() >= QR_SIDE
    image = pixmap.toImage()
    colours = {image.pixelColor(x, image.height() // 2).lightness() for x in range(image.width())}
    assert colours == {0, 255}
    assert image.pixelColor(1, 1).lightness() == 255
