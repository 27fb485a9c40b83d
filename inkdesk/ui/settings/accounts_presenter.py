"""What the section of artists' accounts decides: reading, saving, and asking Stripe how an account stands."""

from collections.abc import Callable, Sequence

from inkdesk.application.account_service import AccountCommand, AccountLine, AccountService
from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.errors import InkDeskError

Done = Callable[[], None]
Failed = Callable[[InkDeskError], None]


class AccountsPresenter:
    """Works off the window's thread; ``announce`` is told what each step changed."""

    def __init__(self, accounts: AccountService, background: Background, announce: Callable[[Changes], None]) -> None:
        self._accounts = accounts
        self._background = background
        self._announce = announce

    def load(self, done: Callable[[Sequence[AccountLine]], None], failed: Failed) -> None:
        """Read who is paid how."""
        self._background.read(self._accounts.lines, done, failed)

    def save(self, command: AccountCommand, done: Done, failed: Failed) -> None:
        """Store how an artist is paid."""

        def saved(changes: Changes) -> None:
            done()
            self._announce(changes)

        self._background.write(lambda: self._accounts.save(command), saved, failed)

    def check(self, artist_id: int | None, done: Done, failed: Failed) -> None:
        """Ask Stripe about one account; it may take seconds, so nothing else waits for it."""

        def checked(changes: Changes) -> None:
            done()
            self._announce(changes)

        self._background.call(lambda: self._accounts.check(artist_id), checked, failed)


def can_be_checked(line: AccountLine) -> bool:
    """Whether Stripe can be asked about a line: the studio's own, or an account that is used."""
    if line.artist_id is None:
        return True
    return line.account is not None and line.account.way is not ChargeWay.OWN
