"""Artists' Stripe accounts: who is paid how, and whether Stripe lets them be."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.changes import Changes
from inkdesk.application.checkout import route_of
from inkdesk.application.payment_gateway import (
    GatewayFailure,
    GatewayMissing,
    GatewayNoAccount,
    GatewayNotAllowed,
    GatewayOf,
    PaymentGateway,
    no_pulse,
)
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import afresh, in_unit
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.connect import AccountFacts, check_account, problem_of, unchecked
from inkdesk.domain.errors import SecretStoreUnavailable, StaleRecord, StripeNotConfigured, ValidationError
from inkdesk.domain.message import message

DAILY: Final = timedelta(days=1)
HOURLY: Final = timedelta(hours=1)
"""How often Stripe is asked about an account that is not ready, until it is."""
SILENCE: Final = timedelta(minutes=1)
"""A key that Stripe did not answer about is not asked about again for so long: each try may take its whole time-out."""
_log = logging.getLogger(__name__)


_PASSING: Final = (GatewayFailure, StripeNotConfigured, SecretStoreUnavailable, StaleRecord, ValidationError)
"""Why one account was not looked at this time; the others are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An artist, or the studio itself (``artist_id`` None), and the account if there is one."""

    artist_id: int | None
    name: str
    account: StripeAccount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCommand:
    """How an artist is paid; ``version`` is the stored account's that was changed, 0 if there was none."""

    artist_id: int
    way: ChargeWay
    account_id: str
    fee_basis_points: int | None
    version: int


@dataclass(slots=True)
class Learned:
    """What this program knows without asking Stripe again; services that write by different units of work share it.

    ``tried`` is when an account was last asked about, ``key`` a gateway and the studio's account that it is of,
    ``silent`` a gateway that did not answer about its account, and when.
    """

    tried: dict[int | None, datetime] = field(default_factory=dict)
    key: tuple[PaymentGateway, str] | None = None
    silent: tuple[PaymentGateway, datetime] | None = None


class AccountService:
    """Whose account a payment goes to. No call to Stripe is made inside a unit of work."""

    def __init__(self, write: WriteUnit, read: ReadUnit, gateway: GatewayOf, clock: Clock) -> None:
        self._write = write
        self._read = read
        self._gateway = gateway
        self._clock = clock
        self.learned = Learned()

    def lines(self) -> list[AccountLine]:
        """The studio first, then its active artists and those archived ones that have an account."""
        with self._read() as uow:
            known = {one.artist_id: one for one in reversed(uow.accounts.all())}  # as ``of_artist``: the first counts
            studio, artists = uow.studio.get(), uow.artists.all(with_inactive=True)
        shown = [one for one in artists if one.is_active or one.id in known]
        return [
            AccountLine(artist_id=None, name=studio.name, account=known.get(None)),
            *(AccountLine(artist_id=one.id, name=one.name, account=known.get(one.id)) for one in shown),
        ]

    def save(self, command: AccountCommand) -> Changes:
        """Say how an artist is paid from now on; links that exist stay as they are.

        An account that is new, or paid in another way, counts as not ready until ``check``. ValidationError for one
        that cannot be right, StaleRecord if another desk changed it meanwhile.
        """
        return in_unit(self._write, lambda uow: _save(uow, command))

    def check(self, artist_id: int | None) -> Changes:
        """Ask Stripe how an artist's account stands, or the studio's own (None), and remember it.

        Raises ValidationError for an artist without one, StripeNotConfigured if this computer's key is of another
        account than the studio's, GatewayFailure if Stripe does not say.
        """
        self.learned.tried[artist_id] = self._clock.now()
        if artist_id is None:
            gateway = self._gateway()
            own = gateway.account()
            self.learned.key = (gateway, own.account_id)
            return afresh(self._write, lambda uow: learn_own(uow, own, self._clock.now()))
        account_id = self._id_of(artist_id)
        facts = self._facts(account_id)
        return afresh(self._write, lambda uow: self._learn(uow, artist_id, account_id, facts))

    def check_key(self, gateway: PaymentGateway) -> None:
        """Raise StripeNotConfigured if this computer's key is of another account than the studio's.

        Another desk may have changed the account since the key was kept here. Stripe is asked once for a key and an
        account, and no more than once a minute; nothing is said while it does not answer, or if the key may not look at
        accounts.
        """
        with self._read() as uow:
            own = uow.accounts.of_artist(None)
        if own is None or self.learned.key == (gateway, own.account_id) or self._was_silent(gateway):
            return
        try:
            _check_same(own, gateway.account())
        except GatewayNotAllowed:
            pass
        except GatewayFailure:
            self.learned.silent = (gateway, self._clock.now())
            return
        self.learned.key = (gateway, own.account_id)

    def check_due(self, pulse: Callable[[], None] = no_pulse) -> Changes:
        """Ask about every account nobody asked about for a day, or an hour if it was not ready; failures wait.

        ``pulse`` is called before each.
        """
        with self._read() as uow:
            known = {one.artist_id: one for one in uow.accounts.all()}
        wanted = [None, *(artist for artist, one in known.items() if artist is not None and _is_used(one))]
        return self._each([artist for artist in wanted if self._is_due(artist, known.get(artist))], pulse)

    def look_again(self, account_ids: Collection[str], pulse: Callable[[], None] = no_pulse) -> Changes:
        """Ask about these accounts now: Stripe said that they changed, or refused a call for them."""
        with self._read() as uow:
            found = [one for one in uow.accounts.all() if one.account_id in account_ids]
        return self._each([one.artist_id for one in found if one.artist_id is None or _is_used(one)], pulse)

    def check_ready(self, artist_id: int | None) -> None:
        """Raise StripeNotConfigured if this artist cannot be paid by link now; None: no artist is chosen yet.

        An account that is known not to be ready is asked about once more: somebody may have mended it since.
        """
        try:
            self._route(artist_id)
        except StripeNotConfigured as refusal:
            if not self._each(self._stopped(artist_id)):
                raise refusal from None
            self._route(artist_id)

    def _route(self, artist_id: int | None) -> None:
        with self._read() as uow:
            route_of(uow, artist_id)

    def _stopped(self, artist_id: int | None) -> list[int | None]:
        with self._read() as uow:
            asked = {artist_id: uow.accounts.of_artist(artist_id), None: uow.accounts.of_artist(None)}
        return [
            key for key, one in asked.items() if one is not None and not one.is_ready and (not key or _is_used(one))
        ]

    def _each(self, artist_ids: Collection[int | None], pulse: Callable[[], None] = no_pulse) -> Changes:
        changes = Changes()
        for artist_id in artist_ids:
            pulse()
            try:
                changes |= self.check(artist_id)
            except _PASSING as failure:
                _log.info("the account of %s was not checked: %s", artist_id or "the studio", type(failure).__name__)
        return changes

    def _was_silent(self, gateway: PaymentGateway) -> bool:
        if self.learned.silent is None or self.learned.silent[0] is not gateway:
            return False
        return timedelta() <= self._clock.now() - self.learned.silent[1] < SILENCE

    def _is_due(self, artist_id: int | None, account: StripeAccount | None) -> bool:
        checked = account.checked_at if account is not None else None
        last = max((at for at in (checked, self.learned.tried.get(artist_id)) if at is not None), default=None)
        wait = HOURLY if account is not None and not account.is_ready else DAILY
        return last is None or self._clock.now() - last >= wait

    def _id_of(self, artist_id: int) -> str:
        with self._read() as uow:
            account = uow.accounts.of_artist(artist_id)
        if account is None or not account.account_id:
            raise ValidationError(
                message("This artist has no Stripe account of their own. Enter one first."), field="account_id"
            )
        return account.account_id

    def _facts(self, account_id: str) -> AccountFacts | None:
        try:
            return self._gateway().account(account_id)
        except (GatewayNoAccount, GatewayMissing):
            return None

    def _learn(self, uow: UnitOfWork, artist_id: int, account_id: str, facts: AccountFacts | None) -> Changes:
        account = uow.accounts.of_artist(artist_id)
        if account is None or account.account_id != account_id:
            return Changes()  # another desk entered another one meanwhile
        uow.accounts.save(_seen(account, facts, self._clock.now()))
        return Changes(settings=True)


