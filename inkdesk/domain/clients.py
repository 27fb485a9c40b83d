"""Clients: who is tattooed."""

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


def check_client(client: Client) -> None:
    """Raise ValidationError for a nameless client or an address that is none."""
    if not client.name.strip():
        raise ValidationError(message("The client needs a name."), field="client_name")
    if len(client.name) > 200:
        raise ValidationError(message("The client's name is too long. Use up to 200 signs."), field="client_name")
    local, at, host = client.email.partition("@")
    if client.email and not (at and local and "." in host and " " not in client.email):
        raise ValidationError(
            message("{email} is not an e-mail address. Correct it or leave it empty.", email=client.email),
            field="client_email",
        )
