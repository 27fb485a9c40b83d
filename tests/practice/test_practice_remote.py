"""The trainer's controls over HTTP, as another program on this computer finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from inkdesk.practice import PracticeServer
from inkdesk.practice.controls import ACTS

OpenSession = Callable[..., Any]


@pytest.fixture
def trainer(server: PracticeServer, http: requests.Session) -> requests.Session:
    http.headers["Authorization"] = f"Bearer {server.key}"
    return http


def test_payments_are_listed_and_acted_on(
    server: PracticeServer, trainer: requests.Session, open_session: OpenSession
) -> None:
    session_id = open_session().id
    (seen,) = trainer.get(f"{server.url}/practice/sessions").json()
    assert (seen["session_id"], seen["amount"], seen["currency"], seen["state"]) == (session_id, 6000, "eur", "open")
    assert trainer.post(f"{server.url}/practice/sessions/{session_id}/pay").status_code == 204
    (seen,) = trainer.get(f"{server.url}/practice/sessions").json()
    assert seen["state"] == "paid"
    again = trainer.post(f"{server.url}/practice/sessions/{session_id}/pay")
    assert (again.status_code, "complete" in again.text) == (409, True)


@pytest.mark.parametrize("path", ["cs_test_unknown/pay", "{session}/burn"])
def test_what_is_not_there_is_a_404(
    server: PracticeServer, trainer: requests.Session, open_session: OpenSession, path: str
) -> None:
    where = path.format(session=open_session().id)
    assert trainer.post(f"{server.url}/practice/sessions/{where}").status_code == 404


def test_every_act_of_the_console_has_an_address(server: PracticeServer, trainer: requests.Session) -> None:
    codes = {name: trainer.post(f"{server.url}/practice/sessions/cs_none/{name}").status_code for name in ACTS}
    assert set(codes.values()) == {404}, "known acts, an unknown session"
    assert len(codes) == 10


@pytest.mark.parametrize(
    "form", [{"delay_s": "-1"}, {"delay_s": "61"}, {"delay_s": "soon"}, {"refunds": "lost"}], ids=str
)
def test_wrong_switches_are_refused(server: PracticeServer, trainer: requests.Session, form: dict[str, str]) -> None:
    before = trainer.get(f"{server.url}/practice/standing").json()
    assert trainer.post(f"{server.url}/practice/standing", data=form).status_code == 400
    after = trainer.get(f"{server.url}/practice/standing").json()
    assert {**before, "now": 0} == {**after, "now": 0}


def test_a_cut_network_does_not_lock_the_trainer_out(server: PracticeServer, trainer: requests.Session) -> None:
    trainer.post(f"{server.url}/practice/standing", data={"offline": "true"})
    with pytest.raises(requests.ConnectionError):
        trainer.get(f"{server.url}/v1/balance")
    trainer.post(f"{server.url}/practice/standing", data={"offline": "false"})
    assert trainer.get(f"{server.url}/v1/balance").status_code == 200


@pytest.mark.parametrize("key", [None, "rk_test_another", "rk_live_real"])
def test_nobody_without_the_key_has_a_say(
    server: PracticeServer, http: requests.Session, open_session: OpenSession, key: str | None
) -> None:
    session_id, headers = open_session().id, {"Authorization": f"Bearer {key}"} if key else {}
    for answer in (
        http.get(f"{server.url}/practice/sessions", headers=headers),
        http.post(f"{server.url}/practice/sessions/{session_id}/pay", headers=headers),
        http.post(f"{server.url}/practice/standing", data={"offline": "true"}, headers=headers),
    ):
        assert answer.status_code == 401
    assert server.controls.status(session_id) == "open"
    assert not server.controls.is_offline


def test_it_counts_as_no_read(server: PracticeServer, trainer: requests.Session) -> None:
    trainer.get(f"{server.url}/practice/sessions")
    assert trainer.get(f"{server.url}/practice/standing").json()["reads"] == server.reads.count() == 0
