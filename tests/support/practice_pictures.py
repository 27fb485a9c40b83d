"""Pictures of the practice console: with payments in several states, with a switch on, and in a small window."""

from collections.abc import Iterator
from datetime import timedelta

from inkdesk.application.booking_commands import BookCommand, DepositChoice, NewClient
from inkdesk.application.practice_controls import PracticeAct
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.practice.console import PracticeConsole
from support.plan_pictures import Picture, settle, wait

STORIES: tuple[tuple[str, tuple[PracticeAct, ...]], ...] = (
    ("Zoë O'Brien", ()),
    ("Ana Ferreira", (PracticeAct.DECLINE,)),
    ("Noor Haddad", (PracticeAct.PAY_LATER,)),
    ("Jean-Baptiste de la Tour d'Auvergne-Lauraguais", (PracticeAct.PAY, PracticeAct.REFUND_HALF)),
    ("Kim Lee", (PracticeAct.PAY, PracticeAct.DISPUTE)),
)


def practice(window: MainWindow) -> Iterator[Picture]:
    """The console as a trainer leaves it in the middle of a lesson."""
    controls = window._desk.practice
    assert controls is not None
    for name, acts in STORIES:
        session_id = ask(window, name)
        for act in acts:
            controls.act(session_id, act)
    window.dialogs.show_practice()
    (console,) = window.findChildren(PracticeConsole)
    wait(lambda: console.model.rowCount() >= len(STORIES) and bool(console.now.text()), "the payments of the console")
    yield "practice-console", console
    console.table.selectRow(len(STORIES) - 1)
    console.acts[PracticeAct.PAY].click()
    console.offline.click()
    wait(lambda: bool(console.notice.text()), "the console's notice")
    settle()
    console.resize(console.minimumSizeHint())
    yield "practice-console-small", console
    console.offline.click()
    console.done(0)


def ask(window: MainWindow, name: str) -> str:
    """A new client's booking with an open link; its session."""
    services = window._desk.services
    today = services.clock.now().date()
    slot = services.availability.slots(None, 2, today + timedelta(days=1), today + timedelta(days=9))[0]
    booked = services.bookings.book(
        BookCommand(
            request_key=f"practice-{name}",
            artist_id=slot.artist_id,
            service_id=2,
            client=NewClient(name=name, email="", phone=""),
            starts_at=slot.starts_at,
            choice=DepositChoice.LINK,
        )
    )
    assert booked.payment_id is not None
    return services.payments.open_link(booked.payment_id).payment.session_id
