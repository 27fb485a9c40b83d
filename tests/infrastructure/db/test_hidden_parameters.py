"""What a statement carried stands in no error of the database: errors reach consoles, logs and crash reports."""

import traceback

import pytest
from sqlalchemy import column, insert, table

from inkdesk.infrastructure.db.database import Database

ADDRESS = "marker.client@example.org"
LINK = "https://checkout.stripe.com/c/pay/cs_test_marker#fid"


def test_an_error_that_nobody_expected_tells_no_values(database: Database) -> None:
    nowhere = insert(table("nowhere", column("email"), column("url"))).values(email=ADDRESS, url=LINK)

    with pytest.raises(Exception, match="nowhere") as failure, database._engine.begin() as connection:
        connection.execute(nowhere)

    told = "".join(traceback.format_exception(failure.value)) + repr(failure.value)
    assert "INSERT INTO nowhere" in told
    assert ADDRESS not in told
    assert LINK not in told
