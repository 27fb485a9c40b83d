import threading
from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError
from typing_extensions import override

from inkdesk.domain.errors import SecretStoreUnavailable
from inkdesk.infrastructure.secrets import LONGEST, KeyringSecretStore


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in memory; ``before`` runs ahead of every call."""

    priority = 0

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.before = before

    @override
    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        return self.kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


MINE = frozenset({MemoryKeyring.__module__})


def test_a_secret_is_kept_and_forgotten() -> None:
    store = KeyringSecretStore(backend=MemoryKeyring(), allowed=MINE)
    assert store.get("stripe_key") is None
    store.set("stripe_key", "rk_test_abcd")
    assert store.get("stripe_key") == "rk_test_abcd"
    store.delete("stripe_key")
    store.delete("stripe_key")
    assert store.get("stripe_key") is None
    assert store.backend_name() == MemoryKeyring.__module__


NULL: KeyringBackend = null.Keyring()  # type: ignore[no-untyped-call]
FAIL: KeyringBackend = fail.Keyring()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("backend", [NULL, FAIL, MemoryKeyring()])
def test_only_the_systems_keyrings_are_used(backend: KeyringBackend) -> None:
    store = KeyringSecretStore(backend=backend)
    asks: list[Callable[[], object]] = [
        lambda: store.get("x"),
        lambda: store.set("x", "y"),
        lambda: store.delete("x"),
        store.backend_name,
    ]
    for ask in asks:
        with pytest.raises(SecretStoreUnavailable):
            ask()


def test_a_backend_that_takes_and_drops_is_found_out() -> None:
    store = KeyringSecretStore(backend=NULL, allowed=frozenset({null.__name__}))
    with pytest.raises(SecretStoreUnavailable, match="did not keep"):
        store.set("stripe_key", "rk_test_abcd")


def test_no_backend_at_all_is_said() -> None:
    store = KeyringSecretStore(backend=FAIL, allowed=frozenset({fail.__name__}))
    with pytest.raises(SecretStoreUnavailable, match="no keyring"):
        store.get("stripe_key")


def test_a_locked_keyring_is_said() -> None:
    def locked() -> None:
        raise KeyringLocked("rk_test_abcd")

    store = KeyringSecretStore(backend=MemoryKeyring(locked), allowed=MINE)
    with pytest.raises(SecretStoreUnavailable, match="locked") as refused:
        store.get("stripe_key")
    assert "rk_test" not in str(refused.value)


def test_a_question_nobody_answers_ends_in_time() -> None:
    answered = threading.Event()
    store = KeyringSecretStore(backend=MemoryKeyring(lambda: _hang(answered)), allowed=MINE, timeout_s=0.05)
    with pytest.raises(SecretStoreUnavailable, match="does not answer"):
        store.get("stripe_key")
    answered.set()


def _hang(answered: threading.Event) -> None:
    answered.wait(10)


@pytest.mark.parametrize("secret", ["", "x" * (LONGEST + 1)])
def test_what_no_keyring_can_hold_is_refused(secret: str) -> None:
    backend = MemoryKeyring()
    with pytest.raises(SecretStoreUnavailable):
        KeyringSecretStore(backend=backend, allowed=MINE).set("stripe_key", secret)
    assert backend.kept == {}


def test_a_bug_in_a_backend_stays_a_bug() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        KeyringSecretStore(backend=MemoryKeyring(broken), allowed=MINE).get("stripe_key")
