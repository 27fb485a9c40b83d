"""Artists: a list with one form each."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist
from inkdesk.ui.settings.artist_dialog import ArtistDialog, colour_names, swatch
from inkdesk.ui.settings.presenter import Failed, Saved, SettingsPresenter
from inkdesk.ui.settings.record_section import RecordSection


class ArtistsSection(RecordSection[Artist]):
    """Everybody who tattoos."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            presenter,
            tr("Artists"),
            tr("Who tattoos, and when. An archived artist keeps the past bookings and takes no new ones."),
            tr("No artist yet. Add one: nothing can be booked without."),
            tr("&Add artist"),
            parent,
        )

    @override
    def records(self, settings: StudioSettings) -> Sequence[Artist]:
        return settings.artists

    @override
    def new(self, settings: StudioSettings) -> Artist:
        used = {artist.colour for artist in settings.artists if artist.is_active}
        free = (colour for colour, _ in colour_names() if colour not in used)
        return Artist(name="", colour=next(free, colour_names()[0][0]))

    @override
    def row_text(self, record: Artist) -> str:
        if not record.is_active:
            return tr("{name}, archived", name=record.name)
        if record.is_guest and record.stays_until is not None:
            return tr("{name}, guest until {day}", name=record.name, day=record.stays_until)
        if not any(day for plan in record.plans for week in plan.weeks for day in week):
            return tr("{name}, no working hours yet", name=record.name)
        return record.name

    @override
    def row_icon(self, record: Artist) -> QIcon:
        return swatch(record.colour)

    @override
    def dialog(self, record: Artist, settings: StudioSettings, today: date) -> ArtistDialog:
        return ArtistDialog(record, today, self.save, lambda: self.reopen(record.id), self.window())

    @override
    def save(self, record: Artist, done: Saved, failed: Failed) -> None:
        self.presenter.save_artist(record, done, failed)
