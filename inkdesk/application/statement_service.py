"""The statement of a month: Stripe's balance transactions beside the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import BookQueries
from inkdesk.application.payment_gateway import GatewayOf, PaymentGateway
from inkdesk.application.ports import Clock, ReadUnit, WriteUnit
from inkdesk.application.progress import Progress
from inkdesk.application.reads import ReadCounter
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.statement import (
    BalanceLine,
    BookLine,
    Difference,
    DifferenceKind,
    Movement,
    StatementTotals,
    add_up,
    compare,
    sources_of,
)

SLICE: Final = timedelta(days=4)
"""Stripe is asked for so much at a time: in between the desk sees how far it is and may stop."""
MOST_LOOKUPS: Final = 50
"""Lines that a month lacks and that are asked for one by one: with another account's key it lacks all of them."""
END: Final = datetime(2199, 1, 1, tzinfo=UTC)
"""Later than any booking can be."""
BEGINNING: Final = datetime(2011, 1, 1, tzinfo=UTC)
"""No Stripe account is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One month of one Stripe account, as Stripe tells it, oldest first, and where the book says otherwise."""

    month: date
    account: str
    zone: ZoneInfo
    lines: Sequence[BalanceLine]
    differences: Sequence[Difference]
    totals: Sequence[StatementTotals]
    book: Mapping[tuple[Movement, str], BookLine]
    """What the book knows, by movement and Stripe's id of its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """An account that has a statement of its own; "" is the studio's, ``artist_name`` "" then."""

    account: str = ""
    artist_name: str = ""


class StatementService:
    """Asks Stripe for a month and compares; what is read counts for the month's allowance."""

    def __init__(
        self, read: ReadUnit, write: WriteUnit, queries: BookQueries, gateway: GatewayOf, clock: Clock
    ) -> None:
        self._read = read
        self._write = write
        self._queries = queries
        self._gateway = gateway
        self._clock = clock

    def accounts(self) -> list[AccountChoice]:
        """The studio's account, and those of artists who are paid by charges of their own."""
        with self._read() as uow:
            names = {artist.id: artist.name for artist in uow.artists.all(with_inactive=True)}
            direct = [one for one in uow.accounts.all() if one.way is ChargeWay.DIRECT and one.account_id]
        theirs = [
            AccountChoice(account=one.account_id, artist_name=names.get(one.artist_id or 0, "")) for one in direct
        ]
        return [AccountChoice(), *theirs]

    def month(self, month: date, progress: Progress, account: str = "") -> Statement | None:
        """The statement of the month that ``month`` lies in, in the studio's zone; None if it was stopped.

        Raises GatewayFailure, StripeNotConfigured, SecretStoreUnavailable.
        """
        with self._read() as uow:
            zone = uow.studio.get().zone_info
        since, until = month_bounds(month, zone)
        gateway = self._gateway()
        try:
            return self._compare(gateway, (since, until), zone, account, progress)
        finally:
            ReadCounter(self._write, self._clock).keep(gateway)

    def _compare(
        self,
        gateway: PaymentGateway,
        bounds: tuple[datetime, datetime],
        zone: ZoneInfo,
        account: str,
        progress: Progress,
    ) -> Statement | None:
        since, until = bounds
        lines = _fetch(gateway, since, min(until, self._clock.now() + timedelta(days=1)), account, progress)
        if lines is None:
            return None
        ours = self._queries.stripe_book(since, until, sources_of(lines), account)
        found = _Elsewhere(gateway, account, progress).sort_out(compare(_of_month(ours, lines, since, until), lines))
        if progress.is_stopped:
            return None
        return Statement(
            month=since.astimezone(zone).date(),
            account=account,
            zone=zone,
            lines=lines,
            differences=found,
            totals=add_up(lines),
            book={(line.movement, line.source_id): line for line in ours},
        )


def month_bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a month on the studio's clock, and that of the next."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), zone).astimezone(UTC), datetime.combine(after, time(), zone).astimezone(UTC)


def _fetch(
    gateway: PaymentGateway, since: datetime, until: datetime, account: str, progress: Progress
) -> list[BalanceLine] | None:
    """Stripe's lines, oldest first; None if the work was stopped."""
    starts = []
    while since < until:
        starts.append(since)
        since += SLICE
    lines: list[BalanceLine] = []
    for number, start in enumerate(starts):
        if not progress.tell(number, len(starts)):
            return None
        lines += gateway.balance_lines(start, min(start + SLICE, until), account)[::-1]
    return lines if progress.tell(len(starts), len(starts)) else None


def _of_month(
    ours: Sequence[BookLine], theirs: Sequence[BalanceLine], since: datetime, until: datetime
) -> list[BookLine]:
    """The book's lines that this month must answer for: its own, and those that Stripe booked in it."""
    booked = {(line.movement, line.source_id) for line in theirs}
    return [one for one in ours if since <= one.at < until or (one.movement, one.source_id) in booked]


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Finds out whether what a month lacks was booked by Stripe in another one, by a read for each such line."""

    gateway: PaymentGateway
    account: str
    progress: Progress

    def sort_out(self, found: Sequence[Difference]) -> list[Difference]:
        """Without what has its counterpart in another month; after MOST_LOOKUPS the rest is told unasked."""
        kept: list[Difference] = []
        asked = 0
        for one in found:
            if one.ours is None or one.kind is not DifferenceKind.MISSING_THERE or asked == MOST_LOOKUPS:
                kept.append(one)
                continue
            asked += 1
            if not self.progress.tell(asked, asked + 1):
                return kept
            if not self._is_booked(one.ours):
                kept.append(one)
        return kept

    def _is_booked(self, line: BookLine) -> bool:
        booked = self.gateway.balance_lines(BEGINNING, END, self.account, line.source_id)
        return any(their.movement is line.movement for their in booked)
