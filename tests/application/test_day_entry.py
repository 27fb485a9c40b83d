"""What somebody means who types a date."""

from collections.abc import Iterator
from datetime import date
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.application import text
from inkdesk.application.day_entry import days_meant
from inkdesk.infrastructure.language import BabelFormats

TODAY = date(2026, 11, 24)
"""A Tuesday."""


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Iterator[None]:
    """Somebody whose dates are those of the parameter's locale."""
    text.install(NullTranslations(), BabelFormats(request.param, ZoneInfo("Europe/Paris")), "en")
    yield
    text.install(NullTranslations(), text.PlainFormats(), "en")


BRITISH = [
    ("tod", [date(2026, 11, 24)]),
    ("Tomorrow", [date(2026, 11, 25)]),
    ("yest", [date(2026, 11, 23)]),
    ("+10", [date(2026, 12, 4)]),
    ("-1", [date(2026, 11, 23)]),
    ("+2w", [date(2026, 12, 8)]),
    ("+ 3 days", [date(2026, 11, 27)]),
    ("2027-02-28", [date(2027, 2, 28)]),
    ("2027-02-29", []),
    ("fri", [date(2026, 11, 27), date(2026, 12, 4)]),
    ("tuesday", [date(2026, 12, 1), date(2026, 12, 8)]),
    ("t", []),
    ("24", [date(2026, 11, 24), date(2026, 10, 24)]),
    ("14", [date(2026, 12, 14), date(2026, 11, 14)]),
    ("31", [date(2026, 12, 31), date(2026, 10, 31)]),
    ("32", []),
    ("3/12", [date(2026, 12, 3), date(2025, 12, 3)]),
    ("3.12.", [date(2026, 12, 3), date(2025, 12, 3)]),
    ("13/4", [date(2027, 4, 13), date(2026, 4, 13)]),
    ("4/13", [date(2027, 4, 13), date(2026, 4, 13)]),
    ("13/14", []),
    ("3/12/2028", [date(2028, 12, 3)]),
    ("3 12 28", [date(2028, 12, 3)]),
    ("3 dec", [date(2026, 12, 3), date(2025, 12, 3)]),
    ("Dec 3, 2027", [date(2027, 12, 3)]),
    ("dec", [date(2026, 12, 1), date(2025, 12, 1)]),
    ("march 2027", [date(2027, 3, 1)]),
    ("29 feb", [date(2028, 2, 29), date(2024, 2, 29)]),
    ("31 apr", []),
    ("3 dec dec", []),
    ("Ada", []),
    ("", []),
    ("99999999", []),
]


@pytest.mark.parametrize("reader", ["en_GB"], indirect=True)
@pytest.mark.parametrize(("typed", "meant"), BRITISH)
@pytest.mark.usefixtures("reader")
def test_what_a_british_reader_means(typed: str, meant: list[date]) -> None:
    assert days_meant(typed, TODAY) == meant


@pytest.mark.parametrize("reader", ["en_US"], indirect=True)
@pytest.mark.usefixtures("reader")
def test_an_american_writes_the_month_first() -> None:
    assert days_meant("3/12", TODAY)[0] == date(2027, 3, 12)
    assert days_meant("13/4", TODAY)[0] == date(2027, 4, 13)


@pytest.mark.parametrize("reader", ["fr_FR"], indirect=True)
@pytest.mark.usefixtures("reader")
def test_french_names_count_with_and_without_accents() -> None:
    assert days_meant("vendredi", TODAY)[0] == date(2026, 11, 27)
    assert days_meant("3 décembre", TODAY)[0] == days_meant("3 dec", TODAY)[0] == date(2026, 12, 3)
    assert days_meant("15 août", TODAY)[0] == date(2027, 8, 15)


@given(st.text(max_size=12), st.dates())
def test_nothing_that_is_typed_fails(typed: str, today: date) -> None:
    meant = days_meant(typed, today)
    assert len(set(meant)) == len(meant)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_every_date_is_meant_by_its_own_iso_form(day: date) -> None:
    assert days_meant(day.isoformat(), TODAY) == [day]
