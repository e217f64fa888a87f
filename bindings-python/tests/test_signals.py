"""Ctrl-C during a blocking call."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fake import FakeServer

# A shell starts its background jobs, and all that they start, with SIGINT ignored; the program must not depend on
# where the tests run.
PROGRAM = """
import signal, sys
from airudder import Client
signal.signal(signal.SIGINT, signal.default_int_handler)
client = Client(base_url=sys.argv[1], timeout=120, read_timeout=120)
try:
    client.tasks.robots()
except KeyboardInterrupt:
    print("interrupted", flush=True)
    print(client.tasks.list().total, flush=True)
    sys.stdin.read()
"""
CREATING = """
import signal, sys
from airudder import Client
from airudder.types import CollectionContact
signal.signal(signal.SIGINT, signal.default_int_handler)
client = Client(base_url=sys.argv[1], timeout=120, read_timeout=120)
call = client.tasks.create if sys.argv[2] == "create" else client.tasks.robots
arguments = dict(
    task_name="n",
    schedule_start_time="2026-11-23 09:00:00",
    schedule_end_time="2026-11-23 18:00:00",
    robot_id="1001",
    details=[CollectionContact(mobile="+6281230001111")],
)
call(**(arguments if sys.argv[2] == "create" else {}))
"""
HANDLED = """
import signal, sys
from airudder import Client
signal.signal(signal.SIGUSR1, lambda *_: print("handled", flush=True))
client = Client(base_url=sys.argv[1], timeout=120, read_timeout=120)
client.tasks.robots()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")


def start(program: str, server: FakeServer) -> subprocess.Popen[str]:
    server.silent.add("/service/cloud/robot")
    process = subprocess.Popen(
        [sys.executable, "-c", program, server.base_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.arrived.acquire(timeout=60)
    return process


def test_ctrl_c_ends_a_call_on_the_wire(server: FakeServer) -> None:
    with start(PROGRAM, server) as process:
        assert process.stdout
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert process.stdout.readline() == "0\n", "the client does not work any more"
        # The program still runs, so the connection was closed by the call and not by its end.
        assert server.gone.acquire(timeout=60)
        assert process.poll() is None
        process.communicate()
        assert process.returncode == 0


def test_ctrl_c_says_that_a_task_may_exist(server: FakeServer) -> None:
    server.silent |= {"/service/cloud/robot", "/service/cloud/task"}
    for call in ("create", "robots"):
        process = subprocess.Popen(
            [sys.executable, "-c", CREATING, server.base_url, call], stderr=subprocess.PIPE, text=True
        )
        assert server.arrived.acquire(timeout=60)
        process.send_signal(signal.SIGINT)
        _, traceback = process.communicate()
        assert "KeyboardInterrupt" in traceback
        is_noted = "tasks.create: The call was cancelled in flight. It may have been applied" in traceback
        assert is_noted == (call == "create"), traceback


def test_a_signal_that_is_handled_does_not_end_a_call(server: FakeServer) -> None:
    with start(HANDLED, server) as process:
        assert process.stdout
        process.send_signal(signal.SIGUSR1)
        assert process.stdout.readline() == "handled\n"
        assert not server.gone.acquire(blocking=False)
        process.terminate()
