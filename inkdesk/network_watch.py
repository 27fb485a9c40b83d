"""Notices that the network is there again, as the operating system tells it."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation

_ONLINE = QNetworkInformation.Reachability.Online


class NetworkWatch(QObject):
    """Emits ``came_back`` when the computer is online after it was not; silent where the system does not say.

    Then only the next look that works tells. Lives in the window's thread.
    """

    came_back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_online = True

    def start(self) -> bool:
        """Begin to listen; False if this system has no way to tell."""
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            return False
        system = QNetworkInformation.instance()
        self._was_online = system.reachability() is _ONLINE
        system.reachabilityChanged.connect(self.take)
        return True

    @Slot(QNetworkInformation.Reachability)
    def take(self, reachability: QNetworkInformation.Reachability) -> None:
        """The system says how far the network reaches now."""
        is_online, was_online = reachability is _ONLINE, self._was_online
        self._was_online = is_online
        if is_online and not was_online:
            self.came_back.emit()
