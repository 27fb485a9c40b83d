"""A start outside the time that the studio books is refused with the bound it lies beyond. Both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.book import TUESDAY
from support.front import Front

from inkdesk.domain.errors import SlotUnavailable

LATER = TUESDAY + timedelta(weeks=5)
CASES: list[tuple[dict[str, object], str]] = [
    (
        {"horizon_days": 14},
        "2026-12-29 11:00:00+01:00 is too far ahead: the studio books 14 days ahead. Choose an earlier time.",
    ),
    (
        {"last_date": date(2026, 12, 24), "horizon_days": 14},
        "2026-12-29 11:00:00+01:00 is too far ahead: the studio books until 2026-12-24. Choose an earlier time.",
    ),
    (
        {"first_date": date(2027, 1, 1)},
        "2026-12-29 11:00:00+01:00 is too early: the studio books from 2027-01-01 on. Choose a later time.",
    ),
    (
        {"open_days": 3, "horizon_days": None},
        (
            "2026-12-29 11:00:00+01:00 is too far ahead: the studio books the next 3 days that have a free time. "
            "Choose an earlier time."
        ),
    ),
    (
        {"last_date": date(2027, 1, 31), "first_date": date(2026, 12, 1), "horizon_days": 30},
        "2026-12-29 11:00:00+01:00 is too far ahead: the studio books 30 days ahead. Choose an earlier time.",
    ),
]


@pytest.mark.parametrize(("rules", "said"), CASES)
def test_the_bound_is_named(front: Front, rules: dict[str, object], said: str) -> None:
    with front.money.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), **rules))  # type: ignore[arg-type]
        uow.commit()
    with pytest.raises(SlotUnavailable) as refused:
        front.book(starts_at=LATER)
    assert refused.value.message.plain() == said
    assert front.book(starts_at=LATER, override_reason="asked for Christmas").booking.override_reason
