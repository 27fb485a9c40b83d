"""The way to Stripe with the key of today."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from typing_extensions import override

from inkdesk.application.ports import ReadUnit, SecretStore
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.domain.studio import Mode

if TYPE_CHECKING:
    from inkdesk.application.payment_gateway import PaymentGateway
    from inkdesk.infrastructure.stripe_api.gateway import StripeGateway


class StripeAccess:
    """Gives the gateway of the present key; the key is read once and again after it was changed.

    ``practice`` is key and URL of the practice Stripe, None if there is none. May be used from any thread: a key that
    is changed while somebody reads it is forgotten when it was read, and a person is asked for it once.
    """

    def __init__(self, read: ReadUnit, secrets: SecretStore, practice: tuple[str, str] | None) -> None:
        self._read = read
        self._secrets = secrets
        self._practice = practice
        self._gateway: StripeGateway | None = None
        self._made: list[StripeGateway] = []
        self._reading = threading.Lock()

    def close(self) -> None:
        """Close the connections of every gateway; an older one may have been in use until now."""
        for gateway in self._made:
            gateway.close()

    def take_reads(self) -> int:
        """Reads since this was last asked, of every gateway there was."""
        return sum(gateway.take_reads() for gateway in self._made)

    def forget(self) -> None:
        """The key may have changed."""
        with self._reading:
            self._gateway = None

    def gateway(self) -> "PaymentGateway":
        """The gateway, made on first use. Raises StripeNotConfigured, SecretStoreUnavailable."""
        with self._reading:
            if self._gateway is None:
                self._gateway = self._make()
                self._made.append(self._gateway)
            return self._gateway

    def _make(self) -> "StripeGateway":
        from inkdesk.application.stripe_key import check_key, key_name  # noqa: PLC0415 - not for the first week

        with self._read() as uow:
            studio = uow.studio.get()
        if studio.mode is Mode.PRACTICE:
            key, base_url = self._practice_access()
        else:
            key, base_url = self._secrets.get(key_name(studio)) or "", None
            check_key(key, studio.mode)
        from inkdesk.infrastructure.stripe_api.gateway import StripeGateway  # noqa: PLC0415 - slow to import

        return StripeGateway(key, studio.mode, base_url=base_url)

    def _practice_access(self) -> tuple[str, str]:
        if self._practice is None:
            raise StripeNotConfigured(
                message(
                    "This is a practice studio, and its practice Stripe runs only with the window. "
                    "Take the deposit in cash, or name a running one with --practice-port."
                )
            )
        return self._practice


class WatchedSecrets(SecretStore):
    """The secret store, which lets the gateway go when a secret changes."""

    def __init__(self, store: SecretStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    @override
    def get(self, name: str) -> str | None:
        return self._store.get(name)

    @override
    def set(self, name: str, secret: str) -> None:
        self._store.set(name, secret)
        self._changed()

    @override
    def delete(self, name: str) -> None:
        self._store.delete(name)
        self._changed()
