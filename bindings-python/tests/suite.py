"""How the suite of Python makes the calls of cases and walks, through either client, and reports what came of them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pytest

import airudder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

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
    "reason",
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            pytest.fail(f"{path}: {error.code}: {error.read().decode()}")


class Flavour(NamedTuple):
    """One of the two clients, and how one waits for what it returns."""

    client: Callable[..., Any]
    finish: Callable[[Callable[[], Any]], Any]


def _in_blocking_code(call: Callable[[], Any]) -> Any:
    outcome = call()
    return list(outcome) if isinstance(outcome, Iterator) else outcome


def _in_asyncio(call: Callable[[], Any]) -> Any:
    async def main() -> Any:
        outcome = call()
        if isinstance(outcome, AsyncIterator):
            return [item async for item in outcome]
        return await outcome if asyncio.iscoroutine(outcome) else outcome

    return asyncio.run(main())


FLAVOURS = {
    "blocking": Flavour(airudder.Client, _in_blocking_code),
    "asyncio": Flavour(airudder.AsyncClient, _in_asyncio),
}


def outcome_of(client: Any, step: dict[str, Any], flavour: Flavour) -> dict[str, Any]:
    """Make the call of a step, and report."""
    try:
        value = flavour.finish(lambda: called(client, step))
    except airudder.AiRudderError as error:
        return reported(error)
    except TypeError as error:
        return {"error": {"code": "invalid_request", "message": str(error)}, "shown": [str(error), repr(error)]}
    return {
        "value": plain(value),
        "type": type(value).__name__,
        "shown": [repr(value), str(value), repr(client), str(client)],
    }


def called(client: Any, step: dict[str, Any]) -> Any:
    params = dict(step.get("params") or {})
    options = step.get("options") or {}
    match step["call"]:
        case None:
            return None
        case "raw":
            return client.raw(params.pop("method"), params.pop("path"), **params, **options)
        case "events.unwrap":
            body = b64decode(params["body_base64"]) if "body_base64" in params else params["body"].encode()
            return client.events.unwrap(body, params.get("headers") or {}, params.get("kind"))
        case operation:
            family, method_name = operation.split(".")
            method = getattr(getattr(client, family), f"{method_name}_all" if step.get("all") else method_name)
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
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def reported(error: airudder.AiRudderError) -> dict[str, Any]:
    attributes = {name: getattr(error, name) for name in ATTRIBUTES}
    return {"error": attributes, "shown": [repr(error), str(error), repr(error.args), repr(vars(error))]}
