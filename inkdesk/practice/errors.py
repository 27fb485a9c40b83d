"""Errors of the practice server, in the words and the JSON shape of Stripe's API."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]


class WrongStateError(Exception):
    """An actor method was called on an object that is not in the state it needs."""


class ApiError(Exception):
    """A refusal that the API answers with a status and Stripe's error object.

    Args:
        status: HTTP status.
        message: Stripe's sentence.
        kind: Stripe's error `type`.
        code: Stripe's error `code`, if it has one.
        param: the parameter that is wrong, if it is one.
        fields: further members of the error object.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        fields: JsonObject | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.fields = fields or {}

    def body(self) -> JsonObject:
        """Return the JSON body of the answer."""
        error: JsonObject = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        return {"error": error | self.fields}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """Return a 400 about a parameter or a state."""
    return ApiError(400, message, param=param, code=code)


def missing(kind: str, object_id: str, param: str, status: int = 404) -> ApiError:
    """Return Stripe's "No such ..." about an id."""
    return ApiError(status, f"No such {kind}: '{object_id}'", param=param, code="resource_missing")
