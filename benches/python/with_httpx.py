"""httpx and pydantic."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from jobs import AT_ONCE, CALL, CREDENTIALS, DETAIL, TOKEN, Held, at_once, speaks_http2, tls
from typed import CallAnswer, DetailAnswer, TokenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed import Call


def settings(url: str) -> dict[str, Any]:
    """What both kinds of client are made with."""
    return {
        "base_url": url,
        "verify": tls(),
        "http2": speaks_http2(url),
        "limits": httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        "timeout": 30,
    }


def signed_in(url: str) -> httpx.Client:
    """A client with its token."""
    client = httpx.Client(**settings(url))
    token = TokenAnswer.model_validate_json(client.post(TOKEN, json=CREDENTIALS).content).opened().token
    client.headers["Authorization"] = f"Token {token}"
    return client


async def signed_in_async(url: str) -> httpx.AsyncClient:
    """The same for asyncio."""
    client = httpx.AsyncClient(**settings(url))
    answer = await client.post(TOKEN, json=CREDENTIALS)
    token = TokenAnswer.model_validate_json(answer.content).opened().token
    client.headers["Authorization"] = f"Token {token}"
    return client


def job_call(url: str) -> Callable[[int], str]:
    """Small calls, one after the other."""
    client = signed_in(url)

    def calls(count: int) -> str:
        talked, status = 0, ""
        for _ in range(count):
            answer = client.get(CALL, params={"callid": "c1"})
            answer.raise_for_status()
            call = CallAnswer.model_validate_json(answer.content).opened()
            talked += call.talkduration
            status = call.status
        return f"{talked} {status}"

    return calls


def job_calls(url: str) -> Callable[[int], str]:
    """Small calls, many at once."""
    loop = asyncio.Runner()
    client = loop.run(signed_in_async(url))

    async def call() -> tuple[int, str]:
        answer = await client.get(CALL, params={"callid": "c1"})
        answer.raise_for_status()
        call = CallAnswer.model_validate_json(answer.content).opened()
        return call.talkduration, call.status

    return lambda count: at_once(loop, count, call)


def job_page(url: str) -> Callable[[int], str]:
    """Pages of calls."""
    # pydantic's own reader of JSON is faster than any other before it.
    return pages_read_by(url, DetailAnswer.model_validate_json)


def pages_read_by(url: str, read: Callable[[bytes], DetailAnswer]) -> Callable[[int], str]:
    """Pages of calls, with a way to make objects of JSON."""
    client = signed_in(url)

    def pages(count: int) -> str:
        talked = letters = 0
        for _ in range(count):
            answer = client.get(DETAIL, params={"taskid": "t1"})
            answer.raise_for_status()
            calls = read(answer.content).opened().calls
            talked += sum(call.talkduration for call in calls)
            letters += sum(len(call.debtor) for call in calls)
        return f"{talked} {letters}"

    return pages


def job_hold(url: str) -> Callable[[int], Held]:
    """Calls that stay in memory."""
    client = signed_in(url)

    def hold(count: int) -> Held:
        calls: list[Call] = []
        while len(calls) < count:
            answer = client.get(DETAIL, params={"taskid": "t1"})
            answer.raise_for_status()
            calls.extend(DetailAnswer.model_validate_json(answer.content).opened().calls)
        return Held(calls, f"{sum(call.talkduration for call in calls)} {len(calls)}")

    return hold
