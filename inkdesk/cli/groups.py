"""The commands of group sittings, with their options and help."""

import uuid
from typing import Annotated

import typer

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.cli import group_work as work
from inkdesk.cli.options import (
    HIGHEST_ID,
    ArtistOption,
    DatabaseOption,
    FromOption,
    JsonOption,
    KeyOption,
    ServiceOption,
    ToOption,
)
from inkdesk.cli.running import run
from inkdesk.domain.bookings import DepositFate

app = typer.Typer(help="Flash days and workshops: plan, list, show, seat, change, cancel.", rich_markup_mode=None)

GroupArgument = Annotated[int, typer.Argument(metavar="GROUP", min=1, max=HIGHEST_ID, help="The group sitting's id.")]
SeatsOption = Annotated[int, typer.Option("--seats", help="How many seats.")]
_TIME = "2026-11-24T14:30 on the studio's clock, or with an offset."


@app.command()
def add(
    context: typer.Context,
    *,
    title: Annotated[str, typer.Option(help="What it is called, for example Flash day.")],
    artist: ArtistOption,
    service: ServiceOption,
    start: Annotated[str, typer.Option(metavar="ISO", help=_TIME)],
    end: Annotated[str, typer.Option(metavar="ISO", help="As --start.")],
    seats: SeatsOption,
    note: Annotated[str, typer.Option(help="A note for the studio.")] = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Plan a group sitting; it keeps its artist."""
    wish = work.GroupWish(
        title=title,
        artist=artist,
        service=service,
        start=start,
        end=end,
        seats=seats,
        note=note,
        request_key=request_key or uuid.uuid4().hex,
    )
    return run(context, database, lambda opened: work.add(opened.services, wish), as_json=as_json)


@app.command("list")
def list_groups(
    context: typer.Context,
    *,
    first: FromOption,
    last: ToOption,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """List group sittings, cancelled ones too."""
    return run(context, database, lambda opened: work.list_groups(opened.services, first, last), as_json=as_json)


@app.command()
def show(
    context: typer.Context,
    group: GroupArgument,
    *,
    minutes: Annotated[int | None, typer.Option(min=1, help="Also list times of this length with room.")] = None,
    seats: Annotated[int, typer.Option("--seats", help="Room for how many, with --minutes.")] = 1,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show who has seats."""
    return run(context, database, lambda opened: work.show(opened.services, group, minutes, seats), as_json=as_json)


@app.command()
def seat(
    context: typer.Context,
    group: GroupArgument,
    *,
    client_name: Annotated[str, typer.Option(metavar="NAME", help="A known client is found by name and phone.")],
    client_phone: Annotated[str, typer.Option(metavar="PHONE", help="The client's phone.")],
    deposit: Annotated[DepositChoice, typer.Option(help="How the deposit is taken.")],
    start: Annotated[str, typer.Option(metavar="ISO", help=f"{_TIME} From the beginning if left out.")] = "",
    end: Annotated[str, typer.Option(metavar="ISO", help="As --start; to the end if left out.")] = "",
    seats: SeatsOption = 1,
    client_email: Annotated[str, typer.Option(metavar="EMAIL", help="The client's e-mail address.")] = "",
    note: Annotated[str, typer.Option(help="A note for the studio.")] = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take seats for a client; prints the booking and the link if the deposit is paid by one."""
    wish = work.SeatWish(
        group_id=group,
        start=start,
        end=end,
        seats=seats,
        client_name=client_name,
        client_phone=client_phone,
        client_email=client_email,
        deposit=deposit,
        note=note,
        request_key=request_key or uuid.uuid4().hex,
    )
    return run(context, database, lambda opened: work.seat(opened.services, wish), as_json=as_json)


@app.command()
def change(
    context: typer.Context,
    group: GroupArgument,
    *,
    title: Annotated[str | None, typer.Option(help="What it is called now.")] = None,
    start: Annotated[str, typer.Option(metavar="ISO", help=f"{_TIME} Unchanged if left out.")] = "",
    end: Annotated[
        str, typer.Option(metavar="ISO", help="As --start; if left out, as long after the start as before.")
    ] = "",
    seats: Annotated[int | None, typer.Option("--seats", help="How many seats now.")] = None,
    note: Annotated[str | None, typer.Option(help="A note for the studio, in place of the old one.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Change a group sitting; what is left out stays. One that lasts as long as before takes its bookings along."""
    wish = work.GroupChange(group_id=group, title=title, start=start, end=end, seats=seats, note=note)
    return run(context, database, lambda opened: work.change(opened.services, wish), as_json=as_json)


@app.command()
def cancel(
    context: typer.Context,
    group: GroupArgument,
    *,
    fate: Annotated[
        DepositFate | None, typer.Option(help="Cancel its bookings too; what becomes of paid deposits.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Cancel a group sitting; while seats are booked only with --fate."""
    return run(context, database, lambda opened: work.cancel(opened.services, group, fate, reason), as_json=as_json)
