"""Lists that come page by page."""

from __future__ import annotations

import asyncio
import os
from itertools import count, islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from airudder import AsyncClient, ConnectionLostError, EndlessListError, InvalidRequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airudder import Client
    from fake import FakeServer

LIST = "/service/cloud/list"
MESSAGES = "/api/v1/session/messages"
IDS = [str(number) for number in range(7)]


def paged(*, tells_total: bool) -> Callable[[str], dict[str, Any]]:
    """Seven tasks, three a page."""

    def page(query: str) -> dict[str, Any]:
        first = (int(parse_qs(query)["Page"][0]) - 1) * 3
        tasks = [{"TaskID": task_id} for task_id in IDS[first : first + 3]]
        return {"List": tasks, "Total": len(IDS)} if tells_total else {"List": tasks}

    return page


def fetched(server: FakeServer) -> list[int]:
    """Which pages were asked for."""
    return [int(parse_qs(request.query)["Page"][0]) for request in server.requests if request.path == LIST]


@pytest.mark.parametrize("tells_total", [True, False])
def test_all_pages_are_walked(client: Client, server: FakeServer, tells_total: bool) -> None:
    server.answers[LIST] = paged(tells_total=tells_total)
    assert [task.task_id for task in client.tasks.list_all(page_size=3)] == IDS
    assert fetched(server) == ([1, 2, 3] if tells_total else [1, 2, 3, 4]), (
        "only an empty page ends a list without a total"
    )


@pytest.mark.parametrize("tells_total", [True, False])
def test_all_pages_are_walked_in_asyncio(server: FakeServer, tells_total: bool) -> None:
    server.answers[LIST] = paged(tells_total=tells_total)

    async def main() -> list[str | None]:
        client = AsyncClient(base_url=server.base_url)
        return [task.task_id async for task in client.tasks.list_all(page_size=3)]

    assert asyncio.run(main()) == IDS
    assert fetched(server) == ([1, 2, 3] if tells_total else [1, 2, 3, 4]), (
        "only an empty page ends a list without a total"
    )


def test_pages_are_fetched_when_they_are_needed(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    tasks = client.tasks.list_all()
    assert fetched(server) == []
    assert len(list(islice(tasks, 4))) == 4
    assert fetched(server) == [1, 2]


def test_who_stops_early_fetches_no_more(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    for task in client.tasks.list_all():
        if task.task_id == "2":
            break
    assert fetched(server) == [1]


def test_who_stops_early_in_asyncio_fetches_no_more(server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)

    async def main() -> None:
        async for task in AsyncClient(base_url=server.base_url).tasks.list_all():
            if task.task_id == "2":
                break

    asyncio.run(main())
    assert fetched(server) == [1]


def test_no_tasks_are_one_empty_page(client: Client, server: FakeServer) -> None:
    assert list(client.tasks.list_all()) == []
    assert len(fetched(server)) == 1


def test_a_page_that_did_not_come_can_be_asked_for_again(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    tasks = client.tasks.list_all(timeout=5, max_retries=0)
    assert len(list(islice(tasks, 3))) == 3
    server.cut.add(LIST)
    with pytest.raises(ConnectionLostError):
        next(tasks)
    server.cut.clear()
    assert [task.task_id for task in tasks] == IDS[3:]


def test_a_page_that_comes_again_is_an_error(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = {"List": [{"TaskID": "0"}]}
    tasks = client.tasks.list_all()
    assert next(tasks).task_id == "0"
    with pytest.raises(EndlessListError) as raised:
        next(tasks)
    assert raised.value.operation == "tasks.list"
    assert list(tasks) == []
    assert fetched(server) == [1, 2]


def test_a_list_that_leads_in_a_circle_is_an_error_in_asyncio(server: FakeServer) -> None:
    numbers = count()
    server.answers[MESSAGES] = lambda _: {"messages": [{"msg_id": "ab"[next(numbers) % 2]}]}

    async def main() -> None:
        messages = AsyncClient(base_url=server.base_url).chatbot.messages_all(call_id="c1")
        assert (await anext(messages)).msg_id == "a"
        assert (await anext(messages)).msg_id == "b"
        with pytest.raises(EndlessListError):
            await anext(messages)
        with pytest.raises(StopAsyncIteration):
            await anext(messages)

    asyncio.run(main())


def test_a_list_may_begin_behind_a_message(client: Client, server: FakeServer) -> None:
    answers = iter([{"messages": [{"msg_id": "m8"}, {"msg_id": "m7"}]}, {"messages": []}])
    server.answers[MESSAGES] = lambda _: next(answers)
    messages = client.chatbot.messages_all(call_id="c1", last_msg_id="m9")
    assert [message.msg_id for message in messages] == ["m8", "m7"]
    asked = [request.json["last_msg_id"] for request in server.requests if request.path == MESSAGES]
    assert asked == ["m9", "m7"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_list_ends_with_the_process_that_began_it(client: Client, server: FakeServer) -> None:
    server.answers[LIST] = paged(tells_total=True)
    tasks = client.tasks.list_all()
    assert next(tasks).task_id == "0"
    child = os.fork()
    if child == 0:
        try:
            next(islice(tasks, 2, None))
        except InvalidRequestError:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
