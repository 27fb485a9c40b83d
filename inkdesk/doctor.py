"""What InkDesk needs on this computer, looked at one by one: what is wrong, and the way on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.poll_state import WRONG_CLOCK_S
from inkdesk.application.stripe_key import needed_rights, probe_rights
from inkdesk.application.text import render, tr
from inkdesk.bootstrap import OpenStudio, known_zone, resource_folder
from inkdesk.domain.errors import InkDeskError, SecretStoreUnavailable, StripeNotConfigured
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.engines import has_safe_wal
from inkdesk.infrastructure.files import user_places
from inkdesk.infrastructure.secrets import KeyringSecretStore
from inkdesk.infrastructure.stripe_api.client import certificates

_log = logging.getLogger(__name__)


class Grade(StrEnum):
    """How a check ended; ``WARN`` takes something away, ``FAIL`` keeps the studio from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``subject`` is a fixed English word, ``sentence`` is for the reader."""

    subject: str
    grade: Grade
    sentence: str


@dataclass(frozen=True, slots=True)
class _Patient:
    """What the checks look at; ``opened`` and ``studio`` are None if there is none."""

    opened: OpenStudio | None
    studio: Studio | None

    @property
    def needs_secrets(self) -> bool:
        """Whether this studio cannot do without the keyring."""
        return self.studio is not None and self.studio.mode is not Mode.PRACTICE


def examine(open_studio: Callable[[], OpenStudio]) -> Iterator[Check]:
    """Every check, in the order in which things depend on each other. Never raises."""
    with ExitStack() as stack:
        opened, database = _open(open_studio)
        if opened is not None:
            stack.callback(_close, opened)
        yield database
        patient = _Patient(opened, _studio(opened))
        for subject, look in _CHECKS.items():
            yield _looked(subject, look, patient)


def _open(open_studio: Callable[[], OpenStudio]) -> tuple[OpenStudio | None, Check]:
    try:
        opened = open_studio()
    except InkDeskError as failure:
        return None, Check("database", Grade.FAIL, render(failure.message))
    except Exception:  # noqa: BLE001 - as in _looked
        return None, _unchecked("database")
    return opened, _looked("database", lambda _: _database(opened), _Patient(opened, None))


def _looked(subject: str, look: "_Look", patient: _Patient) -> Check:
    try:
        grade, sentence = look(patient)
    except InkDeskError as failure:
        grade, sentence = Grade.FAIL, render(failure.message)
    except Exception:  # noqa: BLE001 - logged; one broken part must not hide the others
        return _unchecked(subject)
    return Check(subject, grade, sentence)


def _unchecked(subject: str) -> Check:
    """The check itself broke; called where its exception is handled."""
    _log.exception("the check of %s failed", subject)
    return Check(subject, Grade.FAIL, tr("This could not be checked. The log has the details."))


def _close(opened: OpenStudio) -> None:
    try:
        opened.close()
    except Exception:  # noqa: BLE001 - as in _looked
        _log.exception("the studio was not closed")


def _studio(opened: OpenStudio | None) -> Studio | None:
    try:
        return None if opened is None else opened.services.studio.find()
    except Exception:  # noqa: BLE001 - as in _looked
        _log.exception("the studio was not read")  # the check of the database says it
        return None


_Found = tuple[Grade, str]
_Look = Callable[[_Patient], _Found]


def _database(opened: OpenStudio) -> _Found:
    health = opened.database.check()
    where = f"{opened.database.url_shown} ({health.version})"
    if health.problems:
        return Grade.FAIL, tr(
            "{where} is damaged: {problems}. Restore the last backup.", where=where, problems="; ".join(health.problems)
        )
    if opened.services.studio.find() is None:
        return Grade.WARN, tr("{where} holds no studio yet. Make one with inkdesk init.", where=where)
    return Grade.OK, where


def _zone(patient: _Patient) -> _Found:
    if patient.opened is None or patient.studio is None:
        return Grade.WARN, tr("Not asked: there is no studio.")
    today = patient.opened.services.clock.now().date()
    own = [artist.zone for artist in patient.opened.services.studio.settings(today).artists if artist.zone]
    zones = dict.fromkeys([patient.studio.zone, *own])
    return Grade.OK, ", ".join(str(known_zone(zone)) for zone in zones)


def _sqlite(_: _Patient) -> _Found:
    module = sqlite_module()
    if has_safe_wal(module.sqlite_version_info):
        return Grade.OK, f"SQLite {module.sqlite_version}"
    return Grade.WARN, tr(
        "SQLite {version} is old, so InkDesk saves more slowly to stay safe. Install the package pysqlite3.",
        version=str(module.sqlite_version),
    )


def _postgresql(patient: _Patient) -> _Found:
    try:
        import psycopg  # noqa: PLC0415 - loads a library of the system, that is the question
    except ImportError:
        is_needed = patient.opened is not None and patient.opened.database.kind == "postgresql"
        return Grade.FAIL if is_needed else Grade.WARN, tr(
            "The PostgreSQL client cannot be loaded. Install the package psycopg[binary]."
        )
    return Grade.OK, f"psycopg {psycopg.__version__} ({psycopg.pq.__impl__})"


def _keyring(patient: _Patient) -> _Found:
    try:
        return Grade.OK, KeyringSecretStore().backend_name()
    except SecretStoreUnavailable as failure:
        return Grade.FAIL if patient.needs_secrets else Grade.WARN, render(failure.message)


def _certificates(_: _Patient) -> _Found:
    return Grade.OK, str(certificates())


def _stripe(patient: _Patient) -> _Found:
    if patient.opened is None or patient.studio is None:
        return Grade.WARN, tr("Not asked: there is no studio.")
    try:
        gateway = patient.opened.gateway()
    except StripeNotConfigured as failure:
        is_practice = patient.studio.mode is Mode.PRACTICE
        return Grade.OK if is_practice else Grade.WARN, render(failure.message)
    with patient.opened.database.read() as uow:
        needed = needed_rights(uow.accounts.all())
    missing = probe_rights(gateway, needed)
    if missing:
        return Grade.FAIL, tr("The key lacks rights: {rights}. Add them at Stripe.", rights=", ".join(missing))
    return Grade.OK, tr("Stripe answers, and the key has every right it needs.")


def _clock(patient: _Patient) -> _Found:
    offset_s = _offset_s(patient)
    if offset_s is None:
        return Grade.OK, tr("Not compared: Stripe does not answer.")
    if abs(offset_s) > WRONG_CLOCK_S:
        return Grade.WARN, tr(
            "This computer's clock is {seconds} seconds off. Set it, or let the system set it.", seconds=abs(offset_s)
        )
    return Grade.OK, tr("Right to {seconds} seconds.", seconds=abs(offset_s))


def _offset_s(patient: _Patient) -> int | None:
    """Stripe's clock less this computer's: None if Stripe does not answer."""
    if patient.opened is None or patient.studio is None:
        return None
    try:
        return _ask_offset(patient.opened.gateway(), patient.opened)
    except InkDeskError:
        return None


def _ask_offset(gateway: PaymentGateway, opened: OpenStudio) -> int:
    now = opened.services.clock.now()
    seen_at = gateway.hints_since(now - timedelta(minutes=1)).seen_at
    return round((seen_at - opened.services.clock.now()).total_seconds())


def _fonts(_: _Patient) -> _Found:
    folder = resource_folder() / "fonts"
    fonts = sorted(file.name for file in folder.glob("*.[ot]tf"))
    if not fonts:
        return Grade.FAIL, tr("The fonts are missing from {folder}. Install InkDesk again.", folder=str(folder))
    return Grade.OK, ", ".join(fonts)


def _files(_: _Patient) -> _Found:
    places = user_places()
    return Grade.OK, tr(
        "Own studio {database}, preferences {preferences}, log {log}.",
        database=str(places.database),
        preferences=str(places.preferences),
        log=str(places.log),
    )


_CHECKS: dict[str, _Look] = {
    "zone": _zone,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "keyring": _keyring,
    "certificates": _certificates,
    "stripe": _stripe,
    "clock": _clock,
    "fonts": _fonts,
    "files": _files,
}
