"""Where the book lies and how several computers share one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import plain_label


class DatabaseSection(QWidget):
    """Only tells. ``kind`` is ``sqlite`` or ``postgresql``, ``address`` a path or a URL without password."""

    def __init__(self, kind: str, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        where = plain_label(address, "code")
        where.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        where.setAccessibleName(tr("Where the book lies"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(plain_label(tr("Database"), "title"))
        layout.addWidget(plain_label(_kind_words(kind)))
        layout.addWidget(where)
        layout.addWidget(plain_label(tr("Sharing one book"), "heading"))
        layout.addWidget(
            plain_label(
                tr(
                    "Several computers share one PostgreSQL database. Start InkDesk on each of them with its address; "
                    "the password is asked for once and kept in the computer's keyring."
                )
            )
        )
        layout.addWidget(plain_label("inkdesk --database postgresql+psycopg://user@host/inkdesk", "code"))
        layout.addWidget(
            plain_label(
                tr("Never put a database file on a network drive or in a synced folder: it would be damaged."), "muted"
            )
        )
        layout.addStretch(1)


def _kind_words(kind: str) -> str:
    if kind == "postgresql":
        return tr("The book lies in a PostgreSQL database that several computers can share:")
    return tr("The book is one file on this computer:")
