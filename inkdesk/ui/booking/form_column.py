"""The form of the booking dialog, in a column that scrolls up and down only."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

LEAST_HEIGHT = 240


class FormColumn(QScrollArea):
    """Scrolls if a small screen cannot hold a new client and every error at once, and is never narrower than ``form``.

    So no language's labels are cut, and an input that gets the focus cannot shift the form sideways; it comes into
    sight, by whatever key it got it. A form that ``is_filled`` takes all the height there is; another stands at the
    top.
    """

    def __init__(self, form: QWidget, parent: QWidget | None = None, *, is_filled: bool = False) -> None:
        super().__init__(parent)
        self._page = QWidget()
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(0, 0, 0 if is_filled else 8, 0)
        layout.addWidget(form)
        if not is_filled:
            layout.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._page)
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]
        self._page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    @override
    def minimumSizeHint(self) -> QSize:
        width = self._page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, LEAST_HEIGHT)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # By itself Qt does so for Tab only, not for a letter with Alt, nor where an error sends the focus.
        if new is not None and self._page.isAncestorOf(new):
            self.ensureWidgetVisible(new)
