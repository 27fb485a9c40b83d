"""What cannot be is refused in the same words by whoever is asked, before anything is read or stored. Both engines."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.book import HOUR, TUESDAY
from support.front import Front
from support.series_desk import SeriesDesk

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.application.booking_commands import CancelCommand, DepositChoice, MarkCommand, MoveCommand
from inkdesk.application.finder_service import FindCommand, FinderService
from inkdesk.application.group_commands import CancelGroup, ChangeGroup, CreateGroup, SeatCommand
from inkdesk.application.group_service import GroupService
from inkdesk.application.series_commands import PlanSeries, ProposeSittings
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.series import Repeat, RepeatUnit, Scope
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

TWICE = "An artist is named twice. Choose each artist once."
BEYOND = 2**63
"""The first number that neither database can hold."""
TOO_LARGE = "A number is too large to be kept. Enter a smaller one."
Ask = Callable[[], object]


def refusal(ask: Ask) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        ask()
    return refused.value


@pytest.fixture
def availability(front: Front) -> AvailabilityService:
    return AvailabilityService(front.money.database.read, front.money.clock)


@pytest.fixture
def finder(front: Front) -> FinderService:
    return FinderService(front.money.database.read, front.money.clock)


@pytest.fixture
def groups(front: Front) -> GroupService:
    money = front.money
    return GroupService(money.database.write, money.database.read, money.clock, money.payments, LibraryPhoneNumbers())


@pytest.mark.parametrize("is_first", [True, False])
def test_an_artist_who_is_named_twice_is_refused_by_all_alike(
    desk: SeriesDesk, availability: AvailabilityService, finder: FinderService, is_first: bool
) -> None:
    """Nobody works beside themselves: what is not booked is not offered either."""
    book, day = desk.front.money.book, TUESDAY.date()
    ana, service = book.ana.id, book.service.id
    both = (ana,) if is_first else (book.bo.id, book.bo.id)
    asked: list[Ask] = [
        lambda: desk.front.book(with_artist_ids=both),
        lambda: desk.book(with_artist_ids=both),
        lambda: availability.slots(ana, service, day, day, with_artist_ids=both),
        lambda: availability.judge(ana, service, TUESDAY, with_artist_ids=both),
        lambda: availability.alternatives(ana, service, TUESDAY, with_artist_ids=both),
        lambda: finder.find(FindCommand(service_id=service, artist_id=ana, with_artist_ids=both)),
        lambda: desk.series.plan(
            PlanSeries(
                artist_id=ana,
                with_artist_ids=both,
                service_id=service,
                first=TUESDAY,
                repeat=Repeat(every=1, unit=RepeatUnit.WEEKS, count=2),
            )
        ),
        lambda: desk.series.propose(
            ProposeSittings(artist_id=ana, with_artist_ids=both, service_id=service, count=2, gap_days=7, from_date=day)
        ),
    ]
    refusals = [refusal(ask) for ask in asked]
    assert [(one.message.plain(), one.field) for one in refusals] == [(TWICE, "with_artist_ids")] * len(asked)
    assert desk.front.stored() == []


def test_whoever_works_along_twice_is_refused_beside_anyone_too(
    front: Front, availability: AvailabilityService, finder: FinderService
) -> None:
    service, day, bo = front.money.book.service.id, TUESDAY.date(), front.money.book.bo.id
    asked: list[Ask] = [
        lambda: availability.slots(None, service, day, day, with_artist_ids=(bo, bo)),
        lambda: availability.judge_any(service, TUESDAY, with_artist_ids=(bo, bo)),
        lambda: finder.find(FindCommand(service_id=service, with_artist_ids=(bo, bo))),
    ]
    assert {refusal(ask).message.plain() for ask in asked} == {TWICE}


@pytest.mark.parametrize("number", [BEYOND, 10**40, -(10**40)])
def test_a_number_that_no_database_holds_is_refused_in_words(
    desk: SeriesDesk, availability: AvailabilityService, finder: FinderService, groups: GroupService, number: int
) -> None:
    book, day, keep = desk.front.money.book, TUESDAY.date(), DepositFate.KEEP
    ana, service = book.ana.id, book.service.id
    booking = desk.front.book(starts_at=TUESDAY + 4 * HOUR).booking
    queries = desk.front.money.database.queries
    asked: list[Ask] = [
        lambda: queries.booking(number),
        lambda: desk.front.book(artist_id=number),
        lambda: desk.front.book(service_id=number),
        lambda: desk.front.book(client=number),
        lambda: desk.front.bookings.cancel(CancelCommand(booking_id=number, version=1, fate=keep)),
        lambda: desk.front.bookings.mark(MarkCommand(booking_id=number, version=1, status=BookingStatus.NO_SHOW)),
        lambda: desk.front.bookings.check_in(number, 1),
        lambda: desk.moves.move(MoveCommand(booking_id=number, version=1, starts_at=TUESDAY)),
        lambda: desk.move_series(replace(booking, id=number), TUESDAY, Scope.ALL),
        lambda: desk.cancel_series(replace(booking, id=number), Scope.ALL),
        lambda: availability.slots(number, service, day, day),
        lambda: availability.slots(None, number, day, day),
        lambda: availability.judge(ana, service, TUESDAY, with_artist_ids=(number,)),
        lambda: finder.find(FindCommand(service_id=service, artist_id=number)),
        lambda: groups.group(number),
        lambda: groups.openings(number, 3600),
        lambda: groups.cancel(CancelGroup(group_id=number, version=1)),
        lambda: groups.seat(
            SeatCommand(request_key="s", group_id=number, client=book.client.id, choice=DepositChoice.NONE)
        ),
        lambda: groups.change(
            ChangeGroup(group_id=number, version=1, title="Day", starts_at=TUESDAY, ends_at=TUESDAY + HOUR, seats=2)
        ),
        lambda: groups.create(
            CreateGroup(
                request_key="g",
                artist_id=number,
                service_id=service,
                title="Day",
                starts_at=TUESDAY,
                ends_at=TUESDAY + HOUR,
                seats=2,
            )
        ),
        lambda: desk.front.money.payments.open_link(number),
        lambda: desk.front.money.payments.resend_link(number),
    ]
    said = [refusal(ask).message.plain() for ask in asked]
    assert said == [TOO_LARGE] * len(asked)
