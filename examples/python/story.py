"""What the stories of this folder share: a receiver of events, the emulator's own addresses, and what is said of it."""

from __future__ import annotations

import json
import os
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from airudder import AiRudderError, Client, Event

if TYPE_CHECKING:
    from collections.abc import Generator

DEADLINE = 60.0


class Receiver(BaseHTTPRequestHandler):
    """Receives events. AI Rudder sends one again that is not answered with 200."""

    client: Client
    events: Queue[Event]
    in_clear = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = self.client.events.unwrap(body, self.headers)
        except AiRudderError as error:
            say("refused", str(error))
            self.send_error(400)
            return
        if self.headers.get("Is-Encrypted") != "1":
            Receiver.in_clear += 1
        self.events.put(event)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Leave the story to itself."""


@contextmanager
def listening(client: Client) -> Generator[Queue[Event]]:
    """Serve a URL that events are posted to."""
    Receiver.client, Receiver.events = client, Queue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/events"
    # The emulator is told where to post. To AI Rudder itself you give the URL of your server by hand, and it has to be
    # reachable from the internet.
    emulator("PUT", "/_emulator/events", {"url": url})
    say("listening", f"for events at {url}")
    try:
        yield Receiver.events
    finally:
        server.shutdown()
        server.server_close()


class Verdict:
    """Whether all was as it should be."""

    def __init__(self) -> None:
        self.is_right = True

    def check(self, what: str, is_so: bool) -> None:
        if not is_so:
            say("WRONG", f"it should be so: {what}")
            self.is_right = False


def emulator(method: str, path: str, body: object = None) -> Any:
    """Ask the emulator for what the API does not have."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["AIRUDDER_BASE_URL"] + path, data, method=method)
    with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
        return json.load(answer)["data"]


def masked(number: str | None) -> str:
    return f"…{(number or '')[-5:]}"


def say(what: str, text: str) -> None:
    print(f"  {what:<14} {text}", flush=True)
