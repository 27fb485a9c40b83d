"""Pictures of the money of a booking: its menu, its small questions, a no-show."""

from collections.abc import Iterator

from PySide6.QtWidgets import QDialog

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.deposit_dialogs import MoneyDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.letter_dialog import LetterDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog, NoShowDialog
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.booking.presenter.money import MoneyAction
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.payments.statement_dialog import StatementDialog
from support.plan_pictures import Picture, card_of, wait


def money(window: MainWindow) -> Iterator[Picture]:
    """Every question about the money of a booking that is confirmed, and of one that waits for its deposit."""
    for status in (BookingStatus.CONFIRMED, BookingStatus.PENDING_PAYMENT):
        detail = window.dialogs.show_booking(card_of(window, status).booking_id)
        assert isinstance(detail, BookingDetailDialog)
        wait(lambda detail=detail: bool(detail.client.text()), f"the booking that is {status.value}")  # type: ignore[misc]
        detail.buttons[BookingAction.MONEY].click()
        yield f"money-menu-{status.value.lower()}", detail.money_menu
        offered = [MoneyAction(line.data()) for line in detail.money_menu.actions() if line.data()]
        detail.money_menu.close()
        for action in offered:
            if action is not MoneyAction.NEW_LINK:
                yield from question(detail, action)
        if status is BookingStatus.CONFIRMED:
            yield from no_show(detail)
            yield from cancelling(detail)
            yield from letter(detail)
        detail.done(0)


def question(detail: BookingDetailDialog, action: MoneyAction) -> Iterator[Picture]:
    """One question as it opens, and in a small window with a refusal."""
    detail.money_menu.chosen.emit(action)
    asked = detail.findChildren(MoneyDialog)[-1]
    yield f"money-{action.value}", asked
    field = "tip" if action is MoneyAction.TIP else "amount"
    asked.show_error(ValidationError(message("This payment is not in the book. Reload the page."), field=field))
    asked.resize(asked.minimumSizeHint())
    yield f"money-{action.value}-small", asked
    close(asked)


def no_show(detail: BookingDetailDialog) -> Iterator[Picture]:
    """What becomes of the money of a client who did not come."""
    paid = Money(5000, "EUR")
    for name, held in (("money-no-show", None), ("money-no-show-disputed", paid)):
        detail.ask_no_show(CancelTerms(paid, Money(0, "EUR"), held, has_heir=True))
        asked = detail.findChildren(NoShowDialog)[-1]
        yield name, asked
        close(asked)


def cancelling(detail: BookingDetailDialog) -> Iterator[Picture]:
    """What becomes of the deposit of a sitting that is cancelled, alone and in a series."""
    terms = CancelTerms(Money(5000, "EUR"), Money(2500, "EUR"))
    disputed = CancelTerms(Money(5000, "EUR"), Money(2500, "EUR"), Money(5000, "EUR"))
    questions: tuple[tuple[str, CancelTerms, SeriesTerms | None], ...] = (
        ("cancel", terms, None),
        ("cancel-series", terms, SeriesTerms(1, 3, dict.fromkeys(Scope, terms))),
        ("cancel-disputed", disputed, None),
        ("cancel-series-disputed", disputed, SeriesTerms(1, 3, dict.fromkeys(Scope, disputed))),
    )
    for name, shown, series in questions:
        detail.ask_cancel(shown, series)
        asked = detail.findChildren(CancelDialog)[-1]
        yield name, asked
        close(asked)


def letter(detail: BookingDetailDialog) -> Iterator[Picture]:
    """The ready message to the client."""
    detail.write_button.click()
    asked = detail.findChildren(LetterDialog)[-1]
    yield "letter", asked
    close(asked)


def statement(window: MainWindow) -> Iterator[Picture]:
    """A month beside Stripe's own account: before it is asked for, and with what differs."""
    dialog = window.dialogs.show_statement()
    assert isinstance(dialog, StatementDialog)
    wait(dialog.compare.isEnabled, "the months of the statement")
    yield "statement-empty", dialog
    dialog.month.setCurrentIndex(0)
    dialog.compare.click()
    wait(lambda: bool(dialog.totals.text()), "the statement")
    yield "statement", dialog
    dialog.resize(dialog.minimumSizeHint())
    yield "statement-small", dialog
    dialog.done(0)


def close(dialog: QDialog) -> None:
    """Away with a question, for good."""
    dialog.done(0)
    dialog.setParent(None)
