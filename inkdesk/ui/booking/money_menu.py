"""The menu of what can be done with the money of a booking, and the question behind each of its lines."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from inkdesk.application.text import tr
from inkdesk.ui.booking.deposit_dialogs import (
    AmountDialog,
    ExtendDialog,
    MoneyByHandDialog,
    MoneyDialog,
    ReleaseDialog,
    RestDialog,
    RollDialog,
)
from inkdesk.ui.booking.presenter.detail_words import Known
from inkdesk.ui.booking.presenter.money import MoneyAction

_TAKING = frozenset({MoneyAction.TAKE, MoneyAction.REST, MoneyAction.TIP, MoneyAction.USE_CREDIT})
_HOLDING = frozenset({MoneyAction.NEW_LINK, MoneyAction.EXTEND, MoneyAction.RELEASE})


class MoneyMenu(QMenu):
    """Opens over its button with the first line chosen; ``chosen`` carries a ``MoneyAction``."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Money"), parent)

    def open_for(self, button: QPushButton, actions: Sequence[MoneyAction]) -> None:
        """Offer these actions over ``button``: taking money, holding the time, and what becomes of what is in."""
        self.clear()
        words = _words()
        part: bool | None = None
        for action in actions:
            now_in = action in _TAKING if action not in _HOLDING else None
            if not self.isEmpty() and now_in is not part:
                self.addSeparator()
            part = now_in
            line = self.addAction(words[action])
            line.setData(action.value)
            line.triggered.connect(lambda _checked, chosen=action: self.chosen.emit(chosen))
        self.setActiveAction(self.actions()[0])
        self.popup(button.mapToGlobal(QPoint(0, -self.sizeHint().height())))


def question_about(action: MoneyAction, known: Known, parent: QWidget) -> MoneyDialog:
    """The question behind a line of the menu; ``NEW_LINK`` has none."""
    money, card = known.money, known.detail.card
    questions: dict[MoneyAction, Callable[[], MoneyDialog]] = {
        MoneyAction.TAKE: lambda: MoneyByHandDialog(card.deposit, card.price, parent),
        MoneyAction.REST: lambda: RestDialog(money.rest, parent),
        MoneyAction.TIP: lambda: RestDialog(money.rest, parent, is_tip=True),
        MoneyAction.USE_CREDIT: lambda: AmountDialog(action, min(money.credit, money.rest), parent),
        MoneyAction.EXTEND: lambda: ExtendDialog(parent),
        MoneyAction.RELEASE: lambda: ReleaseDialog(known.detail.client.name, parent),
        MoneyAction.REFUND: lambda: AmountDialog(action, money.refundable, parent),
        MoneyAction.CREDIT: lambda: AmountDialog(action, money.left, parent),
        MoneyAction.ROLL_OVER: lambda: RollDialog(money.left, money.sittings, parent),
        MoneyAction.KEEP: lambda: AmountDialog(action, money.left, parent),
    }
    return questions[action]()


def _words() -> dict[MoneyAction, str]:
    return {
        MoneyAction.TAKE: tr("&Take the deposit by hand…"),
        MoneyAction.REST: tr("Take the re&st…"),
        MoneyAction.TIP: tr("Take a ti&p…"),
        MoneyAction.USE_CREDIT: tr("&Use the client's credit…"),
        MoneyAction.NEW_LINK: tr("Send a new &link"),
        MoneyAction.EXTEND: tr("&Extend the hold…"),
        MoneyAction.RELEASE: tr("Give the time &free…"),
        MoneyAction.REFUND: tr("&Refund…"),
        MoneyAction.CREDIT: tr("&Credit to the client…"),
        MoneyAction.ROLL_OVER: tr("Roll &over to another sitting…"),
        MoneyAction.KEEP: tr("&Keep it…"),
    }
