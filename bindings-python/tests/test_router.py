"""Handlers by the kind of event: what is run, how often, and what is answered."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import json
import logging
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from airudder import (
    EVENT_KINDS,
    AsyncClient,
    Client,
    ConfigurationError,
    FileError,
    MemoryStore,
    Reply,
    Router,
    SqliteStore,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from airudder import AsyncRouter, Event, SignRequest

LOOPBACK = "http://127.0.0.1:1"
CALL = b'{"callid": "c1", "status": "answered"}'
KIND = "call.finished"
NAME, NUMBER = "Budi Canary", "6281230001111"


def router_of(store: Any = None, **settings: Any) -> Router:
    return Client(base_url=LOOPBACK, **settings).events.router(MemoryStore() if store is None else store)


def async_router_of(store: Any = None, **settings: Any) -> AsyncRouter:
    return AsyncClient(base_url=LOOPBACK, **settings).events.router(MemoryStore() if store is None else store)


def answer(router: Router | AsyncRouter, body: Any = CALL, headers: Any = (), **arguments: Any) -> tuple[int, str]:
    """Status and outcome, from either router."""
    if isinstance(router, Router):
        reply = router.handle(body, headers, **arguments)
    else:
        reply = asyncio.run(router.handle(body, headers, **arguments))
    return reply.status, reply.outcome


class Own:
    """A store as a program might have one."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, str]] = {}
        self.lock = threading.Lock()

    def begin(self, key: str, fence: str, lease: float) -> str:
        assert lease > 0
        with self.lock:
            state, _ = self.keys.get(key, ("new", ""))
            if state == "new":
                self.keys[key] = ("busy", fence)
        return state

    def renew(self, key: str, fence: str, lease: float) -> bool:
        assert lease > 0
        return self.keys.get(key) == ("busy", fence)

    def finish(self, key: str, fence: str) -> bool:
        with self.lock:
            is_own = self.keys.get(key) == ("busy", fence)
            if is_own:
                self.keys[key] = ("done", fence)
        return is_own

    def release(self, key: str, fence: str) -> None:
        with self.lock:
            if self.keys.get(key) == ("busy", fence):
                del self.keys[key]


class AsyncOwn:
    """The same for asyncio."""

    def __init__(self) -> None:
        self.own = Own()
        self.loops: set[object] = set()

    async def begin(self, key: str, fence: str, lease: float) -> str:
        self.loops.add(asyncio.get_running_loop())
        return self.own.begin(key, fence, lease)

    async def renew(self, key: str, fence: str, lease: float) -> bool:
        return self.own.renew(key, fence, lease)

    async def finish(self, key: str, fence: str) -> bool:
        await asyncio.sleep(0)
        return self.own.finish(key, fence)

    async def release(self, key: str, fence: str) -> None:
        self.own.release(key, fence)


