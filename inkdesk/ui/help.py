"""The user manual, shown in the program: Markdown pages from the resources."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from inkdesk.application.text import language, tr


class HelpDialog(QDialog):
    """Shows ``help/<language>.md`` of ``resources``, English if the language has none.

    Links lead to the other pages of the help and nowhere else; Back, or Alt+Left, returns.
    """

    def __init__(self, resources: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 620)
        self._folder = resources / "help"
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName(tr("Help"))
        self.browser.setOpenLinks(False)
        self.browser.document().setDocumentMargin(16)
        self.browser.anchorClicked.connect(self._follow)
        buttons = QDialogButtonBox(self)
        self.back = buttons.addButton(tr("Back"), QDialogButtonBox.ButtonRole.ActionRole)
        self.back.setEnabled(False)
        self.back.clicked.connect(self.browser.backward)  # which is the browser's Alt+Left, too
        self.browser.backwardAvailable.connect(self.back.setEnabled)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setShortcut(QKeySequence.StandardKey.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.browser)
        column.addWidget(buttons)
        page = self._folder / f"{language()}.md"
        self._show(page if page.exists() else self._folder / "en.md")
        self.browser.setFocus()

    def _follow(self, link: QUrl) -> None:
        page = self._folder / link.fileName()
        if page.suffix == ".md" and page.exists():
            self._show(page)

    def _show(self, page: Path) -> None:
        self.browser.setSource(QUrl.fromLocalFile(str(page)), QTextDocument.ResourceType.MarkdownResource)
