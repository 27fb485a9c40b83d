"""A receipt as a page of HTML in the reader's language; free of Qt. Whatever people typed is escaped."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from string import Template

from inkdesk.application.ledger_words import kind_words, method_words, purpose_words
from inkdesk.application.receipts import Receipt, ReceiptLine
from inkdesk.application.text import formats, tr
from inkdesk.domain.payments import PaymentPurpose


def receipt_html(receipt: Receipt, template: str) -> str:
    """Fill ``template`` (resources/print/receipt.html)."""
    return Template(template).substitute(
        studio=escape(receipt.studio_name),
        header="\n".join(f'<p class="quiet">{escape(line) or "&nbsp;"}</p>' for line in receipt.header),
        title=escape(tr("Receipt no. {number}", number=receipt.number)),
        date=escape(_day(receipt.paid_at, receipt)),
        facts="\n".join(_fact(name, value) for name, value in _facts(receipt)),
        what=escape(tr("What")),
        method=escape(tr("Way of paying")),
        when=escape(tr("When")),
        amount=escape(tr("Amount")),
        lines="\n".join(_line(line, receipt) for line in receipt.lines),
        totals="\n".join(_row((name, value), width=3, role="sum") for name, value in _sums(receipt)),
    )


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    return [
        (tr("Client"), receipt.client_name),
        (tr("Service"), receipt.service_name),
        (tr("Artist"), receipt.artist_name),
        (tr("Sitting"), f"{_day(receipt.starts_at, receipt)}, {formats().time(receipt.starts_at)}"),
        (tr("Price"), formats().money(receipt.price)),
    ]


def _sums(receipt: Receipt) -> list[tuple[str, str]]:
    sums = [(tr("Paid in all"), formats().money(total)) for total in receipt.totals]
    if receipt.due.amount_minor:
        sums.append((tr("Still to pay"), formats().money(receipt.due)))
    return sums


def _fact(name: str, value: str) -> str:
    first = f'<td width="30%" class="quiet">{escape(name)}</td>'
    return f'<tr>{first}<td width="70%" class="last">{escape(value)}</td></tr>'


def _row(cells: Sequence[str], *, width: int = 1, role: str = "") -> str:
    """A row of the table: the last cell stands right, the first is ``width`` columns wide."""
    first, *middle, last = (escape(cell) for cell in cells)
    inner = "".join(f"<td>{cell}</td>" for cell in middle)
    begin = f'<td colspan="{width}" class="{role}">{first}</td>'
    return f'<tr>{begin}{inner}<td align="right" class="last {role}">{last}</td></tr>'


def _line(line: ReceiptLine, receipt: Receipt) -> str:
    what = purpose_words(line.what) if isinstance(line.what, PaymentPurpose) else kind_words(line.what)
    method = method_words(line.method) if line.method else ""
    return _row((what, method, _day(line.at, receipt), formats().money(line.amount)))


def _day(instant: datetime, receipt: Receipt) -> str:
    return formats().full_day(instant.astimezone(receipt.zone).date())
