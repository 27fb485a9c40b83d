"""The practice Stripe as one object: start it, talk to it over HTTP, play the payer, stop it."""

from __future__ import annotations

from typing import Self

from flask import Flask, Response, request

from inkdesk.practice import api, page, remote
from inkdesk.practice.access import Access
from inkdesk.practice.actors import Actors
from inkdesk.practice.bank import PLATFORM_ID, Bank
from inkdesk.practice.clock import PracticeClock
from inkdesk.practice.controls import Controls
from inkdesk.practice.events import EventFeed
from inkdesk.practice.faults import Faults
from inkdesk.practice.reads import Reads
from inkdesk.practice.wire import HOST, Wire, listen

DEFAULT_KEY = "rk_test_practice000000000000000000"


class PracticeServer(Actors):
    """A small strict Stripe on 127.0.0.1; its state lives as long as the object.

    Args:
        port: the port to listen on; 0 takes a free one.
        key: the API key that works (`rk_test_` with a studio's rights, or `sk_test_` with all).
    """

    def __init__(self, port: int = 0, key: str = DEFAULT_KEY) -> None:
        super().__init__(Bank())
        self.key = key
        self._port = port
        self._bank.access.grant(key)
        self._wire: Wire | None = None

    def start(self) -> None:
        """Listen and serve; a second call does nothing.

        Raises:
            PortBusy: the wanted port is taken.
        """
        if self._wire is not None:
            return
        listener = listen(self._port)
        self._port = int(listener.getsockname()[1])
        self._bank.base_url = self.url
        self._wire = Wire(listener, _flask_app(self._bank), self._bank.faults)

    def stop(self) -> None:
        """Close every connection and join every thread, within seconds; a second call does nothing."""
        wire, self._wire = self._wire, None
        self._bank.faults.clear()
        if wire is not None:
            wire.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Return the base address, like `http://127.0.0.1:12345`; known once started."""
        return f"http://{HOST}:{self._port}"

    @property
    def success_url(self) -> str:
        """Return a page of the server that thanks for a payment."""
        return f"{self.url}{page.PAID_PATH}"

    @property
    def clock(self) -> PracticeClock:
        """Return the server's clock."""
        return self._bank.clock

    @property
    def faults(self) -> Faults:
        """Return the faults that are switched on."""
        return self._bank.faults

    @property
    def reads(self) -> Reads:
        """Return the count of reads."""
        return self._bank.reads

    @property
    def access(self) -> Access:
        """Return the keys and their rights."""
        return self._bank.access

    @property
    def events(self) -> EventFeed:
        """Return the event feed with its knobs."""
        return self._bank.feed

    @property
    def controls(self) -> Controls:
        """Return what a trainer's console is worked with."""
        return Controls(self._bank)

    @property
    def account_id(self) -> str:
        """Return the id of the studio's own account."""
        return PLATFORM_ID


def _flask_app(bank: Bank) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(api.blueprint(bank))
    app.register_blueprint(page.blueprint(bank))
    app.register_blueprint(remote.blueprint(bank))
    own_host = bank.base_url.removeprefix("http://")
    hosts = {own_host, own_host.replace(HOST, "localhost")}

    @app.before_request
    def refuse_foreign_hosts() -> Response | None:
        """Keep web pages out that reach 127.0.0.1 under a name of their own."""
        return None if request.host in hosts else Response("Misdirected request", 421)

    @app.after_request
    def stamp(response: Response) -> Response:
        response.headers["Date"] = bank.clock.http_date()
        return response

    return app
