"""How one artist is paid: by the studio's account, or by one of their own."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from typing_extensions import override

from inkdesk.application.account_service import AccountCommand, AccountLine
from inkdesk.application.account_words import percent_words, way_words
from inkdesk.application.entry import parse_percent
from inkdesk.application.text import tr
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.connect import check_account
from inkdesk.ui.common.forms import plain_label
from inkdesk.ui.settings.record_dialog import RecordDialog, Save

OWN_FIELDS = ("account_id", "fee")
HEIGHT_PX = 360
"""Room for every row and an error beside one: rows come and go with the way."""


class AccountDialog(RecordDialog[AccountCommand]):
    """What is hidden, because the studio's account is chosen, is kept as it was."""

    def __init__(
        self,
        line: AccountLine,
        save: Save[AccountCommand],
        newest: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("How {name} is paid", name=line.name), save, newest, parent)
        self._stored = line.account or StripeAccount(artist_id=line.artist_id, account_id="", version=0)
        self._way, self._words = QComboBox(), plain_label(role="muted")
        for way in ChargeWay:
            self._way.addItem(way_words(way), way.value)
        self._account = QLineEdit(self._stored.account_id)
        self._account.setPlaceholderText("acct_...")
        self._fee = QLineEdit(percent_words(self._stored.fee_basis_points))
        self.form.add_row("way", tr("&Links are paid to"), self._way)
        self.form.add_wide(self._words)
        self.form.add_row("account_id", tr("Stripe &account"), self._account)
        self.form.add_row("fee", tr("The studio &keeps, in %"), self._fee)
        self._way.currentIndexChanged.connect(self._explain)
        self._way.setCurrentIndex(self._way.findData(self._stored.way.value))
        self.setMinimumHeight(HEIGHT_PX)
        self.add_buttons()
        self._explain()

    @override
    def record(self) -> AccountCommand:
        """What was chosen; ValidationError beside its field for what cannot be."""
        way, stored = ChargeWay(self._way.currentData()), self._stored
        is_own = way is ChargeWay.OWN
        command = AccountCommand(
            artist_id=stored.artist_id or 0,
            way=way,
            account_id=stored.account_id if is_own else self._account.text().strip(),
            fee_basis_points=stored.fee_basis_points if is_own else parse_percent(self._fee.text()),
            version=stored.version,
        )
        check_account(
            StripeAccount(
                artist_id=command.artist_id,
                account_id=command.account_id,
                way=way,
                fee_basis_points=command.fee_basis_points,
            )
        )
        return command

    def _explain(self) -> None:
        way = ChargeWay(self._way.currentData())
        self._words.setText(_explanation(way))
        for field in OWN_FIELDS:
            self.form.set_row_visible(field, is_visible=way is not ChargeWay.OWN)


def _explanation(way: ChargeWay) -> str:
    match way:
        case ChargeWay.OWN:
            return tr("The studio is paid, and settles with the artist by itself.")
        case ChargeWay.DESTINATION:
            return tr(
                "The studio is paid and bears Stripe's fee. Stripe hands the money on to the artist, "
                "and takes it back from there for a refund."
            )
        case ChargeWay.DIRECT:
            return tr(
                "The artist is paid and bears Stripe's fee and refunds. The studio gets its part from the artist."
            )
