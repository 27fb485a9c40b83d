"""The trainer's controls over HTTP: for a program that did not start this server itself.

As the API they answer on the loopback address only, and to whoever has a key that works. Faults do not touch them: who
cut the network must be able to mend it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from inkdesk.practice.bank import Bank
from inkdesk.practice.controls import Controls
from inkdesk.practice.errors import ApiError, WrongStateError, invalid
from inkdesk.practice.knobs import OUTCOMES

ROOT = "/practice"
ALLOWANCE_S = 30 * 24 * 3600
LONGEST_DELAY_S = 60


def blueprint(bank: Bank) -> Blueprint:
    """Return the routes of `/practice`."""
    routes = Blueprint("remote", __name__, url_prefix=ROOT)
    controls = Controls(bank)

    @routes.before_request
    def check_key() -> Response | None:
        try:
            bank.access.authenticate(request.headers.get("Authorization"))
        except ApiError as refusal:
            return _refusal(refusal)
        return None

    @routes.get("/sessions")
    def sessions() -> Response:
        return jsonify([asdict(seen) for seen in controls.sessions()])

    @routes.get("/standing")
    def standing() -> Response:
        return jsonify(_standing(controls))

    @routes.post("/sessions/<session_id>/<act>")
    def act(session_id: str, act: str) -> Response:
        return _done(lambda: controls.act(session_id, act))

    @routes.post("/standing")
    def switch() -> Response:
        return _done(lambda: _switch(controls))

    return routes


def _standing(controls: Controls) -> dict[str, object]:
    now = controls.now()
    return {
        "now": now,
        "reads": controls.reads.count(since=now - ALLOWANCE_S),
        "offline": controls.is_offline,
        "delay_s": int(controls.answer_delay_s),
        "refunds": controls.refund_outcome,
    }


def _switch(controls: Controls) -> None:
    """Set the switches that the form names."""
    form = request.form
    if "offline" in form:
        controls.set_offline(offline=form["offline"] == "true")
    if "delay_s" in form:
        controls.set_delay(_seconds(form["delay_s"]))
    if "refunds" in form:
        if form["refunds"] not in OUTCOMES:
            raise invalid("There is no such outcome of refunds.", param="refunds")
        controls.refund_next_as(OUTCOMES[form["refunds"]])


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= LONGEST_DELAY_S):
        raise invalid(f"A delay lasts from 0 to {LONGEST_DELAY_S} seconds.", param="delay_s")
    return int(text)


def _done(work: Callable[[], None]) -> Response:
    try:
        work()
    except ApiError as refusal:
        return _refusal(refusal)
    except WrongStateError as refusal:
        return _refusal(ApiError(409, str(refusal)))
    except LookupError:
        return _refusal(ApiError(404, "There is no such session or act."))
    return Response(status=204)


def _refusal(error: ApiError) -> Response:
    answer = jsonify(error.body())
    answer.status_code = error.status
    return answer
