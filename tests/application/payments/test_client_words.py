"""What a client is told, in whole texts, of what the program itself did."""

from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application import text
from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.client_words import Letter, News, write_letter
from inkdesk.application.inbox_service import InboxService
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.tasks import TaskAction
from inkdesk.infrastructure.language import install_language

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"


@pytest.fixture
def french() -> Iterator[None]:
    install_language("fr", "fr_FR", ZoneInfo("Europe/Paris"), TRANSLATIONS)
    yield
    text.install(NullTranslations(), text.PlainFormats(), "en")


def letter_to(desk: PaymentDesk, booking_id: int) -> Letter | None:
    return write_letter(desk.database.queries, desk.database.read, booking_id)


def text_to(desk: PaymentDesk, booking_id: int) -> str:
    letter = letter_to(desk, booking_id)
    assert letter is not None
    return letter.text


def both_pay(desk: PaymentDesk) -> tuple[int, int]:
    """Two links of one slot: the earlier payer's booking and the later one's."""
    desk.first_to_pay_wins()
    late, late_session = desk.held_link(blocks=False)
    early, early_session = desk.held_link(blocks=False)
    desk.server.pay(early_session)
    desk.pass_time(seconds=5)
    desk.server.pay(late_session)
    desk.look()
    return early, late


def test_both_payers_of_one_slot_are_told(desk: PaymentDesk) -> None:
    early, late = both_pay(desk)
    assert text_to(desk, late) == (
        "Hello Zoé Müller,\n\n"
        "We are sorry: somebody else took 2026-11-24 10:00 (Small piece) before your payment reached us. Your "
        "50.00 EUR goes back the way you paid; your bank may need up to ten days.\n\n"
        "Shall we find another time? Answer this message or call us.\n\n"
        "Nadel & Co"
    )
    assert text_to(desk, early) == (
        "Hello Zoé Müller,\n\n"
        "Your deposit of 50.00 EUR has arrived. Your booking stands: Small piece, 2026-11-24 10:00. See you then!\n\n"
        "Nadel & Co"
    )


def test_who_had_not_paid_is_told_that_the_link_is_closed(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    slow, _ = desk.held_link(blocks=False)
    _, session_id = desk.held_link(blocks=False)
    desk.server.pay(session_id)
    desk.look()
    assert desk.task_kinds() == ["slot_lost"]
    assert text_to(desk, slow) == (
        "Hello Zoé Müller,\n\n"
        "We are sorry: somebody else paid for 2026-11-24 10:00 (Small piece) first, so your payment link is closed. "
        "Nothing was taken from you.\n\n"
        "Shall we find another time? Answer this message or call us.\n\n"
        "Nadel & Co"
    )


def test_who_paid_twice_is_told_what_goes_back(desk: PaymentDesk) -> None:
    booking_id, first = desk.held_link()
    with desk.database.write() as uow:
        again = desk.payments.ask_for_deposit(uow, uow.bookings.get(booking_id), uow.studio.get(), desk.clock.now())
        uow.commit()
    desk.server.pay(desk.payments.open_link(again.id).payment.session_id)
    desk.server.pay(first)
    desk.look()
    assert desk.task_kinds() == ["paid_twice"]
    assert text_to(desk, booking_id) == (
        "Hello Zoé Müller,\n\n"
        "Your deposit for Small piece, 2026-11-24 10:00, reached us twice. Your booking stands, and 50.00 EUR goes "
        "back the way you paid; your bank may need up to ten days.\n\n"
        "Nadel & Co"
    )


def test_a_refund_is_told_with_what_goes_back_and_a_failed_one_is_not(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    payment = lone_desk.payment(booking_id)
    lone_desk.payments.refund(payment.id, Money(2000, "EUR"), "goodwill", "key")
    assert text_to(lone_desk, booking_id) == (
        "Hello Zoé Müller,\n\n"
        "20.00 EUR of what you paid for Small piece, 2026-11-24 10:00, goes back the way you paid; your bank may need "
        "up to ten days.\n\n"
        "Nadel & Co"
    )
    lone_desk.server.fail_refund(lone_desk.refunds(payment.id)[0].stripe_id)
    lone_desk.look()
    told = letter_to(lone_desk, booking_id)
    assert told is not None
    assert told.news is News.PAID


def test_cash_that_went_back_is_told_without_a_bank(lone_desk: PaymentDesk) -> None:
    till = Till.open(lone_desk)
    booking = till.book(choice=DepositChoice.CASH).booking
    till.cancel(booking, DepositFate.REFUND)
    assert "You get 50.00 EUR of what you paid for Small piece, " in text_to(lone_desk, booking.id)


def test_the_second_payer_is_told_the_whole_amount_though_a_part_went_back_in_the_dashboard(
    lone_desk: PaymentDesk,
) -> None:
    lone_desk.first_to_pay_wins()
    late, late_session = lone_desk.held_link(blocks=False)
    _, early_session = lone_desk.held_link(blocks=False)
    lone_desk.server.pay(early_session)
    lone_desk.pass_time(seconds=5)
    lone_desk.server.refund_in_dashboard(lone_desk.server.pay(late_session), 2000)
    lone_desk.look()
    assert "refund_shortened" in lone_desk.task_kinds()
    assert "Your 50.00 EUR goes back the way you paid" in text_to(lone_desk, late)


def test_there_is_nothing_to_tell_of_a_hold(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    assert letter_to(lone_desk, booking_id) is None


def test_a_client_who_books_again_is_not_told_of_the_loss(lone_desk: PaymentDesk) -> None:
    early, late = both_pay(lone_desk)
    Till.open(lone_desk).cancel(lone_desk.booking(early), DepositFate.KEEP)
    lone_desk.payments.resend_link(late)
    told = letter_to(lone_desk, late)
    assert told is not None
    assert told.news is News.REFUNDED


def test_an_address_makes_a_mail_of_it_whatever_it_holds(lone_desk: PaymentDesk) -> None:
    _, late = both_pay(lone_desk)
    with lone_desk.database.write() as uow:
        client = uow.clients.get(lone_desk.booking(late).client_id)
        uow.clients.save(replace(client, name="A & B?", email="zoe+ink@example.org"))
        uow.commit()
    letter = letter_to(lone_desk, late)
    assert letter is not None
    address = urlsplit(letter.mailto)
    assert (address.scheme, address.path) == ("mailto", "zoe%2Bink@example.org")
    sent = parse_qs(address.query)
    assert sent == {"subject": ["Your booking at Nadel & Co, 2026-11-24 10:00"], "body": [letter.text]}
    assert letter.text.startswith("Hello A & B?,\n\n")


def test_without_an_address_there_is_no_mail(lone_desk: PaymentDesk) -> None:
    _, late = both_pay(lone_desk)
    letter = letter_to(lone_desk, late)
    assert letter is not None
    assert letter.mailto == ""


def test_the_tasks_of_who_must_be_told_offer_the_message_first(lone_desk: PaymentDesk) -> None:
    both_pay(lone_desk)
    (item,) = InboxService(
        lone_desk.payments, lone_desk.database.write, lone_desk.database.read, lone_desk.clock
    ).open()
    assert item.actions[0] is TaskAction.WRITE_TO_CLIENT


def test_the_desks_formats_are_used(lone_desk: PaymentDesk, french: None) -> None:
    _, late = both_pay(lone_desk)
    assert "50,00\u00a0€" in text_to(lone_desk, late)
