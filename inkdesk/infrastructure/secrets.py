"""Secrets in the operating system's keyring. There is no other place: not a file, not a setting."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from typing_extensions import override

from inkdesk.application.ports import SecretStore
from inkdesk.domain.errors import SecretStoreUnavailable
from inkdesk.domain.message import Message, message

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "InkDesk"
LONGEST: Final = 1280
"""Windows keeps no more signs than that."""
SYSTEM_BACKENDS: Final = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
"""Modules of the backends that keep secrets; the null backend takes them and drops them."""
_CHAIN: Final = "keyring.backends.chainer"
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class KeyringSecretStore(SecretStore):
    """The SecretStore port over ``keyring``.

    ``backend`` None takes the one the system offers; only modules in ``allowed`` are used. A call waits at most
    ``timeout_s`` seconds, because the system may ask a person for a password.
    """

    def __init__(
        self,
        *,
        backend: "KeyringBackend | None" = None,
        allowed: frozenset[str] = SYSTEM_BACKENDS,
        timeout_s: float = 60.0,
    ) -> None:
        self._given = backend
        self._allowed = allowed
        self._timeout_s = timeout_s

    @override
    def get(self, name: str) -> str | None:
        return self._ask(lambda backend: backend.get_password(SERVICE, name))

    @override
    def set(self, name: str, secret: str) -> None:
        if not secret or len(secret) > LONGEST:
            raise SecretStoreUnavailable(message("A secret has 1 to {most} signs. Enter a shorter one.", most=LONGEST))

        def keep(backend: "KeyringBackend") -> str | None:
            backend.set_password(SERVICE, name, secret)
            return backend.get_password(SERVICE, name)

        if self._ask(keep) != secret:
            raise SecretStoreUnavailable(
                message("The system's keyring took the secret but did not keep it. Check the keyring, then try again.")
            )

    @override
    def delete(self, name: str) -> None:
        def forget(backend: "KeyringBackend") -> None:
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        self._ask(forget)

    def backend_name(self) -> str:
        """Which keyring is used, for the doctor; SecretStoreUnavailable if there is none that keeps secrets."""
        return self._ask(lambda backend: type(backend).__module__)

    def _ask(self, work: "Callable[[KeyringBackend], _T]") -> _T:
        return _bounded(lambda: work(self._backend()), self._timeout_s)

    def _backend(self) -> "KeyringBackend":
        import keyring  # noqa: PLC0415 - slow to import, and not every run needs a secret

        backend = self._given or keyring.get_keyring()
        if not self._is_allowed(backend):
            raise SecretStoreUnavailable(_NO_KEYRING)
        return backend

    def _is_allowed(self, backend: "KeyringBackend") -> bool:
        module = type(backend).__module__
        if module == _CHAIN:
            links = list(getattr(backend, "backends", ()))
            return bool(links) and all(self._is_allowed(link) for link in links)
        return module in self._allowed


_NO_KEYRING: Message = message(
    "This computer has no keyring that keeps secrets. Install or start one "
    "(on Linux GNOME Keyring or KWallet), then try again."
)
_LOCKED: Message = message("The system's keyring is locked or refused. Unlock it, then try again.")
_NO_ANSWER: Message = message(
    "The system's keyring does not answer. Look for its question on the screen, then try again."
)


class _Answer(Generic[_T]):
    """What the keyring's own thread found."""

    def __init__(self) -> None:
        self.value: list[_T] = []
        self.error: Exception | None = None


def _bounded(work: Callable[[], _T], timeout_s: float) -> _T:
    """Do ``work`` in a thread of its own, so that a question nobody answers cannot hold the caller for ever."""
    answer: _Answer[_T] = _Answer()

    def run() -> None:
        try:
            answer.value.append(work())
        except Exception as error:  # noqa: BLE001 - handed to the caller, who tells known from bug
            answer.error = error

    thread = threading.Thread(target=run, name="keyring", daemon=True)  # noqa: TID251 - waits for a person, bounded
    thread.start()
    thread.join(timeout_s)
    if thread.is_alive():
        raise SecretStoreUnavailable(_NO_ANSWER)
    if answer.error is not None:
        raise _known(answer.error)
    return answer.value[0]


def _known(error: Exception) -> Exception:
    from keyring.errors import KeyringError, NoKeyringError  # noqa: PLC0415 - see KeyringSecretStore

    match error:
        case NoKeyringError():
            return SecretStoreUnavailable(_NO_KEYRING)
        case KeyringError():
            _log.warning("the keyring refused: %s", type(error).__name__)
            return SecretStoreUnavailable(_LOCKED)
        case _:
            return error
