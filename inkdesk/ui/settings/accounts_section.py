"""Artists' Stripe accounts: who is paid how, and whether Stripe lets them be."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from inkdesk.application.account_service import AccountCommand, AccountLine
from inkdesk.application.account_words import line_words, state_words
from inkdesk.application.text import render, tr
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.settings.account_dialog import AccountDialog
from inkdesk.ui.settings.accounts_presenter import AccountsPresenter, can_be_checked
from inkdesk.ui.settings.list_section import ListSection


class AccountsSection(ListSection):
    """The studio's own account stands first; it is the key's, so only an artist's can be changed."""

    def __init__(self, presenter: AccountsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Artists' accounts"),
            tr(
                "Links are paid to the studio's Stripe account, or to an artist's own that is connected to it. "
                "A link is only offered by an account that is ready."
            ),
            tr("No account yet."),
            parent,
        )
        self._presenter = presenter
        self._lines: Sequence[AccountLine] = ()
        self._is_asking = False
        self.change = self.add_button(tr("&Change"), "primary")
        self.check = self.add_button(tr("Check &now"))
        self.change.clicked.connect(lambda: self._change(self.list.currentRow()))
        self.check.clicked.connect(self._check)
        self.opened.connect(self._change)
        self.row_changed.connect(lambda _row: self._refresh())
        self._refresh()

    def reload(self) -> None:
        """Read the accounts again; the chosen row stays chosen."""
        self._presenter.load(self._show, self.show_error)

    def _show(self, lines: Sequence[AccountLine]) -> None:
        self._lines = lines
        rows = [("\n".join(filter(None, (line_words(one), state_words(one)))), None, True) for one in lines]
        self.show_rows(rows, [one.artist_id for one in lines])
        self._refresh()

    def _line(self, row: int) -> AccountLine | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _refresh(self) -> None:
        line = self._line(self.list.currentRow())
        self.change.setEnabled(line is not None and line.artist_id is not None)
        self.check.setEnabled(line is not None and can_be_checked(line) and not self._is_asking)

    def _change(self, row: int) -> None:
        line = self._line(row)
        if line is None or line.artist_id is None:
            return
        self.clear_error()
        AccountDialog(line, self._save, lambda: self._reopen(row), self.window()).open()

    def _reopen(self, row: int) -> None:
        def loaded(lines: Sequence[AccountLine]) -> None:
            self._show(lines)
            self._change(row)

        self._presenter.load(loaded, self.show_error)

    def _save(self, command: AccountCommand, done: Callable[[], None], failed: Callable[[InkDeskError], None]) -> None:
        def saved() -> None:
            done()
            if command.way is not ChargeWay.OWN:
                self._ask(command.artist_id)

        self._presenter.save(command, saved, failed)

    def _check(self) -> None:
        line = self._line(self.list.currentRow())
        if line is not None and can_be_checked(line):
            self._ask(line.artist_id)

    def _ask(self, artist_id: int | None) -> None:
        self._set_asking(is_asking=True)
        self._notice.show_text(tr("Asking Stripe ..."), "info")
        self._presenter.check(artist_id, self._asked, self._not_asked)

    def _asked(self) -> None:
        self._set_asking(is_asking=False)
        self._notice.show_text("", "error")

    def _not_asked(self, error: InkDeskError) -> None:
        self._set_asking(is_asking=False)
        self._notice.show_text(render(error.message), "error")

    def _set_asking(self, *, is_asking: bool) -> None:
        self._is_asking = is_asking
        self._refresh()
