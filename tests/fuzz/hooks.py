"""Lets schemathesis in, and gives it things to ask for.

Every request carries a token, or a sign if it goes to the Chatbot API. What is generated at random names nothing
that exists; so a task, a plan, workflows and sessions are made first (world.py), and their ids, numbers and times are
put into most of the generated requests.
"""

from __future__ import annotations

import atexit
import hashlib
import hmac
import json
import os
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from world import complete, known

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE_URL = os.environ["AIRUDDER_BASE_URL"]
SIGN_KEY = "0" * 32
SIGN_SECRET = b"emulator"
TOKEN_SECONDS = 600.0


class Access(requests.auth.AuthBase):
    """Signs the request as it goes over the wire, or adds the token."""

    def __init__(self) -> None:
        self.token = ""
        self.since = 0.0

    def sign_in(self) -> None:
        """Get a token, when there is none or it is near its end: the emulator's day is 24 minutes."""
        now = time.monotonic()
        if not self.token or now - self.since > TOKEN_SECONDS:
            body = {"APPKey": "fuzz", "APPSecret": "fuzz"}
            answer = requests.post(f"{BASE_URL}/service/cloud/auth", json=body, timeout=10)
            self.token, self.since = answer.json()["data"]["token"], now

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if request.path_url.startswith("/api/v1/"):
            body = request.body or b""
            body = body if isinstance(body, bytes) else body.encode()
            request.headers["X-AIRudder-Sign-Key"] = SIGN_KEY
            request.headers["X-AIRudder-Sign"] = hmac.new(SIGN_SECRET, body, hashlib.sha256).hexdigest()
        else:
            self.sign_in()
            request.headers["Authorization"] = f"Token {self.token}"
        return request


ACCESS = Access()
schemathesis.auth.set_from_requests(ACCESS)


def call(method: str, path: str, body: object = None) -> Any:
    """What an operation answers; a refusal here means that the emulator's own world has changed."""
    answer = requests.request(method, BASE_URL + path, json=body, auth=ACCESS, timeout=30).json()
    if answer["code"] != 200:
        raise RuntimeError(f"{method} {path}: {answer}")
    return answer["data"]


KNOWN = {name: values for name, values in known(call).items() if values}
COMPLETE = complete(KNOWN, call)


def draws(value: object) -> Iterator[int]:
    """Numbers that follow from the request itself, so that a run with the same seed sends the same."""
    seed = hashlib.sha256(json.dumps(value, sort_keys=True, default=repr).encode()).digest()
    while True:
        yield from seed
        seed = hashlib.sha256(seed).digest()


def with_known(value: Any, things: dict[str, list[Any]]) -> Any:
    """The value with names of what exists in place of some that were made up."""
    if not isinstance(value, dict):
        return value
    draw = draws(value)
    if next(draw) % 6 == 0:
        return value
    return {
        name: drawn(things[name], next(draw)) if name in things else inner(item, things) for name, item in value.items()
    }


def inner(item: Any, things: dict[str, list[Any]]) -> Any:
    """The same for what a list holds, as the contacts of a task."""
    return [with_known(element, things) for element in item] if isinstance(item, list) else item


def drawn(values: list[Any], number: int) -> Any:
    """One of the values."""
    return values[number % len(values)]


@schemathesis.hook
def map_query(_context: schemathesis.HookContext, query: Any) -> Any:
    """Change what is asked for."""
    return with_known(query, KNOWN)


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    """Change what is sent."""
    path = context.operation.path if context.operation else ""
    if path in COMPLETE and isinstance(body, dict) and next(draws(body)) % 4 == 0:
        return body | COMPLETE[path]
    # The one that is stopped is stopped again; the others go on, and take contacts.
    stops = path.endswith("/workflow/stopinstance")
    return with_known(body, KNOWN | {"workflow_id": KNOWN["workflow_id"][-1:]} if stops else KNOWN)


STATUSES: dict[str, Counter[int]] = {}


@schemathesis.hook
def after_call(_context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Count what was answered."""
    STATUSES.setdefault(case.operation.label, Counter())[response.status_code] += 1


@atexit.register
def tell() -> None:
    """Say how far the requests came: an operation that refused them all was only half tested."""
    counts = sum(STATUSES.values(), Counter())
    refused = [f"{label} {dict(statuses)}" for label, statuses in sorted(STATUSES.items()) if not statuses[200]]
    lines = [
        "Answers: " + ", ".join(f"{count} x {status}" for status, count in sorted(counts.items())),
        f"{len(STATUSES) - len(refused)} of {len(STATUSES)} operations carried out at least one request.",
        *refused,
    ]
    sys.stdout.write("\n  ".join(lines) + "\n")
