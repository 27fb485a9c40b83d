"""The composition root: the only place that knows the database, Stripe, the keyring and the practice server at once.

Slow libraries are imported when they are needed: a command that only reads the book loads neither ``stripe`` nor the
practice server.
"""

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inkdesk.application.ports import Clock, SecretStore
from inkdesk.application.services import Services
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError, SecretStoreUnavailable, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.files import Preferences, own_database_url, sqlite_path, sqlite_url, user_places
from inkdesk.infrastructure.language import install_language, language_of
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.infrastructure.system_clock import SystemClock
from inkdesk.infrastructure.system_language import system_locale
from inkdesk.stripe_access import StripeAccess, WatchedSecrets

if TYPE_CHECKING:
    from inkdesk.application.key_service import KeyGateway
    from inkdesk.application.payment_gateway import GatewayOf
    from inkdesk.application.practice_controls import PracticeControls
    from inkdesk.application.progress import Progress
    from inkdesk.application.tables_out import Table
    from inkdesk.infrastructure.db.addresses import Address
    from inkdesk.infrastructure.db.database import Database
    from inkdesk.infrastructure.db.early import EarlyDatabase
    from inkdesk.infrastructure.single_instance import SingleInstance
    from inkdesk.practice import PracticeServer

_NO_SERVER_PAGE = "http://127.0.0.1/"
"""Where a practice payment returns to if no practice server runs; nobody can pay then."""
_log = logging.getLogger(__name__)


class PasswordNeeded(DatabaseUnreachable):
    """The database asks for a password, or refuses the one it was given. Ask for it and open again with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStripe:
    """The practice Stripe of this program (``server``), or one elsewhere on this computer; a trainer's ``controls``."""

    url: str
    key: str
    page: str
    server: "PracticeServer | None" = None
    controls: "PracticeControls | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStudio:
    """An opened database with its use cases. ``close`` lets everything go, in order, and may be called twice.

    ``studio`` is as it was on opening, None in an empty database. ``controls`` is for a trainer; only
    in a fresh practice studio they move the time, for whoever moves it must not meet the studio again tomorrow.
    """

    services: Services
    database: "Database | EarlyDatabase"
    studio: Studio | None
    gateway: "GatewayOf"
    practice: PracticeStripe | None
    controls: "PracticeControls | None" = None
    _stack: ExitStack

    def close(self) -> None:
        """Stop the practice server, close the database, remove temporary files."""
        self._stack.close()


def desk_name() -> str:
    """Who is at which desk, for history and ledger, e.g. ``mara@front``."""
    import getpass  # noqa: PLC0415 - not for the first week
    import platform  # noqa: PLC0415 - as above

    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "desk"
    return f"{user}@{platform.node() or 'localhost'}"


def resource_folder() -> Path:
    """Icons, fonts, translations and help: inside the installed package, or beside it in the source tree."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def open_in_browser(url: str) -> bool:
    """Show a page in the person's own browser; False if none could be started."""
    from inkdesk.infrastructure import browser  # noqa: PLC0415 - subprocess and webbrowser, needed only here

    return browser.open_url(url, os.environ)


def speak(preferences: Preferences, zone: str = "UTC", language: str | None = None) -> None:
    """Show sentences in ``language``, else in the preferred one, else in the system's; times in ``zone``.

    ValidationError if this computer does not know the zone.
    """
    system = system_locale(os.environ)
    code = language or preferences.language or language_of(system)
    this_year = SystemClock().now().year
    install_language(code, system, known_zone(zone), resource_folder() / "translations", this_year)


