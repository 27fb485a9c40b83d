"""Options that several commands share."""

from typing import Annotated

import typer

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME; the own studio's file if it is left out.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, errors too.")]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--practice-port", metavar="PORT", min=1, max=65535, help="Where a practice Stripe runs on this computer."
    ),
]
ArtistOption = Annotated[str, typer.Option("--artist", metavar="NAME", help="The artist's name or id.")]
ServiceOption = Annotated[str, typer.Option("--service", metavar="NAME", help="The service's name or id.")]
FromOption = Annotated[str, typer.Option("--from", metavar="DATE", help="First date, for example 2026-11-24.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DATE", help="Last date, included.")]
AnyArtistOption = Annotated[
    str, typer.Option("--artist", metavar="NAME|any", help="The artist's name or id, or any who is free.")
]
WithOption = Annotated[
    list[str] | None, typer.Option("--with", metavar="NAME", help="Who works at the same time; several times for more.")
]
MinutesOption = Annotated[
    int | None, typer.Option("--minutes", min=1, max=7 * 1440, help="Another length than the service's.")
]
StyleOption = Annotated[str, typer.Option("--style", metavar="STYLE", help="Only artists who have this style.")]
AfterOption = Annotated[
    str, typer.Option("--after", metavar="TIME", help="Starts at this time of the day or later, for example 13:00.")
]
BeforeOption = Annotated[
    str, typer.Option("--before", metavar="TIME", help="Starts before this time; earlier than --after: the next night.")
]
WeekdaysOption = Annotated[
    str, typer.Option("--weekdays", metavar="DAYS", help="Only on these, for example mon,tue,sat.")
]
KeyOption = Annotated[str, typer.Option("--request-key", metavar="KEY", help="The same key twice does it once.")]

HIGHEST_ID = 2**63 - 1
"""What both databases can hold."""

BookingArgument = Annotated[int, typer.Argument(metavar="BOOKING", min=1, max=HIGHEST_ID, help="The booking's id.")]
