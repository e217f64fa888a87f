"""Lists that come page by page."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from airudder import AsyncClient, ConnectionLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airudder import Client
    from fake import FakeServer

LIST = "/service/cloud/list"
IDS = [str(number) for number in range(7)]


def paged(*, tells_total: bool) -> Callable[[str], dict[str, Any]]:
    """Seven tasks, three a page."""

    def page(query: str) -> dict[str, Any]:
        first = (int(parse_qs(query)["Page"][0]) - 1) * 3
        tasks = [{"TaskID": task_id} for task_id in IDS[first : first + 3]]
        return {"List": tasks, "Total": len(IDS)} if tells_total else {"List": tasks}

    return page


def fetched(server: FakeServer) -> list[str]:
    return [request.query for request in server.requests if request.path == LIST]


@pytest.mark.parametrize(("tells_total", "count"), [(True, 3), (False, 4)])
def test_all_pages_are_walked(client: Client, server: FakeServer, tells_total: bool, count: int) -> None:
    server.answers[LIST] = paged(tells_total=tells_total)
    assert [task.task_id for task in client.tasks.list_all(page_size=3)] == IDS
    assert fetched(server) == [f"Page={number}&Number=3" for number in range(1, count + 1)]


@pytest.mark.parametrize(("tells_total", "count"), [(True, 3), (False, 4)])
def test_all_pages_are_walked_in_asyncio(server: FakeServer, tells_total: bool, count: int) -> None:
    server.answers[LIST] = paged(tells_total=tells_total)

    async def main() -> list[str | None]:
        client = AsyncClient(base_url=server.base_url)
        return [task.task_id async for task in client.tasks.list_all(page_size=3)]

    assert asyncio.run(main()) == IDS
    assert fetched(server) == [f"Page={number}&Number=3" for number in range(1, count + 1)]


def test_pages_are_fetched_when_they_are_needed(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    tasks = client.tasks.list_all()
    assert fetched(server) == []
    assert len(list(islice(tasks, 4))) == 4
    assert fetched(server) == ["Page=1", "Page=2"]


def test_no_tasks_are_one_empty_page(client: Client, server: FakeServer) -> None:
    assert list(client.tasks.list_all()) == []
    assert len(fetched(server)) == 1


def test_a_page_that_does_not_come_is_an_error(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    tasks = client.tasks.list_all(timeout=5, max_retries=0)
    assert len(list(islice(tasks, 3))) == 3
    server.answers[LIST] = None
    server.cut.add(LIST)
    with pytest.raises(ConnectionLostError):
        next(tasks)
