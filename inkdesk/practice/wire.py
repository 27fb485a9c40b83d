"""HTTP on 127.0.0.1: keep-alive, no Nagle delay, owned threads, and the faults of the wire.

Werkzeug's own server closes every connection and waits 10 ms on each request, and the standard library's WSGI server
speaks HTTP/1.0 only; a client with a connection pool deserves the real thing.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import selectors
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from typing_extensions import override

from inkdesk.practice.api import BROKEN, FAULT_KEY
from inkdesk.practice.errors import ApiError
from inkdesk.practice.faults import Fault, FaultKind, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
LARGEST_BODY = 1_000_000
_JOIN_S = 5.0
_RATE_LIMITED = ApiError(
    429,
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    code="rate_limit",
)
_PROXY_PAGE = b"<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"


class PortBusy(OSError):
    """The wanted port is taken by another program; `port` names it."""

    def __init__(self, port: int) -> None:
        super().__init__(errno.EADDRINUSE, f"Port {port} is in use by another program.")
        self.port = port


def listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1; 0 takes a free port.

    Raises:
        PortBusy: another program has the port.
        OSError: the port cannot be used for another reason.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # On Windows SO_REUSEADDR would let two programs share one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES} and port != 0:
            raise PortBusy(port) from error
        raise
    return listener


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Wire:
    """Accepts connections in one owned thread and serves each in an owned thread of its own."""

    def __init__(self, listener: socket.socket, app: WSGIApplication, faults: Faults) -> None:
        self.app = app
        self.faults = faults
        self.port = int(listener.getsockname()[1])
        self.stopping = threading.Event()
        self._listener = listener
        self._wake, self._woken = socket.socketpair()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._thread = threading.Thread(target=self._accept, name="practice-server", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.stopping.is_set():
                ready = selector.select()
                if any(key.fileobj is self._listener for key, _ in ready):
                    self._open()

    def _open(self) -> None:
        try:
            connection, address = self._listener.accept()
        except OSError:  # the client left between select and accept
            return
        thread = threading.Thread(
            target=self._serve, args=(connection, address), name="practice-connection", daemon=True
        )
        # A thread leaves the table only once it has ended, so that close() joins every one that lives.
        self._connections = {old: held for old, held in self._connections.items() if old.is_alive()}
        self._connections[thread] = connection
        thread.start()

    def _serve(self, connection: socket.socket, address: tuple[str, int]) -> None:
        try:
            # A client that leaves in the middle is its own affair.
            with contextlib.suppress(OSError):
                _Conversation(connection, address, self)
        finally:
            _hang_up(connection)
            connection.close()

    def close(self) -> None:
        """Stop accepting, cut what is open, and join every thread (at most 5 s each)."""
        self.stopping.set()
        self._wake.send(b"x")
        self._thread.join(_JOIN_S)
        for connection in self._connections.values():
            _hang_up(connection)
        for thread in self._connections:
            thread.join(_JOIN_S)
        for end in (self._listener, self._wake, self._woken):
            end.close()


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Conversation(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "practice"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(self, connection: socket.socket, address: tuple[str, int], wire: Wire) -> None:
        self._wire = wire
        super().__init__(connection, address, wire)  # type: ignore[arg-type]  # only stored, never used

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: checkout links are no matter for a log."""

    def _converse(self) -> None:
        body = self._read_body()
        if body is None:
            return
        path = unquote(self.path.partition("?")[0], "iso-8859-1")
        faults = self._wire.faults
        if faults.is_cut(path):
            self.close_connection = True
            return
        fault = faults.take(self.command, path)
        kind = None if fault is None else fault.kind
        if kind is FaultKind.CUT_BEFORE:
            self.close_connection = True
            return
        self._wire.stopping.wait(faults.delay_s(path))
        answer = _instead_of_answer(kind) or self._ask(path, body, fault)
        if kind is FaultKind.CUT_AFTER_COMMIT:
            self.close_connection = True
        elif kind is FaultKind.ERROR_AFTER_COMMIT:
            self._send(_refusal(BROKEN), None)
        else:
            self._send(answer, fault if kind is FaultKind.SLOW_BODY else None)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Send every HTTP method the same way; http.server looks for `do_GET` and the like."""
        if name.startswith("do_"):
            return self._converse
        raise AttributeError(name)

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > LARGEST_BODY:
            self.send_error(413 if length.isdecimal() and int(length) > LARGEST_BODY else 411)
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _ask(self, path: str, body: bytes, fault: Fault | None) -> Answer:
        status, headers = "500 Internal Server Error", list[tuple[str, str]]()

        def start_response(new_status: str, new_headers: list[tuple[str, str]], _error: object = None, /) -> Any:  # noqa: ANN401 -- PEP 3333's write callable, which nobody calls
            nonlocal status, headers
            status, headers = new_status, new_headers

        chunks = self._wire.app(self._environ(path, body, fault), start_response)
        content = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        return Answer(status, headers, content)

    def _environ(self, path: str, body: bytes, fault: Fault | None) -> dict[str, Any]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": self.path.partition("?")[2],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": HOST,
            "SERVER_PORT": str(self._wire.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            FAULT_KEY: fault,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
                environ[f"HTTP_{key}"] = value
        return environ

    def _send(self, answer: Answer, slow: Fault | None) -> None:
        code, _, reason = answer.status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in answer.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = b"" if self.command == "HEAD" else answer.body
        if slow is not None:
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            self._wire.stopping.wait(slow.seconds)
            body = body[half:]
        self.wfile.write(body)
        self.wfile.flush()


def _instead_of_answer(kind: FaultKind | None) -> Answer | None:
    """Return what a fault answers without executing the request."""
    match kind:
        case FaultKind.RATE_LIMITED:
            return _refusal(_RATE_LIMITED)
        case FaultKind.RATE_LIMITED_RETRY:
            return _refusal(_RATE_LIMITED, ("Stripe-Should-Retry", "true"))
        case FaultKind.ERROR_BEFORE:
            return _refusal(BROKEN)
        case FaultKind.HTML_503:
            return Answer("503 Service Unavailable", [("Content-Type", "text/html")], _PROXY_PAGE)
        case _:
            return None


def _refusal(error: ApiError, *more: tuple[str, str]) -> Answer:
    headers = [("Content-Type", "application/json"), *more]
    return Answer(f"{error.status} Refused", headers, json.dumps(error.body()).encode())
