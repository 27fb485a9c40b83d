from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from inkdesk.network_watch import NetworkWatch

Reachability = QNetworkInformation.Reachability


class Page(QObject):
    """Counts how often the network came back."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @Slot()
    def note(self) -> None:
        self.count += 1


def test_only_a_network_that_was_away_comes_back(qtbot: QtBot) -> None:
    watch, page = NetworkWatch(), Page()
    watch.came_back.connect(page.note)
    seen = []
    for now in (
        Reachability.Online,
        Reachability.Disconnected,
        Reachability.Local,
        Reachability.Online,
        Reachability.Online,
        Reachability.Unknown,
        Reachability.Online,
    ):
        watch.take(now)
        seen.append(page.count)
    assert seen == [0, 0, 0, 1, 1, 1, 2]


def test_it_listens_to_the_system_where_that_tells(qtbot: QtBot) -> None:
    watch, page = NetworkWatch(), Page()
    watch.came_back.connect(page.note)
    assert watch.start() is bool(QNetworkInformation.availableBackends())
    system = QNetworkInformation.instance()
    if system is not None:
        system.reachabilityChanged.emit(Reachability.Disconnected)
        system.reachabilityChanged.emit(Reachability.Online)
        assert page.count == 1
