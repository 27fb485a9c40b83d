"""The commands of a series, and the move of one booking, with their options and help."""

import uuid
from typing import Annotated

import typer

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.cli import series_work as work
from inkdesk.cli.finding import WhoTyped
from inkdesk.cli.inputs import ANY
from inkdesk.cli.options import (
    AnyArtistOption,
    ArtistOption,
    BookingArgument,
    DatabaseOption,
    JsonOption,
    KeyOption,
    MinutesOption,
    ServiceOption,
    StyleOption,
    WithOption,
)
from inkdesk.cli.running import run
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.series import RepeatUnit, Scope

app = typer.Typer(help="Several sittings as one: plan, propose, book, move, cancel.", rich_markup_mode=None)

_START = "2026-11-24T14:30 on the studio's clock, or with an offset."
FirstOption = Annotated[str, typer.Option("--start", metavar="ISO", help=_START)]
StartsOption = Annotated[
    list[str], typer.Option("--start", metavar="ISO", help=f"{_START} Several times for the sittings of a project.")
]
UnitOption = Annotated[RepeatUnit, typer.Option("--unit", help="What --every counts.")]
CountOption = Annotated[int | None, typer.Option("--count", help="How many dates, the first included.")]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", help="The last date, included.")]
ScopeOption = Annotated[Scope, typer.Option("--scope", help="This sitting, from here on, or the whole series.")]
OverrideOption = Annotated[
    str, typer.Option("--override", metavar="REASON", help="Against hours, notice, leave or a limit.")
]


@app.command()
def plan(
    context: typer.Context,
    *,
    artist: ArtistOption,
    service: ServiceOption,
    start: FirstOption,
    every: Annotated[int, typer.Option(help="Every so many weeks or months.")] = 1,
    unit: UnitOption = RepeatUnit.WEEKS,
    count: CountOption = None,
    until: UntilOption = "",
    also: WithOption = None,
    minutes: MinutesOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say of every date whether it is free, why not, and what is free instead."""
    who = WhoTyped(service=service, artist=artist, also=also or (), minutes=minutes)
    rule = work.RuleTyped(every=every, unit=unit, count=count, until=until)
    return run(context, database, lambda opened: work.plan(opened.services, who, start, rule), as_json=as_json)


@app.command()
def propose(
    context: typer.Context,
    *,
    service: ServiceOption,
    count: Annotated[int, typer.Option(help="How many sittings.")],
    gap: Annotated[int, typer.Option(metavar="DAYS", help="Days to heal between two sittings, at least.")],
    artist: AnyArtistOption = ANY,
    also: WithOption = None,
    minutes: MinutesOption = None,
    style: StyleOption = "",
    earliest: Annotated[str, typer.Option("--from", metavar="DATE", help="First date; today if left out.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Propose free starts for the sittings of a project, with time to heal in between."""
    who = WhoTyped(service=service, artist=artist, also=also or (), style=style, minutes=minutes)
    return run(
        context, database, lambda opened: work.propose(opened.services, who, count, gap, earliest), as_json=as_json
    )


@app.command()
def book(
    context: typer.Context,
    *,
    artist: ArtistOption,
    service: ServiceOption,
    start: StartsOption,
    client_name: Annotated[str, typer.Option(metavar="NAME", help="A known client is found by name and phone.")],
    client_phone: Annotated[str, typer.Option(metavar="PHONE", help="The client's phone.")],
    deposit: Annotated[DepositChoice, typer.Option(help="How the one deposit is taken, with the first sitting.")],
    every: Annotated[int | None, typer.Option(help="Every so many weeks or months after the start.")] = None,
    unit: UnitOption = RepeatUnit.WEEKS,
    count: CountOption = None,
    until: UntilOption = "",
    also: WithOption = None,
    minutes: MinutesOption = None,
    client_email: Annotated[str, typer.Option(metavar="EMAIL", help="The client's e-mail address.")] = "",
    note: Annotated[str, typer.Option(help="A note for the studio.")] = "",
    override: OverrideOption = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Book all sittings or none; prints them, and the link if the deposit is paid by one."""
    wish = work.SeriesWish(
        who=WhoTyped(service=service, artist=artist, also=also or (), minutes=minutes),
        starts=start,
        rule=work.RuleTyped(every=every, unit=unit, count=count, until=until),
        client_name=client_name,
        client_phone=client_phone,
        client_email=client_email,
        deposit=deposit,
        note=note,
        override=override,
        request_key=request_key or uuid.uuid4().hex,
    )
    return run(context, database, lambda opened: work.book(opened.services, wish), as_json=as_json)


@app.command()
def move(
    context: typer.Context,
    booking: BookingArgument,
    *,
    start: FirstOption,
    scope: ScopeOption,
    override: OverrideOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Move a sitting and its series by as many days and as much time of day, all or none."""
    return run(
        context, database, lambda opened: work.move(opened.services, booking, start, scope, override), as_json=as_json
    )


@app.command()
def cancel(
    context: typer.Context,
    booking: BookingArgument,
    *,
    scope: ScopeOption,
    fate: Annotated[DepositFate, typer.Option(help="What becomes of paid deposits.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Cancel a sitting and its series; open links die first, each deposit is settled once."""
    return run(
        context, database, lambda opened: work.cancel(opened.services, booking, scope, fate, reason), as_json=as_json
    )


def move_one(
    context: typer.Context,
    booking: BookingArgument,
    *,
    start: FirstOption,
    artist: Annotated[str, typer.Option(metavar="NAME", help="Another artist's name or id.")] = "",
    override: OverrideOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Move a booking to another time or artist; it keeps its id and its deposit."""
    return run(
        context,
        database,
        lambda opened: work.move_one(opened.services, booking, start, artist, override),
        as_json=as_json,
    )
