"""``inkdesk tasks``: what needs a person, and closing it."""

from datetime import datetime
from pathlib import Path

import pytest
from support.commands import Run

from inkdesk.bootstrap import open_studio
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.refunds import Refund


@pytest.fixture
def told(sample_file: Path) -> tuple[int, int]:
    """A task about money of the sample's first booking; its id and the booking's."""
    opened = open_studio(f"sqlite:///{sample_file}")
    now = opened.services.clock.now()
    with opened.database.write() as uow:
        booking = uow.bookings.get(1)
        payment = uow.payments.add(
            Payment(
                booking_id=booking.id,
                attempt=9,
                method=PaymentMethod.CASH,
                status=PaymentStatus.PAID,
                amount=Money(4200, "EUR"),
                idempotency_key="told",
                created_at=now,
            )
        )
        task = DeskTask(
            kind="paid_twice",
            booking_id=booking.id,
            payment_id=payment.id,
            sentence=message("{client} paid {amount} twice.", client="Zo\u00eb", amount=payment.amount),
            opened_at=now,
            fact_key=f"paid_twice:{payment.id}",
        )
        assert uow.payments.open_task(task)
        task_id = uow.payments.tasks()[0].id
        uow.commit()
    opened.close()
    return task_id, booking.id


def test_nothing_to_do(sample: Run) -> None:
    listed = sample("tasks", "--json")
    assert (listed.code, listed.data) == (0, [])
    assert sample("tasks").out == "Nothing needs you.\n"


def test_what_happened_since_when_and_what_can_be_done(sample: Run, told: tuple[int, int]) -> None:
    task_id, booking_id = told
    (task,) = sample("tasks", "--json").data
    assert datetime.fromisoformat(task.pop("since")).utcoffset() is not None
    assert task.pop("client")
    assert task.pop("payment") > 0
    assert task == {
        "id": task_id,
        "kind": "paid_twice",
        "what": "Zo\u00eb paid \u20ac42.00 twice.",
        "booking": booking_id,
        "amount": {"amount_minor": 4200, "currency": "EUR", "amount": "42.00"},
        "left": {"amount_minor": 4200, "currency": "EUR", "amount": "42.00"},
        "actions": ["write_to_client", "acknowledge", "open_booking"],
        "letter": None,
    }
    lines = sample("tasks").out
    assert "Zo\u00eb paid \u20ac42.00 twice." in lines
    assert str(task_id) in lines


def test_what_to_write_to_the_client_is_ready(sample: Run, sample_file: Path, told: tuple[int, int]) -> None:
    task_id, booking_id = told
    opened = open_studio(f"sqlite:///{sample_file}")
    with opened.database.write() as uow:
        paid = uow.payments.of_booking(booking_id)[-1]
        uow.payments.add_refund(
            Refund(
                payment_id=paid.id,
                amount=paid.amount,
                reason="paid twice",
                idempotency_key="back",
                created_at=paid.created_at,
            )
        )
        uow.commit()
    opened.close()
    (task,) = sample("tasks", "--json").data
    assert task["letter"]["text"].startswith(f"Hello {task['client']},")
    assert task["letter"]["subject"].startswith("Your booking at ")
    lines = sample("tasks").out
    assert f"To write to {task['client']} (task {task_id}):\n{task['letter']['subject']}\n" in lines
    assert task["letter"]["text"] in lines


def test_done_closes_it_with_a_note(sample: Run, sample_file: Path, told: tuple[int, int]) -> None:
    task_id, booking_id = told
    done = sample("tasks", "--done", str(task_id), "--note", "Told by phone", "--json")
    assert (done.code, done.data) == (0, {"id": task_id, "is_over": True})
    assert sample("tasks", "--json").data == []
    opened = open_studio(f"sqlite:///{sample_file}")
    *_, last = opened.services.queries.booking(booking_id).history
    opened.close()
    assert last[2:] == ("TASK_DONE", "Told by phone")
    assert sample("tasks", "--done", str(task_id)).out == f"Task {task_id} is done.\n"


def test_wrong_usage(sample: Run) -> None:
    assert sample("tasks", "--done", "99", "--json").error == (2, "VALIDATION", "done")
    assert sample("tasks", "--note", "why", "--json").error == (2, "VALIDATION", "note")
    assert sample("tasks", "--done", "0", "--json").code == 2
