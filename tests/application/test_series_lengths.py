"""The sittings of a series last as long as the desk asks: planned, proposed, booked, moved. Both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.book import HOUR, TUESDAY
from support.series_days import FOUR, in_paris
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.series_commands import PlannedDate, PlanSeries, ProposeSittings
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.series import Repeat, RepeatUnit, Scope

THREE_HOURS = 3 * 3600
NO_LENGTH = 0


def plan(desk: SeriesDesk, sitting_s: int | None) -> list[PlannedDate]:
    book = desk.front.money.book
    return desk.series.plan(
        PlanSeries(
            artist_id=book.ana.id,
            service_id=book.service.id,
            first=FOUR[0],
            repeat=Repeat(every=1, unit=RepeatUnit.WEEKS, count=4),
            sitting_s=sitting_s,
        )
    )


def project(desk: SeriesDesk, **how: object) -> ProposeSittings:
    draft = ProposeSittings(
        artist_id=desk.front.money.book.ana.id,
        service_id=desk.front.money.book.service.id,
        count=2,
        gap_days=7,
        from_date=date(2026, 11, 24),
    )
    return replace(draft, **how)  # type: ignore[arg-type]


def has_style(desk: SeriesDesk, *styles: str) -> None:
    """From now on Bo has these styles."""
    with desk.front.money.database.write() as uow:
        uow.artists.save(replace(uow.artists.get(desk.front.money.book.bo.id), styles=styles))
        uow.commit()


def test_each_date_is_judged_with_the_length_and_so_is_what_is_free_instead(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=FOUR[1] + 2 * HOUR)
    assert [one.is_free for one in plan(desk, None)] == [True] * 4

    planned = plan(desk, THREE_HOURS)

    assert [one.is_free for one in planned] == [True, False, True, True]
    assert planned[1].sentence is not None
    assert "Ana is taken by Zoé Müller" in planned[1].sentence.plain()
    lasting = [slot.ends_at - slot.starts_at for slot in planned[1].alternatives]
    assert lasting == [3 * HOUR] * 3
    free = tuple(one.starts_at for one in planned if one.is_free and one.starts_at is not None)
    assert len(desk.book(starts=free, sitting_s=THREE_HOURS).bookings) == 3


def test_what_is_planned_with_a_length_is_booked_with_it_and_else_refused(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=FOUR[1] + 2 * HOUR)
    with pytest.raises(SlotTaken):
        desk.book(sitting_s=THREE_HOURS)
    with pytest.raises(SlotUnavailable):
        desk.book(starts=(FOUR[0] + 4 * HOUR,), sitting_s=THREE_HOURS)
    booked = desk.book(request_key="an hour each")
    assert {one.sitting for one in booked.bookings} == {desk.front.money.book.service.sitting}


def test_a_series_that_moves_keeps_its_length(desk: SeriesDesk) -> None:
    booked = desk.book(sitting_s=THREE_HOURS)
    desk.move_series(booked.bookings[1], FOUR[1] + HOUR, Scope.FROM_HERE)
    lasting = [desk.now(one).ends_at - desk.now(one).starts_at for one in booked.bookings]
    assert lasting == [3 * HOUR] * 4
    assert desk.starts(booked) == [TUESDAY, *(TUESDAY + n * WEEK + HOUR for n in (1, 2, 3))]
    with pytest.raises(SlotUnavailable):
        desk.move_series(desk.now(booked.bookings[0]), FOUR[0] + 5 * HOUR, Scope.ONE)


def test_sittings_of_a_project_are_proposed_where_the_length_fits(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=in_paris(2026, 11, 24, 11))
    slots = desk.series.propose(project(desk, sitting_s=THREE_HOURS))
    assert [(one.starts_at, one.ends_at - one.starts_at) for one in slots] == [
        (in_paris(2026, 11, 24, 12, 45), 3 * HOUR),
        (in_paris(2026, 12, 1, 12, 45), 3 * HOUR),
    ]
    assert desk.series.propose(project(desk))[0].starts_at == in_paris(2026, 11, 24, 9)


def test_anyone_with_the_style_does_all_of_a_project(desk: SeriesDesk) -> None:
    has_style(desk, "Fine line")
    bo = desk.front.money.book.bo
    slots = desk.series.propose(project(desk, artist_id=None, style=" fine LINE"))
    assert [one.artist_ids for one in slots] == [(bo.id,)] * 2
    with pytest.raises(ValidationError) as refused:
        desk.series.propose(project(desk, artist_id=None, style="realism"))
    assert (refused.value.field, "as realism" in refused.value.message.plain()) == ("style", True)


@pytest.mark.parametrize("sitting_s", [NO_LENGTH, int(timedelta(days=8).total_seconds())])
def test_a_length_that_cannot_be_is_refused_everywhere(desk: SeriesDesk, sitting_s: int) -> None:
    for ask in (
        lambda: plan(desk, sitting_s),
        lambda: desk.series.propose(project(desk, sitting_s=sitting_s)),
        lambda: desk.book(sitting_s=sitting_s),
    ):
        with pytest.raises(ValidationError) as refused:
            ask()
        assert refused.value.field == "sitting_s"
