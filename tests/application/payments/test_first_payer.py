"""Who pays first has the slot: an unpaid hold never beats money, and chairs that are alike make nobody a rival."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY, a_booking, occupied, put
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.contest import Contest
from inkdesk.application.inbox_service import InboxService
from inkdesk.application.ports import Claim
from inkdesk.application.settlement import Settlement
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.domain.tasks import TaskAction

LATER = TUESDAY + timedelta(days=1)
CONFIRMED, LAPSED, PENDING = BookingStatus.CONFIRMED, BookingStatus.LAPSED, BookingStatus.PENDING_PAYMENT


def paid_after_lapse(desk: PaymentDesk) -> int:
    """A booking that lapsed in our book, and was paid by its link all the same."""
    booking_id, session_id = desk.held_link(blocks=False)
    desk.server.pay(session_id)
    desk.pass_time(seconds=30)
    return booking_id


def once_before(patch: pytest.MonkeyPatch, owner: type, name: str, happens: Callable[[], object]) -> None:
    """Something happens right before the first call of a method."""
    original = getattr(owner, name)
    waiting = [happens]

    def called(*args: object, **kwargs: object) -> object:
        if waiting:
            waiting.pop()()
        return original(*args, **kwargs)

    patch.setattr(owner, name, called)


def once_after(patch: pytest.MonkeyPatch, owner: type, name: str, happens: Callable[[], object]) -> None:
    """Something happens right after the first call of a method."""
    original = getattr(owner, name)
    waiting = [happens]

    def called(*args: object, **kwargs: object) -> object:
        answer = original(*args, **kwargs)
        if waiting:
            waiting.pop()()
        return answer

    patch.setattr(owner, name, called)


# An unpaid hold that was booked while the rivals were asked about


def test_a_hold_booked_in_the_last_moment_makes_way_for_who_paid(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = paid_after_lapse(desk)
    late: list[tuple[int, str]] = []
    once_before(monkeypatch, Settlement, "settle", lambda: late.append(desk.held_link()))

    desk.look()

    (other, session_id) = late[0]
    assert (desk.status(first), desk.payment(first).status) == (CONFIRMED, PaymentStatus.PAID)
    assert (desk.status(other), desk.payment(other).status) == (LAPSED, PaymentStatus.EXPIRED)
    assert desk.gateway.session(session_id).status.value == "expired"
    assert desk.task_kinds() == ["slot_lost"]


def test_a_hold_whose_money_a_bank_is_moving_keeps_the_slot(desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = paid_after_lapse(desk)
    late: list[int] = []

    def book() -> None:
        booking_id, session_id = desk.held_link()
        desk.server.pay_later(session_id)
        late.append(booking_id)

    once_before(monkeypatch, Settlement, "settle", book)

    desk.look()

    assert (desk.status(first), desk.payment(first).status) == (LAPSED, PaymentStatus.REFUNDED)
    assert (desk.status(late[0]), desk.payment(late[0]).status) == (PENDING, PaymentStatus.PROCESSING)
    assert desk.task_kinds() == ["second_payer"]


def test_of_two_last_moments_the_earlier_charge_has_the_slot(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hold that came in between was paid, too, but later: its money goes back."""
    first = paid_after_lapse(desk)
    late: list[int] = []

    def book() -> None:
        booking_id, session_id = desk.held_link()
        desk.server.pay(session_id)
        late.append(booking_id)

    once_before(monkeypatch, Settlement, "settle", book)

    desk.look()

    assert (desk.status(first), desk.status(late[0])) == (CONFIRMED, LAPSED)
    assert desk.payment(late[0]).status is PaymentStatus.REFUNDED
    assert desk.task_kinds() == ["second_payer"]