_OWN_ACCOUNT: Final = "own_account"
"""A remembered value that two desks cannot write at once."""


def learn_own(uow: UnitOfWork, facts: AccountFacts, now: datetime) -> Changes:
    """Within a unit of work: remember how the studio's own account stands; StripeNotConfigured for another one's."""
    account = uow.accounts.of_artist(None)
    if account is None:
        uow.payments.set_poll_state({_OWN_ACCOUNT: facts.account_id})  # a row that is not there yet cannot be locked
        account = uow.accounts.of_artist(None) or StripeAccount(artist_id=None, account_id=facts.account_id)
    _check_same(account, facts)
    uow.accounts.save(_seen(account, facts, now))
    return Changes(settings=True)


def _check_same(own: StripeAccount, facts: AccountFacts) -> None:
    if own.account_id != facts.account_id:
        raise StripeNotConfigured(
            message(
                "This computer's Stripe key is of another account ({other}) than the studio's payments ({own}). "
                "Enter a key of the studio's account in Settings, Stripe.",
                other=facts.account_id,
                own=own.account_id,
            )
        )


def _seen(account: StripeAccount, facts: AccountFacts | None, now: datetime) -> StripeAccount:
    problem = problem_of(facts, account.way)
    return replace(account, is_ready=not problem, problem=problem, checked_at=now)


def _is_used(account: StripeAccount) -> bool:
    return account.way is not ChargeWay.OWN


def _save(uow: UnitOfWork, command: AccountCommand) -> Changes:
    artist = uow.artists.get(command.artist_id)
    uow.bookings.lock_resources([artist.resource_id])  # a row that is not there yet cannot be locked itself
    stored = uow.accounts.of_artist(artist.id)
    before = stored or StripeAccount(artist_id=artist.id, account_id="")
    wanted = replace(
        before,
        way=command.way,
        account_id=command.account_id,
        fee_basis_points=command.fee_basis_points,
        version=command.version,
    )
    check_account(wanted)
    _check_not_own(uow, wanted)
    if (wanted.account_id, wanted.way) != (before.account_id, before.way):
        wanted = unchecked(wanted)
    uow.accounts.save(wanted)
    return Changes(settings=True)


def _check_not_own(uow: UnitOfWork, wanted: StripeAccount) -> None:
    own = uow.accounts.of_artist(None)
    if own is not None and wanted.account_id == own.account_id:
        raise ValidationError(
            message("This is the studio's own account. Choose the studio's account, or enter the artist's."),
            field="account_id",
        )
