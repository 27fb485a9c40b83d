"""Keyrings for tests: one that keeps secrets in memory, and none at all."""

import keyring.backend
import keyring.errors
from typing_extensions import override


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps secrets as long as it lives; it stands in for the system's, so it bears such a backend's name."""

    __module__ = "keyring.backends.SecretService"
    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("there is none")
