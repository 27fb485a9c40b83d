"""Sentences: looked up, filled, and their typed values shown by the reader's formats."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest
from typing_extensions import override

from inkdesk.application import text
from inkdesk.application.text import PlainFormats, install, ntr, render, tr
from inkdesk.domain.message import message
from inkdesk.domain.money import Money


class Shouting(NullTranslations):
    """A catalogue whose every sentence is in capitals, places kept."""

    @override
    def gettext(self, message: str) -> str:
        return message.replace("paid", "PAID")

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).upper().replace("{N}", "{n}")


@pytest.fixture
def shouting() -> Iterator[None]:
    before = text._reader.catalogue, text._reader.formats, text._reader.language
    install(Shouting(), PlainFormats(), "xx")
    yield
    install(*before)


@pytest.mark.usefixtures("shouting")
def test_sentences_are_looked_up_and_filled() -> None:
    assert tr("{who} paid.", who="Anna {braces}") == "Anna {braces} PAID."
    assert ntr("{n} booking", "{n} bookings", 1) == "1 BOOKING"
    assert ntr("{n} booking", "{n} bookings", 3) == "3 BOOKINGS"
    assert render(message("paid {amount}", amount=Money(500, "EUR"))) == "PAID 5.00 EUR"
    assert text.language() == "xx"


def test_values_are_shown_by_kind() -> None:
    instant = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
    shown = tr("{a}|{b}|{c}|{d}", a=instant, b=date(2026, 11, 24), c=7, d="<b>")
    assert shown.endswith("|7|<b>")
    assert "2026" in shown or "24" in shown
