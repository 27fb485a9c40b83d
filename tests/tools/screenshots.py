"""Pictures of every screen, taken from the running program without a screen.

``python tests/tools/screenshots.py [folder]`` opens the practice studio as it stands on Tuesday 24 November 2026 at
9:30, in English and French, light and dark, in a usual and in a small window, and writes PNG files to the folder
(build/screenshots). ``--readme`` writes only the README's pictures, to resources/pictures; ``--only en-light`` takes
one combination; ``--quick`` waits for answers only, not until everything is painted: a walk for a test.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QPushButton, QWidget
from support import plan_pictures
from support.inbox_pictures import inbox
from support.look_pictures import looking
from support.money_pictures import money, statement
from support.plan_pictures import NOW, Picture, card_of, groups, moving, series, settle, wait
from support.practice_pictures import practice

from inkdesk import bootstrap
from inkdesk.app import AppOptions, Program
from inkdesk.application.text import render, tr
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.message import message
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.files import user_places
from inkdesk.infrastructure.system_clock import SystemClock
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.help import HelpDialog
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.settings.plan_form import PlanForm
from inkdesk.ui.settings.plans_edit import PlansEdit
from inkdesk.ui.settings.record_dialog import RecordDialog
from inkdesk.ui.start_dialogs import PasswordDialog, TroubleDialog
from inkdesk.ui.welcome.dialog import WelcomeDialog

TOP = Path(__file__).resolve().parents[2]
LOCALES = {"en": "en_GB.UTF-8", "fr": "fr_FR.UTF-8"}
LOOKS = [(language, theme) for language in LOCALES for theme in ("light", "dark")]
SIZES = {"": (1360, 840), "-small": (900, 600)}
SECTIONS = ("studio", "artists", "leave", "services", "stations", "stripe", "accounts", "database")
README = {
    ("en", "light"): {"week": "week-light", "booking-filled": "booking-dialog", "checkout-waiting": "checkout"},
    ("fr", "dark"): {"week": "week-dark-fr"},
}
TALL_PX, SMALL_FORM_PX = 1080, 480


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=TOP / "build" / "screenshots")
    parser.add_argument("--readme", action="store_true", help="write the README's pictures to resources/pictures")
    parser.add_argument("--only", metavar="LANGUAGE-THEME", choices=[f"{one}-{two}" for one, two in LOOKS])
    parser.add_argument("--quick", action="store_true", help="do not wait for everything to be painted")
    options = parser.parse_args()
    stand_still()
    if options.quick:
        plan_pictures.QUIET_S = 0.0
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    looks = [look for look in LOOKS if options.only in {None, "-".join(look)}]
    for language, theme in looks:
        names = README.get((language, theme), {})
        if options.readme and not names:
            continue
        folder = TOP / "resources" / "pictures" if options.readme else options.folder / f"{language}-{theme}"
        take(app, language, theme, folder, names if options.readme else None, 100 if options.quick else -1)
    return 0


def stand_still() -> None:
    """Every clock of the program shows one instant, and no browser opens."""
    SystemClock.now = lambda self: NOW  # type: ignore[method-assign]
    bootstrap.open_in_browser = lambda url: True
    bootstrap.desk_name = lambda: "mara@front"


def take(
    app: QApplication, language: str, theme: str, folder: Path, wanted: dict[str, str] | None, quality: int
) -> None:
    """One run of the program in one language and theme; ``wanted`` gives file names to the pictures to keep.

    ``quality`` is Qt's for PNG files: -1 usual, 100 large and fast.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inkdesk-home-") as home:
        set_home(Path(home), language, theme)
        program = Program(app, AppOptions(practice=True, language=language))
        program.opened_window.connect(lambda _window: set_server_clock(program))
        program.start()
        wait(lambda: program.window is not None and bool(program.window.last_look.text()), "the window")
        for name, widget in tour(program, folder):
            settle()  # also before a picture that is not kept: the tour goes on from what is shown
            file = f"{wanted[name]}.png" if wanted and name in wanted else f"{name}.png"
            if wanted is None or name in wanted:
                widget.grab().save(str(folder / file), quality=quality)
                print(folder / file)
        program.stop()
        settle()


def set_home(home: Path, language: str, theme: str) -> None:
    """A home of its own, with the theme as its preference."""
    folders = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
    os.environ.update({name: str(path) for name, path in folders.items()}, LC_ALL=LOCALES[language])
    preferences = user_places().preferences
    preferences.parent.mkdir(parents=True, exist_ok=True)
    preferences.write_text(f'theme = "{theme}"\n')


def set_server_clock(program: Program) -> None:
    """The practice Stripe lives at the same instant."""
    if program.opened is None or program.opened.practice is None or program.opened.practice.server is None:
        raise RuntimeError("the practice studio has no practice Stripe")
    clock = program.opened.practice.server.clock
    clock.freeze()
    clock.advance(round(NOW.timestamp()) - clock.now())


