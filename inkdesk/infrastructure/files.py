"""Where InkDesk keeps its files, its few preferences, and its log.

A secret is never a preference, and never reaches the log: the formatter takes keys, checkout links, passwords in
addresses and e-mail addresses out of every line, traces included.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import quote, unquote

from platformdirs import PlatformDirs
from typing_extensions import override

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message

LOG_BYTES = 1_000_000
"""How long one log file grows before the next one is begun; five old ones are kept."""

_SECRETS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:[rsp]k_(?:live|test)_|whsec_|sk_org_)\w+"), "<key>"),
    (re.compile(r"(?i)\b(bearer|basic) [^\s,;'\"]+"), r"\1 <secret>"),
    (re.compile(r"(?i)(password['\"]?\s*[=:]\s*['\"]?)[^\s,;'\"]+"), r"\1<secret>"),
    (re.compile(r"https?://[^\s'\"<>]*/(?:c/)?pay/[^\s'\"<>]*"), "<checkout link>"),
    (re.compile(r"(\w://[^\s/:@]+):[^\s/@]+@"), r"\1:<secret>@"),
    (re.compile(r"\[parameters: .*"), "[parameters: <personal>]"),
    (re.compile(r"(?<![\w/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<e-mail>"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of this user on this computer."""

    data: Path
    config: Path
    logs: Path

    @property
    def database(self) -> Path:
        """The own studio's file."""
        return self.data / "inkdesk.db"

    @property
    def preferences(self) -> Path:
        """The preferences' file."""
        return self.config / "preferences.toml"

    @property
    def log(self) -> Path:
        """The newest log file."""
        return self.logs / "inkdesk.log"


def user_places() -> Places:
    """The platform's folders for InkDesk; nothing is made yet."""
    dirs = PlatformDirs("inkdesk", appauthor=False)
    return Places(dirs.user_data_path, dirs.user_config_path, dirs.user_log_path)


def own_database_url(places: Places) -> str:
    """The URL of the own studio's file; its folder is made if it is not there. Raises DatabaseUnreachable."""
    try:
        places.data.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise DatabaseUnreachable(
            message(
                "The folder {folder} cannot be made ({reason}). Make it, or name another database.",
                folder=str(places.data),
                reason=failure.strerror or str(failure),
            )
        ) from failure
    return sqlite_url(places.database)


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file, whatever signs its path has."""
    return f"sqlite:///{quote(file.as_posix(), safe='/:')}"


def sqlite_path(url: str) -> Path | None:
    """The file of a plain SQLite URL; None for any other address, and for one with options."""
    path = url.removeprefix("sqlite:///")
    is_plain = path not in {"", url, ":memory:"} and "?" not in path and not path.startswith("file:")
    return Path(unquote(path)) if is_plain else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one user of this computer prefers; "" means the platform's own choice, or the keys as they come."""

    language: str = ""
    theme: str = ""
    keys: str = ""


def read_preferences(path: Path) -> Preferences:
    """The stored preferences; what is missing or unreadable is the default, and an unreadable file is logged."""
    if not path.exists():
        return Preferences()
    import tomllib  # noqa: PLC0415 - most desks never chose anything

    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        logging.getLogger(__name__).warning("preferences not read: %s", failure)
        return Preferences()
    known = {field.name: stored[field.name] for field in fields(Preferences) if field.name in stored}
    return Preferences(**{name: value for name, value in known.items() if isinstance(value, str)})


def write_preferences(path: Path, preferences: Preferences) -> None:
    """Replace the stored preferences as a whole, or leave them as they were. Raises OSError."""
    lines = [
        f"{field.name} = {json.dumps(getattr(preferences, field.name), ensure_ascii=False)}\n"
        for field in fields(Preferences)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(lines), encoding="utf-8")
    fresh.replace(path)


def without_secrets(text: str) -> str:
    """``text`` without keys, passwords, checkout links and e-mail addresses."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _DiscreetFormatter(logging.Formatter):
    """Formats a record and its trace, then takes out what no log may hold."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _PatientLog(RotatingFileHandler):
    """A full disk costs a line of the log, never the work that the line is about."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: there is no better place than the log that just failed."""


def start_log(path: Path) -> logging.Handler | None:
    """Log to ``path`` from now on; close the answer with ``stop_log``. None if the file cannot be written.

    A program that cannot log still books, so this never raises.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        log = _PatientLog(path, maxBytes=LOG_BYTES, backupCount=5, encoding="utf-8")
    except OSError:
        return None
    log.setFormatter(_DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # below, it tells its own workings at each new file
    root.addHandler(log)
    return log


def stop_log(log: logging.Handler | None) -> None:
    """Write out and close what ``start_log`` answered."""
    if log is not None:
        logging.getLogger().removeHandler(log)
        log.close()
