"""The commands with their options, help and exit codes."""

import logging
import os
import sys
import uuid
from collections.abc import Sequence
from typing import Annotated

import typer

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.bootstrap import speak
from inkdesk.cli import accounts, finding, groups, money, series, setting_up, tasks, work
from inkdesk.cli.inputs import ANY
from inkdesk.cli.options import (
    AfterOption,
    AnyArtistOption,
    ArtistOption,
    BeforeOption,
    BookingArgument,
    DatabaseOption,
    FromOption,
    JsonOption,
    KeyOption,
    MinutesOption,
    PortOption,
    ServiceOption,
    StyleOption,
    ToOption,
    WeekdaysOption,
    WithOption,
)
from inkdesk.cli.output import say, say_error
from inkdesk.cli.running import Wanted, open_wanted, run, wanted_of
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.files import read_preferences, start_log, stop_log, user_places

_HELP = """The front desk of a tattoo studio.

Without a command the window opens. These commands do the same work without a window.

\b
The window's options:
  inkdesk [--database URL] [--language en|fr]
  inkdesk --practice [--practice-port PORT]
                  a sample studio with a Stripe of its own, gone when the window closes
  inkdesk --smoke-test
                  open the window on a practice studio, book once, quit with 0

\b
Exit codes, and the error codes that --json tells:
  0  done
  1  INTERNAL_ERROR; also if doctor found a failure, and if reconcile could not
     ask Stripe ("asked": false in the JSON): try again later
  2  VALIDATION, or wrong usage
  3  SLOT_UNAVAILABLE
  4  SLOT_TAKEN
  5  STRIPE_NOT_CONFIGURED
  6  PAYMENT_MISMATCH
  7  STALE_RECORD
  8  DATABASE_UNREACHABLE
  9  SECRET_STORE_UNAVAILABLE
"""