# The tour


def tour(program: Program, folder: Path) -> Iterator[Picture]:
    """Every screen under its name, in an order in which each leaves the book as the next one wants it."""
    window = program.window
    if window is None:
        raise RuntimeError("there is no window")
    yield from pages(window)
    yield from looking(window)
    yield from inbox(window)
    yield from settings_forms(window)
    yield from booking(program, window)
    yield from details(window)
    yield from money(window)
    yield from moving(window)
    yield from series(window)
    yield from groups(window)
    yield from practice(window)
    yield from statement(window)
    yield from start_dialogs(program, window, folder)


def pages(window: MainWindow) -> Iterator[Picture]:
    """The pages in both sizes."""
    for mark, size in SIZES.items():
        window.resize(*size)
        window.show_page("calendar")
        window.calendar.week.click()
        yield f"week{mark}", window
        window.calendar.day.click()
        yield f"day{mark}", window
        window.calendar.week.click()
        window.show_page("ledger")
        yield f"ledger{mark}", window
        for section in SECTIONS:
            window.open_settings(section)
            yield f"settings-{section}{mark}", window
    window.resize(*SIZES[""])
    window.show_page("calendar")


def settings_forms(window: MainWindow) -> Iterator[Picture]:
    """The forms of the settings: plain, with everything unfolded, and in a small window; nothing is saved."""
    page = window.dialogs.settings_page()
    window.open_settings("artists")
    yield from form(window, "artist", page.artists.change, unfold_artist)
    window.open_settings("services")
    page.services.list.setCurrentRow(1)
    yield from form(window, "service", page.services.change, unfold_service)
    window.open_settings("leave")
    yield from form(window, "leave", page.leave.add_leave, None)
    yield from form(window, "other-hours", page.leave.add_override, None)
    window.open_settings("stations")
    yield from form(window, "station", page.stations.change, None)
    window.open_settings("accounts")
    page.accounts.list.setCurrentRow(1)
    yield from form(window, "account", page.accounts.change, None)
    yield from stripe_key(window)
    window.open_settings("studio")
    tick_all(page.studio)
    yield "settings-studio-limits", window
    page.studio._forget_typed()
    window.show_page("calendar")


def stripe_key(window: MainWindow) -> Iterator[Picture]:
    """What a studio with an account at Stripe sees, in both sizes; the book stays a practice studio's."""
    section = window.dialogs.settings_page().stripe
    studio = window._desk.services.studio.settings(NOW.date()).studio
    window.open_settings("stripe")
    section.show_studio(replace(studio, mode=Mode.LIVE))
    section._show_stored("rk_live_...a1b2")
    for mark, size in SIZES.items():
        window.resize(*size)
        yield f"settings-stripe-live{mark}", window
    window.resize(*SIZES[""])
    section.show_studio(studio)


def form(
    window: MainWindow, name: str, button: QPushButton, unfold: Callable[[QWidget], None] | None
) -> Iterator[Picture]:
    """One form as it opens, then unfolded, then small."""
    button.click()
    (dialog,) = [one for one in window.findChildren(RecordDialog) if one.isVisible()]
    yield f"form-{name}", dialog
    if unfold is not None:
        unfold(dialog)
        dialog.resize(dialog.width(), TALL_PX)
        yield f"form-{name}-unfolded", dialog
    if dialog.height() > SMALL_FORM_PX:
        dialog.resize(dialog.minimumWidth(), SMALL_FORM_PX)
        yield f"form-{name}-small", dialog
    dialog.done(0)


def unfold_artist(dialog: QWidget) -> None:
    """Limits, two weeks in turn, and other hours from a date on."""
    tick_all(dialog)
    (plans,) = dialog.findChildren(PlansEdit)
    plans._add.click()
    (shown,) = [one for one in dialog.findChildren(PlanForm) if one.isVisible()]
    shown.weeks.setCurrentIndex(1)


def unfold_service(dialog: QWidget) -> None:
    """The station's own times and a processing time; no artist is ticked."""
    for box in dialog.findChildren(QCheckBox):
        box.setChecked(box.isVisible() and not box.accessibleName())


def tick_all(form: QWidget) -> None:
    """Tick every box."""
    for box in form.findChildren(QCheckBox):
        box.setChecked(True)


