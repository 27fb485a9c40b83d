"""What the use cases need of stored clients."""

from collections.abc import Collection
from typing import Protocol

from inkdesk.domain.clients import Client


class ClientRepository(Protocol):
    """Clients."""

    def get(self, client_id: int) -> Client:
        """One client; ValidationError if there is none."""
        ...

    def by_ids(self, client_ids: Collection[int]) -> list[Client]:
        """These clients, by id; one that is not in the book is left out."""
        ...

    def add(self, client: Client) -> Client:
        """Store a new client; the answer has the id."""
        ...

    def save(self, client: Client) -> Client:
        """Store changes; StaleRecord on a version conflict."""
        ...

    def by_phone(self, phone: str) -> list[Client]:
        """Clients with exactly this E.164 number."""
        ...
