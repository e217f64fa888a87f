"""One client in many threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from airudder import AiRudderError

if TYPE_CHECKING:
    from airudder import Client
    from fake import FakeServer


def test_many_threads_share_a_client(client: Client, server: FakeServer) -> None:
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: client.tasks.robots(), range(500)))
    assert len(answers) == 500
    assert [request.path for request in server.requests].count("/service/cloud/auth") == 1


def test_threads_run_while_one_waits(client: Client, server: FakeServer) -> None:
    server.silent.add("/service/cloud/robot")
    errors: list[str] = []

    def wait() -> None:
        try:
            client.tasks.robots(timeout=0.5, max_retries=0)
        except AiRudderError as error:
            errors.append(error.code)

    thread = threading.Thread(target=wait)
    thread.start()
    # If waiting held the interpreter, this line would run when the call has ended, and find no thread alive.
    server.arrived.acquire()
    assert thread.is_alive()
    assert client.tasks.list().total == 0
    thread.join()
    assert errors == ["timeout"]


def test_parts_of_an_answer_are_made_once_for_all_threads(client: Client, server: FakeServer) -> None:
    server.answers["/service/cloud/robot"] = {"List": [{"RobotID": str(number)} for number in range(1000)]}
    answer = client.tasks.robots()
    with ThreadPoolExecutor(8) as pool:
        robots = list(pool.map(lambda _: answer.robots, range(64)))
    assert all(one is robots[0] for one in robots)


@pytest.mark.parametrize("pause", [0.002, 0.1], ids=["at once", "later"])
def test_a_connection_that_the_server_ended_is_not_used(client: Client, server: FakeServer, pause: float) -> None:
    server.ends.add("/service/cloud/robot")
    for _ in range(10):
        client.tasks.robots()
        assert server.ended.acquire(timeout=10)
        time.sleep(pause)
        # Written to that connection, it would be lost: nobody could tell whether it had arrived, so it is not repeated.
        assert client.raw("POST", "/service/cloud/list").data == {"List": [], "Total": 0}


def test_threads_make_way_for_each_other(client: Client, server: FakeServer) -> None:
    """One that waits long does the work for those who wait less, and they for it."""
    server.silent.add("/service/cloud/robot")
    codes: list[str] = []

    def wait(seconds: float) -> None:
        with pytest.raises(AiRudderError) as raised:
            client.tasks.robots(timeout=seconds, max_retries=0)
        codes.append(raised.value.code)

    client.tasks.list()
    threads = [threading.Thread(target=wait, args=(0.1 * number,)) for number in (5, 1, 3, 2, 4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert client.tasks.list().total == 0
        time.sleep(0.03)
    assert codes == ["timeout"] * 5
