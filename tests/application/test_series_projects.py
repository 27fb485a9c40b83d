"""The sittings of a project are proposed with time to heal between them. Both engines, the real payments."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from support.book import TUESDAY
from support.series_days import DAY, always_open, away, closed, in_paris
from support.series_desk import SeriesDesk

from inkdesk.application.series_commands import ProposeSittings
from inkdesk.domain.artists import Leave
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.series import SeriesKind
from inkdesk.domain.slot_rules import Limits


def propose(desk: SeriesDesk, count: int, gap_days: int, **how: object) -> list[datetime]:
    book = desk.front.money.book
    command = ProposeSittings(
        artist_id=book.ana.id,
        service_id=book.service.id,
        count=count,
        gap_days=gap_days,
        from_date=date(2026, 11, 24),
    )
    return [slot.starts_at for slot in desk.series.propose(replace(command, **how))]  # type: ignore[arg-type]


def test_sittings_of_a_project_are_spaced_and_can_be_booked(desk: SeriesDesk) -> None:
    starts = propose(desk, 4, 21)
    assert starts == [in_paris(2026, 11, 24, 9) + n * 21 * DAY for n in range(4)]
    booked = desk.book(kind=SeriesKind.PROJECT, rule="COUNT=4;GAP=21", starts=tuple(starts))
    assert desk.starts(booked) == starts


def test_a_day_that_is_taken_moves_the_rest_on(desk: SeriesDesk) -> None:
    away(desk, in_paris(2026, 12, 15, 9), desk.front.money.book.ana.id)
    assert propose(desk, 3, 21) == [
        in_paris(2026, 11, 24, 9),
        in_paris(2026, 12, 22, 9),
        in_paris(2027, 1, 12, 9),
    ]


def test_a_long_absence_is_looked_beyond(desk: SeriesDesk) -> None:
    ana = desk.front.money.book.ana
    with desk.front.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=ana.id, starts_at=in_paris(2026, 12, 1), ends_at=in_paris(2027, 5, 5), reason="abroad")
        )
        uow.commit()
    assert propose(desk, 2, 14) == [in_paris(2026, 11, 24, 9), in_paris(2027, 5, 11, 9)]


def test_a_year_ahead_is_the_end(desk: SeriesDesk) -> None:
    starts = propose(desk, 9, 60)
    assert starts == [in_paris(2026, 11, 24, 9) + n * 63 * DAY for n in range(6)]
    assert propose(desk, 2, 14, from_date=date(2028, 1, 1)) == []


def test_whoever_is_free_first_does_all_of_it(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    away(desk, TUESDAY, book.ana.id)
    slots = desk.series.propose(
        ProposeSittings(artist_id=None, service_id=book.service.id, count=3, gap_days=14, from_date=date(2026, 11, 24))
    )
    assert [slot.artist_ids for slot in slots] == [(book.bo.id,)] * 3


def test_both_artists_must_be_there_for_each_sitting(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo
    away(desk, in_paris(2026, 12, 8, 9), bo.id)
    assert propose(desk, 2, 14, with_artist_ids=(bo.id,)) == [in_paris(2026, 11, 24, 9), in_paris(2026, 12, 15, 9)]


def test_a_limit_per_week_counts_the_sittings_proposed_before(desk: SeriesDesk) -> None:
    """The weekday of the first is closed next week, so the days of the first's own week come nearest."""
    always_open(desk, limits=Limits(per_week=1))
    closed(desk, in_paris(2026, 12, 1))
    starts = propose(desk, 4, 1)
    assert len({one.isocalendar().week for one in starts}) == 4
    assert desk.starts(desk.book(kind=SeriesKind.PROJECT, starts=tuple(starts))) == starts


def test_a_sitting_longer_than_the_gap_is_over_before_the_next(desk: SeriesDesk) -> None:
    always_open(desk)
    closed(desk, in_paris(2026, 12, 1))
    with desk.front.money.database.write() as uow:
        service = uow.catalogue.service(desk.front.money.book.service.id)
        uow.catalogue.save_service(replace(service, sitting=service.sitting._replace(sitting_s=40 * 3600)))
        uow.commit()
    starts = propose(desk, 3, 1)
    assert all(after - before >= timedelta(hours=40) for before, after in pairwise(starts))
    assert desk.starts(desk.book(kind=SeriesKind.PROJECT, starts=tuple(starts))) == starts


def test_stations_that_are_cleaned_for_long_are_free_for_the_next_sitting(desk: SeriesDesk) -> None:
    """Both chairs are needed, and kept for two days each time; the artist is free long before."""
    always_open(desk)
    closed(desk, in_paris(2026, 12, 1))
    service = replace(desk.seated_service(units=2), station_clean_up_s=2 * 86400)
    with desk.front.money.database.write() as uow:
        uow.catalogue.save_service(service)
        uow.commit()
    starts = propose(desk, 3, 1, service_id=service.id)
    assert [after - before > 2 * DAY for before, after in pairwise(starts)] == [True, True]
    booked = desk.book(kind=SeriesKind.PROJECT, service_id=service.id, starts=tuple(starts))
    assert desk.starts(booked) == starts


def test_no_time_to_heal_is_refused(desk: SeriesDesk) -> None:
    with pytest.raises(ValidationError, match="days between two sittings"):
        propose(desk, 2, 0)
