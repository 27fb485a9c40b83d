"""What a statement carried stands in no error of the database: errors reach consoles, logs and crash reports."""

import traceback

import pytest
from sqlalchemy import column, insert, table, update
from support.book import Book

from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.database import Database

ADDRESS = "marker.client@example.org"
LINK = "https://checkout.stripe.com/c/pay/cs_test_marker#fid"


def test_an_error_that_nobody_expected_tells_no_values(database: Database) -> None:
    nowhere = insert(table("nowhere", column("email"), column("url"))).values(email=ADDRESS, url=LINK)

    with pytest.raises(Exception, match="nowhere") as failure, database._engine.begin() as connection:
        connection.execute(nowhere)

    assert "INSERT INTO nowhere" in told(failure.value)


def test_a_rule_that_was_broken_does_not_show_the_row(database: Database, book: Book) -> None:
    """PostgreSQL quotes the whole row in the detail of such an error."""
    with database._engine.begin() as connection:
        connection.execute(update(t.client).where(t.client.c.id == book.client.id).values(email=ADDRESS, note=LINK))

    with pytest.raises(Exception, match=r"(?i)null") as failure, database._engine.begin() as connection:
        connection.execute(update(t.client).where(t.client.c.id == book.client.id).values(name=None))

    assert "UPDATE client" in told(failure.value)


def told(error: BaseException) -> str:
    """What a console or a crash report would hold; no marker may stand in it."""
    words = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__)
    assert ADDRESS not in words
    assert LINK not in words
    return words
