"""A series: planned with a verdict per date, booked as a whole or not at all. Both engines, the real payments."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from support.book import TUESDAY
from support.front import Front, euros
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.changes import Changes
from inkdesk.application.series_commands import PlannedDate, PlanSeries, ProposeSittings
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import InkDeskError, SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.series import Repeat, RepeatUnit, SeriesKind
from inkdesk.domain.slot_rules import Limits

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
FOUR = tuple(TUESDAY + n * WEEK for n in range(4))


@pytest.fixture
def desk(front: Front) -> SeriesDesk:
    return SeriesDesk(front)


def stored(desk: SeriesDesk) -> list[int]:
    """Ids of all bookings."""
    cards = desk.front.money.database.queries.calendar(date(2026, 11, 1), date(2027, 6, 30)).cards
    return sorted(card.booking_id for card in cards)


def refused(desk: SeriesDesk, **how: object) -> InkDeskError:
    """The error of a series that must not be booked; nothing may be stored."""
    before = stored(desk)
    with pytest.raises(InkDeskError) as caught:
        desk.book(**how)
    assert stored(desk) == before
    with desk.front.money.database.read() as uow:
        assert uow.series.by_request_key("series") is None
    return caught.value


def away(desk: SeriesDesk, day: datetime, artist_id: int | None) -> None:
    with desk.front.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=artist_id, starts_at=day - 4 * timedelta(hours=1), ends_at=day + DAY, reason="flu")
        )
        uow.commit()


def closed(desk: SeriesDesk, *days: datetime) -> None:
    """The studio is closed on these dates, from midnight to midnight."""
    with desk.front.money.database.write() as uow:
        for day in days:
            uow.artists.add_leave(Leave(artist_id=None, starts_at=day, ends_at=day + DAY, reason="works"))
        uow.commit()


def always_open(desk: SeriesDesk, pause_s: int = 0, limits: Limits | None = None) -> None:
    """Ana works day and night."""
    whole_days = every_week(((WallSpan(0, 1440),),) * 7)
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        uow.artists.save(replace(ana, plans=whole_days, pause_s=pause_s, limits=limits or ana.limits))
        uow.commit()


def in_paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[arg-type, misc]


# Booking


def test_every_sitting_stands_in_the_book_and_belongs_to_the_series(desk: SeriesDesk) -> None:
    booked = desk.book(note=" sleeve ")
    assert desk.starts(booked) == list(FOUR)
    with desk.front.money.database.read() as uow:
        assert [one.id for one in uow.series.bookings_of(booked.series_id)] == [one.id for one in booked.bookings]
        series = uow.series.get(booked.series_id)
    assert (series.kind, series.rule) == (SeriesKind.REPEAT, "FREQ=WEEKLY;INTERVAL=1;COUNT=4")
    for one in booked.bookings:
        assert (one.status, one.series_id, one.note) == (BookingStatus.CONFIRMED, booked.series_id, "sleeve")
    assert booked.changes.bookings == {one.id for one in booked.bookings}
    assert [desk.front.is_kept(start) for start in FOUR] == [True] * 4


def test_one_deposit_is_asked_with_the_first_sitting(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.LINK, starts=FOUR[::-1])
    assert [one.starts_at for one in booked.bookings] == list(FOUR)
    assert [one.status for one in booked.bookings] == [
        BookingStatus.PENDING_PAYMENT,
        *[BookingStatus.CONFIRMED] * 3,
    ]
    assert [one.deposit for one in booked.bookings] == [euros(50), *[euros(0)] * 3]
    assert [one.price for one in booked.bookings] == [euros(120)] * 4
    attempts = [desk.front.money.attempts(one.id) for one in booked.bookings]
    assert [len(one) for one in attempts] == [1, 0, 0, 0]
    assert attempts[0][0].id == booked.payment_id


def test_a_cash_deposit_is_in_the_till_once(desk: SeriesDesk) -> None:
    booked = desk.book(choice=DepositChoice.CASH)
    assert [desk.front.money.ledger(one.id) for one in booked.bookings] == [["paid"], [], [], []]


def test_one_taken_date_refuses_all_and_is_named(desk: SeriesDesk) -> None:
    desk.front.book(starts_at=FOUR[2])
    error = refused(desk, client=NewClient(name="Kim"), override_reason="please")
    assert isinstance(error, SlotTaken)
    assert "2026-12-08" in error.message.plain()
    assert "Ana is taken by Zoé Müller" in error.message.plain()
    assert "No sitting was changed." in error.message.plain()
    assert desk.front.money.database.queries.find_clients("Kim") == []


def test_a_booking_that_has_the_key_of_a_sitting_is_not_taken_for_it(desk: SeriesDesk) -> None:
    desk.front.book(request_key="form#3", starts_at=FOUR[3] + WEEK)
    error = refused(desk, request_key="form")
    assert "form#3" in error.message.plain()


def test_one_date_on_leave_refuses_all_unless_a_reason_is_given(desk: SeriesDesk) -> None:
    away(desk, FOUR[1], desk.front.money.book.ana.id)
    error = refused(desk)
    assert isinstance(error, SlotUnavailable)
    assert "flu" in error.message.plain()
    booked = desk.book(override_reason="feels better")
    assert {one.override_reason for one in booked.bookings} == {"feels better"}


def test_a_further_artist_who_is_taken_once_refuses_all(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo
    desk.front.book(artist_id=bo.id, starts_at=FOUR[3])
    error = refused(desk, with_artist_ids=(bo.id,))
    assert "Bo is taken" in error.message.plain()
    assert desk.book(with_artist_ids=(bo.id,), starts=FOUR[:3]).bookings[2].with_artist_ids == (bo.id,)


def test_two_starts_of_one_series_that_meet_refuse_each_other(desk: SeriesDesk) -> None:
    close = (TUESDAY, TUESDAY + timedelta(minutes=60))
    error = refused(desk, starts=close, override_reason="please")
    assert isinstance(error, SlotTaken)


def test_a_limit_per_week_counts_the_series_itself(desk: SeriesDesk) -> None:
    always_open(desk, limits=Limits(per_week=1))
    assert isinstance(refused(desk, starts=(TUESDAY, TUESDAY + DAY)), SlotUnavailable)
    assert len(desk.book().bookings) == 4


def test_one_form_books_one_series_however_often_it_is_sent(desk: SeriesDesk) -> None:
    first = desk.book(choice=DepositChoice.LINK)
    again = desk.book(choice=DepositChoice.LINK)
    assert (again.series_id, again.payment_id) == (first.series_id, first.payment_id)
    assert [one.id for one in again.bookings] == [one.id for one in first.bookings]
    assert again.changes == Changes()
    assert stored(desk) == [one.id for one in first.bookings]


@pytest.mark.parametrize(
    "starts",
    [(), (TUESDAY, TUESDAY), (TUESDAY.replace(tzinfo=None),), tuple(TUESDAY + n * DAY for n in range(105))],
)
def test_starts_that_cannot_be_are_refused(desk: SeriesDesk, starts: tuple[datetime, ...]) -> None:
    error = refused(desk, starts=starts)
    assert isinstance(error, ValidationError)
    assert error.field == "starts"


def test_two_showings_of_one_hour_are_two_starts(desk: SeriesDesk) -> None:
    always_open(desk)
    desk.front.money.pass_time(days=300)
    first = datetime(2027, 10, 31, 2, 0, tzinfo=PARIS)
    with desk.front.money.database.write() as uow:
        service = uow.catalogue.service(desk.front.money.book.service.id)
        uow.catalogue.save_service(replace(service, sitting=service.sitting._replace(prep_s=0, clean_up_s=0)))
        uow.commit()
    booked = desk.book(starts=(first, first.replace(fold=1)))
    assert [one.starts_at.astimezone(UTC).hour for one in booked.bookings] == [0, 1]


def test_overdue_holds_on_several_dates_make_way(desk: SeriesDesk) -> None:
    held = [desk.front.money.held_link(start)[0] for start in FOUR[1:3]]
    desk.front.money.pass_time(minutes=31)
    booked = desk.book()
    assert [desk.front.money.status(one) for one in held] == [BookingStatus.LAPSED] * 2
    assert booked.changes.bookings == {*held, *(one.id for one in booked.bookings)}


# Planning


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


# Projects


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
