"""`AsyncClient` in real event loops."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from airudder import AsyncClient, RateLimitedError, RequestTimeoutError, _native

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fake import FakeServer

ROBOTS = "/service/cloud/robot"


def test_a_thousand_calls_at_once(server: FakeServer) -> None:
    async def main() -> None:
        async with AsyncClient(base_url=server.base_url) as client:
            answers = await asyncio.gather(*(client.tasks.robots() for _ in range(1000)))
        assert all(answer.robots[1].robot_name == "Budi" for answer in answers)

    asyncio.run(main())
    assert len([request for request in server.requests if request.path == ROBOTS]) == 1000


def test_other_tasks_run_while_a_call_waits(server: FakeServer) -> None:
    server.silent.add(ROBOTS)

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        call = asyncio.create_task(client.tasks.robots())
        await asyncio.to_thread(server.arrived.acquire)
        assert (await client.tasks.list()).total == 0
        assert not call.done()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())


def test_a_cancelled_task_ends_its_call_on_the_wire(server: FakeServer) -> None:
    server.silent.add(ROBOTS)

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        call = asyncio.create_task(client.tasks.robots())
        await asyncio.to_thread(server.arrived.acquire)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await asyncio.to_thread(server.gone.acquire, timeout=30)

    asyncio.run(main())


def test_a_cancelled_call_says_that_it_may_have_been_applied(server: FakeServer) -> None:
    server.silent |= {ROBOTS, "/service/cloud/operation"}

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        calls: list[tuple[Coroutine[Any, Any, object], bool]] = [
            (client.tasks.stop(task_id="t1"), True),
            (client.tasks.robots(), False),
        ]
        for begun, is_noted in calls:
            call = asyncio.create_task(begun)
            await asyncio.to_thread(server.arrived.acquire)
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await call
            notes = getattr(raised.value, "__notes__", [])
            assert [note.startswith("tasks.stop: ") for note in notes] == ([True] if is_noted else [])

    asyncio.run(main())


def test_an_answer_that_comes_too_late_is_dropped(server: FakeServer) -> None:
    complaints: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        client = AsyncClient(base_url=server.base_url)
        call = asyncio.create_task(client.tasks.robots())
        await asyncio.sleep(0)
        # The answer comes while the loop is busy, and stands in the queue when the task is cancelled.
        time.sleep(0.3)  # noqa: ASYNC251
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await client.tasks.list()).total == 0

    asyncio.run(main())
    assert complaints == []


def test_a_timeout_of_asyncio_ends_the_call(server: FakeServer) -> None:
    server.silent.add(ROBOTS)

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.tasks.robots()

    asyncio.run(main())


def test_the_call_has_a_timeout_of_its_own(server: FakeServer) -> None:
    server.silent.add(ROBOTS)

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        with pytest.raises(RequestTimeoutError) as raised:
            await client.tasks.robots(timeout=0.05)
        assert raised.value.operation == "tasks.robots"
        assert raised.value.__traceback__

    asyncio.run(main())


def test_a_task_group_that_fails_ends_the_calls_of_the_others(server: FakeServer) -> None:
    server.silent.add(ROBOTS)

    async def fails() -> None:
        await asyncio.to_thread(server.arrived.acquire)
        raise LookupError

    async def both(*work: Coroutine[Any, Any, object]) -> None:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)

    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        with pytest.raises(ExceptionGroup):
            await both(client.tasks.robots(), fails())
        assert await asyncio.to_thread(server.gone.acquire, timeout=30)

    asyncio.run(main())


def test_one_client_serves_loop_after_loop(server: FakeServer) -> None:
    client = AsyncClient(base_url=server.base_url)
    for _ in range(20):
        assert asyncio.run(client.tasks.robots()).robots
    assert [request.path for request in server.requests].count("/service/cloud/auth") == 1


def test_one_client_serves_loops_in_many_threads(server: FakeServer) -> None:
    client = AsyncClient(base_url=server.base_url)
    counts: list[int] = []

    async def main() -> None:
        answers = await asyncio.gather(*(client.tasks.robots() for _ in range(50)))
        counts.append(len(answers))

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [50] * 8


def test_a_loop_that_ends_takes_its_calls_along(server: FakeServer) -> None:
    server.silent.add(ROBOTS)
    client = AsyncClient(base_url=server.base_url)
    left: list[asyncio.Task[Any]] = []

    async def main() -> None:
        left.extend(asyncio.create_task(client.tasks.robots()) for _ in range(10))
        await asyncio.to_thread(server.arrived.acquire)

    asyncio.run(main())
    assert all(task.cancelled() for task in left)
    server.silent.clear()
    assert asyncio.run(client.tasks.robots()).robots


def test_a_loop_that_is_closed_under_a_call_harms_nobody(server: FakeServer) -> None:
    server.silent.add(ROBOTS)
    client = AsyncClient(base_url=server.base_url)
    loop = asyncio.new_event_loop()
    call = loop.create_task(client.tasks.robots(timeout=0.2))
    loop.run_until_complete(asyncio.to_thread(server.arrived.acquire))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    # The call ends, and finds nobody to tell.
    assert server.gone.acquire(timeout=30)
    assert not call.done()
    # asyncio would complain, rightly, of the task that nobody waits for.
    call._log_destroy_pending = False  # type: ignore[attr-defined]
    forgotten = weakref.ref(loop)
    del call, loop
    assert comes_true(lambda: gc.collect() is not None and forgotten() is None), "the outcome keeps the loop"
    server.silent.clear()
    assert asyncio.run(client.tasks.robots()).robots


def test_a_loop_is_forgotten_with_what_it_held(server: FakeServer) -> None:
    client = AsyncClient(base_url=server.base_url)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.tasks.robots())
    loop.close()
    forgotten = weakref.ref(loop)
    del loop
    gc.collect()
    assert forgotten() is None


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it is true, now or soon."""
    for _ in range(1000):
        if condition():
            return True
        time.sleep(0.01)
    return False


class UnwatchingLoop(asyncio.SelectorEventLoop):
    """Refuses to watch sockets of others, as the loop of Windows does."""

    def add_reader(self, *_: object) -> None:
        raise NotImplementedError


def test_a_loop_that_watches_no_sockets_is_served_too(server: FakeServer) -> None:
    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        answers = await asyncio.gather(*(client.tasks.robots() for _ in range(100)))
        assert len(answers) == 100
        server.silent.add(ROBOTS)
        with pytest.raises(RequestTimeoutError):
            await client.tasks.robots(timeout=0.05)

    with asyncio.Runner(loop_factory=UnwatchingLoop) as runner:
        runner.run(main())


def test_errors_have_their_classes(server: FakeServer) -> None:
    async def main() -> None:
        client = AsyncClient(base_url=server.base_url)
        with pytest.raises(RateLimitedError):
            _native._raise_sample("rate_limited")
        answer = await client.raw("GET", ROBOTS)
        assert answer.code == 200

    asyncio.run(main())
