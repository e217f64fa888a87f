"""What is the same for all contenders."""

from __future__ import annotations

import asyncio
import os
import ssl
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Any

TOKEN = "/service/cloud/auth"
CALL = "/service/cloud/call"
DETAIL = "/service/cloud/detail"
CREDENTIALS = {"APPKey": "key", "APPSecret": "secret"}
ENCRYPTION_KEY = "airudderredduria"
AT_ONCE = 32
SUCCESS = 200

CA_CERTIFICATE = os.environ.get("AIRUDDER_CA_CERTIFICATE")


def tls() -> ssl.SSLContext:
    """The authorities to trust: the one that the benches name, when they name one."""
    return ssl.create_default_context(cafile=CA_CERTIFICATE)


def speaks_http2(url: str) -> bool:
    """Whether the server at this URL speaks HTTP/2."""
    return url.startswith("https:") and os.environ.get("BENCH_HTTP2") == "1"


class Event(NamedTuple):
    """An event as it comes over the wire."""

    body: bytes
    headers: dict[str, str]


def event(url: str) -> Event:
    """The server's event."""
    # No contender is measured by how it gets here.
    with urlopen(f"{url}/_fast/event", context=tls() if url.startswith("https:") else None) as answer:
        return Event(answer.read(), dict(answer.headers.items()))


class Held(NamedTuple):
    """Objects that are to stay in memory, and what they say."""

    objects: Sequence[Any]
    check: str

    def __str__(self) -> str:
        return self.check


def at_once(loop: asyncio.Runner, count: int, call: Callable[[], Awaitable[tuple[int, str]]]) -> str:
    """Make calls, so many at once; each gives how long somebody talked, and the call's status."""
    left = iter(range(count))

    async def calls() -> tuple[int, str]:
        total, status = 0, ""
        for _ in left:
            talked, status = await call()
            total += talked
        return total, status

    async def everything() -> list[tuple[int, str]]:
        return await asyncio.gather(*(calls() for _ in range(AT_ONCE)))

    totals = loop.run(everything())
    return f"{sum(talked for talked, _ in totals)} {totals[0][1]}"
