"""The cases that the suites of all languages share, through `Client` and through `AsyncClient`."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import airudder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

ROOT = Path(__file__).parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
ATTRIBUTES = (
    "code",
    "message",
    "operation",
    "status",
    "api_code",
    "api_message",
    "request_id",
    "attempts",
    "retry_after",
    "retryable",
    "may_have_been_applied",
)


class CaseServer:
    """The program that plays AI Rudder's part, and compares."""

    def __init__(self) -> None:
        program = TARGET / "debug" / "case-server"
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout
        self._url = self._process.stdout.readline().strip().removeprefix("listening on ")

    def stop(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            pytest.fail(f"{path}: {error.code}: {error.read().decode()}")


_server: CaseServer | None = None


def case_server() -> CaseServer:
    """The server, started when pytest collects the names of the cases."""
    global _server  # noqa: PLW0603 - collecting and running share it
    if _server is None:
        _server = CaseServer()
    return _server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = [f"{case['file']}/{case['name']}" for case in case_server().ask("/_cases?suite=python")]
    assert names, "the case server has no case for Python"
    metafunc.parametrize("name", names)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[None]]]:
    """The cases that were chosen, by the names of their tests. Cases mostly wait, so many are played at once."""
    with ThreadPoolExecutor(16) as pool:
        yield {
            test.name: pool.submit(FLAVOURS[test.originalname], test.callspec.params["name"])
            for test in request.session.items
            if isinstance(test, pytest.Function) and test.path == Path(__file__)
        }
        pool.shutdown(cancel_futures=True)
    case_server().stop()


def test_blocking(name: str, played: dict[str, Future[None]]) -> None:
    played[f"test_blocking[{name}]"].result()


def test_asyncio(name: str, played: dict[str, Future[None]]) -> None:
    played[f"test_asyncio[{name}]"].result()


FLAVOURS = {
    "test_blocking": lambda name: play(name, airudder.Client, lambda call: call()),
    "test_asyncio": lambda name: play(name, airudder.AsyncClient, lambda call: asyncio.run(awaited(call))),
}


async def awaited(call: Any) -> Any:
    outcome = call()
    return await outcome if asyncio.iscoroutine(outcome) else outcome


def play(name: str, client_class: Any, finish: Any) -> None:
    started = case_server().ask(f"/_cases/{name}/start?suite=python", {})
    outcomes: list[dict[str, Any]] = []
    try:
        client = client_class(**started["case"]["client"])
        outcomes.extend(outcome_of(client, step, finish) for step in started["case"]["steps"])
    except airudder.AiRudderError as error:
        outcomes.append(reported(error))
    verdict = case_server().ask(f"/_cases/{started['id']}/finish", {"outcomes": outcomes})
    assert verdict["ok"], f"{name}:\n" + "\n".join(verdict["problems"])


def outcome_of(client: Any, step: dict[str, Any], finish: Any) -> dict[str, Any]:
    try:
        value = finish(lambda: called(client, step))
    except airudder.AiRudderError as error:
        return reported(error)
    except TypeError as error:
        return {"error": {"code": "invalid_request", "message": str(error)}, "shown": [str(error), repr(error)]}
    return {"value": plain(value), "shown": [repr(value), str(value), repr(client), str(client)]}


def called(client: Any, step: dict[str, Any]) -> Any:
    params = dict(step.get("params") or {})
    options = step.get("options") or {}
    match step["call"]:
        case None:
            return None
        case "raw":
            return client.raw(params.pop("method"), params.pop("path"), **params, **options)
        case "events.unwrap":
            return client.events.unwrap(params["body"], params.get("headers") or {}, params.get("kind"))
        case operation:
            family, method_name = operation.split(".")
            method = getattr(getattr(client, family), method_name)
            return method(**with_extra(method, params, options))


def with_extra(method: Any, params: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Parameters have no model here that could hold extra fields: they go where the operation's own fields go."""
    extra = params.pop("extra", None)
    if extra is None:
        return params | options
    place = "extra_query" if "GET `/" in method.__doc__ else "extra_body"
    return params | options | {place: {**extra, **options.get(place, {})}}


def plain(value: Any) -> Any:
    """A value as JSON."""
    match value:
        case airudder.models.Model():
            return value.to_dict()
        case airudder.Event(kind, airudder.UnknownEvent(data)):
            return {"kind": kind, "data": data}
        case airudder.Event(kind, data):
            return {"kind": kind, "event": plain(data)}
        case airudder.Download():
            return value._asdict() | {"path": str(value.path)}
        case airudder.RawAnswer():
            return value._asdict()
        case tuple():
            return [plain(item) for item in value]
        case _:
            return value


def reported(error: airudder.AiRudderError) -> dict[str, Any]:
    attributes = {name: getattr(error, name) for name in ATTRIBUTES}
    return {"error": attributes, "shown": [repr(error), str(error), repr(error.args), repr(vars(error))]}
