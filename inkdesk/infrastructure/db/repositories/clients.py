"""Clients."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from inkdesk.domain.clients import Client
from inkdesk.domain.folding import fold
from inkdesk.domain.message import message
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.names import digits_reversed, name_tokens
from inkdesk.infrastructure.db.session import Session


class SqlClientRepository:
    """Clients, with the words of their names kept for the search."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, client_id: int) -> Client:
        """One client; ValidationError if there is none."""
        query = select(t.client).where(t.client.c.id == client_id, t.client.c.studio_id == self._session.studio_id)
        return to_client(self._session.one(query, message("This client is not known here. Choose another client.")))

    def by_ids(self, client_ids: Collection[int]) -> list[Client]:
        """These clients, by id; one that is not in the book is left out."""
        mine = (t.client.c.studio_id == self._session.studio_id) & t.client.c.id.in_(client_ids)
        return [to_client(row) for row in self._session.rows(select(t.client).where(mine).order_by(t.client.c.id))]

    def add(self, client: Client) -> Client:
        """Store a new client; the answer has the id."""
        client_id = self._session.insert(t.client, {"version": 1, **_values(client)})
        self._set_tokens(client_id, client.name)
        return replace(client, id=client_id, version=1)

    def save(self, client: Client) -> Client:
        """Store changes; StaleRecord on a version conflict."""
        version = self._session.save(
            t.client,
            client.id,
            client.version,
            _values(client),
            message("{client} was changed at another desk. Open the client again and repeat it.", client=client.name),
        )
        self._session.write(t.client_name_token.delete().where(t.client_name_token.c.client_id == client.id))
        self._set_tokens(client.id, client.name)
        return replace(client, version=version)

    def by_phone(self, phone: str) -> list[Client]:
        """Clients with exactly this E.164 number, by id; none for an empty number."""
        if not phone:
            return []
        mine = (t.client.c.studio_id == self._session.studio_id) & (t.client.c.phone == phone)
        return [to_client(row) for row in self._session.rows(select(t.client).where(mine).order_by(t.client.c.id))]

    def _set_tokens(self, client_id: int, name: str) -> None:
        studio_id = self._session.studio_id
        rows = [{"studio_id": studio_id, "client_id": client_id, "token": token} for token in name_tokens(name)]
        self._session.insert_many(t.client_name_token, rows)


def to_client(row: Row[Any]) -> Client:
    """A row of ``client``."""
    return Client(id=row.id, name=row.name, phone=row.phone, email=row.email, note=row.note, version=row.version)


def _values(client: Client) -> dict[str, Any]:
    return {
        "name": client.name,
        "phone": client.phone,
        "email": client.email,
        "note": client.note,
        "name_folded": fold(client.name),
        "digits_reversed": digits_reversed(client.phone),
    }
