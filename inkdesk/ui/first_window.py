"""A second start on the same studio brings the first window to the front instead of opening another."""

import hashlib

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS = 2000


def _channel(studio: str) -> str:
    return "inkdesk-" + hashlib.sha256(studio.encode()).hexdigest()[:24]


class FirstWindow(QObject):
    """Listens for later starts on ``studio`` (any text that names the database). Lives in the window's thread."""

    wanted = Signal()

    def __init__(self, studio: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if not self._server.listen(_channel(studio)):
            QLocalServer.removeServer(_channel(studio))  # left behind by a program that was killed
            self._server.listen(_channel(studio))

    @property
    def name(self) -> str:
        """The socket's name."""
        return self._server.serverName()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(b"here")
            socket.disconnectFromServer()
            self.wanted.emit()


def raise_first_window(studio: str) -> bool:
    """Ask the first window on ``studio`` to come to the front; False if none answered within two seconds."""
    socket = QLocalSocket()
    socket.connectToServer(_channel(studio))
    answered = socket.waitForConnected(ANSWER_MS) and socket.waitForReadyRead(ANSWER_MS)
    socket.close()
    return answered
