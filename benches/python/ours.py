"""This SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from airudder import AsyncClient, Client
from jobs import ENCRYPTION_KEY, Held, at_once, event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from airudder.models import CallResult


def job_call(url: str) -> Callable[[int], str]:
    """Small calls, one after the other."""
    return _one_by_one(Client(base_url=url))


def job_sealed(url: str) -> Callable[[int], str]:
    """The same, encrypted."""
    return _one_by_one(Client(base_url=url, encryption_key=ENCRYPTION_KEY))


def job_calls(url: str) -> Callable[[int], str]:
    """Small calls, many at once."""
    return _at_once(AsyncClient(base_url=url))


def job_sealedcalls(url: str) -> Callable[[int], str]:
    """The same, encrypted."""
    return _at_once(AsyncClient(base_url=url, encryption_key=ENCRYPTION_KEY))


def job_page(url: str) -> Callable[[int], str]:
    """Pages of calls."""
    client = _signed_in(Client(base_url=url))

    def pages(count: int) -> str:
        talked = letters = 0
        for _ in range(count):
            calls: Sequence[Any] = client.tasks.detail(task_id="t1").calls
            talked += sum(call.talk_duration for call in calls)
            letters += sum(len(call.debtor) for call in calls)
        return f"{talked} {letters}"

    return pages


def job_event(url: str) -> Callable[[int], str]:
    """Encrypted events."""
    client = Client(base_url=url, encryption_key=ENCRYPTION_KEY)
    body, headers = event(url)

    def events(count: int) -> str:
        talked = variables = 0
        for _ in range(count):
            call: Any = client.events.unwrap(body, headers).data
            talked += call.talk_duration
            variables += len(call.variables)
        return f"{talked} {variables}"

    return events


def job_hold(url: str) -> Callable[[int], Held]:
    """Calls that stay in memory."""
    client = _signed_in(Client(base_url=url))

    def hold(count: int) -> Held:
        calls: list[CallResult] = []
        while len(calls) < count:
            calls.extend(client.tasks.detail(task_id="t1").calls)
        return Held(calls, f"{sum(call.talk_duration or 0 for call in calls)} {len(calls)}")

    return hold


def _signed_in(client: Client) -> Client:
    client.tasks.robots()
    return client


def _one_by_one(client: Client) -> Callable[[int], str]:
    _signed_in(client)

    def calls(count: int) -> str:
        talked, status = 0, ""
        for _ in range(count):
            call = client.tasks.call_by_id(call_id="c1")
            talked += call.talk_duration or 0
            status = call.status or ""
        return f"{talked} {status}"

    return calls


def _at_once(client: AsyncClient) -> Callable[[int], str]:
    loop = asyncio.Runner()
    loop.run(client.tasks.robots())

    async def call() -> tuple[int, str]:
        call = await client.tasks.call_by_id(call_id="c1")
        return call.talk_duration or 0, call.status or ""

    return lambda count: at_once(loop, count, call)
