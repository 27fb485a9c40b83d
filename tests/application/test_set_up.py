"""Two desks that set up one empty database at the same moment."""

from dataclasses import replace
from datetime import date
from threading import Barrier

from support.book import NINE_TO_FIVE, a_service, a_studio
from support.race import at_once

from inkdesk.application.studio_service import SetUpCommand, StudioService
from inkdesk.domain.artists import Artist
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import every_week
from inkdesk.domain.studio import Studio
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

NEW_YEAR = date(2026, 1, 1)


def test_two_desks_that_set_up_at_once_make_one_studio(database: Database) -> None:
    service = StudioService(database.read, database.write, LibraryPhoneNumbers())
    artists = tuple(Artist(name=f"Artist {number}", plans=every_week(NINE_TO_FIVE)) for number in range(20))

    def set_up(number: int, barrier: Barrier) -> Studio:
        studio = replace(a_studio(), uid=f"studio-{number}")
        barrier.wait()
        return service.set_up(SetUpCommand(studio=studio, artists=artists, services=(a_service("Small piece"),)))

    answers = at_once(2, set_up)

    refused = [one for one in answers if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [ValidationError]
    assert "holds a studio already" in str(refused[0])
    assert len(service.settings(NEW_YEAR).artists) == 20
