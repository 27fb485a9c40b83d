"""A desk whose program is killed at every step between "saved", "called" and "answered", and what it leaves behind.

The desk runs in a process of its own against the database and the practice server of the test. It dies by
``os._exit``: nothing is closed, flushed or rolled back. The same story is told again and again, each time the program
lives one step longer, until it lives to the end.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import requests

from inkdesk.application.services import Services
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.unit import SqlUnitOfWork
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from support.clock import START, StandingClock
from support.payment_desk import PaymentDesk

T = TypeVar("T")
KILLED, LIVED = 9, 0
MOST_STEPS = 60
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["support.killed"])


class NoSecrets:
    """A keyring that keeps nothing."""

    def get(self, _name: str) -> str | None:
        return None

    def set(self, _name: str, _secret: str) -> None:
        raise AssertionError("nobody enters a key here")

    def delete(self, _name: str) -> None:
        raise AssertionError("nobody removes a key here")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk works, and when."""

    database_url: str
    server_url: str
    key: str
    success_url: str
    now: datetime


Act = Callable[..., object]
"""What the desk does before it dies: a function of a module, called with its ``Services`` and ids."""


def killed(place: Place, act: Act, args: tuple[Any, ...], at_step: int) -> bool:
    """Let a desk do ``act(services, *args)`` and kill it at this step; whether it died before the end."""
    process = _PROCESSES.Process(target=_live, args=(place, act, args, at_step), daemon=True)
    process.start()
    process.join(60)
    code = process.exitcode
    process.kill()
    assert code in {KILLED, LIVED}, f"the desk ended with {code}, see its traceback above"
    return code == KILLED


def _live(place: Place, act: Act, args: tuple[Any, ...], at_step: int) -> None:
    _die_at(at_step)
    with services_at(place) as services:
        act(services, *args)
    os._exit(LIVED)


def _die_at(at_step: int) -> None:
    """Steps are: a unit of work was committed (saved); Stripe did what was asked, and nobody here knows it (called).

    Death a moment before a commit or a call leaves the same world as after the step before.
    """
    steps = iter(range(1, at_step + 1))

    def step() -> None:
        if next(steps, at_step) == at_step:
            os._exit(KILLED)

    commit, send = SqlUnitOfWork.commit, requests.Session.send

    def committing(self: SqlUnitOfWork) -> None:
        commit(self)
        step()

    def sending(self: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401
        if request.method != "POST":
            return send(self, request, **how)
        try:
            return send(self, request, **how)
        finally:
            step()

    SqlUnitOfWork.commit = committing  # type: ignore[method-assign]
    requests.Session.send = sending  # type: ignore[method-assign]


@contextmanager
def services_at(place: Place) -> Iterator[Services]:
    """A program that was just started there."""
    clock = StandingClock(place.now)
    database = Database.open(place.database_url, who="Desk 1", clock=clock)
    gateway = StripeGateway(place.key, Mode.PRACTICE, base_url=place.server_url, retries=0)
    try:
        yield Services(
            read=database.read,
            write=database.write,
            queries=database.queries,
            gateway=lambda: gateway,
            phones=LibraryPhoneNumbers(),
            secrets=NoSecrets(),
            clock=clock,
            return_page=place.success_url,
        )
    finally:
        gateway.close()
        database.close()


@dataclass(frozen=True, slots=True)
class Worlds:
    """Fresh worlds of the same kind: an empty book, to which ``fresh`` gives the address, and a practice server."""

    fresh: Callable[[], AbstractContextManager[str]]

    @contextmanager
    def one(self) -> Iterator[PaymentDesk]:
        """A studio of its own, with a desk that lives on when another dies."""
        clock = StandingClock(START)
        with self.fresh() as url, PracticeServer() as server:
            database = Database.open(url, who="Desk 2", clock=clock)
            desk = PaymentDesk.open(server, database, clock)
            try:
                yield desk
            finally:
                desk.close()
                database.close()

    def killed_at_every_step(
        self, arrange: Callable[[PaymentDesk], tuple[Any, ...]], act: Act, *, at_least: int
    ) -> Iterator[tuple[PaymentDesk, tuple[Any, ...]]]:
        """A world after each death, and one in which the desk lived to the end; ``at_least`` so many deaths.

        ``arrange`` prepares a world and says with which ids ``act`` is called. What comes out is told to a desk that
        was just started. In the first world the desk dies with what ``arrange`` saved, before it does anything.
        """
        with self.one() as desk:
            yield desk, arrange(desk)
        for number in range(1, MOST_STEPS):
            with self.one() as desk:
                args = arrange(desk)
                has_died = killed(place_of(desk), act, args, number)
                yield desk, args
            if not has_died:
                assert number > at_least, f"only {number - 1} steps: what was to be killed?"
                return
        raise AssertionError("the desk never lives to the end")


def place_of(desk: PaymentDesk) -> Place:
    """Where this desk works."""
    url = desk.database._engine.url.render_as_string(hide_password=False)
    return Place(url, desk.server.url, desk.server.key, desk.server.success_url, desk.clock.now())
