"""Each adapter in its real framework, over real HTTP, with every kind of event as the emulator posts it."""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

from airudder import EVENT_KINDS, Client, ConfigurationError, MemoryStore
from servers import ADAPTERS, APPS, Emulator, serving_wsgiref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from airudder import Event
    from servers import Adapter

CALL = b'{"callid": "c1", "status": "answered"}'
KEY = "airudderredduria"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.stop()


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return ADAPTERS[request.param]


class Receiver:
    """A client, its router, and what was handled."""

    def __init__(self, adapter: Adapter, base_url: str = "http://127.0.0.1:1", **settings: Any) -> None:
        # Events of every form are posted to it.
        settings = {"require_encryption": False, "require_signature": False, **settings}
        self.client = adapter.client(base_url=base_url, encryption_key=KEY, **settings)
        self.router = self.client.events.router(MemoryStore())
        self.handled: list[Event] = []
        self.router.otherwise(self.handled.append)


def post(url: str, body: bytes = CALL, headers: dict[str, str] | None = None, method: str = "POST") -> tuple[int, Any]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read()
            return error.code, json.loads(text) if text.startswith(b"{") else text


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_every_kind_is_received_once_and_typed(adapter: Adapter, encrypted: bool, emulator: Emulator) -> None:
    receiver = Receiver(adapter, emulator.url)
    with adapter.serving(receiver.router) as url:
        for kind in EVENT_KINDS:
            order = {"kind": kind, "url": f"{url}/events/{kind}", "encrypted": encrypted, "signed": True, "repeat": 2}
            emulator.ask("POST", "/_emulator/events", order)
        emulator.ask("POST", "/_emulator/settle")
    assert Counter(event.kind for event in receiver.handled) == dict.fromkeys(EVENT_KINDS, 1)
    for event in receiver.handled:
        assert type(event.data) is EVENT_KINDS[event.kind].model
        assert not event.data.extra


def test_every_outcome_is_answered(adapter: Adapter) -> None:
    receiver = Receiver(adapter, sign_secret="secret", max_event_bytes=100_000)
    failures = iter([KeyError("Budi Canary")])

    @receiver.router.on("call.finished")
    def handle(event: Event) -> None:
        receiver.handled.append(event)
        for failure in failures:
            raise failure

    with adapter.serving(receiver.router) as base:
        url = f"{base}/events"
        assert post(url) == (500, {"outcome": "failed"})
        assert post(url) == (200, {"outcome": "handled"})
        assert post(f"{url}/") == (200, {"outcome": "duplicate"})
        assert post(f"{url}/hook/one") == (200, {"outcome": "duplicate"})
        assert post(url, b"Budi Canary") == (400, {"outcome": "refused"})
        assert post(url, CALL, {"X-AIRudder-Sign": "wrong"}) == (401, {"outcome": "refused"})
        assert post(url, b" " * 100_001) == (413, {"outcome": "refused"})
        assert post(f"{url}/leads.call_finished") == (200, {"outcome": "handled"})
        assert post(f"{base}/elsewhere")[0] == 404
        assert post(url, method="PUT")[0] in {404, 405}
    assert [event.kind for event in receiver.handled] == ["call.finished", "call.finished", "leads.call_finished"]


def test_what_is_signed_and_encrypted_arrives_untouched(adapter: Adapter) -> None:
    receiver = Receiver(adapter, sign_secret="secret")
    events = receiver.client.events
    body, headers = events.encrypt(events.sample("workflow.chatbot_session_ended"))
    with adapter.serving(receiver.router) as url:
        assert post(f"{url}/events", body, headers | events.sign(body)) == (200, {"outcome": "handled"})
        assert post(f"{url}/events", body, headers) == (400, {"outcome": "refused"})


def test_copies_at_the_same_moment_are_handled_once(adapter: Adapter) -> None:
    receiver = Receiver(adapter)
    with adapter.serving(receiver.router) as url, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(f"{url}/events"), range(64)))
    outcomes = Counter(answer["outcome"] for _, answer in answers)
    assert outcomes.pop("handled") == 1
    assert set(outcomes) <= {"busy", "duplicate"}
    assert len(receiver.handled) == 1


def test_handlers_run_side_by_side() -> None:
    receiver = Receiver(ADAPTERS["flask"])
    together = threading.Barrier(8)
    receiver.router.otherwise(lambda _: together.wait(30))
    with ADAPTERS["flask"].serving(receiver.router) as url, ThreadPoolExecutor(8) as pool:
        bodies = [b'{"callid": "%d"}' % number for number in range(8)]
        assert [status for status, _ in pool.map(lambda body: post(f"{url}/events", body), bodies)] == [200] * 8


def chunked(url: str, chunks: Iterable[bytes]) -> int:
    """The status of a chunked POST."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(host, timeout=60)
    with closing(connection):
        connection.request("POST", f"/{path}", iter(chunks), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        return connection.getresponse().status


def test_a_body_in_chunks_of_one_byte_arrives(adapter: Adapter) -> None:
    receiver = Receiver(adapter)
    with adapter.serving(receiver.router) as url:
        assert chunked(f"{url}/events", (CALL[at : at + 1] for at in range(len(CALL)))) == 200
    assert [event.kind for event in receiver.handled] == ["call.finished"]


@pytest.mark.parametrize("framework", ["flask", "django"])
def test_chunks_are_refused_if_the_server_does_not_tell_their_end(framework: str) -> None:
    client = Client(base_url="http://127.0.0.1:1")
    router = client.events.router(MemoryStore())
    router.otherwise(lambda _: None)
    with APPS[framework](router) as app, serving_wsgiref(app) as url:
        assert chunked(f"{url}/events", [CALL]) == 411
        assert post(f"{url}/events") == (200, {"outcome": "handled"})


@pytest.mark.parametrize("name", ["fastapi", "fastapi-threads"])
def test_a_body_that_takes_too_long_is_refused(name: str) -> None:
    adapter = ADAPTERS[name]
    client = adapter.client(base_url="http://127.0.0.1:1")
    router = client.events.router(MemoryStore(), body_timeout=0.2)
    assert client.events.router(MemoryStore()).body_timeout == 30
    with adapter.serving(router) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=60) as slow:
            slow.sendall(b"POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
            assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("wrong", [0, -1, "30", float("nan")])
def test_a_body_timeout_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="`body_timeout` must be a number of seconds"):
        Client(base_url="http://127.0.0.1:1").events.router(MemoryStore(), body_timeout=wrong)
