"""``--smoke-test``: the installed or frozen program proves that it is whole.

It opens the window on a temporary practice studio, books once with a link, says what it runs on and quits: 0 if all
of it worked and no part is broken.
"""

import sys
import uuid
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from inkdesk.application.booking_commands import BookCommand, DepositChoice, NewClient
from inkdesk.bootstrap import OpenStudio
from inkdesk.doctor import Grade, examine
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.message import message
from inkdesk.infrastructure.secrets import SYSTEM_BACKENDS
from inkdesk.ui.main_window import MainWindow

if TYPE_CHECKING:
    from inkdesk.app import Program

LIMIT_MS = 90_000


class SmokeTest(QObject):
    """Drives one run of the program. Lives in the window's thread."""

    def __init__(self, program: "Program") -> None:
        super().__init__(program)
        self._program = program
        QTimer.singleShot(LIMIT_MS, self, lambda: self._end("not done in time", code=1))

    @Slot(object)
    def begin(self, window: MainWindow) -> None:
        """Book once the first week is on the screen."""
        window.first_painted.connect(self._book)

    @Slot()
    def _book(self) -> None:
        opened = self._program.opened
        if opened is None:
            self._end("no studio", code=1)
            return
        self._program.background.write(lambda: prove(opened), self._booked, self._failed)

    def _booked(self, proof: tuple[list[str], bool]) -> None:
        lines, is_whole = proof
        for line in lines:
            self._print(line)
        self._end("passed" if is_whole else "a part is broken", code=0 if is_whole else 1)

    def _failed(self, error: InkDeskError) -> None:
        self._end(str(error), code=1)

    def _end(self, words: str, *, code: int) -> None:
        self._print(f"smoke test: {words}")
        QApplication.exit(code)

    def _print(self, words: str) -> None:
        if sys.stdout is not None:
            sys.stdout.write(f"{words}\n")
            sys.stdout.flush()


def prove(opened: OpenStudio) -> tuple[list[str], bool]:
    """Book the first free slot of the next days with a link, open it, and look at what the program runs on.

    The answer is what to print, and whether no part is broken.
    """
    services = opened.services
    today = services.clock.now().date()
    settings = services.studio.settings(today)
    service = next(one for one in settings.services if one.is_active and one.deposit.amount_minor)
    slot = services.availability.slots(None, service.id, today, today + timedelta(days=14))[0]
    booked = services.bookings.book(
        BookCommand(
            request_key=uuid.uuid4().hex,
            artist_id=slot.artist_id,
            service_id=service.id,
            starts_at=slot.starts_at,
            client=NewClient(name="Smoke Test"),
            choice=DepositChoice.LINK,
        )
    )
    if booked.payment_id is None:
        raise InkDeskError(ErrorCode.INTERNAL_ERROR, message("The booking asked for no deposit."))
    link = services.payments.open_link(booked.payment_id)
    checks = list(examine(lambda: replace(opened, _stack=ExitStack())))  # the program itself closes the studio
    lines = [
        f"booked {slot.artist_name} at {slot.starts_at.isoformat()}, link {link.payment.status.value}",
        *(f"{check.grade.value:5} {check.subject:14} {check.sentence}" for check in checks),
        f"keyrings it knows: {', '.join(known_keyrings())}",
    ]
    return lines, all(check.grade is not Grade.FAIL for check in checks)


def known_keyrings() -> list[str]:
    """The system keyrings whose code is here and was found, whether or not this computer runs one."""
    from keyring.backend import get_all_keyring  # noqa: PLC0415 - slow to import, and only the smoke test asks

    get_all_keyring()
    return sorted(name.rpartition(".")[2] for name in SYSTEM_BACKENDS if name in sys.modules)
