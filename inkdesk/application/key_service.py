"""The studio's Stripe key: tried before it is kept, changed without losing what the old one began, removed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from inkdesk.application.account_service import learn_own
from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import GatewayBusy, GatewayMissing, GatewayNotAllowed, GatewayUnreachable
from inkdesk.application.ports import Clock, ReadUnit, SecretStore, UnitOfWork, WriteUnit
from inkdesk.application.stripe_key import (
    KeyProbe,
    check_key,
    key_name,
    needed_rights,
    probe_rights,
    right_words,
    shown_key,
)
from inkdesk.application.units import in_unit
from inkdesk.domain.accounts import StripeAccount
from inkdesk.domain.connect import AccountFacts, unchecked
from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.payments import ASKING, Payment, PaymentMethod
from inkdesk.domain.reconciling import SessionFacts
from inkdesk.domain.studio import Mode, Studio


class KeyGateway(KeyProbe, Protocol):
    """Stripe as a key that is being tried sees it; see ``PaymentGateway``."""

    def account(self, account_id: str = "") -> AccountFacts:
        """The key's own account."""
        ...

    def session(self, session_id: str, account: str = "") -> SessionFacts:
        """One session; GatewayMissing if the key's account does not know it."""
        ...


OpenKey = Callable[[str, Mode], KeyGateway]
"""The way to Stripe with a key that is not kept yet."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What only a key of the present account can finish: links that may still be paid, and refunds under way."""

    links: int = 0
    refunds: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.links or self.refunds)


class KeyService:
    """No call to Stripe is made inside a unit of work, and no key is ever put into one."""

    def __init__(self, write: WriteUnit, read: ReadUnit, secrets: SecretStore, clock: Clock, open_key: OpenKey) -> None:
        self._write = write
        self._read = read
        self._secrets = secrets
        self._clock = clock
        self._open_key = open_key

    def shown(self, studio: Studio) -> str:
        """The stored key as it may be shown, "" if there is none."""
        key = self._secrets.get(key_name(studio))
        return shown_key(key) if key else ""

    def keep(self, typed: str, studio: Studio) -> tuple[str, Changes]:
        """Try a key, and only then keep it; "" tries the stored one again. The answer has it as it may be shown.

        Raises ValidationError (field ``stripe_key``) for one that is refused, also because it is of another account
        while money of the present one is under way; STRIPE_NOT_CONFIGURED for missing rights; SecretStoreUnavailable.
        """
        key = typed or self._secrets.get(key_name(studio)) or ""
        if not key:
            raise ValidationError(message("No key was typed. Paste the one Stripe shows."), field="stripe_key")
        check_key(key, studio.mode)
        try:
            facts, is_other = self._tried(self._open_key(key, studio.mode))
        except (GatewayUnreachable, GatewayBusy) as failure:
            # Its own sentence promises to try again, which only the monitor does.
            raise InkDeskError(
                failure.code,
                message(
                    "Stripe could not be reached, so the key was not checked and nothing was saved. "
                    "Press Save and check again."
                ),
            ) from failure
        if typed:
            self._secrets.set(key_name(studio), typed)
        return shown_key(key), in_unit(self._write, lambda uow: self._remember(uow, facts, is_other=is_other))

    def unfinished(self) -> Unfinished:
        """What a removed key, or one of another account, would leave behind."""
        with self._read() as uow:
            return _count(_under_way(uow))

    def remove(self, studio: Studio) -> None:
        """Forget the stored key; the account stays remembered."""
        self._secrets.delete(key_name(studio))

    def _tried(self, gateway: KeyGateway) -> tuple[AccountFacts | None, bool]:
        """The key's account if it may be seen, and whether it is another one than the studio's."""
        with self._read() as uow:
            accounts, under_way = uow.accounts.all(), _under_way(uow)
        missing = probe_rights(gateway, needed_rights(accounts))
        if missing:
            raise InkDeskError(
                ErrorCode.STRIPE_NOT_CONFIGURED,
                message(
                    "The key lacks these rights: {rights}. Edit it at Stripe or make a new one, then enter it again.",
                    rights=", ".join(map(right_words, missing)),
                ),
                field="stripe_key",
            )
        facts = _account(gateway)
        own = next((one for one in accounts if one.artist_id is None), None)
        is_other = _is_other(gateway, own, facts, under_way)
        if is_other and under_way:
            raise ValidationError(_refusal(_count(under_way)), field="stripe_key")
        return facts, is_other

    def _remember(self, uow: UnitOfWork, facts: AccountFacts | None, *, is_other: bool) -> Changes:
        """The key's account is the studio's from now on; what another one said of the artists' is asked anew."""
        if is_other:
            for account in uow.accounts.all():
                if account.artist_id is None:
                    uow.accounts.remove(account.id)
                else:
                    uow.accounts.save(unchecked(account))
        if facts is not None:
            return learn_own(uow, facts, self._clock.now())
        return Changes(settings=is_other)


def _account(gateway: KeyGateway) -> AccountFacts | None:
    try:
        return gateway.account()
    except GatewayNotAllowed:
        return None  # only artists' accounts need that right


def _is_other(
    gateway: KeyGateway, own: StripeAccount | None, facts: AccountFacts | None, under_way: Sequence[Payment]
) -> bool:
    if own is not None and facts is not None:
        return own.account_id != facts.account_id
    known = next((one for one in under_way if one.session_id and not one.account), None)
    if known is None:
        return False
    try:
        gateway.session(known.session_id)
    except GatewayMissing:
        return True
    return False


def _under_way(uow: UnitOfWork) -> list[Payment]:
    return [one for one in uow.payments.unfinished() if one.method is PaymentMethod.LINK]


def _count(under_way: Sequence[Payment]) -> Unfinished:
    links = sum(one.status in ASKING for one in under_way)
    return Unfinished(links, len(under_way) - links)


def _refusal(left: Unfinished) -> Message:
    return message(
        "This key is of another Stripe account, and the present one still has links that can be paid ({links}) "
        "and refunds under way ({refunds}). Finish or release them first, then enter the key again.",
        links=left.links,
        refunds=left.refunds,
    )
