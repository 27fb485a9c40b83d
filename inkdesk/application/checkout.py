"""The request for one checkout session, saved whole before it is sent."""

import json
from datetime import datetime
from typing import Final

from inkdesk.application.ports import UnitOfWork
from inkdesk.application.text import language, tr
from inkdesk.domain.bookings import Booking
from inkdesk.domain.clients import Client
from inkdesk.domain.connect import STUDIO_ROUTE, Route, route_for
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, card_step
from inkdesk.domain.reconciling import stripe_amount
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Mode, Studio

SHORTEST_LINK_S: Final = 33 * 60
LONGEST_LINK_S: Final = 24 * 3600 - 180
"""Stripe takes 30 minutes to 24 hours by its own clock: three minutes are left on each side."""


def link_life_s(hold_s: int) -> int:
    """How long a link lives at Stripe: longer than its hold, which InkDesk ends itself."""
    return max(SHORTEST_LINK_S, min(hold_s + 180, LONGEST_LINK_S))


def success_page(studio: Studio, practice_page: str) -> str:
    """Where the client's browser goes after paying; never a proof of payment.

    Raises StripeNotConfigured if the studio takes test or real money and has no https page.
    """
    if studio.success_url:
        if studio.success_url.startswith("https://") or studio.mode is Mode.PRACTICE:
            return studio.success_url
    elif studio.mode is Mode.PRACTICE and practice_page:
        return practice_page
    raise StripeNotConfigured(
        message(
            "Clients need a page to return to after paying. "
            "Enter one that begins with https:// in Settings, Stripe, for example your home page."
        )
    )


def check_amount(amount: Money) -> None:
    """Raise ValidationError for an amount that cannot be asked for by link."""
    if amount.amount_minor <= 0:
        raise ValidationError(message("A payment is higher than 0. Enter an amount."), field="deposit")
    if amount.amount_minor % card_step(amount.currency):
        raise ValidationError(
            message("Cards take {currency} with two decimals only. Round the deposit.", currency=amount.currency),
            field="deposit",
        )


def route_of(uow: UnitOfWork, artist_id: int | None, amount: Money | None = None) -> Route:
    """Whose account a payment of an artist's booking goes to, and the studio's fee of ``amount``.

    With several artists the first one's account counts; None is the studio. Raises StripeNotConfigured, naming what is
    missing, if an account on the way takes no card payments.
    """
    studio, own = uow.studio.get(), uow.accounts.of_artist(None)
    theirs = None if artist_id is None else uow.accounts.of_artist(artist_id)
    artist = "" if theirs is None or artist_id is None else uow.artists.get(artist_id).name
    return route_for(own, theirs, amount or Money(0, studio.currency), studio=studio.name, artist=artist)


def session_params(
    uow: UnitOfWork,
    booking: Booking,
    studio: Studio,
    attempt: int,
    expires_at: datetime,
    page: str,
    route: Route = STUDIO_ROUTE,
) -> str:
    """The parameters as JSON; sent word for word on every try of this attempt.

    A direct charge is the artist's by the account that each call names, not by its parameters.
    """
    service = uow.catalogue.service(booking.service_id)
    client = uow.clients.get(booking.client_id)
    marks = {"inkdesk_studio": studio.uid, "inkdesk_booking": str(booking.id), "inkdesk_attempt": str(attempt)}
    name = tr("Deposit: {service}, {start}", service=service.name, start=booking.starts_at)
    params: dict[str, object] = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": _price(booking.deposit, name)}],
        "expires_at": to_seconds(expires_at),
        "client_reference_id": str(booking.id),
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, **_shares(route, booking.deposit.currency)},
        "allowed_payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},
        "success_url": page,
        "submit_type": "book",
        "locale": language(),
        **_known(client),
    }
    return json.dumps(params, ensure_ascii=False)


def _shares(route: Route, currency: str) -> dict[str, object]:
    shares: dict[str, object] = {}
    if route.destination:
        shares["transfer_data"] = {"destination": route.destination}
    if route.fee_minor:
        shares["application_fee_amount"] = stripe_amount(Money(route.fee_minor, currency))
    return shares


def _price(deposit: Money, name: str) -> dict[str, object]:
    return {
        "currency": deposit.currency.lower(),
        "unit_amount": stripe_amount(deposit),
        "product_data": {"name": name},
    }


def _known(client: Client) -> dict[str, object]:
    return {"customer_email": client.email} if client.email else {}
