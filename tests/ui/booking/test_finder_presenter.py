"""What the finder asks for, and what it says of an offer, decided without a window."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from support.desk import Desk
from support.held import HeldBackground

from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.message import message
from inkdesk.ui.booking.presenter.finder import Criteria, FinderPresenter, OfferWords, PartOfDay
from inkdesk.ui.booking.presenter.verdicts import Wish

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
"""11:00 in Paris."""


@dataclass
class SeenOffers:
    """What a panel was told."""

    offers: list[OfferWords] = field(default_factory=list)
    sentence: str = ""
    has_more: bool = False
    can_start_over: bool = False
    is_looking: bool = False

    def show_looking(self) -> None:
        self.is_looking = True

    def show_offers(self, offers: Sequence[OfferWords], sentence: str, *, has_more: bool, can_start_over: bool) -> None:
        self.offers, self.sentence, self.is_looking = list(offers), sentence, False
        self.has_more, self.can_start_over = has_more, can_start_over


def finder_of(desk: Desk) -> tuple[FinderPresenter, SeenOffers, HeldBackground]:
    seen, held = SeenOffers(), HeldBackground()
    return FinderPresenter(seen, desk.services.finder, held), seen, held


def ana(desk: Desk) -> Wish:
    return Wish(desk.book.ana.id, desk.book.service.id)


def only_ana(desk: Desk) -> Criteria:
    return Criteria(artist_id=desk.book.ana.id)


def test_each_offer_says_why_it_is_made(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), Criteria(), FRIDAY.replace(minute=5))
    assert seen.is_looking
    held.answer()
    assert [(one.when, one.who, one.why) for one in seen.offers] == [
        ("2026-11-23 10:00 to 11:00", "Ana", "The earliest"),
        ("2026-11-27 11:00 to 12:00", "Ana", "Nearest in time"),
        ("2026-11-27 11:15 to 12:15", "Bo", "Another artist"),
    ]
    assert (seen.sentence, seen.has_more, seen.is_looking) == ("", True, False)


def test_the_very_time_that_was_asked_for_is_called_so(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), only_ana(desk), FRIDAY)
    held.answer()
    assert [one.why for one in seen.offers] == ["The earliest", "The time asked for", "Another day"]


def test_declining_goes_on_without_repeats_until_a_sentence_says_that_it_was_all(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), horizon_days=1, slot_step_s=3600))
        uow.commit()
    finder.find(ana(desk), only_ana(desk), None)
    held.answer()
    assert seen.offers[0].why == "The earliest"
    heard: list[str] = []
    while seen.has_more:
        assert not seen.can_start_over
        heard += [one.when for one in seen.offers]
        finder.more()
        held.answer()
        assert seen.offers[0].why == "Next earliest"
    heard += [one.when for one in seen.offers]
    every = desk.services.availability.slots(
        desk.book.ana.id, desk.book.service.id, date(2026, 11, 23), date(2026, 11, 24)
    )
    assert sorted(one[:16] for one in heard) == [f"{slot.starts_at:%Y-%m-%d %H:%M}" for slot in every]
    assert seen.sentence == "Nothing else fits until 2026-11-24."
    finder.more()
    assert held.jobs == []
    assert seen.can_start_over
    finder.start_over()
    assert finder.offer(0) is None
    finder.start_over()
    held.answer()
    assert held.jobs == []
    assert [one.when for one in seen.offers] == heard[:3]
    assert seen.offers[0].why == "The earliest"
    assert (seen.has_more, seen.can_start_over) == (True, False)


def test_a_question_that_failed_after_declining_can_start_over(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), only_ana(desk), None)
    held.answer()
    finder.more()
    _work, _done, failed = held.jobs.pop()
    failed(InkDeskError(ErrorCode.DATABASE_UNREACHABLE, message("The database is away.")))
    assert (seen.sentence, seen.has_more, seen.can_start_over) == ("The database is away.", False, True)
    finder.start_over()
    held.answer()
    assert len(seen.offers) == 3


def test_the_answer_to_an_older_question_is_dropped_and_cannot_be_chosen(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), only_ana(desk), None)
    finder.find(ana(desk), Criteria(artist_id=desk.book.bo.id), None)
    held.answer(1)
    assert {one.who for one in seen.offers} == {"Bo"}
    held.answer(0)
    assert {one.who for one in seen.offers} == {"Bo"}
    chosen = finder.offer(0)
    assert chosen is not None
    assert chosen.slot.artist_name == "Bo"
    finder.more()
    assert finder.offer(0) is None, "three others are on their way"
    assert finder.offer(7) is None


def test_an_answer_after_the_panel_was_closed_is_for_nobody(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), only_ana(desk), None)
    finder.stop()
    held.answer()
    assert seen.offers == []
    assert finder.offer(0) is None


def test_a_question_that_failed_says_why(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), Criteria(style="dotwork"), None)
    held.answer()
    assert not seen.can_start_over
    assert seen.sentence == "Nobody does Small piece as dotwork. Choose another style."
    assert (seen.offers, seen.has_more) == ([], False)
    finder.find(ana(desk), only_ana(desk), None)
    _work, _done, failed = held.jobs.pop()
    failed(InkDeskError(ErrorCode.DATABASE_UNREACHABLE, message("The database is away.")))
    assert seen.sentence == "The database is away."


def test_nothing_at_all_says_what_to_do(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(ana(desk), Criteria(artist_id=desk.book.ana.id, weekdays=frozenset({6})), None)
    held.answer()
    assert seen.sentence.startswith("Nothing fits until 2027-11-23.")


def test_what_lies_beyond_the_rules_needs_a_reason(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), horizon_days=1, minimum_notice_s=86400))
        uow.commit()
    finder.find(ana(desk), Criteria(artist_id=desk.book.ana.id, is_beyond=True), None)
    held.answer()
    assert [one.why for one in seen.offers] == ["The earliest", "Another day", "Another day"]
    assert [one.rules for one in seen.offers] == [
        "sooner than the notice: needs a reason",
        "sooner than the notice: needs a reason",
        "further than the studio books: needs a reason",
    ]


def test_artists_who_work_along_are_asked_for_and_named(desk: Desk) -> None:
    finder, seen, held = finder_of(desk)
    finder.find(Wish(None, desk.book.service.id, (desk.book.bo.id,)), Criteria(), None)
    held.answer()
    assert {one.who for one in seen.offers} == {"Ana with Bo"}


@pytest.mark.parametrize(
    ("criteria", "window"),
    [
        (Criteria(), None),
        (Criteria(part=PartOfDay.MORNING), WallSpan(300, 720)),
        (Criteria(part=PartOfDay.EVENING), WallSpan(1020, 1740)),
        (Criteria(part=PartOfDay.BETWEEN, between=(840, 1080)), WallSpan(840, 1080)),
        (Criteria(part=PartOfDay.BETWEEN, between=(1320, 120)), WallSpan(1320, 1560)),
        (Criteria(part=PartOfDay.BETWEEN, between=(600, 600)), WallSpan(600, 2040)),
        (Criteria(part=PartOfDay.ANY, between=(840, 1080)), None),
    ],
)
def test_a_part_of_the_day_is_a_window(criteria: Criteria, window: WallSpan | None) -> None:
    assert criteria.window() == window
