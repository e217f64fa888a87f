"""A server that answers, or does not, as a test says."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from email.message import Message
    from types import TracebackType

ROBOTS = {"List": [{"RobotID": "1", "RobotName": "Ayu"}, {"RobotID": "2", "RobotName": "Budi"}]}


class Received(NamedTuple):
    """A request."""

    method: str
    path: str
    query: str
    headers: Message
    body: bytes
    port: int
    """The client's end of the connection."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class FakeServer:
    """Serves, by path, what `answers` holds, or what a function there makes of the query.

    Requests whose path is in `silent` are never answered, those whose path is in `cut` lose their connection, and those
    whose path is in `errors` get that status, those headers and that body. After an answer to a path in `ends` the
    connection ends without a word.
    """

    def __init__(self) -> None:
        self.answers: dict[str, object] = {
            "/service/cloud/auth": {"token": "canary-token"},
            "/service/cloud/robot": ROBOTS,
            "/service/cloud/task": {"TaskID": "69f531a01a9df58aa6de2487be610abb"},
            "/service/cloud/list": {"List": [], "Total": 0},
            "/service/cloud/workflow/createinstance": {"workflow_id": "9b2e4c6d8f0a41b3a5c7d9e1f2a3b4c5"},
        }
        self.errors: dict[str, tuple[int, dict[str, str], object]] = {}
        self.silent: set[str] = set()
        self.cut: set[str] = set()
        self.ends: set[str] = set()
        self.requests: list[Received] = []
        self.arrived = threading.Semaphore(0)
        """Released by every request that will not be answered."""
        self.gone = threading.Semaphore(0)
        """Released when the client of such a request has closed its connection."""
        self.ended = threading.Semaphore(0)
        """Released when a connection has ended, whoever ended it."""
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.fake = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def last(self) -> Received:
        """The request that came last."""
        return self.requests[-1]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024
    fake: FakeServer

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.fake.ended.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that end in the middle of an answer are what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        fake = self.server.fake
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fake.requests.append(Received(self.command, path, query, self.headers, body, self.client_address[1]))
        if path in fake.cut:
            self.close_connection = True
            return
        if path in fake.silent:
            fake.arrived.release()
            # Nothing more comes from a client that waits, so this ends when the connection does.
            while self.rfile.read(1):
                pass
            fake.gone.release()
            self.close_connection = True
            return
        status, headers, content = fake.errors.get(path, (200, {}, None))
        if status == 200:
            data = fake.answers.get(path)
            content = {"code": 200, "status": "OK", "data": data(query) if callable(data) else data}
        answer = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        if path in fake.ends:
            self.close_connection = True

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Keep quiet."""
