"""The ledger as a table that leaves the program."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import LedgerLine
from inkdesk.application.ledger_view import signed
from inkdesk.application.ledger_words import kind_words, method_words, status_words, why_words
from inkdesk.application.tables_out import Cell, Table
from inkdesk.application.text import tr


def ledger_table(lines: Sequence[LedgerLine], zone: ZoneInfo) -> Table:
    """One row for each line, in their order; amounts have the sign that their sums use.

    Fee and net are Stripe's, in the currency it settled in.
    """
    return Table(
        title=tr("Ledger"),
        headings=(
            tr("When"),
            tr("What"),
            tr("Amount"),
            tr("Currency"),
            tr("Fee"),
            tr("Net"),
            tr("Settled in"),
            tr("Way of paying"),
            tr("State"),
            tr("Client"),
            tr("Artist"),
            tr("Service"),
            tr("Sitting"),
            tr("Who"),
            tr("Why"),
            tr("Booking no."),
            tr("Payment no."),
        ),
        rows=[_row(line) for line in lines],
        zone=zone,
    )


def _row(line: LedgerLine) -> tuple[Cell, ...]:
    entry, settled = line.entry, line.fee or line.net
    return (
        entry.at,
        kind_words(entry.kind),
        signed(entry),
        entry.amount.currency,
        line.fee,
        line.net,
        settled.currency if settled else None,
        method_words(line.method) if line.method else None,
        status_words(line.payment_status),
        line.client_name,
        line.artist_name,
        line.service_name,
        line.starts_at,
        entry.who,
        why_words(entry.why),
        entry.booking_id,
        entry.payment_id,
    )