_app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: Sequence[str]) -> int:
    """Run one command; the answer is the exit code."""
    as_json = "--json" in arguments
    log = start_log(user_places().log)
    try:
        return int(_app(args=list(arguments), prog_name="inkdesk", standalone_mode=False) or 0)
    except typer.TyperException as wrong:
        return _say_usage(wrong, as_json=as_json)
    except InkDeskError as failure:
        return say_error(failure, as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Nobody reads any more: the last flush at exit must not fail a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception:
        logging.getLogger(__name__).exception("a command failed")
        return say_error(_bug(), as_json=as_json)
    finally:
        stop_log(log)


def refuse(said: str, *, as_json: bool, field: str = "") -> int:
    """Tell wrong usage as an error of ours, so that a program reads one kind of JSON; the answer is the exit code."""
    failure = ValidationError(message("{said}. See inkdesk --help.", said=said.rstrip(".")), field=field)
    return say_error(failure, as_json=as_json)


@_app.callback()
def _globals(
    context: typer.Context,
    *,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    practice_port: PortOption = None,
) -> None:
    context.obj = Wanted(database, as_json, practice_port)


@_app.command()
def init(
    context: typer.Context,
    *,
    sample: Annotated[bool, typer.Option("--sample", help="The practice studio's data; no money can move.")] = False,
    name: Annotated[str, typer.Option(help="The studio's name.")] = "",
    zone: Annotated[str, typer.Option(help="Its time zone, for example Europe/Paris.")] = "",
    currency: Annotated[str, typer.Option(help="Its currency, for example EUR.")] = "",
    artist: Annotated[str, typer.Option(help="The first artist's name.")] = "",
    mode: Annotated[Mode, typer.Option(help="Whose money it takes; cannot be changed later.")] = Mode.LIVE,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a studio."""
    wish = setting_up.StudioWish(name=name, zone=zone, currency=currency, artist=artist, mode=mode)
    command = None if sample else setting_up.first_studio(wish)
    return run(context, database, lambda opened: setting_up.make(opened, command), as_json=as_json, must_exist=False)


@_app.command()
def artists(context: typer.Context, *, database: DatabaseOption = None, as_json: JsonOption = False) -> int:
    """List the artists."""
    return run(context, database, lambda opened: work.artists(opened.services), as_json=as_json)


@_app.command()
def services(context: typer.Context, *, database: DatabaseOption = None, as_json: JsonOption = False) -> int:
    """List the services."""
    return run(context, database, lambda opened: work.price_list(opened.services), as_json=as_json)


@_app.command()
def slots(
    context: typer.Context,
    *,
    service: ServiceOption,
    first: FromOption,
    last: ToOption,
    artist: AnyArtistOption = ANY,
    also: WithOption = None,
    minutes: MinutesOption = None,
    style: StyleOption = "",
    after: AfterOption = "",
    before: BeforeOption = "",
    weekdays: WeekdaysOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """List free starts."""
    who = finding.WhoTyped(service=service, artist=artist, also=also or (), style=style, minutes=minutes)
    when = finding.WhenTyped(after=after, before=before, weekdays=weekdays)
    return run(
        context,
        database,
        lambda opened: finding.slots(opened.services, who, when, first, last),
        as_json=as_json,
    )


@_app.command()
def find(
    context: typer.Context,
    *,
    service: ServiceOption,
    artist: AnyArtistOption = ANY,
    also: WithOption = None,
    style: StyleOption = "",
    minutes: MinutesOption = None,
    earliest: Annotated[str, typer.Option("--from", metavar="DATE", help="First date; today if left out.")] = "",
    near: Annotated[str, typer.Option(metavar="ISO", help="The asked time; as soon as possible if left out.")] = "",
    after: AfterOption = "",
    before: BeforeOption = "",
    weekdays: WeekdaysOption = "",
    prefer: Annotated[str, typer.Option(metavar="NAME", help="Whom the client likes best, of anyone.")] = "",
    override: Annotated[str, typer.Option(metavar="RULES", help="Look beyond these rules: notice,horizon.")] = "",
    declined: Annotated[
        list[str] | None, typer.Option(metavar="TOKENS", help="Tokens of offers that were declined: offers others.")
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Offer the earliest start, the nearest to the asked time, another artist or day; never one that was declined."""
    typed = finding.FindTyped(
        who=finding.WhoTyped(service=service, artist=artist, also=also or (), style=style, minutes=minutes),
        when=finding.WhenTyped(after=after, before=before, weekdays=weekdays),
        earliest=earliest,
        near=near,
        prefer=prefer,
        override=override,
        declined=declined or (),
    )
    return run(context, database, lambda opened: finding.find(opened.services, typed), as_json=as_json)


@_app.command()
def book(
    context: typer.Context,
    *,
    artist: ArtistOption,
    service: ServiceOption,
    start: Annotated[
        str, typer.Option(metavar="ISO", help="2026-11-24T14:30 on the studio's clock, or with an offset.")
    ],
    client_name: Annotated[str, typer.Option(metavar="NAME", help="A known client is found by name and phone.")],
    client_phone: Annotated[str, typer.Option(metavar="PHONE", help="The client's phone.")],
    deposit: Annotated[DepositChoice, typer.Option(help="How the deposit is taken.")],
    also: WithOption = None,
    minutes: MinutesOption = None,
    client_email: Annotated[str, typer.Option(metavar="EMAIL", help="The client's e-mail address.")] = "",
    note: Annotated[str, typer.Option(help="A note for the studio.")] = "",
    override: Annotated[str, typer.Option(metavar="REASON", help="Book outside hours, notice or leave.")] = "",
    request_key: KeyOption = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Book; prints the booking and the link if the deposit is paid by one."""
    wish = work.BookWish(
        artist=artist,
        service=service,
        start=start,
        client_name=client_name,
        client_phone=client_phone,
        client_email=client_email,
        deposit=deposit,
        note=note,
        override=override,
        request_key=request_key or uuid.uuid4().hex,
        also=also or (),
        minutes=minutes,
    )
    return run(context, database, lambda opened: work.book(opened.services, wish), as_json=as_json)


@_app.command()
def bookings(
    context: typer.Context,
    *,
    first: FromOption,
    last: ToOption,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """List bookings of every status."""
    return run(context, database, lambda opened: work.bookings(opened.services, first, last), as_json=as_json)


@_app.command()
def cancel(
    context: typer.Context,
    booking: BookingArgument,
    *,
    fate: Annotated[DepositFate | None, typer.Option(help="What becomes of a paid deposit.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Cancel a booking; an open link dies first."""
    return run(context, database, lambda opened: work.cancel(opened.services, booking, fate, reason), as_json=as_json)


_app.command("move")(series.move_one)
_app.command("tasks")(tasks.tasks)
_app.add_typer(series.app, name="series")
_app.add_typer(groups.app, name="group")
_app.add_typer(accounts.app, name="accounts")
money.register(_app)


@_app.command()
def reconcile(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for a task scheduler.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask Stripe what was really paid; 1 if it could not be asked now."""
    if not once:
        raise ValidationError(message("Add --once. The window looks all the time by itself."), field="once")
    return run(context, database, work.reconcile, as_json=as_json)


@_app.command()
def doctor(context: typer.Context, *, database: DatabaseOption = None, as_json: JsonOption = False) -> int:
    """Check database, keyring, Stripe, clock, certificates and fonts; 1 if anything fails."""
    from inkdesk.cli import checkup  # noqa: PLC0415 - loads every library to look at it

    wanted = wanted_of(context, database, as_json=as_json)
    speak(read_preferences(user_places().preferences))
    return say(checkup.answer(lambda: open_wanted(wanted, must_exist=True)), as_json=wanted.as_json)


def _say_usage(wrong: typer.TyperException, *, as_json: bool) -> int:
    param = getattr(wrong, "param", None)
    return refuse(wrong.format_message(), as_json=as_json, field=getattr(param, "name", None) or "")


def _bug() -> InkDeskError:
    return InkDeskError(
        ErrorCode.INTERNAL_ERROR,
        message(
            "Something in InkDesk went wrong. The log {file} has the details; please send it to whoever helps you.",
            file=str(user_places().log),
        ),
    )
