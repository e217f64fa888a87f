"""Forked children."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from airudder import AsyncClient, Client, MemoryStore, RequestTimeoutError, SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from airudder import Event
    from airudder.models import RobotList
    from fake import FakeServer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # Python warns of threads in a process that forks; ours are what these tests are about.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


def in_child(work: Callable[[], None]) -> int:
    """The exit code of a child that does the work and then ends as programs do, with everything cleaned up."""
    child = os.fork()
    if child == 0:
        # A child that hangs fails its test instead of hanging it.
        signal.alarm(60)
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_child_goes_on_with_the_client(client: Client) -> None:
    assert client.tasks.robots().robots

    def work() -> None:
        assert client.tasks.robots().robots
        assert in_child(lambda: client.tasks.robots() and None) == 0

    for _ in range(3):
        assert in_child(work) == 0
        assert client.tasks.robots().robots


def test_a_child_of_a_busy_parent_works(client: Client, server: FakeServer) -> None:
    stop = threading.Event()

    def keep_busy() -> None:
        while not stop.is_set():
            client.tasks.robots()

    threads = [threading.Thread(target=keep_busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            assert in_child(lambda: client.tasks.list() and None) == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert server.requests


def test_a_child_has_its_own_connections(client: Client, server: FakeServer) -> None:
    def ports(work: Callable[[], object]) -> set[int]:
        before = len(server.requests)
        work()
        return {request.port for request in server.requests[before:]}

    client.tasks.robots()
    parents = ports(client.tasks.robots)
    childs = ports(lambda: in_child(lambda: client.tasks.robots() and None))
    assert childs
    assert not childs & parents
    assert ports(client.tasks.robots) == parents


def test_asyncio_works_in_a_child(server: FakeServer) -> None:
    client = AsyncClient(base_url=server.base_url)

    def work() -> None:
        assert asyncio.run(client.tasks.robots()).robots

    work()
    assert in_child(work) == 0
    work()


PROGRAM = """
import os, signal, sys
from airudder import Client
client = Client(base_url=sys.argv[1])
client.tasks.robots()
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
signal.alarm(60)
if sys.argv[2] == "use":
    client.tasks.robots()
"""


@pytest.mark.parametrize("what", ["use", "leave"])
def test_a_child_ends(server: FakeServer, what: str) -> None:
    """A child that leaves through the interpreter's own end drops what it inherited."""
    done = os.spawnl(os.P_WAIT, sys.executable, sys.executable, "-c", PROGRAM, server.base_url, what)
    assert done == 0


_shared: Client | None = None


def robots_of_shared(_: int) -> RobotList:
    assert _shared
    return _shared.tasks.robots()


def test_a_process_pool_inherits_the_client(client: Client) -> None:
    global _shared  # noqa: PLW0603 - this is how a pool of forked processes inherits
    _shared = client
    expected = client.tasks.robots()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        assert list(pool.map(robots_of_shared, range(8))) == [expected] * 8
    _shared = None


def fail_in_pool(base_url: str) -> None:
    Client(base_url=base_url).tasks.robots(timeout=0.1, max_retries=0)


def test_errors_come_back_from_a_process_pool(server: FakeServer) -> None:
    server.silent.add("/service/cloud/robot")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(RequestTimeoutError) as raised:
            pool.submit(fail_in_pool, server.base_url).result()
        assert raised.value.operation == "tasks.robots"


def test_a_child_shares_the_file_of_handled_events(tmp_path: Path) -> None:
    router = Client(base_url="http://127.0.0.1:1").events.router(SqliteStore(tmp_path / "events.db"))
    router.otherwise(lambda _: None)

    def outcome(number: int) -> str:
        return router.handle(b'{"callid": "%d"}' % number, {}).outcome

    def work() -> None:
        assert [outcome(1), outcome(2)] == ["duplicate", "handled"]

    assert outcome(1) == "handled"
    assert in_child(work) == 0
    assert [outcome(1), outcome(2), outcome(3)] == ["duplicate", "duplicate", "handled"]


class Fences:
    """A store that writes down the fence of each claim."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, _key: str, fence: str, _lease: float) -> str:
        with self.path.open("a") as file:
            file.write(fence + "\n")
        return "new"

    def renew(self, _key: str, _fence: str, _lease: float) -> bool:
        return True

    def finish(self, _key: str, _fence: str) -> bool:
        return True

    def release(self, _key: str, _fence: str) -> None: ...


def test_children_make_different_fences(tmp_path: Path) -> None:
    router = Client(base_url="http://127.0.0.1:1").events.router(Fences(tmp_path / "fences"))
    router.otherwise(lambda _: None)

    def work() -> None:
        assert router.handle(b'{"callid": "1"}', {}).outcome == "handled"

    work()
    assert [in_child(work), in_child(work)] == [0, 0]
    fences = (tmp_path / "fences").read_text().split()
    assert len(fences) == len(set(fences)) == 3


def test_a_child_lets_go_of_nothing_that_its_parent_handles() -> None:
    router = Client(base_url="http://127.0.0.1:1").events.router(MemoryStore())

    @router.otherwise
    def fork(_: Event) -> None:
        assert in_child(lambda: None) == 0

    assert router.handle(b'{"callid": "1"}', {}).outcome == "handled"
    assert router.handle(b'{"callid": "1"}', {}).outcome == "duplicate"
