"""Answers that come late or out of order, decided without a window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.book import a_service
from support.desk import Desk
from support.held import HeldBackground
from typing_extensions import override

from inkdesk.application import text
from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.message import message
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.booking.presenter.clients import ClientPresenter, Found
from inkdesk.ui.booking.presenter.detail import BookingAction, allowed
from inkdesk.ui.booking.presenter.free_times import TimesToBook
from inkdesk.ui.booking.presenter.money import MoneyAction, money_actions
from inkdesk.ui.booking.presenter.times import TimesPresenter
from inkdesk.ui.booking.presenter.verdicts import TimeVerdict, Wish
from inkdesk.ui.booking.presenter.words import history_words, standing_words, time_left_words, why_words

PARIS = ZoneInfo("Europe/Paris")
TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"


@dataclass
class SeenTimes:
    """What a times view was told."""

    slots: Sequence[FreeSlot] = ()
    nothing: str = ""
    start: tuple[date, int] = (date.min, 0)
    occurrences: int = 0
    verdicts: list[TimeVerdict | None] = field(default_factory=list)

    def show_day(self, slots: Sequence[FreeSlot], nothing: str) -> None:
        self.slots, self.nothing = slots, nothing

    def show_start(self, day: date, minute: int) -> None:
        self.start = (day, minute)

    def show_occurrences(self, starts: Sequence[datetime], chosen: int) -> None:
        self.occurrences = len(starts)

    def show_verdict(self, verdict: TimeVerdict | None) -> None:
        self.verdicts.append(verdict)


@dataclass
class SeenClients:
    """What a client view was told."""

    matches: list[str] = field(default_factory=list)
    errors: list[InkDeskError] = field(default_factory=list)

    def show_matches(self, matches: Sequence[Found]) -> None:
        self.matches = [found.match.client.name for found in matches]

    def show_trouble(self, error: InkDeskError) -> None:
        self.errors.append(error)


class Spoken(NullTranslations):
    """Translates every sentence it is asked for into brackets."""

    @override
    def gettext(self, message: str) -> str:
        return f"[{message}]"


def times_of(desk: Desk, starts_at: datetime | None) -> tuple[TimesPresenter, SeenTimes, HeldBackground]:
    seen, held = SeenTimes(), HeldBackground()
    times = TimesPresenter(seen, TimesToBook(desk.services.availability), held)
    book = desk.book
    times.begin(PARIS, [book.ana, book.bo], [book.service], date(2026, 11, 23), starts_at)
    times.set_wish(Wish(book.ana.id, book.service.id))
    return times, seen, held


def test_the_answer_to_an_older_search_is_dropped(desk: Desk) -> None:
    seen, held = SeenClients(), HeldBackground()
    picked: list[Found] = []
    new: list[int] = []
    clients = ClientPresenter(
        seen, desk.services.queries, desk.services.phones, held, picked.append, lambda: new.append(1)
    )
    clients.search("zo")
    clients.search("nobody")
    held.answer(1)
    held.answer(0)
    assert seen.matches == []
    clients.enter(0)
    assert (picked, new) == ([], [1])


def test_enter_before_the_answer_waits_for_it(desk: Desk) -> None:
    seen, held = SeenClients(), HeldBackground()
    picked: list[Found] = []
    clients = ClientPresenter(seen, desk.services.queries, desk.services.phones, held, picked.append, lambda: None)
    clients.use_region("FR")
    clients.search("zo")
    clients.enter(0)
    assert picked == []
    held.answer()
    assert [found.phone for found in picked] == ["06 12 34 56 78"]


def test_the_verdict_on_an_older_time_is_dropped(desk: Desk) -> None:
    times, seen, held = times_of(desk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    held.answer_all()
    times.set_clock(3 * 60)
    times.set_clock(11 * 60)
    held.answer(1)
    held.answer(0)
    verdict = seen.verdicts[-1]
    assert verdict is not None
    assert verdict.is_free


def test_a_refusal_is_told_before_its_alternatives_are_known(desk: Desk) -> None:
    _times, seen, held = times_of(desk, datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    held.answer(1)
    before = seen.verdicts[-1]
    assert before is not None
    assert before.alternatives == ()
    held.answer_all()
    after = seen.verdicts[-1]
    assert after is not None
    assert after.sentences == before.sentences
    assert [f"{slot.starts_at:%d %H:%M}" for slot in after.alternatives] == ["24 09:00", "24 09:15", "24 09:30"]


def test_a_day_without_slots_names_the_next_one(desk: Desk) -> None:
    times, seen, held = times_of(desk, datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    held.answer_all()
    times.set_day(date(2026, 11, 28))
    held.answer_all()
    assert list(seen.slots) == []
    assert seen.nothing.startswith("No free slot on 2026-11-28: the next one is 2026-11-30")


def test_no_free_day_at_all_says_so(desk: Desk) -> None:
    with desk.database.write() as uow:
        idle = uow.artists.add(Artist(name="Idle"))
        uow.commit()
    times, seen, held = times_of(desk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    times.set_wish(Wish(idle.id, desk.book.service.id))
    held.answer_all()
    times.step(1)
    held.answer_all()
    assert seen.nothing == "No free day in the next four weeks."


def test_both_instants_of_a_doubled_hour_are_offered(desk: Desk) -> None:
    night = ((WallSpan(0, 1440),),) * 7
    desk.clock.at = datetime(2027, 10, 30, 9, 0, tzinfo=UTC)
    with desk.database.write() as uow:
        owl = uow.artists.add(Artist(name="Owl", plans=every_week(night)))
        service = uow.catalogue.add_service(a_service("Night piece"))
        uow.commit()
    seen, held = SeenTimes(), HeldBackground()
    times = TimesPresenter(seen, TimesToBook(desk.services.availability), held)
    times.begin(PARIS, [owl], [service], date(2027, 10, 31), datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    times.set_wish(Wish(owl.id, service.id))
    held.answer_all()
    shown = [slot for slot in seen.slots if (slot.starts_at.hour, slot.starts_at.minute) == (2, 30)]
    assert [slot.starts_at.utcoffset() for slot in shown] == [timedelta(hours=2), timedelta(hours=1)]
    times.choose(shown[1])
    assert times.starts_at().timestamp() == datetime(2027, 10, 31, 1, 30, tzinfo=UTC).timestamp()
    assert seen.occurrences == 2


def test_only_the_programs_own_reasons_have_other_words() -> None:
    catalogue = Spoken()
    text.install(catalogue, text.PlainFormats(), "en")
    try:
        assert [why_words(why) for why in ("new link", "ill", "")] == ["[new link]", "ill", ""]
    finally:
        text.install(NullTranslations(), text.PlainFormats(), "en")


def test_what_may_be_done_follows_status_and_money(desk: Desk) -> None:
    command = BookCommand(
        request_key="one",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
    )
    booking = desk.services.bookings.book(command).booking
    days_before = allowed(desk.services.queries.booking(booking.id), desk.clock.now())
    assert not {BookingAction.ARRIVED, BookingAction.DONE, BookingAction.NO_SHOW} & set(days_before)
    desk.clock.at = booking.starts_at
    unpaid = allowed(desk.services.queries.booking(booking.id), desk.clock.now())
    assert unpaid[0] is BookingAction.ARRIVED
    look = desk.services.deposits.look(booking.id)
    detail = desk.services.queries.booking(booking.id)
    assert money_actions(detail, look, desk.clock.now()) == [MoneyAction.TAKE, MoneyAction.TIP]
    desk.services.bookings.check_in(booking.id, booking.version)
    arrived = allowed(desk.services.queries.booking(booking.id), desk.clock.now())
    assert BookingAction.ARRIVED not in arrived
    assert BookingAction.NO_SHOW not in arrived


def test_matches_of_an_older_text_are_not_picked_after_a_failure(desk: Desk) -> None:
    seen, held = SeenClients(), HeldBackground()
    picked: list[Found] = []
    clients = ClientPresenter(seen, desk.services.queries, desk.services.phones, held, picked.append, lambda: None)
    clients.search("zo")
    held.answer()
    assert seen.matches == ["Zoé Müller"]
    clients.search("nobody")
    _work, _done, failed = held.jobs.pop()
    failed(InkDeskError(ErrorCode.DATABASE_UNREACHABLE, message("The database is away.")))
    assert len(seen.errors) == 1
    clients.enter(0)
    assert picked == []


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("BOOKED REQUESTED", "Requested"),
        ("BOOKED PENDING_PAYMENT", "Booked, waits for the deposit"),
        ("BOOKED CONFIRMED", "Booked and confirmed"),
        ("CHECKED_IN", "Arrived"),
        ("PENDING_PAYMENT", "Held again for a new link"),
        ("CONFIRMED", "Confirmed"),
        ("COMPLETED", "Done"),
        ("NO_SHOW", "No-show"),
        ("CANCELLED", "Cancelled"),
        ("LAPSED", "Lapsed: the deposit was not paid in time"),
        ("MOVED long ago", "MOVED long ago"),
        ("FREED", "Given free by hand"),
        ("RELEASED", "Let go by hand; Stripe could not be asked"),
        ("EXTENDED soon", "EXTENDED soon"),
        ("SOLD", "SOLD"),
    ],
)
def test_every_line_that_the_services_write_has_words(stored: str, shown: str) -> None:
    assert history_words(stored) == shown


@pytest.mark.parametrize(
    ("history", "shown"),
    [
        (["FREED"], "Given free by hand, not paid"),
        (["RELEASED", "TASK_DONE"], "Given free by hand, not paid"),
        (["FREED", "PENDING_PAYMENT", "LAPSED"], "Lapsed: the deposit was not paid in time"),
        (["LAPSED the deposit was not paid in time"], "Lapsed: the deposit was not paid in time"),
        (["LAPSED somebody else paid first"], "Time lost: somebody else paid first"),
        (["LAPSED", "LAPSED the time was taken first"], "Time lost: it was taken before the payment came"),
        ([], "Lapsed: the deposit was not paid in time"),
    ],
)
def test_a_hold_is_said_to_have_lapsed_only_if_nobody_paid_in_time(history: list[str], shown: str) -> None:
    told = [(what, why) for what, _, why in (one.partition(" ") for one in history)]
    assert standing_words(BookingStatus.LAPSED, told) == shown
    assert standing_words(BookingStatus.CONFIRMED, told) == "Confirmed"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (1, "1 minute left to pay."),
        (59, "59 minutes left to pay."),
        (60, "1 h 00 min left to pay."),
        (1029, "17 h 09 min left to pay."),
    ],
)
def test_a_long_wait_is_told_in_hours(minutes: int, shown: str) -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert time_left_words(now + timedelta(minutes=minutes), now) == shown


@pytest.mark.parametrize(
    ("language", "alone", "handed_on"),
    [
        (
            "en",
            "Moved from Tue 24 Nov, 10:00 to Wed 25 Nov, 14:00",
            "Moved from Tue 24 Nov, 10:00 with Ana to Wed 25 Nov, 14:00 with Bo B.",
        ),
        (
            "fr",
            "Déplacé de mar. 24 nov., 10:00 à mer. 25 nov., 14:00",
            "Déplacé de mar. 24 nov., 10:00 avec Ana à mer. 25 nov., 14:00 avec Bo B.",
        ),
    ],
)
def test_a_move_is_told_in_the_studios_zone(language: str, alone: str, handed_on: str) -> None:
    install_language(language, {"en": "en_GB", "fr": "fr_FR"}[language], PARIS, TRANSLATIONS, 2026)
    try:
        stored = "MOVED 2026-11-24T09:00+00:00 2026-11-25T13:00+00:00"
        assert history_words(stored) == alone
        assert history_words(f"{stored} Ana > Bo B.") == handed_on
    finally:
        text.install(NullTranslations(), text.PlainFormats(), "en")
