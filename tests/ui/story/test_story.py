"""The main job, end to end, by keys in the real window: book a slot, take the deposit, see it confirmed."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from support.story import CLIENT, PATIENCE_MS, Browser, book_by_keys, the_hold, window_of

from inkdesk.app import AppOptions, Program
from inkdesk.application.calendar import BookingCard
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.payments.page import LedgerPage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
WHAT, WHO = 1, 2
"""Columns of the ledger."""


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    """A headless Chromium of its own."""
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("no Chromium with its driver on this computer")
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update", f"--user-data-dir={tmp_path / 'chromium'}"),
    ):
        options.add_argument(switch)
    driver = Chrome(options=options, service=Service(CHROMEDRIVER))
    yield driver
    driver.quit()


def card_of(window: MainWindow, booking_id: int) -> BookingCard | None:
    return next((card for card in window.calendar.presenter.data.cards if card.booking_id == booking_id), None)


def see_it_confirmed(qtbot: QtBot, window: MainWindow, checkout: CheckoutDialog, booking_id: int) -> None:
    """Without a click: the card, the panel and the ledger say so."""

    def is_confirmed() -> bool:
        card = card_of(window, booking_id)
        return (
            card is not None and card.status is BookingStatus.CONFIRMED and card.paid_minor == card.deposit.amount_minor
        )

    qtbot.waitUntil(is_confirmed, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: checkout.panel.notice.text().startswith("✓"), timeout=PATIENCE_MS)
    checkout.close()
    window.show_page("ledger")
    ledger = window.dialogs.ledger_page()
    qtbot.waitUntil(lambda: paid_lines(ledger, CLIENT) == 1, timeout=PATIENCE_MS)


def paid_lines(ledger: LedgerPage, client: str) -> int:
    """How many lines of the ledger say that this client paid."""
    rows = range(ledger.model.rowCount())
    cells = [[str(ledger.model.data(ledger.model.index(row, column))) for column in (WHAT, WHO)] for row in rows]
    return cells.count(["Paid", client])


def test_book_by_keys_and_the_payment_confirms_it(
    qtbot: QtBot, start: Callable[[AppOptions], Program], browser: Browser
) -> None:
    program = start(AppOptions(practice=True, language="en"))
    window = window_of(program, qtbot)
    checkout = book_by_keys(qtbot, window)
    hold = the_hold(qtbot, window)
    qtbot.waitUntil(lambda: bool(browser.urls), timeout=PATIENCE_MS)
    assert checkout.panel.url.text() == browser.urls[0]
    assert program.opened is not None
    assert program.opened.practice is not None
    server = program.opened.practice.server
    assert server is not None
    server.pay(browser.urls[0].partition("#")[0].rpartition("/")[2])
    see_it_confirmed(qtbot, window, checkout, hold.booking_id)


def test_the_whole_story_with_a_real_browser(
    qtbot: QtBot, start: Callable[[AppOptions], Program], browser: Browser, chrome: Chrome
) -> None:
    program = start(AppOptions(practice=True, language="en"))
    window = window_of(program, qtbot)
    checkout = book_by_keys(qtbot, window)
    hold = the_hold(qtbot, window)
    qtbot.waitUntil(lambda: bool(browser.urls), timeout=PATIENCE_MS)
    chrome.get(browser.urls[0])
    assert CLIENT not in chrome.page_source, "the payer's page shows no client data that was not sent"
    chrome.find_element(By.ID, "pay").click()
    WebDriverWait(chrome, 20).until(lambda page: page.find_elements(By.ID, "result"))
    paid_at = time.monotonic()
    see_it_confirmed(qtbot, window, checkout, hold.booking_id)
    print(f"confirmed {time.monotonic() - paid_at:.1f} s after the page said paid")
