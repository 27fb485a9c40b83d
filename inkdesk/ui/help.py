"""The user manual, shown in the program: Markdown pages from the resources."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from inkdesk.application.text import language, tr


class HelpDialog(QDialog):
    """Shows ``help/<language>.md`` of ``resources``, English if the language has none. Links stay inside."""

    def __init__(self, resources: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 620)
        page = resources / "help" / f"{language()}.md"
        if not page.exists():
            page = resources / "help" / "en.md"
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName(tr("Help"))
        self.browser.setOpenLinks(False)
        self.browser.document().setDocumentMargin(16)
        self.browser.setMarkdown(page.read_text(encoding="utf-8"))
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setShortcut(QKeySequence.StandardKey.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.browser)
        column.addWidget(buttons)
        self.browser.setFocus()
