"""Whatever was typed into names and reasons, no file that leaves the program holds an address, a link or a key."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application.ledger_table import ledger_table
from inkdesk.application.ledger_view import LedgerFilter
from inkdesk.application.progress import Progress
from inkdesk.application.statement_service import StatementService
from inkdesk.application.statement_table import statement_lines, statement_table
from inkdesk.application.tables_out import Table
from inkdesk.domain.money import Money
from inkdesk.infrastructure.exports.table_file import write_table

ADDRESS = "marker.client@example.org"
MONTH = date(2026, 11, 1)


def written(folder: Path, table: Table) -> dict[str, bytes]:
    """The bytes of both kinds of file, the workbook unpacked."""
    csv, xlsx = folder / "out.csv", folder / "out.xlsx"
    for path in (csv, xlsx):
        assert write_table(path, table, Progress())
    with zipfile.ZipFile(xlsx) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if not name.startswith(("docProps", "_rels"))}
    return {csv.name: csv.read_bytes(), **{name: text for name, text in inside.items() if not name.endswith(".rels")}}


@pytest.fixture
def marked(lone_desk: PaymentDesk) -> tuple[PaymentDesk, list[str]]:
    """A paid and partly refunded deposit of a client whose name and reason hold what must not leave."""
    desk = lone_desk
    booking_id, session_id = desk.held_link(TUESDAY)
    link = desk.payment(booking_id).url
    assert "/c/pay/" in link
    with desk.database.write() as uow:
        uow.clients.save(replace(desk.book.client, name=f"=Kim {ADDRESS}", email=ADDRESS))
        uow.commit()
    desk.server.pay(session_id)
    desk.look(sweep=True)
    why = f"paid by {link}, told {ADDRESS}"
    desk.payments.refund(desk.payment(booking_id).id, Money(1000, "EUR"), why, "form-1")
    desk.look(sweep=True)
    return desk, [ADDRESS, "/c/pay/", session_id, desk.server.key]


def test_an_exported_ledger_holds_none(marked: tuple[PaymentDesk, list[str]], tmp_path: Path) -> None:
    desk, markers = marked
    lines = desk.database.queries.ledger(LedgerFilter(first=MONTH, last=date(2026, 11, 30)))
    assert any(ADDRESS in line.entry.why for line in lines), "the marker is in the book"
    check(written(tmp_path, ledger_table(lines, desk.book.studio.zone_info)), markers)


def test_an_exported_statement_holds_none(marked: tuple[PaymentDesk, list[str]], tmp_path: Path) -> None:
    desk, markers = marked
    database = desk.database
    service = StatementService(database.read, database.write, database.queries, lambda: desk.gateway, desk.clock)
    found = service.month(MONTH, Progress())
    assert found is not None
    check(written(tmp_path, statement_table(found, statement_lines(found))), markers)


def check(files: dict[str, bytes], markers: list[str]) -> None:
    assert b"'=Kim [\xe2\x80\xa6]" in b"".join(files.values())
    for name, content in files.items():
        for marker in markers:
            assert marker.encode() not in content, f"{marker} in {name}"
