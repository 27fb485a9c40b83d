"""The commands of artists' Stripe accounts: list them, say how an artist is paid, ask Stripe how they stand."""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from inkdesk.application.account_service import AccountCommand, AccountLine
from inkdesk.application.account_words import line_words, state_words
from inkdesk.application.entry import parse_percent
from inkdesk.application.services import Services
from inkdesk.cli.inputs import one_named
from inkdesk.cli.options import DatabaseOption, JsonOption
from inkdesk.cli.output import Answer, instant
from inkdesk.cli.running import run
from inkdesk.cli.work import settings_of
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.artists import Artist
from inkdesk.domain.errors import InkDeskError

app = typer.Typer(help="Artists' Stripe accounts: list, set, check.", rich_markup_mode=None)

ArtistArgument = Annotated[str, typer.Argument(metavar="ARTIST", help="The artist's name or id.")]


@app.command("list")
def list_(context: typer.Context, *, database: DatabaseOption = None, as_json: JsonOption = False) -> int:
    """List who is paid how, the studio's own account first."""
    return run(context, database, lambda opened: listed(opened.services), as_json=as_json)


@app.command("set")
def set_(
    context: typer.Context,
    artist: ArtistArgument,
    *,
    way: Annotated[ChargeWay, typer.Option(help="Whose charge a link is.")],
    account: Annotated[str, typer.Option(metavar="ACCT", help="The artist's connected account, acct_...")] = "",
    fee: Annotated[str, typer.Option(metavar="PERCENT", help="What the studio keeps, for example 12.5.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say how an artist is paid, and ask Stripe whether the account is ready."""
    return run(context, database, lambda opened: entered(opened.services, artist, way, account, fee), as_json=as_json)


@app.command()
def check(
    context: typer.Context,
    artist: Annotated[str, typer.Argument(metavar="[ARTIST]", help="Name or id; everybody if left out.")] = "",
    *,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask Stripe how the accounts stand."""
    return run(context, database, lambda opened: checked(opened.services, artist), as_json=as_json)


def listed(services: Services) -> Answer:
    """Every account."""
    return _answer(services, services.payments.accounts.lines())


def entered(services: Services, typed: str, way: ChargeWay, account: str, fee: str) -> Answer:
    """One artist's account, stored and asked about; if Stripe does not answer it is stored all the same."""
    artist = _artist(services, typed)
    accounts = services.payments.accounts
    before = _line(services, artist.id).account
    is_kept = way is ChargeWay.OWN and before is not None and not account
    accounts.save(
        AccountCommand(
            artist_id=artist.id,
            way=way,
            account_id=before.account_id if is_kept and before is not None else account.strip(),
            fee_basis_points=parse_percent(fee),
            version=before.version if before is not None else 0,
        )
    )
    failure = None if way is ChargeWay.OWN else _checked(services, artist.id)
    line = _line(services, artist.id)
    return Answer(_data(line, _zone(services)), _lines(line), error=failure)


def checked(services: Services, typed: str) -> Answer:
    """One artist's account, or all of them; a failure at Stripe ends it."""
    if typed:
        artist = _artist(services, typed)
        services.payments.accounts.check(artist.id)
        line = _line(services, artist.id)
        return Answer(_data(line, _zone(services)), _lines(line))
    for line in services.payments.accounts.lines():
        if line.artist_id is None or (line.account is not None and line.account.way is not ChargeWay.OWN):
            services.payments.accounts.check(line.artist_id)
    return listed(services)


def _checked(services: Services, artist_id: int) -> InkDeskError | None:
    try:
        services.payments.accounts.check(artist_id)
    except InkDeskError as failure:
        return failure
    return None


def _artist(services: Services, typed: str) -> Artist:
    return one_named(typed, settings_of(services).artists, "artist")


def _line(services: Services, artist_id: int) -> AccountLine:
    known = {one.artist_id: one for one in services.payments.accounts.lines()}
    artist = next(one for one in settings_of(services).artists if one.id == artist_id)
    return known.get(artist_id, AccountLine(artist_id=artist_id, name=artist.name, account=None))


def _zone(services: Services) -> ZoneInfo:
    return settings_of(services).studio.zone_info


def _answer(services: Services, lines: Sequence[AccountLine]) -> Answer:
    zone = _zone(services)
    return Answer([_data(one, zone) for one in lines], [words for one in lines for words in _lines(one)])


def _lines(line: AccountLine) -> list[str]:
    state = state_words(line)
    return [line_words(line), *([f"  {state}"] if state else [])]


def _data(line: AccountLine, zone: ZoneInfo) -> dict[str, object]:
    account = line.account
    at = account.checked_at if account is not None else None
    return {
        "artist_id": line.artist_id,
        "name": line.name,
        "way": account.way.value if account is not None else ChargeWay.OWN.value,
        "account": account.account_id if account is not None else "",
        "fee_basis_points": account.fee_basis_points if account is not None else None,
        "ready": account.is_ready if account is not None else None,
        "problem": account.problem if account is not None else "",
        "checked_at": None if at is None else instant(at.astimezone(zone)),
    }
