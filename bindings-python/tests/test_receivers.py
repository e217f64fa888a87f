"""The receivers of examples/python as programs: every kind of event once, also when they are killed in between."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from airudder import EVENT_KINDS, Client
from servers import Emulator
from suite import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

EXAMPLES = ROOT / "examples" / "python"
KEY = "airudderredduria"
SENDER = Client(base_url="http://127.0.0.1:1", encryption_key=KEY)
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("receiver_*.py"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def running(program: str, folder: Path, base_url: str, port: int) -> Generator[str]:
    """The program's URL, while it runs; it ends as by a crash."""
    environment = os.environ | {"AIRUDDER_BASE_URL": base_url, "AIRUDDER_ENCRYPTION_KEY": KEY}
    command = [sys.executable, str(EXAMPLES / program), str(port)]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process, folder)
        yield url
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    while True:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            threading.Event().wait(0.05)


def handled(folder: Path) -> list[str]:
    """What the handlers of a receiver said; frameworks have their own say, too."""
    start = "INFO:receiver:"
    lines = (folder / "log").read_text().splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_receiver_handles_every_kind_once(program: str, tmp_path: Path, emulator: Emulator) -> None:
    # The second time, the same events come to a receiver that was killed and started again.
    for _ in range(2):
        with running(program, tmp_path, emulator.url, free_port()) as url:
            for kind in EVENT_KINDS:
                order = {"kind": kind, "url": f"{url}/events/{kind}", "encrypted": True, "repeat": 2}
                emulator.ask("POST", "/_emulator/events", order)
            emulator.ask("POST", "/_emulator/settle")
    lines = handled(tmp_path)
    assert sorted(line.partition(" ")[0] for line in lines) == sorted(EVENT_KINDS)
    [call] = [line for line in lines if line.startswith("call.finished")]
    assert call.endswith(" answered")


def delivered(url: str, number: int, halfway: threading.Barrier, position: int) -> str:
    """Post one event as AI Rudder does, until it is confirmed, and say what it was answered with."""
    if position == 12:
        halfway.wait(60)
    body, headers = SENDER.events.encrypt(json.dumps({"callid": f"call-{number}", "status": "answered"}).encode())
    request = urllib.request.Request(url, body, headers)
    while True:
        try:
            with urllib.request.urlopen(request) as answer:
                outcome: str = json.load(answer)["outcome"]
                return outcome
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        threading.Event().wait(0.05)


def test_a_receiver_that_is_killed_loses_nothing(tmp_path: Path, emulator: Emulator) -> None:
    """200 deliveries of 20 events over 8 connections at a time."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/events/call.finished"
    halfway = threading.Barrier(9)
    answers: dict[int, list[str]] = {number: [] for number in range(20)}

    def connection(first: int) -> None:
        for position, delivery in enumerate(range(first, 200, 8)):
            answers[delivery // 10].append(delivered(url, delivery // 10, halfway, position))

    with ThreadPoolExecutor(8) as pool:
        with running("receiver_flask.py", tmp_path, emulator.url, port):
            connections = [pool.submit(connection, first) for first in range(8)]
            # Killed while deliveries are on their way.
            halfway.wait(60)
        with running("receiver_flask.py", tmp_path, emulator.url, port):
            for done in connections:
                done.result()
    lines = handled(tmp_path)
    for number, outcomes in answers.items():
        assert f"call.finished call-{number} answered" in lines
        assert len(outcomes) == 10
        assert outcomes.count("handled") <= 1
        assert set(outcomes) <= {"handled", "duplicate"}


def test_there_is_a_receiver_for_each_framework() -> None:
    assert PROGRAMS == ["receiver_django.py", "receiver_fastapi.py", "receiver_flask.py"]
