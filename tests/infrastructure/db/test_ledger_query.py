"""Which lines of the ledger fit, and what stands on them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from support.book import TUESDAY, Book, a_booking, put
from support.clock import StandingClock
from support.plans import plan, recorded

from inkdesk.application.ledger_view import (
    LedgerFilter,
    LedgerNames,
    LedgerPlace,
    LedgerState,
    place_of,
    sums_of,
    totals,
)
from inkdesk.domain.clients import Client
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentStatus
from inkdesk.infrastructure.db.database import Database

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ALL = LedgerFilter(first=DAY, last=DAY)
EURO_50 = Money(5000, "EUR")


def an_entry(kind: LedgerKind, booking_id: int, payment_id: int | None, key: str) -> LedgerEntry:
    return LedgerEntry(
        kind=kind, booking_id=booking_id, payment_id=payment_id, amount=EURO_50, at=AT, who="", why="", fact_key=key
    )


@pytest.fixture
def two(database: Database, book: Book) -> tuple[int, int]:
    """A paid link of Ana's and Zoé's with its fee, a disputed terminal payment of Bo's and Kim's; their clients."""
    with database.write() as uow:
        kim = uow.clients.add(Client(name="Kim", phone="+33611112222"))
        first = put(uow, a_booking(book), book.ana)
        draft = replace(a_booking(book, TUESDAY + timedelta(hours=5), artist=book.bo), client_id=kim.id)
        second = put(uow, draft, book.bo)
        link = Payment(
            booking_id=first.id,
            attempt=1,
            method=PaymentMethod.LINK,
            status=PaymentStatus.PAID,
            amount=EURO_50,
            idempotency_key="a",
            fee_minor=100,
            net_minor=4900,
            fee_currency="EUR",
            created_at=AT,
        )
        by_link = uow.payments.add(link)
        by_card = uow.payments.add(
            replace(
                link,
                booking_id=second.id,
                method=PaymentMethod.TERMINAL,
                status=PaymentStatus.DISPUTED,
                idempotency_key="b",
                fee_minor=None,
                net_minor=None,
                fee_currency="",
            )
        )
        uow.payments.write_ledger(an_entry(LedgerKind.ASKED, first.id, by_link.id, "asked"))
        uow.payments.write_ledger(an_entry(LedgerKind.PAID, first.id, by_link.id, "paid"))
        uow.payments.write_ledger(an_entry(LedgerKind.REFUNDED, first.id, by_link.id, "refunded"))
        uow.payments.write_ledger(an_entry(LedgerKind.PAID, second.id, by_card.id, "paid by card"))
        uow.payments.write_ledger(an_entry(LedgerKind.CREDIT_USED, second.id, None, "credit"))
        uow.commit()
    return book.client.id, kim.id


def keys(database: Database, wanted: LedgerFilter) -> list[str]:
    return [line.entry.fact_key for line in database.queries.ledger(wanted)]


def test_lines_fit_by_artist_client_and_state(database: Database, book: Book, two: tuple[int, int]) -> None:
    zoe, kim = two
    assert keys(database, ALL) == ["credit", "paid by card", "refunded", "paid", "asked"]
    assert keys(database, replace(ALL, artist_id=book.ana.id)) == ["refunded", "paid", "asked"]
    assert keys(database, replace(ALL, client_id=kim)) == ["credit", "paid by card"]
    assert keys(database, replace(ALL, client_id=zoe, artist_id=book.bo.id)) == []
    assert keys(database, replace(ALL, state=LedgerState.PAID)) == ["refunded", "paid", "asked"]
    assert keys(database, replace(ALL, state=LedgerState.DISPUTED)) == ["paid by card"]
    assert keys(database, replace(ALL, state=LedgerState.WAITING)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("müller",), ["refunded", "paid", "asked"]),
        (("müller", "refund"), ["refunded"]),
        (("kim", "ana"), []),
        (("credit",), ["credit"]),
        (("nobody",), []),
        (("100%_",), []),
    ],
)
def test_every_word_stands_in_a_name_a_reason_or_what_happened(
    database: Database, two: tuple[int, int], words: tuple[str, ...], found: list[str]
) -> None:
    assert two
    assert keys(database, replace(ALL, words=words)) == found


def test_reasons_are_found_as_they_are_shown(database: Database, two: tuple[int, int]) -> None:
    assert two
    with database.write() as uow:
        for number, why in enumerate(("terminal", "Half_BACK, as agreed")):
            entry = replace(an_entry(LedgerKind.TIP, 1, 1, f"why {number}"), who="Éva", why=why)
            uow.payments.write_ledger(entry)
        uow.commit()
    for word, found in (("card", ["why 0"]), ("half_back", ["why 1"]), ("éva", ["why 1", "why 0"])):
        assert keys(database, replace(ALL, words=(word,))) == found


@pytest.mark.parametrize("words", [(), ("müller",)])
def test_the_next_lines_are_one_range_of_one_index(
    database: Database, two: tuple[int, int], words: tuple[str, ...]
) -> None:
    assert two
    wanted = replace(ALL, first=DAY - timedelta(days=99), words=words)
    [*_, last] = database.queries.ledger(replace(wanted, words=()), None, 2)
    with recorded(database) as seen:
        assert database.queries.ledger(wanted, place_of(last), 2)
    [lines] = [one for one in seen if "ORDER BY" in one[0]]
    assert lines[0].count("ledger_entry.at <") == 1, "of two upper ends SQLite takes the first, and reads from there"
    if database.kind == "postgresql":
        return  # it plans by what it has counted, and reads so few lines whole
    steps = plan(database, *lines)
    ranges = [step for step in steps if "ledger_entry" in step]
    assert len(ranges) == 1
    assert "at>? AND at<?" in ranges[0]
    assert [step for step in steps if "ORDER BY" in step or step.startswith("SCAN")] == []


def test_a_fee_stands_on_the_line_that_brought_the_money(database: Database, two: tuple[int, int]) -> None:
    assert two
    lines = {line.entry.fact_key: line for line in database.queries.ledger(ALL)}
    fees = {key: (line.fee, line.net) for key, line in lines.items() if line.fee or line.net}
    assert fees == {"paid": (Money(100, "EUR"), Money(4900, "EUR"))}
    assert (lines["paid"].method, lines["paid"].payment_status) == (PaymentMethod.LINK, PaymentStatus.PAID)
    assert (lines["credit"].method, lines["credit"].payment_status) == (None, None)


def test_the_artists_lines_come_to_the_whole(database: Database, book: Book, two: tuple[int, int]) -> None:
    assert two
    [whole] = totals(database.queries.ledger(ALL))
    [ana] = totals(database.queries.ledger(replace(ALL, artist_id=book.ana.id)))
    [bo] = totals(database.queries.ledger(replace(ALL, artist_id=book.bo.id)))
    assert ana + bo == whole
    assert (whole.paid_minor, whole.refunded_minor, whole.fees_minor, whole.net_minor) == (10000, 5000, 100, 4900)


def filters(book: Book, clients: tuple[int, int]) -> list[LedgerFilter]:
    by_state = [replace(ALL, state=state) for state in LedgerState]
    by_client = [replace(ALL, client_id=client_id) for client_id in clients]
    by_artist = [replace(ALL, artist_id=artist.id) for artist in (book.ana, book.bo)]
    both = replace(ALL, artist_id=book.ana.id, state=LedgerState.PAID)
    return [ALL, replace(ALL, first=DAY - timedelta(days=9)), *by_state, *by_client, *by_artist, both]


def test_the_database_adds_up_what_the_lines_say(database: Database, book: Book, two: tuple[int, int]) -> None:
    with database.write() as uow:
        tip = replace(an_entry(LedgerKind.TIP, 1, 1, "a tip"), amount=Money(700, "USD"))
        back = replace(an_entry(LedgerKind.DISPUTED, 2, 2, "won"), amount=Money(-5000, "EUR"))
        earlier = replace(an_entry(LedgerKind.FORFEITED, 1, 1, "kept"), at=AT - timedelta(days=3))
        for entry in (tip, back, earlier):
            uow.payments.write_ledger(entry)
        uow.commit()
    for wanted in filters(book, two):
        assert database.queries.ledger_sums(wanted) == sums_of(database.queries.ledger(wanted)), wanted
    whole = database.queries.ledger_sums(ALL)
    assert (whole.count, [(one.currency, one.fees_minor) for one in whole.totals]) == (7, [("EUR", 200), ("USD", 0)])


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_parts_of_the_list_come_to_the_whole(database: Database, book: Book, two: tuple[int, int], size: int) -> None:
    """All lines are of one instant: only their ids tell where a part ends."""
    for wanted in filters(book, two):
        found: list[str] = []
        after: LedgerPlace | None = None
        while part := database.queries.ledger(wanted, after, size):
            assert len(part) <= size
            found += [line.entry.fact_key for line in part]
            after = place_of(part[-1])
        assert found == keys(database, wanted)


def test_whose_lines_there_are(database: Database, book: Book, two: tuple[int, int], clock: StandingClock) -> None:
    zoe, kim = two
    found = database.queries.ledger_names(DAY, DAY)
    assert found == LedgerNames(
        artists=[(book.ana.id, "Ana"), (book.bo.id, book.bo.name)], clients=[(kim, "Kim"), (zoe, "Zoé Müller")]
    )
    before = clock.now().date() - timedelta(days=30)
    assert database.queries.ledger_names(before, before) == LedgerNames()
