"""Lists that come page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator


def pages(fetch: Callable[[int], object], items: str, total: str | None) -> Iterator[Any]:
    """The items of all pages, each page fetched when its first item is asked for."""
    seen, number, page = 0, 0, None
    while page is None or not _is_last(page, items, total, seen):
        number += 1
        page = fetch(number)
        seen += len(getattr(page, items))
        yield from getattr(page, items)


async def async_pages(fetch: Callable[[int], Awaitable[object]], items: str, total: str | None) -> AsyncIterator[Any]:
    """The same for asyncio."""
    seen, number, page = 0, 0, None
    while page is None or not _is_last(page, items, total, seen):
        number += 1
        page = await fetch(number)
        seen += len(getattr(page, items))
        for item in getattr(page, items):
            yield item


def _is_last(page: object, items: str, total: str | None, seen: int) -> bool:
    """Whether as many came as there are, or the page is empty: AI Rudder does not always say how many there are."""
    count = None if total is None else getattr(page, total)
    return not getattr(page, items) or (count is not None and seen >= count)
