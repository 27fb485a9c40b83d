"""Clients: who is tattooed."""

import unicodedata
from dataclasses import dataclass

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person with a name and, if known, a phone (E.164, e.g. +33612345678) and an e-mail address."""

    id: int = 0
    name: str
    phone: str = ""
    email: str = ""
    note: str = ""
    version: int = 1


MOST_EMAIL = 254
"""The longest address that mail can carry (RFC 5321)."""


def check_client(client: Client) -> None:
    """Raise ValidationError for a nameless client or an address that is none."""
    if not any(unicodedata.category(sign)[0] not in "CZ" for sign in client.name):
        raise ValidationError(message("The client needs a name."), field="client_name")
    if len(client.name) > 200:
        raise ValidationError(message("The client's name is too long. Use up to 200 signs."), field="client_name")
    if client.email and not _is_address(client.email):
        raise ValidationError(
            message("{email} is not an e-mail address. Correct it or leave it empty.", email=client.email[:MOST_EMAIL]),
            field="client_email",
        )


def _is_address(email: str) -> bool:
    local, at, host = email.partition("@")
    is_plain = email.isprintable() and " " not in email and "@" not in host
    return bool(at and local) and "." in host.strip(".") and is_plain and len(email) <= MOST_EMAIL