def test_cash_is_not_beaten_by_a_hold_of_the_last_moment(desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    booking_id, _ = desk.held_link(blocks=False)
    late: list[tuple[int, str]] = []
    once_after(monkeypatch, Contest, "clear", lambda: late.append(desk.held_link()))

    desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, desk.booking(booking_id).deposit, "cash")

    assert desk.status(booking_id) is CONFIRMED
    assert {desk.status(other) for other, _ in late} == {LAPSED}


def test_credit_is_not_beaten_by_a_hold_of_the_last_moment(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = Till.open(lone_desk)
    first = till.book(choice=DepositChoice.CASH).booking
    till.deposits.credit(first.id, first.deposit, "", "credit")
    booking_id, _ = lone_desk.held_link(LATER, blocks=False)
    late: list[tuple[int, str]] = []
    once_after(monkeypatch, Contest, "clear", lambda: late.append(lone_desk.held_link(LATER)))

    till.deposits.use_credit(booking_id, first.deposit, "use")

    assert lone_desk.status(booking_id) is CONFIRMED
    assert {lone_desk.status(other) for other, _ in late} == {LAPSED}


def test_a_person_s_yes_is_not_beaten_by_a_hold_of_the_last_moment(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another amount than asked came, and the desk confirms all the same."""
    booking_id, session_id = lone_desk.held_link(blocks=False)
    asked = lone_desk.payment(booking_id)
    with lone_desk.database.write() as uow:
        uow.payments.save(replace(asked, amount=asked.amount + asked.amount))
        uow.commit()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    write, read = lone_desk.database.write, lone_desk.database.read
    inbox = InboxService(lone_desk.payments, write, read, lone_desk.clock)
    late: list[tuple[int, str]] = []
    once_after(monkeypatch, Contest, "clear", lambda: late.append(lone_desk.held_link()))

    inbox.do(inbox.open()[0].task_id, TaskAction.CONFIRM, "yes")

    assert lone_desk.status(booking_id) is CONFIRMED
    assert {lone_desk.status(other) for other, _ in late} == {LAPSED}


def test_a_hold_that_stripe_cannot_be_asked_about_is_not_pushed_aside_for_cash(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link(blocks=False)
    other, _ = lone_desk.held_link()
    lone_desk.server.stop()
    deposit = lone_desk.booking(booking_id).deposit

    with pytest.raises(SlotTaken, match="taken by"):
        lone_desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, deposit, "cash")

    assert (lone_desk.status(booking_id), lone_desk.status(other)) == (PENDING, PENDING)


# Chairs that are alike


def seated(desk: PaymentDesk, artist: Artist, unit: int, *, blocks: bool = False) -> tuple[int, str]:
    """An unpaid hold on a chair, with an open link: the booking's id and the session's."""
    booking, payment = desk.hold(artist=artist, blocks=blocks)
    with desk.database.write() as uow:
        claims = [Claim(one, occupied(booking)) for one in (artist.resource_id, unit)]
        uow.bookings.claim(booking.id, claims, blocks=blocks)
        uow.commit()
    return booking.id, desk.payments.open_link(payment.id).payment.session_id


def artists(desk: PaymentDesk, count: int) -> list[Artist]:
    with desk.database.write() as uow:
        names = [f"Guest {number}" for number in range(count)]
        found = [uow.artists.add(Artist(name=name, plans=desk.book.bo.plans)) for name in names]
        uow.commit()
    return found


def chairs(desk: PaymentDesk, booking_ids: Sequence[int]) -> list[int]:
    """The chair that each booking keeps."""
    units = desk.book.station.unit_ids
    with desk.database.read() as uow:
        claims = [uow.bookings.claims_of(one) for one in booking_ids]
    return [claim.resource_id for several in claims for claim in several if claim.resource_id in units]


def test_holds_on_one_chair_are_no_rivals_while_another_is_free(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    first_chair, second_chair = desk.book.station.unit_ids
    one, other = (seated(desk, artist, first_chair) for artist in artists(desk, 2))
    desk.server.pay(one[1])

    desk.look()

    assert desk.status(one[0]) is CONFIRMED
    assert desk.gateway.session(other[1]).status.value == "open"
    desk.pass_time(seconds=30)
    desk.server.pay(other[1])
    desk.look()
    assert desk.status(other[0]) is CONFIRMED
    assert chairs(desk, [one[0], other[0]]) == [first_chair, second_chair]
    assert desk.task_kinds() == []


def test_who_finds_the_last_chair_taken_by_money_is_told_before_paying(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    first_chair, _ = desk.book.station.unit_ids
    held = [seated(desk, artist, first_chair) for artist in artists(desk, 3)]
    for booking_id, session_id in held[:2]:
        desk.server.pay(session_id)
        desk.look()
        assert desk.status(booking_id) is CONFIRMED
        desk.pass_time(seconds=30)

    assert desk.status(held[2][0]) is LAPSED
    assert desk.gateway.session(held[2][1]).status.value == "expired"
    assert desk.task_kinds() == ["slot_lost"]


def test_of_three_payers_the_two_earliest_have_the_chairs(desk: PaymentDesk) -> None:
    """The news of the last one comes first."""
    desk.first_to_pay_wins()
    first_chair, _ = desk.book.station.unit_ids
    held = [seated(desk, artist, first_chair) for artist in artists(desk, 3)]
    for _, session_id in held:
        desk.server.pay(session_id)
        desk.pass_time(seconds=30)

    desk.payments.contest().handle(desk.payment(held[2][0]).id)
    desk.look()

    assert [desk.status(booking_id) for booking_id, _ in held] == [CONFIRMED, CONFIRMED, LAPSED]
    assert desk.payment(held[2][0]).status is PaymentStatus.REFUNDED
    assert sorted(chairs(desk, [one for one, _ in held[:2]])) == sorted(desk.book.station.unit_ids)


def test_a_lapsed_payer_gets_another_chair_if_the_first_was_sold(desk: PaymentDesk) -> None:
    first_chair, second_chair = desk.book.station.unit_ids
    guest, other = artists(desk, 2)
    booking_id, session_id = seated(desk, guest, first_chair)
    with desk.database.write() as uow:
        sold = put(uow, a_booking(desk.book, artist=other), other)
        uow.bookings.claim(
            sold.id, [Claim(one, occupied(sold)) for one in (other.resource_id, first_chair)], blocks=True
        )
        uow.commit()
    desk.server.pay(session_id)

    desk.look()

    assert desk.status(booking_id) is CONFIRMED
    assert chairs(desk, [sold.id, booking_id]) == [first_chair, second_chair]
    assert desk.booking(booking_id).station_id in {None, second_chair}


def test_only_as_many_holds_make_way_as_must(desk: PaymentDesk) -> None:
    """Both chairs are kept by holds: the younger one makes way for who paid, the older one keeps its chair."""
    first_chair, second_chair = desk.book.station.unit_ids
    guest, *others = artists(desk, 3)
    paid, session_id = seated(desk, guest, first_chair)
    older, younger = (
        seated(desk, artist, unit, blocks=True)
        for artist, unit in zip(others, (first_chair, second_chair), strict=True)
    )
    desk.server.pay(session_id)

    desk.look()

    assert [desk.status(one) for one in (paid, older[0], younger[0])] == [CONFIRMED, PENDING, LAPSED]
    assert desk.gateway.session(older[1]).status.value == "open"
    assert chairs(desk, [paid, older[0]]) == [second_chair, first_chair]


def test_a_chair_that_is_kept_at_another_time_is_no_matter(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    first_chair, _ = desk.book.station.unit_ids
    booking_id, session_id = seated(desk, artists(desk, 1)[0], first_chair)
    later, later_session = desk.held_link(TUESDAY + timedelta(hours=4), blocks=False)
    desk.server.pay(session_id)

    desk.look()

    assert (desk.status(booking_id), desk.status(later)) == (CONFIRMED, PENDING)
    assert desk.gateway.session(later_session).status.value == "open"
