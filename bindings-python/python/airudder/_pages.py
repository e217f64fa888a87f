"""Lists that come page by page.

A page is fetched when its first item is asked for, so who stops early fetches no more. After an error the same page can
be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airudder._native import Pager


class Pages(Iterator[Any]):
    """The items of all pages."""

    __slots__ = ("_field", "_items", "_pager")

    def __init__(self, pager: Pager, field: str) -> None:
        self._pager = pager
        self._field = field
        self._items: Iterator[Any] = iter(())

    def __next__(self) -> Any:  # noqa: ANN401 - every list has its own items
        while True:
            for item in self._items:
                return item
            page = self._pager.next().wait()
            if page is None:
                raise StopIteration
            self._items = iter(getattr(page, self._field))
