"""What the first painted week does not wait for."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from support.book import a_studio
from support.clock import StandingClock

from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database

LATER = (
    *("sqlalchemy", "alembic", "psycopg", "stripe", "keyring", "phonenumbers", "segno"),
    *("inkdesk.domain.clients", "inkdesk.domain.payments"),
    *("flask", "werkzeug", "typer", "pydantic"),
    *(f"inkdesk.application.{name}_service" for name in ("availability", "booking", "inbox", "payment", "reconcile")),
    *(f"inkdesk.application.{name}" for name in ("contest", "links", "sample", "settlement", "stripe_key")),
    "inkdesk.application.studio_service",
    *("inkdesk.infrastructure.db.queries.search", "inkdesk.infrastructure.db.repositories"),
    *("inkdesk.infrastructure.db.database", "inkdesk.infrastructure.db.migrations"),
    *("inkdesk.practice", "inkdesk.cli", "inkdesk.smoke_test", "inkdesk.ui.help", "inkdesk.ui.start_dialogs"),
    *("inkdesk.ui.booking", "inkdesk.ui.payments", "inkdesk.ui.settings", "inkdesk.ui.welcome"),
)
"""Modules, each with all below it."""
PROGRAM = """
import json, sys
from inkdesk import app

class Watched(app.Program):
    def _begin_work(self):
        loaded = sorted(sys.modules)
        super()._begin_work()
        print(json.dumps(loaded))
        self.window.close()

app.Program = Watched
sys.exit(app.run(app.AppOptions(database=sys.argv[1])))
"""


@pytest.mark.usefixtures("home")
def test_the_first_week_waits_for_nothing_that_it_does_not_show(sqlite_url: str, clock: StandingClock) -> None:
    database = Database.open(sqlite_url, who="test", clock=clock)
    with database.write() as uow:
        uow.studio.add(replace(a_studio(), mode=Mode.LIVE))
        uow.commit()
    database.close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, sqlite_url], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "inkdesk.ui.calendar.view" in loaded
    assert [name for name in loaded if any(f"{name}.".startswith(f"{one}.") for one in LATER)] == []
