"""Who else works at the same time: folded away until it is wanted."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist
from inkdesk.ui.common.forms import ENTER

ROWS_SHOWN = 4
_ID = Qt.ItemDataRole.UserRole
_TICKABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class OthersField(QWidget):
    """Further artists of a sitting, each ticked in a list. ``chosen`` carries the tuple of their ids."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(tr("With &more artists"))
        self.box.toggled.connect(self._fold)
        self.artists = TickList()
        self.artists.setAccessibleName(tr("Artists who work at the same time"))
        self.artists.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.artists.itemChanged.connect(self._ticked)
        self.artists.hide()
        self._outline_ticks()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(self.box)
        layout.addWidget(self.artists)
        self.hide()

    def show_artists(self, artists: Sequence[Artist]) -> None:
        """Everybody who can be chosen; with one artist only there is nothing to choose."""
        with QSignalBlocker(self.artists):
            for artist in artists:
                item = QListWidgetItem(artist.name, self.artists)
                item.setData(_ID, artist.id)
                item.setFlags(_TICKABLE)
                item.setCheckState(Qt.CheckState.Unchecked)
        self.setVisible(len(artists) > 1)

    def show_chosen(self, artist_id: int | None, with_artist_ids: Collection[int]) -> None:
        """Tick the further artists; the first artist is not among those to choose from, and not ticked unseen."""
        with QSignalBlocker(self.artists):
            for item in self._items():
                item.setHidden(item.data(_ID) == artist_id)
                is_ticked = item.data(_ID) in with_artist_ids and item.data(_ID) != artist_id
                item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        rows = min(sum(not item.isHidden() for item in self._items()), ROWS_SHOWN)
        self.artists.setFixedHeight(rows * self.artists.sizeHintForRow(0) + 2 * self.artists.frameWidth() + 2)

    def ids(self) -> tuple[int, ...]:
        """The ticked artists."""
        return tuple(item.data(_ID) for item in self._items() if item.checkState() is Qt.CheckState.Checked)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._outline_ticks()

    def _outline_ticks(self) -> None:
        """Give the list's tick boxes the outline that the theme gives to others: without it dark ones are not seen."""
        # PySide 6.11 takes str here and nothing else; its type stub says bytes.
        self.artists.setPalette(QApplication.palette("QCheckBox"))  # type: ignore[call-overload]

    def _items(self) -> list[QListWidgetItem]:
        return [self.artists.item(row) for row in range(self.artists.count())]

    def _fold(self, is_open: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.artists.setVisible(is_open)
        if is_open:
            self.artists.setFocus()
            return
        with QSignalBlocker(self.artists):
            for item in self._items():
                item.setCheckState(Qt.CheckState.Unchecked)
        self._ticked()

    def _ticked(self) -> None:
        self.chosen.emit(self.ids())


class TickList(QListWidget):
    """A list of tick boxes. Enter ticks, as Space does: on its way to the dialog it would save."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() not in ENTER or item is None:
            super().keyPressEvent(event)
            return
        is_ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked)
