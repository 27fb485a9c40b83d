"""What every new booking begins with, whatever it claims: its client, its deadline and its first payment."""

from datetime import datetime, timedelta

from inkdesk.application.booking_commands import Booked, DepositChoice, NewClient
from inkdesk.application.booking_terms import Terms
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import Deposits
from inkdesk.application.ports import PhoneNumbers, UnitOfWork
from inkdesk.domain.bookings import Booking
from inkdesk.domain.clients import Client, check_client
from inkdesk.domain.payments import ASKING, Payment
from inkdesk.domain.studio import Studio


def booked_before(uow: UnitOfWork, request_key: str) -> Booked | None:
    """The answer that a form with this request key already got."""
    earlier = uow.bookings.by_request_key(request_key)
    if earlier is None:
        return None
    links = [one.id for one in uow.payments.of_booking(earlier.id) if one.status in ASKING]
    return Booked(earlier, links[0] if links else None, Changes())


def client_of(uow: UnitOfWork, phones: PhoneNumbers, client: int | NewClient, studio: Studio) -> Client:
    """A client by id, the known one with the same name and phone, or a new one."""
    if isinstance(client, int):
        return uow.clients.get(client)
    phone = phones.normalise(client.phone, studio.phone_region) if client.phone.strip() else ""
    fresh = Client(name=" ".join(client.name.split()), phone=phone, email=client.email.strip())
    check_client(fresh)
    there = uow.clients.by_phone(phone) if phone else []
    same = [one for one in there if one.name.casefold() == fresh.name.casefold()]
    return same[0] if same else uow.clients.add(fresh)


def hold_until(uow: UnitOfWork, deposits: Deposits, terms: Terms) -> datetime | None:
    """The deadline of a hold in Stripe's time; None if no link is to be paid."""
    if terms.choice is not DepositChoice.LINK:
        return None
    return deposits.stripe_now(uow) + timedelta(seconds=terms.hold_s)


def first_payment(
    uow: UnitOfWork, deposits: Deposits, booking: Booking, terms: Terms, studio: Studio, now: datetime
) -> Payment | None:
    """Ask for the deposit of a booking that was just stored, or put it into the till."""
    match terms.choice:
        case DepositChoice.LINK:
            return deposits.ask_for_deposit(uow, booking, studio, now)
        case DepositChoice.CASH:
            return deposits.take_cash(uow, booking, terms.deposit, now)
        case DepositChoice.NONE:
            return None
