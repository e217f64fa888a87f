"""httpx and orjson, without models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from jobs import DETAIL, SUCCESS
from with_httpx import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable


def job_page(url: str) -> Callable[[int], str]:
    """Pages of calls."""
    client = signed_in(url)

    def pages(count: int) -> str:
        talked = letters = 0
        for _ in range(count):
            answer = client.get(DETAIL, params={"taskid": "t1"})
            answer.raise_for_status()
            envelope = orjson.loads(answer.content)
            if envelope["code"] != SUCCESS:
                raise RuntimeError(f"AI Rudder answers with code {envelope['code']}")
            calls = envelope["data"]["calls"]
            talked += sum(call["talkduration"] for call in calls)
            letters += sum(len(call["debtor"]) for call in calls)
        return f"{talked} {letters}"

    return pages
