"""The studio."""

from typing import Any

from sqlalchemy import select

from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Studio
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.rows import to_studio
from inkdesk.infrastructure.db.session import Session, no_studio


class SqlStudioRepository:
    """The one studio of a unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self) -> Studio | None:
        """The studio, or None in an empty database."""
        found = self._session.remembered("studio", self._read)
        if found is not None:
            self._session.studio_is(found.id)
        return found

    def get(self) -> Studio:
        """The studio; ValidationError in an empty database."""
        found = self.find()
        if found is None:
            raise no_studio()
        return found

    def add(self, studio: Studio) -> Studio:
        """Store the first studio; ValidationError if there is one, also if another desk was faster just now."""
        self._session.connection.execute(select(t.schema_info.c.only_row).with_for_update())  # one desk after the other
        if self._session.find_studio_id() is not None:
            raise ValidationError(message("This database holds a studio already. Open it, or choose another file."))
        statement = t.studio.insert().values(**_values(studio), version=1).returning(t.studio.c.id)
        studio_id = int(self._session.write(statement).scalar_one())
        self._session.write(t.write_count.insert().values(studio_id=studio_id, writes=0))
        return self.get()

    def save(self, studio: Studio) -> Studio:
        """Store changes; StaleRecord if ``version`` is not the stored one."""
        statement = (
            t.studio.update()
            .where(t.studio.c.id == studio.id, t.studio.c.version == studio.version)
            .values(**_values(studio), version=studio.version + 1)
        )
        if self._session.write(statement).rowcount != 1:
            raise StaleRecord(
                message("The studio's settings were changed at another desk. Open them again and repeat the change.")
            )
        return self.get()

    def _read(self) -> Studio | None:
        rows = self._session.rows(_STUDIO)
        return to_studio(rows[0]) if rows else None


_STUDIO = select(t.studio).order_by(t.studio.c.id).limit(1)
"""A unit of work is about one studio: today, the first."""


def _values(studio: Studio) -> dict[str, Any]:
    return {
        "uid": studio.uid,
        "name": studio.name,
        "zone": studio.zone,
        "currency": studio.currency,
        "mode": studio.mode.value,
        "hold_policy": studio.hold_policy.value,
        "hold_s": studio.hold_s,
        "slot_step_s": studio.slot_step_s,
        "alignment": studio.alignment.value,
        "minimum_notice_s": studio.minimum_notice_s,
        "horizon_days": studio.horizon_days,
        "first_date": studio.first_date,
        "last_date": studio.last_date,
        "open_days": studio.open_days,
        "success_url": studio.success_url,
        "phone_region": studio.phone_region,
        "receipt_header": studio.receipt_header,
    }
