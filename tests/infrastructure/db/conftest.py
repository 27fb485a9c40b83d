"""A small studio in a database of either engine."""

import pytest
from support.book import Book, fill

from inkdesk.infrastructure.db.database import Database


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)
