"""Who is away, when the studio is closed, and dates with other hours."""

from collections.abc import Hashable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QDialog, QWidget

from inkdesk.application.entry import format_hours
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import formats, tr
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.ui.settings.leave_dialogs import LeaveDialog, OverrideDialog
from inkdesk.ui.settings.list_section import ListSection
from inkdesk.ui.settings.presenter import SettingsPresenter


class LeaveSection(ListSection):
    """Leave and closures from today on, and dates with other hours."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Leave and other hours"),
            tr("Who is away, when the studio is closed, and single dates with other hours, from today on."),
            tr("Nobody is away, and every date has its weekly hours."),
            parent,
        )
        self._presenter = presenter
        self._settings: StudioSettings | None = None
        self._entries: tuple[Leave | DateOverride, ...] = ()
        self._today = date.min
        self.add_leave = self.add_button(tr("&Add leave"), "primary")
        self.add_override = self.add_button(tr("Add &other hours"))
        self.remove = self.add_button(tr("&Remove"), "danger")
        self.add_leave.clicked.connect(self._open_leave)
        self.add_override.clicked.connect(self._open_override)
        self.remove.clicked.connect(self._remove)

    def show_settings(self, settings: StudioSettings, today: date) -> None:
        """Show what is entered from today on."""
        self._settings, self._today = settings, today
        names = {artist.id: artist.name for artist in settings.artists}
        self._entries = (*settings.leaves, *sorted(settings.overrides, key=lambda one: (one.on, one.artist_id)))
        zone = settings.studio.zone_info
        rows = [(_entry_text(entry, names, zone), None, True) for entry in self._entries]
        self.show_rows(rows, [_entry_key(entry) for entry in self._entries])
        self.remove.setEnabled(bool(self._entries))
        self.add_override.setEnabled(any(artist.is_active for artist in settings.artists))

    def _open_leave(self) -> None:
        if self._settings is not None:
            zone = self._settings.studio.zone_info
            presenter = self._presenter
            self._open(
                LeaveDialog(self._active(), zone, self._today, presenter.add_leave, presenter.count_hit, self.window())
            )

    def _open_override(self) -> None:
        if self._settings is not None:
            overrides, save = self._settings.overrides, self._presenter.set_override
            self._open(OverrideDialog(self._active(), overrides, self._today, save, self.window()))

    def _open(self, dialog: QDialog) -> None:
        self.clear_error()
        dialog.accepted.connect(self.await_new)
        dialog.open()

    def _active(self) -> list[Artist]:
        return [] if self._settings is None else [one for one in self._settings.artists if one.is_active]

    def _remove(self) -> None:
        self.clear_error()
        match self._entries[self.list.currentRow()]:
            case Leave() as leave:
                self._presenter.remove_leave(leave, self.clear_error, self.show_error)
            case DateOverride() as override:
                self._presenter.clear_override(override, self.clear_error, self.show_error)


def _entry_key(entry: Leave | DateOverride) -> Hashable:
    return entry.id if isinstance(entry, Leave) else (entry.artist_id, entry.on)


def _entry_text(entry: Leave | DateOverride, names: dict[int, str], zone: ZoneInfo) -> str:
    match entry:
        case Leave(artist_id=artist_id):
            who = tr("Studio closed") if artist_id is None else names.get(artist_id, "?")
            when = _leave_span(entry, zone)
            if entry.reason:
                return tr("{who}: {when} ({reason})", who=who, when=when, reason=entry.reason)
            return tr("{who}: {when}", who=who, when=when)
        case DateOverride():
            hours = format_hours(entry.spans) or tr("Day off")
            return tr("{who}: {day}, {hours}", who=names.get(entry.artist_id, "?"), day=entry.on, hours=hours)


def _leave_span(leave: Leave, zone: ZoneInfo) -> str:
    """Whole days by their dates, the last one included; anything else to the minute."""
    start, end = leave.starts_at, leave.ends_at
    if not (_is_midnight(start, zone) and _is_midnight(end, zone)):
        return tr("from {start} to {end}", start=start, end=end)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date() - timedelta(days=1)
    return formats().day(first) if first == last else tr("from {start} to {end}", start=first, end=last)


def _is_midnight(instant: datetime, zone: ZoneInfo) -> bool:
    return instant.astimezone(zone).time() == time(0, 0)
