"""The system asks the program to end: Ctrl+C in a terminal, the end of a session, ``kill``."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

ENDS = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if (number := getattr(signal, name, None)) is not None
)
"""Those of them that this platform has."""


class EndSignals(QObject):
    """Emits ``received`` with the signal's number, in the window's thread, until ``stop``.

    Python runs no handler while Qt waits for events, so the number comes through a socket, which wakes Qt; sockets
    are the one thing that does so on Windows too.
    """

    received = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.settimeout(0)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        heard = [number for number in ENDS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup's stays ignored
        self._before = {number: signal.signal(number, _leave_to_the_socket) or signal.SIG_DFL for number in heard}

    def stop(self) -> None:
        """Leave the signals to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    @Slot()
    def _read(self) -> None:
        for number in self._reader.recv(64):
            if number in self._before:
                self.received.emit(number)


def _leave_to_the_socket(_number: int, _frame: object) -> None:
    """Without a handler Python would end at once, and leave a temporary studio behind."""
