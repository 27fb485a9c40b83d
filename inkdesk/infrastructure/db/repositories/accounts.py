"""Stripe accounts of the studio and its artists."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.message import message
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.session import Session


class SqlAccountRepository:
    """One account per artist at most, and one of the studio itself."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[StripeAccount]:
        """Every account, the studio's own first."""
        account = t.stripe_account.c
        query = select(t.stripe_account).where(account.studio_id == self._session.studio_id)
        found = [_to_account(row) for row in self._session.rows(query.order_by(account.id))]
        return sorted(found, key=lambda one: (one.artist_id is not None, one.id))

    def of_artist(self, artist_id: int | None) -> StripeAccount | None:
        """An artist's account, or the studio's own (None), if it is known."""
        return next((one for one in self.all() if one.artist_id == artist_id), None)

    def save(self, account: StripeAccount) -> StripeAccount:
        """Store a new account or changes of one; StaleRecord on a version conflict."""
        values = _values(account)
        if not account.id:
            return replace(account, id=self._session.insert(t.stripe_account, {"version": 1, **values}), version=1)
        stale = message("This account was changed at another desk. Open it again and repeat the change.")
        version = self._session.save(t.stripe_account, account.id, account.version, values, stale)
        return replace(account, version=version)

    def remove(self, account_id: int) -> None:
        """Forget an account; unknown ids are ignored."""
        mine = (t.stripe_account.c.id == account_id) & (t.stripe_account.c.studio_id == self._session.studio_id)
        self._session.write(t.stripe_account.delete().where(mine))


def _to_account(row: Row[Any]) -> StripeAccount:
    return StripeAccount(
        id=row.id,
        artist_id=row.artist_id,
        account_id=row.account_id,
        way=ChargeWay(row.way),
        fee_basis_points=row.fee_basis_points,
        is_ready=row.is_ready,
        problem=row.problem,
        checked_at=row.checked_at,
        version=row.version,
    )


def _values(account: StripeAccount) -> dict[str, Any]:
    return {
        "artist_id": account.artist_id,
        "account_id": account.account_id,
        "way": account.way.value,
        "fee_basis_points": account.fee_basis_points,
        "is_ready": account.is_ready,
        "problem": account.problem,
        "checked_at": account.checked_at,
    }
