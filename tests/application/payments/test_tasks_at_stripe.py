"""What a task keeps of Stripe's own words, and the page it has there."""

from dataclasses import replace

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application import desk_tasks
from inkdesk.application.inbox_service import stripe_page
from inkdesk.domain.studio import Mode


def test_what_stripe_says_is_stored_without_names_and_links(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()
    answer = (
        "No such session: 'cs_test_a1B2c3D4e5'; ask kim.doe+ink@mail.example or see "
        "https://checkout.stripe.com/c/pay/cs_test_a1#frag (req_Ab12Cd34Ef56, key rk_test_***9xYz). "
        "The key lacks rak_charge_write."
    )
    with desk.database.write() as uow:
        desk_tasks.refused(uow, desk.payment(booking_id), answer, desk.clock.now())
        uow.commit()
    (task,) = desk.tasks()
    words = dict(task.sentence.values)["answer"]
    assert words == ("No such session: '…'; ask … or see … (…, key …). The key lacks rak_charge_write.")


@pytest.mark.parametrize(
    ("mode", "intent_id", "account", "page"),
    [
        (Mode.LIVE, "pi_1", "", "https://dashboard.stripe.com/payments/pi_1"),
        (Mode.TEST, "pi_1", "", "https://dashboard.stripe.com/test/payments/pi_1"),
        (Mode.LIVE, "pi_1", "acct_1", "https://dashboard.stripe.com/acct_1/payments/pi_1"),
        (Mode.TEST, "", "", "https://dashboard.stripe.com/test/search?query=cs_1"),
        (Mode.PRACTICE, "pi_1", "", ""),
    ],
)
def test_a_payment_has_a_page_at_stripe(desk: PaymentDesk, mode: Mode, intent_id: str, account: str, page: str) -> None:
    _, payment = desk.hold()
    assert stripe_page(payment, mode) == ""
    there = replace(payment, session_id="cs_1", intent_id=intent_id, account=account)
    assert stripe_page(there, mode) == page
