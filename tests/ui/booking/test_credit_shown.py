"""A client's credit beside the deposit of a new booking."""

from datetime import timedelta

from pytestqt.qtbot import QtBot
from support.booking_form import TEN, Opened
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.clients import Client
from inkdesk.domain.money import Money


def credited(desk: Desk) -> None:
    """Zoé has 50 of credit, Kim has none."""
    command = BookCommand(
        request_key="earlier",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=TEN + timedelta(days=1),
        client=desk.book.client.id,
        choice=DepositChoice.CASH,
    )
    booking = desk.services.bookings.book(command).booking
    desk.services.deposits.credit(booking.id, Money(5000, "EUR"), "", "credit")
    with desk.database.write() as uow:
        uow.clients.add(Client(name="Kim", phone="+33611112222"))
        uow.commit()


def test_credit_is_told_with_the_way_to_use_it(qtbot: QtBot, desk: Desk) -> None:
    credited(desk)
    form = Opened(qtbot, desk, starts_at=TEN)
    credit = form.dialog.credit
    assert credit.isHidden()
    form.find("zo")
    form.dialog.client._enter()
    form.until(credit.isVisible)
    assert credit.text().startswith("Credit: 50.00 EUR.")
    assert "Money…" in credit.text()
    form.dialog.client.line.clear()
    form.type("k")
    form.until(credit.isHidden)
    form.until(form.dialog.client.matches.isVisible)
    form.dialog.client._enter()
    form.until(lambda: bool(form.dialog.client.peek.text()))
    assert credit.isHidden()


def test_a_late_answer_about_another_client_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    credited(desk)
    form = Opened(qtbot, desk, starts_at=TEN)
    with desk.database.read() as uow:
        zoe = uow.clients.get(desk.book.client.id)
    form.dialog.client.choose(zoe)
    form.dialog.client.named.emit("")  # typed on before the answer came
    asked: list[object] = []
    desk.background.read(lambda: 1, asked.append, asked.append)
    form.until(lambda: bool(asked))
    assert form.dialog.credit.isHidden()
