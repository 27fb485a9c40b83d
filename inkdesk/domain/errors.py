"""The errors a person or a calling program can do something about, with one code each."""

from enum import StrEnum

from inkdesk.domain.message import Message


class ErrorCode(StrEnum):
    """What the window, the command line and Python callers see alike."""

    SLOT_UNAVAILABLE = "SLOT_UNAVAILABLE"
    SLOT_TAKEN = "SLOT_TAKEN"
    STRIPE_NOT_CONFIGURED = "STRIPE_NOT_CONFIGURED"
    PAYMENT_MISMATCH = "PAYMENT_MISMATCH"
    STALE_RECORD = "STALE_RECORD"
    VALIDATION = "VALIDATION"
    DATABASE_UNREACHABLE = "DATABASE_UNREACHABLE"
    SECRET_STORE_UNAVAILABLE = "SECRET_STORE_UNAVAILABLE"  # noqa: S105 - a code, not a secret
    INTERNAL_ERROR = "INTERNAL_ERROR"


class InkDeskError(Exception):
    """A known failure: ``message`` says what happened and what to do, ``code`` what kind it is.

    ``field`` names the input that is at fault (a command's attribute), if one is. Anything else that is
    raised is a bug and is logged with its trace.
    """

    def __init__(self, code: ErrorCode, message: Message, *, field: str = "") -> None:
        super().__init__(message.plain())
        self.code = code
        self.message = message
        self.field = field


class ValidationError(InkDeskError):
    """Input that cannot be right, e.g. a negative price."""

    def __init__(self, message: Message, *, field: str = "") -> None:
        super().__init__(ErrorCode.VALIDATION, message, field=field)


class SlotTaken(InkDeskError):
    """Another booking or blocked time has the span: somebody was faster."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.SLOT_TAKEN, message, field="starts_at")


class SlotUnavailable(InkDeskError):
    """Outside hours, on leave, too soon or too far."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.SLOT_UNAVAILABLE, message, field="starts_at")


class StaleRecord(InkDeskError):
    """The record was changed by another desk since it was read."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.STALE_RECORD, message)


class DatabaseUnreachable(InkDeskError):
    """The database cannot be opened, written or reached; nothing was saved."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.DATABASE_UNREACHABLE, message)


class StripeNotConfigured(InkDeskError):
    """No usable Stripe key, or Stripe refuses this account."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.STRIPE_NOT_CONFIGURED, message)


class SecretStoreUnavailable(InkDeskError):
    """The system's keyring is missing, locked or did not keep what it was given."""

    def __init__(self, message: Message) -> None:
        super().__init__(ErrorCode.SECRET_STORE_UNAVAILABLE, message)