def known_zone(zone: str) -> ZoneInfo:
    """The zone of a stored studio; ValidationError if this computer does not know it."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as failure:
        raise ValidationError(
            message(
                "The studio's time zone is {zone}, which this computer does not know. "
                "Update InkDesk, which brings the zones, or restore the last backup.",
                zone=zone,
            ),
            field="zone",
        ) from failure


def only_instance(url: str) -> "SingleInstance | None":
    """The lock for a window on a SQLite file, not yet taken; None for a shared database, which many may open."""
    file = sqlite_path(url) or _file_of(url)
    if file is None:
        return None
    from inkdesk.infrastructure.single_instance import SingleInstance  # noqa: PLC0415 - only one's own file is locked

    return SingleInstance(file)


def open_studio(
    url: str | None,
    *,
    password: str | None = None,
    must_exist: bool = False,
    practice: Callable[[], PracticeStripe] | None = None,
    secrets: SecretStore | None = None,
) -> OpenStudio:
    """Open the database at ``url`` (None: the own studio's file) and build its use cases.

    ``must_exist`` refuses a SQLite file that is not there instead of making one. ``practice`` is asked for the
    practice Stripe if the studio practises; without it links cannot be made there. A PostgreSQL password is
    ``password``, which is kept in the keyring once it opened the database, else the kept one.

    Raises PasswordNeeded, DatabaseUnreachable, ValidationError.
    """
    address = _address(url or own_database_url(user_places()))
    if must_exist:
        _check_exists(address)
    store = secrets or _keyring()
    with ExitStack() as stack:
        database = _open_database(address, password, store)
        stack.callback(database.close)
        with database.read() as uow:
            studio = uow.studio.find()
        stripe = practice() if practice is not None and studio is not None and studio.mode is Mode.PRACTICE else None
        if stripe is not None and stripe.server is not None:
            stack.callback(stripe.server.stop)
        opened = _assemble(database, studio, store, stripe, stack.pop_all())
        return opened if stripe is None else replace(opened, controls=stripe.controls)


def open_at_once(url: str | None) -> OpenStudio | None:
    """The studio in an up-to-date SQLite file, before the database's library is loaded, if it can be seen so.

    Its calendar can be asked for at once, everything else waits until the library is there. None: ``open_studio``
    has to do it, and says what is wrong if anything is. Raises DatabaseUnreachable if there is no place for files.
    """
    from inkdesk.infrastructure.db.early import EarlyDatabase  # noqa: PLC0415 - only the window is in such a hurry
    from inkdesk.infrastructure.db.first_look import look  # noqa: PLC0415 - as above

    address = url or own_database_url(user_places())
    file = sqlite_path(address)
    first = None if file is None else look(file)
    if first is None or first.studio.mode is Mode.PRACTICE:  # which starts a server with its studio
        return None
    store = _keyring()
    database = EarlyDatabase(first, lambda: _open_database(_address(address), None, store))
    with ExitStack() as stack:
        stack.callback(database.close)
        return _assemble(database, first.studio, store, None, stack.pop_all())


def open_practice_studio(port: int | None = None) -> OpenStudio:
    """A fresh practice studio in a temporary database, with its own practice Stripe. Its end is its end.

    ValidationError if ``port`` is taken.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - needed only here

    from inkdesk.infrastructure.db.database import Database  # noqa: PLC0415 - loads SQLAlchemy
    from inkdesk.practice_access import InProcessControls, JumpingClock  # noqa: PLC0415 - needed only here

    clock = JumpingClock(SystemClock())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="inkdesk-", ignore_cleanup_errors=True)))
        practice = own_practice(port)
        controls = None
        if practice.server is not None:
            stack.callback(practice.server.stop)
            controls = InProcessControls(practice.server.controls, clock)
        database = Database.open(sqlite_url(folder / "practice.db"), who=desk_name(), clock=clock)
        stack.callback(database.close)
        opened = _assemble(database, None, _keyring(), practice, stack, clock)
        return replace(opened, studio=store_sample(opened), controls=controls, _stack=stack.pop_all())


def store_sample(opened: OpenStudio) -> Studio:
    """Write the practice studio into an opened empty database."""
    from inkdesk.application.sample_store import write_sample  # noqa: PLC0415 - once in a studio's life
    from inkdesk.application.units import in_unit  # noqa: PLC0415 - as above

    now = opened.services.clock.now().replace(microsecond=0)
    return in_unit(opened.database.write, lambda uow: write_sample(uow, opened.services.payments, now))


def own_practice(port: int | None) -> PracticeStripe:
    """Start a practice Stripe in this program, on a free port if ``port`` is None. ValidationError if it is taken."""
    from inkdesk.practice import PortBusy, PracticeServer  # noqa: PLC0415 - Flask, needed only here
    from inkdesk.practice_access import InProcessControls  # noqa: PLC0415 - as above

    server = PracticeServer(port=port or 0)
    try:
        server.start()
    except PortBusy as busy:
        raise ValidationError(
            message(
                "Port {port} is in use by another program, so the practice Stripe cannot start. "
                "Close that program, or choose another port with --practice-port.",
                port=busy.port,
            ),
            field="practice_port",
        ) from busy
    controls = InProcessControls(server.controls)
    return PracticeStripe(url=server.url, key=server.key, page=server.success_url, server=server, controls=controls)


def desk_practice(port: int | None) -> PracticeStripe:
    """The practice Stripe of a window on a studio that is kept: the one that runs on ``port`` already, else its own.

    ValidationError if another program has the port.
    """
    from inkdesk.practice_access import RemoteControls  # noqa: PLC0415 - needed only here

    running = None if port is None else running_practice(port)
    remote = None if running is None else RemoteControls(running.url, running.key)
    return replace(running, controls=remote) if running and remote and remote.is_there() else own_practice(port)


def running_practice(port: int) -> PracticeStripe:
    """The practice Stripe that another program runs on ``port``, for example ``python -m inkdesk.practice``."""
    from inkdesk.practice import DEFAULT_KEY  # noqa: PLC0415 - see own_practice

    url = f"http://127.0.0.1:{port}"
    return PracticeStripe(url=url, key=DEFAULT_KEY, page=f"{url}/c/paid")


