"""Receipts as PDF files."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QPdfWriter, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.application import text
from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.receipts import Receipt, ReceiptLine
from inkdesk.application.text import PlainFormats
from inkdesk.bootstrap import resource_folder
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, PaymentMethod, PaymentPurpose
from inkdesk.infrastructure.exports.table_file import write_table
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.common.pdf import lay_out, set_page, write_pdf
from inkdesk.ui.payments.page import LedgerPage
from inkdesk.ui.payments.receipt_html import receipt_html

AT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
TEMPLATE = (resource_folder() / "print" / "receipt.html").read_text(encoding="utf-8")
RECEIPT = Receipt(
    number=1042,
    paid_at=AT,
    studio_name="Nadel & Co <Tattoo>",
    header=["1 rue Verte", "", "$title TVA FR 12"],
    client_name="<b>Zoé</b>",
    artist_name="Ana",
    service_name="Small piece",
    starts_at=AT,
    price=Money(123456, "EUR"),
    lines=[
        ReceiptLine(what=PaymentPurpose.DEPOSIT, method=PaymentMethod.LINK, at=AT, amount=Money(5000, "EUR")),
        ReceiptLine(what=LedgerKind.CREDIT_USED, method=None, at=AT, amount=Money(1000, "EUR")),
        ReceiptLine(what=LedgerKind.REFUNDED, method=PaymentMethod.LINK, at=AT, amount=Money(-2500, "EUR")),
    ],
    zone=PARIS,
)


@pytest.fixture
def french() -> Iterator[None]:
    install_language("fr", "fr", PARIS, resource_folder() / "translations", 2026)
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


def shown(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_everything_stands_on_the_page_and_nothing_typed_is_markup() -> None:
    html = receipt_html(RECEIPT, TEMPLATE)
    assert "Nadel &amp; Co &lt;Tattoo&gt;" in html
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in html
    words = shown(html)
    for part in ("Receipt no. 1042", "$title TVA FR 12", "Small piece", "Ana", "1234.56 EUR", "Credit used"):
        assert part in words
    assert "Deposit Link 2026-11-23 50.00 EUR" in words
    assert "Refunded Link 2026-11-23 -25.00 EUR" in words
    assert words.rstrip().endswith("Paid in all 35.00 EUR Still to pay 1199.56 EUR")


def test_days_are_the_studio_s() -> None:
    late = replace(RECEIPT, paid_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert "Receipt no. 1042 2026-11-24 " in shown(receipt_html(late, TEMPLATE))


@pytest.mark.usefixtures("french")
def test_a_french_receipt_is_french() -> None:
    words = shown(receipt_html(RECEIPT, TEMPLATE))
    assert "lundi 23 novembre 2026, 23:30" in words
    assert "Acompte Lien" in words
    assert "-25,00\xa0€" in receipt_html(RECEIPT, TEMPLATE)


def test_long_names_keep_the_right_margin(qapp: QApplication) -> None:
    assert qapp
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    set_page(writer)
    long = replace(RECEIPT, client_name="W" * 200, service_name="Sleeve " * 40, studio_name="Nadel" * 30)
    document = lay_out(receipt_html(long, TEMPLATE), writer)
    assert document.size().width() <= document.pageSize().width()
    assert document.pageCount() == 1
    assert document.defaultFont().family() == "Inter"
    margin = writer.pageLayout().marginsPixels(writer.resolution())
    assert min(margin.left(), margin.right(), margin.top(), margin.bottom()) >= 15 * writer.resolution() / 25.4


@pytest.mark.parametrize(("currency", "price", "part"), [("KWD", "1234.560", "10.250"), ("JPY", "1234560", "10250")])
def test_currencies_keep_their_own_places(currency: str, price: str, part: str) -> None:
    lines = [replace(RECEIPT.lines[0], amount=Money(10250, currency))]
    words = shown(receipt_html(replace(RECEIPT, price=Money(1234560, currency), lines=lines), TEMPLATE))
    assert f"Price {price} {currency}" in words
    assert f"Deposit Link 2026-11-23 {part} {currency}" in words
    assert f"Paid in all {part} {currency}" in words


def laid_out(receipt: Receipt) -> QTextDocument:
    """A receipt on the pages of a file."""
    writer = QPdfWriter(QBuffer())
    set_page(writer)
    return lay_out(receipt_html(receipt, TEMPLATE), writer)


def test_names_from_right_to_left_stand_where_others_do(qapp: QApplication) -> None:
    assert qapp
    names = {"client_name": "محمد بن سلمان (VIP)", "artist_name": "אנה", "service_name": "كم كامل 2"}
    text = laid_out(replace(RECEIPT, **names)).toPlainText()  # type: ignore[arg-type]
    assert [name for name in names.values() if name not in text.splitlines()] == []
    plain, turned = laid_out(replace(RECEIPT, client_name="Kim")), laid_out(replace(RECEIPT, client_name="קים"))
    assert turned.size() == plain.size()


def test_a_long_receipt_is_painted_page_by_page(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp
    line = RECEIPT.lines[0]
    lines = [replace(line, at=AT + timedelta(hours=number), amount=Money(number, "EUR")) for number in range(1, 201)]
    long = replace(RECEIPT, lines=lines)
    pages = laid_out(long).pageCount()
    assert pages > 1
    assert [pages_of(tmp_path, one) for one in (long, RECEIPT)] == [pages, 1]


def pages_of(folder: Path, receipt: Receipt) -> int:
    """How many pages the file has."""
    path = folder / "receipt.pdf"
    write_pdf(path, receipt_html(receipt, TEMPLATE), "Receipt no. 1042")
    return len(re.findall(rb"/Type */Page\b", path.read_bytes()))


def test_a_file_that_cannot_be_written_is_told(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp
    with pytest.raises(ValidationError, match="choose another place"):
        write_pdf(tmp_path / "missing" / "receipt.pdf", "<p>1</p>", "1")
    assert list(tmp_path.iterdir()) == []


def open_page(qtbot: QtBot, desk: Desk) -> LedgerPage:
    command = BookCommand(
        request_key="k",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        client=desk.book.client.id,
        choice=DepositChoice.CASH,
    )
    desk.services.bookings.book(command)
    page = LedgerPage(desk.services, desk.background, write_table, resource_folder())
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    return page


def test_a_receipt_by_the_keyboard(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = open_page(qtbot, desk)
    assert not page.receipt.isEnabled()
    page.activateWindow()
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: page.isActiveWindow() and page.table.hasFocus(), timeout=5000)
    QTest.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    [dialog] = page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("Receipt Zoé Müller.pdf")
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("out")
    dialog.accept()
    qtbot.waitUntil(lambda: page.notice.text() == "out.pdf was written.", timeout=5000)
    content = (tmp_path / "out.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1


def test_what_was_only_asked_has_no_receipt(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    [row] = [page.model.row_at(0)]
    page.model.show_rows([replace(row, receipt_of=None)], has_more=False)
    page.table.selectRow(0)
    assert not page.receipt.isEnabled()


def test_a_receipt_that_cannot_be_written_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = open_page(qtbot, desk)
    payment_id = page.model.row_at(0).receipt_of
    assert payment_id is not None
    page._presenter.issue_receipt(payment_id, tmp_path / "missing" / "out.pdf")
    qtbot.waitUntil(lambda: "choose another place" in page.notice.text(), timeout=5000)
