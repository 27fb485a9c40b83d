from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import psutil
import pytest
import requests
import stripe

from inkdesk.practice import Fault, FaultKind, PortBusy, PracticeServer
from inkdesk.practice.__main__ import main

Params = stripe.params.checkout.SessionCreateParams


def _practice_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("practice-")]


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.HTML_503, FaultKind.CUT_BEFORE])
def test_faults_before_execution_change_nothing(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params, kind: FaultKind
) -> None:
    server.faults.add(Fault(kind))
    with pytest.raises(stripe.StripeError):
        client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    assert client.v1.checkout.sessions.list().data == []
    answer: Any = client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    assert "Idempotent-Replayed" not in answer.last_response.headers


def test_a_429_is_retried_only_when_the_server_says_so(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    client = new_client(retries=2)
    server.faults.add(Fault(FaultKind.RATE_LIMITED))
    with pytest.raises(stripe.RateLimitError, match="rate limit") as caught:
        client.v1.balance.retrieve()
    assert caught.value.code is None
    server.faults.add(Fault(FaultKind.RATE_LIMITED_RETRY, times=2))
    assert client.v1.balance.retrieve().livemode is False


@pytest.mark.parametrize("kind", [FaultKind.ERROR_AFTER_COMMIT, FaultKind.CUT_AFTER_COMMIT])
def test_what_was_committed_before_the_fault_is_replayed(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params, kind: FaultKind
) -> None:
    server.faults.add(Fault(kind, path="/v1/checkout/sessions", method="POST"))
    with pytest.raises((stripe.APIError, stripe.APIConnectionError)):
        client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    (made,) = client.v1.checkout.sessions.list().data
    assert client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"}).id == made.id


def test_a_saved_500_is_replayed_although_the_session_exists(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params
) -> None:
    server.faults.add(Fault(FaultKind.ERROR_SAVED, method="POST"))
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
        assert caught.value.http_status == 500
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_library_survives_a_cut_with_its_own_retry(
    server: PracticeServer,
    new_client: Callable[..., stripe.StripeClient],
    session_params: Params,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    client = new_client(retries=2)
    server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, method="POST"))
    created = client.v1.checkout.sessions.create(session_params)
    assert [row.id for row in client.v1.checkout.sessions.list().data] == [created.id]


def test_a_slow_body_runs_into_the_clients_time_limit(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient]
) -> None:
    server.faults.add(Fault(FaultKind.SLOW_BODY, seconds=30))
    with pytest.raises(stripe.APIConnectionError):
        new_client(timeout=0.2).v1.balance.retrieve()
    server.faults.add(Fault(FaultKind.SLOW_BODY, seconds=0.01))
    assert new_client().v1.balance.retrieve().livemode is False


def test_faults_hit_their_path_as_often_as_asked(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.faults.add(Fault(FaultKind.ERROR_BEFORE, path="/v1/events", method="GET", times=2))
    assert client.v1.balance.retrieve().livemode is False
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.events.list()
    assert client.v1.events.list().data == []
    server.faults.add(Fault(FaultKind.ERROR_BEFORE, times=5))
    server.faults.clear()
    assert client.v1.events.list().data == []


def test_reads_are_counted_by_path(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    client.v1.events.list()
    client.v1.events.list()
    client.v1.checkout.sessions.retrieve(session.id)
    assert server.reads.count("/v1/events") == 2
    assert server.reads.count("/v1/checkout/sessions/*") == 1
    assert server.reads.count() == 3
    server.reads.clear()
    assert server.reads.count() == 0


def test_one_connection_serves_many_requests(server: PracticeServer) -> None:
    question = (
        f"GET /v1/balance HTTP/1.1\r\nHost: 127.0.0.1:{server.url.rpartition(':')[2]}\r\n"
        f"Authorization: Bearer {server.key}\r\n\r\n"
    ).encode()
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, line.makefile("rb") as answers:
        for _ in range(3):
            line.sendall(question)
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            headers = dict(header.split(b": ", 1) for header in iter(answers.readline, b"\r\n"))
            body = answers.read(int(headers[b"Content-Length"]))
            assert json.loads(body)["object"] == "balance"


def test_bodies_without_a_length_or_too_large_are_refused(server: PracticeServer, http: requests.Session) -> None:
    assert http.post(f"{server.url}/v1/refunds", data=iter([b"charge=x"])).status_code == 411
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /v1/refunds HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        with connection.makefile("rb") as answers:
            assert answers.readline().startswith(b"HTTP/1.1 413 ")


def test_only_the_loopback_address_listens(server: PracticeServer) -> None:
    port = int(server.url.rpartition(":")[2])
    addresses = {
        row.laddr.ip for row in psutil.Process().net_connections("inet") if row.laddr.port == port and not row.raddr
    }
    assert addresses == {"127.0.0.1"}


def test_a_busy_port_is_named(server: PracticeServer, capsys: pytest.CaptureFixture[str]) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(PortBusy, match=f"Port {port} is in use") as caught:
        PracticeServer(port).start()
    assert caught.value.port == port
    assert main(["--port", str(port)]) == 1
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_stopping_leaves_no_thread_and_frees_the_port(http: requests.Session) -> None:
    assert _practice_threads() == []
    server = PracticeServer()
    server.start()
    server.start()
    # An idle kept-alive connection and one that waits for a slow body are both cut.
    assert http.get(f"{server.url}/c/paid").status_code == 200
    held = server.faults.add(Fault(FaultKind.HELD))
    held_client = threading.Thread(target=_ask_and_ignore, args=(server.url, server.key))
    held_client.start()
    assert held.entered.wait(10)
    assert len(_practice_threads()) > 1
    server.stop()
    server.stop()
    held_client.join(10)
    assert not held_client.is_alive()
    assert _practice_threads() == []
    again = PracticeServer(int(server.url.rpartition(":")[2]))
    again.start()
    again.stop()


def _ask_and_ignore(url: str, key: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        try:
            session.post(f"{url}/v1/refunds", headers={"Authorization": f"Bearer {key}"})
        except requests.RequestException:
            return


def test_it_runs_alone() -> None:
    command = [sys.executable, "-m", "inkdesk.practice", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url, key = process.stdout.readline().split()
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(f"{url}/v1/balance", headers={"Authorization": f"Bearer {key}"})
            assert answer.json()["object"] == "balance"
        finally:
            process.terminate()


def test_it_knows_nothing_of_the_rest_of_the_program() -> None:
    code = (
        "import sys, inkdesk.practice; "
        "print([m for m in sys.modules if m.startswith('inkdesk.') and not m.startswith('inkdesk.practice')], "
        "'stripe' in sys.modules, 'PySide6' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[] False False"
