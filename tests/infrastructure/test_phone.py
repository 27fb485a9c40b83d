"""Phone numbers as people type them."""

import pytest

from inkdesk.domain.errors import ValidationError
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

PHONES = LibraryPhoneNumbers()


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06 12 34 56 78", "fr", "+33612345678"),
        ("+44 20 7946 0958", "FR", "+442079460958"),
        ("0033612345678", "FR", "+33612345678"),
        ("+33612345678", "", "+33612345678"),
    ],
)
def test_numbers_are_kept_in_one_form(typed: str, region: str, stored: str) -> None:
    assert PHONES.normalise(typed, region) == stored


@pytest.mark.parametrize("typed", ["", "Zoé", "12", "06 12", "0612345678" * 9, "<b>", "06\x0012"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="not a phone number") as refused:
        PHONES.normalise(typed, "FR")
    assert refused.value.field == "client_phone"


def test_a_national_number_needs_a_region() -> None:
    with pytest.raises(ValidationError):
        PHONES.normalise("06 12 34 56 78", "")


def test_numbers_are_shown_as_the_region_writes_them() -> None:
    assert PHONES.show("+33612345678", "FR") == "06 12 34 56 78"
    assert PHONES.show("+33612345678", "DE") == "+33 6 12 34 56 78"
    assert PHONES.show("+33612345678", "") == "+33 6 12 34 56 78"
    assert PHONES.show("unknown", "FR") == "unknown"
