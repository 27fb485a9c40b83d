"""The calendar for screen readers: a list whose items are the visible blocks, each with its state in its name.

``interface_cast`` must never be overridden here: doing so from Python crashes the interpreter. Qt keeps what a factory
returned for as long as it likes, so interfaces hold the view weakly.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid
from typing_extensions import override

from inkdesk.ui.calendar.geometry import Box
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.shown import Shown, ShownId, id_of


class Spoken(Protocol):
    """What the interface needs of the view."""

    presenter: CalendarPresenter

    def visible_cards(self) -> Sequence[tuple[Shown, Box]]:
        """The visible blocks in reading order with their places (content px)."""
        ...

    def cursor_words(self) -> str:
        """What the keys act on."""
        ...

    def offset(self) -> QPoint:
        """The content pixel at the viewport's top left."""
        ...

    def viewport(self) -> QWidget:
        """What is painted on."""
        ...

    def hasFocus(self) -> bool:
        """Whether keys go to the view."""
        ...


class BlockItem(QAccessibleInterface):
    """One visible block."""

    def __init__(self, owner: "CalendarInterface", shown_id: ShownId) -> None:
        super().__init__()
        self.shown_id = shown_id
        self._owner = ref(owner)

    def _found(self) -> tuple[Shown, Box] | None:
        owner = self._owner()
        cards = owner.cards() if owner else []
        return next(((card, box) for card, box in cards if id_of(card) == self.shown_id), None)

    @override
    def isValid(self) -> bool:
        return self._found() is not None

    @override
    def object(self) -> QObject:
        return cast("QObject", None)

    @override
    def window(self) -> QWindow:
        owner = self._owner()
        return cast("QWindow", owner.window() if owner else None)

    @override
    def parent(self) -> QAccessibleInterface:
        return cast("QAccessibleInterface", self._owner())

    @override
    def child(self, index: int) -> QAccessibleInterface:
        return cast("QAccessibleInterface", None)

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return cast("QAccessibleInterface", None)

    @override
    def childCount(self) -> int:
        return 0

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        return -1

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    @override
    def rect(self) -> QRect:
        owner, found = self._owner(), self._found()
        return owner.on_screen(found[1]) if owner and found else QRect()

    @override
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        owner, found = self._owner(), self._found()
        is_selected = owner is not None and owner.selected_id() == self.shown_id
        # Bit fields of a C++ struct: they take numbers.
        state.invalid = int(found is None)
        state.focusable = 1
        state.selectable = 1
        state.selected = int(is_selected)
        state.focused = int(is_selected and owner is not None and owner.has_focus())
        return state

    @override
    def text(self, t: QAccessible.Text) -> str:
        owner, found = self._owner(), self._found()
        return owner.words(found[0]) if owner and found and t is QAccessible.Text.Name else ""

    @override
    def setText(self, t: QAccessible.Text, text: str) -> None:
        """A block is not renamed from outside."""


class CalendarInterface(QAccessibleWidget):
    """The calendar as a list."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._view = ref(view)
        self._items: dict[ShownId, BlockItem] = {}

    def _spoken(self) -> Spoken | None:
        view = self._view()
        # The wrapper may outlive the widget, and this interface both.
        return cast("Spoken", view) if view is not None and isValid(view) else None

    def cards(self) -> Sequence[tuple[Shown, Box]]:
        """The visible blocks."""
        view = self._spoken()
        return view.visible_cards() if view else []

    def on_screen(self, box: Box) -> QRect:
        """A place of the content in screen pixels."""
        view = self._spoken()
        if view is None:
            return QRect()
        at = view.viewport().mapToGlobal(QPoint(box.x, box.y) - view.offset())
        return QRect(at.x(), at.y(), box.width, box.height)

    def selected_id(self) -> ShownId | None:
        """The selected block's id."""
        view = self._spoken()
        return view.presenter.selected_id if view else None

    def has_focus(self) -> bool:
        """Whether keys go to the calendar."""
        view = self._spoken()
        return view is not None and view.hasFocus()

    def words(self, card: Shown) -> str:
        """The block in one sentence."""
        view = self._spoken()
        return view.presenter.spoken(card) if view else ""

    def item(self, shown_id: ShownId) -> BlockItem:
        """The interface of a block; the same one each time."""
        return self._items.setdefault(shown_id, BlockItem(self, shown_id))

    @override
    def childCount(self) -> int:
        return len(self.cards())

    @override
    def child(self, index: int) -> QAccessibleInterface:
        cards = self.cards()
        found = self.item(id_of(cards[index][0])) if 0 <= index < len(cards) else None
        return cast("QAccessibleInterface", found)

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        hits = (self.item(id_of(card)) for card, box in self.cards() if self.on_screen(box).contains(x, y))
        return cast("QAccessibleInterface", next(hits, None))

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        ids = [id_of(card) for card, _ in self.cards()]
        return ids.index(child.shown_id) if isinstance(child, BlockItem) and child.shown_id in ids else -1

    @override
    def focusChild(self) -> QAccessibleInterface:
        ids = {id_of(card) for card, _ in self.cards()}
        chosen = self.selected_id()
        found = self.item(chosen) if chosen in ids and chosen is not None and self.has_focus() else None
        return cast("QAccessibleInterface", found)

    @override
    def text(self, t: QAccessible.Text) -> str:
        view = self._spoken()
        if view and t is QAccessible.Text.Value:
            return view.cursor_words()
        return super().text(t)


@cache
def install() -> None:
    """Teach Qt to describe calendars; further calls do nothing."""
    QAccessible.installFactory(_make)


def _make(class_name: str, item: QObject | None) -> QAccessibleInterface | None:
    if class_name not in {"CalendarView", "MonthView"} or not isinstance(item, QWidget):
        return None
    return CalendarInterface(item)


def tell(view: QWidget) -> None:
    """Tell a screen reader where the cursor is: the block gets the focus, a free place is announced."""
    if not view.hasFocus() or not QAccessible.isActive():
        return
    presenter = cast("Spoken", view).presenter
    ids = [id_of(card) for card, _ in cast("Spoken", view).visible_cards()]
    if presenter.selected_id in ids:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(ids.index(presenter.selected_id))
        QAccessible.updateAccessibility(event)
    else:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, cast("Spoken", view).cursor_words()))


def say(view: QWidget, words: str) -> None:
    """Announce something about the calendar."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, words))
