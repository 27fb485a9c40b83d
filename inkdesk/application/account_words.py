"""Artists' accounts in words: for the settings and the command line."""

from inkdesk.application.account_service import AccountLine
from inkdesk.application.text import language, render, tr
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.connect import problem_words


def way_words(way: ChargeWay) -> str:
    """Whose charge a payment is, in a few words."""
    match way:
        case ChargeWay.OWN:
            return tr("The studio's account")
        case ChargeWay.DESTINATION:
            return tr("The studio's account, handed on to the artist's")
        case ChargeWay.DIRECT:
            return tr("The artist's own account")


def percent_words(basis_points: int | None) -> str:
    """A fee as ``parse_percent`` reads it, without its sign; "" for none."""
    if basis_points is None:
        return ""
    whole, rest = divmod(basis_points, 100)
    point = "," if language() == "fr" else "."
    return f"{whole}{point}{rest:02d}".rstrip("0").rstrip(point) if rest else str(whole)


def line_words(line: AccountLine) -> str:
    """A line of the list: who, how, and with which account."""
    account = line.account
    if line.artist_id is None:
        id_ = account.account_id if account is not None else tr("not known yet")
        return tr("{name}, the studio's own account: {account}", name=line.name, account=id_)
    if account is None or account.way is ChargeWay.OWN:
        return tr("{name}: the studio's account", name=line.name)
    if account.way is ChargeWay.DIRECT:
        words = tr("{name}: charged by {account} itself", name=line.name, account=account.account_id)
    else:
        words = tr("{name}: charged by the studio, handed on to {account}", name=line.name, account=account.account_id)
    fee = percent_words(account.fee_basis_points)
    return words + (tr(", the studio keeps {percent} %", percent=fee) if account.fee_basis_points else "")


def state_words(line: AccountLine) -> str:
    """Whether the account can be paid, or what is missing; "" if it is not used."""
    account = line.account
    if account is None or (line.artist_id is not None and account.way is ChargeWay.OWN):
        return ""
    if account.checked_at is None:
        return tr("Not checked yet")
    if account.is_ready:
        return tr("Ready; checked {when}", when=account.checked_at)
    return tr("{problem} Checked {when}", problem=render(problem_words(account, line.name)), when=account.checked_at)
