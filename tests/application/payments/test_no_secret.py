"""Keys, payable links and clients' addresses stand nowhere but where they must: a marker of each is looked for.

The whole life of a deposit is told with Stripe in trouble, while everything that is written is kept: log lines of every
level, tracebacks, consoles, the log file, the database as text, exports, sentences for the desk.
"""

import logging
import re
import traceback
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from typing_extensions import override

from inkdesk.application.payment_gateway import GatewayFailure
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import Message
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.tables.base import METADATA
from inkdesk.infrastructure.files import start_log, stop_log
from inkdesk.practice import PracticeServer
from inkdesk.practice.faults import Fault, FaultKind

KEY = "rk_test_markerMARKERmarkerMARKER42"
ADDRESS = "marker.client@example.org"
LINK = re.compile(r"https?://[^\s\"']*/c/pay/[^\s\"']*")


@pytest.fixture
def desk(database: Database, clock: StandingClock) -> Iterator[PaymentDesk]:
    """A desk whose key and client bear markers."""
    with PracticeServer(key=KEY) as server:
        opened = PaymentDesk.open(server, database, clock)
        with database.write() as uow:
            uow.clients.save(replace(opened.book.client, email=ADDRESS))
            uow.commit()
        yield opened
        opened.close()


class Written(logging.Handler):
    """Every line of every logger, and what a crash report would hold."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def crash(self, error: BaseException) -> None:
        self.lines += [*traceback.format_exception(error), repr(error), str(error)]

    def sentence(self, sentence: Message | None) -> None:
        self.lines.append(repr(sentence))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """The program's own loggers at their loudest; Stripe's library is kept at the level that InkDesk sets."""
    handler = Written()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_key_link_or_address_is_written(
    desk: PaymentDesk, written: Written, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = start_log(tmp_path / "inkdesk.log")
    links = live_through(desk, written)
    stop_log(log)

    places = {
        "logs and crash reports": written.lines,
        "log file": [(tmp_path / "inkdesk.log").read_text()],
        "consoles": list(capfd.readouterr()),
        "database": [line for table in dumped(desk).values() for line in table],
        "exports": exported(desk),
    }
    assert "stripe" in places["log file"][0]
    assert len(links) >= 3
    for place, lines in places.items():
        text = "\n".join(lines)
        assert KEY not in text, place
        assert not LINK.search(text), place
        assert not [link for link in links if link.partition("#")[2] in text], place
        assert ADDRESS not in text, place


def live_through(desk: PaymentDesk, written: Written) -> list[str]:
    """Pay, give back, let lapse, be refused, with Stripe failing in every way on the way; the links that were made."""
    links = []
    for number, kind in enumerate([None, *FaultKind]):
        if kind in {FaultKind.SLOW_BODY, FaultKind.HELD}:
            continue
        booking, payment = desk.hold(TUESDAY + timedelta(hours=3 * number))
        if kind is not None:
            desk.server.faults.add(Fault(kind, "*", times=2))
        for _ in range(3):
            try:
                links.append(desk.payments.open_link(payment.id).url)
            except GatewayFailure as error:
                written.crash(error)
                written.sentence(error.message)
            written.sentence(desk.look(sweep=True).banner)
            desk.pass_time(seconds=70)
        desk.server.faults.clear()
        with suppress(InkDeskError):
            links.append(desk.payments.open_link(desk.payment(booking.id).id).url)
        if number % 2:
            desk.server.pay(desk.payment(booking.id).session_id)
        desk.look(sweep=True)
        logging.getLogger("inkdesk").debug("%r %r", desk.payment(booking.id), desk.booking(booking.id))
        if number % 4 == 1:
            paid = desk.payment(booking.id)
            desk.payments.refund(paid.id, paid.amount, "ill", f"refund-{number}")
    desk.server.access.revoke(desk.server.key)
    written.sentence(desk.look(sweep=True).banner)
    desk.server.access.grant(desk.server.key)
    desk.pass_time(hours=30)
    desk.look(sweep=True)
    desk.look(sweep=True)
    return links


def test_an_open_link_stands_in_one_place_and_an_address_in_two(desk: PaymentDesk) -> None:
    """Whoever needs them must find them: every desk shows the link, and the request is sent again word for word."""
    desk.hold(TUESDAY)
    _, opened = desk.hold(TUESDAY + timedelta(hours=3))
    url = desk.payments.open_link(opened.id).url

    tables = dumped(desk, without=())
    assert {name for name, rows in tables.items() if url in "".join(rows)} == {"payment"}
    assert {name for name, rows in tables.items() if ADDRESS in "".join(rows)} == {"payment", "client"}
    assert KEY not in repr(tables)
    assert sum(url in row for row in tables["payment"]) == 1
    assert sum(ADDRESS in row for row in tables["payment"]) == 1  # the attempt that was not sent yet


def dumped(desk: PaymentDesk, without: Collection[str] = ("client",)) -> dict[str, list[str]]:
    """The database as text, table by table, but for the one place where a client's address belongs."""
    tables = [table for table in METADATA.sorted_tables if table.name not in without]
    with desk.database._engine.connect() as connection:
        return {table.name: [repr(tuple(row)) for row in connection.execute(table.select())] for table in tables}


def exported(desk: PaymentDesk) -> list[str]:
    """What the pages show and the exports write."""
    first, last = (TUESDAY - timedelta(days=9)).date(), (TUESDAY + timedelta(days=9)).date()
    days = desk.database.queries.calendar(first, last)
    details = [desk.database.queries.booking(card.booking_id) for card in days.cards]
    return [repr(task) for task in desk.tasks()] + [repr(detail.ledger) + repr(detail.history) for detail in details]
