"""A series is planned with a verdict per date; what is planned as free is booked. Both engines, the real payments."""

from datetime import UTC, date, datetime

import pytest
from support.book import TUESDAY
from support.series_days import DAY, FOUR, always_open, away, closed, in_paris, refused, stored
from support.series_desk import SeriesDesk

from inkdesk.application.series_commands import PlannedDate, PlanSeries
from inkdesk.domain.errors import SlotTaken, ValidationError
from inkdesk.domain.series import Repeat, RepeatUnit
from inkdesk.domain.slot_rules import Limits


def plan(desk: SeriesDesk, first: datetime, repeat: Repeat, *with_artist_ids: int) -> list[PlannedDate]:
    book = desk.front.money.book
    return desk.series.plan(
        PlanSeries(
            artist_id=book.ana.id,
            service_id=book.service.id,
            first=first,
            repeat=repeat,
            with_artist_ids=with_artist_ids,
        )
    )


def weekly(count: int) -> Repeat:
    return Repeat(every=1, unit=RepeatUnit.WEEKS, count=count)


def test_the_plan_says_of_each_date_whether_it_is_free_and_what_is_instead(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=FOUR[1])
    away(desk, FOUR[2], None)
    planned = plan(desk, FOUR[0], weekly(4))
    assert [one.starts_at for one in planned] == list(FOUR)
    assert [one.is_free for one in planned] == [True, False, False, True]
    assert [one.can_override for one in planned] == [False, False, True, False]
    taken, closed = planned[1], planned[2]
    assert taken.sentence is not None
    assert "Ana is taken by Zoé Müller" in taken.sentence.plain()
    assert closed.sentence is not None
    assert "closed" in closed.sentence.plain()
    assert [one.alternatives for one in planned if one.is_free] == [(), ()]
    near = [slot.starts_at for slot in taken.alternatives]
    assert len(near) == 3
    for slot in taken.alternatives:
        desk.front.book(starts_at=slot.starts_at, request_key="alternative")
        break


def test_what_is_planned_as_free_is_booked(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo
    desk.front.book(artist_id=bo.id, starts_at=FOUR[2])
    planned = plan(desk, FOUR[0], weekly(6), bo.id)
    free = tuple(one.starts_at for one in planned if one.is_free and one.starts_at is not None)
    assert len(free) == 5
    assert len(desk.book(starts=free, with_artist_ids=(bo.id,)).bookings) == 5


def test_ten_stays_ten_when_the_clock_changes(desk: SeriesDesk) -> None:
    planned = plan(desk, in_paris(2027, 3, 23, 10), weekly(3))
    starts = tuple(one.starts_at for one in planned if one.starts_at is not None)
    desk.book(starts=starts)
    booked = [desk.front.money.booking(one).starts_at.astimezone(UTC) for one in stored(desk)]
    assert [f"{one:%m-%d %H}" for one in booked] == ["03-23 09", "03-30 08", "04-06 08"]


def test_a_date_in_the_missing_hour_is_refused_with_what_is_near(desk: SeriesDesk) -> None:
    always_open(desk)
    planned = plan(desk, in_paris(2027, 3, 21, 2, 30), weekly(3))
    assert [one.starts_at is None for one in planned] == [False, True, False]
    gone = planned[1]
    assert gone.sentence is not None
    assert gone.sentence.plain().startswith("2027-03-28 02:30 does not exist")
    assert {slot.starts_at.date() for slot in gone.alternatives} == {date(2027, 3, 28)}
    assert gone.alternatives[0].starts_at.isoformat() in {"2027-03-28T01:45:00+01:00", "2027-03-28T03:30:00+02:00"}


def test_dates_that_meet_each_other_over_a_short_week_are_told_and_not_booked(desk: SeriesDesk) -> None:
    """An artist who is kept for seven days whole is not back when the week lacks an hour."""
    always_open(desk, pause_s=7 * 86400 - 600 - 3600 - 1200)
    before, over = in_paris(2027, 3, 16, 10), in_paris(2027, 3, 23, 10)
    assert [one.is_free for one in plan(desk, before, weekly(2))] == [True, True]
    planned = plan(desk, over, weekly(2))
    assert [one.is_free for one in planned] == [True, False]
    assert planned[1].sentence is not None
    assert "earlier dates of the series" in planned[1].sentence.plain()
    starts = tuple(one.starts_at for one in planned if one.starts_at is not None)
    assert isinstance(refused(desk, starts=starts), SlotTaken)


def test_a_plan_reads_the_book_a_fixed_number_of_times(desk: SeriesDesk) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    for sittings in (2, 50):
        plan(desk, TUESDAY, weekly(sittings))  # the settings are remembered from now on
    event.listen(
        desk.front.money.database._engine,
        "before_cursor_execute",
        lambda *seen: statements.append(seen[2]),
        named=False,
    )
    plan(desk, TUESDAY, weekly(2))
    two = len(statements)
    plan(desk, TUESDAY, weekly(50))
    assert len(statements) == 2 * two


def test_a_date_that_a_reason_would_book_is_taken_for_what_follows(desk: SeriesDesk) -> None:
    """Booked with a reason, all of it is booked or told before."""
    always_open(desk, pause_s=7 * 86400 - 600 - 3600 - 1200)
    before, over = in_paris(2027, 3, 16, 10), in_paris(2027, 3, 23, 10)
    away(desk, over, None)
    planned = plan(desk, before, weekly(3))
    assert [(one.is_free, one.can_override) for one in planned] == [(True, False), (False, True), (False, False)]
    sentences = [one.sentence.plain() for one in planned if one.sentence is not None]
    assert "closed" in sentences[0]
    assert "earlier dates of the series" in sentences[1]
    starts = tuple(one.starts_at for one in planned if one.starts_at is not None)
    assert isinstance(refused(desk, starts=starts, override_reason="please"), SlotTaken)
    desk.book(starts=starts[:2], override_reason="please")


def test_alternatives_go_together_with_the_other_dates(desk: SeriesDesk) -> None:
    """The week of the date itself is left to it; when it is closed, the nearest open days are of the others' weeks."""
    always_open(desk, limits=Limits(per_week=1))
    monday = in_paris(2026, 11, 30)
    closed(desk, monday + DAY)
    near = plan(desk, FOUR[0], weekly(3))[1].alternatives
    assert {slot.starts_at.date() for slot in near} == {date(2026, 11, 30)}
    closed(desk, monday, *(monday + n * DAY for n in range(2, 7)))
    planned = plan(desk, FOUR[0], weekly(3))
    assert [one.is_free for one in planned] == [True, False, True]
    starts = [slot.starts_at for slot in planned[1].alternatives]
    assert starts[0].date() == date(2026, 12, 14)
    assert len(desk.book(starts=(FOUR[0], starts[0], FOUR[2])).bookings) == 3


def test_a_rule_without_an_end_is_refused(desk: SeriesDesk) -> None:
    with pytest.raises(ValidationError, match="needs an end"):
        plan(desk, TUESDAY, Repeat(every=1, unit=RepeatUnit.WEEKS))