@pytest.fixture(params=["memory", "sqlite", "own"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    makers: dict[str, Callable[[], object]] = {
        "memory": MemoryStore,
        "sqlite": lambda: SqliteStore(tmp_path / "events.db"),
        "own": Own,
    }
    return makers[request.param]()


@pytest.mark.parametrize("make", [router_of, async_router_of])
def test_an_event_is_handled_once(store: Any, make: Callable[..., Any]) -> None:
    router = make(store)
    handled: list[Event] = []
    router.on(KIND, handled.append)
    assert answer(router) == (200, "handled")
    assert answer(router) == (200, "duplicate")
    assert answer(router, CALL.replace(b"answered", b"busy")) == (200, "duplicate")
    assert answer(router, CALL.replace(b"c1", b"c2")) == (200, "handled")
    assert [event.kind for event in handled] == [KIND, KIND]
    assert [type(event.data) for event in handled] == [EVENT_KINDS[KIND].model] * 2


@pytest.mark.parametrize("make", [router_of, async_router_of])
def test_a_handler_that_fails_runs_again(
    store: Any, make: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    router: Router | AsyncRouter = make(store)
    tries: list[Event] = []
    told: list[tuple[Exception, Event]] = []

    @router.on(KIND)
    def handle(event: Event) -> None:
        tries.append(event)
        if len(tries) < 3:
            try:
                dict[str, str]()[f"{NAME} +{NUMBER}"]
            except KeyError as error:
                raise ValueError(f"cannot save {NAME}, row 40017 of 2026-03-02") from error

    @router.on_error
    def on_error(error: Exception, event: Event) -> None:
        told.append((error, event))
        raise RuntimeError(f"no connection for {NAME}")

    body = json.dumps({"callid": "c1", "callee": NUMBER, "variables": {"name": NAME}}).encode()
    assert [answer(router, body) for _ in range(4)] == [
        (500, "failed"),
        (500, "failed"),
        (200, "handled"),
        (200, "duplicate"),
    ]
    assert len(tries) == 3
    assert [(str(error), event.key) for error, event in told] == [
        (f"cannot save {NAME}, row 40017 of 2026-03-02", event.key) for event in tries[:2]
    ]
    assert f"the handler of {KIND} failed" in caplog.text
    assert "KeyError: '[redacted]" in caplog.text
    assert "ValueError: cannot save [redacted], row 40017 of 2026-03-02" in caplog.text
    assert 'test_router.py", line' in caplog.text
    assert "in handle" in caplog.text
    assert "`on_error` of call.finished failed" in caplog.text
    assert "RuntimeError: no connection for [redacted]" in caplog.text
    assert "Canary" not in caplog.text
    assert "81230001111" not in caplog.text


def test_two_copies_at_the_same_moment_are_handled_once(store: Any) -> None:
    router = router_of(store)
    together, finish = threading.Barrier(2), threading.Event()
    handled: list[Event] = []

    @router.on(KIND)
    def handle(event: Event) -> None:
        handled.append(event)
        together.wait(30)
        finish.wait(30)

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(answer, router)
        together.wait(30)
        others = list(pool.map(lambda _: answer(router), range(7)))
        finish.set()
        assert first.result() == (200, "handled")
    assert others == [(503, "busy")] * 7
    assert len(handled) == 1
    assert answer(router) == (200, "duplicate")


@pytest.mark.parametrize("make", [Own, AsyncOwn, MemoryStore])
def test_two_copies_at_the_same_moment_are_awaited_once(make: Callable[[], Any]) -> None:
    store = make()
    handled: list[Event] = []

    async def main() -> list[Reply]:
        router = async_router_of(store)
        others_are_done = asyncio.Event()

        @router.on(KIND)
        async def handle(event: Event) -> None:
            handled.append(event)
            await others_are_done.wait()

        replies: list[Reply] = []
        for reply in asyncio.as_completed([router.handle(CALL, {}) for _ in range(8)]):
            replies.append(await reply)
            if len(replies) == 7:
                others_are_done.set()
        if isinstance(store, AsyncOwn):
            assert store.loops == {asyncio.get_running_loop()}
        return replies

    outcomes = sorted(reply.outcome for reply in asyncio.run(main()))
    assert outcomes == ["busy"] * 7 + ["handled"]
    assert len(handled) == 1


def test_handlers_are_chosen_by_kind() -> None:
    router = router_of()
    seen: list[str] = []
    assert answer(router) == (200, "unhandled")
    router.on(KIND, lambda _: seen.append("lost"))
    router.on(KIND, lambda _: seen.append("call"))
    router.on("task.finished", lambda event: seen.append(event.kind))

    @router.otherwise
    def rest(event: Event) -> None:
        seen.append(f"otherwise {event.kind}")

    assert answer(router) == (200, "handled")
    assert answer(router, b'{"taskid": "t1"}') == (200, "handled")
    assert answer(router, b'{"weather": "fine"}') == (200, "handled")
    assert answer(router, b'{"planid": "p1"}') == (200, "handled")
    assert seen == ["call", "task.finished", "otherwise unknown", "otherwise plan.finished"]


def test_an_event_that_nobody_wanted_is_not_lost_to_a_later_handler() -> None:
    router = router_of()
    assert answer(router) == (200, "unhandled")
    router.on(KIND, lambda _: None)
    assert answer(router) == (200, "handled")


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("/events/leads.call_finished", None, "leads.call_finished"),
        ("/events/leads.call_finished/?from=airudder", None, "leads.call_finished"),
        ("/events/leads.call_finished", "call.finished", "call.finished"),
        ("/events/hook", None, "workflow.call_finished"),
        ("/\udcff", None, "workflow.call_finished"),
    ],
)
def test_the_kind_is_given_or_in_the_path_or_told_by_the_body(path: str, kind: str | None, expected: str) -> None:
    router = router_of()
    kinds: list[str] = []
    router.otherwise(lambda event: kinds.append(event.kind))
    assert answer(router, b'{"callid": "c1", "nodetask_id": "n1"}', kind=kind, path=path) == (200, "handled")
    assert kinds == [expected]


@pytest.mark.parametrize("make", [router_of, async_router_of])
def test_what_cannot_be_taken_is_refused(make: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    router = make(max_event_bytes=1000, sign_secret="secret")
    router.otherwise(lambda _: pytest.fail("nothing is handled"))
    assert answer(router, {"callid": "c1"}) == (400, "refused")
    assert answer(router, b"Budi Canary") == (400, "refused")
    assert answer(router, CALL, {"X-AIRudder-Sign": "wrong"}) == (401, "refused")
    assert answer(router, CALL, None) == (400, "refused")
    assert answer(router, CALL, kind="call.finnished") == (400, "refused")
    assert answer(router, b" " * router.enough_bytes) == (413, "refused")
    assert router.enough_bytes == 1001
    assert "raw body" in caplog.text
    assert "Canary" not in caplog.text
    assert not any(record.levelno >= logging.ERROR for record in caplog.records)


def test_a_reply_says_why() -> None:
    reply = router_of().handle(b"[]", {})
    assert reply[:3] == (400, "refused", "not_json")
    assert reply.message
    assert router_of().handle(b"{}", {}) == Reply(200, "unhandled")


def test_a_handler_that_ends_the_program_lets_go(store: Any) -> None:
    router = router_of(store)

    @router.on(KIND)
    def handle(_: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(router)
    router.on(KIND, lambda _: None)
    assert until_it_is_free(router) == (200, "handled")


def until_it_is_free(router: Router | AsyncRouter) -> tuple[int, str]:
    """A delivery that was dropped is let go of in the background."""
    while (outcome := answer(router))[1] == "busy":
        threading.Event().wait(0.01)
    return outcome


def test_a_cancelled_handler_lets_go(store: Any) -> None:
    async def main() -> None:
        router = async_router_of(store)
        runs = asyncio.Event()

        @router.on(KIND)
        async def handle(_: Event) -> None:
            runs.set()
            await asyncio.sleep(3600)

        task = asyncio.ensure_future(router.handle(CALL, {}))
        await runs.wait()
        assert (await router.handle(CALL, {})).outcome == "busy"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        router.on(KIND, lambda _: None)
        assert await asyncio.to_thread(until_it_is_free, router) == (200, "handled")

    asyncio.run(main())


class Failing(Own):
    def begin(self, key: str, fence: str, lease: float) -> str:
        raise ConnectionError(f"Budi Canary {key} {fence} {lease}")


class Wrong(Own):
    def begin(self, key: str, fence: str, lease: float) -> str:
        return f"{key}{fence}{lease}"


class Taken(Own):
    """A store whose claims another process takes over while their handlers run."""

    def finish(self, key: str, fence: str) -> bool:
        self.keys[key] = ("busy", f"not {fence}")
        return super().finish(key, fence)


class Silent(Own):
    def finish(self, key: str, fence: str) -> None:  # type: ignore[override]
        super().finish(key, fence)


@pytest.mark.parametrize(
    ("store", "words"), [(Taken(), "was lost before its handler ended"), (Silent(), "`finish` must return a bool")]
)
def test_a_lost_claim_is_logged(store: Any, words: str, caplog: pytest.LogCaptureFixture) -> None:
    router = router_of(store)
    router.on(KIND, lambda _: None)
    assert answer(router) == (200, "handled")
    assert words in caplog.text


@pytest.mark.parametrize(("store", "words"), [(Failing(), "`begin` raised ConnectionError"), (Wrong(), "`begin` must")])
def test_a_store_that_fails_handles_nothing(store: Any, words: str, caplog: pytest.LogCaptureFixture) -> None:
    router = router_of(store)
    router.on(KIND, lambda _: pytest.fail("nothing is handled"))
    assert answer(router) == (500, "failed")
    assert words in caplog.text
    assert "Canary" not in caplog.text


def test_a_blocking_router_awaits_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert answer(router_of(AsyncOwn())) == (500, "failed")
    assert "`begin` raised TypeError" in caplog.text


def test_what_is_no_store_and_no_kind_is_told(tmp_path: Path) -> None:
    for store in (object(), {}, "events.db"):
        with pytest.raises(ConfigurationError, match="begin, renew, finish and release"):
            router_of(store)
    with pytest.raises(ConfigurationError, match=r"no kind 'call\.finnished'"):
        router_of().on("call.finnished")
    with pytest.raises(ConfigurationError, match=r"no kind '/call\.finished'"):
        router_of().on("/call.finished")
    with pytest.raises(FileError):
        SqliteStore(tmp_path / "no" / "folder" / "events.db")
    with pytest.raises(ConfigurationError, match="`keep`"):
        MemoryStore(keep=-1)


def test_a_file_outlives_its_program(tmp_path: Path) -> None:
    for outcome in ("handled", "duplicate"):
        router = router_of(SqliteStore(tmp_path / "events.db"))
        router.otherwise(lambda _: None)
        assert answer(router) == (200, outcome)


def test_a_store_forgets_after_its_time(tmp_path: Path) -> None:
    for store in (MemoryStore(keep=0), SqliteStore(str(tmp_path / "events.db"), keep=0)):
        router = router_of(store)
        router.otherwise(lambda _: None)
        assert [answer(router), answer(router)] == [(200, "handled")] * 2


def test_an_asyncio_signer_is_awaited() -> None:
    secret = b"secret"

    async def signer(request: SignRequest) -> str:
        await asyncio.sleep(0)
        assert request.body is not None
        return hmac.new(secret, request.body, hashlib.sha256).hexdigest()

    async def failing(_: SignRequest) -> str:
        raise KeyError("Budi Canary")

    headers = {"X-AIRudder-Sign": hmac.new(secret, CALL, hashlib.sha256).hexdigest()}
    router = async_router_of(signer=signer, sign_key="0f8fad5bd9cb469fa165708667284a2c")
    router.otherwise(lambda _: None)
    assert answer(router, CALL, headers) == (200, "handled")
    assert answer(router, CALL + b" ", headers) == (401, "refused")
    reply = asyncio.run(async_router_of(signer=failing, sign_key="0" * 32).handle(CALL, headers))
    assert (reply.status, reply.reason) == (400, "no_key")
    assert "KeyError" in (reply.message or "")


def test_a_blocking_signer_is_asked() -> None:
    def signer(request: SignRequest) -> str:
        return f"{len(request.body or b'')}"

    router = router_of(signer=signer, sign_key="0" * 32)
    router.otherwise(lambda _: None)
    assert answer(router, CALL, {"X-AIRudder-Sign": f"{len(CALL)}"}) == (200, "handled")
    assert answer(router, CALL, {"X-AIRudder-Sign": "1"}) == (401, "refused")


def test_a_store_may_hold_its_router() -> None:
    class Service(Own):
        def __init__(self) -> None:
            super().__init__()
            self.router = router_of(self)
            self.router.otherwise(self.handle)

        def handle(self, event: Event) -> None:
            assert event.kind == KIND

    service = Service()
    assert answer(service.router) == (200, "handled")
    gone = weakref.ref(service)
    del service
    gc.collect()
    assert gone() is None
