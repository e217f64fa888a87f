"""One client in many threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

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
