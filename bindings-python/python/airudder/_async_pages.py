"""Lists that come page by page, for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from airudder._completions import finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airudder._native import Pager


class AsyncPages(AsyncIterator[Any]):
    """The items of all pages."""

    __slots__ = ("_field", "_items", "_pager")

    def __init__(self, pager: Pager, field: str) -> None:
        self._pager = pager
        self._field = field
        self._items: Iterator[Any] = iter(())

    async def __anext__(self) -> Any:  # noqa: ANN401 - every list has its own items
        while True:
            for item in self._items:
                return item
            page = await finish(self._pager.next())
            if page is None:
                raise StopAsyncIteration
            self._items = iter(getattr(page, self._field))