def booking(program: Program, window: MainWindow) -> Iterator[Picture]:
    """The main job: an empty dialog, a collision, a booking, its link, its payment."""
    dialog = window.dialogs.book(None, None)
    assert isinstance(dialog, BookingDialog)
    wait(lambda: dialog.when.slots.count() > 0, "the free times")
    yield "booking-empty", dialog
    QTest.keyClicks(dialog.client.line, "rou")
    wait(lambda: dialog.client.matches.count() > 1, "the clients who match")
    yield "booking-clients", dialog
    dialog.client.matches.setCurrentRow(0)
    dialog.client.matches.itemClicked.emit(dialog.client.matches.item(0))
    dialog.service.setCurrentIndex(2)
    wait(lambda: dialog.when.verdict.text().startswith("✓"), "the free time")
    yield "booking-filled", dialog
    yield from finding(dialog)
    collision = window.dialogs.book(*taken_place(window))
    assert isinstance(collision, BookingDialog)
    wait(lambda: collision.when.verdict.text().startswith("✕"), "the collision")
    QTest.keyClicks(collision.client.line, "Alix Nowak")
    wait(lambda: collision.client.matches.count() == 1, "the offer of a new client")
    collision.client.matches.itemClicked.emit(collision.client.matches.item(0))
    yield "booking-collision", collision
    collision.others.box.click()
    collision.others.artists.item(1).setCheckState(Qt.CheckState.Checked)
    collision.artist.setCurrentIndex(0)
    wait(lambda: is_refused(collision), "other times for two artists")
    yield "booking-together", collision
    collision.client.line.clear()
    collision.done(0)
    dialog.save_button.click()
    wait(lambda: bool(window.findChildren(CheckoutDialog)), "the checkout")
    checkout = window.findChildren(CheckoutDialog)[0]
    wait(lambda: bool(checkout.panel.url.text()), "the link")
    yield "checkout-waiting", checkout
    pay(program, checkout.panel.url.text())
    wait(lambda: checkout.panel.notice.text().startswith("✓"), "the payment")
    yield "checkout-paid", checkout
    yield "week-paid", window
    checkout.done(0)


def finding(dialog: BookingDialog) -> Iterator[Picture]:
    """The finder: as it opens, with a closer wish in a small window, and when nothing fits."""
    finder = dialog.finder
    dialog.find_a_time()
    wait(lambda: all(button.isVisible() for button in finder.offers), "the offers of the finder")
    yield "finder", dialog
    size = dialog.size()
    dialog.resize(dialog.minimumSizeHint())
    finder.part.setCurrentIndex(finder.part.count() - 1)
    finder.weekdays[1].click()
    finder.weekdays[3].click()
    finder.beyond.click()
    settle()
    finder.go_to_offers()
    yield "finder-small", dialog
    dialog.resize(size)
    finder.beyond.click()
    finder.part.setCurrentIndex(3)
    wait(lambda: finder.status.text() not in {"", tr("Looking…")}, "the finder's answer")
    yield "finder-nothing", dialog
    finder.back.click()


def is_refused(dialog: BookingDialog) -> bool:
    """Whether the time is refused and others are offered."""
    return dialog.when.verdict.text().startswith("✕") and bool(dialog.when.alternatives.children()[1:])


def taken_place(window: MainWindow) -> tuple[int, datetime]:
    """Where somebody sits already, half an hour into the sitting."""
    card = card_of(window, BookingStatus.CONFIRMED)
    return card.artist_id, card.starts_at + timedelta(minutes=30)


def pay(program: Program, url: str) -> None:
    """The client pays on the page of the link."""
    assert program.opened is not None
    assert program.opened.practice is not None
    assert program.opened.practice.server is not None
    program.opened.practice.server.pay(url.rpartition("/")[2].partition("#")[0])
    program.window._desk.monitor.look_now(sweep=True)  # type: ignore[union-attr]


def details(window: MainWindow) -> Iterator[Picture]:
    """One booking of each kind."""
    for status in (BookingStatus.CONFIRMED, BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED):
        dialog = window.dialogs.show_booking(card_of(window, status).booking_id)
        assert isinstance(dialog, BookingDetailDialog)
        wait(lambda dialog=dialog: bool(dialog.client.text()), f"the booking that is {status.value}")  # type: ignore[misc]
        yield f"detail-{status.value.lower()}", dialog
        dialog.done(0)


def start_dialogs(program: Program, window: MainWindow, folder: Path) -> Iterator[Picture]:
    """What stands before the window, and the help."""
    assert program.opened is not None
    database = "postgresql://desk@db.example.org/inkdesk"
    lost = message(
        "The database {database} cannot be reached. Check the network and that the server runs.", database=database
    )
    refused = message("The database {database} refuses the password. Enter it again.", database=database)
    dialogs: tuple[tuple[str, Callable[[], QDialog]], ...] = (
        ("help", lambda: HelpDialog(bootstrap.resource_folder(), window)),
        ("trouble", lambda: TroubleDialog(render(lost))),
        ("password", lambda: PasswordDialog(database, render(refused))),
        ("welcome", lambda: WelcomeDialog(program.opened.services.studio, program._runner)),  # type: ignore[union-attr]
    )
    for name, make in dialogs:
        dialog = make()
        dialog.open()
        yield name, dialog
        dialog.done(0)
        dialog.deleteLater()


if __name__ == "__main__":
    raise SystemExit(main())