def stripe_secret(studio: Studio) -> str:
    """The name under which the secret store keeps the studio's Stripe key."""
    from inkdesk.application.stripe_key import key_name  # noqa: PLC0415 - not for the first week

    return key_name(studio)


def open_key(key: str, mode: Mode) -> "KeyGateway":
    """The way to Stripe with a key that is being tried. Raises as ``check_key`` does."""
    from inkdesk.infrastructure.stripe_api.gateway import StripeGateway  # noqa: PLC0415 - slow to import

    return StripeGateway(key, mode)


def write_table(path: Path, table: "Table", progress: "Progress") -> bool:
    """Write a table to a .csv or .xlsx file, as ``WriteTable`` says."""
    from inkdesk.infrastructure.exports import table_file  # noqa: PLC0415 - rarely needed

    return table_file.write_table(path, table, progress)


def _assemble(
    database: "Database | EarlyDatabase",
    studio: Studio | None,
    secrets: SecretStore,
    practice: PracticeStripe | None,
    stack: ExitStack,
    clock: Clock | None = None,
) -> OpenStudio:
    access = None if practice is None else (practice.key, practice.url)
    stripe = StripeAccess(database.read, secrets, access)
    stack.callback(stripe.close)
    services = Services(
        read=database.read,
        write=database.write,
        queries=database.queries,
        gateway=stripe.gateway,
        phones=LibraryPhoneNumbers(),
        secrets=WatchedSecrets(secrets, stripe.forget),
        clock=clock or SystemClock(),
        return_page=practice.page if practice is not None else _NO_SERVER_PAGE,
    )
    stack.callback(_keep_reads, services, stripe)
    return OpenStudio(
        services=services, database=database, studio=studio, gateway=stripe.gateway, practice=practice, _stack=stack
    )


def _keep_reads(services: Services, stripe: StripeAccess) -> None:
    """Count what was read at Stripe and is not in the database yet: Stripe's allowance is for all desks together."""
    try:
        services.reads.keep(stripe)
    except InkDeskError as failure:
        _log.warning("the reads at Stripe were not counted: %s", failure.code)


def _keyring() -> SecretStore:
    from inkdesk.infrastructure.secrets import KeyringSecretStore  # noqa: PLC0415 - the command line may bring its own

    return KeyringSecretStore()


def _file_of(url: str) -> Path | None:
    from inkdesk.infrastructure.db.addresses import parse_address  # noqa: PLC0415 - loads SQLAlchemy
    from inkdesk.infrastructure.db.engines import sqlite_file  # noqa: PLC0415 - as above

    return sqlite_file(parse_address(url, None))


def _address(url: str) -> "Address":
    """Read the address; a password does not belong into it."""
    from inkdesk.infrastructure.db.addresses import parse_address  # noqa: PLC0415 - loads SQLAlchemy

    address = parse_address(url, None)
    if address.password is not None or "password" in address.url.query:
        raise ValidationError(
            message(
                "A password does not belong into the address: others can read it there. "
                "Leave it out; InkDesk asks for it once and keeps it in the system's keyring."
            ),
            field="database",
        )
    return address


def _check_exists(address: "Address") -> None:
    from inkdesk.infrastructure.db.engines import sqlite_file  # noqa: PLC0415 - loads SQLAlchemy

    file = sqlite_file(address)
    if file is not None and not file.exists():
        raise DatabaseUnreachable(
            message("There is no studio at {file}. Make one with inkdesk init, or check the address.", file=str(file))
        )


def _open_database(address: "Address", password: str | None, secrets: SecretStore | None) -> "Database":
    """Open with the typed password, else the kept one; a typed one that works is kept."""
    from inkdesk.infrastructure.db.database import Database  # noqa: PLC0415 - loads SQLAlchemy

    name = f"database:{address.shown}"
    is_server = address.kind == "postgresql"
    kept = _kept_password(secrets, name) if is_server and password is None else None
    url = address.url.render_as_string(hide_password=False)
    try:
        database = Database.open(url, password=password or kept, who=desk_name(), clock=SystemClock())
    except DatabaseUnreachable as failure:
        if is_server and _is_about_password(failure.message):
            raise PasswordNeeded(failure.message) from failure
        raise
    if is_server and password is not None and secrets is not None:
        _keep_password(secrets, name, password)
    return database


def _kept_password(secrets: SecretStore | None, name: str) -> str | None:
    try:
        return secrets.get(name) if secrets is not None else None
    except SecretStoreUnavailable:
        return None  # then it is asked for, each time


def _keep_password(secrets: SecretStore, name: str, password: str) -> None:
    try:
        secrets.set(name, password)
    except SecretStoreUnavailable:
        _log.info("no keyring: the password of the database is asked for each time")


def _is_about_password(sentence: Message) -> bool:
    return "password" in sentence.template
