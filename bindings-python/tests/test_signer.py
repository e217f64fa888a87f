"""Calls that are signed: by the default, and by a function of the caller's own."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import airudder
from airudder import AsyncClient, Client, ConfigurationError, SignRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fake import FakeServer

KEY = "0f8fad5bd9cb469fa165708667284a2c"
SECRET = "canary-sign-secret"
COMPANY = "/api/v1/company/info"
MESSAGES = "/api/v1/session/messages"
UPLOAD = "/api/v1/file/upload"


def sign(request: SignRequest) -> str:
    assert request.body is not None
    return hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()


@pytest.fixture
def signed(server: FakeServer) -> FakeServer:
    server.answers[MESSAGES] = {"messages": []}
    server.answers[UPLOAD] = {"file_id": "f1"}
    server.answers[COMPANY] = {"company_id": "9001"}
    return server


def test_the_default_is_hmac_sha256_over_the_body(signed: FakeServer) -> None:
    client = Client(base_url=signed.base_url, sign_key=KEY, sign_secret=SECRET)
    client.chatbot.messages(call_id="c1")
    headers = signed.last.headers
    assert headers["X-AIRudder-Sign-Key"] == KEY
    assert headers["X-AIRudder-Sign"] == hmac.new(SECRET.encode(), signed.last.body, hashlib.sha256).hexdigest()
    assert headers["Authorization"] is None
    assert [request.path for request in signed.requests] == [MESSAGES]


def test_a_signer_takes_its_place(signed: FakeServer) -> None:
    asked: list[SignRequest] = []

    def signer(request: SignRequest) -> str:
        asked.append(request)
        return f"{request.method} {request.path} {sign(request)}"

    client = Client(base_url=signed.base_url, sign_key=KEY, signer=signer)
    client.chatbot.messages(call_id="c1", extra_query={"a": "b"})
    [request] = asked
    assert request == SignRequest("POST", f"{MESSAGES}?a=b", KEY, signed.last.body, None)
    assert signed.last.headers["X-AIRudder-Sign"] == f"POST {MESSAGES}?a=b {sign(request)}"
    assert "c1" not in repr(request)
    assert KEY not in repr(request)


def test_a_file_on_the_disk_is_signed_by_its_digest(signed: FakeServer, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG" * 100_000)
    asked: list[SignRequest] = []

    def signer(request: SignRequest) -> str:
        asked.append(request)
        return "signed"

    client = Client(base_url=signed.base_url, sign_key=KEY, signer=signer)
    client.chatbot.upload_file(file=photo)
    client.chatbot.upload_file(file=b"in memory")
    assert [request.body is None for request in asked] == [True, False]
    bodies = [request.body for request in signed.requests]
    assert asked[0].body_sha256 == hashlib.sha256(bodies[0]).hexdigest()
    assert (asked[1].body, asked[1].body_sha256) == (bodies[1], None)


def test_an_asyncio_signer_runs_in_the_loop_of_its_call(signed: FakeServer) -> None:
    loops: list[object] = []

    async def signer(request: SignRequest) -> str:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        return sign(request)

    async def main() -> None:
        client = AsyncClient(base_url=signed.base_url, sign_key=KEY, signer=signer)
        await asyncio.gather(*(client.chatbot.messages(call_id=f"c{number}") for number in range(32)))
        assert loops == [asyncio.get_running_loop()] * 32

    asyncio.run(main())
    for request in signed.requests:
        expected = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-AIRudder-Sign"] == expected


def test_many_calls_are_signed_at_once(signed: FakeServer) -> None:
    together = threading.Barrier(32)

    def signer(request: SignRequest) -> str:
        # Passes only when all of them are asked at the same time.
        together.wait(30)
        return sign(request)

    client = Client(base_url=signed.base_url, sign_key=KEY, signer=signer)
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: client.chatbot.messages(call_id=f"c{number}"), range(32)))
    assert len({request.headers["X-AIRudder-Sign"] for request in signed.requests}) == 32
    for request in signed.requests:
        expected = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-AIRudder-Sign"] == expected


def failing(request: SignRequest) -> str:
    raise KeyError(f"+6281230001111 {SECRET} {request.sign_key}")


def returning_bytes(request: SignRequest) -> Any:
    return sign(request).encode()


def returning_nothing(_: SignRequest) -> Any:
    return None


def returning_a_broken_text(_: SignRequest) -> str:
    return "\ud800"


def ending(_: SignRequest) -> str:
    raise SystemExit("+6281230001111")


@pytest.mark.parametrize(
    ("signer", "message"),
    [
        (failing, "`signer` failed: it raised KeyError"),
        (ending, "`signer` failed: it raised SystemExit"),
        (returning_bytes, "`signer` failed: it must return text"),
        (returning_nothing, "`signer` failed: it must return text"),
        (returning_a_broken_text, "`signer` failed: it must return text"),
        (lambda: "", "`signer` failed: it raised TypeError"),
    ],
)
def test_a_signer_that_fails_sends_nothing(signed: FakeServer, signer: Callable[..., Any], message: str) -> None:
    client = Client(base_url=signed.base_url, sign_key=KEY, signer=signer)
    with pytest.raises(ConfigurationError, match=message) as raised:
        client.chatbot.company()
    for canary in ("81230001111", SECRET, KEY):
        assert canary not in str(raised.value) + repr(raised.value)
    assert raised.value.operation == "chatbot.company"
    assert signed.requests == []


def test_a_signer_that_fails_sends_nothing_in_asyncio(signed: FakeServer) -> None:
    async def signer(request: SignRequest) -> str:
        return failing(request)

    async def main() -> None:
        client = AsyncClient(base_url=signed.base_url, sign_key=KEY, signer=signer)
        with pytest.raises(ConfigurationError, match="it raised KeyError"):
            await client.chatbot.company()

    asyncio.run(main())
    assert signed.requests == []


def test_a_blocking_client_awaits_nothing(signed: FakeServer) -> None:
    async def signer(request: SignRequest) -> str:
        return sign(request)

    client = Client(base_url=signed.base_url, sign_key=KEY, signer=signer)
    with pytest.raises(ConfigurationError, match="only AsyncClient"):
        client.chatbot.company()
    assert signed.requests == []


def test_what_is_no_signer_is_refused(signed: FakeServer) -> None:
    no_signer: Any = "signer"
    with pytest.raises(ConfigurationError, match="`signer` must be a callable"):
        Client(base_url=signed.base_url, signer=no_signer)


def test_a_signer_may_hold_its_client(signed: FakeServer) -> None:
    class Service:
        def __init__(self) -> None:
            self.client = Client(base_url=signed.base_url, sign_key=KEY, signer=self.sign)

        def sign(self, request: SignRequest) -> str:
            return sign(request)

    service = Service()
    assert service.client.chatbot.company().company_id == "9001"
    gone = weakref.ref(service)
    del service
    gc.collect()
    assert gone() is None


def test_signers_are_typed() -> None:
    assert airudder.SignRequest._fields == ("method", "path", "sign_key", "body", "body_sha256")
