"""From the drivers' errors to sentences: which failure is it, is it known, may the unit of work run again?"""

from collections.abc import Callable

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError

from inkdesk.application.units import TransientConflict
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.infrastructure.db.guards import SQLITE_REFUSAL

_REQUEST_KEY = ("_studio_id_request_key", ".request_key")
"""In what PostgreSQL and SQLite say of a form that is sent twice at once: a booking's, a series', a group sitting's."""


class GuardRefused(Exception):
    """The guard found an overlap; the repository turns it into SlotTaken with a name."""


class WritersMet(TransientConflict, DatabaseUnreachable):
    """Two desks met. Running the unit of work again is right; if it is not run again, this is the sentence."""


class ConnectionLost(WritersMet):
    """The connection went away inside a unit of work, before its commit was sent."""


def translate_errors(engine: Engine, shown: str) -> None:
    """Make ``engine`` raise our errors for every known failure; ``shown`` is the database as sentences name it."""
    known = _sqlite if engine.dialect.name == "sqlite" else _postgresql

    def translate(context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping:
            return None  # the pool sees by itself that the connection is stale, and opens another
        original = context.original_exception
        if isinstance(original, InkDeskError | GuardRefused | ValueError):
            return original
        if isinstance(original, OverflowError) or getattr(original, "sqlstate", None) == _TOO_LARGE:
            return ValidationError(message("A number is too large to be kept. Enter a smaller one."))
        return known(original, shown, context) or _without_row(original, context)

    event.listen(engine, "handle_error", translate, retval=True)


def _without_row(error: BaseException, context: ExceptionContext) -> BaseException | None:
    """A bug's error without the row that PostgreSQL quotes in its detail: clients stand in it; None for any other."""
    detail = getattr(getattr(error, "diag", None), "message_detail", None)
    wrapped = context.sqlalchemy_exception
    if detail is None or not isinstance(error, Exception) or not isinstance(wrapped, DBAPIError):
        return None
    error.args = (str(error).replace(detail, "..."), *error.args[1:])
    return type(wrapped)(context.statement, None, error, hide_parameters=True)


def lost() -> ConnectionLost:
    """The connection broke before the commit."""
    return ConnectionLost(
        message("The connection to the database was lost. Nothing was saved; save again when it is back.")
    )


def unknown_outcome() -> DatabaseUnreachable:
    """The connection broke while the commit was on its way."""
    return DatabaseUnreachable(
        message(
            "The connection was lost while saving, so InkDesk cannot tell whether it was saved."
            " Save again: what is saved already is not saved twice."
        )
    )


def _met(sentence: Message | None = None) -> WritersMet:
    return WritersMet(sentence or message("Another desk was saving at the same moment. Nothing was saved; save again."))


_SQLITE: dict[int, Callable[[str], Message]] = {
    3: lambda shown: message("You may not open the database file {file}. Ask its owner for the right.", file=shown),
    5: lambda shown: message(
        "Another program keeps the database {file} locked. Nothing was saved; close it and try again.", file=shown
    ),
    8: lambda shown: message(
        "The database {file} can only be read. Nothing was saved; check the rights of the file and its folder.",
        file=shown,
    ),
    10: lambda shown: message(
        "The disk with the database {file} does not answer as it should. Nothing was saved; check the disk.",
        file=shown,
    ),
    11: lambda shown: message(
        "The database {file} is damaged. Nothing was changed; restore the last backup.", file=shown
    ),
    13: lambda shown: message(
        "The disk with the database {file} is full. Nothing was saved; make room and try again.", file=shown
    ),
    14: lambda shown: message(
        "The database file {file} cannot be opened. Check that its folder exists and that you may write there.",
        file=shown,
    ),
    26: lambda shown: message("The file {file} is not an InkDesk database. Choose another file.", file=shown),
}
_SQLITE[6] = _SQLITE[5]


def _sqlite(error: BaseException, shown: str, _context: ExceptionContext) -> BaseException | None:
    text = str(error)
    if SQLITE_REFUSAL in text:
        return GuardRefused()
    if _REQUEST_KEY[1] in text:
        return _met()
    code = getattr(error, "sqlite_errorcode", None)
    sentence = _SQLITE.get(code & 0xFF) if isinstance(code, int) else None
    return DatabaseUnreachable(sentence(shown)) if sentence else None


_TOO_LARGE = "22003"
"""PostgreSQL's word for a number beyond 64 bits; SQLite's driver raises OverflowError."""
_RETRIED = frozenset({"40P01", "40001", "55P03"})
_GONE = frozenset({"57P01", "57P02", "57P03"})
_POSTGRESQL: dict[str, Callable[[str], Message]] = {
    "25006": lambda shown: message("The database {database} can only be read. Nothing was saved.", database=shown),
    "42501": lambda shown: message(
        "Your database user lacks a right on {database}. Nothing was saved; ask who looks after it.", database=shown
    ),
    "53100": lambda shown: message(
        "The disk of the database {database} is full. Nothing was saved; ask who looks after it.", database=shown
    ),
    "53300": lambda shown: message(
        "The database {database} has too many connections. Close a desk or ask who looks after it.", database=shown
    ),
    "57014": lambda shown: message(
        "The database {database} took too long to answer. Nothing was saved; try again.", database=shown
    ),
}


def _postgresql(error: BaseException, shown: str, context: ExceptionContext) -> BaseException | None:
    state = getattr(error, "sqlstate", None) or ""
    if state == "23P01":
        return GuardRefused()
    if state in _RETRIED or (state == "23505" and _REQUEST_KEY[0] in str(error)):
        return _met()
    if state in _POSTGRESQL:
        return DatabaseUnreachable(_POSTGRESQL[state](shown))
    if context.connection is None:
        return DatabaseUnreachable(_not_connected(error, shown))
    if context.is_disconnect or state in _GONE or state.startswith("08"):
        return lost()
    return None


def _not_connected(error: BaseException, shown: str) -> Message:
    """Why no connection came about. libpq has no codes for it, and the server speaks its own language."""
    text = str(error)
    if getattr(getattr(error, "pgconn", None), "needs_password", False) or "no password supplied" in text:
        return message("The database {database} asks for a password. Enter it.", database=shown)
    if "password" in text or "28P01" in text:
        return message("The database {database} refuses the password. Enter it again.", database=shown)
    if "certificate" in text or "SSL" in text:
        return message(
            "No safe connection to the database {database} is possible: its certificate is missing or not trusted."
            " Ask who looks after it, or set sslrootcert in the address.",
            database=shown,
        )
    if "FATAL" in text and "does not exist" in text:
        return message("There is no such database or user: {database}. Check the address.", database=shown)
    return message(
        "The database {database} cannot be reached. Check the network and that the server runs.", database=shown
    )
