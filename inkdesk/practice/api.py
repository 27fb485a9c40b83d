"""The API over Flask: authentication, strict parameters, idempotency, expansion, errors."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, Request, Response, request

from inkdesk.practice.access import RIGHT_TO_SEE
from inkdesk.practice.bank import Bank
from inkdesk.practice.book import Book
from inkdesk.practice.endpoints import ENDPOINTS, Call, Endpoint
from inkdesk.practice.errors import ApiError, JsonObject
from inkdesk.practice.expansion import Expansion, kinds_along
from inkdesk.practice.faults import Fault, FaultKind
from inkdesk.practice.idempotency import SavedAnswer
from inkdesk.practice.parameters import check, endpoint_parameters, parse
from inkdesk.practice.shapes import API_VERSION, new_id

FAULT_KEY = "inkdesk.practice.fault"
HELD_AT_MOST_S = 10.0
BROKEN = ApiError(500, "An unknown error occurred.", kind="api_error")


def blueprint(bank: Bank) -> Blueprint:
    """Return the routes of `/v1`."""
    routes = Blueprint("api", __name__)
    for endpoint in ENDPOINTS:
        rule = endpoint.path.replace("{", "<").replace("}", ">")
        routes.add_url_rule(rule, endpoint.name, _view(bank, endpoint), methods=[endpoint.method])
    methods = ["GET", "POST", "DELETE", "PUT", "PATCH"]
    routes.add_url_rule("/v1/<path:rest>", "unknown", _unknown, methods=methods)
    return routes


def _unknown(rest: str) -> Response:
    message = (
        f"Unrecognized request URL ({request.method}: /v1/{rest}). Please see https://stripe.com/docs or we can help "
        "at https://support.stripe.com/."
    )
    answer = SavedAnswer(404, ApiError(404, message).body(), new_id("req_", 14))
    return _response(answer, answer.request_id)


def _view(bank: Bank, endpoint: Endpoint) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        if request.method == "GET":
            bank.reads.add(request.path, bank.clock.now(), request.headers.get("Stripe-Account", ""))
        request_id = new_id("req_", 14)
        try:
            answer = _Exchange(bank, endpoint, request, next(iter(ids.values()), ""), request_id).answer()
        except ApiError as error:
            answer = SavedAnswer(error.status, error.body(), request_id)
        return _response(answer, request_id)

    return view


def _response(answer: SavedAnswer, request_id: str) -> Response:
    response = Response(json.dumps(answer.body, indent=2), answer.status, content_type="application/json")
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = API_VERSION
    if answer.request_id != request_id:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = answer.request_id
    for name in ("Idempotency-Key", "Stripe-Account"):
        if name in request.headers:
            response.headers[name] = request.headers[name]
    return response


@dataclass(frozen=True)
class _Exchange:
    """One request on its way to an answer."""

    bank: Bank
    endpoint: Endpoint
    request: Request
    object_id: str
    request_id: str

    def answer(self) -> SavedAnswer:
        """Answer the request.

        Raises:
            ApiError: it is refused before it is executed.
        """
        key = self.bank.access.authenticate(self.request.headers.get("Authorization"))
        self._check_version()
        book = self.bank.book(key, self.request.headers.get("Stripe-Account"))
        self.bank.access.require(key, self.endpoint.right, book.account_id)
        params = check(endpoint_parameters()[self.endpoint.name], parse(self._pairs()))
        self._check_expansion(key, book, params)
        token = self.request.headers.get("Idempotency-Key")
        if self.endpoint.method == "POST" and token is not None:
            return self._once(key, book, params, token)
        return self._execute(key, book, params)

    def _check_expansion(self, key: str, book: Book, params: JsonObject) -> None:
        """Refuse a wrong expansion before a POST does anything."""
        if not self.endpoint.makes:
            return
        for path in params.get("expand", []):
            for kind in sorted(kinds_along(self.endpoint.makes, path)):
                self.bank.access.require(key, RIGHT_TO_SEE[kind], book.account_id)

    def _check_version(self) -> None:
        version = self.request.headers.get("Stripe-Version", API_VERSION)
        if version != API_VERSION:
            raise ApiError(400, f"Invalid Stripe API version: {version}. The practice server speaks {API_VERSION}.")

    def _pairs(self) -> Iterable[tuple[str, str]]:
        yield from self.request.args.items(multi=True)
        if self.endpoint.method != "POST":
            return
        kind = self.request.mimetype
        if self.request.content_length and kind != "application/x-www-form-urlencoded":
            raise ApiError(400, f"Invalid request (Content-Type {kind}): POST bodies are form-encoded.")
        yield from self.request.form.items(multi=True)

    def _once(self, key: str, book: Book, params: JsonObject, token: str) -> SavedAnswer:
        owner, store, path = book.account_id, self.bank.idempotency, f"POST {self.request.path}"
        saved = store.begin(owner, token, path, params, self.bank.clock.now())
        if saved is not None:
            return saved
        answer = None
        try:
            answer = self._execute(key, book, params, token)
        finally:
            store.finish(owner, token, answer)
        return answer

    def _execute(self, key: str, book: Book, params: JsonObject, token: str | None = None) -> SavedAnswer:
        fault: Fault | None = self.request.environ.get(FAULT_KEY)
        if fault is not None and fault.kind is FaultKind.HELD:
            fault.entered.set()
            fault.gate.wait(HELD_AT_MOST_S)
        try:
            body = self._run(key, book, params, token)
        except ApiError as error:
            return SavedAnswer(error.status, error.body(), self.request_id)
        if fault is not None and fault.kind is FaultKind.ERROR_SAVED:
            return SavedAnswer(500, BROKEN.body(), self.request_id)
        return SavedAnswer(200, body, self.request_id)

    def _run(self, key: str, book: Book, params: JsonObject, token: str | None) -> JsonObject:
        """Run the endpoint; the answer is a copy, so later changes do not reach what is saved or sent."""
        with self.bank.lock:
            book.cause = {"id": self.request_id, "idempotency_key": token}
            try:
                found = self.endpoint.run(Call(self.bank, book, params, self.object_id))
            finally:
                book.cause = {"id": None, "idempotency_key": None}
            expansion = Expansion(book, params.get("expand", []))
            shown = copy.deepcopy(expansion.apply(found))
        for kind in sorted(expansion.kinds):
            self.bank.access.require(key, RIGHT_TO_SEE[kind], book.account_id)
        return shown
