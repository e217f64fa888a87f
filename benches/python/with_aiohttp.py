"""aiohttp and pydantic."""

from __future__ import annotations

import asyncio
import atexit
from typing import TYPE_CHECKING

import aiohttp

from jobs import AT_ONCE, CALL, CREDENTIALS, DETAIL, TOKEN, at_once, tls
from typed import CallAnswer, DetailAnswer, TokenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable


def session_of(loop: asyncio.Runner, url: str) -> aiohttp.ClientSession:
    """A session that is closed with the program."""
    session = loop.run(signed_in(url))
    atexit.register(lambda: loop.run(session.close()))
    return session


async def signed_in(url: str) -> aiohttp.ClientSession:
    """A session with its token."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE, ssl=tls() if url.startswith("https:") else True)
    session = aiohttp.ClientSession(url, connector=connector, timeout=aiohttp.ClientTimeout(30), raise_for_status=True)
    async with session.post(TOKEN, json=CREDENTIALS) as answer:
        token = TokenAnswer.model_validate_json(await answer.read()).opened().token
    session.headers["Authorization"] = f"Token {token}"
    return session


def job_calls(url: str) -> Callable[[int], str]:
    """Small calls, many at once."""
    loop = asyncio.Runner()
    session = session_of(loop, url)

    async def call() -> tuple[int, str]:
        async with session.get(CALL, params={"callid": "c1"}) as answer:
            call = CallAnswer.model_validate_json(await answer.read()).opened()
        return call.talkduration, call.status

    return lambda count: at_once(loop, count, call)


def job_page(url: str) -> Callable[[int], str]:
    """Pages of calls."""
    loop = asyncio.Runner()
    session = session_of(loop, url)

    async def pages(count: int) -> str:
        talked = letters = 0
        for _ in range(count):
            async with session.get(DETAIL, params={"taskid": "t1"}) as answer:
                calls = DetailAnswer.model_validate_json(await answer.read()).opened().calls
            talked += sum(call.talkduration for call in calls)
            letters += sum(len(call.debtor) for call in calls)
        return f"{talked} {letters}"

    return lambda count: loop.run(pages(count))
