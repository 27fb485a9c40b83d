"""Asks before the program's window closes over something that was typed in a section and not saved."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.prompts import confirm


class CloseGuard(QObject):
    """Watches the window around ``section`` from when it is first shown; lives as long as the section.

    ``place`` names the section to people. ``forget`` gives up what was typed; then the window closes after all.
    """

    def __init__(
        self, section: QWidget, place: str, is_typed_in: Callable[[], bool], forget: Callable[[], None]
    ) -> None:
        super().__init__(section)
        self._section = section
        self._place = place
        self._is_typed_in = is_typed_in
        self._forget = forget
        section.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and watched is self._section:
            self._section.window().installEventFilter(self)
        elif event.type() == QEvent.Type.Close and watched is self._section.window() and self._is_typed_in():
            event.ignore()
            self._ask()
            return True
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        confirm(
            self._section.window(),
            tr("Close InkDesk? What you typed in Settings, {section}, is not saved and is lost.", section=self._place),
            yes=tr("Close without saving"),
            no=tr("Go on"),
            is_danger=True,
            done=self._close,
        )

    def _close(self) -> None:
        self._forget()
        self._section.window().close()
