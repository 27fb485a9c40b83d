"""The commands about the money of one booking, with their options and help."""

import uuid
from typing import Annotated

import typer

from inkdesk.cli import money_work as work
from inkdesk.cli.options import HIGHEST_ID, BookingArgument, DatabaseOption, JsonOption, KeyOption
from inkdesk.cli.running import run
from inkdesk.domain.payments import PaymentMethod

AmountOption = Annotated[
    str, typer.Option("--amount", metavar="AMOUNT", help="In the booking's currency, like 12.50; all if left out.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the ledger.")]


def payments(
    context: typer.Context,
    booking: BookingArgument,
    *,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show the money of a booking: what came, what became of it, what is left and due."""
    return run(context, database, lambda opened: work.payments(opened.services, booking), as_json=as_json)


def refund(
    context: typer.Context,
    booking: BookingArgument,
    *,
    amount: AmountOption = "",
    reason: ReasonOption = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give money of a booking back without cancelling it; by link Stripe carries it out."""
    typed = work.AmountTyped(amount, reason, request_key or uuid.uuid4().hex)
    return run(context, database, lambda opened: work.refund(opened.services, booking, typed), as_json=as_json)


def link(
    context: typer.Context,
    booking: BookingArgument,
    *,
    extend: Annotated[
        int | None, typer.Option("--extend", metavar="MIN", help="Let the hold wait so many minutes longer instead.")
    ] = None,
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a new link for an unpaid booking, or give its hold more time; an old link dies before a new one is made."""
    key = request_key or uuid.uuid4().hex
    return run(context, database, lambda opened: work.link(opened.services, booking, extend, key), as_json=as_json)


def rest(
    context: typer.Context,
    booking: BookingArgument,
    *,
    method: Annotated[PaymentMethod, typer.Option(help="How it came: cash, transfer or terminal.")],
    amount: AmountOption = "",
    tip: Annotated[str, typer.Option(metavar="AMOUNT", help="A tip beside it.")] = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take the rest of the price by hand, and a tip."""
    typed = work.RestTyped(method, amount, tip, request_key or uuid.uuid4().hex)
    return run(context, database, lambda opened: work.rest(opened.services, booking, typed), as_json=as_json)


def credit(
    context: typer.Context,
    booking: BookingArgument,
    *,
    use: Annotated[bool, typer.Option("--use", help="Pay the booking with its client's credit instead.")] = False,
    amount: AmountOption = "",
    reason: ReasonOption = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Turn what is left of a booking's money into its client's credit, or use the client's credit for it."""
    typed = work.AmountTyped(amount, reason, request_key or uuid.uuid4().hex)
    job = work.use_credit if use else work.credit
    return run(context, database, lambda opened: job(opened.services, booking, typed), as_json=as_json)


def roll(
    context: typer.Context,
    booking: BookingArgument,
    *,
    to: Annotated[int, typer.Option("--to", metavar="BOOKING", min=1, max=HIGHEST_ID, help="Who takes it over.")],
    amount: AmountOption = "",
    reason: ReasonOption = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Roll what is left of a booking's money over to another sitting of its client."""
    typed = work.AmountTyped(amount, reason, request_key or uuid.uuid4().hex)
    return run(context, database, lambda opened: work.roll(opened.services, booking, to, typed), as_json=as_json)


def release(
    context: typer.Context,
    booking: BookingArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the history.")],
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give the time of an unpaid hold free, also while Stripe cannot be asked."""
    key = request_key or uuid.uuid4().hex
    return run(context, database, lambda opened: work.release(opened.services, booking, reason, key), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    for command in (payments, refund, link, rest, credit, roll, release):
        app.command(command.__name__)(command)
